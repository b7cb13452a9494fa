"""Compare what stands between letters: encoded differently, or really different.

Same are: quotation marks of all kinds, dashes of all kinds with and without spaces, spaces and
line ends, invisible characters, a hyphen at a line's end, … and ..., full-width punctuation,
and the asterisks of Markdown. A comma more or less is a difference of the words.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

QUOTE_MARKS = "\"'`´‘’‚‛“”„‟«»‹›′″‵‶「」『』〝〞〟＂＇｀"
DASHES = "-‐‑‒–—―−﹘﹣－⸺⸻"
_INVISIBLE = (
    "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff"
)
INVISIBLE = re.compile(f"[{_INVISIBLE}\u202a-\u202e\u2066-\u2069\ufe00-\ufe0f]+")
_LINE_HYPHEN = re.compile(r"[ \t]*[-‐‑\u00ad][ \t]*(?:\r\n|\n|\r)\s*")
_QUOTES = re.compile(f"[{QUOTE_MARKS}]+")
_DASH_RUN = re.compile(f"[{DASHES}]+")
_SPACES = re.compile(r"\s+")
_MARKUP = re.compile(r"[*_]+")
_CACHED_LENGTH = 24


def same_gap(draft: str, source: str, between_digits: bool = False) -> str | None:
    """Return "" for identical gaps, what differs ("dashes") for equivalent ones, else None.

    >>> same_gap(" – ", "—"), same_gap(", ", " ")
    ('dashes', None)
    """
    if draft == source:
        return ""
    if len(draft) + len(source) <= _CACHED_LENGTH:
        return _cached(draft, source, between_digits)
    return _compare(draft, source, between_digits)


@lru_cache(maxsize=8192)
def _cached(draft: str, source: str, between_digits: bool) -> str | None:
    return _compare(draft, source, between_digits)


def _compare(draft: str, source: str, between_digits: bool) -> str | None:
    ours, theirs = plain_gap(draft, between_digits), plain_gap(source, between_digits)
    if ours == theirs:
        return _difference(draft, source)
    for broken, other in ((source, ours), (draft, theirs)):
        if not between_digits and _LINE_HYPHEN.fullmatch(broken) and other in ("", "-"):
            return "hyphenation"
    return None


def plain_gap(gap: str, between_digits: bool = False) -> str:
    """Return a gap in its plainest form, which equivalent gaps share."""
    if gap.isspace():
        return " "
    plain = INVISIBLE.sub("", gap)
    plain = "".join(_narrow(char) for char in plain)
    plain = _QUOTES.sub('"', plain).replace("…", "...")
    plain = _DASH_RUN.sub("-", plain)
    unmarked = _MARKUP.sub("", plain)
    # Asterisks alone between two letters or digits may mean something (2*3, snake_case).
    plain = unmarked or plain
    if not plain.strip():
        return " " if plain else ""
    if between_digits and not _DASH_RUN.search(plain):
        return _SPACES.sub(" ", plain)
    return _SPACES.sub("", plain)


def is_bare(gap: str) -> bool:
    """Return whether nothing visible stands between two letters, so that they are of one word."""
    return not gap or not INVISIBLE.sub("", gap) or bool(_LINE_HYPHEN.fullmatch(gap))


def _narrow(char: str) -> str:
    return unicodedata.normalize("NFKC", char) if "\uff01" <= char <= "\uff65" else char


def _difference(draft: str, source: str) -> str:
    both = draft + source
    if draft.isspace() and source.isspace():
        broken = "\n" in both or "\r" in both
        return "line breaks" if broken else "spaces"
    quotes = [mark for mark in draft if mark in QUOTE_MARKS]
    if quotes != [mark for mark in source if mark in QUOTE_MARKS]:
        return "quotation marks"
    if _DASH_RUN.findall(draft) != _DASH_RUN.findall(source):
        return "dashes"
    if INVISIBLE.search(both):
        return "invisible characters"
    if ("…" in draft) != ("…" in source):
        return "ellipsis sign"
    if ("\n" in draft) != ("\n" in source):
        return "line breaks"
    if _MARKUP.search(both):
        return "markup"
    if any("\uff01" <= char <= "\uff65" for char in both):
        return "width"
    return "spaces"
