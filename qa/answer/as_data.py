"""Answers as plain data for JSON: every key always there, null where unknown."""

from __future__ import annotations

from typing import Any

from qa.records import Absence, Answer, Citation, ContextWarning, Filters, Locator, Query, Quote


def answer_data(answer: Answer) -> dict[str, Any]:
    """One answer; the shape that `qa ask --json` prints."""
    return {
        "question": answer.question,
        "verdict": answer.verdict.value,
        "evidence": round(answer.evidence, 4),
        "query": query_data(answer.query),
        "quotes": [quote_data(quote) for quote in answer.quotes],
        "misses": [quote_data(quote) for quote in answer.misses],
        "absence": absence_data(answer.absence) if answer.absence else None,
    }


def query_data(query: Query) -> dict[str, Any]:
    understood = query.understood
    return {
        "text": query.text,
        "terms": list(query.terms),
        "filters": filters_data(query.filters),
        "understood": {
            "speakers": list(understood.speakers),
            "unknown_speaker": understood.unknown_speaker,
            "says": understood.says,
            "asks_who": understood.asks_who,
            "since": understood.since,
            "until": understood.until,
            "phrases": list(understood.phrases),
        },
    }


def filters_data(filters: Filters) -> dict[str, Any]:
    return {
        "speakers": None if filters.speakers is None else list(filters.speakers),
        "since": filters.since,
        "until": filters.until,
        "sources": None if filters.sources is None else list(filters.sources),
        "documents": None if filters.documents is None else list(filters.documents),
    }


def quote_data(quote: Quote) -> dict[str, Any]:
    return {
        "text": quote.text,
        **citation_data(quote.citation),
        "score": round(quote.score, 4),
        "matched": list(quote.matched),
        "places": [citation_data(place) for place in quote.places],
        "warnings": [warning_data(warning) for warning in quote.warnings],
    }


def warning_data(warning: ContextWarning) -> dict[str, Any]:
    return {
        "kind": warning.kind,
        "message": warning.message,
        "start": warning.start,
        "end": warning.end,
        "text": warning.text,
    }


def citation_data(citation: Citation) -> dict[str, Any]:
    return {
        "source": citation.source,
        "document": citation.document,
        "date": citation.date,
        "speaker": citation.speaker,
        "role": citation.role,
        "kind": citation.kind.value,
        "start": citation.start,
        "end": citation.end,
        "line_start": citation.lines[0],
        "line_end": citation.lines[1],
        "page": citation.page,
        "locator": locator_data(citation.locator),
        "prefix": citation.prefix,
        "suffix": citation.suffix,
        "passage": citation.passage,
        "passage_start": citation.passage_start,
        "corrected": list(citation.corrected),
    }


def locator_data(locator: Locator | None) -> dict[str, str] | None:
    """A page, time or chapter, with which of these it is."""
    return {"kind": locator.kind.value, "label": locator.label} if locator else None


def absence_data(absence: Absence) -> dict[str, Any]:
    return {
        "passages": absence.passages,
        "documents": absence.documents,
        "filters": filters_data(absence.filters),
        "unknown_words": [
            {"word": word, "nearest": nearest} for word, nearest in absence.unknown_words
        ],
    }
