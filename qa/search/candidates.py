"""Vector and lexical matches → Candidates: the nearest by cosine and the best by BM25."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qa.records import Candidate
from qa.search.live_index import LiveIndex


def find_candidates(
    index: LiveIndex,
    vector: NDArray[np.float32],
    matches: tuple[NDArray[np.int64], NDArray[np.float32]],
    among: NDArray[np.int64] | None,
    depth: int,
) -> tuple[Candidate, ...]:
    """The `depth` nearest passages by cosine and the `depth` best by BM25, each with both
    scores, in order of passage id.

    `matches` are all passages that hold a term, ascending, with their BM25 scores; `among`
    (None: all) are those that may be found at all.
    """
    if among is not None and len(among) == 0:
        return ()
    ids, scores = matches
    if among is not None:
        allowed = np.isin(ids, among)
        ids, scores = ids[allowed], scores[allowed]
    near, _ = index.search(vector, depth, among)
    best = ids if len(ids) <= depth else ids[np.argpartition(-scores, depth - 1)[:depth]]
    both = np.union1d(near, best)
    cosines = index.vectors(both) @ vector
    place = np.minimum(np.searchsorted(ids, both), max(len(ids) - 1, 0))
    held = ids[place] == both if len(ids) else np.zeros(len(both), np.bool_)
    lexical = np.where(held, scores[place], 0) if len(ids) else np.zeros(len(both))
    return tuple(
        Candidate(id_, cosine, score)
        for id_, cosine, score in zip(
            both.tolist(), cosines.tolist(), lexical.tolist(), strict=True
        )
    )
