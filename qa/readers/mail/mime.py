"""A message's header fields, and which parts of its body are its text, in bounded time.

The standard library understands the fields. Parts are cut apart here: its own parser looks at
every line once for each level of nesting, and goes as deep as a message likes.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email import policy
from email.errors import MessageError
from email.headerregistry import BaseHeader
from pathlib import Path

from qa.readers.declared import collapsed
from qa.readers.encodings import decode
from qa.safe_text import storable

_MOST_PARTS = 1_000
_LONGEST_HEAD = 256 * 1024
_LONGEST_VALUE = 8_000
# Each part has such fields, and to take them apart takes the square of their length.
_LONGEST_STRUCTURED = 1_000
_FIELD = re.compile(rb"([!-9;-~]{1,76})[ \t]*:")
_KIND = re.compile(r"[\w.+-]{1,80}/[\w.+-]{1,80}")
_NOT_BASE64 = bytes(
    set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
)
# What the standard library raises for fields that are none.
_BROKEN = (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Entity:
    """A message or a part of one: `fields` by name in lower case, the first of each, unfolded;
    its body is `data[start:end]`, as it was sent."""

    fields: Mapping[str, str]
    data: bytes
    start: int
    end: int

    def header(self, name: str, form: str | None = None) -> BaseHeader | None:
        """Return a field as the standard library understands it, or as it understands fields called
        `form`; None where there is none or it makes no sense of it."""
        value = self.fields.get(name)
        if value is None:
            return None
        try:
            header: BaseHeader = policy.default.header_factory(form or name, value)
        except _BROKEN:
            return None
        return header

    def words(self, name: str) -> str | None:
        """Return a field's text on one line, encoded words decoded (RFC 2047); None for a blank
        one."""
        header = self.header(name, "subject")
        return storable_line(str(header) if header is not None else self.fields.get(name, ""))

    @property
    def kind(self) -> str:
        """The media type in lower case; "text/plain" where none is declared."""
        declared = self._first("content-type")
        return declared if _KIND.fullmatch(declared) else "text/plain"

    @property
    def name(self) -> str | None:
        """The name of the file that the part is, where it has one."""
        return self.parameter("filename", "content-disposition") or self.parameter("name")

    @property
    def attached(self) -> bool:
        """Whether the part is a file beside the message rather than a piece of it."""
        return self._first("content-disposition") == "attachment" or self.name is not None

    def parameter(self, name: str, of: str = "content-type") -> str | None:
        """Return a parameter of a field (RFC 2231)."""
        try:
            short = Entity({of: self.fields.get(of, "")[:_LONGEST_STRUCTURED]}, b"", 0, 0)
            values = getattr(short.header(of), "params", {})
            return storable_line(str(values[name])) if name in values else None
        except _BROKEN:
            return None

    def content(self) -> bytes:
        """Return the body with its transfer encoding undone, as far as that can be."""
        body = self.data[self.start : self.end]
        encoding = self._first("content-transfer-encoding")
        if encoding == "quoted-printable":
            return binascii.a2b_qp(body)
        if encoding == "base64":
            # Lists append their footer unencoded after the padding.
            digits = body.split(b"=", 1)[0].translate(None, _NOT_BASE64)
            digits = digits[: len(digits) - (len(digits) % 4 == 1)]
            return binascii.a2b_base64(digits + b"=" * (-len(digits) % 4))
        return body

    def _first(self, name: str) -> str:
        return self.fields.get(name, "").split(";", 1)[0].strip().lower()


def read_entity(data: bytes, start: int, end: int) -> Entity:
    """Return the fields and body of `data[start:end]`. A line that is no field ends the fields
    too."""
    found: dict[str, list[str]] = {}
    at = start
    current: list[str] = []
    for line in data[start : min(end, start + _LONGEST_HEAD)].splitlines(keepends=True):
        bare = line.rstrip(b"\r\n")
        if not bare:
            at += len(line)
            break
        value = bare
        if bare[:1] not in b" \t":
            opened = _FIELD.match(bare)
            if opened is None:
                break
            name = opened[1].decode("ascii").lower()
            current = []
            found.setdefault(name, current)
            value = bare[opened.end() :]
        at += len(line)
        # Fields are ASCII or UTF-8 (RFC 6532); what is neither can't be told.
        current.append(value[:_LONGEST_VALUE].decode("utf-8", "replace"))
    fields = {name: "".join(lines)[:_LONGEST_VALUE].strip() for name, lines in found.items()}
    return Entity(fields, data, at, end)


def parts_of(entity: Entity) -> list[Entity]:
    """Return the parts of a multipart in order; empty where it has no boundary, or nothing
    within."""
    boundary = entity.parameter("boundary")
    if not boundary:
        return []
    mark = re.escape(boundary.encode("utf-8", "replace"))
    line = re.compile(rb"(?:^|(?<=\r))--" + mark + rb"(--)?[ \t]*(?:\r?\n|\r|\Z)", re.MULTILINE)
    found: list[Entity] = []
    start: int | None = None
    for cut in line.finditer(entity.data, entity.start, entity.end):
        if start is not None:
            found.append(_part(entity.data, start, cut.start()))
        start = cut.end()
        if cut[1] or len(found) >= _MOST_PARTS:
            return found
    # Here a message broke off in its last part.
    return found if start is None else [*found, _part(entity.data, start, entity.end)]


def _part(data: bytes, start: int, end: int) -> Entity:
    """Return the line end before a boundary belongs to it (RFC 2046, 5.1.1)."""
    for mark in (b"\r\n", b"\n", b"\r"):
        if data.endswith(mark, start, end):
            return read_entity(data, start, end - len(mark))
    return read_entity(data, start, end)


def storable_line(text: str) -> str | None:
    """Return a field's text on one line, with nothing in it that can't be stored."""
    return collapsed(storable(text))


_DEEPEST = 10
_LONGEST_NAME = 100
_MOST_NAMES = 20
# Parts that belong to the sending, not to what was sent.
_SEALS = {
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
}


@dataclass(slots=True)
class Body:
    """The texts of a message in order, and the names of the files that came with it."""

    texts: list[Entity] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    parts: int = 0

    def collect(self, entity: Entity, depth: int) -> None:
        """Take in a message or part, and what is nested in it."""
        self.parts += 1
        kind = entity.kind
        within = parts_of(entity) if kind.startswith("multipart/") else []
        if within and (depth == _DEEPEST or self.parts > _MOST_PARTS):
            self.left_out.append("parts nested too deep or too many")
        elif kind == "multipart/alternative" and within:
            self._choose(within, depth)
        elif within:
            for part in within:
                self.collect(part, depth + 1)
        elif depth == 0 and kind.startswith("multipart/"):
            self.texts.append(entity)  # a multipart without parts: its boundary was lost
        elif entity.attached or kind not in ("text/plain", "text/html"):
            if not (kind in _SEALS or _is_picture_of_text(entity)):
                name = entity.name or entity.words("subject") or kind
                # A file's name may hold what turns a terminal's line round.
                shown = "".join(c if c.isprintable() else "\ufffd" for c in name[:_LONGEST_NAME])
                self.left_out.append(shown)
        else:
            self.texts.append(entity)

    @property
    def note(self) -> str | None:
        """What was not read, in words."""
        many = len(self.left_out)
        if not many:
            return None
        names = ", ".join(self.left_out[:_MOST_NAMES]) + (", …" if many > _MOST_NAMES else "")
        return f"{many} attachment{'s were' if many > 1 else ' was'} not read: {names}"

    def _choose(self, within: Sequence[Entity], depth: int) -> None:
        """Take the first alternative that is plain text, else the first that has any text."""
        found = []
        for part in within:
            body = Body(parts=self.parts)
            body.collect(part, depth + 1)
            self.parts = body.parts
            if any(text.content().strip() for text in body.texts):
                found.append(body)
        plain = [body for body in found if body.texts[0].kind != "text/html"]
        for body in (plain or found)[:1]:
            self.texts += body.texts
            self.left_out += body.left_out


def _is_picture_of_text(entity: Entity) -> bool:
    """Return whether a part is a picture that the HTML text shows: a logo, a sign."""
    return entity.kind.startswith("image/") and "content-id" in entity.fields


def characters(part: Entity, path: Path) -> str:
    """Return a part's text, by its own charset where that fits."""
    data = part.content()
    charset = (part.parameter("charset") or "").lower()
    if charset.startswith("iso-2022-jp") and data.isascii():
        try:
            return data.decode("iso2022_jp")
        except UnicodeError:
            pass  # its bytes are ASCII's too, which is what they are read as then
    return decode(data, path, lambda _: charset or None)
