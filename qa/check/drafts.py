"""Read a draft in any supported format: its text and its block quotes.

Links that cite are put into the text as Markdown has them. A quotation's words are never touched:
a link that is the whole of them stands behind them, one in the middle of them is left out.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

from qa.anchoring.citations import tokens_in
from qa.check.claims import cites
from qa.check.person_names import as_name
from qa.check.quotations import find_quotations
from qa.check.records import Mark, Quotation
from qa.readers.encodings import decode
from qa.readers.files import load
from qa.readers.formats import MARKDOWN, TEXT, format_of
from qa.records import Block, BlockKind, Link, SourceText, Span

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
    """Return the draft in a file's bytes without opening the path. Raises ReadError."""
    if not data:
        return DraftText("", path.name)
    if format_of(data, path) in (TEXT, MARKDOWN):
        return DraftText(decode(data, path), path.name)
    from qa.readers.sandbox.isolation import read_isolated

    text, blocks = linked(*with_notes(read_isolated(data, path)))
    return DraftText(text, path.name, blocks, fixable=False)


def with_notes(source: SourceText) -> tuple[str, tuple[Span, ...], tuple[Link, ...]]:
    """Return a source's text with its notes in plain-text form, and the resulting positions of its
    block quotes and links.

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
    """A text assembled from parts of another, which maps positions from that to itself."""

    original: str
    pieces: list[str] = field(default_factory=list)
    # Of each part: where it starts and ends in the original, and how much further here.
    parts: list[tuple[int, int, int]] = field(default_factory=list)
    at: int = 0

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def write(self, words: str) -> None:
        """Add words that the original does not have."""
        self.pieces.append(words)
        self.at += len(words)

    def take(self, start: int, end: int) -> None:
        """Add part of the original."""
        if start < end:
            self.parts.append((start, end, self.at - start))
            self.write(self.original[start:end])

    def edited(self, edits: Sequence[_Edit], end: int) -> None:
        """Add the original up to `end` with those edits; ignore edits inside what is left out."""
        at = 0
        for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
            if edit.start >= at:
                self.take(at, edit.start)
                self.write(edit.words)
                at = edit.end
        self.take(at, end)

    def place(self, span: Span | Link) -> tuple[int, int] | None:
        """Return where the original's words stand here; None if they were left out."""
        first = bisect_right(self.parts, span.start, key=lambda part: part[0]) - 1
        last = bisect_left(self.parts, span.end, key=lambda part: part[0]) - 1
        if min(first, last) < 0 or span.start >= self.parts[first][1]:
            return None
        if span.end > self.parts[last][1]:
            return None
        return span.start + self.parts[first][2], span.end + self.parts[last][2]


# ---- links that cite -------------------------------------------------------------------


LONGEST_TARGET = 400
_LONGEST_WORDS = 200
_LONGEST_CREDIT = 160
_DASHES = "—–-"
# What a link in Markdown can't hold, and what ends a file's name in a text.
_RESERVED = re.compile(r"[\s()\[\]<>\"'“”„«»‘’\\\x00-\x1f\x7f\ud800-\udfff]")


def linked(
    text: str, blocks: tuple[Span, ...], links: Sequence[Link]
) -> tuple[str, tuple[Span, ...]]:
    """Return the text with `[words](target)` for each link that cites a file or holds a citation
    token, and where its block quotes are then. `links` are in order and do not overlap.

    Where words can't stand in brackets (they hold some, or a quotation) it is `words[*](target)`.
    The text stays as it is where marks that nothing closes would make other quotations of it.
    """
    citing = [
        Link(link.start, link.end, target)
        for link in links
        if (target := _citing_target(link)) is not None
    ]
    if not citing:
        return text, blocks
    quotations = find_quotations(text, blocks)
    outer = [one for one in quotations if one.depth == 0]
    put = [edit for link in citing for edit in _insertions(text, link, outer)]
    copy = _Copy(text)
    copy.edited(put, len(text))
    places = sorted(edit.start for edit in put)
    # Links in a block are put in only where quotation marks in it make it none.
    untouched = [
        block
        for block in blocks
        if bisect_right(places, block.start) >= bisect_left(places, block.end)
    ]
    new = copy.text
    moved = tuple(Span(*place) for block in untouched if (place := copy.place(block)))
    as_before = [one.text for one in quotations] == [q.text for q in find_quotations(new, moved)]
    return (new, moved) if as_before else (text, blocks)


def _citing_target(link: Link) -> str | None:
    target = target_of(link.target) if isinstance(link.target, str) else None
    return target if target and (cites(target) or any(tokens_in(target))) else None


def target_of(address: str) -> str | None:
    """Return a link's address as Markdown can hold it: letters as they are; white space, brackets
    and quotation marks percent-encoded. None if it is very long."""
    target = _RESERVED.sub(_encoded, unquote(address.strip()))
    return target if len(target) <= LONGEST_TARGET else None


def _encoded(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match.group().encode("utf-8", "replace"))


def _insertions(text: str, link: Link, outer: Sequence[Quotation]) -> list[_Edit]:
    """Return what to insert where for a link."""
    first = bisect_right(outer, link.start, key=lambda quotation: quotation.outer.end)
    last = bisect_left(outer, link.end, key=lambda quotation: quotation.outer.start)
    words = text[link.start : link.end]
    behind = f"[*]({link.target})"
    if first >= last:
        if len(words) > _LONGEST_WORDS or any(mark in words for mark in "[]\n"):
            return [_Edit(link.end, link.end, behind)]
        return [
            _Edit(link.start, link.start, "["),
            _Edit(link.end, link.end, f"]({link.target})"),
        ]
    left, right = outer[first], outer[last - 1]
    if link.start <= left.outer.start and right.outer.end <= link.end:
        return [_Edit(link.end, link.end, behind)]
    # The last point of the quoted words may stand outside of the link.
    whole = link.start <= left.start and left.end - 1 <= link.end
    if left is right and left.mark is Mark.QUOTES and whole:
        at = max(link.end, left.outer.end)
        return [_Edit(at, at, behind)]
    return []


def quoted_blocks(text: str, blocks: Sequence[Block]) -> tuple[Span, ...]:
    """Return the block quotes, each without a credit line ("— Name") that ends several paragraphs:
    it is not quoted but says whose words they are."""
    quotes = [block for block in blocks if block.kind is BlockKind.QUOTE]
    kept = []
    for at, block in enumerate(quotes):
        before, after = quotes[at - 1] if at else None, quotes[at + 1 : at + 2]
        follows = before is not None and _adjoin(text, before, block)
        ends = not after or not _adjoin(text, block, after[0])
        credit = follows and ends and _is_credit(text, block)
        if credit and before is not None and text[before.start] not in _DASHES:
            continue
        kept.append(Span(block.start, block.end))
    return tuple(kept)


def _adjoin(text: str, one: Block, other: Block) -> bool:
    return other.start - one.end < 8 and not text[one.end : other.start].strip()


def _is_credit(text: str, block: Block) -> bool:
    """Return whether a paragraph is a dash and a full name, with what may follow a name."""
    words = text[block.start : block.end].strip()
    if len(words) > _LONGEST_CREDIT or words[:1] not in (*_DASHES,) or words[-1] in "?!…:":
        return False
    name = as_name(words.lstrip(_DASHES).split(",")[0].rstrip(".").split())
    return name is not None and len(name.split()) > 1
