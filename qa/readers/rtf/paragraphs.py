"""From an RTF document's control words to its paragraphs, tables, notes and boxes.

A table is known in RTF only by what its paragraphs say of themselves and by the marks that end
cells and rows, so it is opened and closed as paragraphs end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from qa.readers.office.flow import Flow, Paragraph
from qa.readers.office.styles import NO_STYLE, Style
from qa.records import BlockKind

_DEEPEST_TABLE = 16

WORDS = frozenset("par sect pard s outlinelevel ls intbl itap cell nestcell row nestrow".split())


@dataclass(slots=True)
class _Properties:
    """A paragraph's properties; `depth` is how many tables it stands in."""

    style: int = 0
    level: int | None = None
    listed: bool = False
    depth: int = 0


@dataclass(slots=True)
class _Table:
    """Whether a row, and in it a cell, has begun."""

    row: bool = False
    cell: bool = False


@dataclass(slots=True)
class Paragraphs:
    """Follows paragraphs' properties and ends, and tells the flow what comes."""

    styles: Mapping[int, Style]
    flow: Flow = field(default_factory=Flow)
    properties: _Properties = field(default_factory=_Properties)
    # The tables that are open here, the innermost last.
    tables: list[_Table] = field(default_factory=list)
    interrupted: list[tuple[_Properties, list[_Table]]] = field(default_factory=list)

    def word(self, word: str, number: int | None) -> None:
        """One of `WORDS`, with its number; others mean nothing here."""
        properties = self.properties
        if word in ("par", "sect"):
            self.end_paragraph()
        elif word == "pard":
            self.properties = _Properties()
        elif word == "s":
            properties.style = number or 0
        elif word == "outlinelevel":
            properties.level = number + 1 if number is not None and 0 <= number <= 8 else -1
        elif word == "ls":
            properties.listed = bool(number)
        elif word == "intbl":
            properties.depth = max(properties.depth, 1)
        elif word == "itap":
            properties.depth = min(max(number or 0, 0), _DEEPEST_TABLE)
        elif word in ("cell", "nestcell"):
            self._cell_ends(1 if word == "cell" else max(2, properties.depth))
        elif word in ("row", "nestrow"):
            self._row_ends(1 if word == "row" else max(2, properties.depth))

    def begin_aside(self, kind: BlockKind | None = None) -> None:
        """A note or box begins: it has paragraphs and tables of its own."""
        self.flow.begin_aside(kind)
        self.interrupted.append((self.properties, self.tables))
        self.properties, self.tables = _Properties(), []

    def end_aside(self) -> None:
        self.end_paragraph(only_if_written=True)
        self._set_tables(0)
        self.flow.end_aside()
        self.properties, self.tables = self.interrupted.pop()

    def end_paragraph(self, *, only_if_written: bool = False) -> None:
        """What has been written is a paragraph, in as many tables as it says it stands in."""
        paragraph = self.flow.paragraph
        if only_if_written and not (paragraph.pieces or paragraph.after):
            return
        self._set_tables(self.properties.depth)
        style = self.styles.get(self.properties.style, NO_STYLE)
        level = style.level if self.properties.level is None else self.properties.level
        if style.kind is BlockKind.NAVIGATION:
            paragraph.kind = style.kind
        elif level is not None and level >= 0:
            paragraph.kind, paragraph.level = BlockKind.HEADING, level
        elif self.properties.listed:
            paragraph.kind = BlockKind.LIST_ITEM
        else:
            paragraph.kind = style.kind or BlockKind.PARAGRAPH
        self.flow.end_paragraph()

    def _set_tables(self, depth: int) -> None:
        """Open and close tables, so that the paragraph that ends here goes into a cell of the
        innermost of `depth` tables."""
        paragraph, self.flow.paragraph = self.flow.paragraph, Paragraph()
        self._close_tables(depth)
        while len(self.tables) < depth:
            self._open_cell()
            self.flow.begin_table()
            self.tables.append(_Table())
        self._open_cell()
        self.flow.paragraph = paragraph

    def _close_tables(self, depth: int) -> None:
        while len(self.tables) > depth:
            self.flow.end_table()
            self.tables.pop()

    def _open_cell(self) -> None:
        if not self.tables:
            return
        table = self.tables[-1]
        if not table.row:
            self.flow.begin_row()
        if not table.cell:
            self.flow.begin_cell()
        table.row = table.cell = True

    def _cell_ends(self, depth: int) -> None:
        # A cell's last paragraph has no end of its own; some programs don't say that it
        # stands in a table either.
        self.properties.depth = depth
        if self.flow.paragraph.pieces or self.flow.paragraph.after:
            self.end_paragraph()
        else:
            self._set_tables(depth)
        self.flow.end_cell()
        self.tables[-1].cell = False

    def _row_ends(self, depth: int) -> None:
        self._close_tables(depth)
        if len(self.tables) == depth:
            self.tables[-1].row = self.tables[-1].cell = False

    def finish(self) -> None:
        """The document ends here, and with it what was left open."""
        self.end_paragraph(only_if_written=True)
        self._set_tables(0)
