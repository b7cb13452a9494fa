"""A draft's file → its text and its block quotes. Formats: text, Markdown, HTML, DOCX."""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from qa.errors import ReadError
from qa.reading.encoding import decode
from qa.reading.files import load
from qa.records import BlockKind, Span

MAX_BYTES = 16 * 1024 * 1024
_MAX_DOCX_XML = 64 * 1024 * 1024
_STANDARD_INPUT = "-"
_HTML = (".html", ".htm", ".xhtml")
_MARKDOWN = (".md", ".markdown")
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(frozen=True, slots=True)
class DraftText:
    """A draft's text as it is checked. `fixable`: the text is the file's own, so that a
    corrected one can be written; `name` is for showing."""

    text: str
    name: str
    blocks: tuple[Span, ...] = ()
    fixable: bool = True


def read_draft(path: str, max_bytes: int = MAX_BYTES) -> DraftText:
    """Read a draft; "-" is standard input, read as text. The suffix decides the format.

    Raises ReadError for a file that is missing, too large, damaged or no text.
    """
    if path == _STANDARD_INPUT:
        data = sys.stdin.buffer.read(max_bytes + 1)
        if len(data) > max_bytes:
            raise ReadError(Path(path), f"is too large, at most {max_bytes:,} bytes")
        return DraftText(decode(data, Path(path)) if data else "", "standard input")
    file = Path(path)
    return draft_of(load(file, max_bytes), file)


def draft_of(data: bytes, path: Path) -> DraftText:
    """The draft in a file's bytes; the path is not opened."""
    suffix = path.suffix.lower()
    if suffix == ".docx":
        return DraftText(_docx_text(data, path), path.name, fixable=False)
    if suffix in _HTML:
        from qa.reading.html import read_html

        source = read_html(data, path)
        blocks = tuple(Span(b.start, b.end) for b in source.blocks if b.kind is BlockKind.QUOTE)
        return DraftText(source.text, path.name, blocks, fixable=False)
    return DraftText(decode(data, path) if data else "", path.name)


def _docx_text(data: bytes, path: Path) -> str:
    """The paragraphs of a DOCX file, tables' included, then its footnotes as notes."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if "word/document.xml" not in names:
                raise ReadError(path, "is no Word document: it has no word/document.xml")
            body = _xml_of(archive, "word/document.xml", path)
            notes = (
                _xml_of(archive, "word/footnotes.xml", path)
                if "word/footnotes.xml" in names
                else None
            )
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise ReadError(path, f"is no Word document, or a damaged one ({error})") from error
    parts = ["\n\n".join(_paragraphs(body))]
    if notes is not None:
        for note in notes.iter(f"{_WORD}footnote"):
            words = " ".join(_paragraphs(note)).strip()
            if words:
                parts.append(f"[^{note.get(_WORD + 'id')}]: {words}")
    return "\n\n".join(parts)


def _xml_of(archive: zipfile.ZipFile, name: str, path: Path) -> ElementTree.Element:
    """One part of the archive, never more inflated than the limit, without declarations."""
    with archive.open(name) as part:
        data = part.read(_MAX_DOCX_XML + 1)
    if len(data) > _MAX_DOCX_XML:
        raise ReadError(path, f"inflates to more than {_MAX_DOCX_XML:,} bytes")
    # Entities could be made to multiply without end; Word writes none.
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ReadError(path, "holds XML declarations that no Word document has")
    try:
        return ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        raise ReadError(path, f"is a damaged Word document ({error})") from error


def _paragraphs(root: ElementTree.Element) -> Iterator[str]:
    for paragraph in root.iter(f"{_WORD}p"):
        words = "".join(_runs(paragraph))
        if words.strip():
            yield words


def _runs(paragraph: ElementTree.Element) -> Iterator[str]:
    for node in paragraph.iter():
        if node.tag == f"{_WORD}t":
            yield node.text or ""
        elif node.tag == f"{_WORD}tab":
            yield "\t"
        elif node.tag in (f"{_WORD}br", f"{_WORD}cr"):
            yield "\n"
        elif node.tag == f"{_WORD}noBreakHyphen":
            yield "\u2011"
        elif node.tag == f"{_WORD}softHyphen":
            yield "\u00ad"
        elif node.tag == f"{_WORD}footnoteReference":
            yield f"[^{node.get(_WORD + 'id')}]"
