"""Vector and lexical matches → Candidates: the nearest by cosine and the best by BM25."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.index.live_index import LiveIndex
from qa.index.term_matches import TermMatches
from qa.store.sqlite.store import Store


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
    store: Store,
    index: LiveIndex,
    vector: NDArray[np.float32],
    matches: TermMatches,
    conditions: Sequence[NDArray[np.int64] | None],
    depth: int,
) -> Candidates:
    """Under each condition the `depth` nearest passages by cosine and the `depth` best by BM25.

    A condition is the ids that may be found at all, ascending (None: all).
    """
    ids = np.empty(0, np.int64)
    for among in conditions:
        if among is None or len(among):
            near, _ = index.search(vector, depth, among)
            found = np.union1d(near, matches.best(depth, among))
            ids = np.concatenate([ids, np.setdiff1d(found, ids)]) if len(ids) else found
    if not len(ids):
        nothing = np.empty(0, np.float32)
        return Candidates(ids, nothing, nothing)
    return Candidates(ids, index.cosines(store, ids, vector), matches.scores(ids))
