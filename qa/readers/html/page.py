"""Turn a page's tree into text and blocks, as somebody who looks at the rendered page sees them.

The walk over the tree keeps its own stack, so that no depth of nesting ends it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from qa.readers.declared import link_address, links_in_order
from qa.readers.html.rendering import Rendering, Style
from qa.records import Block, BlockKind, Link

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


# Never seen on the page, or seen as something other than its text.
_DROPPED = _names(
    "head script style noscript template svg math iframe object embed applet canvas audio video "
    "map select datalist textarea button input meter progress dialog title link meta noembed "
    "noframes frameset -comment !doctype"
)
_PARAGRAPHS = _names(
    "p div section article main header footer nav aside form fieldset legend figure figcaption "
    "address details summary hgroup search center blockquote ul ol menu dl table hr body html "
    "caption label pre h1 h2 h3 h4 h5 h6"
)
_LINES = _names("li dt dd tr")
_LISTS = _names("ul ol menu dl")
_CELLS = _names("td th")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
# A header or footer inside one of these belongs to the content, not to the page's frame.
_CONTENT = _names("article main section blockquote figure")
_FRAME_ROLES = _names(
    "navigation banner contentinfo complementary search menu menubar dialog alertdialog"
)
_FRAME_NAMES = _names(
    "nav navbar navigation menu mainmenu breadcrumb breadcrumbs sidebar pagination pager cookie "
    "cookies cookie-banner cookie-bar cookie-notice cookie-consent share social skip-link"
)
_FRAMEABLE = _names("div ul ol menu span table p td form")
# Some pages hide themselves until a script shows them.
_NEVER_HIDDEN = _names("html body main article")
_BOOK_MARKS = _names("noteref pagebreak pagebreaker backlink page-list landmarks")
_BOOK_NOTES = _names("footnote endnote rearnote note footnotes endnotes rearnotes annotation")
# With one of these inside, a table lays the page out and holds no data.
_LAYOUT_SIGNS = _names("table h1 h2 h3 h4 h5 h6 ul ol blockquote form article section main pre")
_LEAST_PAGE = 500
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def render_page(
    tree: LexborHTMLParser,
) -> tuple[str, tuple[Block, ...], tuple[Link, ...], tuple[str, ...]]:
    """Return the text of a page that stands for itself, its blocks, its links, and notes."""
    page = _Page(_layout_tables(tree), main=_main_content(tree))
    text, blocks = page.render(tree)
    notes: tuple[str, ...] = ()
    if _is_all_frame(text, blocks):
        page = _Page(_layout_tables(tree), framed=False)
        text, blocks = page.render(tree)
        notes = (
            "the page marks nearly all of itself as a menu or a side bar, so it was read whole",
        )
    return text, blocks, links_in_order(text, page.links), notes


def _main_content(tree: LexborHTMLParser) -> frozenset[int]:
    """Return the article or main element that holds most of the page's words, by its `mem_id`: a
    frame's role around it is then wrong."""
    body = tree.body
    whole = len(body.text()) if body is not None else 0
    return frozenset(
        node.mem_id for node in tree.css("article, main") if 2 * len(node.text()) >= whole > 0
    )


def _is_all_frame(text: str, blocks: Sequence[Block]) -> bool:
    """Whether hardly a word of a page of some length is outside its frames."""
    framed = sum(block.end - block.start for block in blocks if block.kind is BlockKind.NAVIGATION)
    return len(text) > _LEAST_PAGE and 10 * framed > 9 * len(text)


@dataclass(frozen=True, slots=True)
class RenderedChapter:
    """A chapter's text and blocks, and where in the text the elements begin that were asked
    for, by their ids."""

    text: str
    blocks: tuple[Block, ...]
    places: Mapping[str, int]


def render_chapter(tree: LexborHTMLParser, ids: Set[str]) -> RenderedChapter:
    """Return the text of one page of a book: it has no frame of menus around it, only its `<nav>`.

    Notes set beside the text are METADATA; the marks that refer to them, and the numbers of a
    printed edition's pages, are left out.
    """
    page = _Page(_layout_tables(tree), unseen=_unseen_in_book, ids=ids)
    text, blocks = page.render(tree)
    return RenderedChapter(text, blocks, page.places)


def walked(
    tree: LexborHTMLParser, passed_over: Callable[[LexborNode], bool]
) -> Iterator[tuple[LexborNode, bool]]:
    """Yield each node on entering it (False) and each element again on leaving it (True)."""
    entered: list[LexborNode] = []
    node = tree.root
    while node is not None or entered:
        if node is None:
            element = entered.pop()
            yield element, True
            node = element.next
        elif passed_over(node):
            node = node.next
        else:
            yield node, False
            if node.is_element_node:
                entered.append(node)
                node = node.first_child
            else:
                node = node.next


def _unseen(node: LexborNode) -> bool:
    if node.tag in _DROPPED:
        return True
    if not node.is_element_node or node.tag in _NEVER_HIDDEN:
        return False
    attributes = node.attributes
    if not attributes:
        return False
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or bool(_HIDDEN_STYLE.search(attributes.get("style") or ""))
    )


def _unseen_in_book(node: LexborNode) -> bool:
    return _unseen(node) or (node.is_element_node and not _semantics(node).isdisjoint(_BOOK_MARKS))


def _semantics(node: LexborNode) -> frozenset[str]:
    """Return what an element of a book is, by EPUB's vocabulary of structure or by its role."""
    attributes = node.attributes
    if not attributes:
        return frozenset()
    role = (attributes.get("role") or "").lower().replace("doc-", "")
    return _names(f"{attributes.get('epub:type') or ''} {role}".lower())


