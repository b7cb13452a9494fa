"""The parts of a DOCX file beside its text: where they are, and what its styles mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from qa.readers.containers import Attributes, Container, Handlers, read_xml, resolve
from qa.readers.office.styles import NO_STYLE, ParagraphStyle, by_name
from qa.records import BlockKind

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
PREFIXES: Mapping[str, str] = {
    "http://www.w3.org/XML/1998/namespace": "xml",
    _MAIN: "w",
    _STRICT: "w",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://schemas.openxmlformats.org/package/2006/relationships": "rel",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r",
    "http://purl.oclc.org/ooxml/officeDocument/relationships": "r",
}
_DOCUMENT = "word/document.xml"
_LONGEST_ID = 100
_WORD_STARTS = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(slots=True)
class _StyleEntry:
    based_on: str = ""
    name: str = ""
    level: int | None = None
    listed: bool | None = None
    hidden: bool | None = None


def is_on(attributes: Attributes) -> bool:
    """Return whether an on-off element such as `<w:vanish/>` is on."""
    return attributes.get("w:val", "1").lower() not in ("0", "false", "off")


def outline_level(attributes: Attributes) -> int | None:
    """Return a heading's rank from `<w:outlineLvl>`, which counts from 0; 9 means body text."""
    value = attributes.get("w:val", "")
    return int(value) + 1 if value in tuple("012345678") else None


@dataclass(frozen=True, slots=True)
class Relations:
    """What a part relates to: other parts, by the last word of the relation's type, and the
    addresses that it links to, by the relation's id."""

    parts: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)


def part_names(container: Container, path: Path) -> dict[str, str]:
    """Return the parts' names by what they are: document, core, styles, footnotes, endnotes."""
    package = relations_of(container, path, "").parts
    main = package.get("officeDocument", _DOCUMENT)
    core = package.get("core-properties", "")
    return {**relations_of(container, path, main).parts, "document": main, "core": core}


def relations_of(container: Container, path: Path, part: str) -> Relations:
    """Return what a part, or the package (""), relates to."""
    folder, _, name = part.rpartition("/")
    relations = f"{folder}/_rels/{name}.rels".lstrip("/") if part else "_rels/.rels"
    found = Relations()

    def relation(attributes: Attributes) -> None:
        target = attributes.get("Target", "")
        if attributes.get("TargetMode") == "External":
            found.addresses.setdefault(attributes.get("Id", ""), target)
        else:
            kind = attributes.get("Type", "").rpartition("/")[2]
            found.parts.setdefault(kind, resolve(part, target))

    if relations in container:
        handlers = Handlers(PREFIXES, start={"rel:Relationship": relation})
        read_xml(container.pieces(relations), handlers, path, relations)
    return found


@dataclass(slots=True)
class DocxStyles:
    """The styles of a document by their id, each with what it takes over from the one that it
    is based on."""

    _entries: dict[str, _StyleEntry] = field(default_factory=dict)
    _known: dict[str, ParagraphStyle] = field(default_factory=dict)
    _now: _StyleEntry = field(default_factory=_StyleEntry)

    def read(self, container: Container, path: Path, part: str) -> None:
        """Take the styles from their part."""
        start = {
            "w:style": self._begin,
            "w:name": self._name,
            "w:basedOn": self._based,
            "w:outlineLvl": self._level,
            "w:numId": self._number,
            "w:vanish": self._vanish,
        }
        skipped = frozenset({"w:docDefaults", "w:latentStyles", "w:tblStylePr"})
        read_xml(container.pieces(part), Handlers(PREFIXES, start, skipped=skipped), path, part)

    def of(self, style_id: str) -> ParagraphStyle:
        """Return what a style means; one that is not described may be for quotes by its id."""
        if style_id not in self._known:
            self._known[style_id] = self._resolved(style_id)
        return self._known[style_id]

    def _resolved(self, style_id: str) -> ParagraphStyle:
        if style_id not in self._entries:
            name = _WORD_STARTS.sub(" ", style_id[:_LONGEST_ID]).lower()  # "IntenseQuote"
            quote = by_name(name)[1] is BlockKind.QUOTE
            return ParagraphStyle(kind=BlockKind.QUOTE) if quote else NO_STYLE
        chain: dict[str, _StyleEntry] = {}
        while style_id in self._entries and style_id not in chain and len(chain) < 50:
            chain[style_id] = self._entries[style_id]
            style_id = chain[style_id].based_on
        level: int | None = None
        kind: BlockKind | None = None
        for entry in chain.values():
            if level is None and kind is None:
                level, kind = by_name(entry.name)
                level = entry.level if entry.level is not None else level
        listed = next((e.listed for e in chain.values() if e.listed is not None), False)
        hidden = next((e.hidden for e in chain.values() if e.hidden is not None), False)
        return ParagraphStyle(None if kind else level, kind, listed, hidden)

    def _begin(self, attributes: Attributes) -> None:
        self._now = _StyleEntry()
        self._entries.setdefault(attributes.get("w:styleId", ""), self._now)

    def _name(self, attributes: Attributes) -> None:
        self._now.name = self._now.name or attributes.get("w:val", "").strip().lower()

    def _based(self, attributes: Attributes) -> None:
        self._now.based_on = attributes.get("w:val", "")

    def _level(self, attributes: Attributes) -> None:
        level = outline_level(attributes)
        self._now.level = -1 if level is None else level

    def _number(self, attributes: Attributes) -> None:
        self._now.listed = attributes.get("w:val") != "0"

    def _vanish(self, attributes: Attributes) -> None:
        self._now.hidden = is_on(attributes)
