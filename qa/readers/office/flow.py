"""Write text and blocks from a word processor's paragraphs, tables and notes, in order.

Blocks are separated by an empty line, items of a list and rows of a table by a line end, cells
by a tab. Who sets paragraphs apart by empty ones means something by it: there, paragraphs
without one between them are separated by a line end alone. Notes and text boxes stand in the
middle of a sentence; they become blocks of their own after the paragraph, or the table, that
they stand in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from qa.readers.declared import links_in_order
from qa.readers.office.references import (
    NoteKey,
    Reference,
    joined,
    placed,
    shared_out,
    visible_count,
)
from qa.records import Block, BlockKind, Link, Span

# A note is shown with its place but is nobody's speech, and no part of what runs around it.
NOTE = BlockKind.NOTE
# Text set as a heading by mistake, or for its looks, must not be lost to quotation.
_LONGEST_HEADING = 500
_BREAK = re.compile(r"\n{2,}")
_SPACES = re.compile(r"[ \t\n]+")


@dataclass(frozen=True, slots=True)
class Item:
    """A finished block. `aside`: a note or box, which stands outside the text around it;
    `apart`: an empty paragraph precedes it; `note`: which note it is of."""

    kind: BlockKind
    level: int
    text: str
    aside: bool = False
    apart: bool = False
    note: NoteKey | None = None
    references: tuple[Reference, ...] = ()


@dataclass(slots=True)
class Paragraph:
    """A paragraph being read: `level` 0 with kind HEADING is the title, above level 1.

    `after` are the notes and boxes in it, `references` its links and where its notes are.
    """

    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    pieces: list[str] = field(default_factory=list)
    after: list[Item] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    _counted: int = 0
    _visible: int = 0

    def visible(self) -> int:
        """Return how many visible characters have been written."""
        self._visible += visible_count("".join(self.pieces[self._counted :]))
        self._counted = len(self.pieces)
        return self._visible

    def link(self, start: int, address: str | None) -> None:
        """Make what was written since there were `start` visible characters a link."""
        if address is not None and start < self.visible():
            self.references.append(Reference(start, self.visible(), address))

    def refer(self, note: NoteKey) -> None:
        """Put a note's mark here."""
        at = self.visible()
        self.references.append(Reference(at, at, note))


@dataclass(slots=True)
class _Table:
    outer: list[Item]
    rows: list[list[list[Item]]] = field(default_factory=list)
    row: list[list[Item]] = field(default_factory=list)
    between: list[Item] = field(default_factory=list)

    def items(self) -> list[Item]:
        """Return the table as one block and then its notes; as the blocks in it where it is no
        table of data: with headings, lists or tables in it, or never two cells in a row."""
        inside = [item for row in self.rows for cell in row for item in cell]
        blocks = (BlockKind.HEADING, BlockKind.TABLE, BlockKind.LIST_ITEM)
        arranges = any(item.kind in blocks and not item.aside for item in inside)
        if arranges or not any(len(row) > 1 for row in self.rows):
            return [*inside, *self.between]
        lines = [line for row in self.rows if (line := _row_text(row)).strip()]
        asides = [item for item in inside if item.aside]
        text = [item for item in inside if not item.aside]
        parts = ((item.references, visible_count(item.text)) for item in text)
        references = joined(parts) if any(item.references for item in text) else ()
        table = Item(BlockKind.TABLE, 0, "\n".join(lines), references=references)
        whole = [table] if lines else []
        return [*whole, *asides, *self.between]


@dataclass(slots=True)
class _Aside:
    outer: list[Item]
    paragraph: Paragraph
    kind: BlockKind | None
    note: NoteKey | None


