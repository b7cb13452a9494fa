"""EPUB: the stored text is the book's pages in reading order, its chapters the places in it."""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import ReadError
from qa.readers.containers import Attributes, Container, Handlers, open_container, read_xml
from qa.readers.declared import collapsed
from qa.readers.encodings import decode
from qa.readers.epub.package import MOST_ENTRIES, Package, member_of, read_package
from qa.readers.html.page import render_chapter, walked
from qa.readers.html.reader import VOID, declared_encoding, tamed
from qa.records import Block, BlockKind, Locator, LocatorKind, LocatorMark, SourceText

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_LARGEST_PAGE = 16 * 1024 * 1024
_EMPTY_ELEMENT = re.compile(r"<([a-zA-Z][\w:.-]*+)((?:[^<>/]++|/(?!>))*+)/>")
_DECLARATIONS = re.compile(r"<!DOCTYPE[^<>\[]{0,500}\[[^\]]{0,20000}\]\s*>", re.IGNORECASE)


def parse_page(container: Container, member: str, path: Path) -> LexborHTMLParser:
    """Return the tree of one page; raises ReadError where it can't be read or is no text."""
    from selectolax.lexbor import LexborHTMLParser

    data = container.read(member, _LARGEST_PAGE)
    markup = decode(data, path, declared_encoding) if data.strip() else ""
    return LexborHTMLParser(tamed(_as_html(markup)))


def _as_html(markup: str) -> str:
    """Return XHTML so that an HTML parser takes it alike: `<title/>` is empty, CDATA is text, and
    what a document type declares is no text. No entity that it declares is ever expanded."""
    head, rest = markup[:30_000], markup[30_000:]
    markup = _DECLARATIONS.sub("<!DOCTYPE html>", head, count=1) + rest
    if "<![CDATA[" in markup:
        first, *others = markup.split("<![CDATA[")
        pieces = (part.partition("]]>") for part in others)
        markup = first + "".join(escape(inside, quote=False) + after for inside, _, after in pieces)
    return _EMPTY_ELEMENT.sub(_opened_and_closed, markup)


def _opened_and_closed(match: re.Match[str]) -> str:
    name = match[1]
    return match[0] if name.lower() in VOID else f"<{name}{match[2]}></{name}>"


_LONGEST_LABEL = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table of contents: what it is called and the member and element it leads
    to; `depth` is 0 for the outermost lines."""

    label: str
    member: str
    element: str
    depth: int


def read_contents(container: Container, path: Path, package: Package) -> list[Entry]:
    """Return the table of contents, of which a sole outermost line is the book's title, no part."""
    entries: list[Entry] = []
    if package.nav is not None:
        entries = _of_nav(container, path, package.nav)
    if not entries and package.ncx is not None:
        entries = _of_ncx(container, path, package.ncx)
    if len(entries) > 1 and sum(entry.depth == 0 for entry in entries) == 1:
        first, *others = entries
        entries = [first, *(replace(entry, depth=entry.depth - 1) for entry in others)]
    return entries


def _of_nav(container: Container, path: Path, member: str) -> list[Entry]:
    try:
        tree = parse_page(container, member, path)
    except ReadError:
        return []  # EPUB 2's table or the chapters' own headings take its place
    found: list[Entry] = []
    inside = depth = 0
    for node, leaving in walked(tree, lambda node: node.tag in ("script", "style")):
        tag = node.tag
        if tag == "nav":
            kind = (node.attributes.get("epub:type") or "").lower().split()
            if inside or "toc" in kind:
                inside += -1 if leaving else 1
        elif tag == "ol" and inside:
            depth += -1 if leaving else 1
        elif tag == "a" and inside and not leaving:
            label = label_of(node.text())
            page, element = member_of(member, node.attributes.get("href") or "")
            if label and page and len(found) < MOST_ENTRIES:
                found.append(Entry(label, page, element, max(0, depth - 1)))
    return found


def _of_ncx(container: Container, path: Path, part: str) -> list[Entry]:
    """Return the lines of EPUB 2's table of contents; none where it is damaged."""
    found: list[Entry] = []
    labels: list[str] = []
    text: list[str] | None = None

    def point(_: Attributes) -> None:
        labels.append("")

    def label(_: Attributes) -> None:
        nonlocal text
        text = []

    def end_label() -> None:
        nonlocal text
        if labels and not labels[-1]:
            labels[-1] = label_of("".join(text or ()))
        text = None

    def content(attributes: Attributes) -> None:
        member, element = member_of(part, attributes.get("src", ""))
        if labels and labels[-1] and member and len(found) < MOST_ENTRIES:
            found.append(Entry(labels[-1], member, element, len(labels) - 1))

    def end_point() -> None:
        labels.pop()

    handlers = Handlers(
        {"http://www.daisy.org/z3986/2005/ncx/": "ncx"},
        start={"ncx:navPoint": point, "ncx:text": label, "ncx:content": content},
        end={"ncx:navPoint": end_point, "ncx:text": end_label},
        skipped=frozenset({"ncx:docTitle", "ncx:docAuthor", "ncx:pageList", "ncx:navList"}),
        text=lambda data: text.append(data) if text is not None else None,
    )
    try:
        read_xml(container.pieces(part), handlers, path, part, doctype=True)
    except ReadError:
        return []  # the chapters' own headings take its place
    return found


