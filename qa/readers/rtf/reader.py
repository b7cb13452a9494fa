"""RTF: the stored text is the document's running text with its changes accepted.

Read here and not by a library, since what decides whether words may be quoted (deleted,
hidden, in a note, a heading, a table) is in the control words that those drop.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path

from qa.errors import ReadError
from qa.readers.office.flow import NOTE, Flow, title_of
from qa.readers.office.styles import UNKNOWN, meaningful_title, shown
from qa.readers.rtf.words import (
    CHARACTERS,
    ENTERED,
    SKIPPED,
    WORDS,
    Head,
    Paragraphs,
    code_page,
    document_encoding,
)
from qa.records import SourceText

_MOST_DEPTH = 4096
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?[0-9]{1,9})? ?|\\'([0-9a-fA-F]{2})|([{}])|\\([^a-zA-Z])|([^\\{}\r\n]+)"
)
# Some programs leave out the last brace, so this is no reason to refuse a file.
_CUT_SHORT = "the file ends inside a group, so its end may be missing"
_TABLES = ("fonttbl", "stylesheet")
_CHARACTER_WORDS = frozenset("f v deleted plain uc deff ansicpg ansi mac pc pca".split())
_ENTRY_WORDS = frozenset("cs ds ts fcharset cpg".split())
_GROUP_WORDS = ENTERED | SKIPPED | frozenset("fonttbl stylesheet info title footnote".split())
_MEANT = frozenset(CHARACTERS) | _GROUP_WORDS | WORDS | _CHARACTER_WORDS | _ENTRY_WORDS


def read_rtf(data: bytes, path: Path) -> SourceText:
    """Return the text of an RTF document with its paragraphs, headings, lists and tables marked.

    Tracked deletions, hidden text, comments, headers, footers, field codes and the numbers of
    lists and notes are left out. Notes and text boxes follow the paragraph or table that they
    stand in. The title is the only paragraph of the style Title, else that of the file's
    properties; it has no date and no pages, as in DOCX.

    A file that seems to be cut short is read as far as it goes, with a note. Raises ReadError
    for what is no RTF file or nests too deeply.
    """
    head = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n\0")
    if not head.startswith(b"{\\rtf"):
        raise ReadError(path, "is not an RTF file (or is damaged): it does not begin as one")
    document = _Document(path)
    document.read(data)
    items = document.flow.items()
    text, blocks, links = document.flow.finish()
    title = title_of(items) or meaningful_title(document.title[:1000])
    return SourceText(
        text=text,
        format="rtf",
        reader="rtf/1",
        blocks=blocks,
        title=title,
        notes=(_CUT_SHORT,) if document.cut_short else (),
        links=links,
    )


@dataclass(slots=True)
class _Group:
    """What holds until the group's closing brace. `into` is where characters go: the running
    text (""), nowhere ("skip"), or one of the tables in the document's head."""

    into: str = ""
    skip_unicode: int = 1
    font: int = -1
    hidden: bool = False
    deleted: bool = False
    aside: bool = False
    starred: bool = False


