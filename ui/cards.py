"""Answers as the plain data from which the page's scripts build quote cards.

Everything here is data: the scripts set it as text nodes, never as markup. Paths of the server
do not leave it; the page knows sources by their short names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from qa.keeping import Exchange, Pin
from qa.records import Citation, Quote, Verdict
from ui.catalogue import Catalogue

_STRONG_SHARE = 0.6


def exchange_card(exchange: Exchange, catalogue: Catalogue) -> dict[str, Any]:
    """One question with its answer."""
    terms = _most_matched(exchange.quotes)
    return {
        "id": exchange.id,
        "question": exchange.question,
        "asked_at": exchange.asked_at,
        "state": "done",
        "verdict": exchange.verdict.value,
        "chips": chips(exchange, catalogue),
        "unknown_speaker": exchange.understood.unknown_speaker,
        "quotes": [
            quote_card(quote, catalogue, strength(exchange.verdict, rank, quote, terms))
            for rank, quote in enumerate(exchange.quotes)
        ],
        "misses": [quote_card(quote, catalogue, "miss") for quote in exchange.misses],
        "unknown_words": [
            {"word": word, "nearest": nearest} for word, nearest in exchange.unknown_words
        ],
        "passages": exchange.passages,
        "documents": exchange.documents,
    }


def chips(exchange: Exchange, catalogue: Catalogue) -> list[dict[str, str]]:
    """What narrowed the search: the person's filters, and what was read out of the question."""
    understood, filters = exchange.understood, exchange.filters
    found = [{"kind": "speaker", "text": name} for name in filters.speakers or ()]
    found += [{"kind": "source", "text": catalogue.name(path)} for path in filters.sources or ()]
    if filters.since or filters.until:
        found.append({"kind": "dates", "text": _dates(filters.since, filters.until)})
    if exchange.searched and exchange.searched != exchange.question:
        found.append({"kind": "understood_question", "text": exchange.searched})
    found += [
        {"kind": "understood_speaker", "text": name, "says": "1" if understood.says else ""}
        for name in understood.speakers
    ]
    if understood.since or understood.until:
        found.append(
            {"kind": "understood_dates", "text": _dates(understood.since, understood.until)}
        )
    return found


def strength(verdict: Verdict, rank: int, quote: Quote, most: int) -> str:
    """A match in one word: the ranking's score compares within one answer only, so that a
    percentage would claim what is not known."""
    if verdict is Verdict.WEAK:
        return "weak"
    if rank == 0:
        return "best"
    return "strong" if most and len(quote.matched) >= _STRONG_SHARE * most else "related"


def _most_matched(quotes: Sequence[Quote]) -> int:
    return max((len(quote.matched) for quote in quotes), default=0)


def quote_card(quote: Quote, catalogue: Catalogue, strength: str = "") -> dict[str, Any]:
    """One quote with its citation, its other places and its permalink."""
    return {
        "text": quote.text,
        "strength": strength,
        "matched": list(quote.matched),
        "check": fingerprint(quote.text),
        **place_card(quote.citation, catalogue),
        "link": permalink(quote, catalogue),
        "places": [place_card(place, catalogue) for place in quote.places],
    }


def place_card(citation: Citation, catalogue: Catalogue) -> dict[str, Any]:
    """Where a quote stands, who said it and when; null where that is not known."""
    return {
        "source": catalogue.name(citation.source),
        "document": citation.document,
        "date": citation.date,
        "speaker": citation.speaker,
        "role": citation.role,
        "kind": citation.kind.value,
        "start": citation.start,
        "end": citation.end,
        "lines": list(citation.lines),
        "page": citation.page,
    }


def pin_card(pin: Pin, catalogue: Catalogue) -> dict[str, Any]:
    """One entry of the notebook."""
    return {
        "id": pin.id,
        "pinned_at": pin.pinned_at,
        "question": pin.question,
        "quote": quote_card(pin.quote, catalogue),
    }


def permalink(quote: Quote, catalogue: Catalogue) -> str:
    """The query string that opens exactly this quote; `check` tells whether it still stands."""
    return "?" + urlencode(
        {
            "source": catalogue.name(quote.citation.source),
            "start": quote.start,
            "end": quote.end,
            "check": fingerprint(quote.text),
        }
    )


def fingerprint(text: str) -> str:
    """The first 64 bits of the text's SHA-256, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _dates(since: str | None, until: str | None) -> str:
    if since and until:
        return since if since == until else f"{since} – {until}"
    return f"{since} –" if since else f"– {until}"
