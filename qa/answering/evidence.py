"""How well what was found answers: the verdict, from the evidence of the best passage.

The evidence is a probability from a logistic model of two figures of the best passage:
the late-interaction score, and the IDF-weighted share of the question's terms that the
library's best passages hold at all.
"""

from __future__ import annotations

from qa.library.store import Store
from qa.records import Query, Verdict
from qa.search.searcher import Found
from qa.settings import QuotingSettings


def judge(store: Store, query: Query, found: Found, settings: QuotingSettings) -> Verdict:
    """ANSWERED, WEAK or NOT_FOUND."""
    evidence = max((ranked.interaction for ranked in found.ranked[:3]), default=0.0)
    if evidence >= settings.answered:
        return Verdict.ANSWERED
    return Verdict.WEAK if evidence >= settings.weak else Verdict.NOT_FOUND
