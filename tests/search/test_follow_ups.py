"""Follow-up questions are completed from the one before; a new topic drops it."""

from __future__ import annotations

from pathlib import Path

import pytest

import qa
from qa.search.query import make_query
from qa.search.query.follow_ups import complete
from qa.search.query.speakers import SpeakerDirectory
from qa.search.query.understanding import understand
from qa.store.records import SpeakerCount
from tests.support.hashing_encoder import HashingEncoder

SPEAKERS = (
    SpeakerCount("Marta Helvane", "President of the Commission", 9),
    SpeakerCount("Osric Tallander", "Secretary General", 4),
)


def read(question):
    return understand(question, SpeakerDirectory(SPEAKERS), lambda term: True)


def query(question):
    return make_query(question, understood=read(question))


@pytest.mark.parametrize(
    ("before", "question", "completed"),
    [
        (
            "What did Helvane say about the reserve fund?",
            "And what did Tallander say about it?",
            "And what did Tallander say about it? (reserve fund)",
        ),
        (
            "What did Helvane say about the reserve fund in May 2022?",
            "And what did Tallander say about it?",
            "And what did Tallander say about it? (reserve fund, in May 2022)",
        ),
        (
            "What did Helvane say about the reserve fund in May 2022?",
            "When was that?",
            "When was that? (Helvane said, reserve fund)",
        ),
        (
            "What did Helvane say about the reserve fund?",
            "What did she say about the dam gates?",
            "What did Marta Helvane say about the dam gates?",
        ),
        (
            "What did Helvane say about the reserve fund?",
            "What about the dam gates?",
            "What about the dam gates? (Helvane said)",
        ),
        (
            "How high is the dam?",
            "Why?",
            "Why? (high dam)",
        ),
        (
            "What did Helvane say about the reserve fund?",
            "Who else said so?",
            "Who else said so? (reserve fund)",
        ),
    ],
)
def test_what_is_lacking_is_taken_over(before, question, completed):
    assert complete(question, read(question), query(before)) == completed


@pytest.mark.parametrize(
    "question",
    [
        "How many gauging stations reported through the night?",
        "What did Tallander say about the power supply of the stations?",
        "Which country changed its rules on gravel pits?",
        "Is it true that the maps were frozen?",
        "Who said that the telephone never rang?",
    ],
)
def test_a_new_topic_drops_the_old_one(question):
    before = query("What did Helvane say about the reserve fund in May 2022?")
    assert complete(question, read(question), before) == question


def test_a_conversation_through_the_facade(tmp_path: Path):
    (tmp_path / "talk.txt").write_text(
        "Talks on the reserve\nMay 3, 2021\n"
        "President of the Commission Marta Helvane: The reserve fund needs 12 million crowns.\n"
        "Secretary General of the Commission Osric Tallander: The reserve fund is too large.\n"
        "Marta Helvane: The gates of the dam were opened too late.\n",
        encoding="utf-8",
    )
    with qa.open(tmp_path / "library", encoder=HashingEncoder()) as library:
        library.add(tmp_path / "talk.txt")
        first = library.ask("What did Helvane say about the reserve fund?")
        assert first.quotes[0].text == "The reserve fund needs 12 million crowns."
        second = library.ask("And what did Tallander say about it?", history=[first])
        assert second.quotes[0].text == "The reserve fund is too large."
        assert second.query.text == "And what did Tallander say about it? (reserve fund)"
        assert second.question == "And what did Tallander say about it?"
        third = library.ask("What did she say about the gates?", history=[first, second])
        assert third.query.text == "What did Osric Tallander say about the gates?"
        again = library.ask("And what did Tallander say about it?", history=[first.question])
        assert again.query.text == second.query.text
        alone = library.ask("When were the gates opened?", history=[first])
        assert alone.query.text == alone.question


def test_who_said_is_answered_with_a_speaker(tmp_path: Path):
    report = "The reserve fund is too large for a small river, the paper wrote.\n"
    talk = (
        "Talks on the reserve\nMay 3, 2021\n"
        "President of the Commission Marta Helvane: I open the session.\n"
        "Secretary General of the Commission Osric Tallander: "
        "The reserve fund is too large for a small river.\n"
    )
    (tmp_path / "a.txt").write_text(report, encoding="utf-8")
    (tmp_path / "b.txt").write_text(talk, encoding="utf-8")
    with qa.open(tmp_path / "library", encoder=HashingEncoder(dimension=256)) as library:
        library.add(tmp_path / "a.txt", tmp_path / "b.txt")
        answer = library.ask("Who said that the reserve fund is too large for a small river?")
        assert answer.query.understood.asks_who
        assert answer.quotes[0].citation.speaker == "Osric Tallander"