def label_of(words: str) -> str:
    """Return a chapter's name on one line, not longer than a name is."""
    name = collapsed(words[: 4 * _LONGEST_LABEL]) or ""
    return name if len(name) <= _LONGEST_LABEL else name[: _LONGEST_LABEL - 1].rstrip() + "…"


def file_label(member: str) -> str:
    """Return what a page is called that nothing names: its file's name."""
    return label_of(posixpath.basename(member)) or member[:_LONGEST_LABEL]


_JOINT = " › "
_DEEPEST = 1  # chapters of parts; what lies deeper is sections


def read_epub(data: bytes, path: Path) -> SourceText:
    """Return the text of an EPUB book, page after page in its reading order, with its blocks
    marked.

    Pages outside the reading order (`linear="no"`: notes, answers) come at the end. Chapters
    are the lines of the table of contents, those of a part with the part's name before them;
    in a book without one, the first heading of each page. The book's table of contents itself
    is left out, notes beside the text are METADATA. Title and date of publication are the
    package's; who wrote the book speaks in none of it, so the creator is not taken.

    Raises ReadError for what is no EPUB, is damaged or copy-protected, holds no readable page,
    or is not read for safety (entities, enormous parts).
    """
    container = open_container(data, path, "an EPUB book", "META-INF/container.xml")
    package = read_package(container, path)
    entries = read_contents(container, path, package)
    book = _Book(entries)
    for number, member in enumerate(package.chapters):
        try:
            tree = parse_page(container, member, path)
        except ReadError as error:
            raise ReadError(
                path, f"holds a page that can't be read, {member}: {error.reason}"
            ) from error
        book.add(member, tree, outside=number >= package.main)
    if not book.text:
        raise ReadError(path, "holds no page with text (pictures only, or its pages are missing)")
    return SourceText(
        text="".join(book.text),
        format="epub",
        reader="epub/1",
        blocks=tuple(book.blocks),
        title=package.title,
        date=package.date,
        locators=tuple(book.marks),
        notes=tuple(f"the book lists a page that it does not hold: {m}" for m in package.missing),
    )


@dataclass(slots=True)
class _Book:
    """The book's text, blocks and chapters so far."""

    entries: Sequence[Entry]
    text: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    marks: list[LocatorMark] = field(default_factory=list)
    at: int = 0
    _by_page: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        part = ""
        for entry in self.entries:
            if entry.depth == 0:
                part = entry.label
            if entry.depth <= _DEEPEST:
                joined = part + _JOINT + entry.label if entry.depth and part else entry.label
                page = self._by_page.setdefault(entry.member.lower(), [])
                page.append((entry.element, joined))

    def add(self, member: str, tree: LexborHTMLParser, *, outside: bool) -> None:
        """Append a page; one `outside` of the reading order never belongs to the last chapter."""
        listed = self._by_page.get(member.lower(), [])
        page = render_chapter(tree, {element for element, _ in listed if element})
        if not page.blocks:
            return
        if self.text:
            self.text.append("\n")
            self.at += 1
        start = page.blocks[0].start
        labels: dict[int, str] = {}
        for element, label in listed:
            if not element:
                labels[start] = label
            elif (place := page.places.get(element)) is not None:
                labels[_next_block(page.blocks, place)] = label
        if not labels:
            labels = self._unlisted(member, page.text, page.blocks, outside)
        for place, label in sorted(labels.items()):
            locator = Locator(LocatorKind.CHAPTER, label)
            if not self.marks or self.marks[-1].locator != locator:
                self.marks.append(LocatorMark(self.at + place, locator))
        self.text.append(page.text)
        self.blocks.extend(
            replace(block, start=self.at + block.start, end=self.at + block.end)
            for block in page.blocks
        )
        self.at += len(page.text)

    def _unlisted(
        self, member: str, text: str, blocks: Sequence[Block], outside: bool
    ) -> dict[int, str]:
        """Return the name of a page that the table of contents does not list: it goes on with the
        chapter before it, unless there is no such table or it is outside."""
        if self.entries and not outside:
            return {}
        heading = next((block for block in blocks if block.kind is BlockKind.HEADING), None)
        if heading is not None:
            return {blocks[0].start: label_of(text[heading.start : heading.end])}
        return {blocks[0].start: file_label(member)} if outside else {}


def _next_block(blocks: Sequence[Block], place: int) -> int:
    """Return where the text of an element begins, from the number of characters before it."""
    following = bisect_right(blocks, place, key=lambda block: block.end)
    return max(place, blocks[min(following, len(blocks) - 1)].start)
