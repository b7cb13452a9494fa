"""Runs of characters → pieces that cross no gutter → lines of a column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from qa.readers.pdf.runs import WORD_GAP, Run

# Pieces are joined while they are drawn only over gaps smaller than any gutter, in ems.
_SMALLEST_GUTTER = 0.8
_SAME_BASELINE = 0.22
# How far a smaller type may be raised or lowered, in ems of the larger.
_RAISED = 0.62
_LOWERED = 0.35
_SMALLER = 0.87
_OVERPRINT = 0.3
# How far a letter may reach under the one before it, in ems: the A of LaTeX's name does so by .36.
_OVERLAP = 0.4
# From here on a gap parts cells rather than words, in ems.
CELL_GAP = 1.6
_INITIAL_SIZE = 1.7
_MOST_INITIALS = 20
_NEAR = 16

_SPACES = re.compile(r" {2,}")
# Letters and marks from right to left; the digits among them are written from left to right.
_RIGHT_TO_LEFT = "\u0590-\u065f\u066a-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_RTL = re.compile(f"[{_RIGHT_TO_LEFT}]")
_LTR = re.compile(f"[^\\W{_RIGHT_TO_LEFT}](?:[^{_RIGHT_TO_LEFT}]*[^\\W{_RIGHT_TO_LEFT}])?")
_MIRROR = str.maketrans("()[]{}<>«»", ")(][}{><»«")


@dataclass(slots=True)
class Piece:
    """Words next to each other on a base line; in points from the page's lower left corner.

    `bold`, `fixed`: how many of its characters are; `after`: white space was drawn at its end.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: int
    fixed: int
    before: bool
    after: bool


