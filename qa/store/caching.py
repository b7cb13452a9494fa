"""Readers that remember what was last read, so that the next question need not read it again.

All that is remembered is of one generation: what a write changed is never given out after it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Generic, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import EncoderIdentity, FloatMatrix
from embeddings.token_codes import PassageCodes
from qa.corrections.applying import Correctable, Correction
from qa.records import NO_FILTERS, Document, Filters, LocatorMark, SourceText, Turn
from qa.store.chunks import CHUNK_CHARACTERS, line_of
from qa.store.protocol import LibraryReader, LibraryRebuild, LibraryStore, Scores, Structure
from qa.store.records import (
    Excerpt,
    FileFacts,
    Ids,
    Inventory,
    LibrarySize,
    Names,
    NewSource,
    Provenance,
    PutResult,
    StoredPassage,
    StoredSource,
    TurnPlace,
    VerifyReport,
    Versions,
)

# So many records, and so many bytes of codes and filters' ids; in all some 10 MB, and in a library
# of a million passages as much again for filters, which people use repeatedly.
_PASSAGES = 1024
_CODES_BYTES = 6 << 20
_FILTERED_BYTES = 16 << 20
_PLACES = 4096
_TERMS = 4096
_SOURCES = 256
_MARKS = 4096
_TEXT_CHARACTERS = 1 << 20
# A longer excerpt is read for its own sake.
_LONGEST = 2 * CHUNK_CHARACTERS

Key = TypeVar("Key")
Record = TypeVar("Record")


def _one(_: object) -> int:
    return 1


class Latest(Generic[Record]):
    """One record, of the generation that was last asked for. Safe to share by threads: at worst
    two make it at once."""

    def __init__(self) -> None:
        self._known: tuple[int, Record] | None = None

    def get(self, generation: int, make: Callable[[], Record]) -> Record:
        """Return the generation's record; call `make` where it is not the one held."""
        known = self._known
        if known is None or known[0] != generation:
            known = self._known = generation, make()
        return known[1]


class Recent(Generic[Key, Record]):
    """Records by their keys, those that were used last: as many as weigh `room` together, where
    `weigh` (None: 1 each) tells what one weighs. Safe to share by threads; the records must be
    immutable."""

    def __init__(self, room: int, weigh: Callable[[Record], int] | None = None) -> None:
        self._room = room
        self._weigh = weigh or _one
        self._generation = -1
        self._records: dict[Key, Record] = {}  # the one used longest ago first
        self._weight = 0
        self._lock = threading.Lock()

    def get(
        self,
        generation: int,
        keys: Iterable[Key],
        read: Callable[[Collection[Key]], Mapping[Key, Record]],
    ) -> dict[Key, Record]:
        """Return key → record, in the order asked for; what `read` does not find is left out.
        `read` is given the keys that are not held, if there are any."""
        wanted = dict.fromkeys(keys)
        with self._lock:
            if generation != self._generation:
                self._generation, self._records, self._weight = generation, {}, 0
            held = self._records
            found = {key: held.pop(key) for key in wanted if key in held}
            held.update(found)
        missing = [key for key in wanted if key not in found]
        if not missing:
            return found
        new = read(missing)
        self._keep(generation, new)
        found.update(new)
        return {key: found[key] for key in wanted if key in found}

    def _keep(self, generation: int, records: Mapping[Key, Record]) -> None:
        with self._lock:
            if generation != self._generation:
                return
            for key, record in records.items():
                if key not in self._records:
                    self._records[key] = record
                    self._weight += self._weigh(record)
            while self._weight > self._room:
                self._weight -= self._weigh(self._records.pop(next(iter(self._records))))


def _bytes_of(codes: PassageCodes) -> int:
    objects = 500  # the three arrays and the record themselves, about
    return codes.token_ids.nbytes + codes.starts.nbytes + codes.bits.nbytes + objects


def _length(excerpt: Excerpt) -> int:
    return len(excerpt.text) + 100  # even an empty one takes some room


