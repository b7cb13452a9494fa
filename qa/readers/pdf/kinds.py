"""What the lines of a paragraph are: running text, a heading, a bullet point, a table, code."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.readers.pdf.lines import Line
from qa.readers.pdf.measures import Measures, rounded
from qa.records import BlockKind

BULLET = re.compile("(?:\ufffd\\s|[•‣◦▪▫●○■□➢➤✓·\u2043\u2219\uf000-\uf0ff]\\s?)")
SMALLER = 0.93
_LARGER = 1.12
_LONGEST_HEADING = 220
_LONGEST_BOLD_HEADING = 120
_MOST_HEADING_LINES = 4
_FEWEST_ROWS = 3
_LONGEST_MARK = 3
_LEVELS = 6


@dataclass(frozen=True, slots=True)
class Placed:
    """A line, the page it stands on, and where the full lines of its column begin and end."""

    line: Line
    page: int
    left: float
    right: float


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together; `note`: a footnote; `level`: a heading's rank.

    `apart`: space, indentation or another type sets it off from the paragraph before it; None
    where a column begins with it, so that the page doesn't show.
    """

    lines: list[Placed]
    kind: BlockKind = BlockKind.PARAGRAPH
    note: bool = False
    level: int = 0
    apart: bool | None = None


class Kinds:
    """Tells kinds by what is usual in the file."""

    def __init__(self, measures: Measures) -> None:
        self._measures = measures

    def paragraph(self, lines: list[Placed]) -> Paragraph:
        first = lines[0].line
        if sum(len(one.line.cells) > 1 for one in lines) >= max(_FEWEST_ROWS, len(lines) / 3):
            return Paragraph(lines, BlockKind.TABLE)
        if all(self.is_code(one.line) for one in lines):
            return Paragraph(lines, BlockKind.CODE)
        if BULLET.match(first.text):
            return Paragraph(lines, BlockKind.LIST_ITEM)
        if self._is_heading(lines):
            return Paragraph(lines, BlockKind.HEADING)
        return Paragraph(lines)

    def _is_heading(self, lines: list[Placed]) -> bool:
        words = " ".join(one.line.text for one in lines)
        if len(lines) > _MOST_HEADING_LINES or len(words) > _LONGEST_HEADING:
            return False
        if not any(character.isalpha() for character in words) or words[-1] in ",;:":
            return False
        if all(self.is_large(one.line) for one in lines):
            return not (words.endswith(".") and len(words) > 80)
        bold = all(one.line.bold for one in lines) and not self._measures.bold
        sized = all(one.line.size >= SMALLER * self._measures.body for one in lines)
        return bold and sized and len(words) <= _LONGEST_BOLD_HEADING and words[-1] != "."

    def is_large(self, line: Line) -> bool:
        return line.size >= _LARGER * self._measures.body

    def is_code(self, line: Line) -> bool:
        return line.fixed and not self._measures.fixed

    def is_short_bold(self, placed: list[Placed], at: int, so_far: int) -> bool:
        """Whether the bold lines up to `at` are a heading rather than a paragraph's beginning."""
        first = at - so_far + 1
        words = sum(len(one.line.text) for one in placed[first : at + 1])
        return words <= _LONGEST_BOLD_HEADING


def table_rows(placed: Sequence[Placed]) -> list[int]:
    """For each line the number of the table it is a row of, or 0.

    A table is at least three lines of several cells, of which each shares a cell's beginning or
    end with the next; a line that goes on with a cell may stand between them.
    """
    numbers = [0] * len(placed)
    number = at = 0
    while at < len(placed):
        end = at + 1
        row, whole = placed[at].line, 1
        while end < len(placed):
            after = placed[end].line
            if _aligned(row, after):
                row, whole = after, whole + 1
            elif not _in_cell(row, placed[end - 1].line, after):
                break
            end += 1
        if whole >= _FEWEST_ROWS:
            number += 1
            numbers[at:end] = [number] * (end - at)
        at = end
    return numbers


def _aligned(line: Line, after: Line) -> bool:
    if len(line.cells) < 2 or len(after.cells) < 2:
        return False
    if len(after.cells) == 2 and len(after.cells[0][0]) <= _LONGEST_MARK:
        return False  # a numbered item or note
    edges = [(start, end) for _, start, end in line.cells[1:]]
    return any(
        abs(start - left) <= 2.5 or abs(end - right) <= 2.5
        for _, start, end in after.cells[1:]
        for left, right in edges
    )


def _in_cell(row: Line, before: Line, after: Line) -> bool:
    """Whether a line goes on with a cell of the row above it, other than the first."""
    close = 0 < before.y - after.y < 1.7 * after.size
    starts = [start for _, start, _ in row.cells[1:]]
    return close and len(after.cells) == 1 and any(abs(s - after.x0) <= 2.5 for s in starts)


def ranked(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Gives headings their level: the largest type is the first."""
    headings = [one for one in paragraphs if one.kind is BlockKind.HEADING]
    sizes = sorted({_size(heading) for heading in headings}, reverse=True)
    ranks = {size: min(at, _LEVELS) for at, size in enumerate(sizes, 1)}
    for heading in headings:
        heading.level = ranks[_size(heading)]
    return paragraphs


def _size(paragraph: Paragraph) -> float:
    return rounded(paragraph.lines[0].line.size)
