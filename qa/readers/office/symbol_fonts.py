"""Characters that a document writes as positions in a symbol font, as the Unicode they show."""

from __future__ import annotations

# The letters of the font Symbol, in the order of the Latin ones that they replace; after
# Adobe's Symbol encoding (https://www.unicode.org/Public/MAPPINGS/VENDORS/ADOBE/symbol.txt).
_UPPER = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ"
_LOWER = "αβχδεφγηιϕκλμνοπθρστυϖωξψζ"
_SYMBOL = {
    **dict(zip(range(0x41, 0x5B), _UPPER, strict=True)),
    **dict(zip(range(0x61, 0x7B), _LOWER, strict=True)),
    **{position: chr(position) for position in (*range(0x20, 0x22), *range(0x28, 0x2A))},
    **{position: chr(position) for position in (0x23, 0x25, 0x26, 0x2B, 0x2C, 0x2E, 0x2F)},
    **{position: chr(position) for position in (*range(0x30, 0x40), 0x5B, 0x5D, 0x5F, 0x7B, 0x7C)},
    **{0x7D: "}", 0x22: "∀", 0x24: "∃", 0x27: "∋", 0x2A: "∗", 0x2D: "−", 0x40: "≅", 0x5C: "∴"},
    **{0x5E: "⊥", 0x7E: "∼", 0xA0: "€", 0xA2: "′", 0xA3: "≤", 0xA5: "∞", 0xAB: "↔", 0xAC: "←"},
    **{0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°", 0xB1: "±", 0xB2: "″", 0xB3: "≥", 0xB4: "×"},
    **{0xB5: "∝", 0xB6: "∂", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xBC: "…"},
    **{0xC5: "⊕", 0xC6: "∅", 0xC7: "∩", 0xC8: "∪", 0xC9: "⊃", 0xCC: "⊂", 0xCE: "∈", 0xCF: "∉"},
    **{0xD0: "∠", 0xD1: "∇", 0xD5: "∏", 0xD6: "√", 0xD7: "⋅", 0xD8: "¬", 0xD9: "∧", 0xDA: "∨"},
    **{0xDB: "⇔", 0xDC: "⇐", 0xDE: "⇒", 0xE5: "∑", 0xF2: "∫"},
}
# The few signs of Wingdings that stand in running text or before the items of a list.
_WINGDINGS = {
    **{0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x76: "❖", 0x9F: "•", 0xA7: "▪", 0xA8: "□"},
    **{0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE8: "➔", 0xFB: "✗", 0xFC: "✓", 0xFE: "☑", 0x4A: "☺"},
}
_FONTS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS}
UNKNOWN = "\ufffd"


def shown(position: int, font: str) -> str:
    """What `font` shows at a position (0x00-0xFF, or the same in Unicode's private 0xF000).

    Another font's character is itself, if it is one; what is not known is U+FFFD.
    """
    low = position - 0xF000 if 0xF000 <= position <= 0xF0FF else position
    table = _FONTS.get(font.strip().casefold())
    if table is not None and low <= 0xFF:
        return table.get(low, UNKNOWN)
    private = 0xE000 <= position <= 0xF8FF or 0xD800 <= position <= 0xDFFF
    return UNKNOWN if private or not 0x20 <= position <= 0x10FFFF else chr(position)
