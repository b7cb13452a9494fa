"""The lines of a PDF's columns → its paragraphs, in reading order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from qa.readers.pdf.columns import Column
from qa.readers.pdf.kinds import (
    BULLET,
    SMALLER,
    Kinds,
    Measures,
    PdfParagraph,
    Placed,
    leaves_room,
    may_carry_space,
    ranked,
    same_size,
    table_rows,
)
from qa.readers.pdf.lines import PdfLine
from qa.records import BlockKind

_ENUMERATOR = re.compile(r"\(?(?:\d{1,3}(?:\.\d{1,3})*|[^\W\d_]|[ivxIVX]{1,5})[.)]\s")
_FINAL = re.compile(r"[.!?…。！？؟۔:;][\"'”’»)\]」』]{0,3}$")
_STOP = re.compile(r"[.!?…。！？؟۔][\"'”’»)\]」』]{0,3}$")
# What may introduce a speaker, names and offices alone: "The Chair:", "Mr. A. Smith (Leeds):".
_LABEL = re.compile(
    r"[^\W\d_a-zа-яё][^\s:,;]{0,30}"
    r"(?: (?:of|the|and|for|on|in|de|la|du|des|von|van|\(?[^\W\d_a-zа-яё][^\s:,;]{0,30})){0,9}: "
)
_HYPHENS = "-\u00ad\u2010"

# A line of a table of contents.
_LEADER = re.compile(r"(?: ?[.…·_]){4}[ .…·_]*[^\s.]{1,9}$")
_SPREAD = 1.17
_INDENT = 0.8
_ALIKE = 0.15
_MOST_TITLE_LINES = 4
_TEXT = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM})
# What stands before a footnote: "1 See page 4", "* Absent", "[12] Ibid.", "a) As amended".
_NOTE_MARK = re.compile(r"(?:\d{1,3}|\[\d{1,3}\]|\(\d{1,3}\)|[*†‡§¶]{1,3}|[a-z]\))[.)]?\s?(?=\S)")


@dataclass(slots=True)
class PageColumns:
    """The columns of one page in reading order; `turned` are those that stand sideways on it."""

    page: int
    columns: list[Column]
    turned: list[Column] = field(default_factory=list)


def find_paragraphs(pages: Sequence[PageColumns], measures: Measures) -> list[PdfParagraph]:
    """The paragraphs of a file, in reading order.

    A paragraph ends where the distance to the next line, its type or its indentation says so,
    or where the next line's first word would still have fitted. One that the end of a column
    or page cuts through is one paragraph, and the footnotes below its first part follow it.
    """
    maker = _Maker(measures)
    for page in pages:
        for at, column in enumerate(page.columns):
            maker.add(column, page.page, foot=0 < at == len(page.columns) - 1)
        for column in page.turned:
            maker.close()
            maker.add(column, page.page)
            maker.close()
    maker.close()
    _settle_apart(maker.done)
    return ranked(maker.done)


class _Maker:
    def __init__(self, measures: Measures) -> None:
        self._measures = measures
        self._kinds = Kinds(measures)
        self._breaks = Breaks(measures)
        self._notes: list[PdfParagraph] = []
        self.done: list[PdfParagraph] = []

    def close(self) -> None:
        """What was written so far is not gone on with."""
        self.done.extend(self._notes)
        self._notes = []

    def add(self, column: Column, page: int, *, foot: bool = False) -> None:
        """`foot`: the column is the last of several on its page."""
        left = min(line.x0 for line in column.lines)
        right = self._measures.right(column)
        placed = [Placed(line, page, left, right) for line in column.lines]
        body = self._without_notes(placed, foot)
        parts = self._paragraphs(placed[:body])
        if parts and self.done and self._breaks.goes_on(self.done[-1], parts[0]):
            self.done[-1].lines.extend(parts[0].lines)
            parts = parts[1:]
            if not parts:
                self._notes.extend(self._as_notes(placed[body:]))
                return
        if parts:
            self.close()
        self.done.extend(parts)
        self._notes.extend(self._as_notes(placed[body:]))

    def _as_notes(self, placed: list[Placed]) -> list[PdfParagraph]:
        """The paragraphs of a column's end in smaller type: notes if any begins with a mark of
        one, the first may go on with the last page's."""
        notes = self._paragraphs(placed)
        words = [note for note in notes if note.kind not in (BlockKind.CODE, BlockKind.TABLE)]
        marked = any(_NOTE_MARK.match(note.lines[0].line.text) for note in words)
        for note in notes:
            note.note = True
        for note in words if marked else ():
            note.kind = BlockKind.NOTE
        return notes

    def _without_notes(self, placed: list[Placed], foot: bool) -> int:
        """Where the footnotes at the end of a column begin: lines in smaller type, of which a
        column as a whole consists only at the foot of a page."""
        at = len(placed)
        limit = SMALLER * self._measures.body
        while at > 0 and placed[at - 1].line.size <= limit:
            at -= 1
        return at if at > 0 or (foot and not placed[0].line.text[0].isalpha()) else len(placed)

    def _paragraphs(self, placed: list[Placed]) -> list[PdfParagraph]:
        paragraphs = [self._kinds.paragraph(part) for part in self._parts(placed)]
        for before, paragraph in pairwise(paragraphs):
            paragraph.apart = self._breaks.set_apart(before, paragraph)
        return paragraphs

    def _parts(self, placed: list[Placed]) -> list[list[Placed]]:
        parts: list[list[Placed]] = []
        tables = table_rows(placed)
        for at, one in enumerate(placed):
            if not parts:
                parts.append([one])
            elif tables[at] and tables[at] == tables[at - 1]:
                parts[-1].append(one)
            elif tables[at] != tables[at - 1] or self._breaks.ends(placed, at - 1, len(parts[-1])):
                parts.append([one])
            else:
                parts[-1].append(one)
        return parts


