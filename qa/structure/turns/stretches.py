"""Joins the stretches of a document into numbered turns."""

from __future__ import annotations

from dataclasses import dataclass, replace

from qa.records import Document, SourceText, Turn, TurnKind

_SPOKEN = frozenset({TurnKind.SPEECH, TurnKind.QUESTION})
_INTERRUPTIONS = frozenset({TurnKind.BOILERPLATE, TurnKind.CAPTION, TurnKind.HEADING})


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of one or more lines of one kind and one speaker; `fresh` never joins the last."""

    kind: TurnKind
    start: int
    end: int
    speaker: str | None = None
    role: str | None = None
    fresh: bool = False


def number_turns(
    source: SourceText, document: Document, stretches: list[Stretch]
) -> tuple[Turn, ...]:
    """Trims the stretches, joins neighbours of one kind and speaker, and numbers the turns."""
    joined: list[Stretch] = []
    for stretch in stretches:
        words = source.text[stretch.start : stretch.end]
        start = stretch.start + len(words) - len(words.lstrip())
        trimmed = replace(stretch, start=start, end=start + len(words.strip()))
        if trimmed.end <= trimmed.start:
            continue
        last = joined[-1] if joined else None
        if last is not None and not stretch.fresh and _same_voice(last, stretch):
            joined[-1] = replace(last, end=trimmed.end)
        else:
            joined.append(trimmed)
    turns: list[Turn] = []
    spoken: Stretch | None = None
    for one in joined:
        again = not one.fresh and spoken is not None and _same_voice(spoken, one)
        if one.kind in _SPOKEN:
            spoken = one
        elif one.kind not in _INTERRUPTIONS:
            spoken = None
        place = (document.ordinal, len(turns), one.kind, one.start, one.end)
        turns.append(Turn(*place, one.speaker, one.role, again))
    return tuple(turns)


def _same_voice(first: Stretch, second: Stretch) -> bool:
    return (first.kind, first.speaker, first.role) == (second.kind, second.speaker, second.role)
