"""A search's report as plain data for JSON: every key always there, null where unknown."""

from __future__ import annotations

from typing import Any

from qa.as_data import citation_data, filters_data, unknown_words_data
from qa.find.records import FindReport, Occurrence


def find_data(report: FindReport) -> dict[str, Any]:
    """The shape that `qa find --json` prints."""
    return {
        "query": report.query.text,
        "stem": report.query.stem,
        "within": report.within.value,
        "order": report.order.value,
        "everywhere": report.everywhere,
        "filters": filters_data(report.filters),
        "count": report.count,
        "searched": {"passages": report.passages, "documents": report.documents},
        "by_term": [
            {"term": one.term, "occurrences": one.occurrences, "documents": one.documents}
            for one in report.by_term
        ],
        "by_document": [
            {
                "sources": list(one.sources),
                "ordinal": one.ordinal,
                "title": one.title,
                "date": one.date,
                "occurrences": one.occurrences,
            }
            for one in report.by_document
        ],
        "by_speaker": [
            {"speaker": one.speaker, "occurrences": one.occurrences} for one in report.by_speaker
        ],
        "occurrences": [occurrence_data(one) for one in report.occurrences],
        "unknown_words": unknown_words_data(report.unknown_words),
    }


def occurrence_data(one: Occurrence) -> dict[str, Any]:
    """One occurrence; `citation` is its sentence's."""
    return {
        "term": one.term,
        "text": one.text,
        "start": one.start,
        "end": one.end,
        "spans": [[span.start, span.end] for span in one.spans],
        "sentence": one.sentence,
        "citation": citation_data(one.citation),
        "places": [citation_data(place) for place in one.places],
    }
