"""What RTF's control words mean: characters and encodings, the tables of the document's head, and
paragraphs, tables, notes and boxes.

After Microsoft's "Rich Text Format (RTF) Specification", version 1.9.1. A table is known in RTF
only by what its paragraphs say of themselves and by the marks that end cells and rows, so it is
opened and closed as paragraphs end.
"""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass, field

from qa.readers.office.flow import Flow, Paragraph
from qa.readers.office.styles import NO_STYLE, ParagraphStyle, by_name
from qa.records import BlockKind

# Characters that have a control word or control symbol of their own.
CHARACTERS = {
    **{"tab": "\t", "line": "\n", "lbr": "\n", "softline": "\n", "emdash": "—", "endash": "–"},
    **{"emspace": "\u2003", "enspace": "\u2002", "qmspace": "\u2005", "bullet": "•"},
    **{"lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”"},
    **{"zwj": "\u200d", "zwnj": "\u200c", "page": "\n\n", "column": "\n\n"},
    **{"~": "\u00a0", "_": "\u2011", "\\": "\\", "{": "{", "}": "}", "\t": "\t"},
}

# Groups whose text is no part of the running text. What begins with `\*` and is not known is
# left out too, as the specification asks.
_NAMES = """
    annotation atnauthor atndate atnid atnparent atnref atntime atrfend atrfstart author
    background bkmkend bkmkstart buptim category colorschememapping colortbl comment company
    creatim datafield datastore defchp defpap doccomm docvar factoidname falt fchars
    ffdeftext ffentrymcr ffexitmcr ffformat ffhelptext ffl ffname ffstattext file filetbl fldinst
    fname fontemb fontfile footer footerf footerl footerr formfield ftncn ftnsep ftnsepc aftncn
    aftnsep aftnsepc g generator gridtbl header headerf headerl headerr hlinkbase hlloc hlsrc
    keycode keywords latentstyles lchars levelnumbers leveltext lfolevel linkval list listlevel
    listname listoverride listoverridetable listpicture liststylename listtable listtext
    lsdlockedexcept mailmerge manager mmathPict nextfile nonesttables nonshppict objalias objclass
    objdata objname objsect objtime oldcprops oldpprops oldsprops oldtprops oleclsid operator
    panose password passwordhash pgp pgptbl picprop pict pn pnseclvl pntext pntxta pntxtb printim
    private protend protstart protusertbl revtbl revtim rsidtbl rxe shprslt sn sp staticval subject
    sv svb tc template themedata txe upr userprops wgrffmtfilter windowcaption writereservation
    writereservhash xe xform xmlattrname xmlattrvalue xmlclose xmlname xmlnstbl xmlopen
"""
SKIPPED = frozenset(_NAMES.split())
# Groups that are read although they begin with `\*`, or stand in one that is left out.
ENTERED = frozenset("shpinst shptxt ud nesttableprops do dptxbxtext".split())

