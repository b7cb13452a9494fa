"""Searching: what is encoded, and what the first stage hands on."""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest

import qa
from qa.errors import InvalidQuery
from qa.records import TurnKind
from qa.search import reranking
from qa.search.ranking import (
    Candidate,
    add_neighbours,
    add_to_scores,
    column,
    find_candidates,
    fuse,
    in_order,
    leave_out_questions,
    shortlist,
)
from qa.search.reranking import Reading, choose_reranker
from qa.settings import SearchSettings
from qa.store.records import TurnPlace
from tests.support.hashing_encoder import HashingEncoder

MINUTES = """Minutes of the Water Board
May 3, 2021

Chairwoman Ada Brandt: The weir was closed on Monday. The ferry runs again.
Engineer Ines Kolar: The gauge at the weir stood at four metres. Grain is dear.
Chairwoman Ada Brandt: Then the harbour stays shut until the water falls.
"""
FILES = {"minutes.txt": MINUTES}


class Remembering(HashingEncoder):
    """Keeps the questions that it encoded."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def question(self, text: str):
        self.asked.append(text)
        return super().question(text)


@pytest.fixture
def encoder() -> Remembering:
    return Remembering()


def test_a_question_is_encoded_once_as_it_is_searched_for(library, encoder):
    encoder.asked.clear()
    library.ask("What did Kolar say about the weir?")
    library.ask("Is the harbour\ud800 shut?", understand=False)
    with pytest.raises(InvalidQuery):
        library.ask("?!")
    with pytest.raises(InvalidQuery):
        library.ask("weir " * 10_000)
    assert encoder.asked == ["What did Kolar say about the weir?", "Is the harbour\ufffd shut?"]


def test_threads_that_ask_at_once_get_their_own_answers(library):
    questions = [f"Who spoke of the {word}?" for word in ("weir", "ferry", "grain", "harbour")]
    alone = {question: library.ask(question) for question in questions}
    wrong: list[str] = []

    def ask(own: list[str]) -> None:
        for question in own * 10:
            if library.ask(question) != alone[question]:
                wrong.append(question)

    threads = [
        threading.Thread(target=ask, args=(questions[n:] + questions[:n],)) for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_candidates_under_several_conditions_come_once_each(library, encoder):
    store, words = library._session.matching(), library._session.words
    vector = encoder.question("the weir").vector
    with store.snapshot(), library._session.vectors().matches(store, vector) as near:
        ids = store.passage_ids()
        matches = words.matches(store, ["weir"])
        some, none = ids[1:2], np.empty(0, np.int64)
        everything = find_candidates(near, matches, [None], none, 10)
        both = find_candidates(near, matches, [some, none, None], ids[:2], 10)
        nothing = find_candidates(near, matches, [none], none, 10)
        vectors = store.vectors(ids)
    assert [candidate.passage for candidate in everything] == ids.tolist()
    expected = [*some.tolist(), *(i for i in ids.tolist() if i not in some)]
    assert [candidate.passage for candidate in both] == expected
    assert [c.passage for c in both if c.leads] == sorted(ids[:2].tolist(), key=expected.index)
    order = np.searchsorted(ids, expected)
    np.testing.assert_allclose(column(both, "dense"), (vectors @ vector)[order], atol=1e-6)
    np.testing.assert_array_equal(column(both, "lexical"), matches.scores(ids)[order])
    assert nothing == []


# ---- stages, each against its formula -----------------------------------------------------------


def candidates(*fused: float, leads: Sequence[int] = ()) -> list[Candidate]:
    return [Candidate(n, 0.0, 0.0, n in leads, value) for n, value in enumerate(fused)]


def passages_of(found: Sequence[Candidate]) -> list[int]:
    return [candidate.passage for candidate in found]


def test_fusion_sums_standard_scores():
    dense, lexical = [0.2, 0.8, 0.5, 0.1], [3.0, 0.0, 9.0, 1.0]
    given = [Candidate(n, *pair, False) for n, pair in enumerate(zip(dense, lexical, strict=True))]

    def standard(values: list[float]) -> list[float]:
        mean = sum(values) / len(values)
        spread = math.sqrt(sum((v - mean) ** 2 for v in values) / len(values))
        return [(v - mean) / spread for v in values]

    expected = [a + 0.7 * b for a, b in zip(standard(dense), standard(lexical), strict=True)]
    assert column(fuse(given, 0.7, 4), "fused") == pytest.approx(expected, abs=1e-5)
    assert passages_of(fuse(given, 0.7, 2)) == sorted(np.argsort(expected)[-2:].tolist())


def test_the_shortlist_has_the_best_and_the_best_of_those_that_lead():
    given = candidates(0.1, 0.9, 0.5, 0.9, 0.3, 0.2, leads=(0, 4, 5))
    assert passages_of(shortlist(given, 2)) == [1, 3, 4, 5]
    assert passages_of(shortlist(given, 10)) == [0, 1, 2, 3, 4, 5]


def test_a_turn_gains_from_the_better_of_those_around_it_and_questions_are_left_out():
    given = candidates(1.0, 3.0, -2.0, 0.5)
    kinds = (TurnKind.SPEECH, TurnKind.QUESTION, TurnKind.NARRATION, TurnKind.SPEECH)
    turns = (4, 2, 3, 9)
    places = {
        n: TurnPlace(1, 0, turn, kind)
        for n, (turn, kind) in enumerate(zip(turns, kinds, strict=True))
    }
    found = add_neighbours(given, places, 0.5)
    assert [c.neighbours for c in found] == [3.0, 1.0, 0.0, -2.0]
    assert [c.fused for c in found] == [2.5, 3.5, -2.0, -0.5]
    assert passages_of(leave_out_questions(found, places)) == [0, 2, 3]
    only = {n: TurnPlace(1, 0, n, TurnKind.QUESTION) for n in range(4)}
    assert passages_of(leave_out_questions(found, only)) == [0, 1, 2, 3]


def test_whoever_was_asked_about_leads_unless_others_meet_the_question_far_better():
    given = [
        Candidate(n, 0.0, 0.0, leads, interaction=met, score=score)
        for n, (leads, met, score) in enumerate(
            [(False, 0.5, 3.0), (True, 0.4, 1.0), (True, 0.2, 9.0), (True, 0.3, 2.0)]
        )
    ]
    assert passages_of(in_order(given, 0.6)) == [3, 1, 2, 0]
    raised = add_to_scores(given, 2.0, [False, True, False, False])
    assert [c.score for c in raised] == [3.0, 3.0, 9.0, 2.0]
    assert passages_of(in_order(raised, 0.6)) == [1, 3, 2, 0]


@dataclass(frozen=True)
class ByLength:
    """A reranker that has no use for tokens: the longest passage is the best."""

    def rerank(self, reading: Reading, candidates: Sequence[Candidate]) -> list[Candidate]:
        return [
            c._replace(score=len(reading.text_of(reading.passages[c.passage]))) for c in candidates
        ]


def test_the_settings_choose_the_reranker(tmp_path, library, monkeypatch):
    monkeypatch.setattr(reranking, "RERANKERS", {"length": lambda settings: ByLength()})
    settings = qa.Settings(search=SearchSettings(reranker="length"))
    with qa.open(library.folder, encoder=HashingEncoder(), settings=settings) as other:
        ranked = other.rank("Where is the weir?")
        store = other._session.readable()
        passages = store.passages([one.passage for one in ranked])
    assert [one.score for one in ranked] == [p.end - p.start for p in passages.values()]
    assert [one.score for one in ranked] == sorted((one.score for one in ranked), reverse=True)
    with pytest.raises(ValueError, match="expected one of \\['length'\\]"):
        choose_reranker(SearchSettings(reranker="none such"))
