"""The measures: hand-made cases with exact values, and independent ways to the same figure."""

from __future__ import annotations

import math
import random
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.evaluate.collections.collection import GoldSpan, Rule
from qa.evaluate.measures import (
    RETRIEVAL_MEASURES,
    area_under_risk,
    auroc,
    compare_paired,
    is_right_span,
    is_right_text,
    mean,
    percentile,
    randomisation_p,
    retrieval_scores,
    risk_coverage,
)

# ---- right quotes ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "right"), [(10, 20, True), (12, 18, True), (13, 18, False), (12, 17, False)]
)
def test_a_quote_must_hold_the_whole_answer(start: int, end: int, right: bool) -> None:
    assert is_right_span(start, end, GoldSpan("d", 12, 18, Rule.HOLDS)) is right


@pytest.mark.parametrize(
    ("start", "end", "right"), [(12, 18, True), (13, 15, True), (11, 15, False), (15, 19, False)]
)
def test_a_quote_must_stand_within_the_right_turn(start: int, end: int, right: bool) -> None:
    assert is_right_span(start, end, GoldSpan("d", 12, 18, Rule.WITHIN)) is right


@pytest.mark.parametrize(
    ("quote", "expected", "right"),
    [
        ("a b c d", [["b", "c"]], True),
        ("a b x c", [["b", "c"]], False),
        # One whole sentence of two is an answer; halves of both are not.
        ("x a b", [["a", "b"], ["c", "d"]], True),
        ("b c", [["x", "a"], ["q"]], False),
        # A quote that is a part of the expected words.
        ("b c", [["a", "b"], ["c", "d"]], True),
        ("", [["a"]], False),
        ("a", [], False),
        ("a", [[]], False),
    ],
)
def test_expected_words(quote: str, expected: list[list[str]], right: bool) -> None:
    assert is_right_text(quote.split(), expected) is right


# ---- means and percentiles ---------------------------------------------------------------


def test_mean_and_percentile() -> None:
    assert mean([True, False, True, True]) == 0.75
    assert mean([]) is None
    assert percentile([4.0, 1.0, 3.0, 2.0], 50) == 2.5
    assert percentile([1.0, 2.0], 100) == 2.0
    assert percentile([], 50) is None


# ---- AUROC -------------------------------------------------------------------------------


def test_auroc_by_hand() -> None:
    assert auroc([3.0, 2.0, 1.0], [True, True, False]) == 1.0
    assert auroc([1.0, 2.0, 3.0], [True, True, False]) == 0.0
    assert auroc([1.0, 1.0], [True, False]) == 0.5
    # Pairs: .9>.8, .9>.3, .5<.8, .5>.3, ties none → 3 of 4.
    assert auroc([0.9, 0.5, 0.8, 0.3], [True, True, False, False]) == 0.75


def test_auroc_needs_both_kinds() -> None:
    assert auroc([1.0, 2.0], [True, True]) is None
    assert auroc([], []) is None


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=30))
def test_auroc_is_the_share_of_pairs_in_order(items: list[tuple[int, bool]]) -> None:
    high = [score for score, positive in items if positive]
    low = [score for score, positive in items if not positive]
    found = auroc([float(score) for score, _ in items], [positive for _, positive in items])
    if not high or not low:
        assert found is None
        return
    won = sum(1.0 if a > b else 0.5 if a == b else 0.0 for a, b in product(high, low))
    assert found == pytest.approx(won / (len(high) * len(low)))


# ---- risk and coverage -------------------------------------------------------------------


def test_risk_coverage_by_hand() -> None:
    points = risk_coverage([0.9, 0.7, 0.4, 0.2], [True, False, True, False])
    assert [(p.threshold, p.coverage, p.risk) for p in points] == [
        (0.9, 0.25, 0.0),
        (0.7, 0.5, 0.5),
        (0.4, 0.75, 1 / 3),
        (0.2, 1.0, 0.5),
    ]
    assert area_under_risk(points) == pytest.approx((0 + 0.5 + 1 / 3 + 0.5) / 4)


def test_equal_confidences_are_answered_together() -> None:
    points = risk_coverage([0.5, 0.5], [True, False])
    assert [(p.coverage, p.risk) for p in points] == [(1.0, 0.5)]
    # Whatever the order they are given in.
    assert points == risk_coverage([0.5, 0.5], [False, True])


def test_no_questions_no_curve() -> None:
    assert risk_coverage([], []) == ()
    assert area_under_risk(()) is None


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=30))
def test_every_point_is_what_its_threshold_gives(items: list[tuple[int, bool]]) -> None:
    points = risk_coverage([float(c) for c, _ in items], [right for _, right in items])
    assert points[-1].coverage == 1.0
    for point in points:
        answered = [right for confidence, right in items if confidence >= point.threshold]
        assert point.coverage == pytest.approx(len(answered) / len(items))
        assert point.risk == pytest.approx(answered.count(False) / len(answered))


