"""Line ends that only wrap a paragraph: spaces in the terminal, themselves everywhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qa
from qa.as_data import answer_data
from qa.cli.answers import answer_lines, find_lines, unwrapped, wraps_in

WRAPPED = "The pilot boats left the harbour at\ntwenty past four and came back in the rain."
BEFORE = "The log\n\nNobody had asked for the ferry, and so it stayed at its quay all morning.\n\n"
QUESTION = "pilot boats harbour twenty past four"
FILES = dict.fromkeys(("wrapped.md", "verse.txt"), f"{BEFORE}{WRAPPED}\n")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("One line.", "One line."),
        ("At\ntwenty past four", "At twenty past four"),
        ("  indented\n\tlines  \nend", "indented lines end"),
        ("One.\n\nTwo\nlines.", "One.\n\nTwo lines."),
        ("One.\n \n\n\nTwo.", "One.\n\nTwo."),
        ("", ""),
        ("\n", ""),
    ],
)
def test_a_paragraph_stands_on_one_line(text: str, shown: str) -> None:
    assert unwrapped(text) == shown


@given(st.text(alphabet=st.sampled_from("ab \t\n\u00a0é"), max_size=60))
def test_no_word_is_changed(text: str) -> None:
    assert unwrapped(text).split() == text.split()


@pytest.mark.parametrize(
    ("source", "shown"), [("wrapped.md", WRAPPED.replace("\n", " ")), ("verse.txt", WRAPPED)]
)
def test_where_the_format_says_so_alone(library: qa.Library, source: str, shown: str) -> None:
    answer = library.ask(QUESTION, sources=source)
    said = list(answer_lines(answer, library.short_name, wraps_in(library)))
    assert f"“{shown}”" in said
    (quote,) = answer_data(answer)["quotes"] or answer_data(answer)["misses"]
    assert quote["text"] == WRAPPED
    assert library.text(source)[quote["start"] : quote["end"]] == WRAPPED
    found = library.find('"twenty past"', sources=source)
    for marked in (False, True):
        lines = find_lines(found, library.short_name, marked=marked, wraps=wraps_in(library))
        plain = [line.replace("\x1b[1;4m", "").replace("\x1b[0m", "") for line in lines]
        assert f"“{shown}”" in plain


def test_sources_are_looked_up_only_where_a_quote_has_lines(library: qa.Library) -> None:
    def asked(path: str) -> bool:
        raise AssertionError(path)

    answer = library.ask(QUESTION, sources="verse.txt")
    with pytest.raises(AssertionError, match="verse"):
        list(answer_lines(answer, library.short_name, asked))
    library.remove("verse.txt")
    library.remove("wrapped.md")
    (library.folder.parent / "one.txt").write_text(WRAPPED.replace("\n", " "), encoding="utf-8")
    library.add(library.folder.parent / "one.txt")
    assert list(answer_lines(library.ask(QUESTION), library.short_name, asked))
