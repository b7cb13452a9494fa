"""The vectors of one library in memory, kept at the library's generation.

The index picks itself by size: exact over float32, or beyond `IndexLimits.exact` passages product
codes. What changes in the library is added or removed; nothing is trained for it. A quantized index
that has drifted (`QuantizedIndex.drifted`) is trained anew by `keep`, which an `add` ends with,
never by a question.

A library of some size keeps its index in a file (`KeptIndex`). Whoever opens it makes up for what
has changed since; `keep` writes it anew where that is more than a little.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.checked_file import Arrays, CheckedFile
from embeddings.encoder import Encoder
from embeddings.errors import IndexMismatch
from qa.index.exact import VectorIndex
from qa.index.inventory import Changes, changes_between, count_held, joined_ranges
from qa.index.kept_index import KeptIndex
from qa.index.quantised import SAMPLE, QuantizedIndex, TrueNeighbours
from qa.records import Span
from qa.store.records import Inventory
from qa.store.sqlite.names import ON_DISK
from qa.store.sqlite.store import Store

FORMAT = 2
# An index of so many changes is made anew: what it was trained on is hardly there any more.
_REMADE = 0.5
# A library that shrinks keeps its product codes down to this share of the limit.
_SHRUNK = 0.5
_SAMPLE_QUESTIONS = 160
# To read an exact vector of the database costs as much as to scan the codes of a thousand.
_REFINED = 25


@dataclass(frozen=True, slots=True)
class IndexLimits:
    """Numbers of passages: up to `exact` the index is exact, from `kept` on it is kept on disk.

    Measured: an exact look-up takes 2 ms at 30,000 passages and 13 ms at 100,000; one of product
    codes 1 and 2.5 ms, and 1 ms to refine what it found. Opening 100,000 from their rows takes 2 s.
    """

    exact: int = 30_000
    kept: int = 5_000


class LiveIndex:
    """Brought up to date by `refresh`, then searched. Safe to share by threads: whoever
    searches holds `lock` from the refresh to the last look-up."""

    def __init__(self, encoder: Encoder, limits: IndexLimits | None = None) -> None:
        self._encoder = encoder
        self._dimension = encoder.identity.dimension
        self._limits = limits or IndexLimits()
        self._index: VectorIndex | QuantizedIndex | None = None
        self._held: Inventory = {}
        self._generation = -1
        self.lock = threading.RLock()

    @property
    def kind(self) -> str:
        """What the index is, in words."""
        index = self._index
        if isinstance(index, QuantizedIndex):
            return f"product codes, the best {index.depth:,} refined"
        return "none yet" if index is None else "exact, float32"

    def refresh(self, store: Store) -> None:
        """Make the index that of the generation that the store shows now.

        What is there stays; only the passages added or removed since are moved.
        """
        with self.lock, store.snapshot() as generation:
            if self._index is not None and generation == self._generation:
                return
            now = store.inventory()
            if self._index is None:
                self._open(store, now)
            try:
                if self._index is None or self._unfit(count_held(now)):
                    self._make(store, now)
                else:
                    self._apply(store, changes_between(self._held, now))
            except BaseException:
                self._index = None  # half of the changes may have been made
                raise
            self._held, self._generation = now, generation

    def keep(self, store: Store) -> None:
        """Bring the file up to date, and train anew what has drifted, where it is worth while."""
        if store.read_only:
            return
        with self.lock, store.snapshot():
            now = store.inventory()
            if count_held(now) < self._limits.kept or not self._kept(store).late(now):
                return
            self.refresh(store)
            if isinstance(self._index, QuantizedIndex) and self._index.drifted:
                self._make(store, now)
            if self._kept(store).late(now):  # unless it was made, and written, just now
                self._write(store, now)

    def search(
        self, vector: NDArray[np.float32], count: int, among: NDArray[np.int64] | None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """See `VectorIndex.search`; the products may be approximate."""
        assert self._index is not None, "refresh first"
        return self._index.search(vector, count, among)

    def cosines(
        self, store: Store, ids: NDArray[np.int64], vector: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """(n,) cosines of (n,) passages: exact; of a quantized index those beyond the
        best few are rounded, to about a thousandth."""
        assert self._index is not None, "refresh first"
        if isinstance(self._index, VectorIndex):
            exact: NDArray[np.float32] = self._index.vectors(ids) @ vector
            return exact
        cosines = self._index.products(ids, vector)
        best = np.argsort(-cosines, kind="stable")[:_REFINED]
        cosines[best] = store.vectors_of(ids[best]) @ vector
        return cosines

    # ---- making and changing ---------------------------------------------------------------

    def _unfit(self, count: int) -> bool:
        """Whether the index is of the wrong kind for so many passages."""
        if isinstance(self._index, QuantizedIndex):
            return count < _SHRUNK * self._limits.exact
        return count > self._limits.exact

    def _make(self, store: Store, now: Inventory) -> None:
        """Make an index of all passages, of the kind that suits their number."""
        count = count_held(now)
        if count > self._limits.exact:
            self._index = _quantized(store, count, self._encoder)
        else:
            self._index = VectorIndex(self._dimension)
            for ids, vectors in store.vectors():
                self._index.add(ids, vectors)
        if count >= self._limits.kept and not store.read_only:
            self._write(store, now)

    def _apply(self, store: Store, changes: Changes) -> None:
        assert self._index is not None
        for text in changes.gone:
            self._index.remove(np.arange(text.first, text.last + 1, dtype=np.int64))
        for first, last in joined_ranges(changes.come):
            for ids, vectors in store.vectors(first - 1, last):
                self._index.add(ids, vectors)

    # ---- on disk ----------------------------------------------------------------------------

    def _kept(self, store: Store) -> KeptIndex:
        made_with = {
            "format": FORMAT,
            "revision": store.provenance.identity.revision,
            "dimension": self._dimension,
        }
        return KeptIndex(store.folder / ON_DISK.vector_index, made_with)

    def _open(self, store: Store, now: Inventory) -> None:
        """Take the index from its file, if there is one that is worth bringing up to date."""
        count = count_held(now)
        found = self._kept(store).read() if count >= self._limits.kept else None
        if found is None or changes_between(found[0], now).passages > _REMADE * count:
            return
        try:
            self._held, self._index = found[0], _restored(found[1], self._dimension)
        except (LookupError, TypeError, ValueError, IndexMismatch):
            self._index = None

    def _write(self, store: Store, now: Inventory) -> None:
        assert self._index is not None
        entries: Mapping[str, Any] = {"kind": "exact"}
        arrays: Arrays = self._index.arrays()
        if isinstance(self._index, QuantizedIndex):
            entries = {"kind": "quantized", **self._index.entries()}
        self._kept(store).write(now, entries, arrays)


def _restored(file: CheckedFile, dimension: int) -> VectorIndex | QuantizedIndex:
    entries = file.entries["index"]
    if entries["kind"] == "quantized":
        return QuantizedIndex.restore(entries, file.arrays, dimension)
    index = VectorIndex(dimension)
    index.add(file.arrays["ids"], file.arrays["vectors"])
    return index


def _quantized(store: Store, count: int, encoder: Encoder) -> QuantizedIndex:
    """An index of all passages, trained on an even sample of them, and calibrated with sentences
    of theirs: a question is about as near to what answers it."""
    ids = store.passage_ids()
    chosen = ids[:: max(1, count // SAMPLE)]
    sample = np.concatenate([store.vectors_of(part) for part in _blocks(chosen)])
    index = QuantizedIndex.train(sample)
    texts = _sentences(store, chosen[:: max(1, len(chosen) // _SAMPLE_QUESTIONS)])
    truth = TrueNeighbours(np.stack([encoder.question(text).vector for text in texts]))
    for block, vectors in store.vectors():
        truth.look(block, vectors)
        index.add(block, vectors)
    index.calibrate(truth.questions, truth.nearest)
    return index


def _sentences(store: Store, ids: NDArray[np.int64]) -> list[str]:
    """The middle sentence of each passage."""
    found = []
    for passage in store.passages(ids.tolist()).values():
        spans = passage.sentences or (Span(passage.start, passage.end),)
        span = spans[len(spans) // 2]
        found.append(store.slice(passage.text_id, span.start, span.end))
    return found


def _blocks(ids: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    return np.array_split(ids, max(1, len(ids) // 4096))
