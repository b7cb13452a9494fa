"""The filters that pack a PDF's streams, undone within bounds."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Callable
from typing import Any

from pdfminer.pdfexceptions import PDFException
from pdfminer.pdftypes import dict_value, int_value
from pdfminer.psparser import literal_name
from pdfminer.utils import apply_png_predictor, apply_tiff_predictor

from qa.readers.pdf.tokens import Damaged

# Sizes in bytes. A page's instructions are a few hundred kB, its largest fonts some MB.
_MOST_INFLATED = 32_000_000
_MOST_PREDICTED = 16_000_000
_MOST_FILTERS = 8
_NOT_HEX = re.compile(rb"[^0-9A-Fa-f]+")
_BLANKS = b"\0\t\n\f\r "


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
