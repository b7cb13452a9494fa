"""ODT: the stored text is the document's running text with its changes accepted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from qa.errors import ReadError
from qa.readers.containers import (
    Attributes,
    Container,
    End,
    Handlers,
    Start,
    open_container,
    read_xml,
)
from qa.readers.office.flow import NOTE, Flow, title_of
from qa.readers.office.styles import property_title
from qa.records import BlockKind, SourceText

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
PREFIXES: Mapping[str, str] = {
    **{f"{_OASIS}{name}:1.0": name for name in ("office", "text", "table", "style", "manifest")},
    f"{_OASIS}drawing:1.0": "draw",
    f"{_OASIS}svg-compatible:1.0": "svg",
}
_DEEPEST_HEADING = 10


@dataclass(slots=True)
class _Style:
    parent: str = ""
    level: int | None = None
    hidden: bool = False


@dataclass(slots=True)
class OdtStyles:
    """What of the styles matters here: which make headings, which hide what they are for."""

    _entries: dict[str, _Style] = field(default_factory=dict)
    _now: _Style = field(default_factory=_Style)

    def read(self, container: Container, path: Path, part: str) -> None:
        start: dict[str, Start] = {
            "style:style": self._style,
            "style:text-properties": self._properties,
            "style:section-properties": self._properties,
        }
        skipped = frozenset({"office:body", "office:master-styles"})
        read_xml(container.pieces(part), Handlers(PREFIXES, start, skipped=skipped), path, part)

    def _style(self, attributes: Attributes) -> None:
        level = attributes.get("style:default-outline-level", "")
        self._now = _Style(
            attributes.get("style:parent-style-name", ""),
            rank(level) if level else None,
        )
        self._entries[attributes.get("style:name", "")] = self._now

    def _properties(self, attributes: Attributes) -> None:
        if attributes.get("text:display") == "none":
            self._now.hidden = True

    def _chain(self, name: str) -> list[str]:
        chain: list[str] = []
        while name and name not in chain and len(chain) < 50:
            chain.append(name)
            name = self._entries[name].parent if name in self._entries else ""
        return chain

    def level(self, name: str) -> int | None:
        """Return the rank of headings of that style, 0 for the title's; None if it is for text."""
        for one in self._chain(name):
            if one == "Title":
                return 0
            if one in self._entries and (level := self._entries[one].level) is not None:
                return level
        return None

    def is_quote(self, name: str) -> bool:
        return "Quotations" in self._chain(name)

    def hides(self, name: str) -> bool:
        return any(one in self._entries and self._entries[one].hidden for one in self._chain(name))


def rank(level: str) -> int:
    return min(int(level), _DEEPEST_HEADING) if level.isdecimal() and level[:3] != "0" else 1


_CONTENT = "content.xml"
# Struck-out text stands in `tracked-changes`, apart from the text that it was struck out of.
_SKIPPED = frozenset(
    "text:tracked-changes office:annotation office:forms office:scripts office:font-face-decls "
    "text:note-citation text:sequence-decls text:variable-decls text:user-field-decls "
    "text:index-title-template text:table-of-content-source text:alphabetical-index-source "
    "text:illustration-index-source text:table-index-source text:user-index-source "
    "text:object-index-source text:bibliography-source text:ruby-text svg:title svg:desc "
    "text:script text:hidden-text office:event-listeners text:bibliography-configuration "
    "draw:object draw:object-ole draw:a11y table:shapes text:linenumbering-configuration".split()
)
_INDEXES = frozenset(
    "text:table-of-content text:alphabetical-index text:illustration-index text:table-index "
    "text:user-index text:object-index".split()
)
_BOXES = frozenset(
    f"draw:{name}"
    for name in "text-box custom-shape rect circle ellipse line connector caption path polygon "
    "polyline regular-polygon measure".split()
)
_SPACE = re.compile(r"[ \t\r\n]+")
_MOST_SPACES = 100


def read_odt(data: bytes, path: Path) -> SourceText:
    """Return the text of an OpenDocument text with its paragraphs, headings, lists and tables
    marked.

    Tracked deletions, hidden text, comments, headers, footers and the numbers of lists and
    notes are left out. Notes and text boxes follow the paragraph or table that they stand in.
    Indexes and tables of contents are NAVIGATION. The title is the only paragraph of the
    style Title, else that of the file's properties; it has no date and no pages, as in DOCX.

    Raises ReadError for what is no ODT file, is encrypted or damaged, or is not read for
    safety (document types, enormous parts).
    """
    container = open_container(data, path, "an ODT file", _CONTENT)
    _refuse_encrypted(container, path)
    styles = OdtStyles()
    for part in ("styles.xml", _CONTENT):
        if part in container:
            styles.read(container, path, part)
    body = _Body(styles)
    read_xml(container.pieces(_CONTENT), body.handlers(), path, _CONTENT)
    if not body.is_text:
        raise ReadError(path, "is an OpenDocument file, but no text (a spreadsheet, slides)")
    items = body.flow.items()
    text, blocks, links = body.flow.finish()
    title = title_of(items) or property_title(container, path, "meta.xml")
    return SourceText(text, "odt", "odt/1", blocks, title, links=links)


