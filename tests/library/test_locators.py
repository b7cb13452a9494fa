"""Pages, times and chapters: where a span stands, in which words, and how one asks for them."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import qa
from qa.cli import answers
from qa.cli.main import main
from qa.cli.show import part_of, seconds
from qa.errors import CitewellError
from qa.export.annotations import web_annotations
from qa.export.references import bibtex, csl_json
from qa.in_words import locator_form, locator_words, place
from qa.locating import line_starts, locate
from qa.records import Locator, LocatorKind, LocatorMark, Quote
from tests.support.hashing_encoder import HashingEncoder
from tests.support.quotes import make_quote
from ui.cards import locator_card
from ui.resources import all_words
from ui.source_view import OpenSource, rows
from ui.source_view import line_starts as ui_line_starts

PAGE, TIME, CHAPTER = LocatorKind.PAGE, LocatorKind.TIME, LocatorKind.CHAPTER


def marks(kind: LocatorKind, *places: tuple[int, str]) -> tuple[LocatorMark, ...]:
    return tuple(LocatorMark(start, Locator(kind, label)) for start, label in places)


PAGES = marks(PAGE, (0, "xi"), (10, "xii"), (20, "1"), (30, "1"))
TIMES = marks(TIME, (5, "00:12:04"), (15, "00:12:09"))


@pytest.mark.parametrize(
    ("start", "end", "label"),
    [
        (0, None, "xi"),
        (9, 10, "xi"),
        (9, 11, "xi–xii"),
        (10, 20, "xii"),
        (0, 99, "xi–1"),
        (21, 40, "1"),
        (12, 12, "xii"),
    ],
)
def test_pages_of_a_span(start: int, end: int | None, label: str) -> None:
    assert locate(PAGES, start, end) == Locator(PAGE, label)


def test_times_and_chapters_are_those_of_the_beginning() -> None:
    assert locate(TIMES, 4, 99) is None
    assert locate(TIMES, 5, 99) == Locator(TIME, "00:12:04")
    assert locate(marks(CHAPTER, (0, "I"), (9, "II")), 8, 20) == Locator(CHAPTER, "I")
    assert locate((), 0, 9) is None


@pytest.mark.parametrize(
    ("kind", "label", "words"),
    [
        (PAGE, "12", "page 12"),
        (PAGE, "A-3", "page A-3"),
        (PAGE, "12–13", "pages 12–13"),
        (TIME, "00:12:04", "at 00:12:04"),
        (CHAPTER, "II. The Sea", "chapter II. The Sea"),
        (CHAPTER, "Chapter 2: The Sea", "Chapter 2: The Sea"),
        (CHAPTER, "Глава 2", "Глава 2"),
        (CHAPTER, "Preface", "Preface"),
    ],
)
def test_places_in_words(kind: LocatorKind, label: str, words: str) -> None:
    assert locator_words(Locator(kind, label)) == words
    assert locator_form(Locator(kind, label)) in {"page", "pages", "time", "chapter", "named"}


# ---- in answers and exports ---------------------------------------------------------------


def at(kind: LocatorKind, label: str, text: str = "It holds.", start: int = 100) -> Quote:
    quote = make_quote(text, start=start)
    return replace(quote, citation=replace(quote.citation, locator=Locator(kind, label)))


def short(path: str) -> str:
    return path.rpartition("/")[2]


def test_places_in_the_terminal_and_in_exports() -> None:
    cited = at(TIME, "00:12:04").citation
    assert answers.place_words(cited, short) == (
        "Minutes · minutes.txt, at 00:12:04, lines 7–8 (characters 100–109)"
    )
    assert place(cited, short) == "Minutes · minutes.txt, at 00:12:04, lines 7–8"
    assert place(make_quote("x").citation, short) == "Minutes · minutes.txt, lines 7–8"
    made = json.loads(web_annotations([at(CHAPTER, "II. The Sea")], short))
    assert made["items"][0]["body"]["value"] == (
        "Olav Brandt, Chairman, 2024-05-01, chapter II. The Sea"
    )


def items(*quotes: Quote) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = json.loads(csl_json(quotes, short))
    return made


def test_csl_has_pages_and_other_locators() -> None:
    (paged,) = items(at(PAGE, "12–13"), at(PAGE, "20", "Again.", 200), at(PAGE, "20", "Here.", 300))
    assert paged["page"] == "12–13, 20"
    assert "locator" not in paged
    assert paged["note"].splitlines()[0] == "“It holds.” (pages 12–13, characters 100–109)"
    (timed,) = items(at(TIME, "00:12:04"))
    assert (timed["locator"], "page" in timed) == ("00:12:04", False)
    assert timed["note"] == "“It holds.” (at 00:12:04, characters 100–109)"
    assert not {"page", "locator"} & set(items(make_quote("x"))[0])


def test_bibtex_has_pages_and_chapters() -> None:
    paged = bibtex([at(PAGE, "12–13"), at(PAGE, "20", "Again.", 200)], short)
    assert "  pages = {12--13, 20},\n" in paged
    assert "  note = {“It holds.” (pages 12–13); “Again.” (page 20)},\n" in paged
    chapter = bibtex([at(CHAPTER, "II. The_Sea")], short)
    assert "  chapter = {II. The\\_Sea},\n" in chapter
    timed = bibtex([at(TIME, "00:12:04")], short)
    assert "pages" not in timed
    assert "chapter" not in timed
    assert "“It holds.” (at 00:12:04)" in timed


# ---- qa show --------------------------------------------------------------------------


def part(where: tuple[LocatorMark, ...], **given: Any) -> tuple[int, int]:
    options = dict.fromkeys(("chars", "lines", "page", "time", "chapter"))
    text = "a" * 9 + "\n" + "b" * 9 + "\n" + "c" * 10 + "d" * 10
    return part_of(text, line_starts(text), where, argparse.Namespace(**{**options, **given}))


LONG = marks(TIME, (0, "00:00:01"), (10, "00:00:09"), (20, "00:01:00"), (30, "00:00:30"))
BOOK = marks(CHAPTER, (0, "Preface"), (10, "I. The Land"), (20, "II. The Sea"))


@pytest.mark.parametrize(
    ("where", "given", "span"),
    [
        (PAGES, {}, (0, 40)),
        (PAGES, {"page": "xi"}, (0, 9)),
        (PAGES, {"page": "1"}, (20, 40)),
        (PAGES, {"page": "xi-xii"}, (0, 19)),
        (PAGES, {"page": "xi–1"}, (0, 40)),
        (LONG, {"time": "00:00:09"}, (10, 19)),
        (LONG, {"time": "0:10"}, (10, 19)),
        (LONG, {"time": "00:00:02.5-00:00:10"}, (0, 19)),
        (LONG, {"time": "00:59"}, (30, 40)),
        (LONG, {"time": "99:00:00"}, (20, 30)),
        (BOOK, {"chapter": "sea"}, (20, 40)),
        (BOOK, {"chapter": "I. The Land"}, (10, 19)),
        (BOOK, {"lines": (1, 2)}, (0, 19)),
        (BOOK, {"chars": (3, 5)}, (3, 5)),
    ],
)
def test_parts_by_place(
    where: tuple[LocatorMark, ...], given: dict[str, Any], span: tuple[int, int]
) -> None:
    assert part(where, **given) == span


@pytest.mark.parametrize(
    ("where", "given", "message"),
    [
        ((), {"page": "1"}, "has no pages; ask for --lines or --chars"),
        (LONG, {"page": "1"}, "has times and no pages; ask for --time"),
        (PAGES, {"page": "7"}, "no page '7'; its pages are xi, xii, 1"),
        (PAGES, {"page": "1-xi"}, "no page '1-xi'"),
        (TIMES, {"time": "00:00:01"}, "nothing is heard at 00:00:01; the source begins at 00:12:04"),
        (LONG, {"time": "soon"}, "'soon' is no time, expected one such as 00:12:04"),
        (LONG, {"time": "00:09-00:01"}, "nothing is heard at 00:09-00:01"),
        (BOOK, {"chapter": "The"}, "2 chapters of the source called 'The', expected one: I. The Land"),
        (BOOK, {"chapter": "Z"}, "no chapter of the source called 'Z', expected one: Preface, I."),
    ],
)  # fmt: skip
def test_parts_that_are_not_there(
    where: tuple[LocatorMark, ...], given: dict[str, Any], message: str
) -> None:
    with pytest.raises(CitewellError) as raised:
        part(where, **given)
    assert message in str(raised.value)


def test_seconds() -> None:
    assert [seconds(time) for time in ("1:02:03", "02:03", "00:02:03,900")] == [3723, 123, 123]


TALK = """WEBVTT

