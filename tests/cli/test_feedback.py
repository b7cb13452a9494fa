"""`qa feedback` as a person runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import qa
from qa.cli.main import main
from qa.notebook.records import FeedbackKind
from qa.store.opening import open_notebook
from qa.store.sqlite.names import ON_DISK
from tests.support.quotes import make_quote

FILES = {"notes.txt": "The pier holds.\n"}


def feedback(library: Path, *arguments: str) -> int:
    return main(["feedback", "--library", str(library), *arguments])


def test_feedback_is_listed_oldest_first(
    library: qa.Library, capsys: pytest.CaptureFixture[str]
) -> None:
    keeping = open_notebook(library.folder)
    first = keeping.give_feedback(
        "anna", FeedbackKind.WRONG_SPEAKER, "Who?\x1b[31m", make_quote("The pier\nholds.")
    )
    keeping.give_feedback("boris", FeedbackKind.RIGHT, "What?", make_quote("Twice.", speaker=None))
    assert feedback(library.folder) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        f"{first.given_at}  wrong speaker  (anna)",
        "  asked: Who?‹U+001B›[31m",
        "  “The pier holds.”",
        "  Olav Brandt, 2024-05-01 · /srv/papers/minutes.txt, lines 7–8",
        lines[4],
        "  asked: What?",
        "  “Twice.”",
        "  unattributed, 2024-05-01 · /srv/papers/minutes.txt, lines 7–8",
    ]
    assert lines[4].endswith("  right  (boris)")
    assert feedback(library.folder, "--json") == 0
    one, two = json.loads(capsys.readouterr().out)["feedback"]
    assert (one["kind"], one["person"], one["text"]) == (
        "wrong_speaker",
        "anna",
        "The pier\nholds.",
    )
    assert (one["citation"]["speaker"], two["kind"]) == ("Olav Brandt", "right")


def test_without_feedback_the_status_is_1_and_no_file_is_made(
    library: qa.Library, capsys: pytest.CaptureFixture[str]
) -> None:
    assert feedback(library.folder) == 1
    assert "nobody has said anything" in capsys.readouterr().out
    assert feedback(library.folder, "--json") == 1
    assert json.loads(capsys.readouterr().out) == {"feedback": []}
    assert not (library.folder / ON_DISK.notebook).exists()


def test_a_missing_library_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert feedback(tmp_path / "none") == 2
    assert "there is no library" in capsys.readouterr().err
