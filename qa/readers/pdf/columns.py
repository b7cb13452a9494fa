"""Sort the pieces of a page into columns, in reading order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from qa.readers.pdf.lines import PdfLine, Piece, make_line, rows

# A gutter is at least so wide, in ems of the type beside it.
_GUTTER = 0.75
_ALIGNED = 2.5
_FEWEST_ROWS = 3
_MOST_CANDIDATES = 6
# Lines of running text fill most of their column, and hold more than a cell of a table does.
_FILLED = 0.55
_FEWEST_CHARACTERS = 14
_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Column:
    """Lines under each other, from top to bottom. `narrow`: other columns stand beside it."""

    lines: tuple[PdfLine, ...]
    narrow: bool


@dataclass(slots=True)
class Gutters:
    """Where columns were found to begin on the pages so far, in points from the left."""

    known: list[float] = field(default_factory=list)

    def knows(self, x: float) -> bool:
        return any(abs(x - one) <= _ALIGNED for one in self.known)

    def learn(self, x: float) -> None:
        if not self.knows(x) and len(self.known) < 64:
            self.known.append(x)


def find_columns(pieces: Sequence[Piece], gutters: Gutters) -> list[Column]:
    """The columns of a page in the order they are read in.

    A column begins where several lines begin at one place that others on the same height end
    before. What crosses that place (a heading, a figure's caption) parts the page into bands:
    above it the columns are read one after another, then it, then the columns below it. Bands
    whose sides are too short or narrow to be running text (tables) stay whole, row by row.
    """
    return _divided(list(pieces), gutters, 0)


def _divided(pieces: list[Piece], gutters: Gutters, depth: int) -> list[Column]:
    if not pieces:
        return []
    if depth < _DEEPEST:
        for start in _candidates(pieces, gutters):
            columns = _split(pieces, start, gutters, depth)
            if columns is not None:
                return columns
    return [_column(pieces, depth > 0)]


def _column(pieces: Sequence[Piece], narrow: bool) -> Column:
    return Column(tuple(make_line(row) for row in rows(pieces)), narrow)


def _candidates(pieces: list[Piece], gutters: Gutters) -> list[float]:
    """Places where several pieces begin with room to their left, most used first."""
    left = min(piece.x0 for piece in pieces)
    right = max(piece.x1 for piece in pieces)
    starts = sorted(p.x0 for p in pieces if left + 0.15 * (right - left) < p.x0 < right)
    found: list[tuple[int, float]] = []
    at = 0
    while at < len(starts):
        end = at
        while end < len(starts) and starts[end] <= starts[at] + _ALIGNED:
            end += 1
        found.append((end - at, starts[at]))
        at = end
    found.sort(key=lambda pair: -pair[0])
    likely = [x for count, x in found[:_MOST_CANDIDATES] if count >= _FEWEST_ROWS]
    return likely + [x for count, x in found if gutters.knows(x) and x not in likely]


@dataclass(slots=True)
class _Band:
    """What stands between two lines that cross the gutter, on either side of it."""

    left: list[Piece] = field(default_factory=list)
    right: list[Piece] = field(default_factory=list)


def _split(pieces: list[Piece], start: float, gutters: Gutters, depth: int) -> list[Column] | None:
    """The columns if the page divides at `start`; None if it does nowhere."""
    known = gutters.knows(start)
    columns: list[Column] = []
    whole: list[Piece] = []
    divided = False
    for part in _bands(pieces, start):
        if isinstance(part, _Band) and _is_text(part, start, known):
            columns.extend(_divided(whole, gutters, _DEEPEST))
            whole = []
            columns.extend(_divided(part.left, gutters, depth + 1))
            columns.extend(_divided(part.right, gutters, depth + 1))
            divided = True
        elif isinstance(part, _Band):
            whole.extend([*part.left, *part.right])
        else:
            whole.extend(part)
    if not divided:
        return None
    gutters.learn(start)
    columns.extend([_column(whole, depth > 0)] if whole else [])
    return columns


def _bands(pieces: list[Piece], start: float) -> list[_Band | list[Piece]]:
    """Rows of which a piece crosses the gutter, and between them the bands of the others."""
    parts: list[_Band | list[Piece]] = []
    band = _Band()
    for row in rows(pieces):
        sides = [_side(piece, start) for piece in row]
        if 0 in sides:
            parts.extend([band] if band.left or band.right else [])
            band = _Band()
            parts.append(row)
        else:
            band.left.extend(p for p, side in zip(row, sides, strict=True) if side < 0)
            band.right.extend(p for p, side in zip(row, sides, strict=True) if side > 0)
    return [*parts, band] if band.left or band.right else parts


def _side(piece: Piece, start: float) -> int:
    """Left (-1) or right (1) of the gutter that ends at `start`, or in it (0)."""
    gutter = _GUTTER * piece.size
    if piece.x0 >= start - 0.2 * gutter:
        return 1
    return -1 if piece.x1 <= start - gutter else 0


def _is_text(band: _Band, start: float, known: bool) -> bool:
    """Whether both sides of a band are columns of running text, side by side."""
    left = [make_line(row) for row in rows(band.left)] if band.left else []
    right = [make_line(row) for row in rows(band.right)] if band.right else []
    fewest = 1 if known else _FEWEST_ROWS
    if len(left) < fewest or len(right) < fewest:
        return False
    if left[-1].y > right[0].y + left[-1].size or right[-1].y > left[0].y + right[-1].size:
        return False  # one below the other
    if not known and not _begin_together(right, start):
        return False
    edge = max(line.x1 for line in left)
    if known:
        wordy = all(median(len(line.text) for line in side) >= _FEWEST_CHARACTERS
                    for side in (left, right))  # fmt: skip
        return wordy and edge <= start and (len(left) < _FEWEST_ROWS or _is_filled(left, edge))
    return _is_filled(left, edge) and _is_filled(right, max(line.x1 for line in right))


def _begin_together(lines: list[PdfLine], start: float) -> bool:
    """Whether most lines of a right side begin at its edge, or a first line's indent from it."""
    near = sum(line.x0 <= start + 2.2 * line.size for line in lines)
    return near >= 0.7 * len(lines)


def _is_filled(lines: list[PdfLine], edge: float) -> bool:
    start = min(line.x0 for line in lines)
    widths = [line.x1 - line.x0 for line in lines]
    characters = [len(line.text) for line in lines]
    return (
        median(widths) >= _FILLED * (edge - start)
        and median(characters) >= _FEWEST_CHARACTERS
        and sum(len(line.cells) > 1 for line in lines) <= len(lines) // 3
    )
