"""Corrections by hand: found again after the source was edited, or nowhere; never elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.corrections.applying import (
    Correction,
    CorrectionKind,
    StructureSelector,
    corrected,
    document_anchor,
    turn_anchor,
)
from qa.records import Boundary, Document, Turn, TurnKind

TITLE, DATE, SPEAKER, TURN = CorrectionKind


def made(text: str) -> tuple[tuple[Document, ...], tuple[Turn, ...]]:
    """Documents begin at lines with `#`; each other line is a turn, `Name: words` a speaker's."""
    documents: list[Document] = []
    turns: list[Turn] = []
    at = 0
    for line in text.splitlines(keepends=True):
        end = at + len(line.rstrip("\n"))
        if line.startswith("#"):
            title = line.strip("# \n") or None
            facts = (at, len(text), title, None, None, None, Boundary.STRONG, "#")
            documents.append(Document(len(documents), *facts))
        elif line.strip():
            name, colon, words = line.rstrip("\n").partition(": ")
            start = end - len(words) if colon else at
            kind = TurnKind.SPEECH if colon else TurnKind.NARRATION
            speaker = name if colon else None
            turns.append(Turn(len(documents) - 1, len(turns), kind, start, end, speaker))
        at += len(line)
    ends = [document.start for document in documents[1:]] + [len(text)]
    return (
        tuple(replace(one, end=end) for one, end in zip(documents, ends, strict=True)),
        tuple(turns),
    )


def about_turn(text: str, number: int, speaker: str | None) -> Correction:
    turns = made(text)[1]
    anchor = turn_anchor(turns[number], turns, text)
    return Correction(1, "/x", TURN, speaker, None, anchor, turns[number].speaker)


def about_title(text: str, number: int, title: str) -> Correction:
    documents = made(text)[0]
    anchor = document_anchor(documents[number], documents, text)
    return Correction(1, "/x", TITLE, title, None, anchor, documents[number].title)


def speakers(text: str, *corrections: Correction) -> list[str | None]:
    return [turn.speaker for turn in corrected(*made(text), text, corrections).turns]


def titles(text: str, *corrections: Correction) -> list[str | None]:
    return [one.title for one in corrected(*made(text), text, corrections).documents]


TEXT = """# First meeting
Speaker A: We opened the harbour in spring and nobody has thanked us for it.
Speaker B: Yes.
Speaker A: The dredging went on through the summer.
# Second meeting
Speaker B: Yes.
A voice asked who should pay for the pilot boats this year.
Speaker A: Nobody.
"""


# ---- what a correction applies to --------------------------------------------------------


def test_all_turns_of_a_found_name() -> None:
    alice = Correction(1, "/x", SPEAKER, "Alice Munro", None, StructureSelector(), "Speaker A")
    found = speakers(TEXT, alice)
    assert found == [
        *("Alice Munro", "Speaker B", "Alice Munro"),
        *("Speaker B", None, "Alice Munro"),
    ]
    assert corrected(*made(TEXT), TEXT, [alice]).effects[1].turns == ((0, 0), (0, 2), (1, 5))


def test_one_turn_outweighs_its_found_name() -> None:
    alice = Correction(2, "/x", SPEAKER, "Alice Munro", None, StructureSelector(), "Speaker A")
    bob = about_turn(TEXT, 2, "Bob")
    for order in ((alice, bob), (bob, alice)):
        assert speakers(TEXT, *order)[:3] == ["Alice Munro", "Speaker B", "Bob"]


