"""Whoever reads a citation sees which of its names a person corrected by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

import qa
from qa.as_data import answer_data
from qa.cli.answers import answer_lines
from qa.export import FORMATS, export_notebook
from qa.find.reporting import find_data
from qa.in_words import attribution, by_hand_words
from qa.notebook.records import Pin, decode_quote, encode_quote
from qa.records import Citation, Quote
from tests.support.quotes import make_quote
from ui.catalogue import Catalogue
from ui.source_view import SourceView

TALK = """Talk on the harbour
March 4, 2024

Olav Brandt: The pilot boats will cost the harbour nine million crowns this year.

Clerk Ada Brandt: The dredging is paid for by the shipping companies themselves.

Olav Brandt: Nobody has counted the cranes on the eastern quay since autumn.

Clerk Ada Brandt: They will be counted before the summer comes.
"""
PILOTS, DREDGING, CRANES = "pilot boats crowns", "dredging paid shipping", "counted cranes quay"
FILES = {"talk.txt": TALK}


def cited(library: qa.Library, question: str) -> Citation:
    """The best quote's citation, or else the best miss's."""
    answer = library.ask(question, understand=False)
    return (answer.quotes or answer.misses)[0].citation


def test_nothing_is_corrected_in_what_was_found(library: qa.Library) -> None:
    assert cited(library, PILOTS).speaker == "Olav Brandt"
    assert cited(library, PILOTS).corrected == ()


def test_each_name_says_so_where_it_was_corrected_and_nowhere_else(library: qa.Library) -> None:
    title = library.correct("talk.txt", title="Talk on the port")
    assert cited(library, PILOTS).corrected == ("document",)
    library.correct("talk.txt", date="2024-03-05")
    library.correct_speaker("talk.txt", found="Olav Brandt", speaker="Alice Munro")
    for question in (PILOTS, CRANES):
        assert cited(library, question).corrected == ("document", "date", "speaker")
    assert cited(library, DREDGING).corrected == ("document", "date")
    library.uncorrect(title[0].id)
    assert cited(library, PILOTS).corrected == ("date", "speaker")


def test_one_turn_alone_and_a_role_alone(library: qa.Library) -> None:
    at = TALK.index("Nobody has counted")
    library.correct_speaker("talk.txt", at=at, speaker="Olav Brandt", role="Clerk")
    assert (cited(library, CRANES).role, cited(library, CRANES).corrected) == (
        "Clerk",
        ("speaker",),
    )
    assert cited(library, PILOTS).corrected == ()
    library.correct_speaker("talk.txt", at=at, speaker=None)
    assert (cited(library, CRANES).speaker, cited(library, CRANES).corrected) == (
        *(None, ("speaker",)),
    )


def test_a_correction_to_what_another_file_says_marks_no_copy(
    library: qa.Library, tmp_path: Path
) -> None:
    (tmp_path / "copy.txt").write_text(TALK, encoding="utf-8")
    library.add(tmp_path / "copy.txt")
    library.correct_speaker("talk.txt", found="Olav Brandt", speaker="Alice Munro")
    for source, corrected in (("talk.txt", ("speaker",)), ("copy.txt", ())):
        answer = library.ask(PILOTS, understand=False, sources=source)
        assert (answer.quotes or answer.misses)[0].citation.corrected == corrected


@pytest.mark.parametrize(
    ("corrected", "words"),
    [
        ((), ""),
        (("date",), "date corrected by hand"),
        (("speaker", "document"), "title and speaker corrected by hand"),
        (("document", "date", "speaker", "date"), "title, date and speaker corrected by hand"),
    ],
)
def test_in_words(corrected: tuple[str, ...], words: str) -> None:
    assert by_hand_words(corrected) == words


def test_the_terminal_and_json_say_so(library: qa.Library) -> None:
    library.correct_speaker("talk.txt", found="Olav Brandt", speaker="Alice Munro")
    answer = library.ask(PILOTS, understand=False)
    said = "  — Alice Munro, 2024-03-04 (speaker corrected by hand)"
    assert said in list(answer_lines(answer, str))
    data = json.loads(json.dumps(answer_data(answer)))
    shown = [*data["quotes"], *data["misses"]]
    assert shown[0]["corrected"] == ["speaker"]
    assert {tuple(one["corrected"]) for one in shown} == {(), ("speaker",)}
    found = find_data(library.find('"pilot boats"'))
    assert found["occurrences"][0]["citation"]["corrected"] == ["speaker"]


def corrected_quote(*names: str) -> Quote:
    quote = make_quote("The pier holds.")
    return replace(quote, citation=replace(quote.citation, corrected=names))


def test_it_is_kept_with_the_quote_and_older_rows_have_none() -> None:
    quote = corrected_quote("date", "speaker")
    assert decode_quote(encode_quote(quote)) == quote
    data = json.loads(encode_quote(quote))
    del data["corrected"]
    assert decode_quote(json.dumps(data)).citation.corrected == ()


@pytest.mark.parametrize("form", FORMATS)
def test_every_export_says_so(form: str) -> None:
    pins = [Pin("1", "2024-05-02", "Does it hold?", corrected_quote("date", "speaker"))]
    text = export_notebook(pins, form, lambda path: "minutes.txt").text
    assert "date and speaker corrected by hand" in text
    plain = [Pin("1", "2024-05-02", "Does it hold?", corrected_quote())]
    assert "by hand" not in export_notebook(plain, form, lambda path: "minutes.txt").text


def test_a_work_of_several_quotes_says_what_was_corrected_for_any() -> None:
    other = replace(corrected_quote(), text="Another.")
    quotes = (other, corrected_quote("speaker"))
    pins = [Pin(str(n), "2024-05-02", "?", quote) for n, quote in enumerate(quotes)]
    (item,) = json.loads(export_notebook(pins, "csl", lambda path: "minutes.txt").text)
    assert item["note"].endswith("\nspeaker corrected by hand")


def test_attribution_is_as_it_was_without_corrections() -> None:
    assert attribution(corrected_quote().citation) == "Olav Brandt, Chairman, 2024-05-01"


def test_the_viewer_marks_the_names_above_its_rows(library: qa.Library) -> None:
    library.correct("talk.txt", date="2024-03-05")
    at = TALK.index("Nobody has counted")
    library.correct_speaker("talk.txt", at=at, speaker="Alice Munro")
    shown = SourceView(library, Catalogue(library)).open("talk.txt", at, at + 6, None)
    assert [head[3] for row in shown["rows"] for head in row["documents"]] == [True]
    assert [tuple(one) for row in shown["rows"] for one in row["speakers"]] == [
        ("Olav Brandt", None, False),
        ("Ada Brandt", "Clerk", False),
        ("Alice Munro", None, True),
        ("Ada Brandt", "Clerk", False),
    ]
