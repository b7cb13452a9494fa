"""Why each turn has its speaker: made-up texts of each kind, with the reason that a person gives."""

from __future__ import annotations

import pytest

from qa.records import Block, BlockKind, SourceText, TurnKind
from qa.structure.documents import find_documents
from qa.structure.evidence import SpeakerEvidence, SpeakerReason, speaker_evidence
from qa.structure.turns import find_turns

LABEL, ROSTER, DECLARED = SpeakerReason.LABEL, SpeakerReason.ROSTER, SpeakerReason.DECLARED
ONLY, QUOTATION = SpeakerReason.ONLY_SPEAKER, SpeakerReason.QUOTATION
UNCLEAR, CORRECTED = SpeakerReason.UNCLEAR, SpeakerReason.CORRECTED

Row = tuple[str, SpeakerReason | None, str | None]
"""A quotable turn's first words, the reason for its speaker, and the words that it rests on."""


def plain(text: str, form: str = "txt") -> SourceText:
    return SourceText(text, form, f"{form}/1")


def spoken(form: str, *parts: tuple[str | None, str]) -> SourceText:
    """Paragraphs of which the format declares the speaker, or says nothing."""
    text, blocks = "", []
    for speaker, words in parts:
        blocks.append(
            Block(BlockKind.PARAGRAPH, len(text), len(text) + len(words), speaker=speaker)
        )
        text += words + "\n\n"
    return SourceText(text, form, f"{form}/1", tuple(blocks))


def reasons(source: SourceText, rows: list[Row]) -> list[Row]:
    documents = find_documents(source)
    turns = [turn for document in documents for turn in find_turns(source, document)]
    why = {(one.document, one.turn): one for one in speaker_evidence(source, documents, turns)}
    found: list[Row] = []
    quotable = [turn for turn in turns if turn.kind.quotable]
    for number, turn in enumerate(quotable):
        one = why.get((turn.document, turn.ordinal))
        span = one.label if one else None
        length = len(rows[number][0]) if number < len(rows) else 40
        found.append(
            (
                source.text[turn.start : turn.start + length],
                one.reason if one else None,
                source.text[span.start : span.end] if span else None,
            )
        )
    return found