def _refuse_encrypted(container: Container, path: Path) -> None:
    manifest = "META-INF/manifest.xml"
    found: list[bool] = []

    def encrypted(attributes: Attributes) -> None:
        found.append(True)

    if manifest in container:
        handlers = Handlers(PREFIXES, start={"manifest:encryption-data": encrypted})
        # Old versions of OpenOffice name their document type here.
        read_xml(container.pieces(manifest), handlers, path, manifest, doctype=True)
    if found or "encrypted-package" in container:
        raise ReadError(path, "is encrypted; save it without a password")


@dataclass(slots=True)
class _Body:
    """Follows the elements of the text and tells the flow what comes."""

    styles: OdtStyles
    flow: Flow = field(default_factory=Flow)
    is_text: bool = False
    # For each paragraph that is open, the text boxes' outer ones first: kind and level.
    paragraphs: list[tuple[BlockKind, int]] = field(default_factory=list)
    lists: int = 0
    indexes: int = 0
    # Whether the last character was a space that later ones collapse into.
    spaced: list[bool] = field(default_factory=list)

    def handlers(self) -> Handlers:
        start: dict[str, Start] = {
            "office:text": self._begin_text,
            "text:p": self._paragraph,
            "text:h": self._heading,
            "text:span": lambda attributes: self.styles.hides(
                attributes.get("text:style-name", "")
            ),
            "text:section": self._section,
            "text:s": self._spaces,
            "text:tab": lambda _: self._put("\t"),
            "text:line-break": lambda _: self._put("\n"),
            "text:list": lambda _: self._count("lists", 1),
            "text:note-body": lambda _: self._begin_aside(NOTE),
            "table:table": lambda _: self.flow.begin_table(),
            "table:table-row": lambda _: self.flow.begin_row(),
            "table:table-cell": lambda _: self.flow.begin_cell(),
        }
        end: dict[str, End] = {
            "text:p": self._end_paragraph,
            "text:h": self._end_paragraph,
            "text:list": lambda: self._count("lists", -1),
            "text:note-body": self._end_aside,
            "table:table": self.flow.end_table,
            "table:table-cell": self.flow.end_cell,
        }
        for name in _BOXES:
            start[name] = lambda _: self._begin_aside()
            end[name] = self._end_aside
        for name in _INDEXES:
            start[name] = lambda _: self._count("indexes", 1)
            end[name] = lambda: self._count("indexes", -1)
        return Handlers(PREFIXES, start, end, _SKIPPED, self._characters)

    def _begin_text(self, attributes: Attributes) -> None:
        self.is_text = True

    def _count(self, what: str, by: int) -> None:
        if what == "lists":
            self.lists += by
        else:
            self.indexes += by

    def _section(self, attributes: Attributes) -> bool:
        # "condition" hides a section by what a reader can't compute; its text is kept.
        hidden = attributes.get("text:display") == "none"
        return hidden or self.styles.hides(attributes.get("text:style-name", ""))

    def _paragraph(self, attributes: Attributes) -> bool:
        style = attributes.get("text:style-name", "")
        if self.styles.hides(style):
            return True
        level = self.styles.level(style)
        kind = BlockKind.PARAGRAPH
        if level is not None:
            kind = BlockKind.HEADING
        elif self.lists:
            kind = BlockKind.LIST_ITEM
        elif self.styles.is_quote(style):
            kind = BlockKind.QUOTE
        self._open(kind, level or 0)
        return False

    def _heading(self, attributes: Attributes) -> None:
        level = rank(attributes.get("text:outline-level", "1"))
        if self.styles.level(attributes.get("text:style-name", "")) == 0:
            level = 0
        self._open(BlockKind.HEADING, level)

    def _open(self, kind: BlockKind, level: int) -> None:
        self.paragraphs.append((BlockKind.NAVIGATION, 0) if self.indexes else (kind, level))
        self.spaced.append(True)

    def _end_paragraph(self) -> None:
        self.flow.paragraph.kind, self.flow.paragraph.level = self.paragraphs.pop()
        self.spaced.pop()
        self.flow.end_paragraph()

    def _begin_aside(self, kind: BlockKind | None = None) -> None:
        self.flow.begin_aside(kind)
        self.spaced.append(True)

    def _end_aside(self) -> None:
        self.flow.end_aside()
        self.spaced.pop()

    def _characters(self, data: str) -> None:
        if not self.paragraphs:
            return
        text = _SPACE.sub(" ", data)
        if self.spaced[-1]:
            text = text.removeprefix(" ")
        if text:
            self.spaced[-1] = text.endswith(" ")
            self.flow.write(text)

    def _put(self, text: str) -> None:
        if self.paragraphs:
            self.flow.write(text)
            self.spaced[-1] = False

    def _spaces(self, attributes: Attributes) -> None:
        count = attributes.get("text:c", "1")
        # Nobody sets more of them; a file could ask for a thousand million.
        many = int(count[:4]) if count.isdecimal() else 1
        self._put(" " * min(many, _MOST_SPACES))
