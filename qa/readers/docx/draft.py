"""DOCX as a draft: its text with notes in the form that drafts in plain text have.

A quotation in a draft is tied to its footnote, so the places of the notes are kept, which the
reader of documents (docx.py) leaves out; so are its links and the styles of block quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from xml.etree import ElementTree

from qa.errors import ReadError
from qa.readers.docx.parts import Styles, outside_targets, part_names
from qa.readers.draft_links import Link, target_of, with_links
from qa.readers.office.styles import by_name
from qa.readers.zipped import Archive, open_archive
from qa.records import Block, BlockKind, SourceText

_MAX_DOCX_XML = 64 * 1024 * 1024
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STYLE = f"{_WORD}pPr/{_WORD}pStyle"
_CHARACTERS = {
    f"{_WORD}tab": "\t",
    f"{_WORD}br": "\n",
    f"{_WORD}cr": "\n",
    f"{_WORD}noBreakHyphen": "\u2011",
    f"{_WORD}softHyphen": "\u00ad",
}
_FIELD = re.compile(r'\s{0,20}HYPERLINK\s{1,20}"([^"]{1,2000})"', re.IGNORECASE)
_LONGEST_CODE = 4_000
_WORD_STARTS = re.compile(r"(?<=[a-z])(?=[A-Z])")


def read_docx_draft(data: bytes, path: Path) -> SourceText:
    """The paragraphs of a Word document, tables' included, with `[^1]` where a footnote is
    referred to and `[^1]: …` for each footnote at the end; the links behind the text
    (`split_links`), and as blocks the paragraphs in a style of block quotes.

    Raises ReadError for what is no DOCX file, is encrypted or damaged, or declares entities.
    """
    archive = open_archive(data, path, "a DOCX file")
    names = part_names(archive, path)
    archive.require(names["document"], "a DOCX file")
    styles = Styles()
    if (part := names.get("styles", "word/styles.xml")) in archive:
        styles.read(archive, path, part)
    draft = _Draft(styles)
    body = _Part.of(archive, names["document"], path)
    for paragraph in body.paragraphs():
        draft.add(paragraph)
    if (part := names.get("footnotes", "word/footnotes.xml")) in archive:
        notes = _Part.of(archive, part, path)
        for note in notes.root.iter(f"{_WORD}footnote"):
            draft.add_note(note.get(_WORD + "id"), list(notes.paragraphs(note)))
    text = with_links("".join(draft.pieces), draft.links)
    return SourceText(text, "docx-draft", "docx-draft/1", tuple(draft.blocks))


@dataclass(slots=True)
class _Paragraph:
    """A paragraph's words and its links, whose places are in these words; `at` counts them."""

    style: str
    pieces: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    at: int = 0

    def write(self, words: str) -> None:
        self.pieces.append(words)
        self.at += len(words)

    def link(self, start: int, address: str | None) -> None:
        """What was written from `start` on is a link; what lies in another is none of its own."""
        target = target_of(address or "")
        if target is not None and start < self.at:
            while self.links and self.links[-1].end > start:
                self.links.pop()
            self.links.append(Link(start, self.at, target))


