"""Fit the evidence model's constants on questions with and without an answer, and measure how well
they tell the two apart on questions that were not used for fitting."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from qa.answer.verdict import Evidence, decide_verdict
from qa.errors import CitewellError
from qa.evaluate.measures import RiskPoint, area_under_risk, auroc, risk_coverage
from qa.records import Verdict
from qa.settings import EvidenceSettings

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

# Four constants are fitted; with fewer of either kind they would follow single questions.
FEWEST = 20
FOLDS = 5
SEED = 13
# Of 10 down to 0.0001 the least log loss out of sample, on XQuAD with articles hidden.
_RIDGE = 0.3
_MOST_STEPS = 100


@dataclass(frozen=True, slots=True)
class Sample:
    """One question, asked once. `group` is the article it is about; `answerable`: the library has
    the answer; `right`: the best quote answers; `evidence` is None if nothing was found."""

    group: str
    answerable: bool
    right: bool
    evidence: Evidence | None


@dataclass(frozen=True, slots=True)
class Performance:
    """How well probabilities separate answerable from unanswerable questions. As everywhere, the
    curve counts wrong quotes. `verdicts` are counts."""

    auroc: float
    aurc: float
    curve: tuple[RiskPoint, ...]
    verdicts: dict[Verdict, int]
    verdicts_unanswerable: dict[Verdict, int]


@dataclass(frozen=True, slots=True)
class Fit:
    """Constants fitted on all samples. `performance` is out of sample: each question judged by
    constants fitted without its fold; `by_group`: without any question of its article."""

    evidence: EvidenceSettings
    performance: Performance
    folds: int
    by_group: bool


def fit_logistic(features: Floats, positive: Bools, ridge: float = _RIDGE) -> Floats:
    """Return the weights, and last the intercept, of a logistic model: (n, k), (n,) → (k + 1,).

    Minimises the log loss, each class counting as n / 2 questions however many it has, plus
    ridge / 2 times the squared weights of the standardised features, which keeps them finite
    where a feature tells the classes apart entirely. By Newton's method, as iteratively
    reweighted least squares (Hastie, Tibshirani and Friedman, The Elements of Statistical
    Learning, 4.4.1), halving a step that would not lower the loss. A feature that never varies
    gets weight 0. Raises ValueError without both classes, or for what is not finite.

    >>> values, positive = np.array([[0.0], [1.0]]), np.array([False, True])
    >>> weight, intercept = fit_logistic(values, positive, ridge=1.0)
    >>> round(float(weight), 4), round(float(intercept), 4)  # w/2 solves w · (1 + e^w) = 2
    (1.3497, -0.6748)
    """
    if not positive.any() or positive.all():
        raise ValueError("all questions are of one kind, expected answerable and unanswerable")
    if not np.isfinite(features).all():
        raise ValueError("a feature is not finite")
    mean, deviation = features.mean(axis=0), features.std(axis=0)
    # Of equal values rounding may leave a deviation that is not quite 0, and of nearly equal ones
    # near 0 their squares may vanish and leave none.
    varies = (np.ptp(features, axis=0) > 0) & (deviation > 0)
    scale = np.where(varies, deviation, 1.0)
    columns = np.where(varies, (features - mean) / scale, 0.0)
    design = np.column_stack([columns, np.ones(len(columns))])
    counts = np.where(positive, positive.sum(), (~positive).sum())
    fitted = _newton(design, positive, len(positive) / 2 / counts, ridge)
    weights = np.where(varies, fitted[:-1] / scale, 0.0)
    return np.append(weights, fitted[-1] - weights @ mean)


def _newton(design: Floats, positive: Bools, sizes: Floats, ridge: float) -> Floats:
    """Return the minimum for standardised columns; the last, all ones, is not penalised."""
    penalty = np.append(np.full(design.shape[1] - 1, ridge), 0.0)
    signs = np.where(positive, 1.0, -1.0)

    def loss(at: Floats) -> float:
        margins = signs * (design @ at)
        return float(sizes @ np.logaddexp(0.0, -margins) + penalty @ at**2 / 2)

    at = np.zeros(design.shape[1])
    now = loss(at)
    for _ in range(_MOST_STEPS):
        # tanh, unlike exp, can't overflow.
        probabilities = (1 + np.tanh(design @ at / 2)) / 2
        gradient = design.T @ (sizes * (probabilities - positive)) + penalty * at
        spread = sizes * probabilities * (1 - probabilities)
        curvature = (design.T * spread) @ design + np.diag(penalty)
        step = np.linalg.lstsq(curvature, gradient, rcond=None)[0]
        share = 1.0
        while (there := loss(at - share * step)) > now and share > 1e-6:
            share /= 2
        if there >= now:
            break  # as low as numbers of this precision tell
        at, now = at - share * step, there
    return at


def fit_evidence(samples: Sequence[Sample], thresholds: EvidenceSettings) -> EvidenceSettings:
    """Return the model fitted on samples, keeping the thresholds. Samples without evidence are left
    out: nothing found is no answer, whatever the constants."""
    seen = [(s.evidence, s.answerable) for s in samples if s.evidence is not None]
    rows = [(e.interaction, e.coverage, e.dense) for e, _ in seen]
    fitted = fit_logistic(
        np.array(rows, np.float64).reshape(-1, 3), np.array([a for _, a in seen], np.bool_)
    )
    interaction, coverage, dense, intercept = (float(value) for value in fitted)
    return replace(
        thresholds,
        interaction=interaction,
        coverage=coverage,
        dense=dense,
        intercept=intercept,
    )


def probabilities(samples: Sequence[Sample], model: EvidenceSettings) -> list[float]:
    """Return the probability that each sample's passage answers; 0 if nothing was found."""
    return [s.evidence.probability(model) if s.evidence else 0.0 for s in samples]


