"""A PDF's fonts: the bytes of a string → characters with their widths."""

from __future__ import annotations

import logging
import re
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, BinaryIO

from pdfminer.cmapdb import CMap, CMapParser, FileUnicodeMap
from pdfminer.fontmetrics import FONT_METRICS
from pdfminer.pdffont import PDFCIDFont, PDFFont, TrueTypeFont
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdftypes import PDFStream, dict_value, list_value, resolve1
from pdfminer.psparser import LIT, PSLiteral, literal_name

from qa.readers.pdf.encodings import UNKNOWN, simple_encoding
from qa.readers.pdf.syntax import Damaged

# Also the bold faces of Computer Modern and its descendants, which TeX's documents are set in.
_BOLD = re.compile(r"bold|black|heavy|demi(?!tas)|(?:^|\+)(?:CM|EC|SF|LM)\w*BX", re.IGNORECASE)
_FORCED_BOLD = 1 << 18
_FIXED_PITCH = 1
_BOLD_WEIGHT = 600
_NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_MOST_MAPPED = 200_000
_MOST_WIDTHS = 100_000
_USUAL_WIDTH = 0.5
# The bullets of word processors, which take them from symbol fonts without Unicode names.
_BULLETS = str.maketrans({"\uf0b7": "•", "\uf0a7": "▪", "\uf0d8": "➢", "\uf0fc": "✓"})
Glyph = tuple[str, float]