@dataclass(slots=True)
class _Document:
    """The state of reading; `read` goes through the tokens once."""

    path: Path
    head: Head = field(default_factory=Head)
    paragraphs: Paragraphs = field(init=False)
    flow: Flow = field(init=False)
    title: str = ""
    encoding: str = "cp1252"
    group: _Group = field(default_factory=_Group)
    outer: list[_Group] = field(default_factory=list)
    default_font: int = -1
    # Bytes not yet decoded: one character may take several tokens.
    pending: bytearray = field(default_factory=bytearray)
    surrogate: int = 0
    skip: int = 0
    cut_short: bool = False

    def __post_init__(self) -> None:
        self.paragraphs = Paragraphs(self.head.styles)
        self.flow = self.paragraphs.flow

    def read(self, data: bytes) -> None:
        for word, number, code, brace, symbol, raw in _tokens(data):
            if raw:
                self._raw(raw)
            elif code:
                self._raw(bytes((int(code, 16),)))
            elif brace == b"{":
                self._open()
            elif brace:
                self._close()
                if not self.outer:
                    break
            elif word:
                self._word(word.decode("ascii"), int(number) if number else None)
            else:
                self._symbol(symbol)
        else:
            self.cut_short = True
        self._decode()
        self.paragraphs.finish()

    # ---- groups ----------------------------------------------------------------------

    def _open(self) -> None:
        self._decode()
        self.skip = 0
        if len(self.outer) >= _MOST_DEPTH:
            raise ReadError(self.path, f"nests groups deeper than {_MOST_DEPTH:,}; not read")
        self.outer.append(self.group)
        self.group = copy(self.group)
        self.group.aside = self.group.starred = False

    def _close(self) -> None:
        self._decode()
        self.skip = 0
        if self.group.aside:
            self.paragraphs.end_aside()
        if self.group.into in _TABLES:
            self.head.end_entry()
        self.group = self.outer.pop() if self.outer else _Group()

    # ---- characters ------------------------------------------------------------------

    def _raw(self, raw: bytes) -> None:
        if self.skip:
            skipped = min(self.skip, len(raw))
            self.skip -= skipped
            raw = raw[skipped:]
        if self.group.into != "skip":
            self.pending += raw

    def _decode(self) -> None:
        if self.surrogate and not self.skip:
            self.surrogate = 0
            self._put(UNKNOWN)
        if self.pending:
            data = bytes(self.pending)
            self.pending.clear()
            font = self.head.fonts.get(self.group.font)
            if font is not None and font.symbol and not self.group.into:
                self._put("".join(shown(byte, font.name) for byte in data))
            else:
                encoding = font.encoding if font is not None and font.encoding else self.encoding
                self._put(data.decode(encoding, "replace").replace("\0", UNKNOWN))

    def _put(self, text: str) -> None:
        into = self.group.into
        if not into:
            if not (self.group.hidden or self.group.deleted):
                self.flow.write(text)
        elif into == "title":
            self.title += text[:1000]
        elif into in _TABLES:
            self.head.text(text)

    def _unicode(self, number: int) -> None:
        """Take a UTF-16 unit, as a signed number; the characters after it are for old readers."""
        unit = number + 0x10000 if number < 0 else number
        high, self.surrogate = self.surrogate, 0
        self.skip = self.group.skip_unicode
        if 0xDC00 <= unit <= 0xDFFF and high:
            self._put(chr(0x10000 + ((high - 0xD800) << 10) + unit - 0xDC00))
            return
        if high:
            self._put(UNKNOWN)
        if 0xD800 <= unit <= 0xDBFF:
            self.surrogate = unit
        elif 0xE000 <= unit <= 0xF8FF:
            font = self.head.fonts.get(self.group.font)
            self._put(shown(unit, font.name if font is not None else ""))
        else:
            fits = 0 < unit <= 0x10FFFF and not 0xDC00 <= unit <= 0xDFFF
            self._put(chr(unit) if fits else UNKNOWN)

    def _symbol(self, symbol: bytes) -> None:
        character = symbol.decode("latin-1")
        if self.skip:
            self.skip -= 1
        elif character == "*":
            self.group.starred = True
        elif character in "\r\n":
            self._word("par", None)
        elif character in CHARACTERS:
            self._decode()
            self._put(CHARACTERS[character])

    # ---- control words ---------------------------------------------------------------

    def _word(self, word: str, number: int | None) -> None:
        if word == "u" and number is not None:
            if self.pending:
                self._decode()
            self._unicode(number) if self.group.into != "skip" else None
            return
        self._decode()
        if self.skip:
            self.skip -= 1
            return
        # Most words only say how the text looks.
        if (word not in _MEANT and not self.group.starred) or self._enters(word):
            return
        if self.group.into == "skip":
            return
        if word in CHARACTERS:
            self._put(CHARACTERS[word])
        elif self.group.into in _TABLES:
            self.head.word(word, number)
        elif not self._of_character(word, number):
            self.paragraphs.word(word, number)

    def _enters(self, word: str) -> bool:
        """Return whether the word says what its group is, and sets that."""
        group = self.group
        starred, group.starred = group.starred, False
        if word == "ud":
            group.into = self.outer[-2].into if len(self.outer) > 1 else ""
        elif group.into == "skip":
            return False
        elif word in ("listtext", "pntext", "pn"):
            self.paragraphs.properties.listed = True
            group.into = "skip"
        elif word in SKIPPED or (starred and word not in ENTERED and word != "cs"):
            group.into = "skip"
        elif word in _TABLES:
            group.into = word
            self.head.begin(word)
        elif word == "info":
            group.into = "info"
        elif word == "title" and group.into == "info":
            group.into = "title"
        elif word == "footnote":
            group.aside = True
            self.paragraphs.begin_aside(NOTE)
        elif word in ("shptxt", "dptxbxtext"):
            group.aside = True
            self.paragraphs.begin_aside()
        else:
            return False
        return True

    def _of_character(self, word: str, number: int | None) -> bool:
        group = self.group
        if word == "f":
            group.font = number if number is not None else -1
        elif word == "v":
            group.hidden = number != 0
        elif word == "deleted":
            group.deleted = number != 0
        elif word == "plain":
            group.hidden = group.deleted = False
            group.font = self.default_font
        elif word == "uc":
            group.skip_unicode = min(max(number or 0, 0), 16)
        elif word == "deff":
            self.default_font = group.font = number if number is not None else -1
        elif word == "ansicpg" and number is not None:
            self.encoding = code_page(number) or self.encoding
        elif (encoding := document_encoding(word)) is not None:
            self.encoding = encoding
        else:
            return False
        return True


def _tokens(data: bytes) -> Iterator[tuple[bytes, ...]]:
    """Yield control words with their numbers, characters' codes, braces, control symbols, text.

    The bytes after `\\bin` are passed over: they may look like anything.
    """
    at = 0
    while match := _TOKEN.search(data, at):
        at = match.end()
        groups = match.groups()
        if groups[0] == b"bin":
            at += max(int(groups[1] or 0), 0)
        yield groups
