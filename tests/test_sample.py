"""The sample corpus keeps what its README says: each expected answer stands in its file."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from qa import sample

_FILES = {
    "council-minutes-2024-06-25.txt",
    "events-transcripts.txt",
    "harbour-bylaw.txt",
    "interview-halse-viaduct.txt",
    "news-2024.txt",
    "port-sallow-harbour-wall.html",
    "railway-flood-report.md",
    "release-who-pays.txt",
    "salea-canal-ru.txt",
    "speech-map-room.txt",
}
_MONTHS_RU = {4: "апреля"}


@dataclass(frozen=True, slots=True)
class Answerable:
    question: str
    source: str
    expected: str
    speaker: str | None
    date: str | None


@dataclass(frozen=True, slots=True)
class Unanswerable:
    question: str
    why: str


def _load() -> tuple[list[Answerable], list[Unanswerable]]:
    data = json.loads(sample.questions().read_text(encoding="utf-8"))
    return (
        [Answerable(**item) for item in data["answerable"]],
        [Unanswerable(**item) for item in data["unanswerable"]],
    )


ANSWERABLE, UNANSWERABLE = _load()


def _text(name: str) -> str:
    """What a reader may quote from: the text itself, or a page's visible text on one line."""
    raw = (sample.documents() / name).read_bytes().decode("utf-8")
    if not name.endswith(".html"):
        return raw
    page = LexborHTMLParser(raw)
    page.strip_tags(["script", "style", "head"])
    body = page.body
    assert body is not None
    return re.sub(r"\s+", " ", body.text(separator=" "))


def _printed(iso: str) -> set[str]:
    day = date.fromisoformat(iso)
    return {
        iso,
        f"{day:%B} {day.day}, {day.year}",
        f"{day.day} {day:%B} {day.year}",
        f"{day:%d.%m.%Y}",
        f"{day.day} {_MONTHS_RU.get(day.month, day.month)} {day.year} года",
    }


def test_the_package_gives_real_paths() -> None:
    assert isinstance(sample.documents(), Path)
    assert {path.name for path in sample.documents().iterdir()} == _FILES
    assert sample.questions().is_file()


@pytest.mark.parametrize("name", sorted(_FILES))
def test_each_document_has_substance(name: str) -> None:
    assert 600 <= len(_text(name).split()) <= 2100


@pytest.mark.parametrize("item", ANSWERABLE, ids=lambda item: item.question)
def test_an_expected_answer_stands_once_in_its_file(item: Answerable) -> None:
    assert _text(item.source).count(item.expected) == 1


@pytest.mark.parametrize("item", ANSWERABLE, ids=lambda item: item.question)
def test_speaker_and_date_are_printed_in_the_file(item: Answerable) -> None:
    raw = (sample.documents() / item.source).read_text(encoding="utf-8")
    assert item.speaker is None or item.speaker in raw
    assert item.date is None or any(form in raw for form in _printed(item.date))


def test_there_are_44_questions_with_an_answer_and_16_without() -> None:
    assert len(ANSWERABLE) == 44
    assert len(UNANSWERABLE) == 16
    questions = [item.question for item in ANSWERABLE]
    questions += [item.question for item in UNANSWERABLE]
    assert len({question.casefold() for question in questions}) == 60
    assert all(item.why for item in UNANSWERABLE)


def test_every_document_is_asked_about_and_five_questions_are_russian() -> None:
    counts = Counter(item.source for item in ANSWERABLE)
    assert set(counts) == _FILES
    assert counts["salea-canal-ru.txt"] == 5
    russian = [item for item in ANSWERABLE if re.search("[а-яё]", item.question)]
    assert {item.source for item in russian} == {"salea-canal-ru.txt"}


def test_at_least_half_of_the_questions_are_in_other_words_than_the_answer() -> None:
    def words(text: str) -> set[str]:
        return set(re.findall(r"\w{4,}", text.casefold()))

    shared = [
        len(words(i.question) & words(i.expected)) / len(words(i.question)) for i in ANSWERABLE
    ]
    assert sum(share <= 0.2 for share in shared) >= len(shared) / 2


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        (
            "The Commission will publish hourly discharge figures from all nineteen gauging "
            "stations from 1 January 2025.",
            {"news-2024.txt", "railway-flood-report.md"},
        ),
        (
            "Work shall not begin before 15 September 2024, and no part of the wall shall close "
            "the slipway at Netlofts without the written consent of the Harbour Master.",
            {"council-minutes-2024-06-25.txt", "port-sallow-harbour-wall.html"},
        ),
    ],
)
def test_a_sentence_is_printed_identically_in_two_files(sentence: str, names: set[str]) -> None:
    assert {name for name in _FILES if sentence in _text(name)} == names


def test_the_typography_is_that_of_real_papers() -> None:
    together = "".join(_text(name) for name in sorted(_FILES))
    for character in ("“", "’", "«", "–", "—", "\u00a0", "🌊"):
        assert character in together
