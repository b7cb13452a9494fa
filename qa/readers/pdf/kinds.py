"""Classify a PDF's lines (text, headings, lists, tables, code) by what is usual in that PDF."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from qa.readers.pdf.columns import Column
from qa.readers.pdf.lines import PdfLine
from qa.records import BlockKind

_SAME_SIZE = 0.04
_SAME_MARGIN = 9.0
_WIDEST_LEADING = 2.2
_FEWEST = 4
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
class Measures:
    """`body` is the size of most text; `fixed` and `bold` whether most of it is set so.

    `spaced`: this file draws a space at the end of a line that its paragraph goes on after,
    and none at the end of a paragraph.
    """

    body: float
    fixed: bool
    bold: bool
    spaced: bool
    leadings: dict[float, float] = field(default_factory=dict)
    margins: tuple[tuple[bool, float, float], ...] = ()

    def leading(self, size: float) -> float:
        """The usual distance between the base lines of a type, in points."""
        return self.leadings.get(rounded(size), 1.22 * size)

    def right(self, column: Column) -> float:
        """Where the full lines of such a column end."""
        own = max(line.x1 for line in column.lines)
        left = min(line.x0 for line in column.lines)
        for narrow, start, end in self.margins:
            if narrow == column.narrow and abs(start - left) <= _SAME_MARGIN:
                return max(own, end) if end - own < 0.5 * (end - left) or not narrow else own
        return own


def rounded(size: float) -> float:
    return round(size * 2) / 2


def same_size(first: float, second: float) -> bool:
    return abs(first - second) <= _SAME_SIZE * max(first, second)


def measure(columns: Sequence[Column]) -> Measures:
    """The measures of a whole file's columns."""
    sizes: Counter[float] = Counter()
    fixed = bold = total = 0
    for column in columns:
        for line in column.lines:
            weight = len(line.text)
            sizes[rounded(line.size)] += weight
            fixed += weight * line.fixed
            bold += weight * line.bold
            total += weight
    body = sizes.most_common(1)[0][0] if sizes else 10.0
    leadings, margins = _leadings(columns), _margins(columns)
    plain = Measures(body, 2 * fixed > total, 2 * bold > total, False, leadings, margins)
    return replace(plain, spaced=_is_spaced(columns, plain))


def _leadings(columns: Sequence[Column]) -> dict[float, float]:
    steps: dict[float, Counter[float]] = {}
    for column in columns:
        for line, after in pairwise(column.lines):
            step = line.y - after.y
            if same_size(line.size, after.size) and 0.7 < step / line.size < _WIDEST_LEADING:
                steps.setdefault(rounded(line.size), Counter())[rounded(step)] += 1
    return {
        size: counter.most_common(1)[0][0]
        for size, counter in steps.items()
        if sum(counter.values()) >= _FEWEST
    }


def _margins(columns: Sequence[Column]) -> tuple[tuple[bool, float, float], ...]:
    """(narrow, left, right) of the kinds of columns; the right is that of the longest lines but
    for a few that stick out."""
    groups: list[tuple[bool, float, list[float]]] = []
    for column in columns:
        left = min(line.x0 for line in column.lines)
        ends = [line.x1 for line in column.lines]
        for narrow, start, known in groups:
            if narrow == column.narrow and abs(start - left) <= _SAME_MARGIN:
                known.extend(ends)
                break
        else:
            if len(groups) < 64:
                groups.append((column.narrow, left, ends))
    return tuple(
        (narrow, start, sorted(ends)[(len(ends) - 1) * 49 // 50]) for narrow, start, ends in groups
    )


def _is_spaced(columns: Sequence[Column], measures: Measures) -> bool:
    going_on = going_on_spaced = ended = ended_spaced = 0
    for column in columns:
        right = measures.right(column)
        for line, after in pairwise(column.lines):
            if not same_size(line.size, after.size):
                continue
            if after.text[0].islower() and may_carry_space(line, right):
                going_on += 1
                going_on_spaced += line.after
            elif leaves_room(line, after, right):
                ended += 1
                ended_spaced += line.after
    return (
        going_on >= _FEWEST
        and going_on_spaced >= 0.9 * going_on
        and ended >= 1
        and ended_spaced <= 0.1 * ended
    )


def may_carry_space(line: PdfLine, right: float) -> bool:
    """Whether a space at the line's end would still stand in the column and be drawn."""
    return line.x1 < right - 0.5 * line.size and line.text[-1] not in "-–—/\u00ad\u2010"


def leaves_room(line: PdfLine, after: PdfLine, right: float) -> bool:
    """Whether the first word of the next line would have fitted at the end of this one."""
    word = len(after.text.split(None, 1)[0])
    width = (after.x1 - after.x0) / max(1, len(after.text))
    return line.x1 + (word + 1) * width < right - 0.35 * line.size


# ---- kinds -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Placed:
    """A line, the page it stands on, and where the full lines of its column begin and end."""

    line: PdfLine
    page: int
    left: float
    right: float


@dataclass(slots=True)
class PdfParagraph:
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

    def paragraph(self, lines: list[Placed]) -> PdfParagraph:
        first = lines[0].line
        if sum(len(one.line.cells) > 1 for one in lines) >= max(_FEWEST_ROWS, len(lines) / 3):
            return PdfParagraph(lines, BlockKind.TABLE)
        if all(self.is_code(one.line) for one in lines):
            return PdfParagraph(lines, BlockKind.CODE)
        if BULLET.match(first.text):
            return PdfParagraph(lines, BlockKind.LIST_ITEM)
        if self._is_heading(lines):
            return PdfParagraph(lines, BlockKind.HEADING)
        return PdfParagraph(lines)

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

    def is_large(self, line: PdfLine) -> bool:
        return line.size >= _LARGER * self._measures.body

    def is_code(self, line: PdfLine) -> bool:
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


def _aligned(line: PdfLine, after: PdfLine) -> bool:
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


def _in_cell(row: PdfLine, before: PdfLine, after: PdfLine) -> bool:
    """Whether a line goes on with a cell of the row above it, other than the first."""
    close = 0 < before.y - after.y < 1.7 * after.size
    starts = [start for _, start, _ in row.cells[1:]]
    return close and len(after.cells) == 1 and any(abs(s - after.x0) <= 2.5 for s in starts)


def ranked(paragraphs: list[PdfParagraph]) -> list[PdfParagraph]:
    """Gives headings their level: the largest type is the first."""
    headings = [one for one in paragraphs if one.kind is BlockKind.HEADING]
    sizes = sorted({_size(heading) for heading in headings}, reverse=True)
    ranks = {size: min(at, _LEVELS) for at, size in enumerate(sizes, 1)}
    for heading in headings:
        heading.level = ranks[_size(heading)]
    return paragraphs


def _size(paragraph: PdfParagraph) -> float:
    return rounded(paragraph.lines[0].line.size)