def _layout_tables(tree: LexborHTMLParser) -> frozenset[int]:
    """Return the tables that only arrange the page: with blocks in them, or never two cells in a
    row.

    Identified by `mem_id`. One pass over the tree, however deep tables nest.
    """
    layout: set[int] = set()
    several_cells: set[int] = set()
    tables: list[int] = []
    cells: list[int] = []  # seen so far in each open row
    for node, leaving in walked(tree, _unseen):
        tag = node.tag
        if leaving:
            if tag == "table":
                if tables[-1] not in several_cells:
                    layout.add(tables[-1])
                tables.pop()
            elif tag == "tr" and cells.pop() > 1 and tables:
                several_cells.add(tables[-1])
            continue
        if tag in _LAYOUT_SIGNS and tables:
            layout.add(tables[-1])
        if tag == "table":
            tables.append(node.mem_id)
        elif tag == "tr":
            cells.append(0)
        elif tag in _CELLS and cells:
            cells[-1] += 1
    return frozenset(layout)


@dataclass(slots=True)
class _Page:
    """Goes through the tree once and tells the rendering what comes."""

    layout_tables: frozenset[int]
    # What holds the page's words whatever is said around it, and whether frames are told at all.
    main: frozenset[int] = frozenset()
    framed: bool = True
    # In a book: what isn't seen in it, and the ids of the elements whose places are asked for.
    unseen: Callable[[LexborNode], bool] | None = None
    ids: Set[str] = frozenset()
    places: dict[str, int] = field(default_factory=dict)
    # As they end; where the words of those begin that are open.
    links: list[Link] = field(default_factory=list)
    anchors: list[int] = field(default_factory=list)
    rendering: Rendering = field(default_factory=Rendering)
    styles: list[Style] = field(default_factory=lambda: [Style()])

    def render(self, tree: LexborHTMLParser) -> tuple[str, tuple[Block, ...]]:
        for node, leaving in walked(tree, self.unseen or _unseen):
            if leaving:
                # The element's own style says whether it stood in a row, its parent's does not.
                style = self.styles.pop()
                self._edge(node.tag or "", style, leaving=True)
                if node.tag == "a":
                    self._end_link(node)
            elif node.is_text_node:
                self.rendering.write(node.text_content or "", self.styles[-1])
            elif node.is_element_node:
                tag = node.tag or ""
                style = self._style(node, tag, self.styles[-1])
                self._edge(tag, style, leaving=False)
                self.styles.append(style)
                if tag == "a":
                    self.anchors.append(self.rendering.written)
                if self.ids:
                    self._note_place(node)
        return self.rendering.finish()

    def _note_place(self, node: LexborNode) -> None:
        for name in ("id", "name"):
            if (value := node.attributes.get(name)) in self.ids and value is not None:
                self.places.setdefault(value, self.rendering.written)

    def _end_link(self, node: LexborNode) -> None:
        start, address = self.anchors.pop(), link_address(node.attributes.get("href"))
        if address is not None:
            self.links.append(Link(start, self.rendering.written, address))

    def _edge(self, tag: str, style: Style, *, leaving: bool) -> None:
        """Make the break that an element's beginning or end stands for."""
        page = self.rendering
        if tag == "br":
            if not leaving:
                page.space() if style.row else page.end_line()
        elif tag == "q":
            page.write("”" if leaving else "“", style)
        elif style.row and tag != "table":
            if tag == "tr":
                page.end_line()
            elif tag in _CELLS:
                page.end_cell() if leaving else None
            elif tag in _PARAGRAPHS or tag in _LINES:
                page.space()
        elif tag in _LINES or (tag in _LISTS and style.nested):
            page.end_block(1)
        elif tag in _PARAGRAPHS or tag in _CELLS:
            page.end_block(2)

    def _style(self, node: LexborNode, tag: str, around: Style) -> Style:
        style = around
        if tag in _CONTENT:
            style = replace(style, content=True, frame=style.frame and node.mem_id not in self.main)
        if self.unseen is not None:
            style = self._in_book(node, tag, style)
        elif self.framed and not style.frame and self._is_frame(node, tag, around):
            style = replace(style, frame=True)
        if tag in _HEADINGS:
            # A page's title often stands in its header, beside the menu, and is no menu.
            frame = style.frame and tag != "h1"
            style = replace(style, kind=BlockKind.HEADING, level=_HEADINGS[tag], frame=frame)
        elif tag == "pre":
            style = replace(style, kind=BlockKind.CODE, pre=True)
        elif tag == "table" and node.mem_id not in self.layout_tables and not style.row:
            style = replace(style, kind=BlockKind.TABLE, row=True)
        elif tag == "blockquote":
            style = replace(style, kind=BlockKind.QUOTE)
        elif tag in _LISTS:
            style = replace(style, nested=bool(around.listing), listing=node.mem_id)
        elif tag in ("li", "dt", "dd") and style.kind is not BlockKind.QUOTE:
            style = replace(style, kind=BlockKind.LIST_ITEM)
        elif tag == "a":
            style = replace(style, link=True)
        return style

    def _in_book(self, node: LexborNode, tag: str, style: Style) -> Style:
        if tag == "nav":
            return replace(style, frame=True)
        # What is a note stays one in all its parts.
        note = tag in _PARAGRAPHS or tag in _LINES
        if note and not _semantics(node).isdisjoint(_BOOK_NOTES):
            return replace(style, note=True)
        return style

    def _is_frame(self, node: LexborNode, tag: str, around: Style) -> bool:
        if tag in ("nav", "aside"):
            return True
        if tag in ("header", "footer"):
            return not around.content
        if tag not in _FRAMEABLE:
            return False
        attributes = node.attributes
        if attributes.get("role") in _FRAME_ROLES:
            return attributes.get("role") not in ("banner", "contentinfo") or not around.content
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower().split()
        return not _FRAME_NAMES.isdisjoint(names)
