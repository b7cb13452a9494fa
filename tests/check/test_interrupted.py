"""Quotations that say inside their marks who speaks: «Да, — сказал он, — и нет»."""

from __future__ import annotations

import pytest

from qa.check.checker import Checker
from qa.check.fixing import replacements
from qa.check.shortened import interruptions_in, without_interruptions
from qa.store.protocol import LibraryStore
from tests.support.checking_samples import SAMPLE

CANAL = (SAMPLE / "salea-canal-ru.txt").read_text(encoding="utf-8")
FILES = {"canal.txt": CANAL}


@pytest.fixture(scope="module")
def checker(store: LibraryStore) -> Checker:
    return Checker(store)


def test_an_interruption_is_told_from_the_words_around_it() -> None:
    text = "Говорил, — признал он. — Я смотрел сверху"
    assert list(interruptions_in(text)) == ["признал он"]
    found = without_interruptions(text)
    assert found is not None
    joined, blanked = found
    assert joined == "Говорил … Я смотрел сверху"
    assert len(blanked) == len(text)
    assert blanked.index("Я смотрел") == text.index("Я смотрел")
    for other in ("Мост — это не дорога, — и точка", "Да, — и нет, — и всё", "Он сказал: да."):
        assert without_interruptions(other) is None


@pytest.mark.parametrize(
    ("draft", "verdict", "attribution"),
    [
        ("«Это не удар, — сказал Матвей Рудник, — это половина весны».", "encoded", "right"),
        (
            "«Это не удар, — сказал Глеб Тарханин, — это половина весны».",
            "encoded",
            "wrong_speaker",
        ),
        ("«Говорил, — признал он. — Я смотрел на них сверху».", "encoded", "no_claim"),
        ("«Говорил, — признал Тарханин. — А теперь посмотрел снизу».", "shortened", "right"),
        (
            "Тарханин ответил: «Говорил, — признал он. — Я смотрел на них сверху».",
            "encoded",
            "right",
        ),
        ("«Я смотрел на них сверху, — признал Тарханин. — Говорил».", "altered", "right"),
        ("«На таких условиях, — сказал Рудник, — пароходство возражает».", "altered", "right"),
        # With somebody else in between: not one utterance.
        ("«Заносим, — сказала Северцева. — Спасибо всем за работу».", "absent", None),
        ("«Прошу занести в протокол, — сказала Ковшова. — Заносим».", "absent", None),
    ],
)
def test_the_words_on_both_sides_are_matched(
    checker: Checker, draft: str, verdict: str, attribution: str | None
) -> None:
    (found,) = checker.draft(draft).quotations
    assert found.verdict.value == verdict
    if attribution is not None:
        assert found.attribution.value == attribution
    assert all(CANAL[match.start : match.end] == match.text for match in found.matches)


def test_the_day_said_inside_is_claimed_too(checker: Checker) -> None:
    draft = "«Это не удар, — сказал Рудник 13 апреля 2024 года, — это половина весны»."
    (found,) = checker.draft(draft).quotations
    assert (found.claimed.speaker, found.claimed.date) == ("Рудник", "2024-04-13")
    assert found.attribution.value == "wrong_date"


def test_what_changed_is_only_the_speakers_words_and_is_not_fixed(checker: Checker) -> None:
    draft = "«Новый привод — это 16 миллионов, — сказал Тарханин, — и поставить его можно только зимой»."
    report = checker.draft(draft)
    (found,) = report.quotations
    assert [(c.kind, c.draft, c.source) for c in found.changes] == [("number", "16", "14")]
    assert replacements(report) == ()


def test_a_long_run_of_dashes_takes_no_time() -> None:
    assert without_interruptions(", — сказал он " * 20_000) is not None
    assert without_interruptions(", — " * 100_000) is None
