"""A PDF's paragraphs → the stored text, its blocks and the marks of its pages."""

from __future__ import annotations

from collections.abc import Sequence

from qa.readers.pdf.kinds import Paragraph, Placed
from qa.records import Block, BlockKind, Locator, LocatorKind, LocatorMark

# A character of a fixed pitch is about so wide, in ems.
_PITCH = 0.6
_DEEPEST_INDENT = 60


def write_text(
    paragraphs: Sequence[Paragraph], labels: Sequence[str]
) -> tuple[str, tuple[Block, ...], tuple[LocatorMark, ...]]:
    """The text, with a line end where the page has one.

    An empty line stands between paragraphs that the page sets apart by space, indentation or
    type; a line end alone where only a short last line shows that one ends.

    `labels` are the pages' labels by their position in the file. A mark stands where the text
    of a page begins, also inside a paragraph.
    """
    pieces: list[str] = []
    blocks: list[Block] = []
    marks: list[LocatorMark] = []
    at = 0
    page: int | None = None
    for paragraph in paragraphs:
        if paragraph.apart and pieces:
            pieces.append("\n")
            at += 1
        start = at
        for placed in paragraph.lines:
            words = _words(placed, paragraph)
            if placed.page != page:
                page = placed.page
                marks.append(LocatorMark(at, Locator(LocatorKind.PAGE, labels[page])))
            pieces.append(words + "\n")
            at += len(words) + 1
        blocks.append(Block(paragraph.kind, start, at - 1, paragraph.level))
    return "".join(pieces), tuple(blocks), tuple(marks)


def _words(placed: Placed, paragraph: Paragraph) -> str:
    line = placed.line
    if paragraph.kind is BlockKind.TABLE:
        return "\t".join(cell for cell, _, _ in line.cells)
    if paragraph.kind is BlockKind.CODE:
        first = paragraph.lines[0].line
        left = min(one.line.x0 for one in paragraph.lines if one.page == placed.page)
        indent = int((line.x0 - left) / (_PITCH * first.size) + 0.5)
        return " " * min(indent, _DEEPEST_INDENT) + line.text
    return line.text