@dataclass(slots=True)
class Typeface:
    """How a font's codes read, and how wide they are, in units of the size it is set in.

    `em` is its em in the same units: 1, except in a font that the file draws itself.
    `one_byte`: a code is a byte, so that word spacing applies to code 32. `vertical`: it is
    written from top to bottom, and the widths are steps downwards.
    """

    font: PDFFont
    bold: bool = False
    fixed: bool = False
    em: float = 1.0
    one_byte: bool = True
    vertical: bool = False
    unicode: Mapping[int, str] = field(default_factory=dict)
    widths: Mapping[int, float] = field(default_factory=dict)
    usual_width: float = _USUAL_WIDTH
    _known: dict[int, Glyph] = field(default_factory=dict)

    def glyphs(self, data: bytes) -> list[Glyph]:
        """The characters that a string shows, each with its width; U+FFFD for an unknown one."""
        known = self._known
        found: list[Glyph] = []
        for code in self._codes(data):
            glyph = known.get(code)
            if glyph is None:
                text = _NOT_TEXT.sub(UNKNOWN, self.unicode.get(code, UNKNOWN))
                glyph = (text.translate(_BULLETS), self.widths.get(code, self.usual_width))
                known[code] = glyph
            found.append(glyph)
        return found

    def _codes(self, data: bytes) -> Iterable[int]:
        if self.one_byte:
            return data
        cmap = getattr(self.font, "cmap", None)
        if not isinstance(cmap, CMap) or cmap.code2cid:
            return self.font.decode(data)
        # A CMap of the file's own, or one that nobody knows: two bytes a code, as nearly always.
        return struct.unpack(f">{len(data) // 2}H", data[: len(data) // 2 * 2])


class Fonts(PDFResourceManager):
    """The fonts of a file, each read once; one that is damaged reads as U+FFFD."""

    def __init__(self) -> None:
        super().__init__(caching=False)
        self._known: dict[object, tuple[object, PDFFont]] = {}
        self._typefaces: dict[int, Typeface] = {}

    def typeface(self, font: PDFFont) -> Typeface:
        return self._typefaces[id(font)]

    def get_font(self, objid: object, spec: Mapping[str, object]) -> PDFFont:
        if literal_name(resolve1(spec.get("Subtype"))).startswith("CIDFont"):
            return super().get_font(None, spec)  # the part of a font that is being read
        key = objid or id(spec)
        known = self._known.get(key)
        if known is None:
            font, typeface = self._read(spec)
            self._typefaces[id(font)] = typeface
            known = self._known[key] = spec, font
        return known[1]

    def _read(self, spec: Mapping[str, object]) -> tuple[PDFFont, Typeface]:
        try:
            entries = {key: resolve1(value) for key, value in spec.items()}
            if literal_name(entries.get("Subtype")) == "Type0":
                typeface = self._composite(entries)
            else:
                typeface = self._simple(entries)
        except MemoryError:
            raise
        except Exception:  # pdfminer raises nearly anything for a damaged font
            logging.getLogger(__name__).debug("damaged font", exc_info=True)
            typeface = Typeface(PDFFont({}, {}))
        return typeface.font, typeface

    def _simple(self, entries: dict[str, Any]) -> Typeface:
        mapped = _to_unicode(entries.pop("ToUnicode", None))
        entries.setdefault("Subtype", LIT("Type1"))
        unicode = simple_encoding(entries)
        # pdfminer would read the encoding once more.
        font = super().get_font(None, {**entries, "Encoding": LIT("StandardEncoding")})
        metrics = FONT_METRICS.get(literal_name(entries.get("BaseFont")))
        unit, em = 0.001, 1.0
        if literal_name(entries["Subtype"]) == "Type3":
            unit, em = _drawn_units(entries)
        widths = _simple_widths(entries, unit)
        if metrics is not None and not widths:
            known = metrics[1]
            widths = {code: known[c] / 1000 for code, c in unicode.items() if c in known}
        missing = font.default_width * unit
        return Typeface(
            font,
            bold=_is_bold(font, entries),
            fixed=bool(font.flags & _FIXED_PITCH) or _is_core_fixed(entries),
            em=em,
            unicode=unicode | mapped,
            widths=widths,
            usual_width=missing or _usual(widths),
        )

    def _composite(self, entries: dict[str, Any]) -> Typeface:
        below = dict(dict_value(list_value(entries["DescendantFonts"])[0]))
        descriptor = dict(dict_value(below.get("FontDescriptor")))
        file = descriptor.pop("FontFile2", None)
        widths = _composite_widths(below.pop("W", None))
        below.pop("W2", None)
        below["FontDescriptor"] = descriptor
        told = entries.pop("ToUnicode", None)
        font = super().get_font(None, {**entries, "DescendantFonts": [below]})
        assert isinstance(font, PDFCIDFont)
        vertical = font.is_vertical()
        default = float(font.default_width) / 1000
        return Typeface(
            font,
            bold=_is_bold(font, entries),
            fixed=bool(font.flags & _FIXED_PITCH),
            one_byte=False,
            vertical=vertical,
            unicode=_composite_unicode(font, told, file, below),
            widths={} if vertical else widths,
            usual_width=abs(default) if vertical else default,
        )


# ---- what codes stand for ----------------------------------------------------------------


class _BoundedMap(FileUnicodeMap):
    def add_cid2unichr(self, cid: int, code: PSLiteral | bytes | int) -> None:
        self.attrs["count"] = count = int(str(self.attrs.get("count", 0))) + 1
        if count > _MOST_MAPPED:
            raise Damaged("a font maps more characters than there are")
        super().add_cid2unichr(cid, code)


def _to_unicode(entry: object) -> dict[int, str]:
    """The map of a font's /ToUnicode; what is damaged in it is left out."""
    if isinstance(entry, PSLiteral) and "Identity" in literal_name(entry):
        return {code: chr(code) for code in range(0x10000)}
    if not isinstance(entry, PDFStream):
        return {}
    read = _BoundedMap()
    try:
        CMapParser(read, BytesIO(entry.get_data())).run()
    except (MemoryError, Damaged):
        raise
    except Exception:
        logging.getLogger(__name__).debug("damaged map of characters", exc_info=True)
    return read.cid2unichr


def _composite_unicode(
    font: PDFCIDFont, told: object, file: object, below: Mapping[str, Any]
) -> Mapping[int, str]:
    """What the codes of a font of several bytes stand for.

    pdfminer makes numbers of glyphs of the codes. Where the two are the same, the file's own
    map tells them, then the font's program; else the registered collection that they belong to.
    """
    known = isinstance(font.cmap, CMap) and bool(font.cmap.code2cid)
    collection = font.unicode_map.cid2unichr if font.unicode_map is not None else {}
    mapped = {} if known and collection else _to_unicode(told)
    if mapped or collection:
        return mapped or collection
    same = below.get("CIDToGIDMap")
    if isinstance(resolve1(file), PDFStream) and (
        same is None or literal_name(resolve1(same)) == "Identity"
    ):
        return _BoundedProgram(font.basefont, BytesIO(resolve1(file).get_data())).characters()
    return {}


class _Counted(dict[int, int]):
    """A table of a font's program, which may list the same characters over and over."""

    left = _MOST_MAPPED

    def __setitem__(self, character: int, glyph: int) -> None:
        self.left -= 1
        if self.left < 0:
            raise Damaged("a font maps more characters than there are")
        super().__setitem__(character, glyph)


class _BoundedProgram(TrueTypeFont):
    """A font's program asked for the characters that its glyphs draw."""

    def __init__(self, name: str, fp: BinaryIO) -> None:
        super().__init__(name, fp)
        self._first: dict[int, str] = {}

    def characters(self) -> dict[int, str]:
        """Each glyph's character, the first of several; empty if the program doesn't tell."""
        try:
            told = self.create_unicode_map().cid2unichr
        except (TrueTypeFont.CMapNotFound, AssertionError, ValueError, struct.error):
            told = {}
        return told | self._first

    def parse_cmap_format_4(self, fp: BinaryIO, char2gid: dict[int, int]) -> None:
        counted = _Counted()
        super().parse_cmap_format_4(fp, counted)
        self._keep(counted, char2gid)

    def parse_cmap_format_12(self, fp: BinaryIO, char2gid: dict[int, int]) -> None:
        counted = _Counted()
        super().parse_cmap_format_12(fp, counted)
        self._keep(counted, char2gid)

    def _keep(self, counted: dict[int, int], char2gid: dict[int, int]) -> None:
        char2gid.update(counted)
        for character, glyph in sorted(counted.items()):
            if glyph:
                self._first.setdefault(glyph, chr(character))


# ---- widths and looks ----------------------------------------------------------------------


def _simple_widths(entries: Mapping[str, Any], unit: float) -> dict[int, float]:
    first = resolve1(entries.get("FirstChar"))
    given = [resolve1(width) for width in list_value(entries.get("Widths"))[:256]]
    start = first if isinstance(first, int) else 0
    return {code: w * unit for code, w in enumerate(given, start) if isinstance(w, (int, float))}


def _composite_widths(entry: object) -> dict[int, float]:
    """The widths in /W: "first [width width ...]" and "first last width"."""
    widths: dict[int, float] = {}
    items = [resolve1(item) for item in list_value(entry)]
    at = 0
    while at + 1 < len(items):
        first, after = items[at], items[at + 1]
        if isinstance(after, list):
            listed = [resolve1(width) for width in after]
            at += 2
        else:
            width = items[at + 2] if at + 2 < len(items) else None
            if not isinstance(after, int) or after - first >= _MOST_WIDTHS:
                raise Damaged("a font tells widths of characters that there are not")
            listed = [width] * (after - first + 1)
            at += 3
        if len(widths) + len(listed) > _MOST_WIDTHS:
            raise Damaged("a font tells widths of characters that there are not")
        widths.update(
            (code, width / 1000)
            for code, width in enumerate(listed, first)
            if isinstance(width, (int, float))
        )
    return widths


def _usual(widths: Mapping[int, float]) -> float:
    known = [width for width in widths.values() if width > 0]
    return sum(known) / len(known) if known else _USUAL_WIDTH


def _drawn_units(entries: Mapping[str, Any]) -> tuple[float, float]:
    """The unit of a width and the em of a font that the file draws itself (Type 3)."""
    matrix = [abs(_number(value)) for value in list_value(entries["FontMatrix"])]
    box = [_number(value) for value in list_value(entries.get("FontBBox"))]
    height = box[3] - box[1] if len(box) == 4 else 0.0
    if height <= 0:
        widths = [_number(value) for value in list_value(entries.get("Widths"))]
        height = max(widths, default=1000.0)
    unit = matrix[0] or matrix[1] or 0.001
    return unit, (matrix[3] or unit) * height or 1.0


def _number(value: object) -> float:
    value = resolve1(value)
    return float(value) if isinstance(value, (int, float)) else 0.0


def _is_bold(font: PDFFont, entries: Mapping[str, Any]) -> bool:
    weight = resolve1(font.descriptor.get("FontWeight"))
    heavy = isinstance(weight, (int, float)) and weight >= _BOLD_WEIGHT
    names = f"{font.fontname} {literal_name(entries.get('BaseFont'))}"
    return heavy or bool(font.flags & _FORCED_BOLD) or bool(_BOLD.search(names))


def _is_core_fixed(entries: Mapping[str, Any]) -> bool:
    """Whether it is the one of the fonts that every reader has whose characters are as wide."""
    return literal_name(entries.get("BaseFont")).startswith("Courier")
