"""`qa show cw:…`: a kept citation as it stands now; and checking through the facade."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

import qa
from qa.anchoring.citations import SavedCitation
from qa.check.drift import citation_of
from qa.cli.main import main
from qa.errors import InvalidQuery, LibraryError, UnknownSource
from qa.language.discourse import first_of
from qa.store.opening import open_citations
from qa.store.protocol import LibraryStore
from tests.support.checking_samples import put

MEETING = """Meeting of the bridge council
March 4, 2024
Town Hall, Lidmar
Mayor of Lidmar Ada Brandt: Colleagues, good afternoon.
We support a time limit, and we can live with ninety minutes. But the toll is another matter.
Engineer of Lidmar Ben Kolar: Thank you. If the money comes, we shall begin in May.
The divers worked on nineteen days, and the pier is sound.
"""
WORDS = "we can live with ninety minutes"
FILES = {"meeting.txt": MEETING}


@pytest.fixture
def kept(own_store: LibraryStore) -> SavedCitation:
    start = MEETING.index(WORDS)
    return open_citations(own_store.index_folder).add(
        citation_of(own_store, "meeting.txt", start, start + len(WORDS))
    )


def show(store: LibraryStore, token: str, *options: str) -> int:
    return main(["show", "--library", str(store.index_folder), token, *options])


def test_an_intact_citation(
    own_store: LibraryStore, kept: SavedCitation, capsys: pytest.CaptureFixture[str]
) -> None:
    assert show(own_store, kept.token) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{kept.token} intact: the source is unchanged",
        "",
        f"“{WORDS}”",
        "— Ada Brandt, Meeting of the bridge council, 2024-03-04",
        f"/sources/meeting.txt, line 5, characters {kept.start}-{kept.end}",
    ]


def test_a_moved_citation_as_data(
    own_store: LibraryStore, kept: SavedCitation, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = MEETING.replace("Town Hall, Lidmar\n", "Town Hall, Lidmar\nSecond floor\n")
    put(own_store, "meeting.txt", changed)
    assert show(own_store, kept.token, "--json") == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["token"], data["standing"]) == (kept.token, "moved")
    assert changed[data["start"] : data["end"]] == data["text"] == data["kept"] == WORDS
    assert (data["speaker"], data["date"]) == ("Ada Brandt", "2024-03-04")
    assert (data["line_start"], data["line_end"]) == (6, 6)


def test_a_changed_citation_shows_what_changed(
    own_store: LibraryStore, kept: SavedCitation, capsys: pytest.CaptureFixture[str]
) -> None:
    put(own_store, "meeting.txt", MEETING.replace("ninety minutes", "eighty minutes"))
    assert show(own_store, kept.token) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{kept.token} changed: the words have changed"
    assert lines[2] == f"was “{WORDS}”"
    assert lines[3] == "is  “we can live with eighty minutes”"
    assert lines[4] == "    number: “ninety” → “eighty”"


def test_a_citation_that_is_gone(
    own_store: LibraryStore, kept: SavedCitation, capsys: pytest.CaptureFixture[str]
) -> None:
    own_store.remove(["/sources/meeting.txt"])
    assert show(own_store, kept.token) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{kept.token} gone: ")
    assert lines[2] == f"“{WORDS}”"
    assert lines[-1] == f"was in /sources/meeting.txt, characters {kept.start}-{kept.end}"
    assert show(own_store, kept.token, "--json") == 1
    data = json.loads(capsys.readouterr().out)
    assert (data["standing"], data["start"], data["line_start"]) == ("gone", None, None)


@pytest.mark.parametrize(
    ("token", "options", "message"),
    [
        ("cw:0000000000", (), "no citation is kept under cw:0000000000"),
        ("cw:short", (), "'cw:short' is no token"),
        ("cw:0000000000", ("--lines", "3"), "--lines and --chars are of sources"),
    ],
)
def test_a_wrong_token_is_an_error(
    own_store: LibraryStore,
    token: str,
    options: tuple[str, ...],
    message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert show(own_store, token, *options) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert message in told.err


# ---- the facade ----------------------------------------------------------------------


def test_a_draft_through_the_facade(library: qa.Library) -> None:
    draft = f"Ada Brandt said that “{WORDS}”. Ben Kolar said: “we shall begin in June”."
    report = library.check(draft)
    assert isinstance(report, qa.CheckReport)
    first, second = report.quotations
    assert (first.verdict, first.attribution, first.ok) == ("exact", "right", True)
    assert library.text(first.matches[0].source)[first.matches[0].start :].startswith(WORDS)
    assert (second.verdict, second.claimed.speaker) == ("altered", "Ben Kolar")
    assert [(c.draft, c.source) for c in second.changes] == [("June", "May")]
    assert not report.ok
    assert library.check("Nothing is quoted.").ok


def test_one_quotation_through_the_facade(library: qa.Library) -> None:
    right = library.check_quote(WORDS, source="meeting.txt", speaker="Brandt", date="2024-03")
    assert right.ok
    assert right.attribution == "right"
    assert library.check_quote(WORDS, speaker="Ben Kolar").attribution == "wrong_speaker"
    assert library.check_quote(WORDS, date="2023").attribution == "wrong_date"
    assert library.check_quote("We can live with nothing of it").verdict == "altered"
    with pytest.raises(InvalidQuery, match="no word"):
        library.check_quote("“…”")
    with pytest.raises(InvalidQuery, match="expected YYYY-MM-DD"):
        library.check_quote(WORDS, date="spring")
    with pytest.raises(UnknownSource):
        library.check_quote(WORDS, source="nowhere.txt")


def test_what_is_added_later_is_checked_against(library: qa.Library, tmp_path: Path) -> None:
    words = "The ferry sails at dawn and no sooner"
    assert not library.check(f"“{words}”").ok
    later = tmp_path / "ferry.txt"
    later.write_text(f"The ferry\n5 May 2024\n\n{words}.\n", encoding="utf-8")
    library.add(later)
    assert library.check(f"“{words}”").ok
    library.remove("ferry.txt")
    assert not library.check(f"“{words}”").ok


def test_a_closed_library_checks_nothing(library: qa.Library) -> None:
    library.check(f"“{WORDS}”")
    library.close()
    with pytest.raises(LibraryError, match="was closed"):
        library.check(f"“{WORDS}”")


def test_checking_needs_no_model(library: qa.Library) -> None:
    with qa.open(library.folder, read_only=True) as reader:
        assert reader.check(f"“{WORDS}”").ok
        assert reader._session.given_encoder is None


def test_a_draft_is_never_written_over(
    own_store: LibraryStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draft = tmp_path / "draft.md"
    draft.write_text("“we can live with eighty minutes”", encoding="utf-8")
    for options in (["--fix"], ["--format", "html"]):
        given = [
            "check",
            "--library",
            str(own_store.index_folder),
            str(draft),
            "--output",
            str(draft),
        ]
        assert main([*given, *options]) == 2
        assert "is the draft itself" in capsys.readouterr().err
    assert draft.read_text(encoding="utf-8") == "“we can live with eighty minutes”"


def test_a_pack_is_a_zip_or_a_page(
    own_store: LibraryStore, kept: SavedCitation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "pack.pdf"
    given = ["pack", "--library", str(own_store.index_folder), kept.token, "--output", str(out)]
    assert main(given) == 2
    assert "name it OUT.zip or OUT.html" in capsys.readouterr().err
    assert not out.exists()


def test_far_is_a_negation_only_in_far_from() -> None:
    assert first_of("have so far reported far more", "negation") is None
    assert first_of("it is far from certain", "negation") == "far from"


def test_the_report_counts_citations_too(
    own_store: LibraryStore, kept: SavedCitation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draft = tmp_path / "draft.md"
    draft.write_text(f"See {kept.token} and cw:0000000000.", encoding="utf-8")
    assert main(["check", "--library", str(own_store.index_folder), str(draft)]) == 1
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "no quotation found; 2 citations, 1 in order, 1 to look at"
    given = ["check", "--library", str(own_store.index_folder), str(draft), "--format", "junit"]
    assert main(given) == 1
    suite = ElementTree.fromstring(capsys.readouterr().out)[0]
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
