"""Answers as the plain data from which the page's scripts build quote cards.

Everything here is data: the scripts set it as text nodes, never as markup. Paths of the server
do not leave it; the page knows sources by their short names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from qa import (
    Citation,
    ContextWarning,
    Drift,
    Exchange,
    Locator,
    Pin,
    Quote,
    Standing,
    Verdict,
    locator_form,
)
from ui.catalogue import Catalogue

_STRONG_SHARE = 0.6


def exchange_card(
    exchange: Exchange, catalogue: Catalogue, drifts: Sequence[Drift] = ()
) -> dict[str, Any]:
    """Return a question with its answer; `drifts` tell what became of its quotes and misses."""
    terms = _most_matched(exchange.quotes)
    count = len(exchange.quotes)
    quotes = _with_drifts(exchange.quotes, drifts[:count])
    misses = _with_drifts(exchange.misses, drifts[count:])
    return {
        "id": exchange.id,
        "question": exchange.question,
        "asked_at": exchange.asked_at,
        "state": "done",
        "verdict": exchange.verdict.value,
        "chips": chips(exchange, catalogue),
        "unknown_speaker": exchange.understood.unknown_speaker,
        "quotes": [
            quote_card(quote, catalogue, strength(exchange.verdict, rank, quote, terms), drift)
            for rank, (quote, drift) in enumerate(quotes)
        ],
        "misses": [quote_card(quote, catalogue, "miss", drift) for quote, drift in misses],
        "unknown_words": [
            {"word": word, "nearest": nearest} for word, nearest in exchange.unknown_words
        ],
        "passages": exchange.passages,
        "documents": exchange.documents,
    }


def chips(exchange: Exchange, catalogue: Catalogue) -> list[dict[str, str]]:
    """Return what narrowed the search: filters, and what was read out of the question."""
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
    """Return a match's strength in one word: the ranking's score compares within one answer
    only, so that a percentage would claim what is not known."""
    if verdict is Verdict.WEAK:
        return "weak"
    if rank == 0:
        return "best"
    return "strong" if most and len(quote.matched) >= _STRONG_SHARE * most else "related"


def _most_matched(quotes: Sequence[Quote]) -> int:
    return max((len(quote.matched) for quote in quotes), default=0)


def _with_drifts(
    quotes: Sequence[Quote], drifts: Sequence[Drift]
) -> list[tuple[Quote, Drift | None]]:
    if not drifts:
        return [(quote, None) for quote in quotes]
    return list(zip(quotes, drifts, strict=True))


def quote_card(
    quote: Quote, catalogue: Catalogue, strength: str = "", drift: Drift | None = None
) -> dict[str, Any]:
    """Return a quote with its citation, its other places and its permalink. If its words have moved
    since it was kept, its place is where they stand now."""
    place = place_card(quote.citation, catalogue)
    if drift is not None:
        place |= _place_now(drift, catalogue)
    check = fingerprint(quote.text)
    return {
        "text": quote.text,
        "strength": strength,
        "matched": list(quote.matched),
        "check": check,
        **place,
        "link": permalink(place["source"], place["start"], place["end"], check),
        "places": [place_card(place, catalogue) for place in quote.places],
        "warnings": [
            warning_card(warning, place["source"], place["start"] - quote.start)
            for warning in quote.warnings
        ],
    }


def _place_now(drift: Drift, catalogue: Catalogue) -> dict[str, Any]:
    now = drift.now
    told: dict[str, Any] = {"standing": now.standing.value}
    if now.standing is Standing.MOVED and now.source is not None:
        told |= {"source": catalogue.name(now.source), "start": now.start, "end": now.end}
        told["locator"] = None  # that of the place where the words stood
        told |= {"lines": list(drift.lines)} if drift.lines else {}
    return told


def warning_card(warning: ContextWarning, source: str, shift: int) -> dict[str, Any]:
    """Return what stands around a quote and turns it, with the place that shows it, `shift`
    characters further on than it was."""
    place = {
        "source": source,
        "start": warning.start + shift,
        "end": warning.end + shift,
        "check": fingerprint(warning.text),
    }
    return {
        "kind": warning.kind,
        "message": warning.message,
        "text": warning.text,
        "place": place,
    }


def place_card(citation: Citation, catalogue: Catalogue) -> dict[str, Any]:
    """Return where a quote stands, who said it and when; None where that is not known."""
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
        "locator": locator_card(citation.locator),
        "corrected": list(citation.corrected),
    }


def locator_card(locator: Locator | None) -> dict[str, str] | None:
    """Return a page, time or chapter, and the key of the words beside it: `locator.FORM`."""
    return {"form": locator_form(locator), "label": locator.label} if locator else None


def pin_card(pin: Pin, catalogue: Catalogue, drift: Drift | None = None) -> dict[str, Any]:
    """Return an entry of the notebook; `drift` says what became of its quote since."""
    return {
        "id": pin.id,
        "pinned_at": pin.pinned_at,
        "question": pin.question,
        "quote": quote_card(pin.quote, catalogue, drift=drift),
    }


def permalink(source: str, start: int, end: int, check: str) -> str:
    """Return the query string that opens exactly these words; `check` tells if they still stand."""
    return "?" + urlencode({"source": source, "start": start, "end": end, "check": check})


def fingerprint(text: str) -> str:
    """Return the first 64 bits of the text's SHA-256, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _dates(since: str | None, until: str | None) -> str:
    if since and until:
        return since if since == until else f"{since} – {until}"
    return f"{since} –" if since else f"– {until}"
