"""The tables in an RTF document's head: its fonts, which decide encodings, and its styles."""

from __future__ import annotations

from dataclasses import dataclass, field

from qa.readers.office.styles import Style, by_name
from qa.readers.rtf.codes import SYMBOL_CHARSET, charset, code_page

_MOST_ENTRIES = 20_000


@dataclass(slots=True)
class Font:
    """What is written with a font; no encoding of its own: the document's."""

    encoding: str | None = None
    symbol: bool = False
    name: str = ""


@dataclass(slots=True)
class Head:
    """Reads both tables, word by word; `table` says which is being read ("fonttbl")."""

    fonts: dict[int, Font] = field(default_factory=dict)
    styles: dict[int, Style] = field(default_factory=dict)
    table: str = ""
    # The entry being read, -1 between two.
    entry: int = -1
    name: list[str] = field(default_factory=list)
    level: int | None = None

    def begin(self, table: str) -> None:
        """One of the tables begins here."""
        self.table, self.entry = table, -1

    def word(self, word: str, number: int | None) -> None:
        """A control word of the table, with its number."""
        fonts = self.table == "fonttbl"
        if word == ("f" if fonts else "s") and number is not None:
            few = len(self.fonts) + len(self.styles) < _MOST_ENTRIES
            self.entry, self.name, self.level = number if few else -1, [], None
            if few and fonts:
                self.fonts[number] = Font()
        elif word in ("cs", "ds", "ts"):
            self.entry = -1
        elif self.entry < 0:
            return
        elif fonts and word == "fcharset" and number is not None:
            font = self.fonts[self.entry]
            font.encoding, font.symbol = charset(number), number == SYMBOL_CHARSET
        elif fonts and word == "cpg" and number is not None:
            self.fonts[self.entry].encoding = code_page(number)
        elif word == "outlinelevel" and number is not None and 0 <= number <= 8:
            self.level = number + 1

    def text(self, text: str) -> None:
        """Characters of an entry's name, which ends at a semicolon."""
        name, semicolon, _ = text.partition(";")
        if self.entry >= 0 and len(self.name) < 100:
            self.name.append(name[:200])
        if semicolon:
            self.end_entry()

    def end_entry(self) -> None:
        """The entry being read, if there is one, is complete."""
        name = "".join(self.name).strip()
        if self.entry >= 0 and self.table == "fonttbl":
            self.fonts[self.entry].name = name
        elif self.entry >= 0:
            level, kind = by_name(name.lower())
            level = self.level if level is None else level
            self.styles[self.entry] = Style(None if kind else level, kind)
        self.entry, self.name = -1, []
