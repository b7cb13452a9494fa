"""`qa sources --structure` says why each turn has its speaker; `qa correct` offers the others."""

from __future__ import annotations

import json
import shlex
from typing import Any

import pytest

import qa
from qa.cli.main import main

TALK = """Talk on the harbour
4 March 2024

Ms. Ada Brandt: Who will pay for the dredging of the northern channel next spring?

Speaker A: The pilot boats cost nine million crowns a year, and the council has paid for them.

Ms. Brandt: And who pays for the dredging, if I may ask?

Speaker A: The shipping companies pay for it themselves.

Speaker A: I have nothing to add to that.
"""
FILES = {"talk.txt": TALK}
DREDGING = "The shipping companies"


@pytest.fixture
def run(library: qa.Library, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*words: str) -> str:
        assert main([*words, "--library", str(library.folder)]) == 0
        return capsys.readouterr().out

    return run


def line_of(words: str) -> str:
    return str(TALK[: TALK.index(words)].count("\n") + 1)


def turn_lines(out: str) -> list[str]:
    """What stands before the words of each turn of speech."""
    lines = (line.strip() for line in out.splitlines())
    return [line.split("  speech  ")[1].split(": ")[0] for line in lines if "  speech  " in line]


def test_the_reason_stands_beside_each_speaker(run: Any) -> None:
    assert turn_lines(run("sources", "--structure", "talk.txt")) == [
        "Ada Brandt [label]",
        "Speaker A [label]",
        "Ada Brandt [roster]",
        "Speaker A [label]",
        "Speaker A [label]",
    ]
    turns = json.loads(run("sources", "--structure", "talk.txt", "--json"))["turns"]
    why = [turn["why"] for turn in turns if turn["kind"] == "speech"]
    spans = [TALK[one["label"]["start"] : one["label"]["end"]] for one in why]
    assert spans == ["Ms. Ada Brandt:", "Speaker A:", "Ms. Brandt:", "Speaker A:", "Speaker A:"]
    assert [turn["why"] for turn in turns if turn["kind"] == "label"] == [None] * 5


def test_one_corrected_turn_offers_the_others_of_its_name(run: Any) -> None:
    out = run("correct", "talk.txt", "--line", line_of(DREDGING), "--speaker", "Álice O'Hara")
    told, command = out.splitlines()[1:]
    assert told == "2 other turns have Speaker A as the speaker; this corrects all:"
    listed = run("sources", "--structure", "talk.txt")
    assert "Álice O'Hara [corrected, found: Speaker A]" in listed
    words = shlex.split(command)
    assert words[:2] == ["qa", "correct"]
    assert main(words[1:]) == 0
    listed = run("sources", "--structure", "talk.txt")
    assert listed.count("  speech  Álice O'Hara [corrected, found: Speaker A]: ") == 3
    # Nothing is left to offer.
    again = run("correct", "talk.txt", "--line", line_of(DREDGING), "--speaker", "Bo Day")
    assert len(again.splitlines()) == 1


def test_the_offer_as_data_keeps_the_options_that_were_given(run: Any) -> None:
    place = ("talk.txt", "--line", line_of(DREDGING))
    data = json.loads(run("correct", *place, "--speaker", "-", "--role", "Pilot", "--json"))
    assert data["alike"]["turns"] == 2
    words = shlex.split(data["alike"]["command"])
    assert words[:7] == [
        "qa",
        "correct",
        "talk.txt",
        "--found",
        "Speaker A",
        "--speaker=-",
        "--role",
    ]


def test_a_turn_nobody_was_found_for_offers_nothing(library: qa.Library, run: Any) -> None:
    out = run("correct", "talk.txt", "--line", line_of("Who will"), "--speaker", "")
    assert out.count("\n") == 3  # Brandt has another turn
    library.correct_speaker("talk.txt", found="Ada Brandt", speaker="Ida Brand")
    out = run("correct", "talk.txt", "--line", line_of("Who will"), "--speaker", "Ada Brandt")
    assert out.count("\n") == 1  # the other one has been corrected meanwhile
