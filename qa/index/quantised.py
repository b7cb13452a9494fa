"""Nearest vectors among a million: product codes of all, 8-bit codes of the best.

A question is compared with every vector's product codes, half of them in a thread of its own; the
`depth` best of each half are compared again by their 8-bit codes. Whoever needs exact products
computes them of the vectors themselves, for the few that were found.

No vector is left out beforehand, as lists or graphs of neighbours leave out most, so that nothing
is lost by a filter, and nothing by vectors that came after the training. What the rounding loses is
measured whenever the index is trained, and `depth` chosen by that.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import FloatMatrix
from qa.index.exact import Vector, require_dimension, require_one_each
from qa.index.product_codes import PAIRS, ProductCodes, learn_pairs, only
from qa.index.protocol import Ids, SavedIndex, Scores, require_shape, restoring

RECALL = 0.995
SAMPLE = 20_000
_DEPTHS = (500, 1_000, 2_000, 4_000, 8_000)
_TRUTH = 10
# What has grown to so many times what it was trained for is trained again.
_GROWN = 2
_LEVELS = 127
_BLOCK = 1 << 16  # rows
_NONE = -1


class QuantizedIndex:
    """An `Index` of unit vectors (n, d) by approximate inner product, asked with a vector (d,).

    Ids are at least 0, and given once.
    """

    form: ClassVar[str] = "quantized"
    exact: ClassVar[bool] = False

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
    def train(cls, sample: FloatMatrix) -> Self:
        """Return an empty index for vectors like those of the sample (n, d); SAMPLE are enough."""
        pairs = learn_pairs(sample)
        # Values beyond the sample's largest are cut off; a little room makes them rare.
        largest = float(np.abs(sample).max(initial=1e-6)) * 1.1
        rounded = RoundedVectors(sample.shape[1], _LEVELS / largest)
        return cls(pairs, (ProductCodes(pairs), ProductCodes(pairs)), rounded)

    def __len__(self) -> int:
        return sum(map(len, self._halves))

    @property
    def kind(self) -> str:
        return f"product codes, the best {self._depth:,} refined"

    @property
    def depth(self) -> int:
        """How many of each half's best by their product codes are compared again."""
        return self._depth

    @property
    def drifted(self) -> bool:
        """Whether it has grown to twice what it was trained for."""
        return len(self) > _GROWN * max(self._trained, 1)

    def add(self, ids: Ids, vectors: FloatMatrix) -> None:
        require_one_each(ids, vectors, self._rounded.dimension)
        if len(ids):
            min(self._halves, key=len).add(ids, vectors)
            self._rounded.add(ids, vectors)

    def remove(self, ids: Ids) -> int:
        self._rounded.remove(ids)
        return sum(half.remove(ids) for half in self._halves)

    def search(self, vector: Vector) -> QuantizedMatches:
        require_dimension(vector[None, :], self._rounded.dimension)
        return QuantizedMatches(self, vector)

    def nearest(self, vector: Vector, count: int, among: Ids | None) -> Ids:
        """Return the ids of about the `count` nearest to a (d,) vector, best first."""
        near = self._near(vector, max(count, self._depth), among)
        return near[np.argsort(-self.products(near, vector), kind="stable")[:count]]

    def products(self, ids: Ids, vector: Vector) -> Scores:
        """Return (n,) approximate inner products, by the 8-bit codes. Raises KeyError if an id is
        not there."""
        if len(self._rounded.held(ids)) < len(ids):
            raise KeyError(f"one of {len(ids)} ids is not in the index")
        return self._rounded.products(ids, vector)

    def _near(self, vector: Vector, depth: int, among: Ids | None) -> Ids:
        """Return each half's `depth` nearest, in no order; all that may be found, if there are no
        more."""
        if among is not None and len(among) <= depth:
            return self._rounded.held(among)
        selector = None if among is None else only(among)
        first, second = self._halves
        beside = self._beside.submit(first.best, vector, depth, selector)
        other = second.best(vector, depth, selector)
        return np.concatenate([beside.result(), other])

    def calibrate(self, questions: FloatMatrix, nearest: Ids) -> float:
        """Compare again as few as still hold RECALL of the (q, k) ids that are truly nearest to
        (q, d) questions; return the recall reached."""
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

    def save(self) -> SavedIndex:
        """Arrays: pairs (⌈d/2⌉, 16, 2) float32; of each half ids (n,) int64 and packed codes;
        rounded (n, d), the 8-bit codes of the first half and then the second, as uint8."""
        ids = [half.ids() for half in self._halves]
        arrays: dict[str, NDArray[Any]] = {
            "pairs": self._pairs,
            "rounded": self._rounded.of(np.concatenate(ids)).view(np.uint8),
        }
        for number, half in enumerate(self._halves):
            arrays |= {f"ids{number}": ids[number], f"packed{number}": half.packed()}
        entries = {
            "dimension": self._rounded.dimension,
            "scale": self._rounded.scale,
            "depth": self._depth,
            "trained": self._trained,
        }
        return SavedIndex(entries, arrays)

    @classmethod
    def restore(cls, saved: SavedIndex) -> Self:
        with restoring(cls.form):
            entries, arrays = saved.entries, saved.arrays
            dimension = int(entries["dimension"])
            pairs, codes = arrays["pairs"], arrays["rounded"]
            require_shape("pairs", pairs, np.float32, -(-dimension // 2), PAIRS, 2)
            first, second = (
                ProductCodes.restore(pairs, arrays[f"ids{half}"], arrays[f"packed{half}"])
                for half in (0, 1)
            )
            ids = np.concatenate([first.ids(), second.ids()])
            require_shape("rounded", codes, np.uint8, len(ids), dimension)
            rounded = RoundedVectors(dimension, float(entries["scale"]))
            rounded.add_rounded(ids, codes.view(np.int8))
            index = cls(pairs, (first, second), rounded)
            index._depth = max(int(entries["depth"]), 1)
            index._trained = int(entries["trained"])
            return index


@dataclass(frozen=True, slots=True)
class QuantizedMatches:
    """The `Matches` of a (d,) vector; scores are inner products to about a hundredth."""

    index: QuantizedIndex
    vector: Vector

    def best(self, count: int, among: Ids | None = None) -> Ids:
        return self.index.nearest(self.vector, count, among)

    def scores(self, ids: Ids) -> Scores:
        return self.index.products(ids, self.vector)


class RoundedVectors:
    """Unit vectors under ids, rounded to 8 bits a component: (n, d) whole numbers of −127 … 127,
    `scale` of them to a component's 1.

    They take a quarter of the memory, and their products are right to about a hundredth. They are
    held in blocks, so that adding to a million copies none of them. Ids are at least 0, and given
    once; memory grows with the largest of them by 4 bytes.
    """

    def __init__(self, dimension: int, scale: float) -> None:
        self.scale = scale
        self.dimension = dimension
        self._blocks: list[NDArray[np.int8]] = []
        self._row_of = np.empty(0, np.int32)
        self._free: list[int] = []
        self._used = 0

    def add(self, ids: Ids, vectors: FloatMatrix) -> None:
        """Add (n, d) vectors under (n,) ids."""
        rounded = np.clip(np.rint(vectors * np.float32(self.scale)), -_LEVELS, _LEVELS)
        self.add_rounded(ids, rounded.astype(np.int8))

    def add_rounded(self, ids: Ids, rounded: NDArray[np.int8]) -> None:
        """Add (n, d) vectors that are rounded already."""
        again = np.array([self._free.pop() for _ in range(min(len(ids), len(self._free)))], int)
        for row, values in zip(again.tolist(), rounded, strict=False):
            self._blocks[row // _BLOCK][row % _BLOCK] = values
        first, done = self._used, len(again)
        self._used += len(ids) - done
        while len(self._blocks) * _BLOCK < self._used:
            # Memory that nothing was written to yet takes none.
            self._blocks.append(np.empty((_BLOCK, self.dimension), np.int8))
        for start in range(first - first % _BLOCK, self._used, _BLOCK):
            begin, end = max(start, first), min(start + _BLOCK, self._used)
            part = rounded[done + begin - first : done + end - first]
            self._blocks[start // _BLOCK][begin - start : end - start] = part
        self._reach(int(ids.max(initial=0)))
        self._row_of[ids] = np.concatenate([again, np.arange(first, self._used)])

    def remove(self, ids: Ids) -> None:
        """Forget those ids; the ones that are not there count for nothing."""
        ids = self.held(ids)
        self._free.extend(self._row_of[ids].tolist())
        self._row_of[ids] = _NONE

    def held(self, ids: Ids) -> Ids:
        """Return those of (n,) ids that are there."""
        known = ids[ids < len(self._row_of)]
        held: Ids = known[self._row_of[known] != _NONE]
        return held

    def of(self, ids: Ids) -> NDArray[np.int8]:
        """Return the (n, d) rounded vectors of (n,) ids that are there."""
        rows = self._row_of[ids]
        found = np.empty((len(rows), self.dimension), np.int8)
        blocks = rows // _BLOCK
        for block in np.unique(blocks).tolist():
            inside = blocks == block
            found[inside] = self._blocks[block][rows[inside] % _BLOCK]
        return found

    def products(self, ids: Ids, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the (n,) inner products of a (d,) vector with those of (n,) ids that are there."""
        products: NDArray[np.float32] = self.of(ids).astype(np.float32) @ vector
        return products / np.float32(self.scale)

    def _reach(self, largest: int) -> None:
        if largest >= len(self._row_of):
            more = np.full(largest + 1 - len(self._row_of) + largest // 8, _NONE, np.int32)
            self._row_of = np.concatenate([self._row_of, more])


class TrueNeighbours:
    """Finds the ten nearest of each of (q, d) questions exactly, while all vectors pass by once."""

    def __init__(self, questions: FloatMatrix) -> None:
        self.questions = questions
        self._scores = np.full((len(questions), _TRUTH), -np.inf, np.float32)
        self._ids = np.full((len(questions), _TRUTH), -1, np.int64)

    def look(self, ids: Ids, vectors: FloatMatrix) -> None:
        """Take the next (n, d) vectors, under (n,) ids."""
        scores = np.concatenate([self._scores, self.questions @ vectors.T], axis=1)
        repeated = np.broadcast_to(ids, (len(self._ids), len(ids)))
        numbers = np.concatenate([self._ids, repeated], axis=1)
        best = np.argpartition(-scores, _TRUTH - 1, axis=1)[:, :_TRUTH]
        self._scores = np.take_along_axis(scores, best, 1)
        self._ids = np.take_along_axis(numbers, best, 1)

    @property
    def nearest(self) -> NDArray[np.int64]:
        """The (q, 10) ids, in no order; −1 where there are fewer."""
        return self._ids
