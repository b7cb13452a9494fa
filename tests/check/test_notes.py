"""What a check says is wrong with a claim: by kind and value, in words, under sources' names."""

from __future__ import annotations

from pathlib import Path

import pytest

import qa
from qa.api.calls import Calls, SourceNames
from qa.check.records import CheckReport, Note, NoteKind
from qa.check.reports.data import report_data
from qa.check.reports.wording import problems, with_names
from tests.support.hashing_encoder import HashingEncoder

MEETING = """The harbour meeting
May 3, 2021

Ada Brandt: The old quay will stay open until the last ferry has left it.

Ben Kolar: A clerk told me “nobody has counted the cranes since the autumn” last week.

Ada Brandt: Then they will be counted before the summer.

Ben Kolar: The council has been told so twice.
"""
OTHER = "The eastern lighthouse was painted white by nine volunteers.\n"


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (NoteKind.SOURCE, "cited from X, but stands in Y"),
        (NoteKind.DOCUMENT, "cited from “X”, but stands in “Y”"),
        (NoteKind.DATE, "dated X in the draft, Y in the source"),
        (NoteKind.DATE_ONLY, "dated X in the draft; the source gives only Y"),
        (NoteKind.DATE_NONE, "dated X in the draft; the source gives no date"),
        (NoteKind.SPEAKER, "the draft gives them to X; in the source Y speaks"),
        (NoteKind.OFFICE, "the draft gives them to X; the source gives Y no office"),
        (NoteKind.NOBODY, "the draft gives them to X; the source names nobody"),
        (
            NoteKind.INTERVIEWER,
            "the draft gives them to X; they are the interviewer’s question (Y)",
        ),
        (NoteKind.NOT_SPEECH, "the draft gives them to X; they are a Y, not speech"),
        (NoteKind.REPORTED, "Y says them as somebody else’s words"),
        (NoteKind.PLACES, "not every place was looked at: there are too many"),
    ],
)
def test_each_kind_in_words(kind: NoteKind, message: str) -> None:
    assert Note(kind, "X", "Y").message == message


def test_an_interviewer_whom_nobody_names_and_braces_in_a_name() -> None:
    assert Note(NoteKind.INTERVIEWER, "X").message.endswith("they are the interviewer’s question")
    assert Note(NoteKind.NOBODY, "{found}").message == (
        "the draft gives them to {found}; the source names nobody"
    )


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("papers")
    (folder / "meeting.txt").write_text(MEETING, encoding="utf-8")
    (folder / "other.txt").write_text(OTHER, encoding="utf-8")
    with qa.open(folder / "library", encoder=HashingEncoder()) as library:
        library.add(folder / "meeting.txt", folder / "other.txt")
    return folder


def checked(papers: Path, draft: str) -> CheckReport:
    with qa.open(papers / "library", read_only=True) as library:
        return library.check(draft)


@pytest.mark.parametrize(
    ("draft", "notes"),
    [
        (
            "Ben Kolar said: “The old quay will stay open until the last ferry has left it.”",
            (Note(NoteKind.SPEAKER, "Ben Kolar", "Ada Brandt"),),
        ),
        (
            "On May 4, 2021 Ada Brandt said: “The old quay will stay open until the last ferry.”",
            (Note(NoteKind.DATE, "2021-05-04", "2021-05-03"),),
        ),
        (
            "On 3 May 2021 Ada Brandt said: “The eastern lighthouse was painted white.”",
            (
                Note(NoteKind.NOBODY, "Ada Brandt"),
                Note(NoteKind.DATE_NONE, "2021-05-03"),
            ),
        ),
        (
            "Ben Kolar said: “nobody has counted the cranes since the autumn”.",
            (Note(NoteKind.REPORTED, "Ben Kolar", "Ben Kolar"),),
        ),
        ("Ada Brandt said: “The old quay will stay open until the last ferry.”", ()),
    ],
)
def test_what_a_check_notes(papers: Path, draft: str, notes: tuple[Note, ...]) -> None:
    (quotation,) = checked(papers, draft).quotations
    assert quotation.notes == notes


def test_a_note_names_sources_as_the_reader_knows_them(papers: Path) -> None:
    meeting, other = str(papers / "meeting.txt"), str(papers / "other.txt")
    with qa.open(papers / "library", read_only=True) as library:
        found = library.check_quote("painted white by nine volunteers", source=meeting)
        assert found.notes == (Note(NoteKind.SOURCE, meeting, other),)
        draft = "“The eastern lighthouse was painted white” (meeting.txt)."
        report = library.check(draft)
        named = with_names(report, lambda path: Path(path).name)
        told = Calls(library, SourceNames(library)).check(draft)
    note = {
        "kind": "source",
        "message": "cited from meeting.txt, but stands in other.txt",
        "claimed": "meeting.txt",
        "found": "other.txt",
    }
    assert told["quotations"][0]["notes"] == report_data(named)["quotations"][0]["notes"] == [note]
    assert note["message"] in problems(named.quotations[0])
