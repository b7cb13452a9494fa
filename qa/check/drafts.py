"""A draft's file → its text and its block quotes, from any format that is read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qa.check.link_claims import linked, quoted_blocks
from qa.readers.draft_links import split_links
from qa.readers.encodings import decode
from qa.readers.files import load
from qa.readers.formats import DOCX, DOCX_DRAFT, HTML, HTML_DRAFT, MARKDOWN, TEXT
from qa.readers.sniffing import format_of
from qa.records import Span

MAX_BYTES = 16 * 1024 * 1024
_AS_DRAFT = {DOCX: DOCX_DRAFT, HTML: HTML_DRAFT}


@dataclass(frozen=True, slots=True)
class DraftText:
    """A draft's text as it is checked. `fixable`: the text is the file's own, so that a
    corrected one can be written; `name` is for showing. Of a format with links of its own,
    those that cite a document are in the text as Markdown has them."""

    text: str
    name: str
    blocks: tuple[Span, ...] = ()
    fixable: bool = True


def read_draft(path: Path, max_bytes: int = MAX_BYTES) -> DraftText:
    """Read a draft's file; the suffix decides the format.

    Raises ReadError for a file that is missing, too large, damaged or no text.
    """
    return draft_of(load(path, max_bytes), path)


def draft_of(data: bytes, path: Path) -> DraftText:
    """The draft in a file's bytes; the path is not opened."""
    if not data:
        return DraftText("", path.name)
    format = format_of(data, path)
    if format in (TEXT, MARKDOWN):
        return DraftText(decode(data, path), path.name)
    from qa.readers.sandbox.isolation import read_isolated

    source = read_isolated(data, path, format=_AS_DRAFT.get(format))
    text, links = split_links(source.text)
    blocks = quoted_blocks(text, source.blocks)
    text, blocks = linked(text, blocks, links)
    return DraftText(text, path.name, blocks, fixable=False)
