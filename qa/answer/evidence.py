"""How well the best passage answers: a probability from a logistic model of three figures.

    p = 1 / (1 + exp(−(a·interaction + b·coverage + c·cosine + d)))

`interaction` is the late-interaction score of the passage's best sentence, `cosine` that of its
vector to the question's, `coverage` the share of the question's terms, weighted by IDF, that
the passage and its context hold. Cosines and term counts alone each tell a question that the
sources cover from one that they don't less well; together they err least (BENCHMARKS.md).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from qa.language.tokens import tokens
from qa.records import Query, Verdict
from qa.search.searcher import SearchResult
from qa.settings import EvidenceSettings
from qa.store.sqlite.store import Store


@dataclass(frozen=True, slots=True)
class Evidence:
    """The figures of the best passage."""

    interaction: float
    coverage: float
    dense: float

    def probability(self, model: EvidenceSettings) -> float:
        """That the passage answers, 0 to 1, where half of all questions have an answer."""
        logit = (
            model.interaction * self.interaction
            + model.coverage * self.coverage
            + model.dense * self.dense
            + model.intercept
        )
        return 1 / (1 + math.exp(-logit)) if logit > -700 else 0.0


def gather_evidence(store: Store, query: Query, found: SearchResult) -> Evidence | None:
    """The evidence of the best-ranked passage; None if nothing was found at all."""
    if not found.ranked:
        return None
    best = found.ranked[0]
    passage = found.passages[best.passage]
    text = store.slice(passage.text_id, passage.start, passage.end)
    held = frozenset(tokens(f"{passage.context}\n{text}"))
    share = coverage(query.terms, held, found.term_counts, store.passage_count())
    return Evidence(best.interaction, share, best.dense)


def coverage(
    terms: tuple[str, ...], held: frozenset[str], counts: Mapping[str, int], passages: int
) -> float:
    """The share of the terms' IDF, ln(1 + N / (0.5 + df)), that belongs to terms held.

    >>> round(coverage(("dam", "ox"), frozenset({"dam"}), {"dam": 10, "ox": 0}, 100), 4)
    0.3074
    """
    weights = {term: math.log1p(passages / (0.5 + counts[term])) for term in terms}
    total = sum(weights.values())
    return sum(weights[term] for term in terms if term in held) / total if total else 0.0


def judge(probability: float, model: EvidenceSettings) -> Verdict:
    """ANSWERED, WEAK or NOT_FOUND."""
    if probability >= model.answered:
        return Verdict.ANSWERED
    return Verdict.WEAK if probability >= model.weak else Verdict.NOT_FOUND
