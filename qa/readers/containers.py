"""Read the parts of documents that are ZIP files: members and their XML, within bounds.

Never more than a fixed size is inflated. Of XML only expat of the standard library is used, and it
is never asked for what a document type declares: no entity but XML's own five is ever expanded,
nothing is fetched.
"""

from __future__ import annotations

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.parsers import expat

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
class Container:
    """A document's ZIP file, open; `left` is how many bytes may yet be inflated of it."""

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
        """Yield the member's bytes, a piece at a time.

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
        """Return the whole of a member of at most `most` bytes; errors as for `pieces`."""
        return b"".join(self.pieces(name, most))


def open_container(data: bytes, path: Path, kind: str, marker: str | None = None) -> Container:
    """Return the ZIP file in a file's bytes.

    `kind` says in errors what the file should be ("a DOCX file"); `marker` is a member that
    such files have. Raises ReadError for other files, for damaged archives, and for those of too
    many entries.
    """
    if not data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        raise ReadError(path, f"is not {kind} (or is damaged): it does not begin as one")
    # Counted before they are listed: a list of a million entries fills the memory by itself.
    if data.count(b"PK\x01\x02") > _MOST_ENTRIES:
        raise ReadError(path, f"is an archive of more than {_MOST_ENTRIES:,} entries; not read")
    try:
        container = zipfile.ZipFile(BytesIO(data))
    except _DAMAGE as error:
        raise ReadError(path, f"is damaged or cut short; it should be {kind}") from error
    # `is_dir` looks at the last character of a name, which need not have any.
    named = (info for info in container.infolist() if info.filename and not info.is_dir())
    members = {_key(info.filename): info for info in named}
    opened = Container(path, container, members)
    if marker is not None:
        opened.require(marker, kind)
    return opened


def resolve(base: str, target: str) -> str:
    """Return a member's name from a reference in the member `base`; never outside of the container.

    `resolve("word/document.xml", "../a.xml") == "a.xml"`.
    """
    joined = target if target.startswith("/") else posixpath.join(posixpath.dirname(base), target)
    return posixpath.normpath("/" + joined).lstrip("/")


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


MOST_DEPTH = 256
# A book of a thousand pages has half a million.
MOST_ELEMENTS = 3_000_000
# Expat reads an unfinished tag from its beginning again at each piece: long ones cost squares.
_LONGEST_TAG = 4 * 1024 * 1024

Attributes = Mapping[str, str]
# Called with an element's attributes; True leaves the whole element out.
Start = Callable[[Attributes], bool | None]
End = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Handlers:
    """What to call for which element, by its name "prefix:local" with the prefixes below.

    `prefixes` gives each namespace its prefix, whatever the document itself calls it; an
    element or attribute without namespace has none. Elements named in `skipped` are left out
    with all that is in them. `text` gets the characters between tags.
    """

    prefixes: Mapping[str, str]
    start: Mapping[str, Start] = field(default_factory=dict)
    end: Mapping[str, End] = field(default_factory=dict)
    skipped: frozenset[str] = frozenset()
    text: Callable[[str], None] | None = None


def read_xml(
    pieces: Iterable[bytes], handlers: Handlers, path: Path, part: str, *, doctype: bool = False
) -> None:
    """Parse `pieces` of one document and call the handlers in document order.

    `part` names the document inside the file `path` for errors. A document type is refused,
    save one without declarations of its own where `doctype` allows it (it isn't fetched).
    Raises ReadError for that, for XML that is not well-formed, for what nests deeper than
    `MOST_DEPTH` elements and for more than `MOST_ELEMENTS`.
    """
    events = _Events(handlers, path, part, doctype)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartDoctypeDeclHandler = events.doctype_found
    parser.StartElementHandler = events.started
    parser.EndElementHandler = events.ended
    if handlers.text is not None:
        parser.CharacterDataHandler = events.characters
    try:
        read = 0
        for piece in pieces:
            parser.Parse(piece, False)
            read += len(piece)
            if read - parser.CurrentByteIndex > _LONGEST_TAG + len(piece):
                raise ReadError(path, f"holds a tag of more than {_LONGEST_TAG:,} bytes in {part}")
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        line = error.lineno
        why = expat.ErrorString(error.code)
        raise ReadError(
            path, f"is damaged: {part} is no proper XML ({why}, line {line})"
        ) from error
    except (LookupError, ValueError) as error:  # an encoding that Python or expat lacks
        raise ReadError(path, f"is damaged: {part} is in an unknown encoding") from error


@dataclass(slots=True)
class _Events:
    """Between expat and the handlers: short names, depth, and elements left out."""

    handlers: Handlers
    path: Path
    part: str
    doctype: bool
    depth: int = 0
    elements: int = 0
    skipping: int = 0
    names: dict[str, str] = field(default_factory=dict)

    def doctype_found(self, name: str, system: Any, public: Any, internal: int) -> None:
        if internal or not self.doctype:
            what = "declares entities or a document type (DTD)"
            raise ReadError(self.path, f"{what} in {self.part}, which is not read for safety")

    def started(self, raw: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.elements += 1
        if self.elements > MOST_ELEMENTS:
            raise ReadError(
                self.path, f"is too large: over {MOST_ELEMENTS:,} elements in {self.part}"
            )
        if self.depth > MOST_DEPTH:
            raise ReadError(
                self.path, f"nests elements deeper than {MOST_DEPTH} in {self.part}; not read"
            )
        if self.skipping:
            self.skipping += 1
            return
        name = self.names.get(raw) or self._short(raw)
        if name in self.handlers.skipped:
            self.skipping = 1
            return
        handler = self.handlers.start.get(name)
        if handler is not None:
            named = {self.names.get(key) or self._short(key): attributes[key] for key in attributes}
            if handler(named):
                self.skipping = 1

    def ended(self, raw: str) -> None:
        self.depth -= 1
        if self.skipping:
            self.skipping -= 1
            return
        handler = self.handlers.end.get(self.names.get(raw) or self._short(raw))
        if handler is not None:
            handler()

    def characters(self, data: str) -> None:
        if not self.skipping and self.handlers.text is not None:
            self.handlers.text(data)

    def _short(self, raw: str) -> str:
        space, _, local = raw.rpartition(" ")
        name = f"{self.handlers.prefixes.get(space, '?')}:{local}" if space else local
        if len(self.names) < 10_000:  # a hostile file may never use a name twice
            self.names[raw] = name
        return name
