"""A PDF's fonts: bytes of a string → characters with their widths."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pypdf.generic._font import Font

# Also the bold faces of Computer Modern and its descendants, which TeX's documents are set in.
_BOLD = re.compile(r"bold|black|heavy|demi(?!tas)|(?:^|\+)(?:CM|EC|SF|LM)\w*BX", re.IGNORECASE)
_FORCED_BOLD = 1 << 18
_FIXED_PITCH = 1
_BOLD_WEIGHT = 600
_IDENTITY = frozenset({"/Identity-H", "/Identity-V"})
_NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# The ligatures of TeX's text fonts stand where other encodings have control characters.
_LIGATURES = {"\x0b": "ﬀ", "\x0c": "ﬁ", "\x0d": "ﬂ", "\x0e": "ﬃ", "\x0f": "ﬄ"}
_ESCAPED = re.compile(r"/#([0-9A-Fa-f]{2})")
UNKNOWN = "\ufffd"
# The bullets of word processors, which take them from symbol fonts without Unicode names.
_BULLETS = str.maketrans({"\uf0b7": "•", "\uf0a7": "▪", "\uf0d8": "➢", "\uf0fc": "✓"})

Glyph = tuple[str, float]


@dataclass(slots=True)
class PdfFont:
    """How a font's codes read, and how wide they are, in units of the size it is set in.

    `em` is its em in the same units: 1, except in a font that the file draws itself.
    `one_byte`: a code is a byte, so that word spacing applies to code 32.
    """

    bold: bool
    fixed: bool
    em: float
    one_byte: bool
    _split: Callable[[bytes], Any]
    _look_up: Callable[[Any], Glyph]
    _known: dict[Any, Glyph] = field(default_factory=dict)

    def glyphs(self, data: bytes) -> list[Glyph]:
        """The characters that a string shows, each with its width; U+FFFD for an unknown one."""
        known = self._known
        found: list[Glyph] = []
        for code in self._split(data):
            glyph = known.get(code)
            if glyph is None:
                text, width = self._look_up(code)
                text = _NOT_TEXT.sub(UNKNOWN, text).translate(_BULLETS)
                glyph = known[code] = text, width
            found.append(glyph)
        return found


def read_font(resource: Any) -> PdfFont:
    """The font of a page's resource dictionary; one that is damaged reads as U+FFFD."""
    from pypdf.errors import PyPdfError
    from pypdf.generic._font import Font

    try:
        font = Font.from_font_resource(resource)
        return _simple(font, resource) if isinstance(font.encoding, dict) else _composite(
            font, resource
        )  # fmt: skip
    except (PyPdfError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        logging.getLogger(__name__).debug("damaged font", exc_info=True)
        return PdfFont(False, False, 1.0, True, lambda data: data, lambda code: (UNKNOWN, 0.5))


def _simple(font: Font, resource: Any) -> PdfFont:
    encoding, mapped, widths = font.encoding, font.character_map, font.character_widths
    unit, em = 0.001, 1.0
    if resource.get("/Subtype") == "/Type3":
        unit, em = _drawn_units(resource)
        # pypdf leaves these out where it doesn't know the glyphs' names.
        first = int(_number(resource.get("/FirstChar"), 0.0))
        own = {chr(code): width for code, width in enumerate(resource["/Widths"], first)}
        widths = {**own, "default": widths.get("default", 0.0)}
    default = _number(widths.get("default"), 500.0)

    def look_up(code: int) -> Glyph:
        name = encoding.get(code, chr(code))  # type: ignore[union-attr]
        width = widths.get(chr(code))
        return _character(str(mapped.get(name, name))), _number(width, default) * unit

    return PdfFont(_is_bold(font), _is_fixed(font), em, True, lambda data: data, look_up)


def _composite(font: Font, resource: Any) -> PdfFont:
    encoding, mapped, widths = str(font.encoding), font.character_map, font.character_widths
    # Codes of an identity encoding are numbers of glyphs, not characters.
    numbers = resource.get("/Encoding") in _IDENTITY
    default = _number(widths.get("default"), 1000.0)

    def split(data: bytes) -> str:
        try:
            return data.decode(encoding, "surrogatepass")
        except UnicodeError:
            return data.decode(encoding, "replace")

    def look_up(code: str) -> Glyph:
        text = mapped.get(code)
        if text is None:
            # By custom the first glyphs are a font's blanks.
            text = code if not numbers else " " if code < " " else UNKNOWN
        return str(text), _number(widths.get(code), default) / 1000

    return PdfFont(_is_bold(font), _is_fixed(font), 1.0, False, split, look_up)


def _character(text: str) -> str:
    """What a code stands for, where the font gives only the name of a glyph that no list has:
    "/A" and "/#41" name a character by itself, other names nothing."""
    if len(text) > 1 and text[0] == "/":
        code = _ESCAPED.fullmatch(text)
        text = text[1] if len(text) == 2 else chr(int(code[1], 16)) if code else UNKNOWN
    return _LIGATURES.get(text, text)


def _drawn_units(resource: Any) -> tuple[float, float]:
    """The unit of a width and the em of a font that the file draws itself (Type 3)."""
    matrix = [abs(_number(value, 0.0)) for value in resource["/FontMatrix"]]
    box = [_number(value, 0.0) for value in resource.get("/FontBBox", ())]
    height = box[3] - box[1] if len(box) == 4 else 0.0
    if height <= 0:
        widths = [_number(value, 0.0) for value in resource.get("/Widths", ())]
        height = max(widths, default=1000.0)
    unit = matrix[0] or matrix[1] or 0.001
    return unit, (matrix[3] or unit) * height or 1.0


def _number(value: Any, default: float) -> float:
    return float(value) if isinstance(value, (int, float)) else default


def _is_bold(font: Font) -> bool:
    descriptor = font.font_descriptor
    flags = descriptor.flags if isinstance(descriptor.flags, int) else 0
    weight = descriptor.weight
    heavy = isinstance(weight, (int, float)) and weight >= _BOLD_WEIGHT
    return heavy or bool(flags & _FORCED_BOLD) or bool(_BOLD.search(font.name))


def _is_fixed(font: Font) -> bool:
    flags = font.font_descriptor.flags
    return isinstance(flags, int) and bool(flags & _FIXED_PITCH)
