"""The passages that hold any of some terms, with their BM25 scores, whatever index found them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
Scores = NDArray[np.float32]


class TermMatches(Protocol):
    """Scores are higher for better, statistics those of the whole library."""

    def best(self, count: int, among: Ids | None = None) -> Ids:
        """The ids of the `count` best passages, among the ascending ids given, in any order."""
        ...

    def scores(self, ids: Ids) -> Scores:
        """(n,) scores of (n,) passages; 0 for what holds no term."""
        ...


@dataclass(frozen=True, slots=True)
class ListedMatches:
    """All matches, by ascending passage id: (n,) and (n,)."""

    ids: Ids
    values: Scores

    def best(self, count: int, among: Ids | None = None) -> Ids:
        ids, values = self.ids, self.values
        if among is not None:
            allowed = np.isin(ids, among)
            ids, values = ids[allowed], values[allowed]
        return ids if len(ids) <= count else ids[np.argpartition(-values, count - 1)[:count]]

    def scores(self, ids: Ids) -> Scores:
        if not len(self.ids):
            return np.zeros(len(ids), np.float32)
        place = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return np.where(self.ids[place] == ids, self.values[place], np.float32(0))
