"""`qa find` as a person runs it: output, exit status, and errors that say what to do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import qa
from qa.cli.main import main
from qa.find.records import Order, Within

TEXT = "The wheat leaves the harbour. The harbour sleeps.\n\nNobody wants the Café.\n"
FILES = {"notes.txt": TEXT}


def find(library: Path, *arguments: str) -> int:
    return main(["find", "--library", str(library), *arguments])


def test_what_is_found_is_printed(library: qa.Library, capsys: pytest.CaptureFixture[str]) -> None:
    assert find(library.folder, "harbour") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "2 occurrences in 1 document; 1 passage of 1 document searched"
    # Not a terminal: nothing is marked.
    assert not any("\x1b" in line for line in lines)
    assert "“The harbour sleeps.”" in lines


def test_nothing_found_is_status_1(library: qa.Library, capsys: pytest.CaptureFixture[str]) -> None:
    assert find(library.folder, "wheat harbor") == 1
    assert "“harbor” occurs nowhere in the library; the sources have “harbour”" in (
        capsys.readouterr().out
    )


def test_json(library: qa.Library, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        find(library.folder, '"the cafe"', "--json", "--within", "sentence", "--order", "relevance")
        == 0
    )
    data = json.loads(capsys.readouterr().out)
    assert (data["count"], data["within"], data["order"]) == (1, "sentence", "relevance")
    one = data["occurrences"][0]
    assert TEXT[one["start"] : one["end"]] == one["text"] == "the Café"


def test_a_query_that_begins_with_a_dash(library: qa.Library) -> None:
    assert find(library.folder, "--", "-nowhere wheat") == 0


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (['"wheat'], "the quotation mark at character 1 is not closed"),
        (["wheat", "--since", "someday"], "since is 'someday', expected a date"),
        (["wheat", "--speaker", "Nobody"], "no speaker goes by 'Nobody'"),
    ],
)
def test_an_error_is_one_line(
    library: qa.Library, capsys: pytest.CaptureFixture[str], arguments: list[str], hint: str
) -> None:
    assert find(library.folder, *arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert hint in captured.err
    assert captured.err.count("\n") == 1


@pytest.mark.parametrize("option", ["--limit=0", "--within=page", "--order=size"])
def test_options_are_checked(
    library: qa.Library, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        find(library.folder, "wheat", option)
    assert stopped.value.code == 2


def test_the_facade(library: qa.Library) -> None:
    report = library.find("the wheat", sources="notes.txt", limit=1)
    assert (report.count, len(report.occurrences)) == (5, 1)
    apart = library.find("wheat cafe", within=Within.DOCUMENT, order=Order.RELEVANCE)
    assert apart.count == 2
    with pytest.raises(qa.CitewellError, match="no word in it"):
        library.find("!")
