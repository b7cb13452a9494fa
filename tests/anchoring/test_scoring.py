"""One score for all that is found again, and no choice between two that score alike."""

from __future__ import annotations

import json
from itertools import takewhile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.anchoring.citations import citation_in_text
from qa.anchoring.resolving import Standing, resolve_in
from qa.anchoring.scoring import (
    Decision,
    Likeness,
    choose,
    runs_share,
    shared_after,
    shared_before,
)
from qa.store.citation_file import decode, encode

TEXTS = st.text("ab \n", max_size=30)


@pytest.mark.parametrize(
    ("likeness", "score"),
    [
        (Likeness(1.0, 1.0, 1.0, 1.0), 1.0),
        (Likeness(1.0, 0.0, 0.0, 0.0), 50 / 92),
        (Likeness(0.5, 1.0, 0.25, 0.5), (25 + 20 + 5 + 1) / 92),
        (Likeness(0.5, suffix=1.0), (25 + 20) / 70),  # what was not kept has no weight
        (Likeness(0.25), 0.25),
    ],
)
def test_the_weights_are_those_of_hypothesis(likeness: Likeness, score: float) -> None:
    assert likeness.score == pytest.approx(score)


def test_position_alone_never_decides() -> None:
    near, far = Likeness(1.0, 1.0, 1.0, 1.0), Likeness(1.0, 1.0, 1.0, 0.0)
    assert choose([near.score, far.score], least=0.5, lead=0.03).sure is None


@pytest.mark.parametrize(
    ("scores", "choice"),
    [
        ([], Decision(None, ())),
        ([0.49], Decision(None, ())),
        ([0.5], Decision(0, (0,))),
        ([0.5, 0.75], Decision(1, (1,))),
        ([0.75, 0.51], Decision(None, (0, 1))),
        ([0.9, 0.2, 0.9], Decision(None, (0, 2))),
    ],
)
def test_the_best_must_score_enough_and_lead_clearly(scores: list[float], choice: Decision) -> None:
    assert choose(scores, least=0.5, lead=0.25) == choice


@given(TEXTS, st.integers(0, 30), TEXTS)
def test_shared_characters_are_those_that_one_by_one_comparison_finds(
    text: str, at: int, words: str
) -> None:
    at = min(at, len(text))
    assert shared_after(text, at, words) == _common(text[at:], words)
    assert shared_before(text, at, words) == _common(text[:at][::-1], words[::-1])


def _common(one: str, other: str) -> int:
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))))


def test_the_share_of_runs() -> None:
    assert runs_share("0123456789", "--0123456789--") == 1.0
    assert runs_share("0123456789", "012345678") == pytest.approx(2 / 3)
    assert runs_share("short", "short") is None


def test_places_that_score_alike_are_ambiguous() -> None:
    around = (
        "Before it stands a sentence of some length, which is all its own. {} And after it too."
    )
    text = around.format("The bridge stays open.")
    start = text.index("The bridge")
    citation = citation_in_text(text, "a.txt", start, start + 22)
    for edited, standing in (
        (f"New.\n{text}", Standing.MOVED),
        (f"{text}\n\n{text}", Standing.GONE),
        (f"{text}\n\nThe bridge stays open.", Standing.MOVED),
    ):
        now = resolve_in(edited, citation)
        assert now.standing is standing
        if now.start is not None:
            assert now.start == edited.index("The bridge")


def test_a_line_of_an_earlier_version_is_read() -> None:
    citation = citation_in_text("One. Two. Three.", "a.txt", 5, 9)
    earlier = json.loads(encode(citation))
    earlier |= {"unique": True, "unique_prefix": True, "unique_suffix": True}
    assert decode(json.dumps(earlier)) == citation
