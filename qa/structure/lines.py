"""Cut a stored text into trimmed lines, and separate lines that a paste glued together."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from qa.records import BlockKind, SourceText
from qa.structure.boilerplate import is_menu_term

# Formats whose blocks are told from the page's look: a line end inside one only wraps it, and
# a paragraph may as well be a title, a dateline or a menu's line.
_TYPESET = frozenset({"pdf"})
_UNTOLD = frozenset({BlockKind.PARAGRAPH})
_BY_LINE = frozenset({BlockKind.TABLE, BlockKind.CODE})
_GLUED_LENGTH = 120
_SHORT_LINE = 60
# Subtitles: their lines are what was said, so none is a title, a dateline or a menu.
SUBTITLES = frozenset({"srt", "vtt"})
# A message is one document of its own date, whatever dates stand at the head of its text.
MESSAGES = frozenset({"eml"})
# Their readers tell paragraphs as blocks, so that a line's end inside one only wraps it.
_SOFT = SUBTITLES | MESSAGES | {"markdown", "pdf"}


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank, without the white space around it.

    `start` and `end` are offsets into the stored text and `text` is what stands there; where
    line ends only wrap it, they are spaces in `text`.
    `gap` says that a blank line (or the text's beginning) precedes it, `glued` that it began
    in the middle of a pasted line. `block`, `level` and `speaker` are what the format says;
    `indent` counts the characters of white space before it.
    """

    start: int
    end: int
    text: str
    gap: bool = False
    glued: bool = False
    block: BlockKind | None = None
    level: int = 0
    speaker: str | None = None
    indent: int = 0

    @property
    def plain(self) -> str:
        """The text without the marks with which Markdown makes headings and emphasis."""
        return strip_marks(self.text)


def strip_marks(text: str) -> str:
    """Return `text` without heading marks and asterisks around the whole."""
    bare = text.lstrip("#").strip() if text.startswith("#") else text
    for mark in ("**", "__", "*", "_"):
        inner = bare[len(mark) : -len(mark)]
        if bare.startswith(mark) and bare.endswith(mark) and inner.strip() and mark not in inner:
            return inner.strip()
    return bare


def read_lines(source: SourceText, start: int = 0, end: int | None = None) -> tuple[Line, ...]:
    """Return the lines of `source.text[start:end]` that are not blank, in order."""
    text = source.text
    stop = len(text) if end is None else end
    starts = [block.start for block in source.blocks]
    # Where no heading is marked each line is marked as a paragraph, which then says nothing.
    headed = any(block.kind is BlockKind.HEADING for block in source.blocks)
    typeset = source.format in _TYPESET
    pieces = _paragraphs(source, start, stop) if typeset else _pieces(text, start, stop)
    lines: list[Line] = []
    gap = True
    for left, right in pieces:
        content = text[left:right]
        stripped = content.strip()
        if not stripped:
            gap = True
            continue
        first = left + len(content) - len(content.lstrip())
        kind, level, speaker = _block_at(source, starts, first)
        if typeset:
            stripped = stripped.replace("\n", " ")
        if typeset or not headed:
            kind = None if kind in _UNTOLD else kind
        end_at = first + len(stripped)
        indent = first - left
        lines.append(Line(first, end_at, stripped, gap, False, kind, level, speaker, indent))
        gap = False
    return tuple(lines)


def split_glued(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Return the same lines, with those split that were glued from two.

    When pages are pasted one after another, the last line of a page and the first line of the
    next can meet without a break: "Print versionNews". Both halves must be lines elsewhere
    in the file or menu terms; a capital inside a word alone shows nothing.
    """
    short = {line.text for line in lines if len(line.text) <= _SHORT_LINE}
    first = lines[0].text if lines else ""
    result: list[Line] = []
    for line in lines:
        at = _glue(line.text, short, first)
        if at is None:
            result.append(line)
            continue
        middle = line.start + at
        result.append(Line(line.start, middle, line.text[:at], line.gap, line.glued, line.block))
        result.append(Line(middle, line.end, line.text[at:], False, True, line.block))
    return tuple(result)


def _glue(text: str, short: set[str], first: str) -> int | None:
    if len(text) <= _GLUED_LENGTH:
        for at in range(2, len(text) - 1):
            left, right = text[:at], text[at:]
            if not (text[at].isupper() and (text[at - 1].islower() or text[at - 1] in '.!?…”»"')):
                continue
            if (is_menu_term(left) or left in short) and (is_menu_term(right) or right in short):
                return at
    if len(first) <= _SHORT_LINE and is_menu_term(first) and text.endswith(first):
        at = len(text) - len(first)
        if at and text[at - 1] in '.!?…”»"':
            return at
    return None


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield line spans; a carriage return needs no special care, as lines are trimmed later."""
    left = start
    while left < end:
        found = text.find("\n", left, end)
        right = end if found < 0 else found
        yield left, right
        left = right + 1


def _paragraphs(source: SourceText, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield line spans, but one for each block that is not made of rows."""
    at = start
    for block in source.blocks:
        if block.kind in _BY_LINE or block.end <= at or block.start >= end:
            continue
        yield from _pieces(source.text, at, block.start)
        stop = min(block.end, end)
        yield max(start, block.start), stop
        at = stop + source.text.startswith("\n", stop)
    yield from _pieces(source.text, at, end)


def _block_at(
    source: SourceText, starts: list[int], offset: int
) -> tuple[BlockKind | None, int, str | None]:
    index = bisect_right(starts, offset) - 1
    if index >= 0:
        block = source.blocks[index]
        if offset < block.end:
            return block.kind, block.level, block.speaker
    return None, 0, None


def has_soft_lines(form: str) -> bool:
    """Return whether a line break alone ends no paragraph in sources of this format."""
    return form in _SOFT
