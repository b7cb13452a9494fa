"""Searching: what is encoded, and what the first stage hands on."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

import qa
from qa.errors import InvalidQuery
from qa.search.candidates import find_candidates
from tests.support.hashing_encoder import HashingEncoder

MINUTES = """Minutes of the Water Board
May 3, 2021

Chairwoman Ada Brandt: The weir was closed on Monday. The ferry runs again.
Engineer Ines Kolar: The gauge at the weir stood at four metres. Grain is dear.
Chairwoman Ada Brandt: Then the harbour stays shut until the water falls.
"""


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


@pytest.fixture
def library(tmp_path: Path, encoder: Remembering):
    (tmp_path / "minutes.txt").write_text(MINUTES, encoding="utf-8")
    with qa.open(tmp_path / "library", encoder=encoder) as opened:
        opened.add(tmp_path / "minutes.txt")
        encoder.asked.clear()
        yield opened


def test_a_question_is_encoded_once_as_it_is_searched_for(library, encoder):
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
        everything = find_candidates(near, matches, [None], 10)
        both = find_candidates(near, matches, [some, none, None], 10)
        nothing = find_candidates(near, matches, [none], 10)
        vectors = store.vectors_of(ids)
    assert everything.ids.tolist() == ids.tolist()
    assert both.ids.tolist() == [*some.tolist(), *(i for i in ids.tolist() if i not in some)]
    order = np.searchsorted(ids, both.ids)
    np.testing.assert_allclose(both.dense, (vectors @ vector)[order], atol=1e-6)
    np.testing.assert_array_equal(both.lexical, matches.scores(ids)[order])
    assert len(nothing) == 0
