"""Decode bytes: which encoding a file is in, and whether it is text at all."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from qa.errors import ReadError
from qa.safe_text import storable

# UTF-32's mark begins with UTF-16's, so it is looked for first.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES = (
    (b"%PDF-", "a PDF file"),
    (b"{\\rtf", "an RTF file"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
)
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\v\f\r\x1b")) + b"\x7f"
_MOST_CONTROLS = 0.1
_SAMPLE = 256 * 1024

# What a document may declare and be believed: the encodings of the WHATWG list that Python
# has. Python's other codecs (utf-7, unicode_escape, punycode, ...) would let a document
# smuggle text past whoever looks at its bytes, or are slow on hostile input.
_NAMES = """
    cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp866 cp874 koi8_r koi8_u
    iso8859_2 iso8859_3 iso8859_4 iso8859_5 iso8859_6 iso8859_7 iso8859_8 iso8859_10 iso8859_13
    iso8859_14 iso8859_15 iso8859_16 mac_roman mac_cyrillic shift_jis euc_jp iso2022_jp gbk
    gb18030 big5 euc_kr
"""
_LEGACY = tuple(_NAMES.split())
_DECLARABLE = frozenset(codecs.lookup(name).name for name in ("utf-8", *_LEGACY))
# By the same standard these labels mean cp1252 on the web and its superset elsewhere.
_LABELS = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030"}

_CYRILLIC = ("cp1251", "mac_cyrillic")
_CYRILLIC_LETTER = re.compile(r"[А-яЁё]")

_LETTER = re.compile(r"[^\W\d_]")
_FOREIGN_LETTER = re.compile(r"[^\W\d_a-zA-Z]")
# Three accented letters in a row, or a symbol between two letters, is some other alphabet's
# text read as cp1252 ("Ïðèâåò" for a Russian word, "wiêc³o" for a Polish one).
_NOT_WESTERN = re.compile(
    r"[^\W\d_a-zA-Z]{3}|[^\W\d_][¹²³¿¡¥¤¦¨¬¯´¸¼½¾ªº¢£±×÷†‡‰][^\W\d_]|[\x80-\x9f]"
)
_MOST_FOREIGN = 0.15


def decode(data: bytes, path: Path, declared: Callable[[bytes], str | None] | None = None) -> str:
    """Return the text of a file's bytes, its line ends as they are, its byte order mark dropped.

    Tried in this order: the byte order mark; UTF-8; what `declared` finds the document to
    say of itself; cp1252, where the result looks like Western text; charset-normalizer's
    guess. All are strict. NULs and lone surrogates, which neither SQLite nor UTF-8 can
    hold, become U+FFFD. Raises ReadError for bytes that are no text or fit no encoding.
    """
    return storable(_decode(data, path, declared))


def _decode(data: bytes, path: Path, declared: Callable[[bytes], str | None] | None) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _marked(data[len(mark) :], encoding, path)
    if (wide := _unmarked_utf16(data)) is not None:
        return wide
    _refuse_binary(data, path)
    for encoding, errors in (("utf-8", "strict"), ("utf-8", "surrogatepass")):
        if (text := _try(data, encoding, errors)) is not None:
            return text
    label = declared(data) if declared else None
    if label and (name := _declarable(label)) and (text := _try(data, name)) is not None:
        return text
    text = _try(data, "cp1252")
    if text is not None and _looks_western(text):
        return text
    return _guessed(data, path)


def _try(data: bytes, encoding: str, errors: str = "strict") -> str | None:
    try:
        return data.decode(encoding, errors)
    except UnicodeError:
        return None


def _marked(data: bytes, encoding: str, path: Path) -> str:
    try:
        return data.decode(encoding, "surrogatepass")
    except UnicodeError as error:
        raise ReadError(
            path,
            f"begins with the mark of {encoding.upper()} but is not valid {encoding.upper()} "
            f"({error.__class__.__name__}); save it again as UTF-8",
        ) from error


def _unmarked_utf16(data: bytes) -> str | None:
    """Decode UTF-16 without its mark, told by NULs in every other byte; None if it isn't."""
    sample = data[:4096]
    if len(sample) < 4 or len(data) % 2:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd >= 0.4 * half and even == 0:
        text = _try(data, "utf-16-le")
    elif even >= 0.4 * half and odd == 0:
        text = _try(data, "utf-16-be")
    else:
        return None
    printable = text is not None and sum(c.isprintable() or c.isspace() for c in text[:2048])
    return text if text and printable >= 0.95 * len(text[:2048]) else None


def _refuse_binary(data: bytes, path: Path) -> None:
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            raise ReadError(path, f"is {kind}, not text; convert it to text first")
    if (at := data.find(0)) >= 0:
        raise ReadError(path, f"is a binary file (a zero byte at {at:,}), not text")
    controls = len(data) - len(data.translate(None, _CONTROLS))
    if controls > _MOST_CONTROLS * len(data):
        raise ReadError(path, "is a binary file (control characters throughout), not text")


def _declarable(label: str) -> str | None:
    try:
        name = codecs.lookup(label.strip()).name
    except (LookupError, ValueError):
        return None
    name = _LABELS.get(name, name)
    return name if name in _DECLARABLE else None


def _looks_western(text: str) -> bool:
    """Return whether text decoded as cp1252 reads like a Western language, not like mojibake."""
    if _NOT_WESTERN.search(text):
        return False
    foreign = len(_FOREIGN_LETTER.findall(text))
    return foreign == 0 or foreign <= _MOST_FOREIGN * len(_LETTER.findall(text))


def _guessed(data: bytes, path: Path) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE], cp_isolation=list(_LEGACY), preemptive_behaviour=False).best()
    text = _try(data, best.encoding) if best is not None else None
    if best is not None and best.encoding in _CYRILLIC:
        text = _most_cyrillic([text, *(_try(data, name) for name in _CYRILLIC)])
    if text is None:
        raise ReadError(path, "is in an encoding that can't be told; save it as UTF-8")
    return text


def _most_cyrillic(texts: Sequence[str | None]) -> str | None:
    """Return the text with the most letters of the Russian alphabet, the first of equals.

    Windows' and the Macintosh's Cyrillic have the same small letters, so that a short text can
    be taken for either; read as the other, its capitals are dashes and quotation marks.
    """
    read = [text for text in texts if text is not None]
    return max(read, key=lambda text: len(_CYRILLIC_LETTER.findall(text)), default=None)
