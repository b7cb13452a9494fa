"""Normalise the titles, dates and links that a format declares, or refuse them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from email.utils import parsedate_tz

from qa.language.dates import parse_date
from qa.records import Link, Span
from qa.safe_text import storable

MOST_LINKS = 20_000
LONGEST_ADDRESS = 1_600
# Of all links of a text together, so that they pass between processes.
_MOST_IN_ADDRESSES = 400_000
_ISO = re.compile(
    r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?"
    r"(?:[T ][\d:.]+ *(?:Z|[A-Z]{3}|[+-][\d:]+)?)?"
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?\d{4,6}Z?)?")


def declared_date(value: str) -> str | None:
    """Return a metadata date as ISO 8601, of the precision it was given in; None where it isn't
    clear.

    `2022-05-16T21:20:00+03:00`, `2022/5/16`, `20220516`, `16 May 2022`, `May 16, 2022`, an
    RFC 5322 date, `2022-05` and `2022` are clear. `03/04/2022` is not: it may be either.
    """
    value = value.strip()
    if len(value) > 60:
        return None
    if match := _COMPACT.fullmatch(value) or _ISO.fullmatch(value):
        return _iso(*(int(part) if part else None for part in match.groups()))
    if re.match(r"[A-Za-z]{3}, \d", value) and (parts := parsedate_tz(value)):
        return _iso(*parts[:3])
    return parse_date(value)


def _iso(year: int | None, month: int | None = None, day: int | None = None) -> str | None:
    if year is None or not 1000 <= year <= 2999:
        return None
    try:
        whole = date(year, month or 1, day or 1).isoformat()
    except ValueError:
        return None
    return whole if day else whole[:7] if month else whole[:4]


def collapsed(value: str) -> str | None:
    """Return a title's words with single spaces between them; None for a blank one."""
    return " ".join(value.split()) or None


def link_address(value: str | None) -> str | None:
    """Return a link's address as it can be stored; None for one within the same file, and for a
    blank or enormous one."""
    address = storable((value or "").strip())
    return None if not address or address[0] == "#" or len(address) > LONGEST_ADDRESS else address


def links_in_order(text: str, found: Iterable[Link]) -> tuple[Link, ...]:
    """Return the links of a text in its order, without the white space around their words.

    Of two that overlap the outer one is kept; a note's mark inside a link is moved behind it.
    Links without words are left out, as are those beyond what any document has.
    """
    trimmed = [_trimmed(text, link) for link in found]
    trimmed.sort(key=lambda link: (link.start, isinstance(link.target, str), -link.end))
    kept: list[Link] = []
    before = characters = 0
    for link in trimmed:
        if isinstance(link.target, Span):
            at = max(link.start, before)
            link = Link(at, at, link.target)
        elif not before <= link.start < link.end:
            continue
        else:
            characters += len(link.target)
        if len(kept) == MOST_LINKS or characters > _MOST_IN_ADDRESSES:
            break
        kept.append(link)
        before = link.end
    return tuple(kept)


def _trimmed(text: str, link: Link) -> Link:
    start, end = link.start, link.end
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return link if (start, end) == (link.start, link.end) else Link(start, end, link.target)
