"""Occurrences counted by term, by document and by speaker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from qa.as_data import citation_data, filters_data, unknown_words_data
from qa.find.matching import PlacedHit
from qa.find.records import (
    DocumentCount,
    FindQuery,
    FindReport,
    Occurrence,
    SpeakerOccurrences,
    TermCount,
)
from qa.records import Filters


def count_by_term(query: FindQuery, places: Sequence[PlacedHit]) -> tuple[TermCount, ...]:
    """Return one count a term, in the query's order, those that occur nowhere too."""
    occurrences = Counter(place.term for place in places)
    documents = Counter(term for term, *_ in {(place.term, *_document(place)) for place in places})
    return tuple(TermCount(term.text, occurrences[term], documents[term]) for term in query.wanted)


def count_by_document(places: Sequence[PlacedHit], filters: Filters) -> tuple[DocumentCount, ...]:
    """Return one count a document, in the order in which the places first come to it, with those of
    its sources that were searched."""
    counts = Counter(_document(place) for place in places)
    first = {_document(place): place.scope for place in reversed(places)}
    return tuple(
        DocumentCount(
            sources=_searched(first[key].paths, filters),
            ordinal=first[key].document.ordinal,
            title=first[key].document.title,
            date=first[key].document.date,
            occurrences=count,
        )
        for key, count in counts.items()
    )


def count_by_speaker(places: Sequence[PlacedHit]) -> tuple[SpeakerOccurrences, ...]:
    """Return one count a speaker, the most first."""
    counts = Counter(place.scope.turn.speaker for place in places)
    return tuple(SpeakerOccurrences(speaker, count) for speaker, count in counts.most_common())


def _searched(paths: tuple[str, ...], filters: Filters) -> tuple[str, ...]:
    wanted = filters.sources
    return paths if wanted is None else tuple(path for path in paths if path in wanted)


def _document(place: PlacedHit) -> tuple[int, int]:
    return place.scope.text_id, place.scope.document.ordinal


# ---- as data ---------------------------------------------------------------------------


def find_data(report: FindReport) -> dict[str, Any]:
    """Return the shape that `qa find --json` prints."""
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
    """Return one occurrence; `citation` is its sentence's."""
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
