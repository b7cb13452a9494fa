"""What is usual in a PDF: its type, the distance of its lines, its margins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from qa.readers.pdf.columns import Column
from qa.readers.pdf.lines import Line

_SAME_SIZE = 0.04
_SAME_MARGIN = 9.0
_WIDEST_LEADING = 2.2
_FEWEST = 4


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
    margins = _margins(columns)
    plain = Measures(body, 2 * fixed > total, 2 * bold > total, False, _leadings(columns), margins)
    return Measures(
        body, plain.fixed, plain.bold, _is_spaced(columns, plain), plain.leadings, margins
    )


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


def may_carry_space(line: Line, right: float) -> bool:
    """Whether a space at the line's end would still stand in the column and be drawn."""
    return line.x1 < right - 0.5 * line.size and line.text[-1] not in "-–—/\u00ad\u2010"


def leaves_room(line: Line, after: Line, right: float) -> bool:
    """Whether the first word of the next line would have fitted at the end of this one."""
    word = len(after.text.split(None, 1)[0])
    width = (after.x1 - after.x0) / max(1, len(after.text))
    return line.x1 + (word + 1) * width < right - 0.35 * line.size
