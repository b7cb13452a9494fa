"""EPUB: the stored text is the book's pages in reading order, its chapters the places in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import ReadError
from qa.readers.epub.contents import Entry, file_label, label_of, read_contents
from qa.readers.epub.package import read_package
from qa.readers.epub.pages import parse_page
from qa.readers.html.reader import render_chapter
from qa.readers.zipped import open_archive
from qa.records import Block, BlockKind, Locator, LocatorKind, LocatorMark, SourceText

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_JOINT = " › "
_DEEPEST = 1  # chapters of parts; what lies deeper is sections


def read_epub(data: bytes, path: Path) -> SourceText:
    """The text of an EPUB book, page after page in its reading order, with its blocks marked.

    Pages outside the reading order (`linear="no"`: notes, answers) come at the end. Chapters
    are the lines of the table of contents, those of a part with the part's name before them;
    in a book without one, the first heading of each page. The book's table of contents itself
    is left out, notes beside the text are METADATA. Title and date of publication are the
    package's; who wrote the book speaks in none of it, so the creator is not taken.

    Raises ReadError for what is no EPUB, is damaged or copy-protected, holds no readable page,
    or is not read for safety (entities, enormous parts).
    """
    archive = open_archive(data, path, "an EPUB book", "META-INF/container.xml")
    package = read_package(archive, path)
    entries = read_contents(archive, path, package)
    book = _Book(entries)
    for number, member in enumerate(package.chapters):
        try:
            tree = parse_page(archive, member, path)
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
        """The name of a page that the table of contents does not list: it goes on with the
        chapter before it, unless there is no such table or it is outside."""
        if self.entries and not outside:
            return {}
        heading = next((block for block in blocks if block.kind is BlockKind.HEADING), None)
        if heading is not None:
            return {blocks[0].start: label_of(text[heading.start : heading.end])}
        return {blocks[0].start: file_label(member)} if outside else {}


def _next_block(blocks: Sequence[Block], place: int) -> int:
    """Where the text of an element begins, from the number of characters before it."""
    following = bisect_right(blocks, place, key=lambda block: block.end)
    return max(place, blocks[min(following, len(blocks) - 1)].start)