@dataclass(frozen=True, slots=True)
class PdfLine:
    """A line of one column; `cells` are its parts between wide gaps, with where each begins."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    fixed: bool
    after: bool
    cells: tuple[tuple[str, float, float], ...]


def make_pieces(runs: Iterable[Run]) -> list[Piece]:
    """Joins runs that are drawn one after another and stand side by side."""
    pieces: list[Piece] = []
    last: Piece | None = None
    for run in runs:
        if last is not None and _joins(last, run):
            _append(last, run)
            continue
        count = len(run.text)
        last = Piece(
            run.text, run.x0, run.x1, run.y, run.size,
            count * run.bold, count * run.fixed, run.before, run.after,
        )  # fmt: skip
        pieces.append(last)
    return _lowered_initials(_once(pieces))


def _joins(last: Piece, run: Run) -> bool:
    size = max(last.size, run.size)
    gap = run.x0 - last.x1
    if not -_OVERLAP * size <= gap <= _SMALLEST_GUTTER * min(last.size, run.size):
        return False
    return _on_one_line(last.y, last.size, run.y, run.size)


def _on_one_line(y: float, size: float, other: float, other_size: float) -> bool:
    """Whether two base lines are one; a smaller type may be raised or lowered."""
    step = other - y
    larger = max(size, other_size)
    if abs(step) <= _SAME_BASELINE * larger:
        return True
    if other_size > size:
        step = -step
    smaller = min(size, other_size) <= _SMALLER * larger
    return smaller and -_LOWERED * larger <= step <= _RAISED * larger


def _append(last: Piece, run: Run) -> None:
    gap = run.x0 - last.x1
    apart = last.after or run.before or gap > WORD_GAP * min(last.size, run.size)
    last.text += (" " if apart else "") + run.text
    last.x1 = max(last.x1, run.x1)
    last.bold += len(run.text) * run.bold
    last.fixed += len(run.text) * run.fixed
    last.after = run.after
    if run.size > last.size:
        last.size, last.y = run.size, run.y


def _once(pieces: list[Piece]) -> list[Piece]:
    """Without what is drawn a second time in the same place to make it look bold."""
    seen: dict[str, list[Piece]] = {}
    kept: list[Piece] = []
    for piece in pieces:
        reach = _OVERPRINT * piece.size
        twins = seen.setdefault(piece.text, [])
        near = twins[-4:]
        if any(abs(p.x0 - piece.x0) <= reach and abs(p.y - piece.y) <= reach for p in near):
            continue
        twins.append(piece)
        kept.append(piece)
    return kept


def _lowered_initials(pieces: list[Piece]) -> list[Piece]:
    """Puts a large first letter that reaches down over lines on the first of them."""
    usual = median(piece.size for piece in pieces) if pieces else 0.0
    large = [
        piece
        for piece in pieces
        if len(piece.text) <= 2 and piece.text[0].isalpha() and piece.size > _INITIAL_SIZE * usual
    ]
    for piece in large[:_MOST_INITIALS]:
        beside = [
            p
            for p in pieces
            if p.size * _INITIAL_SIZE < piece.size
            and -0.2 * p.size <= p.x0 - piece.x1 <= 1.5 * p.size
            and piece.y - 0.1 * p.size <= p.y <= piece.y + 0.8 * piece.size
        ]
        if len(beside) > 1:
            first = max(beside, key=lambda p: p.y)
            piece.y, piece.size = first.y, first.size
            # The letter begins the word beside it.
            piece.after = False
            piece.x1 = first.x0
    return pieces


def rows(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """The pieces by base line, from top to bottom, each row from left to right."""
    found: list[list[Piece]] = []
    main: list[Piece] = []
    for piece in sorted(pieces, key=lambda p: (-p.y, p.x0)):
        # A raised piece may come before its line, and a lowered one after the next begins.
        for back in range(len(found) - 1, max(-1, len(found) - 4), -1):
            base = main[back]
            if _on_one_line(base.y, base.size, piece.y, piece.size) and not _covers(
                found[back], piece
            ):
                found[back].append(piece)
                if piece.size > base.size:
                    main[back] = piece
                break
        else:
            found.append([piece])
            main.append(piece)
    for row in found:
        row.sort(key=lambda p: p.x0)
    order = sorted(range(len(found)), key=lambda at: -main[at].y)
    return [found[at] for at in order]


def _covers(row: list[Piece], piece: Piece) -> bool:
    """Whether a piece would be written over others of the row."""
    slack = _OVERLAP * piece.size
    return any(p.x0 < piece.x1 - slack and piece.x0 < p.x1 - slack for p in row[-_NEAR:])


def make_line(row: Sequence[Piece]) -> PdfLine:
    """A row of pieces as one line."""
    cells: list[tuple[str, float, float]] = []
    words = row[0].text
    start = row[0].x0
    for last, piece in pairwise(row):
        gap = piece.x0 - last.x1
        size = min(last.size, piece.size)
        if gap > CELL_GAP * size:
            cells.append((_tidy(words), start, last.x1))
            words, start = piece.text, piece.x0
            continue
        apart = last.after or piece.before or gap > WORD_GAP * size
        words += (" " if apart else "") + piece.text
    cells.append((_tidy(words), start, row[-1].x1))
    if any(_RTL.search(cell[0]) for cell in cells):
        cells = _right_to_left(cells)
    weight = sum(len(p.text) for p in row)
    main = max(row, key=lambda p: len(p.text))
    return PdfLine(
        text=" ".join(cell[0] for cell in cells),
        x0=row[0].x0,
        x1=max(p.x1 for p in row),
        y=main.y,
        size=main.size,
        bold=sum(p.bold for p in row) * 10 >= weight * 9,
        fixed=sum(p.fixed for p in row) * 10 >= weight * 9,
        after=row[-1].after,
        cells=tuple(cells),
    )


def _tidy(words: str) -> str:
    return _SPACES.sub(" ", words).strip()


def _right_to_left(cells: list[tuple[str, float, float]]) -> list[tuple[str, float, float]]:
    """Cells whose letters were collected from left to right as they are read: mostly from right
    to left, but words in other scripts and numbers from left to right."""
    letters = [c for cell in cells for c in cell[0] if c.isalpha()]
    if 2 * sum(bool(_RTL.match(letter)) for letter in letters) < len(letters):
        return cells
    turned = []
    for text, x0, x1 in reversed(cells):
        # A bracket that opens to the left is drawn as one that closes to the right.
        mirrored = text[::-1].translate(_MIRROR)
        logical = _LTR.sub(lambda match: match[0][::-1].translate(_MIRROR), mirrored)
        turned.append((logical, x0, x1))
    return turned
