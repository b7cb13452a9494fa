"""Vector and lexical matches → Candidates: the nearest by cosine and the best by BM25."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qa.library.store import Store
from qa.library.term_matches import TermMatches
from qa.records import Candidate
from qa.search.live_index import LiveIndex


def find_candidates(
    store: Store,
    index: LiveIndex,
    vector: NDArray[np.float32],
    matches: TermMatches,
    among: NDArray[np.int64] | None,
    depth: int,
) -> tuple[Candidate, ...]:
    """The `depth` nearest passages by cosine and the `depth` best by BM25, each with both
    scores, in order of passage id.

    `among` (None: all) are the ids that may be found at all, ascending.
    """
    if among is not None and len(among) == 0:
        return ()
    near, _ = index.search(vector, depth, among)
    both = np.union1d(near, matches.best(depth, among))
    cosines = index.cosines(store, both, vector)
    return tuple(
        Candidate(id_, cosine, score)
        for id_, cosine, score in zip(
            both.tolist(), cosines.tolist(), matches.scores(both).tolist(), strict=True
        )
    )
