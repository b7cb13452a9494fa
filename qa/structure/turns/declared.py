"""What a format declares about its words: who speaks them, and that they are one document."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import groupby, pairwise

from qa.records import BlockKind, Boundary, Document, SourceText, TurnKind
from qa.structure.formats import MESSAGES, SUBTITLES
from qa.structure.lines import Line
from qa.structure.turns.dialogue import find_labels
from qa.structure.turns.roster import Roster
from qa.structure.turns.stretches import Stretch

_DASHES = ("-", "‐", "‑", "–", "—", ">>")

Rules = Callable[[tuple[Line, ...], Document], list[Stretch]]


def one_document(source: SourceText) -> Document | None:
    """The document that the whole source is, where its format leaves no doubt of that; title
    and date are those the format declares."""
    if source.format not in SUBTITLES | MESSAGES:
        return None
    return Document(
        ordinal=0,
        start=0,
        end=len(source.text),
        title=source.title,
        date=source.date,
        time=None,
        place=None,
        boundary=Boundary.FILE,
        evidence=f"a file of format {source.format} is one document",
    )


def speakers_are_declared(lines: tuple[Line, ...]) -> bool:
    """Whether the format says of any line who speaks it."""
    return any(line.speaker for line in lines)


def declared_stretches(
    source: SourceText, lines: tuple[Line, ...], document: Document, rules: Rules
) -> list[Stretch]:
    """Speech of the declared speakers; `rules` for each run of lines without one.

    The runs know nothing of each other: nobody's turn goes on across another's words, and the
    document's title names nobody who speaks in them.
    """
    untitled = replace(document, title=None)
    found: list[Stretch] = []
    for speaker, group in groupby(lines, key=lambda line: line.speaker):
        run = tuple(group)
        if speaker is None:
            found.extend(rules(run, untitled))
        else:
            found.extend(_spoken(run, speaker, pasted=source.format in MESSAGES))
    return found


def _spoken(lines: tuple[Line, ...], speaker: str, *, pasted: bool) -> Iterator[Stretch]:
    """The speaker's lines. Into a message one pastes a conversation of others too: from the
    first speaker's label on (`pasted`) it is not known whose words they are."""
    labels = find_labels(lines, frozenset(), Roster()).accepted if pasted else {}
    known = min(labels, default=len(lines))
    for index, line in enumerate(lines):
        if index < known:
            yield Stretch(TurnKind.SPEECH, line.start, line.end, speaker)
        else:
            yield Stretch(TurnKind.NARRATION, line.start, line.end)


def voice_breaks(source: SourceText) -> frozenset[int]:
    """Where in subtitles somebody else may begin to speak: where the reader began a paragraph,
    at a dash or after a silence. A sound in between changes no speaker."""
    sound = BlockKind.METADATA
    return frozenset(
        block.start
        for last, block in pairwise(source.blocks)
        if sound not in (last.kind, block.kind)
    )


def starts_with_dash(line: Line) -> bool:
    """Whether the line begins as subtitles mark that somebody else speaks."""
    return line.text.startswith(_DASHES)
