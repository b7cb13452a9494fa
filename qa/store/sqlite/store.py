"""The library as the rest of the program sees it: opening, writing, checking."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import EncoderIdentity
from qa.corrections.applying import Correctable, Correction, corrected
from qa.errors import InvalidQuery, LibraryDamaged, LibraryError, LibraryMissing, UnknownSource
from qa.records import SourceText
from qa.store.records import FileFacts, NewSource, Provenance, PutResult, VerifyReport, Versions
from qa.store.sqlite import correcting, ownership, writing
from qa.store.sqlite.admission import admit
from qa.store.sqlite.connections import Access, Pool, transaction
from qa.store.sqlite.correcting import Naming
from qa.store.sqlite.creation import create_file
from qa.store.sqlite.faults import sqlite_errors_as_library_errors
from qa.store.sqlite.names import ON_DISK, MetaKey
from qa.store.sqlite.reader import Expected, LibraryReader
from qa.store.sqlite.schema import (
    check_application,
    check_schema,
    read_meta,
    read_provenance,
    token_mean_in,
    write_meta,
)
from qa.store.sqlite.sources import read_text_id
from qa.store.sqlite.texts import key_of, text_id_of_key
from qa.store.sqlite.verify import verify_library

BUSY_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class _Write:
    """A write transaction: its connection and the generation that it makes."""

    connection: sqlite3.Connection
    generation: int


class Store(LibraryReader):
    """One library. Writes wait for each other; readers see whole generations."""

    @classmethod
    def create(
        cls,
        folder: Path,
        identity: EncoderIdentity,
        versions: Versions,
        *,
        busy_seconds: float = BUSY_SECONDS,
    ) -> Self:
        """Make a library unless there is one, and open it."""
        create_file(folder, Provenance(identity, versions))
        return cls.open(folder, identity=identity, versions=versions, busy_seconds=busy_seconds)

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        identity: EncoderIdentity | None,
        versions: Versions | None,
        read_only: bool = False,
        busy_seconds: float = BUSY_SECONDS,
    ) -> Self:
        """Open a library that was made with this encoder and these versions (None: with any;
        then nothing new can be put into it).

        Raises LibraryMissing, LibraryMismatch, LibraryDamaged, LibraryBusy, LibraryError.
        """
        access = Access(folder / ON_DISK.database, read_only, busy_seconds)
        _check_file(access)
        pool = Pool(access)
        try:
            with (
                sqlite_errors_as_library_errors(access.database),
                pool.connection() as connection,
            ):
                check_schema(check_application(connection, access.database), folder)
            return cls(folder, pool, Expected(identity, versions))
        except BaseException:
            pool.close()
            raise

    @classmethod
    def open_for_rebuild(cls, folder: Path, *, busy_seconds: float = BUSY_SECONDS) -> Self:
        """Open a library whatever it was made with, to read its sources and their texts."""
        return cls.open(
            folder, identity=None, versions=None, read_only=True, busy_seconds=busy_seconds
        )

    @staticmethod
    def exists(folder: Path) -> bool:
        """Whether there is a library file in the folder, of whatever state."""
        return (folder / ON_DISK.database).exists()

    @classmethod
    def model_name(cls, folder: Path) -> str:
        """The name of the encoder that the library in a folder was made with."""
        with cls.open_for_rebuild(folder) as store:
            return store.provenance.identity.name

    @contextmanager
    def _writing(self) -> Iterator[_Write]:
        """All that is done within it becomes one new generation, or nothing does."""
        access = self._pool.access
        if access.read_only:
            raise LibraryError(f"{self.folder} was opened for reading only.")
        if self._current.connection is not None:
            raise LibraryError("A snapshot only reads. Write before it or after it.")
        with (
            self._write_lock,
            sqlite_errors_as_library_errors(access.database),
            self._pool.connection() as connection,
            transaction(connection, "BEGIN IMMEDIATE"),
        ):
            generation = self._checked_generation(connection) + 1
            yield _Write(connection, generation)
            write_meta(connection, MetaKey.GENERATION, generation)

    def __init__(self, folder: Path, pool: Pool, expected: Expected) -> None:
        self._write_lock = threading.Lock()
        super().__init__(folder, pool, expected)

    def text_key(self, source: SourceText) -> str:
        """What all files share whose text is stored, structured and encoded only once."""
        return key_of(source, self.provenance.versions.structure)

    def put(self, entry: NewSource, naming: Naming | None = None) -> PutResult:
        """Store a source in the place of what stood under its path, in one transaction."""
        return self.put_all([entry], naming)[0]

    def put_all(
        self, entries: Sequence[NewSource], naming: Naming | None = None
    ) -> list[PutResult]:
        """Store sources, each in the place of what stood under its path, in one transaction: all
        of them or none. One transaction, since to make sure that it is on the disk takes longer
        than to write a small source.

        A text that is there already is kept as it is, and its entry's structure is not looked
        at. A path's corrections are applied to its entry's structure, which is what was found;
        they need `naming`. Raises ValueError if an entry's parts do not agree with each other.
        """
        if self._expected.identity is None or self._expected.versions is None:
            raise LibraryError(
                f"{self.folder} was opened without naming an encoder and versions: what is put "
                "must be encoded as the rest is. Open it with both."
            )
        structure = self._expected.versions.structure
        for entry in entries:
            admit(entry, self._expected.identity.dimension)
        keys = [key_of(entry.source_text, structure) for entry in entries]
        with self._writing() as write:
            inserted: list[NewSource] = []
            results = [
                self._put(write, entry, key, naming, inserted)
                for entry, key in zip(entries, keys, strict=True)
            ]
            codes = (encoded.codes for entry in inserted for encoded in entry.encoded)
            writing.change_token_counts(write.connection, writing.count_tokens(codes), 1)
            # Not before all are there: another of the entries may have the same text.
            for _, before in results:
                _drop_if_unused(write.connection, before)
            return [result for result, _ in results]

    @classmethod
    def _put(
        cls,
        write: _Write,
        entry: NewSource,
        key: str,
        naming: Naming | None,
        inserted: list[NewSource],
    ) -> tuple[PutResult, int | None]:
        """What became of the entry, and the text that its path stood for before. Appends it to
        `inserted` if its text was not there."""
        connection = write.connection
        try:
            kept = correcting.read_corrections(connection, entry.path)
            if kept:
                key = correcting.own_key(key, entry.path)
            text_id = text_id_of_key(connection, key)
            reused = text_id is not None
            if text_id is None:
                text_id = writing.insert_text(connection, key, entry)
                cls._apply(write, text_id, kept, naming)
                inserted.append(entry)
        except UnicodeEncodeError as error:
            raise ValueError(
                f"{entry.path!r} can't be stored: a lone surrogate, which is no character, in "
                f"one of its texts ({error.reason}); replace it on reading"
            ) from error
        file = FileFacts(entry.path, entry.file_sha256, entry.size, entry.mtime_ns)
        return cls._settle(write, file, text_id, reused=reused)

    def attach(
        self, path: str, file_sha256: str, size: int, mtime_ns: int, text_key: str
    ) -> PutResult | None:
        """Let a path stand for a text that is stored already; None if it is (no longer). A path
        with corrections never shares the text of another."""
        with self._writing() as write:
            if correcting.read_corrections(write.connection, path):
                text_key = correcting.own_key(text_key, path)
            text_id = text_id_of_key(write.connection, text_key)
            if text_id is None:
                return None
            file = FileFacts(path, file_sha256, size, mtime_ns)
            result, before = self._settle(write, file, text_id, reused=True)
            _drop_if_unused(write.connection, before)
            return result

    @staticmethod
    def _settle(
        write: _Write, file: FileFacts, text_id: int, *, reused: bool
    ) -> tuple[PutResult, int | None]:
        before = writing.set_source(write.connection, file, text_id)
        (passages,) = write.connection.execute(
            "SELECT count(*) FROM passages WHERE text_id = ?", (text_id,)
        ).fetchone()
        replaced = before is not None and before != text_id
        result = PutResult(file.path, text_id, passages, replaced, reused, write.generation)
        return result, before

    def remove(self, path: str) -> None:
        """Forget a source with its corrections, and its text if no other path has it.

        Raises UnknownSource.
        """
        with self._writing() as write:
            if not writing.delete_source(write.connection, path):
                raise UnknownSource(f"No source has the path {path!r}; `qa sources` lists them.")

    # ---- corrections ---------------------------------------------------------------

    def correct(
        self,
        path: str,
        make: Callable[[Correctable], Sequence[Correction]],
        naming: Naming,
    ) -> tuple[Correction, ...]:
        """Keep the corrections that `make` makes of a source as it stands in this transaction,
        in the place of earlier ones about the same; as they were kept.

        Raises UnknownSource, and whatever `make` raises: then nothing has changed.
        """
        with self._writing() as write:
            text_id = _text_of(write.connection, path)
            kept = correcting.read_corrections(write.connection, path)
            subject = correcting.read_correctable(write.connection, path, text_id, kept)
            made = []
            for new in make(subject):
                found = (subject.documents, subject.turns, subject.text)
                effect = corrected(*found, [new]).effects[new.id]
                same = [
                    old.id
                    for old in kept
                    if old.kind is new.kind and subject.now.effects[old.id] == effect
                ]
                correcting.delete_corrections(write.connection, same)
                made.append(replace(new, id=correcting.insert_correction(write.connection, new)))
            text_id = ownership.own_text(write.connection, path, text_id)
            now = correcting.read_corrections(write.connection, path)
            self._apply(write, text_id, now, naming)
            return tuple(made)

    def uncorrect(self, id: int, naming: Naming) -> Correction:
        """Take a correction back; it. Raises InvalidQuery if there is none with that id."""
        with self._writing() as write:
            every = correcting.read_corrections(write.connection)
            gone = next((one for one in every if one.id == id), None)
            if gone is None:
                raise InvalidQuery(f"there is no correction {id}: `qa correct --list` lists them")
            correcting.delete_corrections(write.connection, [id])
            text_id = _text_of(write.connection, gone.path)
            left = tuple(one for one in every if one.path == gone.path and one.id != id)
            correcting.apply_to_text(write.connection, text_id, left, naming)
            if not left:
                ownership.release_text(write.connection, gone.path, text_id)
            return gone

    @staticmethod
    def _apply(
        write: _Write, text_id: int, kept: Sequence[Correction], naming: Naming | None
    ) -> None:
        if not kept:
            return
        if naming is None:
            raise ValueError(f"{kept[0].path!r} has corrections: name its passages anew")
        correcting.apply_to_text(write.connection, text_id, kept, naming)

    def keep_token_mean(self, mean: NDArray[np.float32]) -> NDArray[np.float32]:
        """Fix what token codes are signs around, (d,) float32, unless that was done before; what
        holds from now on. Codes around another mean can't be compared with these."""
        with self._writing() as write:
            kept = token_mean_in(read_meta(write.connection))
            if kept is not None:
                return kept
            dimension = read_provenance(write.connection).identity.dimension
            if mean.shape != (dimension,) or not np.isfinite(mean).all():
                raise ValueError(f"token mean {mean.shape}, expected {dimension} finite numbers")
            write_meta(write.connection, MetaKey.TOKEN_MEAN, mean.astype("<f4").tobytes())
            return mean.astype(np.float32)

    def verify(self) -> VerifyReport:
        """Check every row and every relation between rows; problems are reported, not raised."""
        return verify_library(self._pool.access)


def _drop_if_unused(connection: sqlite3.Connection, text_id: int | None) -> None:
    if text_id is not None:
        writing.drop_unused_text(connection, text_id)


def _text_of(connection: sqlite3.Connection, path: str) -> int:
    text_id = read_text_id(connection, path)
    if text_id is None:
        raise UnknownSource(f"No source has the path {path!r}; `qa sources` lists them.")
    return text_id


def _check_file(access: Access) -> None:
    database = access.database
    folder = database.parent
    if not database.exists():
        raise LibraryMissing(f"There is no library in {folder}. `qa add` makes one.")
    if database.is_file() and database.stat().st_size == 0:
        raise LibraryDamaged(
            f"{database} is empty. Restore it from a copy, or delete it and add the files again."
        )
    writable = os.access(folder, os.W_OK) and os.access(database, os.W_OK)
    if not access.read_only and not writable:
        raise LibraryError(
            f"{folder} may not be written. Change its permissions, or open it for reading only."
        )
