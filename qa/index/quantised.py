"""Nearest vectors among a million: product codes of all, 8-bit codes of the best.

A question is compared with every vector's product codes, half of them in a thread of its own; the
`depth` best of each half are compared again by their 8-bit codes. Whoever needs exact products
computes them of the vectors themselves, for the few that were found.

No vector is left out beforehand, as lists or graphs of neighbours leave out most, so that nothing
is lost by a filter, and nothing by vectors that came after the training. What the rounding loses is
measured whenever the index is trained, and `depth` chosen by that.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.checked_file import Arrays
from embeddings.encoder import FloatMatrix
from embeddings.errors import IndexMismatch
from qa.index.exact import require_dimension, require_one_each
from qa.index.product_codes import PAIRS, Ids, ProductCodes, learn_pairs, only
from qa.index.rounded_vectors import LEVELS, RoundedVectors

RECALL = 0.995
SAMPLE = 20_000
_DEPTHS = (500, 1_000, 2_000, 4_000, 8_000)
_TRUTH = 10
# What has grown to so many times what it was trained for is trained again.
_GROWN = 2


class QuantizedIndex:
    """Inner product over rows of unit length, each under an id of the caller's.

    Not safe to change while it is searched. Ids are at least 0, and given once.
    """

    def __init__(
        self, pairs: FloatMatrix, halves: tuple[ProductCodes, ProductCodes], rounded: RoundedVectors
    ) -> None:
        self._pairs = pairs
        self._halves = halves
        self._rounded = rounded
        self._depth = _DEPTHS[-1]
        self._trained = 0
        self._beside = ThreadPoolExecutor(1, "citewell-vectors")

    @classmethod
    def train(cls, sample: FloatMatrix) -> QuantizedIndex:
        """An empty index, for vectors like those of the sample (n, d), of which SAMPLE do."""
        pairs = learn_pairs(sample)
        # Values beyond the sample's largest are cut off; a little room makes them rare.
        largest = float(np.abs(sample).max(initial=1e-6)) * 1.1
        rounded = RoundedVectors(sample.shape[1], LEVELS / largest)
        return cls(pairs, (ProductCodes(pairs), ProductCodes(pairs)), rounded)

    def __len__(self) -> int:
        return sum(map(len, self._halves))

    @property
    def depth(self) -> int:
        """How many of each half's best by their product codes are compared again."""
        return self._depth

    def add(self, ids: Ids, vectors: FloatMatrix) -> None:
        """Add (n, d) vectors under (n,) ids. Raises IndexMismatch if the shapes don't fit."""
        require_one_each(ids, vectors, self._rounded.dimension)
        if len(ids):
            min(self._halves, key=len).add(ids, vectors)
            self._rounded.add(ids, vectors)

    def remove(self, ids: Ids) -> int:
        """Remove those ids; how many there were."""
        self._rounded.remove(ids)
        return sum(half.remove(ids) for half in self._halves)

    def search(
        self, vector: NDArray[np.float32], count: int, among: Ids | None = None
    ) -> tuple[Ids, NDArray[np.float32]]:
        """The ids and approximate inner products of the `count` nearest, best first; fewer if
        there are fewer. `among` are the ids that may be found at all (a filter before ranking)."""
        require_dimension(vector[None, :], self._rounded.dimension)
        near = self._near(vector, max(count, self._depth), among)
        products = self.products(near, vector)
        best = np.argsort(-products, kind="stable")[:count]
        return near[best], products[best]

    def products(self, ids: Ids, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """(n,) approximate inner products, by the 8-bit codes. Raises KeyError if an id is not
        there."""
        if len(self._rounded.held(ids)) < len(ids):
            raise KeyError(f"one of {len(ids)} ids is not in the index")
        return self._rounded.products(ids, vector)

    def _near(self, vector: NDArray[np.float32], depth: int, among: Ids | None) -> Ids:
        """Each half's `depth` nearest, in no order; all that may be found, if there are no more."""
        if among is not None and len(among) <= depth:
            return self._rounded.held(among)
        selector = None if among is None else only(among)
        first, second = self._halves
        beside = self._beside.submit(first.best, vector, depth, selector)
        other = second.best(vector, depth, selector)
        return np.concatenate([beside.result(), other])

    # ---- how deep is enough, and when to train again ---------------------------------------

    def calibrate(self, questions: FloatMatrix, nearest: Ids) -> float:
        """Compare again as few as still hold RECALL of the (q, k) ids that are truly nearest to
        (q, d) questions; the recall reached."""
        recall = 1.0
        for depth in _DEPTHS:
            self._depth = depth
            hits = [
                np.isin(true, self._near(question, depth, None)).mean()
                for question, true in zip(questions, nearest, strict=True)
            ]
            recall = float(np.mean(hits)) if hits else 1.0
            if recall >= RECALL:
                break
        self._trained = len(self)
        return recall

    @property
    def drifted(self) -> bool:
        """Whether it has grown to twice what it was trained for."""
        return len(self) > _GROWN * max(self._trained, 1)

    # ---- on disk --------------------------------------------------------------------------

    def entries(self) -> dict[str, Any]:
        """With `arrays`, all that `restore` needs."""
        return {"scale": self._rounded.scale, "depth": self._depth, "trained": self._trained}

    def arrays(self) -> dict[str, NDArray[Any]]:
        """pairs (⌈d/2⌉, 16, 2) float32; of each half ids (n,) int64 and packed codes; rounded
        (n, d), the 8-bit codes of the first half and then the second, as uint8."""
        ids = [half.ids() for half in self._halves]
        arrays: dict[str, NDArray[Any]] = {
            "pairs": self._pairs,
            "rounded": self._rounded.of(np.concatenate(ids)).view(np.uint8),
        }
        for number, half in enumerate(self._halves):
            arrays |= {f"ids{number}": ids[number], f"packed{number}": half.packed()}
        return arrays

    @classmethod
    def restore(cls, entries: Mapping[str, Any], arrays: Arrays, dimension: int) -> QuantizedIndex:
        """The index of vectors of `dimension` that `entries` and `arrays` are of. Raises
        IndexMismatch; LookupError, TypeError or ValueError for what is of another form
        altogether."""
        pairs, codes = arrays["pairs"], arrays["rounded"]
        if pairs.shape != (-(-dimension // 2), PAIRS, 2):
            raise IndexMismatch(f"pairs of {pairs.shape} for vectors of {dimension}")
        first, second = (
            ProductCodes.restore(pairs, arrays[f"ids{half}"], arrays[f"packed{half}"])
            for half in (0, 1)
        )
        ids = np.concatenate([first.ids(), second.ids()])
        if codes.shape != (len(ids), dimension) or codes.dtype != np.uint8:
            raise IndexMismatch(f"{len(ids)} ids and 8-bit codes of {codes.shape}")
        rounded = RoundedVectors(dimension, float(entries["scale"]))
        rounded.add_rounded(ids, codes.view(np.int8))
        index = cls(pairs, (first, second), rounded)
        index._depth = max(int(entries["depth"]), 1)
        index._trained = int(entries["trained"])
        return index


class TrueNeighbours:
    """Finds the ten nearest of each of (q, d) questions exactly, while all vectors pass by once."""

    def __init__(self, questions: FloatMatrix) -> None:
        self.questions = questions
        self._scores = np.full((len(questions), _TRUTH), -np.inf, np.float32)
        self._ids = np.full((len(questions), _TRUTH), -1, np.int64)

    def look(self, ids: Ids, vectors: FloatMatrix) -> None:
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
