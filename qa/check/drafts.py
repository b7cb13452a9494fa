"""A draft's file → its text and its block quotes, from any format that is read."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from qa.check.link_claims import linked, quoted_blocks
from qa.readers.encodings import decode
from qa.readers.files import load
from qa.readers.formats import MARKDOWN, TEXT, format_of
from qa.records import BlockKind, Link, SourceText, Span

MAX_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class DraftText:
    """A draft's text as it is checked. `fixable`: the text is the file's own, so that a
    corrected one can be written; `name` is for showing. Of a format with links and notes of its
    own, the notes and those links that cite a document are in the text as Markdown has them."""

    text: str
    name: str
    blocks: tuple[Span, ...] = ()
    fixable: bool = True


def read_draft(path: Path, max_bytes: int = MAX_BYTES) -> DraftText:
    """Read a draft's file; the suffix decides the format.

    Raises ReadError for a file that is missing, too large, damaged or no text.
    """
    return draft_of(load(path, max_bytes), path)


def draft_of(data: bytes, path: Path) -> DraftText:
    """Return the draft in a file's bytes; the path is not opened. Raises ReadError."""
    if not data:
        return DraftText("", path.name)
    if format_of(data, path) in (TEXT, MARKDOWN):
        return DraftText(decode(data, path), path.name)
    from qa.readers.sandbox.isolation import read_isolated

    text, blocks = linked(*with_notes(read_isolated(data, path)))
    return DraftText(text, path.name, blocks, fixable=False)


def with_notes(source: SourceText) -> tuple[str, tuple[Span, ...], tuple[Link, ...]]:
    """Return a source's text with its notes as drafts in plain text have them, and where its block
    quotes and its links to elsewhere are then.

    `[^1]` stands where a note is referred to, and `[^1]: …` for each of these notes at the end.
    Paragraphs that a single line end sets apart get an empty line between them.
    """
    text = source.text
    quotes = quoted_blocks(text, source.blocks)
    links = [link for link in source.links if isinstance(link.target, str)]
    labels: dict[Span, str] = {}
    edits: list[_Edit] = []
    for link in source.links:
        if isinstance(note := link.target, Span):
            label = labels.setdefault(note, f"[^{len(labels) + 1}]")
            edits.append(_Edit(link.start, link.start, label))
    edits += (_Edit(_end_before(text, note.start), note.end) for note in labels)
    for one, other in pairwise(source.blocks):
        if one.kind is other.kind is BlockKind.PARAGRAPH and other.start - one.end == 1:
            edits.append(_Edit(one.end, one.end, "\n"))
    if not edits:
        return text, quotes, tuple(links)
    copy = _Copy(text)
    copy.edited(edits, _end_before(text, len(text)) if labels else len(text))
    for note, label in labels.items():
        copy.write(f"\n\n{label}:")
        for block in source.blocks:
            if note.start <= block.start and block.end <= note.end:
                copy.write(" ")
                copy.take(block.start, block.end)
    copy.parts.sort()
    moved = [Link(*place, link.target) for link in links if (place := copy.place(link))]
    moved.sort(key=lambda link: link.start)
    places = (copy.place(quote) for quote in quotes)
    return copy.text, tuple(Span(*place) for place in places if place), tuple(moved)


def _end_before(text: str, at: int) -> int:
    """Return where the last word before a place ends."""
    while at and text[at - 1].isspace():
        at -= 1
    return at


@dataclass(frozen=True, slots=True)
class _Edit:
    """`words` instead of what stands at [start:end)."""

    start: int
    end: int
    words: str = ""


@dataclass(slots=True)
class _Copy:
    """A text that is put together of another's parts, and where these stand in it."""

    original: str
    pieces: list[str] = field(default_factory=list)
    # Of each part: where it starts and ends in the original, and how much further here.
    parts: list[tuple[int, int, int]] = field(default_factory=list)
    at: int = 0

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def write(self, words: str) -> None:
        """Add words that are not the original's."""
        self.pieces.append(words)
        self.at += len(words)

    def take(self, start: int, end: int) -> None:
        """Add a part of the original."""
        if start < end:
            self.parts.append((start, end, self.at - start))
            self.write(self.original[start:end])

    def edited(self, edits: Sequence[_Edit], end: int) -> None:
        """Add the original up to `end` with those edits; what lies in what is left out is none."""
        at = 0
        for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
            if edit.start >= at:
                self.take(at, edit.start)
                self.write(edit.words)
                at = edit.end
        self.take(at, end)

    def place(self, span: Span | Link) -> tuple[int, int] | None:
        """Return where words of the original stand here; None if they were left out."""
        first = bisect_right(self.parts, span.start, key=lambda part: part[0]) - 1
        last = bisect_left(self.parts, span.end, key=lambda part: part[0]) - 1
        if min(first, last) < 0 or span.start >= self.parts[first][1]:
            return None
        if span.end > self.parts[last][1]:
            return None
        return span.start + self.parts[first][2], span.end + self.parts[last][2]
