"""The lines of a PDF's columns → its paragraphs, in reading order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from qa.readers.pdf.breaks import Breaks
from qa.readers.pdf.columns import Column
from qa.readers.pdf.kinds import SMALLER, Kinds, Paragraph, Placed, ranked, table_rows
from qa.readers.pdf.measures import Measures
from qa.records import BlockKind

# What stands before a footnote: "1 See page 4", "* Absent", "[12] Ibid.", "a) As amended".
_NOTE_MARK = re.compile(r"(?:\d{1,3}|\[\d{1,3}\]|\(\d{1,3}\)|[*†‡§¶]{1,3}|[a-z]\))[.)]?\s?(?=\S)")


@dataclass(slots=True)
class PageColumns:
    """The columns of one page in reading order; `turned` are those that stand sideways on it."""

    page: int
    columns: list[Column]
    turned: list[Column] = field(default_factory=list)


def find_paragraphs(pages: Sequence[PageColumns], measures: Measures) -> list[Paragraph]:
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
        self._notes: list[Paragraph] = []
        self.done: list[Paragraph] = []

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

    def _as_notes(self, placed: list[Placed]) -> list[Paragraph]:
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

    def _paragraphs(self, placed: list[Placed]) -> list[Paragraph]:
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


def _settle_apart(paragraphs: list[Paragraph]) -> None:
    """Where a column begins, paragraphs are set apart if most are elsewhere."""
    known = [paragraph.apart for paragraph in paragraphs if paragraph.apart is not None]
    usual = 2 * sum(known) >= len(known)
    for paragraph in paragraphs:
        if paragraph.apart is None:
            paragraph.apart = usual