def _settle_apart(paragraphs: list[PdfParagraph]) -> None:
    """Where a column begins, paragraphs are set apart if most are elsewhere."""
    known = [paragraph.apart for paragraph in paragraphs if paragraph.apart is not None]
    usual = 2 * sum(known) >= len(known)
    for paragraph in paragraphs:
        if paragraph.apart is None:
            paragraph.apart = usual


class Breaks:
    """Decides by what is usual in the file."""

    def __init__(self, measures: Measures) -> None:
        self._measures = measures
        self._kinds = Kinds(measures)

    def ends(self, placed: list[Placed], at: int, so_far: int) -> bool:
        """Whether a paragraph ends with line `at`, of which `so_far` lines have been seen."""
        here, after = placed[at].line, placed[at + 1].line
        right = placed[at].right
        measures = self._measures
        if not same_size(here.size, after.size):
            return True
        if self._kinds.is_code(here) != self._kinds.is_code(after):
            return True
        step = here.y - after.y
        if self._kinds.is_code(here):
            return step > 2 * measures.leading(here.size)
        if self._is_title(placed, at) or (here.bold and after.bold and not measures.bold):
            return step > 1.5 * here.size or step < 0
        if here.bold != after.bold and here.bold and self._kinds.is_short_bold(placed, at, so_far):
            return True
        if step < 0 or _LEADER.search(here.text):
            return True
        if BULLET.match(after.text):
            return True
        full = not leaves_room(here, after, right)
        runs_on = full and not _FINAL.search(here.text) and after.text[0].islower()
        if step > _SPREAD * measures.leading(here.size) + 0.6:
            return not (runs_on and self._is_even(placed, at))
        if runs_on:
            return False
        if not full:
            return not self._goes_on_short(here, after, right)
        return self._starts(placed, at, so_far)

    def _starts(self, placed: list[Placed], at: int, so_far: int) -> bool:
        """Whether a paragraph starts after a full line `at`."""
        here, after = placed[at].line, placed[at + 1].line
        closed = bool(_FINAL.search(here.text))
        if self._measures.spaced and (here.after or may_carry_space(here, placed[at].right)):
            return not here.after
        if closed and (_LABEL.match(after.text) or _ENUMERATOR.match(after.text)):
            return True
        label = _LABEL.match(after.text)
        if label and " " in label[0].strip():
            return True
        indent = after.x0 - here.x0
        if indent > _INDENT * here.size:
            if so_far == 1 and (BULLET.match(here.text) or _ENUMERATOR.match(here.text)):
                return False
            return closed or self._is_first_indented(placed, at)
        if indent < -_INDENT * here.size and so_far > 1:
            return closed
        return False

    def _is_first_indented(self, placed: list[Placed], at: int) -> bool:
        """Whether only the line after `at` is indented, not those after it as well."""
        if at + 2 >= len(placed):
            return False
        here, after, next_line = (placed[one].line for one in (at, at + 1, at + 2))
        return abs(next_line.x0 - here.x0) <= 0.3 * here.size < after.x0 - next_line.x0

    def _goes_on_short(self, here: PdfLine, after: PdfLine, right: float) -> bool:
        """Whether a line goes on though the next word would have fitted: a hyphen was broken
        there, or the next line begins in lower case and this one is nearly full."""
        if after.text[0].islower() and not _STOP.search(here.text):
            return here.text[-1] in _HYPHENS or right - here.x1 < 0.35 * (right - here.x0)
        return False

    def _is_even(self, placed: list[Placed], at: int) -> bool:
        """Whether the lines around are as far apart as these two: widely set text."""
        step = placed[at].line.y - placed[at + 1].line.y
        others = [
            placed[one].line.y - placed[one + 1].line.y
            for one in (at - 1, at + 1)
            if 0 <= one < len(placed) - 1
        ]
        return any(abs(step - other) <= 0.8 for other in others)

    def _is_title(self, placed: list[Placed], at: int) -> bool:
        """Whether a line belongs to a few lines of larger type than most."""
        line = placed[at].line
        if not self._kinds.is_large(line):
            return False
        near = placed[max(0, at - _MOST_TITLE_LINES) : at + _MOST_TITLE_LINES + 1]
        alike = sum(same_size(one.line.size, line.size) for one in near)
        return alike <= _MOST_TITLE_LINES

    def set_apart(self, before: PdfParagraph, paragraph: PdfParagraph) -> bool:
        """Whether the page sets a paragraph off from the one before it in its column."""
        here, after = before.lines[-1].line, paragraph.lines[0].line
        return (
            before.kind is not paragraph.kind
            or not same_size(here.size, after.size)
            or here.bold != after.bold
            or here.y - after.y > _SPREAD * self._measures.leading(here.size) + 0.6
            or abs(after.x0 - before.lines[0].line.x0) > _INDENT * here.size
            or after.x0 - here.x0 > _INDENT * here.size
        )

    def goes_on(self, last: PdfParagraph, first: PdfParagraph) -> bool:
        """Whether a paragraph that a column ends with goes on in the next."""
        if last.kind is BlockKind.CODE and first.kind is BlockKind.CODE:
            return True
        if last.kind not in _TEXT or first.kind is not BlockKind.PARAGRAPH or last.note:
            return False
        here, after = last.lines[-1], first.lines[0]
        if not same_size(here.line.size, after.line.size):
            return False
        words = here.line.text
        if words[-1] in _HYPHENS and after.line.text[0].islower():
            return True
        if words[-1] == ":" or (_STOP.search(words) and not self._measures.spaced):
            return False
        if after.line.text[0].islower():
            return here.line.x1 - here.left >= 0.6 * (here.right - here.left)
        width, next_width = here.right - here.left, after.right - after.left
        alike = abs(width - next_width) <= _ALIKE * max(width, next_width)
        if leaves_room(here.line, after.line, here.right) or not alike:
            return False
        if self._measures.spaced and (here.line.after or may_carry_space(here.line, here.right)):
            return here.line.after
        if _ENUMERATOR.match(after.line.text) or _LABEL.match(after.line.text):
            return False
        return after.line.x0 <= after.left + _INDENT * after.line.size
