"""Reads members of a document that is a ZIP archive, never more than a fixed size of them."""

from __future__ import annotations

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from qa.errors import ReadError

# All that is inflated of one file, together: a file of 1 MB may otherwise become 1 GB.
MOST_INFLATED = 128 * 1024 * 1024
_MOST_ENTRIES = 20_000
_PIECE = 256 * 1024
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER_FILES = (
    (b"%PDF-", "a PDF file: name it .pdf"),
    (b"{\\rtf", "an RTF file: name it .rtf"),
    (b"<!DOCTYPE html", "an HTML page: name it .html"),
    (b"<html", "an HTML page: name it .html"),
    (b"<?xml", "an XML file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
)
# A member that only files of that kind have.
_KINDS = (
    ("word/document.xml", "a Word document: name it .docx"),
    ("xl/workbook.xml", "an Excel workbook (.xlsx)"),
    ("ppt/presentation.xml", "a PowerPoint presentation (.pptx)"),
    ("meta-inf/container.xml", "an EPUB book: name it .epub"),
    ("content.xml", "an OpenDocument file: if it is a text, name it .odt"),
)
# The member by which a kind is told above: a file that has it is of the kind, whatever it lacks.
_TELLING = {
    "a DOCX file": "word/document.xml",
    "an ODT file": "content.xml",
    "an EPUB book": "meta-inf/container.xml",
}


@dataclass(slots=True)
class Archive:
    """An open archive; `left` is how many bytes may yet be inflated of it."""

    path: Path
    _zip: zipfile.ZipFile
    _members: dict[str, zipfile.ZipInfo] = field(default_factory=dict)
    left: int = MOST_INFLATED

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._members

    def require(self, name: str, kind: str) -> None:
        """Raise ReadError, saying what the file is instead, unless it has that member."""
        if name not in self:
            if _TELLING.get(kind) in self._members:
                raise ReadError(self.path, f"is damaged: it lacks its part {name}")
            others = (what for member, what in _KINDS if member in self._members)
            what = next(others, "a ZIP archive without that")
            raise ReadError(self.path, f"is not {kind}, which has a part {name}, but {what}")

    def pieces(self, name: str, most: int = MOST_INFLATED) -> Iterator[bytes]:
        """The member's bytes, a piece at a time.

        Raises ReadError where there is none of that name, it is encrypted or damaged, or it
        is larger than `most` or than what is left to the whole file.
        """
        info = self._members.get(_key(name))
        if info is None:
            raise ReadError(self.path, f"is damaged: it lacks its part {name}")
        if info.flag_bits & 0x1:
            raise ReadError(self.path, "is encrypted; save it without a password")
        if info.compress_type not in _METHODS:
            raise ReadError(self.path, f"packs {name} by a method that such files do not use")
        allowed = min(most, self.left)
        read = 0
        try:
            with self._zip.open(info) as member:
                while piece := member.read(_PIECE):
                    read += len(piece)
                    if read > allowed:
                        raise ReadError(
                            self.path, f"is too large: {name} inflates to over {allowed:,} bytes"
                        )
                    self.left -= len(piece)
                    yield piece
        except _DAMAGE as error:
            raise ReadError(self.path, f"is damaged: {name} can't be unpacked ({error})") from error

    def read(self, name: str, most: int) -> bytes:
        """The whole of a member of at most `most` bytes; errors as for `pieces`."""
        return b"".join(self.pieces(name, most))


def open_archive(data: bytes, path: Path, kind: str, marker: str | None = None) -> Archive:
    """The archive in a file's bytes.

    `kind` says in errors what the file should be ("a DOCX file"); `marker` is a member that
    such files have. Raises ReadError for other files, by what they are where that can be
    told, for damaged archives, and for those of too many entries.
    """
    if data.startswith(_OLE):
        raise ReadError(path, _ole_reason(data, kind))
    if not data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        raise ReadError(path, _foreign_reason(data, kind))
    # Counted before they are listed: a list of a million entries fills the memory by itself.
    if data.count(b"PK\x01\x02") > _MOST_ENTRIES:
        raise ReadError(path, f"is an archive of more than {_MOST_ENTRIES:,} entries; not read")
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except _DAMAGE as error:
        raise ReadError(path, f"is damaged or cut short; it should be {kind}") from error
    # `is_dir` looks at the last character of a name, which need not have any.
    named = (info for info in archive.infolist() if info.filename and not info.is_dir())
    members = {_key(info.filename): info for info in named}
    opened = Archive(path, archive, members)
    if marker is not None:
        opened.require(marker, kind)
    return opened


def resolve(base: str, target: str) -> str:
    """A member's name from a reference in the member `base`; never outside of the archive.

    `resolve("word/document.xml", "../a.xml") == "a.xml"`.
    """
    joined = target if target.startswith("/") else posixpath.join(posixpath.dirname(base), target)
    return posixpath.normpath("/" + joined).lstrip("/")


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _ole_reason(data: bytes, kind: str) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "is encrypted; save it without a password"
    if "WordDocument".encode("utf-16-le") in data:
        return "is a Word 97 file (.doc): save it as .docx"
    return f"is an old Office file, not {kind}: save it in the present format"


def _foreign_reason(data: bytes, kind: str) -> str:
    head = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for signature, what in _OTHER_FILES:
        if head.startswith(signature.lower()):
            return f"is not {kind} but {what}"
    return f"is not {kind} (or is damaged): it does not begin as one"
