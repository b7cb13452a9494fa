"""Unit vectors rounded to 8 bits a component, under ids: a quarter of the memory, products to about
a hundredth.

They are held in blocks, so that adding to a million copies none of them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import FloatMatrix
from qa.index.product_codes import Ids

LEVELS = 127
_BLOCK = 1 << 16  # rows
_NONE = -1


class RoundedVectors:
    """(n, d) whole numbers of −127 … 127, `scale` of them to a component's 1.

    Ids are at least 0, and given once; memory grows with the largest of them by 4 bytes.
    """

    def __init__(self, dimension: int, scale: float) -> None:
        self.scale = scale
        self.dimension = dimension
        self._blocks: list[NDArray[np.int8]] = []
        self._row_of = np.empty(0, np.int32)
        self._free: list[int] = []
        self._used = 0

    def add(self, ids: Ids, vectors: FloatMatrix) -> None:
        """(n, d) vectors under (n,) ids."""
        rounded = np.clip(np.rint(vectors * np.float32(self.scale)), -LEVELS, LEVELS)
        self.add_rounded(ids, rounded.astype(np.int8))

    def add_rounded(self, ids: Ids, rounded: NDArray[np.int8]) -> None:
        """(n, d) vectors that are rounded already."""
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
        """Those of (n,) ids that are there."""
        known = ids[ids < len(self._row_of)]
        held: Ids = known[self._row_of[known] != _NONE]
        return held

    def of(self, ids: Ids) -> NDArray[np.int8]:
        """The (n, d) rounded vectors of (n,) ids that are there."""
        rows = self._row_of[ids]
        found = np.empty((len(rows), self.dimension), np.int8)
        blocks = rows // _BLOCK
        for block in np.unique(blocks).tolist():
            inside = blocks == block
            found[inside] = self._blocks[block][rows[inside] % _BLOCK]
        return found

    def products(self, ids: Ids, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """(n,) inner products of a (d,) vector with those of (n,) ids that are there."""
        products: NDArray[np.float32] = self.of(ids).astype(np.float32) @ vector
        return products / np.float32(self.scale)

    def _reach(self, largest: int) -> None:
        if largest >= len(self._row_of):
            more = np.full(largest + 1 - len(self._row_of) + largest // 8, _NONE, np.int32)
            self._row_of = np.concatenate([self._row_of, more])
