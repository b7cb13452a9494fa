"""Vector and lexical matches → Candidates: the nearest by cosine and the best by BM25."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.index.protocol import Matches


@dataclass(frozen=True, slots=True)
class Candidates:
    """The passages that the first stage found, each once: (n,) ids, their cosines to the question
    and their BM25 scores (0: no term)."""

    ids: NDArray[np.int64]
    dense: NDArray[np.float32]
    lexical: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.ids)


def find_candidates(
    near: Matches,
    worded: Matches,
    conditions: Sequence[NDArray[np.int64] | None],
    depth: int,
) -> Candidates:
    """Return the `depth` nearest passages by cosine and the `depth` best by BM25 under each
    condition.

    A condition is the ids that may be found at all, ascending (None: all).
    """
    ids = np.empty(0, np.int64)
    for among in conditions:
        if among is None or len(among):
            found = np.union1d(near.best(depth, among), worded.best(depth, among))
            ids = np.concatenate([ids, np.setdiff1d(found, ids)]) if len(ids) else found
    if not len(ids):
        nothing = np.empty(0, np.float32)
        return Candidates(ids, nothing, nothing)
    return Candidates(ids, near.scores(ids), worded.scores(ids))
