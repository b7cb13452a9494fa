"""The table of formats: by what a file is known, who reads it, and what is refused and why.

A new format is one module with a function that is a `Reader`, and one entry here. Where a file's
bytes and its name contradict each other, the bytes are believed.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

from qa.errors import ReadError
from qa.records import SourceText

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Readers of PDF have always looked for its mark in the first kilobyte.
_REACH = 1024
_MOST_NAMES = 50_000
_ZIP_END = struct.Struct("<4s4H2LH")
_ZIP_ENTRY = struct.Struct("<4s24x3H12x")  # mark, then the lengths of name, extra and comment
_EPUB = b"application/epub+zip"
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."


class Reader(Protocol):
    """Turn a file's bytes into the text that is stored, within memory and time linear in them."""

    def __call__(self, data: bytes, path: Path, /) -> SourceText:
        """Return the text; `path` stands in errors and is not opened. Raises ReadError."""
        ...


class Content:
    """A file's bytes, and what they say of themselves where they are a ZIP file."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.zipped = data.startswith((_ZIP, _EMPTY_ZIP))

    @cached_property
    def declared(self) -> bytes:
        """What EPUB and OpenDocument files say in their first member, which is not compressed."""
        if not self.zipped or self.data[30:38] != b"mimetype":
            return b""
        extra = int.from_bytes(self.data[28:30], "little")
        return self.data[38 + extra : 38 + extra + 100]

    @cached_property
    def members(self) -> frozenset[bytes]:
        """The names of a ZIP file's members, none where its first one says what it is."""
        told = self.declared.startswith((_EPUB, _OPEN_DOCUMENT))
        return frozenset(_member_names(self.data)) if self.zipped and not told else frozenset()

    @cached_property
    def office_folder(self) -> bytes:
        """Where an Office Open XML file has its main part: b"word/", b"xl/", b"ppt/", or b""."""
        if b"[Content_Types].xml" not in self.members:
            return b""
        folders = (b"word/", b"xl/", b"ppt/")
        return next((f for f in folders if any(name.startswith(f) for name in self.members)), b"")


Signature = Callable[[Content], bool]


def _never(content: Content) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Format:
    """One format. A library reads a file again when the table's `reader` is another than stored.

    name: what `SourceText.format` says. version: of the reader, raised when it reads otherwise.
    suffixes: in lower case. described: in words, with their article. load: import the reader and
    return it. signature: by what such a file is known whatever its name; None: by its suffix
    alone. accepts: what is enough in a file of its suffix, so that its reader says what is wrong.
    """

    name: str
    version: int
    suffixes: tuple[str, ...]
    described: str
    load: Callable[[], Reader]
    signature: Signature | None = None
    accepts: Signature = _never

    @property
    def reader(self) -> str:
        """The reader and its version, "html/1", as `SourceText.reader` says it."""
        return f"{self.name}/{self.version}"


@dataclass(frozen=True, slots=True)
class Refused:
    """A kind of file that is known and not read, and the reason in words that follow its name."""

    signature: Signature
    reason: str


def _zipped(content: Content) -> bool:
    return content.zipped


def _plain() -> Reader:
    from qa.readers.plain import read_plain

    return read_plain


def _markdown() -> Reader:
    from qa.readers.plain import read_markdown

    return read_markdown


def _html() -> Reader:
    from qa.readers.html.reader import read_html

    return read_html


def _pdf() -> Reader:
    from qa.readers.pdf.reader import read_pdf

    return read_pdf


def _docx() -> Reader:
    from qa.readers.docx.reader import read_docx

    return read_docx


def _odt() -> Reader:
    from qa.readers.odt import read_odt

    return read_odt


def _rtf() -> Reader:
    from qa.readers.rtf.reader import read_rtf

    return read_rtf


def _epub() -> Reader:
    from qa.readers.epub.reader import read_epub

    return read_epub


def _eml() -> Reader:
    from qa.readers.mail.reader import read_eml

    return read_eml


def _srt() -> Reader:
    from qa.readers.subtitles import read_srt

    return read_srt


def _vtt() -> Reader:
    from qa.readers.subtitles import read_vtt

    return read_vtt


def _no_reader() -> Reader:
    def refuse(data: bytes, path: Path) -> SourceText:
        raise ReadError(path, "is an archive in an archive, or no text; unpack it first")

    return refuse


