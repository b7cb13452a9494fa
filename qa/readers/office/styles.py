"""What word processors' styles, properties and symbol fonts say of a text, in whatever format."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from qa.readers.containers import Attributes, Container, Handlers, read_xml
from qa.readers.declared import collapsed
from qa.records import BlockKind

_HEADING = re.compile(r"heading ([1-9])")
_CONTENTS = re.compile(r"toc (?:\d|heading)|index (?:\d|heading)|table of (?:figures|authorities)")
# Word's, LibreOffice's, and those of programs that make documents from Markdown.
_QUOTES = frozenset(
    {"quote", "intense quote", "quotations", "block text", "block quote", "block quotation"}
)
_NO_TITLE = re.compile(
    r"microsoft word - .*|.*\.(?:docx?|dotx?|odt|ott|rtf|txt|pdf|html?)"
    r"|(?:untitled|document|dokument|документ|без имени|documento|sans titre|unbenannt) ?\d*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """What a paragraph's or run's style says. `level` 0 is the title's; None: no heading."""

    level: int | None = None
    kind: BlockKind | None = None
    listed: bool = False
    hidden: bool = False


NO_STYLE = ParagraphStyle()


def by_name(name: str) -> tuple[int | None, BlockKind | None]:
    """Return what a built-in style is; their names in the file are English in every language."""
    if match := _HEADING.fullmatch(name):
        return int(match[1]), None
    if name == "title":
        return 0, None
    if _CONTENTS.fullmatch(name):
        return None, BlockKind.NAVIGATION
    return None, BlockKind.QUOTE if name in _QUOTES else None


def meaningful_title(value: str) -> str | None:
    """Return a title from a file's properties; None for those that programs fill in by
    themselves."""
    title = collapsed(value)
    return None if title is None or _NO_TITLE.fullmatch(title) else title


def property_title(container: Container, path: Path, part: str) -> str | None:
    """Return the title among a file's properties (Dublin Core), if it is a meaningful one."""
    if part not in container:
        return None
    pieces: list[str] = []
    inside: list[bool] = []

    def begin(attributes: Attributes) -> None:
        inside.append(True)

    handlers = Handlers(
        {"http://purl.org/dc/elements/1.1/": "dc"},
        start={"dc:title": begin},
        end={"dc:title": inside.clear},
        text=lambda data: pieces.append(data) if inside else None,
    )
    read_xml(container.pieces(part), handlers, path, part)
    return meaningful_title("".join(pieces)[:1000])


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
    """Return what `font` shows at a position (0x00-0xFF, or the same in Unicode's private 0xF000).

    Another font's character is itself, if it is one; what is not known is U+FFFD.
    """
    low = position - 0xF000 if 0xF000 <= position <= 0xF0FF else position
    table = _FONTS.get(font.strip().casefold())
    if table is not None and low <= 0xFF:
        return table.get(low, UNKNOWN)
    private = 0xE000 <= position <= 0xF8FF or 0xD800 <= position <= 0xDFFF
    return UNKNOWN if private or not 0x20 <= position <= 0x10FFFF else chr(position)
