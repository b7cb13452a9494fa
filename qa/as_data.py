"""The records of an answer as plain data for JSON, and back: every key always there, null where
unknown.

The command line, the API, reports and kept conversations all write this one shape.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any, Protocol

from qa.records import (
    Absence,
    Answer,
    Citation,
    ContextWarning,
    Filters,
    Locator,
    LocatorKind,
    Query,
    Quote,
    Span,
    TurnKind,
    Understood,
)

Data = dict[str, Any]


class _Warning(Protocol):
    """What is known of a quote's surroundings, in an answer (ContextWarning) or in a draft."""

    @property
    def kind(self) -> str: ...
    @property
    def message(self) -> str: ...
    @property
    def start(self) -> int | None: ...
    @property
    def end(self) -> int | None: ...
    @property
    def text(self) -> str | None: ...


def answer_data(answer: Answer) -> Data:
    """Return the shape that `qa ask --json` prints."""
    return {
        "question": answer.question,
        "verdict": answer.verdict.value,
        "evidence": round(answer.evidence, 4),
        "query": query_data(answer.query),
        "quotes": [quote_data(quote) for quote in answer.quotes],
        "misses": [quote_data(quote) for quote in answer.misses],
        "absence": absence_data(answer.absence) if answer.absence else None,
    }


def query_data(query: Query) -> Data:
    return {
        "text": query.text,
        "terms": list(query.terms),
        "filters": filters_data(query.filters),
        "understood": understood_data(query.understood),
    }


def filters_data(filters: Filters) -> Data:
    return {
        "speakers": None if filters.speakers is None else list(filters.speakers),
        "since": filters.since,
        "until": filters.until,
        "sources": None if filters.sources is None else list(filters.sources),
        "documents": None if filters.documents is None else list(filters.documents),
    }


def understood_data(understood: Understood) -> Data:
    return {
        "speakers": list(understood.speakers),
        "unknown_speaker": understood.unknown_speaker,
        "says": understood.says,
        "asks_who": understood.asks_who,
        "since": understood.since,
        "until": understood.until,
        "phrases": list(understood.phrases),
    }


def quote_data(quote: Quote) -> Data:
    """Return a quote with its citation's members beside its own."""
    return {
        "text": quote.text,
        **citation_data(quote.citation),
        "score": round(quote.score, 4),
        "matched": list(quote.matched),
        "places": [citation_data(place) for place in quote.places],
        "warnings": [warning_data(warning) for warning in quote.warnings],
    }


def citation_data(citation: Citation) -> Data:
    return {
        "source": citation.source,
        "document": citation.document,
        "date": citation.date,
        "speaker": citation.speaker,
        "role": citation.role,
        "kind": citation.kind.value,
        "start": citation.start,
        "end": citation.end,
        **lines_data(citation.lines),
        "page": citation.page,
        "locator": locator_data(citation.locator),
        "prefix": citation.prefix,
        "suffix": citation.suffix,
        "passage": citation.passage,
        "passage_start": citation.passage_start,
        "corrected": list(citation.corrected),
    }


def lines_data(lines: tuple[int, int] | None) -> dict[str, int | None]:
    """Return the first and the last line of a place, 1-based, both inclusive."""
    first, last = lines or (None, None)
    return {"line_start": first, "line_end": last}


def locator_data(locator: Locator | None) -> dict[str, str] | None:
    """Return a page, time or chapter with which of these it is."""
    return {"kind": locator.kind.value, "label": locator.label} if locator else None


def warning_data(warning: _Warning) -> Data:
    return {
        "kind": warning.kind,
        "message": warning.message,
        "start": warning.start,
        "end": warning.end,
        "text": warning.text,
    }


def absence_data(absence: Absence) -> Data:
    return {
        "passages": absence.passages,
        "documents": absence.documents,
        "filters": filters_data(absence.filters),
        "unknown_words": unknown_words_data(absence.unknown_words),
    }


def unknown_words_data(unknown: Iterable[tuple[str, str | None]]) -> list[Data]:
    """Return words that occur nowhere, each with the nearest spelling that does."""
    return [{"word": word, "nearest": nearest} for word, nearest in unknown]


# ---- and back: what was kept must outlive new fields of the records ------------------


def quote_from(data: Data) -> Quote:
    """Return the quote that `quote_data` wrote, or an earlier version, which kept the members of
    the citation under a name of their own."""
    citation = data.get("citation", data)
    return Quote(
        text=data["text"],
        start=data["start"],
        end=data["end"],
        citation=citation_from(citation),
        score=data["score"],
        matched=tuple(data["matched"]),
        places=tuple(citation_from(place) for place in data["places"]),
        warnings=tuple(
            ContextWarning(**_known(ContextWarning, warning))
            for warning in data.get("warnings", ())
        ),
    )


def citation_from(data: Data) -> Citation:
    """Return the citation that `citation_data` wrote, or an earlier version."""
    lines = data["lines"] if "lines" in data else (data["line_start"], data["line_end"])
    locator = data.get("locator")
    return Citation(
        **{
            **_known(Citation, data),
            "kind": TurnKind(data["kind"]),
            "lines": tuple(lines),
            "locator": Locator(LocatorKind(locator["kind"]), locator["label"]) if locator else None,
        }
    )


def filters_from(data: Data) -> Filters:
    """Return the filters that `filters_data` wrote."""
    return Filters(**_known(Filters, data))


def understood_from(data: Data) -> Understood:
    """Return what `understood_data` wrote, with the `frame` that a kept question has beside it."""
    frame = tuple(Span(span["start"], span["end"]) for span in data.get("frame", ()))
    return Understood(**{**_known(Understood, data), "frame": frame})


def _known(record: type[Any], data: Data) -> Data:
    """Return what the record still has a field for; arrays are tuples."""
    names = {field.name for field in fields(record)}
    return {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in data.items()
        if key in names
    }