@dataclass(slots=True)
class _Draft:
    """The text as it grows, with its block quotes and links."""

    styles: Styles
    pieces: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    at: int = 0

    def add(self, paragraph: _Paragraph) -> None:
        """A paragraph of the body."""
        self._write("\n\n" if self.at else "")
        start = self.at
        self._write_words(paragraph)
        if self._is_quote(paragraph.style):
            self.blocks.append(Block(BlockKind.QUOTE, start, self.at))

    def add_note(self, label: str | None, paragraphs: list[_Paragraph]) -> None:
        """A footnote, in one line."""
        if not paragraphs:
            return
        gap = "\n\n" if self.at else ""
        self._write(f"{gap}[^{label}]:")
        for paragraph in paragraphs:
            self._write(" ")
            self._write_words(paragraph)

    def _write(self, words: str) -> None:
        self.pieces.append(words)
        self.at += len(words)

    def _write_words(self, paragraph: _Paragraph) -> None:
        moved = self.at
        self.links += (
            replace(link, start=link.start + moved, end=link.end + moved)
            for link in paragraph.links
        )
        self._write("".join(paragraph.pieces))

    def _is_quote(self, style: str) -> bool:
        if style in self.styles:
            return self.styles.of(style).kind is BlockKind.QUOTE
        # A style that isn't described is known by its id, "IntenseQuote".
        return by_name(_WORD_STARTS.sub(" ", style).lower())[1] is BlockKind.QUOTE


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of the file, with the addresses that it links to."""

    root: ElementTree.Element
    targets: Mapping[str, str]

    @staticmethod
    def of(archive: Archive, name: str, path: Path) -> _Part:
        """The part of that name. Raises ReadError."""
        return _Part(_xml_of(archive, name, path), outside_targets(archive, path, name))

    def paragraphs(self, root: ElementTree.Element | None = None) -> Iterator[_Paragraph]:
        """The paragraphs that hold words, of the whole part or of one of its elements."""
        for element in (self.root if root is None else root).iter(f"{_WORD}p"):
            paragraph = self._read(element)
            if any(piece.strip() for piece in paragraph.pieces):
                yield paragraph

    def _read(self, element: ElementTree.Element) -> _Paragraph:
        named = element.find(_STYLE)
        paragraph = _Paragraph("" if named is None else named.get(_WORD + "val", ""))
        fields = _Fields(paragraph)
        starts: list[int] = []
        for node, leaving in _walked(element):
            tag = node.tag
            if tag in (f"{_WORD}hyperlink", f"{_WORD}fldSimple"):
                if leaving:
                    paragraph.link(starts.pop(), self._address(node))
                else:
                    starts.append(paragraph.at)
            elif leaving:
                continue
            elif tag == f"{_WORD}t":
                paragraph.write(node.text or "")
            elif tag in _CHARACTERS:
                paragraph.write(_CHARACTERS[tag])
            elif tag == f"{_WORD}footnoteReference":
                paragraph.write(f"[^{node.get(_WORD + 'id')}]")
            else:
                fields.take(node)
        return paragraph

    def _address(self, node: ElementTree.Element) -> str | None:
        if node.tag == f"{_WORD}hyperlink":
            return self.targets.get(node.get(_ID, ""))
        return _field_address(node.get(_WORD + "instr", ""))


@dataclass(slots=True)
class _Fields:
    """Follows the fields of one paragraph, each its code and then what is shown of it."""

    paragraph: _Paragraph
    # Of each field that is open: its code, and where what it shows begins.
    _open: list[tuple[list[str], int | None]] = field(default_factory=list)

    def take(self, node: ElementTree.Element) -> None:
        """One element of the paragraph; those that are no part of a field do nothing."""
        if node.tag == f"{_WORD}instrText":
            if self._open:
                self._open[-1][0].append((node.text or "")[:_LONGEST_CODE])
            return
        kind = node.get(_WORD + "fldCharType") if node.tag == f"{_WORD}fldChar" else None
        if kind == "begin":
            self._open.append(([], None))
        elif kind == "separate" and self._open:
            self._open[-1] = (self._open[-1][0], self.paragraph.at)
        elif kind == "end" and self._open:
            code, start = self._open.pop()
            if start is not None:
                self.paragraph.link(start, _field_address("".join(code[:100])))


def _field_address(code: str) -> str | None:
    match = _FIELD.match(code)
    return match[1] if match else None


def _walked(root: ElementTree.Element) -> Iterator[tuple[ElementTree.Element, bool]]:
    """Each element within on entering it (False) and on leaving it (True), however deep."""
    open_elements = [(root, iter(root))]
    while open_elements:
        element, children = open_elements[-1]
        child = next(children, None)
        if child is not None:
            yield child, False
            open_elements.append((child, iter(child)))
        else:
            open_elements.pop()
            if open_elements:
                yield element, True


def _xml_of(archive: Archive, name: str, path: Path) -> ElementTree.Element:
    """One part of the archive, never more inflated than the limit, without declarations."""
    data = archive.read(name, _MAX_DOCX_XML)
    # Entities could be made to multiply without end; Word writes none.
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ReadError(path, "holds XML declarations that no Word document has")
    try:
        return ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        raise ReadError(path, f"is a damaged Word document ({error})") from error