def test_a_turn_nobody_was_found_to_speak() -> None:
    correction = about_turn(TEXT, 4, "Ines Kolar")
    assert speakers(TEXT, correction)[4] == "Ines Kolar"
    assert speakers(TEXT, correction).count("Ines Kolar") == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("First meeting", "The first meeting of the year"),  # elsewhere
        ("Speaker B: Yes.\nSpeaker A: The", "Speaker B: Yes.\nSpeaker B: And no.\nSpeaker A: The"),
        ("who should pay", "who ought to pay"),  # within it
        ("A voice asked", "A voice in the gallery asked"),  # where it begins
        ("this year.", "next year, and the year after."),  # where it ends
        ("A voice asked who", "A  voice\tasked who"),  # its white space
    ],
)
def test_a_turn_is_found_again_after_an_edit(old: str, new: str) -> None:
    correction = about_turn(TEXT, 4, "Ines Kolar")
    edited = TEXT.replace(old, new)
    assert edited != TEXT
    changed = [
        turn
        for turn in corrected(*made(edited), edited, [correction]).turns
        if turn.speaker == "Ines Kolar"
    ]
    assert len(changed) == 1
    assert "pay for the pilot boats" in edited[changed[0].start : changed[0].end]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # Its words are gone, altogether changed, or run on in what was another's turn.
        ("A voice asked who should pay for the pilot boats this year.\n", ""),
        ("A voice asked who should pay for the pilot boats this year.", "Rain fell."),
        ("this year.\nSpeaker A: Nobody.", "this year. Nobody."),
    ],
)
def test_a_turn_that_is_gone_is_not_looked_for_elsewhere(old: str, new: str) -> None:
    correction = about_turn(TEXT, 4, "Ines Kolar")
    edited = TEXT.replace(old, new)
    assert edited != TEXT
    result = corrected(*made(edited), edited, [correction])
    assert "Ines Kolar" not in [turn.speaker for turn in result.turns]
    assert not result.effects[1].applies


def test_equal_words_are_told_by_what_stands_around_them() -> None:
    second = about_turn(TEXT, 3, "Carol")  # the second "Yes."
    assert speakers(TEXT, second)[1:4] == ["Speaker B", "Speaker A", "Carol"]
    more = TEXT.replace("# First meeting\n", "# First meeting\nSpeaker C: Yes.\n")
    assert speakers(more, second).index("Carol") == 4
    only_first = TEXT.replace("# Second meeting\nSpeaker B: Yes.\n", "# Second meeting\n")
    assert "Carol" not in speakers(only_first, second)


def test_equal_words_in_equal_surroundings_only_by_their_number() -> None:
    text = "# One\n" + "A: Yes.\n" * 9
    third = about_turn(text, 4, "Carol")
    assert speakers(text, third).index("Carol") == 4
    assert "Carol" not in speakers("# One\n" + "A: Yes.\n" * 10, third)
    assert "Carol" not in speakers("# One\nA: Yes.\n", third)


def test_a_document_is_found_again_by_its_first_line_or_the_words_after_it() -> None:
    correction = about_title(TEXT, 1, "Meeting of May")
    assert titles(TEXT, correction) == ["First meeting", "Meeting of May"]
    for old, new in (
        ("# First meeting\n", "# Preface\nSpeaker C: Welcome.\n# First meeting\n"),
        ("Speaker A: Nobody.", "Speaker A: Everybody."),
        ("Second meeting", "Second meeting, held in May"),
    ):
        edited = TEXT.replace(old, new)
        assert edited != TEXT
        assert titles(edited, correction)[-1] == "Meeting of May"
        assert titles(edited, correction).count("Meeting of May") == 1
    gone = TEXT[: TEXT.index("# Second meeting")]
    assert titles(gone, correction) == ["First meeting"]
    other = gone + "# Another thing\nSpeaker B: No.\n"
    assert titles(other, correction) == ["First meeting", "Another thing"]


def test_documents_that_begin_alike_are_told_apart_or_left() -> None:
    text = "# Minutes\nA: Yes.\n# Minutes\nA: No.\n# Minutes\nA: No.\n"
    second = about_title(text, 1, "Minutes of May")
    assert titles(text, second) == ["Minutes", "Minutes of May", "Minutes"]
    assert titles("# Minutes\nB: Ah.\n" + text, second) == ["Minutes"] * 4
    first = about_title(text, 0, "Minutes of April")
    assert titles("# Minutes\nB: Ah.\n" + text, first)[1] == "Minutes of April"


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(["A: Yes.", "B: No.", "Rain.", "#", "# T"]), max_size=12), st.data()
)
def test_a_correction_applies_where_it_was_made(lines: list[str], data: st.DataObject) -> None:
    """Whatever repeats itself: on the same text it applies to its own turn and to no other."""
    text = "\n".join(["# Top", *lines, "end."]) + "\n"
    documents, turns = made(text)
    number = data.draw(st.integers(0, len(turns) - 1))
    expected = [turn.speaker for turn in turns]
    expected[number] = "Corrected"
    assert speakers(text, about_turn(text, number, "Corrected")) == expected
    number = data.draw(st.integers(0, len(documents) - 1))
    names = [one.title for one in documents]
    names[number] = "Corrected"
    assert titles(text, about_title(text, number, "Corrected")) == names
