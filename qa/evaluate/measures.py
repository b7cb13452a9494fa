"""Evaluation measures, each a pure function, and a significance test of two settings. Rankings are
measured with ir-measures, which only this module imports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from qa.errors import CitewellError
from qa.evaluate.collections.collection import GoldSpan, Rule

Bools = Sequence[bool]

RETRIEVAL_MEASURES = ("Recall@1", "Recall@5", "Recall@10", "MRR@10", "nDCG@10")
# ir-measures' own names of them, in the same order.
_NAMES = ("R@1", "R@5", "R@10", "RR@10", "nDCG@10")
_ROUNDS = 10_000
_TEST_SEED = 20_240
_BLOCK = 1_000


def is_right_span(start: int, end: int, gold: GoldSpan) -> bool:
    """Return whether a quote at `start` to `end` of the gold span's own document is right by its
    rule.

    HOLDS: all of the span lies in the quote. WITHIN: all of the quote lies in the span.
    """
    if gold.rule is Rule.HOLDS:
        return start <= gold.start and gold.end <= end
    return gold.start <= start and end <= gold.end


def is_right_text(quote: Sequence[str], expected: Sequence[Sequence[str]]) -> bool:
    """Return whether a quote answers with expected words: it holds one whole sentence of them, or
    is itself a part of them. Both as words, the expected ones in sentences.

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
    """Return the arithmetic mean; None of nothing."""
    return float(np.mean(np.asarray(values, np.float64))) if len(values) else None


def percentile(values: Sequence[float], percent: float) -> float | None:
    """Return the value that `percent` of the values do not exceed, between neighbours linearly."""
    return float(np.percentile(np.asarray(values, np.float64), percent)) if len(values) else None


def auroc(scores: Sequence[float], positive: Bools) -> float | None:
    """Return the area under the ROC curve: how often a positive scores above a negative, ties half.

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
    """Return ranks from 1, equal values sharing the mean of theirs: (n,) → (n,)."""
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
    """Return the risk–coverage curve (El-Yaniv and Wiener, JMLR 2010), by rising coverage, one
    point for each distinct confidence.

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
    """Return the mean risk over all coverages (AURC; Geifman and El-Yaniv, ICLR 2019); lower is
    better. Each stretch of coverage counts with the risk at its end.

    >>> area_under_risk(risk_coverage([0.9, 0.1], [True, False]))
    0.25
    """
    if not points:
        return None
    before = [0.0, *(point.coverage for point in points)]
    return float(sum((p.coverage - b) * p.risk for p, b in zip(points, before, strict=False)))


def retrieval_scores(
    qrels: Mapping[str, Mapping[str, int]], run: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, float]]:
    """Return question → measure → value, for every question of `qrels` (question → document →
    grade).

    `run` has each question's documents, best first; a question without any scores 0.
    Raises CitewellError if ir-measures is not installed.
    """
    try:
        import ir_measures
    except ImportError as error:
        raise CitewellError(
            "ir-measures is not installed, which `qa eval` measures with: "
            "pip install 'citewell[eval]'"
        ) from error
    # Ranks instead of scores: equal scores would be put in an order of ir-measures' own.
    scored = {
        question: {document: float(-rank) for rank, document in enumerate(documents)}
        for question, documents in run.items()
        if documents
    }
    measures = {
        ir_measures.parse_measure(name): said
        for name, said in zip(_NAMES, RETRIEVAL_MEASURES, strict=True)
    }
    judged = {question: dict(grades) for question, grades in qrels.items()}
    found: dict[str, dict[str, float]] = {
        question: dict.fromkeys(RETRIEVAL_MEASURES, 0.0) for question in qrels
    }
    if judged and scored:
        for metric in ir_measures.iter_calc(list(measures), judged, scored):
            found[metric.query_id][measures[metric.measure]] = float(metric.value)
    return found


# ---- whether two settings differ on the same questions, or only by chance ---------------

# The paired randomisation test (Smucker, Allan and Carterette, CIKM 2007): under the null
# hypothesis the two results of a question could be swapped, so the sign of each difference is as
# good as its opposite.


@dataclass(frozen=True, slots=True)
class PairedResult:
    """`difference`: the mean of second − first over `questions`, with a 95 % bootstrap interval
    `low` to `high`; `p`: the two-sided probability of one as large by chance; `better` and
    `worse`: on how many questions the second gained and lost."""

    questions: int
    first: float
    second: float
    difference: float
    low: float
    high: float
    p: float
    better: int
    worse: int


def compare_paired(
    first: Sequence[float],
    second: Sequence[float],
    *,
    rounds: int = _ROUNDS,
    seed: int = _TEST_SEED,
) -> PairedResult | None:
    """Compare two results of the same questions, in the same order; None of no questions.

    Raises ValueError if the two are not of one length.
    """
    if len(first) != len(second):
        raise ValueError(f"{len(first)} results against {len(second)}, expected the same questions")
    if not first:
        return None
    one, two = np.asarray(first, np.float64), np.asarray(second, np.float64)
    differences = two - one
    low, high = _interval(differences, rounds, seed)
    return PairedResult(
        questions=len(one),
        first=float(one.mean()),
        second=float(two.mean()),
        difference=float(differences.mean()),
        low=low,
        high=high,
        p=randomisation_p(differences, rounds=rounds, seed=seed),
        better=int((differences > 0).sum()),
        worse=int((differences < 0).sum()),
    )


def randomisation_p(
    differences: NDArray[np.float64], *, rounds: int = _ROUNDS, seed: int = _TEST_SEED
) -> float:
    """Return the two-sided p of (n,) paired differences: exact where all 2ᵏ sign patterns of the k
    that are not zero are no more than `rounds`, else (1 + extreme) / (1 + rounds) of random ones.

    >>> randomisation_p(np.array([1.0, 1.0, 1.0, 0.0]))
    0.25
    """
    telling = np.abs(differences[differences != 0])
    # Sums of the same numbers in another order may differ in the last bit.
    observed = abs(float(differences.sum())) - 1e-9
    if 2 ** min(len(telling), 62) <= rounds:
        patterns = np.arange(2 ** len(telling))[:, None] >> np.arange(len(telling))
        sums = (1 - 2 * (patterns & 1)) @ telling
        return float((np.abs(sums) >= observed).mean())
    random = np.random.default_rng(seed)
    extreme = 0
    for start in range(0, rounds, _BLOCK):
        signs = random.integers(0, 2, (min(_BLOCK, rounds - start), len(telling))) * 2 - 1
        extreme += int((np.abs(signs @ telling) >= observed).sum())
    return (1 + extreme) / (1 + rounds)


def _interval(differences: NDArray[np.float64], rounds: int, seed: int) -> tuple[float, float]:
    """Return 2.5th and 97.5th percentile of the mean over questions drawn with replacement."""
    random = np.random.default_rng(seed)
    means = np.concatenate(
        [
            differences[
                random.integers(0, len(differences), (min(_BLOCK, rounds - at), len(differences)))
            ].mean(axis=1)
            for at in range(0, rounds, _BLOCK)
        ]
    )
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)
