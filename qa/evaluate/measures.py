"""The measures that Citewell computes itself, each a pure function of exact input.

The usual measures of ranked documents are in `retrieval.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from qa.evaluate.collections.collection import GoldSpan, Rule

Bools = Sequence[bool]


def is_right_span(start: int, end: int, gold: GoldSpan) -> bool:
    """Whether a quote at `start` to `end` of the gold span's own document is right by its rule.

    HOLDS: all of the span lies in the quote. WITHIN: all of the quote lies in the span.
    """
    if gold.rule is Rule.HOLDS:
        return start <= gold.start and gold.end <= end
    return gold.start <= start and end <= gold.end


def is_right_text(quote: Sequence[str], expected: Sequence[Sequence[str]]) -> bool:
    """Whether a quote answers with expected words: it holds one whole sentence of them, or is
    itself a part of them. Both as words, the expected ones in sentences.

    >>> is_right_text("so the gauge stood at 7 metres".split(), [["7", "metres"]])
    True
    >>> is_right_text("so the gauge stood".split(), [["7", "metres"]])
    False
    """
    whole = [word for sentence in expected for word in sentence]
    holds = any(sentence and _is_run(sentence, quote) for sentence in expected)
    return holds or (bool(quote) and _is_run(quote, whole))


def _is_run(part: Sequence[str], whole: Sequence[str]) -> bool:
    part, whole = list(part), list(whole)
    return any(
        whole[start : start + len(part)] == part for start in range(len(whole) - len(part) + 1)
    )


def mean(values: Sequence[float] | Bools) -> float | None:
    """The arithmetic mean; None of nothing."""
    return float(np.mean(np.asarray(values, np.float64))) if len(values) else None


def percentile(values: Sequence[float], percent: float) -> float | None:
    """The value that `percent` of the values do not exceed, between neighbours linearly."""
    return float(np.percentile(np.asarray(values, np.float64), percent)) if len(values) else None


def auroc(scores: Sequence[float], positive: Bools) -> float | None:
    """The area under the ROC curve: how often a positive scores above a negative, ties half.

    By the rank sum of Mann and Whitney (1947), with mid-ranks for ties. None where there are
    only positives or only negatives.

    >>> auroc([0.9, 0.8, 0.7, 0.1], [True, False, True, False])
    0.75
    """
    labels = np.asarray(positive, np.bool_)
    positives, negatives = int(labels.sum()), int((~labels).sum())
    if not positives or not negatives:
        return None
    ranks = _mid_ranks(np.asarray(scores, np.float64))
    above = ranks[labels].sum() - positives * (positives + 1) / 2
    return float(above / (positives * negatives))


def _mid_ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks from 1, equal values sharing the mean of theirs: (n,) → (n,)."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[inverse], np.float64)


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """Answering only where the confidence is at least `threshold`: the share of the questions
    that get an answer, and the share of those answers that are wrong."""

    threshold: float
    coverage: float
    risk: float


def risk_coverage(confidences: Sequence[float], right: Bools) -> tuple[RiskPoint, ...]:
    """The risk–coverage curve (El-Yaniv and Wiener, JMLR 2010), by rising coverage, one point
    for each distinct confidence.

    >>> points = risk_coverage([0.9, 0.5, 0.5, 0.1], [True, True, False, True])
    >>> [(point.coverage, point.risk) for point in points]
    [(0.25, 0.0), (0.75, 0.3333333333333333), (1.0, 0.25)]
    """
    pairs = sorted(zip(confidences, right, strict=True), key=lambda pair: -pair[0])
    points, answered, wrong = [], 0, 0
    for threshold, group in groupby(pairs, key=lambda pair: pair[0]):
        judged = [is_right for _, is_right in group]
        answered += len(judged)
        wrong += len(judged) - sum(judged)
        points.append(RiskPoint(float(threshold), answered / len(pairs), wrong / answered))
    return tuple(points)


def area_under_risk(points: Sequence[RiskPoint]) -> float | None:
    """The mean risk over all coverages (AURC; Geifman and El-Yaniv, ICLR 2019); lower is
    better. Each stretch of coverage counts with the risk at its end.

    >>> area_under_risk(risk_coverage([0.9, 0.1], [True, False]))
    0.25
    """
    if not points:
        return None
    before = [0.0, *(point.coverage for point in points)]
    return float(sum((p.coverage - b) * p.risk for p, b in zip(points, before, strict=False)))