# \fcharset's numbers: the encoding of what is written with a font. 1 is the document's own.
_CHARSETS = {
    **{0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk"},
    **{136: "cp950", 161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256"},
    **{186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850"},
    **{78: "shift_jis", 83: "mac_greek", 84: "mac_cyrillic", 85: "gbk", 88: "cp874"},
    **{80: "euc_kr", 89: "mac_latin2", 79: "big5", 86: "mac_romanian"},
}
SYMBOL_CHARSET = 2
_PAGES = {10000: "mac_roman", 10007: "mac_cyrillic", 65001: "utf-8", 936: "gbk", 1361: "johab"}
_BY_WORD = {"ansi": "cp1252", "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}


def charset(number: int) -> str | None:
    """Return the encoding of a font of that character set; None for the document's own."""
    return _CHARSETS.get(number)


def code_page(number: int) -> str | None:
    """Return the encoding that Windows numbers so, if Python has it."""
    name = _PAGES.get(number, f"cp{number}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None


def document_encoding(word: str) -> str | None:
    """Return the encoding that `\\ansi`, `\\mac`, `\\pc` or `\\pca` names; None for other words."""
    return _BY_WORD.get(word)


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
    styles: dict[int, ParagraphStyle] = field(default_factory=dict)
    table: str = ""
    # The entry being read, -1 between two.
    entry: int = -1
    name: list[str] = field(default_factory=list)
    level: int | None = None

    def begin(self, table: str) -> None:
        """Begin one of the tables."""
        self.table, self.entry = table, -1

    def word(self, word: str, number: int | None) -> None:
        """Take a control word of the table, with its number."""
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
        """Take characters of an entry's name, which ends at a semicolon."""
        name, semicolon, _ = text.partition(";")
        if self.entry >= 0 and len(self.name) < 100:
            self.name.append(name[:200])
        if semicolon:
            self.end_entry()

    def end_entry(self) -> None:
        """Complete the entry that is being read, if there is one."""
        name = "".join(self.name).strip()
        if self.entry >= 0 and self.table == "fonttbl":
            self.fonts[self.entry].name = name
        elif self.entry >= 0:
            level, kind = by_name(name.lower())
            level = self.level if level is None else level
            self.styles[self.entry] = ParagraphStyle(None if kind else level, kind)
        self.entry, self.name = -1, []


_DEEPEST_TABLE = 16

WORDS = frozenset("par sect pard s outlinelevel ls intbl itap cell nestcell row nestrow".split())


@dataclass(slots=True)
class _Properties:
    """A paragraph's properties; `depth` is how many tables it stands in."""

    style: int = 0
    level: int | None = None
    listed: bool = False
    depth: int = 0


@dataclass(slots=True)
class _Table:
    """Whether a row, and in it a cell, has begun."""

    row: bool = False
    cell: bool = False


@dataclass(slots=True)
class Paragraphs:
    """Follows paragraphs' properties and ends, and tells the flow what comes."""

    styles: Mapping[int, ParagraphStyle]
    flow: Flow = field(default_factory=Flow)
    properties: _Properties = field(default_factory=_Properties)
    # The tables that are open here, the innermost last.
    tables: list[_Table] = field(default_factory=list)
    interrupted: list[tuple[_Properties, list[_Table]]] = field(default_factory=list)

    def word(self, word: str, number: int | None) -> None:
        """Take one of `WORDS`, with its number; others mean nothing here."""
        properties = self.properties
        if word in ("par", "sect"):
            self.end_paragraph()
        elif word == "pard":
            self.properties = _Properties()
        elif word == "s":
            properties.style = number or 0
        elif word == "outlinelevel":
            properties.level = number + 1 if number is not None and 0 <= number <= 8 else -1
        elif word == "ls":
            properties.listed = bool(number)
        elif word == "intbl":
            properties.depth = max(properties.depth, 1)
        elif word == "itap":
            properties.depth = min(max(number or 0, 0), _DEEPEST_TABLE)
        elif word in ("cell", "nestcell"):
            self._cell_ends(1 if word == "cell" else max(2, properties.depth))
        elif word in ("row", "nestrow"):
            self._row_ends(1 if word == "row" else max(2, properties.depth))

    def begin_aside(self, kind: BlockKind | None = None) -> None:
        """Begin a note or box, which has paragraphs and tables of its own."""
        self.flow.begin_aside(kind)
        self.interrupted.append((self.properties, self.tables))
        self.properties, self.tables = _Properties(), []

    def end_aside(self) -> None:
        self.end_paragraph(only_if_written=True)
        self._set_tables(0)
        self.flow.end_aside()
        self.properties, self.tables = self.interrupted.pop()

    def end_paragraph(self, *, only_if_written: bool = False) -> None:
        """Make what was written a paragraph, in as many tables as it says it stands in."""
        paragraph = self.flow.paragraph
        if only_if_written and not (paragraph.pieces or paragraph.after):
            return
        self._set_tables(self.properties.depth)
        style = self.styles.get(self.properties.style, NO_STYLE)
        level = style.level if self.properties.level is None else self.properties.level
        if style.kind is BlockKind.NAVIGATION:
            paragraph.kind = style.kind
        elif level is not None and level >= 0:
            paragraph.kind, paragraph.level = BlockKind.HEADING, level
        elif self.properties.listed:
            paragraph.kind = BlockKind.LIST_ITEM
        else:
            paragraph.kind = style.kind or BlockKind.PARAGRAPH
        self.flow.end_paragraph()

    def _set_tables(self, depth: int) -> None:
        """Open and close tables, so that the paragraph that ends here goes into a cell of the
        innermost of `depth` tables."""
        paragraph, self.flow.paragraph = self.flow.paragraph, Paragraph()
        self._close_tables(depth)
        while len(self.tables) < depth:
            self._open_cell()
            self.flow.begin_table()
            self.tables.append(_Table())
        self._open_cell()
        self.flow.paragraph = paragraph

    def _close_tables(self, depth: int) -> None:
        while len(self.tables) > depth:
            self.flow.end_table()
            self.tables.pop()

    def _open_cell(self) -> None:
        if not self.tables:
            return
        table = self.tables[-1]
        if not table.row:
            self.flow.begin_row()
        if not table.cell:
            self.flow.begin_cell()
        table.row = table.cell = True

    def _cell_ends(self, depth: int) -> None:
        # A cell's last paragraph has no end of its own; some programs don't say that it
        # stands in a table either.
        self.properties.depth = depth
        if self.flow.paragraph.pieces or self.flow.paragraph.after:
            self.end_paragraph()
        else:
            self._set_tables(depth)
        self.flow.end_cell()
        self.tables[-1].cell = False

    def _row_ends(self, depth: int) -> None:
        self._close_tables(depth)
        if len(self.tables) == depth:
            self.tables[-1].row = self.tables[-1].cell = False

    def finish(self) -> None:
        """End the document, and with it what was left open."""
        self.end_paragraph(only_if_written=True)
        self._set_tables(0)