def measure(
    samples: Sequence[Sample], given: Sequence[float], thresholds: EvidenceSettings
) -> Performance:
    """Return how well the given probabilities do. Raises ValueError unless both kinds of question
    occur."""
    area = auroc(given, [sample.answerable for sample in samples])
    if area is None:
        raise ValueError("all questions are of one kind, expected answerable and unanswerable")
    curve = risk_coverage(given, [sample.right for sample in samples])
    verdicts = [decide_verdict(probability, thresholds) for probability in given]
    counts = Counter(zip(verdicts, (sample.answerable for sample in samples), strict=True))
    return Performance(
        auroc=area,
        aurc=area_under_risk(curve) or 0.0,
        curve=curve,
        verdicts={verdict: counts[verdict, True] for verdict in Verdict},
        verdicts_unanswerable={verdict: counts[verdict, False] for verdict in Verdict},
    )


def fit(samples: Sequence[Sample], thresholds: EvidenceSettings) -> Fit:
    """Return constants from all samples, judged by cross-validation: all questions about an article
    are in one of FOLDS parts, and each part is judged by constants fitted on the others.

    Raises CitewellError with fewer than FEWEST questions of either kind.
    """
    require_enough(samples)
    folds, by_group = _folds(samples)
    given = [0.0] * len(samples)
    for number in range(FOLDS):
        rest = [sample for sample, fold in zip(samples, folds, strict=True) if fold != number]
        model = fit_evidence(rest, thresholds)
        held = [at for at, fold in enumerate(folds) if fold == number]
        for at, value in zip(held, probabilities([samples[at] for at in held], model), strict=True):
            given[at] = value
    return Fit(
        fit_evidence(samples, thresholds), measure(samples, given, thresholds), FOLDS, by_group
    )


def require_enough(samples: Sequence[Sample]) -> None:
    """Raise CitewellError with fewer than FEWEST questions of either kind that found anything."""
    kinds = Counter(sample.answerable for sample in samples if sample.evidence is not None)
    if min(kinds[True], kinds[False]) < FEWEST:
        raise CitewellError(
            f"{kinds[True]:,} questions with an answer and {kinds[False]:,} without one found "
            f"any passage; to calibrate takes at least {FEWEST} of each: give more questions "
            "(in a file of your own, one without an answer has null for `expected`), or hide "
            "articles of a collection that brings its documents with --hide-half"
        )


def _folds(samples: Sequence[Sample]) -> tuple[list[int], bool]:
    """Return each sample's fold, and whether articles were kept together. They are not if too few
    of them would leave a fold without one kind to fit on."""
    for by_group in (True, False):
        names = [s.group if by_group else str(at) for at, s in enumerate(samples)]
        folds = list(_deal_folds(samples, names))
        if _each_can_be_fitted(samples, folds):
            return folds, by_group
    raise AssertionError("questions dealt by kind leave both kinds in every part")


def _deal_folds(samples: Sequence[Sample], names: Sequence[str]) -> Iterator[int]:
    """Return folds dealt in turn to shuffled names, those of answerable questions first, so that
    both kinds are in every fold even if each name has only one kind."""
    answerable = {name for name, sample in zip(names, samples, strict=True) if sample.answerable}
    order = sorted(set(names))
    random.Random(SEED).shuffle(order)
    order.sort(key=lambda name: name not in answerable)
    fold = {name: at % FOLDS for at, name in enumerate(order)}
    return (fold[name] for name in names)


def _each_can_be_fitted(samples: Sequence[Sample], folds: Sequence[int]) -> bool:
    """Return whether every fold holds something and leaves both kinds to fit on."""
    if set(folds) != set(range(FOLDS)):
        return False
    return all(
        {s.answerable for s, fold in zip(samples, folds, strict=True) if s.evidence and fold != out}
        == {True, False}
        for out in range(FOLDS)
    )
