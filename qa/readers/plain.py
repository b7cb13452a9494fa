"""Text files, plain or Markdown: the stored text is the file's own."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.locating import line_starts
from qa.readers.declared import collapsed, declared_date
from qa.readers.encodings import decode
from qa.records import Block, BlockKind, SourceText

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token


def read_plain(data: bytes, path: Path) -> SourceText:
    """Return a text file as it is; it declares nothing, so it has no blocks, title or date.

    Raises ReadError for bytes that are no text.
    """
    return SourceText(text=decode(data, path), format="text", reader="text/1")


# YAML between two lines of dashes, or TOML between two of plus signs, at the very beginning,
# with a key on its first line.
_FRONT_MATTER = re.compile(
    r"(?:---[ \t]*(?:\r\n|\n|\r)(?=[ \t]*[A-Za-z_][\w .-]{0,60}:(?:[ \t]|\r|\n))"
    r"|(\+\+\+)[ \t]*(?:\r\n|\n|\r)(?=[ \t]*[A-Za-z_][\w.-]{0,60}[ \t]*=))"
)
_FRONT_MATTER_END = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\r\n|\r|\n|\Z)", re.MULTILINE)
_TOML_END = re.compile(r"^\+\+\+[ \t]*(?:\r\n|\r|\n|\Z)", re.MULTILINE)
_FRONT_MATTER_REACH = 20_000
_SIMPLE_VALUE = re.compile(
    r"^(title|date)[ \t]*(?::[ \t]+|=[ \t]*)(\S[^\r\n]*)", re.MULTILINE | re.IGNORECASE
)
_EMPHASIS = re.compile(r"[*_`]+(?=\S)|(?<=\S)[*_`]+")
_INLINE_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")


def read_markdown(data: bytes, path: Path) -> SourceText:
    """Return a Markdown file as it is, with its CommonMark blocks and tables marked.

    A block's span holds its content without the marks around it (`#`, `-`, `>`, code
    fences); marks inside it, of emphasis and links and at the beginning of a quotation's
    later lines, are part of the stored text and so stay. Front matter, raw HTML, comments
    and link definitions are METADATA. The title is front matter's, else that of a
    first-level heading which opens the file and is the only one.

    Raises ReadError for bytes that are no text.
    """
    text = decode(data, path)
    fields, body = _front_matter(text)
    blocks = _Blocks(text, body).collect()
    if body:
        blocks.insert(0, Block(BlockKind.METADATA, 0, len(text[:body].rstrip())))
    return SourceText(
        text=text,
        format="markdown",
        reader="markdown/1",
        blocks=tuple(blocks),
        title=fields.get("title") or _heading_title(text, blocks),
        date=declared_date(fields.get("date", "")),
    )


def _front_matter(text: str) -> tuple[dict[str, str], int]:
    """Return front matter's simple fields, and where the text after it begins (0: there is
    none)."""
    opening = _FRONT_MATTER.match(text)
    if not opening:
        return {}, 0
    head = text[: opening.end() + _FRONT_MATTER_REACH].replace("\r\n", " \n").replace("\r", "\n")
    closing = (_TOML_END if opening[1] else _FRONT_MATTER_END).search(head, opening.end())
    if not closing:
        return {}, 0
    fields: dict[str, str] = {}
    stop = closing.start()
    if opening[1]:  # what stands in one of TOML's tables is not the document's own
        table = head.find("\n[", opening.end(), stop)
        stop = table if table >= 0 else stop
    for match in _SIMPLE_VALUE.finditer(head, opening.end(), stop):
        if value := _simple(match[2]):
            fields.setdefault(match[1].lower(), value)
    return fields, closing.end()


def _simple(value: str) -> str | None:
    """Return a YAML value that is a plain or quoted string on one line; None for anything
    richer."""
    value = value.strip()
    if len(value) >= 2 and value[0] in "\"'" and value[-1] == value[0]:
        return collapsed(value[1:-1])
    if value[0] in "[{|>&*!\"'%@`#":
        return None
    return collapsed(value.split(" #", 1)[0])


def _heading_title(text: str, blocks: list[Block]) -> str | None:
    content = [block for block in blocks if block.kind is not BlockKind.METADATA]
    tops = [block for block in content if block.kind is BlockKind.HEADING and block.level == 1]
    if len(tops) != 1 or content[0] != tops[0]:
        return None
    words = _INLINE_LINK.sub(r"\1", text[tops[0].start : min(tops[0].end, tops[0].start + 1000)])
    return collapsed(_EMPHASIS.sub("", words))


@cache
def _parser() -> MarkdownIt:
    """Return a parser of blocks alone: what stands inside a line costs time and changes no
    block."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable("table")
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


