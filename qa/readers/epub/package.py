"""What an EPUB's package declares: the book's pages in order, its title and date."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from qa.errors import ReadError
from qa.readers.containers import Attributes, Container, Handlers, read_xml, resolve
from qa.readers.declared import collapsed, declared_date

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_PREFIXES: Mapping[str, str] = {
    "urn:oasis:names:tc:opendocument:xmlns:container": "container",
    "http://www.idpf.org/2007/opf": "opf",
    "http://openebook.org/namespaces/oeb-package/1.0/": "opf",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/elements/1.0/": "dc",
    "http://www.w3.org/2001/04/xmlenc#": "enc",
}
_PAGES = frozenset({"application/xhtml+xml", "text/html", "text/x-oeb1-document"})
# Fonts alone are scrambled by these, for their makers' licences.
_FONT_SCRAMBLERS = frozenset(
    {"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"}
)
_PUBLISHED = frozenset({"", "publication", "original-publication", "ops-publication"})
MOST_ENTRIES = 20_000
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


@dataclass(frozen=True, slots=True)
class Package:
    """`chapters` are the pages' members in reading order, those outside of it at the end.

    `main` is how many stand in it. `missing` are pages that the book lists but does not hold.
    `nav` is the member of EPUB 3's table of contents, `ncx` of EPUB 2's, where there are any.
    """

    chapters: tuple[str, ...]
    main: int
    missing: tuple[str, ...]
    nav: str | None
    ncx: str | None
    title: str | None
    date: str | None


def member_of(base: str, reference: str) -> tuple[str, str]:
    """Return the member and the element's id that a reference in the member `base` leads to; the
    member is "" where the reference leads out of the book."""
    target, _, element = reference.strip().partition("#")
    if _SCHEME.match(target):
        return "", ""
    return (resolve(base, unquote(target)) if target else base), unquote(element)


def read_package(container: Container, path: Path) -> Package:
    """Return the book's package. Raises ReadError where it is missing, damaged or encrypted."""
    part = _package_part(container, path)
    reading = _Reading(part)
    read_xml(container.pieces(part), reading.handlers(), path, part, doctype=True)
    main, outside, missing = reading.pages(container)
    locked = _encrypted(container, path)
    if any(member.lower() in locked for member in (part, *main)):
        raise ReadError(path, "is encrypted (copy protection, DRM), so its text can't be read")
    nav = next((m for m, kind in reading.documents() if "nav" in kind.split()), None)
    ncx = reading.items.get(reading.toc, ("", "", ""))[0]
    return Package(
        chapters=(*(m for m in main if m != nav), *(m for m in outside if m != nav)),
        main=sum(m != nav for m in main),
        missing=tuple(missing),
        nav=nav if nav and nav in container else None,
        ncx=ncx if ncx in container else None,
        title=reading.titles[0] if reading.titles else None,
        date=_published(reading.dates),
    )


def _package_part(container: Container, path: Path) -> str:
    found: list[str] = []

    def rootfile(attributes: Attributes) -> None:
        kind = attributes.get("media-type", "application/oebps-package+xml")
        if kind == "application/oebps-package+xml":
            found.append(resolve("", unquote(attributes.get("full-path", ""))))

    handlers = Handlers(_PREFIXES, start={"container:rootfile": rootfile})
    read_xml(container.pieces(_CONTAINER), handlers, path, _CONTAINER)
    if not found:
        raise ReadError(path, f"is damaged: {_CONTAINER} names no package")
    return found[0]


def _encrypted(container: Container, path: Path) -> frozenset[str]:
    """Return the members, in lower case, that can't be read without a key."""
    members: set[str] = set()
    scrambled: list[str] = []

    def method(attributes: Attributes) -> None:
        scrambled.append(attributes.get("Algorithm", ""))

    def reference(attributes: Attributes) -> None:
        if not (scrambled and scrambled[-1] in _FONT_SCRAMBLERS):
            members.add(resolve("", unquote(attributes.get("URI", ""))).lower())

    if _ENCRYPTION in container:
        handlers = Handlers(
            _PREFIXES,
            start={"enc:EncryptionMethod": method, "enc:CipherReference": reference},
            end={"enc:EncryptedData": scrambled.clear},
        )
        read_xml(container.pieces(_ENCRYPTION), handlers, path, _ENCRYPTION)
    return frozenset(members)


def _published(dates: list[tuple[str, str]]) -> str | None:
    """Return the one day of publication that the package gives; days of conversion are none."""
    given = {declared_date(value) for event, value in dates if event in _PUBLISHED}
    named = {declared_date(value) for event, value in dates if event and event in _PUBLISHED}
    chosen = (named or given) - {None}
    return chosen.pop() if len(chosen) == 1 else None


@dataclass(slots=True)
class _Reading:
    """Collects from the package document what `Package` needs."""

    part: str
    items: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    spine: dict[str, bool] = field(default_factory=dict)
    toc: str = ""
    titles: list[str] = field(default_factory=list)
    dates: list[tuple[str, str]] = field(default_factory=list)
    text: list[str] | None = None
    event: str = ""

    def handlers(self) -> Handlers:
        return Handlers(
            _PREFIXES,
            start={
                "opf:item": self._item,
                "opf:spine": self._spine,
                "opf:itemref": self._reference,
                "dc:title": self._begin,
                "dc:date": self._begin,
            },
            end={"dc:title": self._title, "dc:date": self._date},
            text=lambda data: self.text.append(data) if self.text is not None else None,
        )

    def documents(self) -> Iterator[tuple[str, str]]:
        """Yield the members of pages with their properties."""
        for member, kind, properties in self.items.values():
            if kind in _PAGES:
                yield member, properties

    def pages(self, container: Container) -> tuple[list[str], list[str], list[str]]:
        """Return the members of the spine's pages, each once: in reading order, beside it,
        missing."""
        main: dict[str, None] = {}
        outside: dict[str, None] = {}
        missing: dict[str, None] = {}
        for name, linear in self.spine.items():
            member, kind, _ = self.items.get(name, ("", "", ""))
            if not member or member not in container:
                missing[member or name] = None
            elif kind in _PAGES or not kind:
                (main if linear else outside)[member] = None
        return [*main], [m for m in outside if m not in main], [*missing]

    def _item(self, attributes: Attributes) -> None:
        member, _ = member_of(self.part, attributes.get("href", ""))
        kind = attributes.get("media-type", "").strip().lower()
        if len(self.items) < MOST_ENTRIES:
            properties = attributes.get("properties", "")
            self.items.setdefault(attributes.get("id", ""), (member, kind, properties))

    def _spine(self, attributes: Attributes) -> None:
        self.toc = attributes.get("toc", "")

    def _reference(self, attributes: Attributes) -> None:
        linear = attributes.get("linear", "yes").strip().lower() != "no"
        if len(self.spine) < MOST_ENTRIES:
            self.spine.setdefault(attributes.get("idref", ""), linear)

    def _begin(self, attributes: Attributes) -> None:
        self.text = []
        self.event = attributes.get("opf:event", "").lower()

    def _title(self) -> None:
        if title := collapsed(self._taken()):
            self.titles.append(title)

    def _date(self) -> None:
        self.dates.append((self.event, self._taken()))

    def _taken(self) -> str:
        text, self.text = "".join(self.text or ())[:1000], None
        return text