00:12:01.000 --> 00:12:04.000
<v Ann Lee>The harbour wall was built

00:12:04.000 --> 00:12:07.000
<v Ann Lee>in nineteen weeks.

00:12:30.500 --> 00:12:33.000
<v Bob Ray>Nobody counted the heron nests.
"""


def test_a_subtitle_file_from_the_file_to_the_citation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "talk.vtt").write_text(TALK, encoding="utf-8")
    folder = tmp_path / "library"
    with qa.open(folder, encoder=HashingEncoder()) as library:
        library.add(tmp_path / "talk.vtt")
        quote = library.ask("How was the harbour wall built?").quotes[0]
        assert quote.text == "The harbour wall was built\nin nineteen weeks."
        assert (quote.citation.speaker, quote.citation.page) == ("Ann Lee", None)
        assert quote.citation.locator == Locator(TIME, "00:12:01")
        assert [mark.locator.label for mark in library.locators("talk.vtt")] == [
            *("00:12:01", "00:12:04", "00:12:30"),
        ]
    at = ("show", "--library", str(folder), "talk.vtt")
    assert main([*at, "--lines", "2-4"]) == 0
    assert capsys.readouterr().out == (
        "[at 00:12:04]\nin nineteen weeks.\n\nNobody counted the heron nests.\n"
    )
    assert main([*at, "--time", "00:12:31", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["text"] == "Nobody counted the heron nests."
    assert shown["locator"] == {"kind": "time", "label": "00:12:30"}
    assert (shown["line_start"], shown["line_end"]) == (4, 4)
    assert main(["show", "--library", str(folder), "cw:abcdefghij", "--time", "00:01"]) == 2
    assert "--time is of sources" in capsys.readouterr().err


def test_places_in_the_viewers_rows() -> None:
    text = "one\ntwo\nthree\n"
    source = OpenSource(
        "/x", 0, text, ui_line_starts(text), (), (), marks(PAGE, (0, "i"), (5, "ii"))
    )
    assert [row["places"] for row in rows(source, 0, len(text), (0, 0))] == [
        [{"form": "page", "label": "i"}],
        [{"form": "page", "label": "ii"}],
        [],
    ]
    assert locator_card(Locator(CHAPTER, "Preface")) == {"form": "named", "label": "Preface"}
    assert locator_card(None) is None
    for language in ("en", "ru"):
        forms = {
            key.partition(".")[2] for key in all_words()[language] if key.startswith("locator.")
        }
        assert forms == {"page", "pages", "time", "chapter", "named"}
