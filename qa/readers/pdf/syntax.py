"""PDF syntax (ISO 32000-2, 7): tokens, text strings and filters, in linear time and bounds."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Callable
from typing import Any

from pdfminer.pdfexceptions import PDFException
from pdfminer.pdftypes import dict_value, int_value, resolve1
from pdfminer.psparser import (
    KWD,
    PSKeyword,
    PSKeywordTable,
    PSLiteral,
    PSLiteralTable,
    literal_name,
)
from pdfminer.utils import apply_png_predictor, apply_tiff_predictor, decode_text

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
# Sizes in bytes. A page's instructions are a few hundred kB, its largest fonts some MB.
_MOST_INFLATED = 32_000_000
_MOST_PREDICTED = 16_000_000
_MOST_FILTERS = 8
_BLANKS = b"\0\t\n\f\r "


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
    if word in _WORDS:
        return _WORDS[word]
    # pdfminer would keep every word of every file for as long as the process lives.
    return PSKeywordTable.dict.get(word) or PSKeyword(word)


def _name(word: bytes) -> PSLiteral:
    if b"#" in word:
        word = _NAME_CODE.sub(lambda match: bytes([int(match[1], 16)]), word)
    try:
        name = word.decode()
    except UnicodeDecodeError:
        name = word.decode("latin-1")
    return PSLiteralTable.dict.get(name) or PSLiteral(name)


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


# ---- filters ---------------------------------------------------------------------------


def unpack(data: bytes, filters: list[tuple[Any, Any]]) -> bytes:
    """Undo filters, each given by its name and parameters.

    Raises Damaged where the bytes grow too many or are no such code.
    """
    if len(filters) > _MOST_FILTERS:
        raise Damaged("a stream is packed too many times over")
    for name, parameters in filters:
        undo = _FILTERS.get(literal_name(name))
        if undo is None:
            raise Damaged("a stream is packed in a way that is not text's")
        parameters = dict_value(parameters)
        try:
            data = undo(data, parameters)
        except (ValueError, LookupError, zlib.error) as error:
            raise Damaged("a stream can't be unpacked") from error
        if "Predictor" in parameters:
            data = _predicted(data, parameters)
    return data


def _flate(data: bytes, _: dict[Any, Any]) -> bytes:
    unpacker = zlib.decompressobj()
    unpacked = b""
    try:
        unpacked = unpacker.decompress(data, _MOST_INFLATED)
    except zlib.error:
        # What comes before the damage is worth having.
        unpacker = zlib.decompressobj()
        parts: list[bytes] = []
        for at in range(0, len(data), 256):
            try:
                parts.append(unpacker.decompress(data[at : at + 256], _MOST_INFLATED))
            except zlib.error:
                break
            if unpacker.unconsumed_tail:
                raise Damaged("a stream inflates beyond all measure") from None
        unpacked = b"".join(parts)
        if not unpacked:
            raise
    if unpacker.unconsumed_tail or len(unpacked) >= _MOST_INFLATED:
        raise Damaged("a stream inflates beyond all measure")
    return unpacked


def _lzw(data: bytes, parameters: dict[Any, Any]) -> bytes:
    early = int_value(parameters.get("EarlyChange", 1))
    out = bytearray()
    table: list[bytes] = []
    before = b""
    bits, held, width = 0, 0, 9
    for byte in data:
        held, bits = (held << 8 | byte) & 0xFFFFFF, bits + 8
        if bits < width:
            continue
        bits -= width
        code = held >> bits & (1 << width) - 1
        if code == 257:
            break
        if code == 256:
            table, before, width = [], b"", 9
            continue
        if code < 256:
            entry = bytes([code])
        elif code - 258 < len(table):
            entry = table[code - 258]
        else:
            entry = before + before[:1]
        if before and len(table) < 4096 - 258:
            table.append(before + entry[:1])
        before = entry
        out += entry
        if len(out) > _MOST_INFLATED:
            raise Damaged("a stream inflates beyond all measure")
        size = 257 + early + len(table)
        width = 9 if size < 511 else 10 if size < 1023 else 11 if size < 2047 else 12
    return bytes(out)


def _run_length(data: bytes, _: dict[Any, Any]) -> bytes:
    out = bytearray()
    at = 0
    while at < len(data) and data[at] != 128:
        length = data[at]
        if length < 128:
            out += data[at + 1 : at + 2 + length]
            at += 2 + length
        else:
            out += data[at + 1 : at + 2] * (257 - length)
            at += 2
        if len(out) > _MOST_INFLATED:
            raise Damaged("a stream inflates beyond all measure")
    return bytes(out)


def _ascii85(data: bytes, _: dict[Any, Any]) -> bytes:
    data = data.strip(_BLANKS).removeprefix(b"<~").split(b"~", 1)[0]
    return base64.a85decode(data, ignorechars=b"\0\t\n\f\r\v ")


def _ascii_hex(data: bytes, _: dict[Any, Any]) -> bytes:
    digits = _NOT_HEX.sub(b"", data.split(b">", 1)[0])
    return binascii.unhexlify(digits + b"0" * (len(digits) % 2))


_FILTERS: dict[str, Callable[[bytes, dict[Any, Any]], bytes]] = {
    **dict.fromkeys(("FlateDecode", "Fl"), _flate),
    **dict.fromkeys(("LZWDecode", "LZW"), _lzw),
    **dict.fromkeys(("RunLengthDecode", "RL"), _run_length),
    **dict.fromkeys(("ASCII85Decode", "A85"), _ascii85),
    **dict.fromkeys(("ASCIIHexDecode", "AHx"), _ascii_hex),
    "Crypt": lambda data, _: data,
}


def _predicted(data: bytes, parameters: dict[Any, Any]) -> bytes:
    predictor = int_value(parameters["Predictor"])
    if predictor <= 1:
        return data
    columns, colors = (int_value(parameters.get(key, 1)) for key in ("Columns", "Colors"))
    bits = int_value(parameters.get("BitsPerComponent", 8))
    row = columns * colors * bits // 8
    if not 0 < row <= len(data) or columns > len(data) or len(data) > _MOST_PREDICTED:
        raise Damaged("a stream can't be unpacked")
    try:
        if predictor == 2:
            return apply_tiff_predictor(colors, columns, bits, data[: len(data) // row * row])
        return apply_png_predictor(predictor, colors, columns, bits, data)
    except (PDFException, ValueError, LookupError) as error:
        raise Damaged("a stream can't be unpacked") from error
