"""The vectors of one library in memory, kept at the library's generation."""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import FloatMatrix
from embeddings.vector_index import VectorIndex
from qa.library.store import Store


class LiveIndex:
    """Brought up to date by `refresh`, then searched. Safe to share by threads: whoever
    searches holds `lock` from the refresh to the last look-up."""

    def __init__(self, dimension: int) -> None:
        self._dimension = dimension
        self._index: VectorIndex | None = None
        self._ids = np.empty(0, np.int64)
        self._generation = -1
        self.lock = threading.RLock()

    def refresh(self, store: Store) -> None:
        """Make the index that of the generation that the store shows now.

        What is there stays; only the passages added or removed since are moved.
        """
        generation = store.generation()
        if self._index is not None and generation == self._generation:
            return
        if self._index is None:
            self._index = VectorIndex(self._dimension)
        current = store.passage_ids()
        gone = np.setdiff1d(self._ids, current, assume_unique=True)
        if len(gone):
            self._index.remove(gone)
        newest = int(self._ids[-1]) if len(self._ids) else 0
        for ids, vectors in store.vectors(after_id=newest):
            self._index.add(ids, vectors)
        self._ids = current
        self._generation = generation

    def search(
        self, vector: NDArray[np.float32], count: int, among: NDArray[np.int64] | None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """See `VectorIndex.search`."""
        assert self._index is not None, "refresh first"
        return self._index.search(vector, count, among)

    def vectors(self, ids: NDArray[np.int64]) -> FloatMatrix:
        """See `VectorIndex.vectors`."""
        assert self._index is not None, "refresh first"
        return self._index.vectors(ids)
