"""`qa find` as a person runs it: output, exit status, and errors that say what to do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import qa
from qa.cli.main import main
from qa.find.records import Order, Within
from tests.support.hashing_encoder import HashingEncoder

TEXT = "The wheat leaves the harbour. The harbour sleeps.\n\nNobody wants the Café.\n"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    (tmp_path / "notes.txt").write_text(TEXT, encoding="utf-8")
    with qa.open(tmp_path / "library", encoder=HashingEncoder()) as opened:
        opened.add(tmp_path / "notes.txt")
    return tmp_path / "library"


def find(library: Path, *arguments: str) -> int:
    return main(["find", "--library", str(library), *arguments])


def test_what_is_found_is_printed(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert find(library, "harbour") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "2 occurrences in 1 document; 1 passage of 1 document searched"
    # Not a terminal: nothing is marked.
    assert not any("\x1b" in line for line in lines)
    assert "“The harbour sleeps.”" in lines


def test_nothing_found_is_status_1(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert find(library, "wheat harbor") == 1
    assert "“harbor” occurs nowhere in the library; the sources have “harbour”" in (
        capsys.readouterr().out
    )


def test_json(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        find(library, '"the cafe"', "--json", "--within", "sentence", "--order", "relevance") == 0
    )
    data = json.loads(capsys.readouterr().out)
    assert (data["count"], data["within"], data["order"]) == (1, "sentence", "relevance")
    one = data["occurrences"][0]
    assert TEXT[one["start"] : one["end"]] == one["text"] == "the Café"


def test_a_query_that_begins_with_a_dash(library: Path) -> None:
    assert find(library, "--", "-nowhere wheat") == 0


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (['"wheat'], "the quotation mark at character 1 is not closed"),
        (["wheat", "--since", "someday"], "since is 'someday', expected a date"),
        (["wheat", "--speaker", "Nobody"], "no speaker goes by 'Nobody'"),
    ],
)
def test_an_error_is_one_line(
    library: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], hint: str
) -> None:
    assert find(library, *arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert hint in captured.err
    assert captured.err.count("\n") == 1


@pytest.mark.parametrize("option", ["--limit=0", "--within=page", "--order=size"])
def test_options_are_checked(
    library: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        find(library, "wheat", option)
    assert stopped.value.code == 2


def test_the_facade(library: Path) -> None:
    with qa.open(library, encoder=HashingEncoder()) as opened:
        report = opened.find("the wheat", sources="notes.txt", limit=1)
        assert (report.count, len(report.occurrences)) == (5, 1)
        apart = opened.find("wheat cafe", within=Within.DOCUMENT, order=Order.RELEVANCE)
        assert apart.count == 2
        with pytest.raises(qa.CitewellError, match="no word in it"):
            opened.find("!")
