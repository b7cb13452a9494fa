"""What a file is, by its bytes and its name; where they contradict, the bytes are believed."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from qa.errors import ReadError
from qa.readers.formats import ARCHIVE, BY_SUFFIX, DOCX, EPUB, ODT, PDF, RTF, TEXT, Format

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Readers of PDF have always looked for its mark in the first kilobyte.
_PDF_REACH = 1024
_MOST_NAMES = 50_000
_ZIP_END = struct.Struct("<4s4H2LH")
_ZIP_ENTRY = struct.Struct("<4s24x3H12x")  # mark, then the lengths of name, extra and comment
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."


def format_of(data: bytes, path: Path) -> Format:
    """The format that a file's bytes are in, `ARCHIVE` for a plain ZIP file.

    A file without a mark of its own has the format of its suffix, else it is text. Raises
    ReadError where the suffix promises a format that begins with a mark and there is none, and
    for documents of a kind that is known and can't be read. Takes time linear in the size.
    """
    named = BY_SUFFIX.get(path.suffix.lower(), TEXT)
    if data.startswith(b"%PDF-") or (named is PDF and b"%PDF-" in data[:_PDF_REACH]):
        return PDF
    if data.startswith(b"{\\rtf"):
        return RTF
    if data.startswith((_ZIP, _EMPTY_ZIP)):
        return _zipped(data, named, path)
    if data.startswith(_OLD_OFFICE):
        raise ReadError(
            path,
            "is an office document of the old kind (.doc) or one with a password; "
            "save it as .docx without a password",
        )
    if named.marked and data:
        page = data[:_PDF_REACH].lstrip().lower().startswith((b"<!doctype html", b"<html"))
        what = "an HTML page" if page else "something else"
        raise ReadError(
            path,
            f"is named {path.suffix} but is {what}, not {named.described}; "
            "rename it to what it is, or get it again",
        )
    return named


def _zipped(data: bytes, named: Format, path: Path) -> Format:
    """Which of the formats that are ZIP files with certain members."""
    declared = _declared_type(data)
    if declared.startswith(b"application/epub+zip"):
        return EPUB
    if declared.startswith(_OPEN_DOCUMENT):
        if declared.startswith(_OPEN_DOCUMENT + b"text"):
            return ODT
        raise ReadError(path, "is an OpenDocument file but no text; save it as PDF and add that")
    names = set(_member_names(data))
    if b"[Content_Types].xml" in names:
        if any(name.startswith(b"word/") for name in names):
            return DOCX
        if any(name.startswith((b"xl/", b"ppt/")) for name in names):
            raise ReadError(path, "is a spreadsheet or slides; save it as PDF and add that")
    if b"META-INF/container.xml" in names:
        return EPUB
    # Damaged beyond telling: the reader of what it is named says what is wrong with it.
    return named if named in (DOCX, ODT, EPUB) else ARCHIVE


def _declared_type(data: bytes) -> bytes:
    """What EPUB and OpenDocument files say in their first member, which is not compressed."""
    if data[30:38] != b"mimetype":
        return b""
    extra = int.from_bytes(data[28:30], "little")
    return data[38 + extra : 38 + extra + 100]


def _member_names(data: bytes) -> Iterator[bytes]:
    """The members' names as the archive's directory has them; none where that is damaged."""
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
