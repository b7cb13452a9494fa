"""The segments of a document: those whose speaker the format declares, and how neighbours are
joined into numbered turns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from qa.records import BlockKind, Document, SourceText, Turn, TurnKind
from qa.structure.dialogue import find_labels
from qa.structure.lines import MESSAGES, Line
from qa.structure.people import People

_SPOKEN = frozenset({TurnKind.SPEECH, TurnKind.QUESTION})
_INTERRUPTIONS = frozenset({TurnKind.BOILERPLATE, TurnKind.CAPTION, TurnKind.HEADING})
_DASHES = ("-", "‐", "‑", "–", "—", ">>")


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of one or more lines of one kind and one speaker; `fresh` never joins the last."""

    kind: TurnKind
    start: int
    end: int
    speaker: str | None = None
    role: str | None = None
    fresh: bool = False


def number_turns(
    source: SourceText, document: Document, segments: list[Segment]
) -> tuple[Turn, ...]:
    """Trim the segments, join neighbours of one kind and speaker, and number the turns."""
    joined: list[Segment] = []
    for segment in segments:
        words = source.text[segment.start : segment.end]
        start = segment.start + len(words) - len(words.lstrip())
        trimmed = replace(segment, start=start, end=start + len(words.strip()))
        if trimmed.end <= trimmed.start:
            continue
        last = joined[-1] if joined else None
        if last is not None and not segment.fresh and _same_voice(last, segment):
            joined[-1] = replace(last, end=trimmed.end)
        else:
            joined.append(trimmed)
    turns: list[Turn] = []
    spoken: Segment | None = None
    for one in joined:
        again = not one.fresh and spoken is not None and _same_voice(spoken, one)
        if one.kind in _SPOKEN:
            spoken = one
        elif one.kind not in _INTERRUPTIONS and source.text[one.start] not in "([":
            spoken = None
        place = (document.ordinal, len(turns), one.kind, one.start, one.end)
        turns.append(Turn(*place, one.speaker, one.role, again))
    return tuple(turns)


def _same_voice(first: Segment, second: Segment) -> bool:
    return (first.kind, first.speaker, first.role) == (second.kind, second.speaker, second.role)


Rules = Callable[[tuple[Line, ...], Document], list[Segment]]


def speakers_are_declared(lines: tuple[Line, ...]) -> bool:
    """Return whether the format says of any line who speaks it."""
    return any(line.speaker for line in lines)


def declared_segments(
    source: SourceText, lines: tuple[Line, ...], document: Document, rules: Rules
) -> list[Segment]:
    """Return the speech of declared speakers; apply `rules` to each run of other lines.

    The runs know nothing of each other: nobody's turn goes on across another's words, and the
    document's title names nobody who speaks in them.
    """
    untitled = replace(document, title=None)
    found: list[Segment] = []
    for speaker, group in groupby(lines, key=lambda line: line.speaker):
        run = tuple(group)
        if speaker is None:
            found.extend(rules(run, untitled))
        else:
            found.extend(_spoken(run, speaker, pasted=source.format in MESSAGES))
    return found


def _spoken(lines: tuple[Line, ...], speaker: str, *, pasted: bool) -> Iterator[Segment]:
    """Yield the speaker's lines. A message may hold a pasted conversation of others: from its first
    label on (`pasted`) the words have no known speaker."""
    labels = find_labels(lines, frozenset(), People()).accepted if pasted else {}
    known = min(labels, default=len(lines))
    for index, line in enumerate(lines):
        if index < known:
            yield Segment(TurnKind.SPEECH, line.start, line.end, speaker)
        else:
            yield Segment(TurnKind.NARRATION, line.start, line.end)


def voice_breaks(source: SourceText) -> frozenset[int]:
    """Return where a new speaker may begin in subtitles: at a new paragraph, at a dash or after a
    silence. A sound in between changes no speaker."""
    sound = BlockKind.METADATA
    return frozenset(
        block.start
        for last, block in pairwise(source.blocks)
        if sound not in (last.kind, block.kind)
    )


def starts_with_dash(line: Line) -> bool:
    """Return whether the line begins with a dash, as subtitles mark a change of speaker."""
    return line.text.startswith(_DASHES)