@dataclass(slots=True)
class Flow:
    """Collects the blocks of a document; `finish` gives its text with them.

    What is begun must be ended in order: tables and asides may stand in one another.
    """

    paragraph: Paragraph = field(default_factory=Paragraph)
    _body: list[Item] = field(default_factory=list)
    _into: list[Item] = field(init=False)
    _open: list[_Table | _Aside] = field(default_factory=list)
    _emptied: bool = False
    _notes: int = 0

    def __post_init__(self) -> None:
        self._into = self._body

    def write(self, text: str) -> None:
        """Write characters of the paragraph; a line end is one on the page too, two end the
        block."""
        self.paragraph.pieces.append(text)

    def end_paragraph(self) -> None:
        """Make the paragraph a block, or none if it is blank, and begin an empty one."""
        paragraph, self.paragraph = self.paragraph, Paragraph()
        text = "".join(paragraph.pieces).strip()
        if "\n" in text:
            text = "\n".join(line.strip(" \t") for line in text.split("\n"))
        kind, level = paragraph.kind, paragraph.level
        if kind is BlockKind.HEADING and len(text) > _LONGEST_HEADING:
            kind, level = BlockKind.PARAGRAPH, 0
        parts = _BREAK.split(text) if "\n\n" in text else [text]
        references = shared_out(paragraph.references, parts)
        for number, part in enumerate(parts):
            if part:
                apart = self._emptied or number > 0
                item = Item(kind, level, part, apart=apart, references=references[number])
                self._into.append(item)
            self._emptied = not part and not paragraph.after
        self._into.extend(paragraph.after)

    def begin_table(self) -> None:
        table = _Table(self._into)
        self._open.append(table)
        self._into = table.between

    def begin_row(self) -> None:
        if self._open and isinstance(table := self._open[-1], _Table):
            table.row = []
            table.rows.append(table.row)

    def drop_row(self) -> None:
        """Leave out the row that was begun last, and what is in it."""
        if self._open and isinstance(table := self._open[-1], _Table) and table.rows:
            table.rows.pop()
            table.row = []

    def begin_cell(self) -> None:
        if self._open and isinstance(table := self._open[-1], _Table):
            cell: list[Item] = []
            table.row.append(cell)
            self._into = cell

    def end_cell(self) -> None:
        """End the cell and its paragraph, as the beginning and end of tables and asides do."""
        self._flush()
        if self._open and isinstance(table := self._open[-1], _Table):
            self._into = table.between

    def end_table(self) -> None:
        self._flush()
        table = self._open.pop()
        self._into = table.outer
        if isinstance(table, _Table):
            self._into.extend(table.items())

    def begin_aside(self, kind: BlockKind | None = None, note: NoteKey | None = None) -> None:
        """Begin a note or box in the paragraph; all blocks in it get the `kind`.

        `note` is what a note is known by, if it doesn't stand where it is referred to.
        """
        if kind is NOTE and note is None:
            self._notes += 1
            note = "", str(self._notes)
            self.paragraph.refer(note)
        self._open.append(_Aside(self._into, self.paragraph, kind, note))
        self._into, self.paragraph = [], Paragraph()

    def end_aside(self) -> None:
        self._flush()
        aside = self._open.pop()
        items, self._into = self._into, aside.outer
        if isinstance(aside, _Aside):
            self.paragraph = aside.paragraph
            self.paragraph.after.extend(set_apart(items, aside.kind, aside.note))

    def items(self) -> list[Item]:
        """Return all blocks so far, with everything left open ended."""
        self._flush()
        while self._open:
            self.end_aside() if isinstance(self._open[-1], _Aside) else self.end_table()
            self._flush()
        return self._body

    def finish(self) -> tuple[str, tuple[Block, ...], tuple[Link, ...]]:
        """Return the text, its blocks and its links, in order; titles outrank all headings."""
        items = self.items()
        raised = any(item.kind is BlockKind.HEADING and item.level == 0 for item in items)
        # The first may only stand below empty space.
        spaced = any(item.apart for item in items[1:])
        pieces: list[str] = []
        blocks: list[Block] = []
        at = 0
        last: BlockKind | None = None
        for item in items:
            dense = item.kind is BlockKind.LIST_ITEM
            dense = dense or (item.kind is BlockKind.PARAGRAPH and spaced and not item.apart)
            gap = "" if last is None else "\n" if dense and item.kind is last else "\n\n"
            pieces += (gap, item.text)
            start, at = at + len(gap), at + len(gap) + len(item.text)
            level = item.level + raised if item.kind is BlockKind.HEADING else 0
            blocks.append(Block(item.kind, start, at, level))
            last = item.kind
        text = "".join([*pieces, "\n"]) if pieces else ""
        return text, tuple(blocks), links_in_order(text, _links(items, blocks))

    def _flush(self) -> None:
        if self.paragraph.pieces or self.paragraph.after:
            self.end_paragraph()


def set_apart(
    items: list[Item], kind: BlockKind | None = None, note: NoteKey | None = None
) -> list[Item]:
    """Return the blocks of a note or box, all of `kind` if one is given."""
    return [
        Item(
            kind or item.kind,
            0 if kind else item.level,
            item.text,
            aside=True,
            note=note or item.note,
            references=item.references,
        )
        for item in items
    ]


def title_of(items: list[Item]) -> str | None:
    """Return what the document itself shows as its title: the only paragraph set as one."""
    titles = [item.text for item in items if item.kind is BlockKind.HEADING and not item.level]
    return " ".join(titles[0].split()) if len(titles) == 1 else None


def _row_text(row: list[list[Item]]) -> str:
    """Return a row as a line: its cells in their columns, each cell's paragraphs after one
    another."""
    cells = (" ".join(item.text for item in cell if not item.aside) for cell in row)
    return "\t".join(_SPACES.sub(" ", cell) for cell in cells).rstrip()


def _links(items: Sequence[Item], blocks: Sequence[Block]) -> list[Link]:
    """Return the blocks' references as links, those of notes that have a place in the text."""
    notes: dict[NoteKey, Span] = {}
    for item, block in zip(items, blocks, strict=True):
        if item.note is not None:
            notes[item.note] = Span(notes.get(item.note, block).start, block.end)
    links = []
    for item, block in zip(items, blocks, strict=True):
        for start, end, target in placed(item.references, item.text):
            place = target if isinstance(target, str) else notes.get(target)
            if place is not None:
                links.append(Link(block.start + start, block.start + end, place))
    return links