class CachingReader(LibraryReader):
    """Any reader, with what was read last kept at hand. Safe to share by threads."""

    def __init__(self, reader: LibraryReader) -> None:
        self._reader = reader
        self._paths: Latest[tuple[str, ...]] = Latest()
        self._names: Latest[Names] = Latest()
        self._inventory: Latest[Inventory] = Latest()
        self._any_corrected: Latest[bool] = Latest()
        self._sources: Recent[str, StoredSource] = Recent(_SOURCES)
        self._marks: Recent[int, tuple[LocatorMark, ...]] = Recent(_MARKS, lambda m: len(m) + 10)
        # By text and number; all pieces of a text but its last are CHUNK_CHARACTERS long.
        self._pieces: Recent[tuple[int, int], Excerpt] = Recent(_TEXT_CHARACTERS, _length)
        self._sizes: Recent[Filters, LibrarySize] = Recent(_SOURCES)
        self._filtered: Recent[Filters, Ids] = Recent(_FILTERED_BYTES, lambda ids: ids.nbytes)
        self._passages: Recent[int, StoredPassage] = Recent(_PASSAGES)
        self._places: Recent[int, TurnPlace] = Recent(_PLACES)
        self._codes: Recent[int, PassageCodes] = Recent(_CODES_BYTES, _bytes_of)
        self._term_counts: Recent[str, int] = Recent(_TERMS)

    @property
    def read_only(self) -> bool:
        return self._reader.read_only

    @property
    def index_folder(self) -> Path | None:
        return self._reader.index_folder

    @property
    def provenance(self) -> Provenance:
        return self._reader.provenance

    def snapshot(self) -> AbstractContextManager[int]:
        return self._reader.snapshot()

    # ---- sources and their texts ------------------------------------------------------

    def paths(self) -> tuple[str, ...]:
        with self.snapshot() as generation:
            return self._paths.get(generation, self._reader.paths)

    def sources(self, paths: Collection[str] | None = None) -> tuple[StoredSource, ...]:
        if paths is None:
            return self._reader.sources()

        def read(missing: Collection[str]) -> dict[str, StoredSource]:
            return {source.path: source for source in self._reader.sources(missing)}

        with self.snapshot() as generation:
            found = self._sources.get(generation, paths, read)
        return tuple(sorted(found.values(), key=lambda source: source.path))

    def source_text(self, path: str) -> SourceText:
        return self._reader.source_text(path)

    def structure(self, path: str, *, as_found: bool = False) -> Structure:
        return self._reader.structure(path, as_found=as_found)

    def corrections(self, path: str | None = None) -> tuple[Correction, ...]:
        return self._reader.corrections(path)

    def corrected(self, text_id: int, document: Document, turn: Turn) -> tuple[str, ...]:
        with self.snapshot() as generation:
            # Few libraries have any, and every citation asks.
            if not self._any_corrected.get(generation, lambda: bool(self._reader.corrections())):
                return ()
            return self._reader.corrected(text_id, document, turn)

    def excerpt(self, text_id: int, start: int, end: int) -> Excerpt:
        """Read from pieces of the texts that were read last: the quotes of an answer, what
        surrounds them and where they stand lie near each other."""
        if not 0 <= start <= end or end - start > _LONGEST:
            return self._reader.excerpt(text_id, start, end)
        number = start // CHUNK_CHARACTERS
        keys = [(text_id, n) for n in range(number, max(start, end - 1) // CHUNK_CHARACTERS + 1)]
        with self.snapshot() as generation:
            pieces = list(self._pieces.get(generation, keys, self._read_pieces).values())
            first, origin = pieces[0], number * CHUNK_CHARACTERS
            if start >= origin + len(first.text):  # at the end of the text, or beyond
                return self._reader.excerpt(text_id, start, end)
        text = first.text if len(pieces) == 1 else "".join([piece.text for piece in pieces])
        line = line_of(first, start)
        return Excerpt(text[start - origin : end - origin], start, line)

    def _read_pieces(self, keys: Collection[tuple[int, int]]) -> dict[tuple[int, int], Excerpt]:
        read, size = self._reader.excerpt, CHUNK_CHARACTERS
        return {(text, n): read(text, n * size, (n + 1) * size) for text, n in keys}

    def locators(self, text_id: int) -> tuple[LocatorMark, ...]:
        def read(ids: Collection[int]) -> dict[int, tuple[LocatorMark, ...]]:
            return {number: self._reader.locators(number) for number in ids}

        with self.snapshot() as generation:
            return self._marks.get(generation, [text_id], read)[text_id]

    # ---- passages -----------------------------------------------------------------------

    def size(self, filters: Filters = NO_FILTERS) -> LibrarySize:
        def read(wanted: Collection[Filters]) -> dict[Filters, LibrarySize]:
            return {one: self._reader.size(one) for one in wanted}

        with self.snapshot() as generation:
            # To count a million rows takes as long as to answer from them.
            return self._sizes.get(generation, [filters], read)[filters]

    def passage_ids(self, filters: Filters = NO_FILTERS) -> Ids:
        def read(wanted: Collection[Filters]) -> dict[Filters, Ids]:
            return {one: self._reader.passage_ids(one) for one in wanted}

        with self.snapshot() as generation:
            return self._filtered.get(generation, [filters], read)[filters]

    def passages(self, ids: Iterable[int]) -> dict[int, StoredPassage]:
        with self.snapshot() as generation:
            return self._passages.get(generation, map(int, ids), self._reader.passages)

    def turn_places(self, ids: Iterable[int]) -> dict[int, TurnPlace]:
        with self.snapshot() as generation:
            return self._places.get(generation, map(int, ids), self._reader.turn_places)

    def names(self) -> Names:
        with self.snapshot() as generation:
            return self._names.get(generation, self._reader.names)

    # ---- what indexes are made of -------------------------------------------------------

    def inventory(self) -> Inventory:
        with self.snapshot() as generation:
            return self._inventory.get(generation, self._reader.inventory)

    def vectors(self, ids: Ids) -> FloatMatrix:
        return self._reader.vectors(ids)

    def codes(self, ids: Iterable[int]) -> dict[int, PassageCodes]:
        with self.snapshot() as generation:
            return self._codes.get(generation, map(int, ids), self._reader.codes)

    def token_counts(self, token_ids: Sequence[int]) -> Ids:
        return self._reader.token_counts(token_ids)

    def tokens(self, ids: Ids) -> list[str]:
        return self._reader.tokens(ids)

    # ---- words --------------------------------------------------------------------------

    def lexical_scores(
        self, terms: Sequence[str], *, phrase: bool = False, among: Ids | None = None
    ) -> tuple[Ids, Scores]:
        return self._reader.lexical_scores(terms, phrase=phrase, among=among)

    def term_counts(self, terms: Collection[str] | None = None) -> dict[str, int]:
        if terms is None:
            return self._reader.term_counts()
        with self.snapshot() as generation:
            return self._term_counts.get(generation, terms, self._reader.term_counts)


class CachingStore(CachingReader, LibraryStore):
    """Any store, with what was read last kept at hand; what it writes ends what was kept."""

    def __init__(self, store: LibraryStore) -> None:
        super().__init__(store)
        self._store = store

    def has_text(self, source: SourceText) -> bool:
        return self._store.has_text(source)

    def put(self, entries: Sequence[NewSource]) -> list[PutResult]:
        return self._store.put(entries)

    def attach(self, file: FileFacts, source: SourceText) -> PutResult | None:
        return self._store.attach(file, source)

    def remove(self, paths: Collection[str]) -> None:
        self._store.remove(paths)

    def correct(
        self, path: str, change: Callable[[Correctable], Sequence[Correction]]
    ) -> tuple[Correction, ...]:
        return self._store.correct(path, change)

    def keep_token_mean(self, mean: NDArray[np.float32]) -> NDArray[np.float32]:
        return self._store.keep_token_mean(mean)

    def verify(self) -> VerifyReport:
        return self._store.verify()

    def rebuild(
        self, identity: EncoderIdentity, versions: Versions
    ) -> AbstractContextManager[LibraryRebuild]:
        return self._store.rebuild(identity, versions)

    def close(self) -> None:
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
