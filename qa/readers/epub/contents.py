"""The table of contents of an EPUB book, by which its chapters are named."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace
from pathlib import Path

from qa.errors import ReadError
from qa.readers.declared import one_line
from qa.readers.epub.package import MOST_ENTRIES, Package, member_of
from qa.readers.epub.pages import parse_page
from qa.readers.html.reader import walked
from qa.readers.xml_events import Attributes, Handlers, read_xml
from qa.readers.zipped import Archive

_LONGEST_LABEL = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table of contents: what it is called and the member and element it leads
    to; `depth` is 0 for the outermost lines."""

    label: str
    member: str
    element: str
    depth: int


def read_contents(archive: Archive, path: Path, package: Package) -> list[Entry]:
    """The table of contents, of which a sole outermost line is the book's title, no part."""
    entries: list[Entry] = []
    if package.nav is not None:
        entries = _of_nav(archive, path, package.nav)
    if not entries and package.ncx is not None:
        entries = _of_ncx(archive, path, package.ncx)
    if len(entries) > 1 and sum(entry.depth == 0 for entry in entries) == 1:
        first, *others = entries
        entries = [first, *(replace(entry, depth=entry.depth - 1) for entry in others)]
    return entries


def _of_nav(archive: Archive, path: Path, member: str) -> list[Entry]:
    try:
        tree = parse_page(archive, member, path)
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


def _of_ncx(archive: Archive, path: Path, part: str) -> list[Entry]:
    """The lines of EPUB 2's table of contents; none where it is damaged."""
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
        read_xml(archive.pieces(part), handlers, path, part, doctype=True)
    except ReadError:
        return []  # the chapters' own headings take its place
    return found


def label_of(words: str) -> str:
    """A chapter's name on one line, not longer than a name is."""
    name = one_line(words[: 4 * _LONGEST_LABEL]) or ""
    return name if len(name) <= _LONGEST_LABEL else name[: _LONGEST_LABEL - 1].rstrip() + "…"


def file_label(member: str) -> str:
    """What a page is called that nothing names: its file's name."""
    return label_of(posixpath.basename(member)) or member[:_LONGEST_LABEL]
