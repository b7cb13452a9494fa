"""Write text and blocks element by element, with white space as a browser shows it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import groupby

from qa.records import Block, BlockKind

# HTML's white space; a no-break space is none, and stays.
_SPACE = re.compile(r"[ \t\n\r\f]+")
_MENU_LENGTH = 3


@dataclass(frozen=True, slots=True)
class Style:
    """How text is to be rendered at one place of the tree.

    `frame`: it belongs to the page's menus and frame; `listing`: which list it is in (0: none),
    `nested`: that list stands in another; `row`: it is in a table, where a row is one line;
    `note`: it is a note to the text, which stands outside of that.
    """

    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    frame: bool = False
    content: bool = False
    pre: bool = False
    link: bool = False
    row: bool = False
    listing: int = 0
    nested: bool = False
    note: bool = False


@dataclass(slots=True)
class _Open:
    """A block being written; `linked` of its `length` visible characters are in links."""

    style: Style
    start: int
    end: int = 0
    length: int = 0
    linked: int = 0


@dataclass(slots=True)
class Rendering:
    """Collects a page's text; `finish` gives it with its blocks."""

    _pieces: list[str] = field(default_factory=list)
    _at: int = 0
    _line_ends: int = 0
    _gap: str = ""
    _open: _Open | None = None
    _done: list[_Open] = field(default_factory=list)

    @property
    def written(self) -> int:
        """How many characters have been written."""
        return self._at

    def end_block(self, line_ends: int) -> None:
        """Begin a block, that many line ends further down, with what comes next."""
        if self._open is not None:
            self._done.append(self._open)
            self._open = None
        self._line_ends = max(self._line_ends, line_ends)
        self._gap = ""

    def end_line(self) -> None:
        """End a line for a `<br>` or a table's row; two `<br>` end the block."""
        if self._open is None:
            return
        if self._line_ends and not self._open.style.row:
            self.end_block(2)
        else:
            self._line_ends, self._gap = 1, ""

    def end_cell(self) -> None:
        """Put what comes next into the row's next column."""
        if self._open is not None:
            self._gap = self._gap.strip(" ") + "\t"

    def space(self) -> None:
        """Put a space between two words, if a word has been written on this line."""
        self._gap = self._gap or " "

    def write(self, raw: str, style: Style) -> None:
        """Write a text node's characters."""
        if style.pre:
            self._put(raw.replace("\r\n", "\n").replace("\r", "\n"), style)
            return
        words = _SPACE.sub(" ", raw)
        if words.startswith(" "):
            self.space()
        if body := words.strip(" "):
            self._put(body, style)
            if words.endswith(" "):
                self.space()

    def _put(self, body: str, style: Style) -> None:
        gap = self._gap if self._open is not None else ""
        if self._line_ends:
            # An empty first cell keeps the row's later cells in their columns.
            lead = "\n" * self._line_ends + gap.strip(" ") if self._at else ""
        else:
            lead = gap
        self._line_ends, self._gap = 0, ""
        self._pieces.append(lead)
        self._at += len(lead)
        if self._open is None:
            self._open = _Open(style, self._at)
        self._pieces.append(body)
        self._at += len(body)
        visible = len(body) - body.count(" ")
        self._open.end = self._at
        self._open.length += visible
        self._open.linked += visible if style.link else 0

    def finish(self) -> tuple[str, tuple[Block, ...]]:
        """Return the text and its blocks, in order."""
        self.end_block(1)
        text = "".join([*self._pieces, "\n"]) if self._pieces else ""
        menus = self._menus()
        prose = self._preformatted_prose()
        blocks = []
        for position, block in enumerate(self._done):
            kind = BlockKind.NAVIGATION if position in menus else block.style.kind
            kind = BlockKind.PARAGRAPH if position in prose else kind
            kind = BlockKind.NOTE if block.style.note else kind
            body = text[block.start : block.end]
            start = block.start + len(body) - len(body.lstrip("\n"))
            end = block.start + len(body.rstrip())
            if body.strip():
                blocks.append(Block(kind, start, end, block.style.level))
        return text, tuple(blocks)

    def _menus(self) -> set[int]:
        """Return the blocks of the page's frame, and of lists of several items that are links
        alone."""
        found = {at for at, block in enumerate(self._done) if block.style.frame}
        numbered = enumerate(self._done)
        for listing, group in groupby(numbered, key=lambda pair: pair[1].style.listing):
            items = list(group)
            links = all(block.linked == block.length for _, block in items)
            if listing and links and len(items) >= _MENU_LENGTH:
                found.update(at for at, _ in items)
        return found

    def _preformatted_prose(self) -> set[int]:
        """Return the `<pre>` that holds most of the page: a plain text in a page's clothes, not
        code."""
        whole = sum(block.length for block in self._done if not block.style.frame)
        return {
            at
            for at, block in enumerate(self._done)
            if block.style.kind is BlockKind.CODE and 2 * block.length > whole
        }