TEXTS: dict[str, tuple[SourceText, list[Row]]] = {
    "labels, whole and short": (
        plain(
            "President of Ruritania Rudolf Elph: Welcome.\nMinister of Ports Jane Doe: Thanks.\n"
            "Rudolf Elph: Go on.\nDoe: Gladly, I will."
        ),
        [
            ("Welcome.", LABEL, "President of Ruritania Rudolf Elph:"),
            ("Thanks.", LABEL, "Minister of Ports Jane Doe:"),
            ("Go on.", LABEL, "Rudolf Elph:"),
            ("Gladly", ROSTER, "Doe:"),
        ],
    ),
    "an office stands for the name given with it, and speech goes on after a direction": (
        plain(
            "The Chair (Hon. Ann Rota (East Bay, Lib.)): Order.\n"
            "Mr. Paul Manly (Ladysmith, GP): Thank you, Madam Chair.\n(applause)\nI will go on.\n"
            "The Chair: Mr. Poe is next.\nMr. Manly: A point of order."
        ),
        [
            ("Order.", LABEL, "The Chair (Hon. Ann Rota (East Bay, Lib.)):"),
            ("Thank you", LABEL, "Mr. Paul Manly (Ladysmith, GP):"),
            ("(applause)", None, None),
            ("I will go on.", LABEL, "Mr. Paul Manly (Ladysmith, GP):"),
            ("Mr. Poe", ROSTER, "The Chair:"),
            ("A point", ROSTER, "Mr. Manly:"),
        ],
    ),
    "capitals, accents and the order of names are no difference": (
        plain(
            "M. Yves BLANCHET : Merci, monsieur.\nM. Éric Côté : Je vous remercie.\n"
            "M. Yves Blanchet : Allez-y, je vous prie.\nM. ÉRIC CÔTÉ : Bien."
        ),
        [
            ("Merci", LABEL, "M. Yves BLANCHET :"),
            ("Je vous", LABEL, "M. Éric Côté :"),
            ("Allez-y", LABEL, "M. Yves Blanchet :"),
            ("Bien.", LABEL, "M. ÉRIC CÔTÉ :"),
        ],
    ),
    "a letter stands for the one witness": (
        plain(
            "Testimony of Jane Doe, Director of Ports\n\nQ. Where were you?\nA. I was at home.\n"
            "Q. When did you leave?\nA. At noon.\n"
        ),
        [
            ("Where", None, None),
            ("I was", ROSTER, "A."),
            ("When", None, None),
            ("At noon.", ROSTER, "A."),
        ],
    ),
    "initials stand for who was present": (
        plain(
            "Minutes\n\nPresent: Jane Doe (JD), John Roe (JR)\n\nJD: Shall we begin?\n\n"
            "JR: Yes, I am ready.\n\nJD: Good, then I call the first item.\n\nJR: Let us go.\n"
        ),
        [
            ("Present:", None, None),
            ("Shall", ROSTER, "JD:"),
            ("Yes", ROSTER, "JR:"),
            ("Good", ROSTER, "JD:"),
            ("Let us", ROSTER, "JR:"),
        ],
    ),
    "an address has one speaker": (
        plain(
            "Speech by Mayor of Ostby Jane Doe\n\n3 May 2020\n\nDear colleagues,\n\n"
            "I am glad that we are here. I thank you.\n\nWe will build the port."
        ),
        [("Dear colleagues,", ONLY, None)],
    ),
    "a field of the head declares the speaker": (
        plain(
            "Ports for all\n\nFrom: The Rt Hon Jane Doe MP\nDelivered on: 3 May 2020\n\n"
            "I am glad that we are here. I thank you for it.\n\nWe will build the port and I will "
            "open it.\n"
        ),
        [
            ("From: The", None, None),
            ("I am glad", DECLARED, "From: The Rt Hon Jane Doe MP"),
        ],
    ),
    "an interview without labels": (
        plain(
            "Jane Doe on the port\n\n– Why do you build it?\n\nBecause we need it.\n\n"
            "– When will it open?\n\nSoon enough, I hope.\n"
        ),
        [
            ("Why", None, None),
            ("Because", ONLY, None),
            ("When", None, None),
            ("Soon", ONLY, None),
        ],
    ),
    "a report's quotations": (
        plain(
            "Port opens\n\nThe port opened today.\n\n“I am glad,” said Jane Doe, Minister of "
            "Ports.\n\nJane Doe said: “We are happy.”\n\n“We build,” she added.\n"
        ),
        [
            ("The port", None, None),
            ("I am glad", QUOTATION, ",” said Jane Doe, Minister of Ports."),
            ("We are happy.", QUOTATION, "Jane Doe said: “"),
            ("“We build", None, None),
        ],
    ),
    "a line that may be a label ends the turn before it": (
        plain(
            "**Jane Doe**: Are you there, my friend?\n\n**John Roe**: I am here.\n\n"
            "**Jane Doe**: Thank you, John.\n\n**John Roe** (later in chat): My comment stands.\n\n"
            "**Jane Doe**: I see.\n\n**John Roe**: Good.\n\n**Jane Doe**: So we go.\n"
        ),
        [
            ("Are you", LABEL, "**Jane Doe**:"),
            ("I am here.", LABEL, "**John Roe**:"),
            ("Thank you", LABEL, "**Jane Doe**:"),
            ("**John Roe** (later", UNCLEAR, None),
            ("I see.", LABEL, "**Jane Doe**:"),
            ("Good.", LABEL, "**John Roe**:"),
            ("So we go.", LABEL, "**Jane Doe**:"),
        ],
    ),
    "subtitles declare a voice": (
        spoken("vtt", ("Ann Lee", "Where were you?"), (None, "At home."), ("Bo Day", "I see.")),
        [("Where", DECLARED, None), ("At home.", None, None), ("I see.", DECLARED, None)],
    ),
    "in subtitles somebody else may speak after a break": (
        spoken(
            "srt",
            (None, "JANE DOE: Where were you, my friend?"),
            (None, "At home."),
            (None, "JOHN ROE: I see you."),
            (None, "JANE DOE: Do you?"),
            (None, "JOHN ROE: I do."),
        ),
        [
            ("Where", LABEL, "JANE DOE:"),
            ("At home.", UNCLEAR, None),
            ("I see you.", LABEL, "JOHN ROE:"),
            ("Do you?", LABEL, "JANE DOE:"),
            ("I do.", LABEL, "JOHN ROE:"),
        ],
    ),
    "a conversation pasted into a message": (
        spoken(
            "eml",
            ("Ann Lee", "All is well, as you see."),
            (
                "Ann Lee",
                "Jane Doe: Are you coming?\nJohn Roe: I am.\nJane Doe: When?\nJohn Roe: At six.",
            ),
        ),
        [("All is well", DECLARED, None), ("Jane Doe: Are", UNCLEAR, None)],
    ),
    "prose": (plain("The heron survey\n\nNine nests were counted in May."), [("Nine", None, None)]),
}


@pytest.mark.parametrize("name", TEXTS)
def test_each_turn_says_why_it_has_its_speaker(name: str) -> None:
    source, rows = TEXTS[name]
    assert reasons(source, rows) == rows


def test_what_was_corrected_by_hand_says_what_was_found() -> None:
    source = plain("Jane Doe: Are you there, my friend?\nJohn Roe: I am.\nJane Doe: Thank you.")
    documents = find_documents(source)
    turns = [turn for document in documents for turn in find_turns(source, document)]
    first = next(turn for turn in turns if turn.kind is TurnKind.SPEECH)
    by_hand = {(0, first.ordinal), (0, first.ordinal - 1)}  # its label too, which nobody quotes
    found = speaker_evidence(source, documents, turns, by_hand)
    assert [one.reason for one in found] == [CORRECTED, LABEL, LABEL]
    assert found[0].found == "Jane Doe"
    assert found[0].label is not None
    assert source.text[found[0].label.start : found[0].label.end] == "Jane Doe:"
    assert all(one.found is None for one in found[1:])


def test_who_is_said_to_speak_no_longer_by_hand_is_told_too() -> None:
    source = plain("Nine nests were counted in May.")
    documents = find_documents(source)
    (turn,) = find_turns(source, documents[0])
    assert speaker_evidence(source, documents, [turn]) == ()
    (found,) = speaker_evidence(source, documents, [turn], {(0, 0)})
    assert found == SpeakerEvidence(0, 0, CORRECTED)
