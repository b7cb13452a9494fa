"""What stands around a passage and helps to find it: title, heading, speaker."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from qa.records import BlockKind, Document, SourceText, Span, Turn, TurnKind

LONGEST_CONTEXT = 200
_LONGEST_HEADING = 70
_LONGEST_SPEAKER = 80


class Contexts:
    """Finds the context of each passage of one document."""

    def __init__(self, source: SourceText, document: Document, turns: Sequence[Turn]) -> None:
        self._text = source.text
        self._title = _joined(document.title or "")
        self._headings = _headings(source, document, turns)
        self._starts = [heading.start for heading in self._headings]

    def of(self, turn: Turn, start: int) -> str:
        """For a passage of `turn` that begins at `start`: the document's title, the last
        heading before it, and the speaker with the role, as sentences of at most
        `LONGEST_CONTEXT` characters together; empty where nothing is known."""
        speaker = ", ".join(_joined(part) for part in (turn.speaker, turn.role) if part)
        heading = self._heading(start)
        if _same(heading, self._title):
            heading = ""
        parts = [_shortened(speaker, _LONGEST_SPEAKER), _shortened(heading, _LONGEST_HEADING)]
        # The title comes first but gives way: it is the same for the whole document.
        room = LONGEST_CONTEXT - sum(len(part) + 2 for part in parts if part) - 1
        title = _shortened(self._title, room)
        return " ".join(_closed(part) for part in (title, parts[1], parts[0]) if part)

    def _heading(self, start: int) -> str:
        at = bisect_right(self._starts, start) - 1
        if at < 0:
            return ""
        heading = self._headings[at]
        return _joined(self._text[heading.start : min(heading.end, heading.start + 500)])


def _headings(source: SourceText, document: Document, turns: Sequence[Turn]) -> list[Span]:
    """The document's headings, as its turns and the format's markup tell them, in order."""
    found = {turn.start: turn.end for turn in turns if turn.kind is TurnKind.HEADING}
    for block in source.blocks:
        inside = document.start <= block.start < document.end
        if inside and block.kind is BlockKind.HEADING:
            found.setdefault(block.start, block.end)
    return [Span(start, end) for start, end in sorted(found.items())]


def _same(heading: str, title: str) -> bool:
    """Whether one repeats the other, perhaps with a date or a site's name after it."""
    short, long = sorted((heading.casefold(), title.casefold()), key=len)
    return bool(short) and long.startswith(short)


def _joined(words: str) -> str:
    return " ".join(words.split())


def _shortened(words: str, longest: int) -> str:
    """At most `longest` characters, cut between words where there are any."""
    if len(words) <= longest:
        return words
    cut = words[:longest]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut[:-1]).rstrip(" .,;:–—-") + "…"


def _closed(part: str) -> str:
    return part if part[-1] in ".!?…。！？:" else f"{part}."
