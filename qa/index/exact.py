"""Exact nearest vectors in memory, by FAISS. The only importer of faiss, on first use."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import FloatMatrix
from embeddings.errors import IndexMismatch


class VectorIndex:
    """Inner product over rows of unit length, each under an id of the caller's.

    Not safe to change while it is searched: the owner builds, then shares it.
    """

    def __init__(self, dimension: int) -> None:
        import faiss

        self._faiss: Any = faiss
        self._index: Any = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
        self._dimension = dimension

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, ids: NDArray[np.int64], vectors: FloatMatrix) -> None:
        """Add (n, d) vectors under (n,) ids. Raises IndexMismatch if the shapes don't fit."""
        require_one_each(ids, vectors, self._dimension)
        if len(ids):
            self._index.add_with_ids(np.ascontiguousarray(vectors, np.float32), ids)

    def remove(self, ids: NDArray[np.int64]) -> int:
        """Remove those ids; how many there were."""
        return int(self._index.remove_ids(np.ascontiguousarray(ids, np.int64)))

    def search(
        self, vector: NDArray[np.float32], count: int, among: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The ids and inner products of the `count` nearest, best first; fewer if there are
        fewer. `among` are the ids that may be found at all (a filter before ranking)."""
        require_dimension(vector[None, :], self._dimension)
        count = min(count, len(self) if among is None else len(among))
        if count == 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        parameters = None
        if among is not None:
            selector = self._faiss.IDSelectorBatch(np.ascontiguousarray(among, np.int64))
            parameters = self._faiss.SearchParameters(sel=selector)
        # One question is one pass over the rows: a second thread costs more than it does, and
        # waits for the next pass by spinning, on a core that the encoder needs. The number is
        # the calling thread's own.
        self._faiss.omp_set_num_threads(1)
        query = np.ascontiguousarray(vector[None, :], np.float32)
        scores, ids = self._index.search(query, count, params=parameters)
        found = ids[0] >= 0
        return ids[0][found], scores[0][found]

    def vectors(self, ids: NDArray[np.int64]) -> FloatMatrix:
        """The (n, d) vectors under those ids. Raises KeyError if one is not there."""
        if len(ids) == 0:
            return np.empty((0, self._dimension), np.float32)
        try:
            rows: FloatMatrix = self._index.reconstruct_batch(np.ascontiguousarray(ids, np.int64))
        except RuntimeError as error:
            raise KeyError(f"one of {len(ids)} ids is not in the index") from error
        return rows

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All of it: ids (n,) int64 and vectors (n, d) float32."""
        ids = self._faiss.vector_to_array(self._index.id_map)
        return {"ids": ids, "vectors": self.vectors(ids)}


def require_dimension(vectors: FloatMatrix, dimension: int) -> None:
    """Raises IndexMismatch unless the vectors are (n, dimension)."""
    if vectors.ndim != 2 or vectors.shape[1] != dimension:
        raise IndexMismatch(f"vectors of shape {vectors.shape}, expected (n, {dimension})")


def require_one_each(ids: NDArray[np.int64], vectors: FloatMatrix, dimension: int) -> None:
    """Raises IndexMismatch unless the vectors are (n, dimension) for n ids."""
    require_dimension(vectors, dimension)
    if len(ids) != len(vectors):
        raise IndexMismatch(f"{len(ids)} ids for {len(vectors)} vectors, expected one each")
