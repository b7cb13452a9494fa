"""Everything that a library can be asked. Each answer comes from one generation."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import EncoderIdentity, FloatMatrix
from embeddings.token_codes import PassageCodes
from qa.corrections.applying import Correction
from qa.errors import UnknownSource
from qa.records import Document, Filters, Locator, LocatorMark, SourceText, Turn
from qa.store.recent import Latest, Recent
from qa.store.recent_texts import RecentTexts
from qa.store.records import (
    Ids,
    Inventory,
    Provenance,
    SpeakerCount,
    StoredPassage,
    StoredSource,
    TurnPlace,
    Versions,
)
from qa.store.sqlite import correcting, filtering, lexical, passages, sources, texts
from qa.store.sqlite.connections import Pool, transaction
from qa.store.sqlite.faults import sqlite_errors_as_library_errors
from qa.store.sqlite.inventory import read_inventory
from qa.store.sqlite.names import FOUND_DOCUMENTS, FOUND_TURNS
from qa.store.sqlite.passages import LARGEST_ID
from qa.store.sqlite.schema import (
    check_provenance,
    read_generation,
    read_meta,
    read_provenance,
    token_mean_in,
)

# What was read last is kept: so many records, and so many bytes of codes; in all, some 10 MB, and
# in a library of a million passages as much again for filters, which people use repeatedly.
_PASSAGES = 1024
_CODES_BYTES = 6 << 20
_FILTERED_BYTES = 16 << 20
_PLACES = 4096
_TERMS = 4096


@dataclass(frozen=True, slots=True)
class Expected:
    """What the library must have been made with; None: whatever it says."""

    identity: EncoderIdentity | None
    versions: Versions | None


class _Current(threading.local):
    """The snapshot that the running thread is in."""

    connection: sqlite3.Connection | None = None
    generation: int = 0


def _bytes_of(codes: PassageCodes) -> int:
    objects = 500  # the three arrays and the record themselves, about
    return codes.token_ids.nbytes + codes.starts.nbytes + codes.bits.nbytes + objects


class LibraryReader:
    """Reads a library. Safe to share by threads; close it, or use it in a `with` statement.

    Every method may raise LibraryBusy, LibraryDamaged, LibraryError, and LibraryMismatch when
    another process has rebuilt the library meanwhile.
    """

    def __init__(self, folder: Path, pool: Pool, expected: Expected) -> None:
        self.folder = folder
        self._pool = pool
        self._expected = expected
        self._current = _Current()
        self._provenance: Latest[Provenance] = Latest()
        self._counted: Latest[int] = Latest()
        self._any_corrected: Latest[bool] = Latest()
        self._mean: Latest[NDArray[np.float32] | None] = Latest()
        self._inventory: Latest[Inventory] = Latest()
        self._passages: Recent[int, StoredPassage] = Recent(_PASSAGES)
        self._codes: Recent[int, PassageCodes] = Recent(_CODES_BYTES, _bytes_of)
        self._places: Recent[int, TurnPlace] = Recent(_PLACES)
        self._term_counts: Recent[str, int] = Recent(_TERMS)
        self._matching: Recent[Filters, Ids] = Recent(_FILTERED_BYTES, lambda ids: ids.nbytes)
        self._texts = RecentTexts()
        with self.snapshot():
            pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give back the file. To close twice does no harm."""
        self._pool.close()

    @contextmanager
    def snapshot(self) -> Iterator[int]:
        """Within it, all that the thread reads is of one generation, whose number it gives."""
        if self._current.connection is not None:
            yield self._current.generation
            return
        database = self._pool.access.database
        with (
            sqlite_errors_as_library_errors(database),
            self._pool.connection() as connection,
            transaction(connection),
        ):
            generation = self._checked_generation(connection)
            self._current.connection, self._current.generation = connection, generation
            try:
                yield generation
            finally:
                self._current.connection = None

    def _reading(self) -> AbstractContextManager[sqlite3.Connection]:
        # Within a snapshot, where a question reads dozens of times, next to nothing.
        connection = self._current.connection
        return self._reading_anew() if connection is None else nullcontext(connection)

    @contextmanager
    def _reading_anew(self) -> Iterator[sqlite3.Connection]:
        with self.snapshot():
            connection = self._current.connection
            assert connection is not None  # the snapshot has just set it
            yield connection

    def _checked_generation(self, connection: sqlite3.Connection) -> int:
        """The generation; after a change, only if the library is still the one expected."""
        generation = read_generation(connection)
        self._provenance.get(generation, partial(self._checked_provenance, connection))
        return generation

    def _checked_provenance(self, connection: sqlite3.Connection) -> Provenance:
        provenance = read_provenance(connection)
        check_provenance(provenance, self._expected.identity, self._expected.versions, self.folder)
        return provenance

    @property
    def read_only(self) -> bool:
        """Whether nothing may be written into the library's folder."""
        return self._pool.access.read_only

    @property
    def provenance(self) -> Provenance:
        """The encoder and the versions that the library was made with."""
        with self._reading() as connection:
            read = partial(self._checked_provenance, connection)
            return self._provenance.get(self._current.generation, read)

    def generation(self) -> int:
        """How many write transactions the library has seen."""
        with self.snapshot() as generation:
            return generation

    def token_mean(self) -> NDArray[np.float32] | None:
        """What the token codes are signs around: (d,) float32; None before it is first kept."""
        with self._reading() as connection:
            return self._mean.get(
                self._current.generation, lambda: token_mean_in(read_meta(connection))
            )

    # ---- sources and their texts ----------------------------------------------------

    def sources(self) -> tuple[StoredSource, ...]:
        """All sources, sorted by path."""
        with self._reading() as connection:
            return tuple(sources.read_sources(connection))

    def source_by_path(self, path: str) -> StoredSource | None:
        """The source under exactly this path."""
        with self._reading() as connection:
            return next(iter(sources.read_sources(connection, path)), None)

    def resolve(self, name: str) -> str:
        """The path that a name means: itself, or the only one that ends with its components.

        Raises UnknownSource, with the candidates or the near names.
        """
        with self._reading() as connection:
            return sources.resolve_name(name, sources.read_paths(connection))

    def paths_in(self, name: str) -> tuple[str, ...]:
        """The sources in the folder or archive that a name means: its path, or the end of it.

        Raises UnknownSource where several folders are meant."""
        with self._reading() as connection:
            return sources.paths_in(name, sources.read_paths(connection))

    def short_name(self, path: str) -> str:
        """The shortest end of a source's path that no other source shares."""
        with self._reading() as connection:
            return sources.short_name_of(path, sources.read_paths(connection))

    def has_text(self, key: str) -> bool:
        """Whether a text with this key (`Store.text_key`) is stored."""
        with self._reading() as connection:
            return texts.text_id_of_key(connection, key) is not None

    def text(self, path: str) -> str:
        """The whole stored text of a source. Raises UnknownSource."""
        with self._reading() as connection:
            text_id = self._text_id(connection, path)
            return texts.read_slice(connection, text_id, 0, texts.read_length(connection, text_id))

    def source_text(self, path: str) -> SourceText:
        """All that the reader took from a source's file. Raises UnknownSource."""
        with self._reading() as connection:
            return texts.read_source_text(connection, self._text_id(connection, path))

    def structure(self, path: str) -> tuple[tuple[Document, ...], tuple[Turn, ...]]:
        """A source's documents and turns, in text order. Raises UnknownSource."""
        with self._reading() as connection:
            return texts.read_structure(connection, self._text_id(connection, path))

    def found_structure(self, path: str) -> tuple[tuple[Document, ...], tuple[Turn, ...]]:
        """A source's documents and turns as they were found, before any correction by hand.

        Raises UnknownSource."""
        with self._reading() as connection:
            return correcting.read_found(connection, self._text_id(connection, path))

    def corrections(self, path: str | None = None) -> tuple[Correction, ...]:
        """All corrections by hand, or those of one source, in the order they were made."""
        with self._reading() as connection:
            return correcting.read_corrections(connection, path)

    def corrected(self, text_id: int, document: Document, turn: Turn) -> tuple[str, ...]:
        """Which of a text's "document" title, "date" and "speaker" were corrected by hand there."""
        with self._reading() as connection:
            tables = (FOUND_DOCUMENTS.name, FOUND_TURNS.name)
            if not self._any_corrected.get(
                self._current.generation,
                lambda: any(passages.count_rows(connection, table) for table in tables),
            ):  # as in most libraries, and asked of every citation
                return ()
            return correcting.read_corrected(connection, text_id, document, turn)

    def _text_id(self, connection: sqlite3.Connection, path: str) -> int:
        text_id = sources.read_text_id(connection, path)
        if text_id is None:
            # The name may mean a source none the less: it was to be resolved first.
            meant = sources.resolve_name(path, sources.read_paths(connection))
            raise UnknownSource(f"No source has the path {path!r}; there is {meant!r}.")
        return text_id

    def slice(self, text_id: int, start: int, end: int) -> str:
        """Characters start … end of a text, fewer where it ends before. Raises ValueError for a
        text or a span that there is not."""
        with self._reading() as connection:
            return self._texts.slice(connection, self._current.generation, text_id, start, end)

    def line_at(self, text_id: int, offset: int) -> int:
        """The line, from 1, on which a character stands. Raises ValueError."""
        with self._reading() as connection:
            return self._texts.line(connection, self._current.generation, text_id, offset)

    def locator_at(self, text_id: int, start: int, end: int | None = None) -> Locator | None:
        """The pages, time or chapter of a span, or of the character at `start`, if the source
        has any. Raises ValueError."""
        with self._reading() as connection:
            return texts.read_locator(connection, text_id, start, end)

    def locators(self, path: str) -> tuple[LocatorMark, ...]:
        """Where in a source's text each page, time or chapter begins. Raises UnknownSource."""
        with self._reading() as connection:
            return texts.read_marks(connection, self._text_id(connection, path))

    # ---- passages ------------------------------------------------------------------

    def passages(self, ids: Iterable[int]) -> dict[int, StoredPassage]:
        """Id → passage, in the order asked for; an unknown id is left out."""
        with self._reading() as connection:
            read = partial(passages.read_passages, connection)
            return self._passages.get(self._current.generation, map(int, ids), read)

    def turns_of(self, ids: Iterable[int]) -> dict[int, TurnPlace]:
        """Passage id → the turn that it stands in; an unknown id is left out."""
        with self._reading() as connection:
            read = partial(passages.read_turn_places, connection)
            return self._places.get(self._current.generation, map(int, ids), read)

    def passage_ids(self) -> Ids:
        """All ids, ascending: (n,) int64. An id is never given to a second passage."""
        with self._reading() as connection:
            return passages.read_passage_ids(connection)

    def passage_count(self) -> int:
        with self._reading() as connection:
            # To count a million rows takes as long as to answer from them.
            count = partial(passages.count_rows, connection, "passages")
            return self._counted.get(self._current.generation, count)

    def document_titles(self) -> tuple[str, ...]:
        """The titles that documents have, each once, sorted."""
        with self._reading() as connection:
            return passages.read_titles(connection)

    def document_dates(self) -> tuple[str, ...]:
        """The dates that documents have, each once, sorted."""
        with self._reading() as connection:
            return passages.read_dates(connection)

    def document_count(self) -> int:
        with self._reading() as connection:
            return passages.count_rows(connection, "documents")

    def vectors(
        self, after_id: int = 0, last_id: int = LARGEST_ID
    ) -> Iterator[tuple[Ids, FloatMatrix]]:
        """Blocks of passage ids (n,) int64, ascending, from `after_id` + 1 to `last_id`, and their
        vectors (n, d) float32. Outside a snapshot each block is of its own generation."""
        while True:
            with self._reading() as connection:
                dimension = self.provenance.identity.dimension
                ids, matrix = passages.read_vectors(connection, after_id, last_id, dimension)
            if not ids.size:
                return
            yield ids, matrix
            after_id = int(ids[-1])

    def vectors_of(self, ids: Ids) -> FloatMatrix:
        """The (n, d) float32 vectors of (n,) passages. Raises KeyError if one has none."""
        with self._reading() as connection:
            dimension = self.provenance.identity.dimension
            return passages.read_vectors_of(connection, ids, dimension)

    def inventory(self) -> Inventory:
        """Return which passages each text has, so that an index of them can be kept in step."""
        with self._reading() as connection:
            read = partial(read_inventory, connection)
            return self._inventory.get(self._current.generation, read)

    def codes(self, ids: Iterable[int]) -> dict[int, PassageCodes]:
        """Id → token codes; an unknown id is left out."""
        with self._reading() as connection:
            read = partial(passages.read_codes, connection)
            return self._codes.get(self._current.generation, map(int, ids), read)

    def token_document_counts(self, token_ids: Sequence[int]) -> Ids:
        """For each token id, in how many passages' codes it occurs: (n,) int64."""
        with self._reading() as connection:
            return passages.read_token_counts(connection, token_ids)

    def searched_documents(self, ids: Ids | None) -> int:
        """In how many documents those passages stand; None: all documents."""
        if ids is None:
            return self.document_count()
        with self._reading() as connection:
            return passages.count_documents_of(connection, ids)

    def speakers(self) -> tuple[SpeakerCount, ...]:
        """Who speaks what may be quoted, in which role, the most often heard first."""
        with self._reading() as connection:
            return passages.read_speakers(connection)

    def matching_ids(self, filters: Filters) -> Ids | None:
        """The passages that satisfy all filters, ascending: (n,) int64; None if `filters` is
        empty. Raises InvalidQuery for a date that is none."""
        if filters.empty:
            return None
        with self._reading() as connection:

            def read(wanted: Iterable[Filters]) -> dict[Filters, Ids]:
                return {one: filtering.read_matching_ids(connection, one) for one in wanted}

            return self._matching.get(self._current.generation, [filters], read)[filters]

    # ---- words ---------------------------------------------------------------------

    def lexical_scores(
        self, expression: str, ids: Ids | None = None
    ) -> tuple[Ids, NDArray[np.float32]]:
        """All passages (among `ids`, if given) that match an FTS5 expression, by ascending id,
        and their BM25 scores, higher is better: (n,) int64, (n,) float32. Raises InvalidQuery."""
        with self._reading() as connection:
            return lexical.read_scores(connection, expression, ids)

    def term_scores(self, terms: Iterable[str]) -> tuple[Ids, NDArray[np.float32]]:
        """Return the passages that hold any of some lexical tokens, by ascending id, with their
        BM25 scores: (n,) int64, (n,) float32."""
        with self._reading() as connection:
            return lexical.read_scores(connection, lexical.any_of(terms), None)

    def tokens(self, ids: Ids) -> list[str]:
        """Return the lexical tokens of (n,) passages, in their order, each passage's joined by
        single spaces. Raises KeyError if a passage is not there."""
        found: dict[int, str] = {}
        if len(ids):
            after, last = int(ids.min()) - 1, int(ids.max())
            with self._reading() as connection:
                while block := lexical.read_tokens(connection, after, last):
                    found.update(block)
                    after = block[-1][0]
        return [found[id_] for id_ in ids.tolist()]

    def term_counts(self, terms: Iterable[str]) -> dict[str, int]:
        """Lexical token → in how many passages it occurs."""
        with self._reading() as connection:
            read = partial(lexical.read_term_counts, connection)
            return self._term_counts.get(self._current.generation, terms, read)

    def vocabulary(self) -> Iterator[tuple[str, int]]:
        """All lexical tokens in code-point order, with the number of passages of each. Outside a
        snapshot a long list may span generations."""
        last: str | None = None
        while True:
            with self._reading() as connection:
                block = lexical.read_vocabulary(connection, last)
            if not block:
                return
            yield from block
            last = block[-1][0]
