"""The library as the rest of the program sees it: opening, writing, checking."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import EncoderIdentity
from qa.corrections.applying import Correctable, Correction
from qa.errors import LibraryDamaged, LibraryError, LibraryMissing, UnknownSource
from qa.records import SourceText
from qa.store.protocol import LibraryRebuild, LibraryStore
from qa.store.records import FileFacts, NewSource, Provenance, PutResult, VerifyReport, Versions
from qa.store.sqlite import correcting, writing
from qa.store.sqlite.connections import (
    BUSY_SECONDS,
    Access,
    ConnectionPool,
    sqlite_errors_as_library_errors,
    transaction,
)
from qa.store.sqlite.names import ON_DISK, MetaKey
from qa.store.sqlite.reader import Expected, SqliteReader
from qa.store.sqlite.rebuild import begin_rebuild
from qa.store.sqlite.schema import (
    check_application,
    check_schema,
    create_file,
    read_generation,
    read_meta,
    read_provenance,
    token_mean_in,
    write_meta,
)
from qa.store.sqlite.texts import key_of, read_text_id, text_id_of_key
from qa.store.sqlite.verify import verify_library
from qa.store.validation import require_consistent


@dataclass(frozen=True, slots=True)
class _Write:
    """A write transaction: its connection and the generation that it makes."""

    connection: sqlite3.Connection
    generation: int


class SqliteStore(SqliteReader, LibraryStore):
    """A `LibraryStore` in one SQLite file. Writes wait for each other; readers see whole
    generations."""

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
        pool = ConnectionPool(access)
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
            generation = read_generation(connection)
            self._checked(connection, generation)
            generation += 1
            yield _Write(connection, generation)
            write_meta(connection, MetaKey.GENERATION, generation)

    def __init__(self, folder: Path, pool: ConnectionPool, expected: Expected) -> None:
        self._write_lock = threading.Lock()
        super().__init__(folder, pool, expected)

    def has_text(self, source: SourceText) -> bool:
        with self._reading() as connection:
            return text_id_of_key(connection, self._key_of(source)) is not None

    def _key_of(self, source: SourceText) -> str:
        return key_of(source, self.provenance.versions.structure)

    def put(self, entries: Sequence[NewSource]) -> list[PutResult]:
        # One transaction: to make sure that it is on the disk takes longer than to write a small
        # source.
        if self._expected.identity is None or self._expected.versions is None:
            raise LibraryError(
                f"{self.folder} was opened without naming an encoder and versions: what is put "
                "must be encoded as the rest is. Open it with both."
            )
        for entry in entries:
            require_consistent(entry, self._expected.identity.dimension)
        keys = [key_of(entry.source_text, self._expected.versions.structure) for entry in entries]
        with self._writing() as write:
            inserted: list[NewSource] = []
            results = [
                self._put(write, entry, key, inserted)
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
        inserted: list[NewSource],
    ) -> tuple[PutResult, int | None]:
        """Return what became of the entry, and the text that its path stood for before. Appends it
        to `inserted` if its text was not there."""
        connection = write.connection
        try:
            kept = correcting.read_corrections(connection, entry.path)
            if kept:
                key = correcting.own_key(key, entry.path)
            text_id = text_id_of_key(connection, key)
            reused = text_id is not None
            if text_id is None:
                text_id = writing.insert_text(connection, key, entry)
                if kept:
                    correcting.apply_to_text(connection, text_id, kept)
                inserted.append(entry)
        except UnicodeEncodeError as error:
            raise ValueError(
                f"{entry.path!r} can't be stored: a lone surrogate, which is no character, in "
                f"one of its texts ({error.reason}); replace it on reading"
            ) from error
        file = FileFacts(entry.path, entry.file_sha256, entry.size, entry.mtime_ns)
        return cls._settle(write, file, text_id, reused=reused)

    def attach(self, file: FileFacts, source: SourceText) -> PutResult | None:
        key = self._key_of(source)
        with self._writing() as write:
            if correcting.read_corrections(write.connection, file.path):
                key = correcting.own_key(key, file.path)
            text_id = text_id_of_key(write.connection, key)
            if text_id is None:
                return None
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

    def remove(self, paths: Collection[str]) -> None:
        with self._writing() as write:
            for path in dict.fromkeys(paths):
                if not writing.delete_source(write.connection, path):
                    raise _unknown(path)

    def correct(
        self, path: str, change: Callable[[Correctable], Sequence[Correction]]
    ) -> tuple[Correction, ...]:
        with self._writing() as write:
            connection = write.connection
            text_id = read_text_id(connection, path)
            if text_id is None:
                raise _unknown(path)
            kept = correcting.read_corrections(connection, path)
            subject = correcting.read_correctable(connection, path, text_id, kept)
            wanted = change(subject)
            left = {one.id for one in wanted}
            correcting.delete_corrections(connection, [o.id for o in kept if o.id not in left])
            made = tuple(
                replace(new, id=correcting.insert_correction(connection, new))
                for new in wanted
                if not new.id
            )
            now = correcting.read_corrections(connection, path)
            if now:
                text_id = correcting.own_text(connection, path, text_id)
            correcting.apply_to_text(connection, text_id, now)
            if not now:
                correcting.release_text(connection, path, text_id)
            return made

    def keep_token_mean(self, mean: NDArray[np.float32]) -> NDArray[np.float32]:
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
        return verify_library(self._pool.access)

    def rebuild(
        self, identity: EncoderIdentity, versions: Versions
    ) -> AbstractContextManager[LibraryRebuild]:
        def create(folder: Path) -> LibraryStore:
            return SqliteStore.create(folder, identity, versions)

        return begin_rebuild(self, self.folder, create, versions)


def _drop_if_unused(connection: sqlite3.Connection, text_id: int | None) -> None:
    if text_id is not None:
        writing.drop_unused_text(connection, text_id)


def _unknown(path: str) -> UnknownSource:
    return UnknownSource(f"No source has the path {path!r}; `qa sources` lists them.")


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
