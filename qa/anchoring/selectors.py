"""Selectors that find words of a source again: the W3C's TextQuoteSelector and
TextPositionSelector, with more of the surrounding text."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote as percent_encoded

from qa.anchoring.scoring import WIDE

SOURCE_URN = "urn:citewell:source:"
_CONTEXT = 64
_LONGEST_CONTEXT = 1_024


@dataclass(frozen=True, slots=True)
class Selector:
    """`exact` stood at [start:end) of the stored text of `source`.

    `source_hash` is that text's SHA-256 (UTF-8), None where it is not known. `prefix` and
    `suffix` are the characters around, long enough to tell the place from others like it.
    `surroundings` are more of the characters before and after, which show whether a place is
    the old one or a copy of it.
    """

    source: str
    source_hash: str | None
    start: int
    end: int
    exact: str
    prefix: str
    suffix: str
    surroundings: tuple[str, str] = ("", "")


def hash_of(text: str) -> str:
    """Return the SHA-256 of a stored text, in hex."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def select(text: str, source: str, start: int, end: int) -> Selector:
    """Return the selector of characters start … end of a text."""
    return Selector(
        source,
        hash_of(text),
        start,
        end,
        text[start:end],
        *_contexts(text, start, end),
        surroundings_in(text, start, end),
    )


def surroundings_in(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the 400 characters on either side of characters start … end of a text."""
    return text[max(0, start - WIDE) : start], text[end : end + WIDE]


def _contexts(text: str, start: int, end: int) -> tuple[str, str]:
    """Return prefix and suffix, lengthened until each identifies the place."""
    size = _CONTEXT
    while size < _LONGEST_CONTEXT and not (
        _is_unique(text, text[max(0, start - size) : end])
        and _is_unique(text, text[start : end + size])
    ):
        size *= 2
    return text[max(0, start - size) : start], text[end : end + size]


def _is_unique(text: str, words: str) -> bool:
    first = text.find(words)
    return first >= 0 and text.find(words, first + 1) < 0


# ---- as the W3C writes them ----------------------------------------------------------------


def target_data(selector: Selector, name: str) -> dict[str, Any]:
    """Return the target of a W3C annotation for JSON: the source under a name, and the two
    selectors. Positions are code points, as the recommendation counts them (4.2.5)."""
    return {
        "source": SOURCE_URN + percent_encoded(name, safe=""),
        "selector": [
            {"type": "TextPositionSelector", "start": selector.start, "end": selector.end},
            {
                "type": "TextQuoteSelector",
                "exact": selector.exact,
                "prefix": selector.prefix,
                "suffix": selector.suffix,
            },
        ],
    }


def read_selectors(data: list[dict[str, Any]], source: str, source_hash: str | None) -> Selector:
    """Read the W3C's two selectors. Raises KeyError, TypeError, ValueError for anything else."""
    selectors = {one["type"]: one for one in data}
    place, quote = selectors["TextPositionSelector"], selectors["TextQuoteSelector"]
    prefix, suffix = str(quote.get("prefix", "")), str(quote.get("suffix", ""))
    return Selector(
        source,
        source_hash,
        int(place["start"]),
        int(place["end"]),
        str(quote["exact"]),
        prefix,
        suffix,
        (prefix, suffix),
    )
