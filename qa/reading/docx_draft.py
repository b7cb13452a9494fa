"""DOCX as a draft: its text with notes in the form that drafts in plain text have.

A quotation in a draft is tied to its footnote, so the places of the notes are kept, which the
reader of documents (docx.py) leaves out.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from qa.errors import ReadError
from qa.records import SourceText

_MAX_DOCX_XML = 64 * 1024 * 1024
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def read_docx_draft(data: bytes, path: Path) -> SourceText:
    """The paragraphs of a Word document, tables' included, with `[^1]` where a footnote is
    referred to and `[^1]: …` for each footnote at the end. Raises ReadError."""
    return SourceText(_docx_text(data, path), "docx-draft", "docx-draft/1")


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