TEXT = Format("text", 1, (".txt", ".text"), "a text file", _plain)
MARKDOWN = Format(
    "markdown", 1, (".md", ".markdown", ".mdown", ".mkd"), "a Markdown file", _markdown
)
HTML = Format("html", 2, (".html", ".htm", ".xhtml"), "an HTML page", _html)
PDF = Format(
    "pdf",
    2,
    (".pdf",),
    "a PDF file",
    _pdf,
    signature=lambda content: content.data.startswith(b"%PDF-"),
    accepts=lambda content: b"%PDF-" in content.data[:_REACH],
)
DOCX = Format(
    "docx",
    1,
    (".docx",),
    "a Word document",
    _docx,
    signature=lambda content: content.office_folder == b"word/",
    accepts=_zipped,
)
ODT = Format(
    "odt",
    1,
    (".odt",),
    "an OpenDocument text",
    _odt,
    signature=lambda content: content.declared.startswith(_OPEN_DOCUMENT + b"text"),
    accepts=_zipped,
)
RTF = Format(
    "rtf",
    1,
    (".rtf",),
    "an RTF document",
    _rtf,
    signature=lambda content: content.data.startswith(b"{\\rtf"),
)
EPUB = Format(
    "epub",
    1,
    (".epub",),
    "an EPUB book",
    _epub,
    signature=lambda content: (
        content.declared.startswith(_EPUB)
        or (b"META-INF/container.xml" in content.members and not content.office_folder)
    ),
    accepts=_zipped,
)
EML = Format("eml", 1, (".eml",), "a mail message", _eml)
SRT = Format("srt", 1, (".srt",), "SubRip subtitles", _srt)
VTT = Format("vtt", 1, (".vtt",), "WebVTT subtitles", _vtt)

FORMATS = (TEXT, MARKDOWN, HTML, PDF, DOCX, ODT, RTF, EPUB, EML, SRT, VTT)

# No format of a text: each of its members is a source of its own.
ARCHIVE = Format("zip", 1, (".zip",), "a ZIP archive", _no_reader, signature=_zipped)

REFUSED = (
    Refused(
        lambda content: content.data.startswith(_OLD_OFFICE),
        "is an office document of the old kind (.doc) or one with a password; "
        "save it as .docx without a password",
    ),
    Refused(
        lambda content: content.declared.startswith(_OPEN_DOCUMENT),
        "is an OpenDocument file but no text; save it as PDF and add that",
    ),
    Refused(
        lambda content: content.office_folder in (b"xl/", b"ppt/"),
        "is a spreadsheet or slides; save it as PDF and add that",
    ),
)

BY_NAME = {format.name: format for format in FORMATS}
BY_SUFFIX = {suffix: format for format in (*FORMATS, ARCHIVE) for suffix in format.suffixes}
"""Every suffix, in lower case, of a file that is read where it is found in a folder."""


def is_current(reader: str) -> bool:
    """Return whether a text stored by that reader would be read by the same one today."""
    format = BY_NAME.get(reader.partition("/")[0])
    return format is not None and format.reader == reader


def format_of(data: bytes, path: Path) -> Format:
    """Return the format that a file's bytes are in, `ARCHIVE` for a plain ZIP file.

    A file without a signature of its own has the format of its suffix, else it is text. Raises
    ReadError where the suffix promises a format that has a signature and there is none, and for
    what is refused. Takes time linear in the size.
    """
    content = Content(data)
    named = BY_SUFFIX.get(path.suffix.lower(), TEXT)
    for format in FORMATS:
        if format.signature is not None and format.signature(content):
            return format
    for refused in REFUSED:
        if refused.signature(content):
            raise ReadError(path, refused.reason)
    if named.accepts(content):
        return named
    if _zipped(content):
        return ARCHIVE
    if named.signature is not None and data:
        page = (
            data[:_REACH]
            .lstrip(b"\xef\xbb\xbf \t\r\n")
            .lower()
            .startswith((b"<!doctype html", b"<html"))
        )
        what = "an HTML page" if page else "something else"
        raise ReadError(
            path,
            f"is named {path.suffix} but is {what}, not {named.described}; "
            "rename it to what it is, or get it again",
        )
    return named


def _member_names(data: bytes) -> Iterator[bytes]:
    """Yield the members' names as a ZIP file's directory has them; none where it is damaged."""
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    if end < 0 or end + _ZIP_END.size > len(data):
        return
    size = _ZIP_END.unpack_from(data, end)[5]
    at = end - size
    for _ in range(_MOST_NAMES):
        if not 0 <= at <= end - _ZIP_ENTRY.size - 4:
            return
        mark, name, extra, comment = _ZIP_ENTRY.unpack_from(data, at)
        if mark != b"PK\x01\x02":
            return
        yield data[at + 46 : at + 46 + name]
        at += 46 + name + extra + comment
