"""Exact nearest vectors in memory, by FAISS, which is imported on first use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import FloatMatrix
from qa.index.protocol import Ids, IndexMismatch, SavedIndex, Scores, require_shape, restoring

Vector = NDArray[np.float32]


class ExactIndex:
    """An `Index` of unit vectors (n, d) by inner product, asked with a vector (d,)."""

    form: ClassVar[str] = "exact"
    exact: ClassVar[bool] = True
    kind = "exact, float32"
    drifted = False

    def __init__(self, dimension: int) -> None:
        import faiss

        self._faiss: Any = faiss
        self._index: Any = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
        self._dimension = dimension

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, ids: Ids, vectors: FloatMatrix) -> None:
        require_one_each(ids, vectors, self._dimension)
        if len(ids):
            self._index.add_with_ids(np.ascontiguousarray(vectors, np.float32), ids)

    def remove(self, ids: Ids) -> int:
        return int(self._index.remove_ids(np.ascontiguousarray(ids, np.int64)))

    def search(self, vector: Vector) -> ExactMatches:
        require_dimension(vector[None, :], self._dimension)
        return ExactMatches(self, vector)

    def nearest(self, vector: Vector, count: int, among: Ids | None) -> Ids:
        """Return the ids of the `count` nearest to a (d,) vector, best first."""
        count = min(count, len(self) if among is None else len(among))
        if count == 0:
            return np.empty(0, np.int64)
        parameters = None
        if among is not None:
            selector = self._faiss.IDSelectorBatch(np.ascontiguousarray(among, np.int64))
            parameters = self._faiss.SearchParameters(sel=selector)
        # One question is one pass over the rows: a second thread costs more than it does, and
        # waits for the next pass by spinning, on a core that the encoder needs. The number is
        # the calling thread's own.
        self._faiss.omp_set_num_threads(1)
        query = np.ascontiguousarray(vector[None, :], np.float32)
        ids = self._index.search(query, count, params=parameters)[1][0]
        found: Ids = ids[ids >= 0]
        return found

    def vectors(self, ids: Ids) -> FloatMatrix:
        """Return the (n, d) vectors under those ids. Raises KeyError if one is not there."""
        if len(ids) == 0:
            return np.empty((0, self._dimension), np.float32)
        try:
            rows: FloatMatrix = self._index.reconstruct_batch(np.ascontiguousarray(ids, np.int64))
        except RuntimeError as error:
            raise KeyError(f"one of {len(ids)} ids is not in the index") from error
        return rows

    def save(self) -> SavedIndex:
        """Arrays: ids (n,) int64, vectors (n, d) float32."""
        ids = self._faiss.vector_to_array(self._index.id_map)
        arrays = {"ids": ids, "vectors": self.vectors(ids)}
        return SavedIndex({"dimension": self._dimension}, arrays)

    @classmethod
    def restore(cls, saved: SavedIndex) -> Self:
        with restoring(cls.form):
            index = cls(int(saved.entries["dimension"]))
            ids, vectors = saved.arrays["ids"], saved.arrays["vectors"]
            require_shape("ids", ids, np.int64, None)
            require_shape("vectors", vectors, np.float32, len(ids), index._dimension)
            index.add(ids, vectors)
            return index


@dataclass(frozen=True, slots=True)
class ExactMatches:
    """The `Matches` of a (d,) vector; scores are inner products."""

    index: ExactIndex
    vector: Vector

    def best(self, count: int, among: Ids | None = None) -> Ids:
        return self.index.nearest(self.vector, count, among)

    def scores(self, ids: Ids) -> Scores:
        products: Scores = self.index.vectors(ids) @ self.vector
        return products


def require_dimension(vectors: FloatMatrix, dimension: int) -> None:
    """Raise IndexMismatch unless the vectors are (n, dimension)."""
    if vectors.ndim != 2 or vectors.shape[1] != dimension:
        raise IndexMismatch(f"vectors of shape {vectors.shape}, expected (n, {dimension})")


def require_one_each(ids: Ids, vectors: FloatMatrix, dimension: int) -> None:
    """Raise IndexMismatch unless the vectors are (n, dimension) for n ids."""
    require_dimension(vectors, dimension)
    if len(ids) != len(vectors):
        raise IndexMismatch(f"{len(ids)} ids for {len(vectors)} vectors, expected one each")