# ---- paired test -------------------------------------------------------------------------


def test_p_by_hand() -> None:
    # Of the 8 sign patterns of three equal gains, two are as extreme.
    assert randomisation_p(np.array([1.0, 1.0, 1.0])) == 0.25
    assert randomisation_p(np.array([1.0, -1.0])) == 1.0
    assert randomisation_p(np.zeros(5)) == 1.0
    # |±3 ± 1 ± 1| ≥ 3 in 6 of 8.
    assert randomisation_p(np.array([3.0, 1.0, -1.0])) == 0.75


def test_sampled_p_agrees_with_the_sign_test() -> None:
    """With differences of one size the randomisation test is the binomial sign test."""
    wins, losses = 30, 14
    differences = np.array([1.0] * wins + [-1.0] * losses + [0.0] * 100)
    tail = sum(math.comb(44, k) for k in range(wins, 45)) / 2**44
    assert randomisation_p(differences) == pytest.approx(2 * tail, abs=0.006)
    assert randomisation_p(differences) == randomisation_p(differences)


def test_compare_paired() -> None:
    result = compare_paired([0, 0, 1, 1], [1, 1, 1, 0])
    assert result is not None
    assert (result.first, result.second, result.difference) == (0.5, 0.75, 0.25)
    assert (result.better, result.worse, result.p) == (2, 1, 1.0)
    assert -1 <= result.low <= 0.25 <= result.high <= 1
    same = compare_paired([0.5, 1.0], [0.5, 1.0])
    assert same is not None
    assert (same.difference, same.low, same.high, same.p) == (0.0, 0.0, 0.0, 1.0)
    assert compare_paired([], []) is None


def test_interval_is_that_of_the_normal_approximation() -> None:
    generator = np.random.default_rng(3)
    first, gain = generator.normal(size=400), generator.normal(0.2, 1.0, size=400)
    result = compare_paired(first.tolist(), (first + gain).tolist())
    assert result is not None
    half = 1.96 * float(gain.std()) / math.sqrt(400)
    assert result.low == pytest.approx(float(gain.mean()) - half, abs=0.015)
    assert result.high == pytest.approx(float(gain.mean()) + half, abs=0.015)


def test_compare_needs_the_same_questions() -> None:
    with pytest.raises(ValueError, match="2 results against 1"):
        compare_paired([1.0, 0.0], [1.0])


# ---- ranked documents --------------------------------------------------------------------


def test_retrieval_by_hand() -> None:
    qrels = {"q1": {"a": 1, "b": 2}, "q2": {"c": 1}, "q3": {"d": 1}}
    run = {"q1": ["b", "x", "a"], "q2": ["z"], "q3": []}
    scores = retrieval_scores(qrels, run)
    # trec_eval's nDCG: the grade itself is the gain.
    ideal = 2 + 1 / math.log2(3)
    assert scores["q1"] == pytest.approx(
        {
            "Recall@1": 0.5,
            "Recall@5": 1.0,
            "Recall@10": 1.0,
            "MRR@10": 1.0,
            "nDCG@10": (2 + 1 / math.log2(4)) / ideal,
        }
    )
    assert scores["q2"] == scores["q3"] == dict.fromkeys(RETRIEVAL_MEASURES, 0.0)


def test_retrieval_of_nothing() -> None:
    assert retrieval_scores({}, {}) == {}
    assert retrieval_scores({"q": {"a": 1}}, {}) == {"q": dict.fromkeys(RETRIEVAL_MEASURES, 0.0)}


def test_retrieval_against_own_formulas() -> None:
    chance = random.Random(5)
    documents = [f"d{number}" for number in range(40)]
    qrels = {
        f"q{n}": {d: chance.randint(1, 3) for d in chance.sample(documents, chance.randint(1, 8))}
        for n in range(50)
    }
    run = {name: chance.sample(documents, chance.randint(1, 30)) for name in qrels}
    scores = retrieval_scores(qrels, run)
    for name, grades in qrels.items():
        gains = [grades.get(document, 0) for document in run[name][:10]]
        best = sorted(grades.values(), reverse=True)[:10]
        hits = [rank for rank, gain in enumerate(gains, 1) if gain]
        expected = {
            **{
                f"Recall@{k}": sum(gain > 0 for gain in gains[:k]) / len(grades) for k in (1, 5, 10)
            },
            "MRR@10": 1 / hits[0] if hits else 0.0,
            "nDCG@10": _dcg(gains) / _dcg(best),
        }
        assert scores[name] == pytest.approx(expected)


def _dcg(gains: list[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))
