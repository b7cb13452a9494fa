"""Terms and vector → Candidates: the union of the nearest vectors and the best BM25 scores."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qa.library.store import Store
from qa.records import Candidate
from qa.search.lexical import match_any
from qa.search.live_index import LiveIndex


def find_candidates(
    store: Store,
    index: LiveIndex,
    terms: tuple[str, ...],
    vector: NDArray[np.float32],
    among: NDArray[np.int64] | None,
    depth: int,
) -> tuple[Candidate, ...]:
    """The `depth` nearest passages by cosine and the `depth` best by BM25, each with both
    scores, in order of passage id. `among` (None: all) are those that may be found at all."""
    if among is not None and len(among) == 0:
        return ()
    near, _ = index.search(vector, depth, among)
    ids, scores = store.lexical_scores(match_any(terms), among)
    if len(ids) > depth:
        best = np.argpartition(-scores, depth - 1)[:depth]
        both = np.union1d(near, ids[best])
    else:
        both = np.union1d(near, ids)
    lexical = dict(zip(ids.tolist(), scores.tolist(), strict=True))
    cosines = index.vectors(both) @ vector
    return tuple(
        Candidate(int(id_), float(cosine), float(lexical.get(int(id_), 0.0)))
        for id_, cosine in zip(both.tolist(), cosines.tolist(), strict=True)
    )
