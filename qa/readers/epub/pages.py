"""A page of an EPUB book as a tree: XHTML for a parser that knows HTML."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from qa.readers.encodings import decode
from qa.readers.html.head import declared_encoding
from qa.readers.html.limits import tamed
from qa.readers.zipped import Archive

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_LARGEST_PAGE = 16 * 1024 * 1024
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_EMPTY_ELEMENT = re.compile(r"<([a-zA-Z][\w:.-]*+)((?:[^<>/]++|/(?!>))*+)/>")
_DECLARATIONS = re.compile(r"<!DOCTYPE[^<>\[]{0,500}\[[^\]]{0,20000}\]\s*>", re.IGNORECASE)


def parse_page(archive: Archive, member: str, path: Path) -> LexborHTMLParser:
    """The tree of one page; raises ReadError where it can't be read or is no text."""
    from selectolax.lexbor import LexborHTMLParser

    data = archive.read(member, _LARGEST_PAGE)
    markup = decode(data, path, declared_encoding) if data.strip() else ""
    return LexborHTMLParser(tamed(_as_html(markup)))


def _as_html(markup: str) -> str:
    """XHTML so that an HTML parser takes it alike: `<title/>` is empty, CDATA is text, and what
    a document type declares is no text. No entity that it declares is ever expanded."""
    head, rest = markup[:30_000], markup[30_000:]
    markup = _DECLARATIONS.sub("<!DOCTYPE html>", head, count=1) + rest
    if "<![CDATA[" in markup:
        first, *others = markup.split("<![CDATA[")
        pieces = (part.partition("]]>") for part in others)
        markup = first + "".join(escape(inside, quote=False) + after for inside, _, after in pieces)
    return _EMPTY_ELEMENT.sub(_opened_and_closed, markup)


def _opened_and_closed(match: re.Match[str]) -> str:
    name = match[1]
    return match[0] if name.lower() in _VOID else f"<{name}{match[2]}></{name}>"
