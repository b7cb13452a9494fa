"""Reading one library file. Each answer comes from one generation."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from embeddings.encoder import EncoderIdentity, FloatMatrix
from embeddings.token_codes import PassageCodes
from qa.corrections.applying import Correction
from qa.records import NO_FILTERS, Document, Filters, LocatorMark, SourceText, Turn
from qa.store.protocol import LibraryReader, Scores, Structure
from qa.store.records import (
    Excerpt,
    Ids,
    Inventory,
    LibrarySize,
    Names,
    Provenance,
    StoredPassage,
    StoredSource,
    TurnPlace,
    Versions,
)
from qa.store.source_names import unknown_path
from qa.store.sqlite import correcting, indexed, passages, texts
from qa.store.sqlite.connections import ConnectionPool, sqlite_errors_as_library_errors, transaction
from qa.store.sqlite.schema import check_provenance, read_generation, read_provenance


@dataclass(frozen=True, slots=True)
class Expected:
    """What the library must have been made with; None: whatever it says."""

    identity: EncoderIdentity | None
    versions: Versions | None


class _Current(threading.local):
    """The snapshot that the running thread is in."""

    connection: sqlite3.Connection | None = None
    generation: int = 0


class SqliteReader(LibraryReader):
    """A `LibraryReader` of an SQLite file, which remembers nothing but what the library was made
    with."""

    def __init__(self, folder: Path, pool: ConnectionPool, expected: Expected) -> None:
        self.folder = folder
        self._pool = pool
        self._expected = expected
        self._current = _Current()
        self._known: tuple[int, Provenance] | None = None
        with self.snapshot():
            pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._pool.close()

    @property
    def read_only(self) -> bool:
        return self._pool.access.read_only

    @property
    def index_folder(self) -> Path:
        return self.folder

    @property
    def provenance(self) -> Provenance:
        with self._reading() as connection:
            return self._checked(connection, self._current.generation)

    def snapshot(self) -> AbstractContextManager[int]:
        # Within another, where a question reads dozens of times, next to nothing.
        if self._current.connection is not None:
            return nullcontext(self._current.generation)
        return self._snapshot()

    @contextmanager
    def _snapshot(self) -> Iterator[int]:
        with (
            sqlite_errors_as_library_errors(self._pool.access.database),
            self._pool.connection() as connection,
            transaction(connection),
        ):
            generation = read_generation(connection)
            self._checked(connection, generation)
            self._current.connection, self._current.generation = connection, generation
            try:
                yield generation
            finally:
                self._current.connection = None

    def _reading(self) -> AbstractContextManager[sqlite3.Connection]:
        connection = self._current.connection
        return self._reading_anew() if connection is None else nullcontext(connection)

    @contextmanager
    def _reading_anew(self) -> Iterator[sqlite3.Connection]:
        with self.snapshot():
            connection = self._current.connection
            assert connection is not None  # the snapshot has just set it
            yield connection

    def _checked(self, connection: sqlite3.Connection, generation: int) -> Provenance:
        """After a change, the library must still be the one expected. Raises LibraryMismatch."""
        known = self._known
        if known is None or known[0] != generation:
            provenance = read_provenance(connection)
            check_provenance(
                provenance, self._expected.identity, self._expected.versions, self.folder
            )
            known = self._known = generation, provenance
        return known[1]

    # ---- sources and their texts ----------------------------------------------------

    def paths(self) -> tuple[str, ...]:
        with self._reading() as connection:
            return tuple(texts.read_paths(connection))

    def sources(self, paths: Collection[str] | None = None) -> tuple[StoredSource, ...]:
        with self._reading() as connection:
            return tuple(texts.read_sources(connection, paths))

    def source_text(self, path: str) -> SourceText:
        with self._reading() as connection:
            return texts.read_source_text(connection, self._text_id(connection, path))

    def structure(self, path: str, *, as_found: bool = False) -> Structure:
        read = correcting.read_found if as_found else texts.read_structure
        with self._reading() as connection:
            return read(connection, self._text_id(connection, path))

    def corrections(self, path: str | None = None) -> tuple[Correction, ...]:
        with self._reading() as connection:
            return correcting.read_corrections(connection, path)

    def corrected(self, text_id: int, document: Document, turn: Turn) -> tuple[str, ...]:
        with self._reading() as connection:
            return correcting.read_corrected(connection, text_id, document, turn)

    def excerpt(self, text_id: int, start: int, end: int) -> Excerpt:
        with self._reading() as connection:
            return texts.read_excerpt(connection, text_id, start, end)

    def locators(self, text_id: int) -> tuple[LocatorMark, ...]:
        with self._reading() as connection:
            return texts.read_marks(connection, text_id)

    def _text_id(self, connection: sqlite3.Connection, path: str) -> int:
        text_id = texts.read_text_id(connection, path)
        if text_id is None:
            raise unknown_path(path, texts.read_paths(connection))
        return text_id

    # ---- passages ------------------------------------------------------------------

    def size(self, filters: Filters = NO_FILTERS) -> LibrarySize:
        with self._reading() as connection:
            if filters.empty:
                counted = (passages.count_rows(connection, t) for t in ("passages", "documents"))
                return LibrarySize(*counted)
            ids = passages.read_matching_ids(connection, filters)
            return LibrarySize(len(ids), passages.count_documents_of(connection, ids))

    def passage_ids(self, filters: Filters = NO_FILTERS) -> Ids:
        with self._reading() as connection:
            if filters.empty:
                return passages.read_passage_ids(connection)
            return passages.read_matching_ids(connection, filters)

    def passages(self, ids: Iterable[int]) -> dict[int, StoredPassage]:
        with self._reading() as connection:
            return passages.read_passages(connection, ids)

    def turn_places(self, ids: Iterable[int]) -> dict[int, TurnPlace]:
        with self._reading() as connection:
            return passages.read_turn_places(connection, ids)

    def names(self) -> Names:
        with self._reading() as connection:
            return passages.read_names(connection)

    # ---- what indexes are made of ---------------------------------------------------

    def inventory(self) -> Inventory:
        with self._reading() as connection:
            return indexed.read_inventory(connection)

    def vectors(self, ids: Ids) -> FloatMatrix:
        with self._reading() as connection:
            dimension = self.provenance.identity.dimension
            return indexed.read_vectors(connection, ids, dimension)

    def codes(self, ids: Iterable[int]) -> dict[int, PassageCodes]:
        with self._reading() as connection:
            return indexed.read_codes(connection, ids)

    def token_counts(self, token_ids: Sequence[int]) -> Ids:
        with self._reading() as connection:
            return indexed.read_token_counts(connection, token_ids)

    def tokens(self, ids: Ids) -> list[str]:
        with self._reading() as connection:
            return indexed.read_tokens(connection, ids)

    # ---- words ----------------------------------------------------------------------

    def lexical_scores(
        self, terms: Sequence[str], *, phrase: bool = False, among: Ids | None = None
    ) -> tuple[Ids, Scores]:
        expression = indexed.phrase_of(terms) if phrase else indexed.any_of(terms)
        with self._reading() as connection:
            return indexed.read_scores(connection, expression, among)

    def term_counts(self, terms: Collection[str] | None = None) -> dict[str, int]:
        with self._reading() as connection:
            return indexed.read_term_counts(connection, terms)
