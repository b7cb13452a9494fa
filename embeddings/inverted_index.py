"""Nearest vectors among a million: inverted lists of 8-bit codes, by FAISS.

Vectors are divided among lists by the nearest of some centres (k-means); a question looks into
the lists whose centres are nearest to it, as many as it takes to find at least RECALL of the ten
truly nearest of some questions, which is measured whenever the index is trained. A component is
kept as a whole number of −127 … 127. Whoever needs exact products computes them of the vectors
themselves, for the few that were found: that corrects the rounding.

A filtered question looks into every list, so that it loses nothing by the lists, unless the filter
lets half of all through; then it looks into twice as many as others do.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.checked_file import Arrays
from embeddings.encoder import FloatMatrix
from embeddings.errors import IndexMismatch

RECALL = 0.985
# So many times the root of their number: to choose among the centres costs little beside what is
# looked into.
_LISTS_PER_ROOT = 2
# K-means is computed of so many vectors a list, in so many rounds.
_SAMPLE_PER_LIST = 64
_ROUNDS = 10
_LEVELS = 127
_TRUTH = 10
_DEPTH = 100
_BROAD = 0.5
# What has grown by half, or become so much less even, is trained again.
_GROWN = 1.5
_UNEVEN = 1.5


def sample_size(count: int) -> int:
    """How many of `count` vectors an index of them is trained on."""
    return min(count, _lists(count) * _SAMPLE_PER_LIST)


def _lists(count: int) -> int:
    return max(1, round(_LISTS_PER_ROOT * math.sqrt(count)))


class InvertedIndex:
    """Inner product over rows of unit length, each under an id of the caller's.

    Not safe to change while it is searched. Ids are at least 0, and given once.
    """

    def __init__(self, centres: FloatMatrix, scale: float) -> None:
        import faiss

        lists, self._dimension = centres.shape
        self._faiss: Any = faiss
        self._centres = np.ascontiguousarray(centres, np.float32)
        self._scale = scale
        self._quantizer: Any = faiss.IndexFlatIP(self._dimension)
        self._quantizer.add(self._centres)
        # The codes are of the vectors themselves, not of their distance to a centre.
        self._index: Any = faiss.IndexIVFScalarQuantizer(
            self._quantizer,
            self._dimension,
            lists,
            faiss.ScalarQuantizer.QT_8bit_direct_signed,
            faiss.METRIC_INNER_PRODUCT,
            False,
        )
        self._index.is_trained = True
        self._probes = int(lists)
        self._trained = 0
        self._unevenness = 1.0

    @classmethod
    def train(cls, sample: FloatMatrix, count: int) -> InvertedIndex:
        """An empty index, for about `count` vectors like those of the sample (n, d)."""
        import faiss

        faiss.omp_set_num_threads(1)
        lists = min(_lists(count), len(sample))
        means: Any = faiss.Kmeans(
            sample.shape[1],
            lists,
            niter=_ROUNDS,
            spherical=True,
            min_points_per_centroid=1,
            max_points_per_centroid=_SAMPLE_PER_LIST,
            seed=1,
        )
        means.train(np.ascontiguousarray(sample, np.float32))
        # Values beyond the sample's largest are cut off; a little room makes them rare.
        largest = float(np.abs(sample).max(initial=1e-6)) * 1.1
        return cls(np.asarray(means.centroids, np.float32), _LEVELS / largest)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def lists(self) -> int:
        return int(self._centres.shape[0])

    @property
    def probes(self) -> int:
        """How many lists an unfiltered question looks into."""
        return self._probes

    def add(self, ids: NDArray[np.int64], vectors: FloatMatrix) -> None:
        """Add (n, d) vectors under (n,) ids. Raises IndexMismatch if the shapes don't fit."""
        self._check(vectors)
        if len(ids) != len(vectors):
            raise IndexMismatch(f"{len(ids)} ids for {len(vectors)} vectors, expected one each")
        if len(ids):
            rounded = np.clip(np.rint(vectors * np.float32(self._scale)), -_LEVELS, _LEVELS)
            # The nearest centre by inner product is the same whatever the scale.
            self._index.add_with_ids(rounded.astype(np.float32), np.ascontiguousarray(ids))

    def remove(self, ids: NDArray[np.int64]) -> int:
        """Remove those ids; how many there were."""
        return int(self._index.remove_ids(np.ascontiguousarray(ids, np.int64)))

    def search(
        self, vector: NDArray[np.float32], count: int, among: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The ids and approximate inner products of the `count` nearest, best first; fewer if
        there are fewer. `among` are the ids that may be found at all (a filter before ranking)."""
        self._check(vector[None, :])
        count = min(count, len(self) if among is None else len(among))
        if count == 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        if among is None:
            return self._search(vector, count, self._probes, None)
        allowed = np.zeros(int(among.max()) + 1, np.bool_)
        allowed[among] = True
        bits = np.packbits(allowed, bitorder="little")
        selector = self._faiss.IDSelectorBitmap(len(bits), self._faiss.swig_ptr(bits))
        broad = len(among) >= _BROAD * len(self)
        probes = min(self.lists, 2 * self._probes) if broad else self.lists
        return self._search(vector, count, probes, selector)

    def _search(
        self, vector: NDArray[np.float32], count: int, probes: int, selector: Any
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        # As in the exact index: one question is no work for two threads.
        self._faiss.omp_set_num_threads(1)
        # FAISS multiplies bytes by bytes: the question must be on their scale too.
        scale = np.float32(_LEVELS / max(float(np.abs(vector).max()), 1e-6))
        query = np.ascontiguousarray(np.rint(vector[None, :] * scale), np.float32)
        parameters = self._faiss.SearchParametersIVF(nprobe=probes, sel=selector)
        scores, ids = self._index.search(query, count, params=parameters)
        found = ids[0] >= 0
        return ids[0][found], scores[0][found] / (scale * np.float32(self._scale))

    # ---- how many lists are enough, and when to train again --------------------------------

    def calibrate(self, questions: FloatMatrix, nearest: NDArray[np.int64]) -> float:
        """Look into as few lists as still find RECALL of the (q, k) ids that are truly nearest to
        (q, d) questions; the recall reached."""
        candidates = [self.lists / 2 ** (step / 4) for step in range(24, -1, -1)]
        recall = 1.0
        for probes in sorted({max(1, round(number)) for number in candidates}):
            self._probes = probes
            hits = [
                np.isin(true, self._search(question, _DEPTH, probes, None)[0]).mean()
                for question, true in zip(questions, nearest, strict=True)
            ]
            recall = float(np.mean(hits)) if hits else 1.0
            if recall >= RECALL:
                break
        self._trained, self._unevenness = len(self), self._imbalance()
        return recall

    @property
    def drifted(self) -> bool:
        """Whether so much came, or came so unevenly, that it should be trained again: half as
        many again as it was trained for, or lists 1.5 times less even than then."""
        return (
            len(self) > _GROWN * max(self._trained, 1)
            or self._imbalance() > _UNEVEN * self._unevenness
        )

    def _imbalance(self) -> float:
        """n lists · Σ size² / (Σ size)²: 1 where all are of the same size."""
        return float(self._index.invlists.imbalance_factor())

    # ---- on disk --------------------------------------------------------------------------

    def entries(self) -> dict[str, Any]:
        """With `arrays`, all that `restore` needs."""
        return {
            "scale": self._scale,
            "probes": self._probes,
            "trained": self._trained,
            "unevenness": self._unevenness,
        }

    def arrays(self) -> dict[str, NDArray[Any]]:
        """centres (lists, d) float32; sizes (lists,) int64; ids (n,) int64 and codes (n, d)
        uint8, list after list."""
        store, view = self._index.invlists, self._faiss.rev_swig_ptr
        sizes = np.array([store.list_size(i) for i in range(self.lists)], np.int64)
        ids = np.empty(int(sizes.sum()), np.int64)
        codes = np.empty((len(ids), self._dimension), np.uint8)
        end = 0
        for number, size in enumerate(sizes.tolist()):
            if size:
                start, end = end, end + size
                ids[start:end] = view(store.get_ids(number), size)
                flat = view(store.get_codes(number), size * self._dimension)
                codes[start:end] = flat.reshape(size, -1)
        return {"centres": self._centres, "sizes": sizes, "ids": ids, "codes": codes}

    @classmethod
    def restore(cls, entries: Mapping[str, Any], arrays: Arrays) -> InvertedIndex:
        """The index that `entries` and `arrays` are of. Raises IndexMismatch; LookupError,
        TypeError or ValueError for what is of another form altogether."""
        index = cls(arrays["centres"], float(entries["scale"]))
        sizes, ids, codes = _agreeing(arrays, index.lists, index._dimension)
        swig, at = index._faiss.swig_ptr, 0
        for number, size in enumerate(sizes.tolist()):
            if size:
                part, rows = ids[at : at + size], codes[at : at + size]
                index._index.invlists.add_entries(number, size, swig(part), swig(rows))
                at += size
        index._index.ntotal = len(ids)
        index._probes = min(max(int(entries["probes"]), 1), index.lists)
        index._trained = int(entries["trained"])
        index._unevenness = float(entries["unevenness"])
        return index

    def _check(self, vectors: FloatMatrix) -> None:
        if vectors.ndim != 2 or vectors.shape[1] != self._dimension:
            raise IndexMismatch(
                f"vectors of shape {vectors.shape}, expected (n, {self._dimension})"
            )


def _agreeing(
    arrays: Mapping[str, Any], lists: int, dimension: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint8]]:
    """Sizes, ids and codes. FAISS checks nothing of what it is handed, so it is checked here."""
    sizes, ids, codes = arrays["sizes"], arrays["ids"], arrays["codes"]
    whole = (
        sizes.shape == (lists,)
        and bool((sizes >= 0).all())
        and ids.shape == (int(sizes.sum()),)
        and codes.shape == (len(ids), dimension)
        and (sizes.dtype, ids.dtype, codes.dtype) == (np.int64, np.int64, np.uint8)
    )
    if not whole:
        raise IndexMismatch(f"lists of {sizes.shape}, {ids.shape} ids, {codes.shape} codes")
    return sizes, ids, codes


class TrueNeighbours:
    """Finds the ten nearest of each of (q, d) questions exactly, while all vectors pass by once."""

    def __init__(self, questions: FloatMatrix) -> None:
        self.questions = questions
        self._scores = np.full((len(questions), _TRUTH), -np.inf, np.float32)
        self._ids = np.full((len(questions), _TRUTH), -1, np.int64)

    def look(self, ids: NDArray[np.int64], vectors: FloatMatrix) -> None:
        """The next (n, d) vectors, under (n,) ids."""
        scores = np.concatenate([self._scores, self.questions @ vectors.T], axis=1)
        repeated = np.broadcast_to(ids, (len(self._ids), len(ids)))
        numbers = np.concatenate([self._ids, repeated], axis=1)
        best = np.argpartition(-scores, _TRUTH - 1, axis=1)[:, :_TRUTH]
        self._scores = np.take_along_axis(scores, best, 1)
        self._ids = np.take_along_axis(numbers, best, 1)

    @property
    def nearest(self) -> NDArray[np.int64]:
        """(q, 10) ids, in no order; −1 where there are fewer."""
        return self._ids
