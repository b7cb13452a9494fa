"""Outcomes → the figures of a run, and of two runs compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.evaluate.measures import (
    RiskPoint,
    area_under_risk,
    auroc,
    mean,
    percentile,
    risk_coverage,
)
from qa.evaluate.outcomes import Evaluation, Outcome
from qa.evaluate.retrieval import MEASURES
from qa.evaluate.significance import PairedResult, compare_paired
from qa.records import Verdict


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of one run; None where the collection has nothing to measure it by.

    retrieval: measure → mean over questions with relevant documents. Over the answerable
    questions: `first_quote`, the share whose first shown quote is right; `first_found`, the
    same with near misses counted where nothing is shown; `any_quote`, any shown quote.
    `quote_precision`: the share of all shown quotes that are right. `auroc`: how well the
    confidence tells answerable from unanswerable questions; `aurc` and `curve`: risk against
    coverage, an answer being wrong if its best quote is, or if there is none to give.
    """

    questions: int
    answerable: int
    judged: int
    retrieval: dict[str, float]
    first_quote: float | None
    first_found: float | None
    any_quote: float | None
    quote_precision: float | None
    auroc: float | None
    aurc: float | None
    curve: tuple[RiskPoint, ...]
    verdicts: dict[Verdict, int]
    verdicts_unanswerable: dict[Verdict, int]
    p50_ms: float | None
    p95_ms: float | None

    @property
    def unanswerable(self) -> int:
        return self.questions - self.answerable


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure under two settings, over the same questions; `paired` is None for a measure
    that is no mean over questions."""

    measure: str
    first: float | None
    second: float | None
    paired: PairedResult | None


def summarise(evaluation: Evaluation) -> Summary:
    """The figures of a run."""
    outcomes = evaluation.outcomes
    answerable = [outcome for outcome in outcomes if outcome.answerable]
    judged = [outcome for outcome in outcomes if outcome.retrieval]
    confidences = [outcome.confidence for outcome in outcomes]
    shown = [quote.right for outcome in outcomes for quote in outcome.quotes]
    curve = risk_coverage(confidences, [outcome.best_right for outcome in outcomes])
    times = [outcome.milliseconds for outcome in outcomes]
    return Summary(
        questions=len(outcomes),
        answerable=len(answerable),
        judged=len(judged),
        retrieval={
            name: value
            for name in MEASURES
            if (value := mean([outcome.retrieval[name] for outcome in judged])) is not None
        },
        first_quote=mean([outcome.first_right for outcome in answerable]),
        first_found=mean([outcome.best_right for outcome in answerable]),
        any_quote=mean([outcome.any_right for outcome in answerable]),
        quote_precision=mean(shown),
        auroc=auroc(confidences, [outcome.answerable for outcome in outcomes]),
        aurc=area_under_risk(curve),
        curve=curve,
        verdicts=_verdicts(answerable),
        verdicts_unanswerable=_verdicts([o for o in outcomes if not o.answerable]),
        p50_ms=percentile(times, 50),
        p95_ms=percentile(times, 95),
    )


def _verdicts(outcomes: Sequence[Outcome]) -> dict[Verdict, int]:
    counts = Counter(outcome.verdict for outcome in outcomes)
    return {verdict: counts[verdict] for verdict in Verdict}


FIRST_QUOTE = "first quote"
FIRST_FOUND = "first quote or miss"
ANY_QUOTE = "any quote"

_PER_QUESTION: tuple[tuple[str, Callable[[Outcome], float]], ...] = (
    (FIRST_QUOTE, lambda outcome: float(outcome.first_right)),
    (FIRST_FOUND, lambda outcome: float(outcome.best_right)),
    (ANY_QUOTE, lambda outcome: float(outcome.any_right)),
)


def compare(first: Evaluation, second: Evaluation) -> tuple[Difference, ...]:
    """Two runs over the same questions, measure by measure, with a paired test for each mean.

    Raises ValueError if they are not of the same questions.
    """
    pairs = list(zip(first.outcomes, second.outcomes, strict=True))
    if any((a.shelf, a.id, a.question) != (b.shelf, b.id, b.question) for a, b in pairs):
        raise ValueError("the two runs asked other questions, expected the same in one order")
    found = []
    judged = [(a, b) for a, b in pairs if a.retrieval]
    for name in MEASURES if judged else ():
        found.append(_paired(name, [(a.retrieval[name], b.retrieval[name]) for a, b in judged]))
    answerable = [(a, b) for a, b in pairs if a.answerable]
    for name, value in _PER_QUESTION if answerable else ():
        found.append(_paired(name, [(value(a), value(b)) for a, b in answerable]))
    one, two = summarise(first), summarise(second)
    if one.auroc is not None:
        found.append(Difference("AUROC", one.auroc, two.auroc, None))
    found.append(Difference("AURC", one.aurc, two.aurc, None))
    found.append(Difference("p50 ms", one.p50_ms, two.p50_ms, None))
    return tuple(found)


def _paired(name: str, values: Sequence[tuple[float, float]]) -> Difference:
    result = compare_paired([a for a, _ in values], [b for _, b in values])
    assert result is not None  # there are values
    return Difference(name, result.first, result.second, result)