@dataclass(slots=True)
class _Blocks:
    """Turns markdown-it's line numbers into blocks with offsets into the whole text."""

    text: str
    body: int
    starts: list[int] = field(init=False)
    found: list[Block] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        # Lines are counted in the body, as the parser sees it; offsets are the whole text's.
        self.starts = [self.body + at for at in line_starts(self.text[self.body :])]
        self.starts.append(len(self.text))

    def collect(self) -> list[Block]:
        environment: dict[str, Any] = {}
        tokens = _parser().parse(self.text[self.body :], environment)
        opened: list[Token] = []
        for token in tokens:
            if token.nesting == 1:
                opened.append(token)
                if token.type == "table_open":
                    self._lines(BlockKind.TABLE, token)
            elif token.nesting == -1:
                opened.pop()
            else:
                self._leaf(token, opened)
        definitions = [*environment.get("references", {}).values()]
        for definition in [*definitions, *environment.get("duplicate_refs", [])]:
            if span := definition.get("map"):
                self._add(BlockKind.METADATA, self.starts[span[0]], self.starts[span[1]])
        return self._in_order()

    def _leaf(self, token: Token, opened: list[Token]) -> None:
        if token.type == "inline":
            self._inline(token, opened)
        elif token.type == "html_block":
            self._lines(BlockKind.METADATA, token)
        elif token.type == "code_block":
            self._lines(BlockKind.CODE, token)
        elif token.type == "fence" and token.map:
            first = token.map[0] + 1
            last = min(first + token.content.count("\n"), token.map[1])
            self._add(BlockKind.CODE, self.starts[first], self.starts[last])

    def _inline(self, token: Token, opened: list[Token]) -> None:
        around = {open_token.type for open_token in opened}
        if not token.map or not token.content or "table_open" in around:
            return
        wanted = token.content.split("\n")
        first = token.map[0]
        last = min(first + len(wanted), token.map[1]) - 1
        start = self._find(first, wanted[0])
        end = self._find(last, wanted[-1], from_right=True) + len(wanted[-1].strip())
        kind, level = BlockKind.PARAGRAPH, 0
        if opened[-1].type == "heading_open":
            kind, level = BlockKind.HEADING, int(opened[-1].tag[1:])
        elif "blockquote_open" in around:
            kind = BlockKind.QUOTE
        elif "list_item_open" in around:
            kind = BlockKind.LIST_ITEM
        self._add(kind, start, end, level)

    def _find(self, line: int, words: str, *, from_right: bool = False) -> int:
        """Return where a line's content stands in the raw line, after the marks before it."""
        low, high = self.starts[line], self.starts[line + 1]
        words = words.strip()
        at = self.text.rfind(words, low, high) if from_right else self.text.find(words, low, high)
        return at if at >= 0 else (high - len(words) if from_right else low)

    def _lines(self, kind: BlockKind, token: Token) -> None:
        if token.map:
            self._add(kind, self.starts[token.map[0]], self.starts[token.map[1]])

    def _add(self, kind: BlockKind, start: int, end: int, level: int = 0) -> None:
        held = self.text[start:end]
        start += len(held) - len(held.lstrip("\r\n"))
        end = start + len(held.strip("\r\n").rstrip())
        if kind is not BlockKind.CODE:
            start += len(self.text[start:end]) - len(self.text[start:end].lstrip())
        if start < end:
            self.found.append(Block(kind, start, end, level))

    def _in_order(self) -> list[Block]:
        """Return the blocks by position, without those that would overlap their predecessor."""
        ordered: list[Block] = []
        for block in sorted(self.found, key=lambda block: (block.start, -block.end)):
            if not ordered or block.start >= ordered[-1].end:
                ordered.append(block)
        return ordered
