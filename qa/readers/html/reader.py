"""HTML: the stored text is what a reader of the rendered page sees, a block a line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from qa.readers.declared import collapsed, declared_date
from qa.readers.encodings import decode
from qa.readers.html.page import render_page
from qa.records import Block, BlockKind, SourceText

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser


_DECLARATION_REACH = 4096
_META_CHARSET = re.compile(rb"<meta\b[^<>]{0,300}?\bcharset\s*=\s*[\"']?\s*([\w:.-]{2,30})", re.I)
_SITE = re.compile(r"\s+[•·|–—:-]\s+")
_XML_ENCODING = re.compile(rb"^\s*<\?xml\b[^<>]{0,200}?\bencoding\s*=\s*[\"']([\w:.-]{2,30})")
# The first that gives a clear date is taken: what says "published" before what may be anything.
_DATE_NAMES = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "publishdate",
    "pubdate",
    "publication_date",
    "citation_publication_date",
    "citation_date",
    "dcterms.issued",
    "dc.date.issued",
    "dcterms.created",
    "dc.date.created",
    "dcterms.date",
    "dc.date",
    "date",
)


def read_html(data: bytes, path: Path) -> SourceText:
    """Return the text of an HTML page as rendered, with its blocks marked.

    Blocks are separated by an empty line, items of a list, rows of a table and `<br>` by a
    line end, cells by a tab. White space is collapsed as a browser does it, save in `<pre>`.
    Scripts, styles, hidden elements and form controls are left out. Menus, side bars and a
    page's own header and footer stay as NAVIGATION. Title and date are what the page
    declares (`<title>`, `og:title`, `<h1>`; `<meta>`, `<time>`).

    Raises ReadError for bytes that are no text.
    """
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(tamed(decode(data, path, declared_encoding)))
    text, blocks, links, notes = render_page(tree)
    return SourceText(
        text=text,
        format="html",
        reader="html/2",
        blocks=blocks,
        title=page_title(tree, text, blocks),
        date=page_date(tree),
        links=links,
        notes=notes,
    )


def declared_encoding(data: bytes) -> str | None:
    """Return the encoding that a `<meta>` or an XML declaration near the page's beginning names."""
    head = data[:_DECLARATION_REACH]
    match = _META_CHARSET.search(head) or _XML_ENCODING.search(head)
    return match[1].decode("ascii", "replace") if match else None


def page_title(tree: LexborHTMLParser, text: str, blocks: Sequence[Block]) -> str | None:
    """Return the page's own title, without the site's name where the page lets it be told apart.

    The only first-level heading is taken where `<title>` holds it ("Heading | Site") or a part of
    `<title>` is in it; else
    `og:title`, `<title>`, or that heading, whichever there is first.
    """
    tops = [block for block in blocks if block.kind is BlockKind.HEADING and block.level == 1]
    heading = collapsed(text[tops[0].start : tops[0].end]) if len(tops) == 1 else None
    node = tree.css_first("head title")
    title = collapsed(node.text()) if node is not None else None
    if heading and title:
        parts = [part for part in _SITE.split(title) if part.strip()]
        own = any(" " in part and part.casefold() in heading.casefold() for part in parts)
        if own or heading.casefold() in title.casefold():
            return heading
    return _metas(tree).get("og:title") or title or heading


def page_date(tree: LexborHTMLParser) -> str | None:
    """Return the day the page says it was published, in ISO 8601; None where it doesn't say
    clearly.

    `<time>` elements count only if they all name the same day: a page about several days
    has none of its own.
    """
    metas = _metas(tree)
    for name in _DATE_NAMES:
        if day := declared_date(metas.get(name, "")):
            return day
    for node in tree.css("[itemprop=datePublished]"):
        if day := declared_date(node.attributes.get("datetime") or node.text()):
            return day
    days = {declared_date(node.attributes.get("datetime") or "") for node in tree.css("time")}
    days.discard(None)
    return days.pop() if len(days) == 1 else None


def _metas(tree: LexborHTMLParser) -> dict[str, str]:
    """Return contents by name or property, in lower case; the first of each name."""
    found: dict[str, str] = {}
    for node in tree.css("meta"):
        attributes = node.attributes
        content = collapsed(attributes.get("content") or "")
        for key in ("property", "name", "itemprop"):
            name = attributes.get(key)
            if name and content:
                found.setdefault(name.strip().lower(), content)
    return found


# Browsers stop nesting elements at this depth too.
MOST_DEPTH = 512
_MOST_ATTRIBUTES = 500

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)(?=[\s/>])[^<>]*>")
_LONG_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9-]*)([^<>]{4000,})>")
# Elements that have no end tag.
VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
# Those whose end tag may be left out would seem to nest ever deeper.
_NAMES = """
    p li dt dd tr td th tbody thead tfoot option optgroup html head body colgroup rp rt rb rtc
"""
_NOT_COUNTED = VOID.union(_NAMES.split())


def tamed(markup: str) -> str:
    """Return the markup without the tags that nest deeper than `MOST_DEPTH`, or hold more
    attributes than any page has; what text stands between them stays. Ordinary markup comes back as
    it is.
    """
    markup = _LONG_TAG.sub(_without_attributes, markup)
    depth = deepest = 0
    for match in _TAG.finditer(markup):
        if match[2].lower() not in _NOT_COUNTED:
            depth = max(0, depth - 1) if match[1] else depth + 1
            deepest = max(deepest, depth)
    return _flattened(markup) if deepest > MOST_DEPTH else markup


def _without_attributes(match: re.Match[str]) -> str:
    many = match[2].count(" ") + match[2].count("\n") > _MOST_ATTRIBUTES
    # A data: address is long without being many attributes.
    return f"<{match[1]}>" if many and match[2].count("=") > _MOST_ATTRIBUTES else match[0]


def _flattened(markup: str) -> str:
    depth = 0

    def kept(match: re.Match[str]) -> str:
        nonlocal depth
        if match[2].lower() in _NOT_COUNTED:
            return match[0]
        if match[1]:
            depth = max(0, depth - 1)
            return match[0] if depth < MOST_DEPTH else "<br>"
        depth += 1
        return match[0] if depth <= MOST_DEPTH else "<br>"

    return _TAG.sub(kept, markup)
