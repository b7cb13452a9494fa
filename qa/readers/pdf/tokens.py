"""The tokens of PDF syntax, in time that is linear in the bytes' number."""

from __future__ import annotations

import re
from typing import Any

from pdfminer.pdfexceptions import PDFException
from pdfminer.pdftypes import resolve1
from pdfminer.psparser import KWD, LIT, PSKeyword, PSLiteral
from pdfminer.utils import decode_text

_SPACE = rb"\0\t\n\f\r "
_REGULAR = rb"[^\0\t\n\f\r ()<>\[\]{}/%]"
# One token after white space and comments, by the number of its group.
_TOKEN = re.compile(
    rb"[%(s)s]*+(?:%%[^\r\n]*+[%(s)s]*+)*+(?:(%(r)s++)|/(%(r)s*+)|\(([^()\\\r]*+)\)"
    rb"|(<<|>>|[\[\]{}])|<([^<>]*+)>|(\()|.)" % {b"s": _SPACE, b"r": _REGULAR},
    re.DOTALL,
)
_PLAIN, _NAME, _STRING, _MARK, _HEX, _LONG = range(1, 7)
_IN_STRING = re.compile(rb"[()\\]")
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)|\r\n?", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_NAME_CODE = re.compile(rb"#([0-9A-Fa-f]{2})")
_NOT_HEX = re.compile(rb"[^0-9A-Fa-f]+")
_NUMBER = re.compile(rb"[+-]*(\d*\.?\d*)")
# Followed by more instructions; the two letters may well stand in the picture's data.
_END_OF_PICTURE = re.compile(
    rb"[%s]EI(?=[%s]?(?:[\t\n\r -~]{12}|[\t\n\r -~]{0,12}\Z))" % (2 * (_SPACE,))
)
_WORDS: dict[bytes, bool] = {b"true": True, b"false": False}

Token = tuple[int, Any]


class Damaged(PDFException):
    """A part of a file can't be read; the message says why in words fit to be shown."""


class Tokens:
    """The tokens of some bytes from a place on, in time that is linear in their length."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data = data
        self.at = at

    def next(self) -> Token | None:
        """Return where the next token begins and what it is, or None at the end."""
        match = _TOKEN.match(self.data, self.at)
        if match is None:
            self.at = len(self.data)
            return None
        self.at = match.end()
        kind = match.lastindex
        if kind is None:  # a lone closing mark
            return match.end() - 1, KWD(self.data[self.at - 1 : self.at])
        start = match.start(kind)
        word = match[kind]
        if kind == _PLAIN:
            return start, _number(word) if word[0] in b"0123456789.+-" else _keyword(word)
        if kind == _STRING:
            return start, word
        if kind == _NAME:
            return start, _name(word)
        if kind == _MARK:
            return start, KWD(word)
        if kind == _HEX:
            digits = _NOT_HEX.sub(b"", word)
            return start, bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
        return start, self._long_string(start + 1)

    def skip_picture(self) -> None:
        """Go on after the data of a picture in the instructions, of which `ID` was read."""
        match = _END_OF_PICTURE.search(self.data, self.at)
        self.at = match.end() if match else len(self.data)

    def _long_string(self, start: int) -> bytes:
        """A string with brackets or escapes in it; one without an end goes on to the data's."""
        depth, at = 1, start
        while match := _IN_STRING.search(self.data, at):
            mark, at = match[0], match.end()
            if mark == b"\\":
                at += 1
            elif mark == b"(":
                depth += 1
            else:
                depth -= 1
                if not depth:
                    self.at = at
                    return _ESCAPE.sub(_unescaped, self.data[start : at - 1])
        self.at = len(self.data)
        return _ESCAPE.sub(_unescaped, self.data[start:])


def _number(word: bytes) -> int | float:
    try:
        return int(word)
    except ValueError:
        pass
    try:
        return float(word)
    except ValueError:
        # "--5", "1.2.3", "5-3": what other readers take of it.
        match = _NUMBER.match(word)
        digits = match[1][:40] if match else b""
        value = float(digits) if digits.strip(b".") else 0.0
        return -value if word.startswith(b"-") else value


def _keyword(word: bytes) -> bool | PSKeyword:
    return _WORDS[word] if word in _WORDS else KWD(word)


def _name(word: bytes) -> PSLiteral:
    if b"#" in word:
        word = _NAME_CODE.sub(lambda match: bytes([int(match[1], 16)]), word)
    try:
        return LIT(word.decode())
    except UnicodeDecodeError:
        return LIT(word.decode("latin-1"))


def _unescaped(match: re.Match[bytes]) -> bytes:
    escaped = match[1]
    if escaped is None:
        return b"\n"
    if escaped.isdigit() and escaped[0] < 0x38:
        return bytes([int(escaped, 8) & 0xFF])
    if escaped in (b"\n", b"\r", b"\r\n"):
        return b""
    return _ESCAPED.get(escaped, escaped)


def text_string(value: object) -> str:
    """The characters of a text string (ISO 32000-2, 7.9.2); "" for anything else."""
    value = resolve1(value)
    if not isinstance(value, bytes):
        return ""
    if value.startswith(b"\xef\xbb\xbf"):
        return value[3:].decode("utf-8", "replace")
    if value.startswith(b"\xfe\xff"):
        return value[2:].decode("utf-16-be", "replace")
    return decode_text(value)
