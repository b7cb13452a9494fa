"""What an HTML page declares of itself: its encoding, title and date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from qa.readers.declared import declared_date, one_line
from qa.records import Block, BlockKind

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_DECLARATION_REACH = 4096
_META_CHARSET = re.compile(rb"<meta\b[^<>]{0,300}?\bcharset\s*=\s*[\"']?\s*([\w:.-]{2,30})", re.I)
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


def declared_encoding(data: bytes) -> str | None:
    """The encoding that a `<meta>` or an XML declaration near the page's beginning names."""
    head = data[:_DECLARATION_REACH]
    match = _META_CHARSET.search(head) or _XML_ENCODING.search(head)
    return match[1].decode("ascii", "replace") if match else None


def page_title(tree: LexborHTMLParser, text: str, blocks: Sequence[Block]) -> str | None:
    """The page's own title, without the site's name where the page lets it be told apart.

    The only first-level heading is taken where `<title>` holds it ("Heading | Site"); else
    `og:title`, `<title>`, or that heading, whichever there is first.
    """
    tops = [block for block in blocks if block.kind is BlockKind.HEADING and block.level == 1]
    heading = one_line(text[tops[0].start : tops[0].end]) if len(tops) == 1 else None
    node = tree.css_first("head title")
    title = one_line(node.text()) if node is not None else None
    if heading and title and heading.casefold() in title.casefold():
        return heading
    return _metas(tree).get("og:title") or title or heading


def page_date(tree: LexborHTMLParser) -> str | None:
    """The day the page says it was published, in ISO 8601; None where it doesn't say clearly.

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
    """Name or property, in lower case, to content; the first of each name."""
    found: dict[str, str] = {}
    for node in tree.css("meta"):
        attributes = node.attributes
        content = one_line(attributes.get("content") or "")
        for key in ("property", "name", "itemprop"):
            name = attributes.get(key)
            if name and content:
                found.setdefault(name.strip().lower(), content)
    return found
