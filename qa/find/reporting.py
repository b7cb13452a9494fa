"""Turn places found into a report: occurrences with their sentences and citations, counts by term,
document and speaker; and the same as data."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qa.answer.citations import CONTEXT_LENGTH, PassageExcerpt, cite
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
from qa.find.units import Scope, sentences_of
from qa.records import Citation, Filters, Span
from qa.store.protocol import LibraryReader
from qa.store.records import StoredPassage


@dataclass(frozen=True, slots=True)
class _Cited:
    """The last sentence cited: several occurrences may be in it."""

    scope: Scope
    span: Span
    text: str
    citations: tuple[Citation, ...]


def cite_hits(
    store: LibraryReader, places: Sequence[PlacedHit], filters: Filters
) -> tuple[Occurrence, ...]:
    """Return one occurrence per place, in the same order."""
    found: list[Occurrence] = []
    last: _Cited | None = None
    sentences: tuple[Span, ...] = ()
    for place in places:
        scope, hit = place.scope, place.hit
        if last is None or last.scope is not scope:
            sentences = sentences_of(store, scope)
        around = _around(sentences, Span(hit.start, hit.end))
        if last is None or last.scope is not scope or last.span != around:
            last = _cited(store, scope, around, filters)
        start = around.start
        found.append(
            Occurrence(
                term=place.term.text,
                text=last.text[hit.start - start : hit.end - start],
                start=hit.start,
                end=hit.end,
                spans=hit.spans,
                sentence=last.text,
                citation=last.citations[0],
                places=last.citations[1:],
            )
        )
    return tuple(found)


def _around(sentences: Sequence[Span], words: Span) -> Span:
    """Return the span of the sentences in which the words begin and end."""
    starts = [sentence.start for sentence in sentences]
    first = bisect_right(starts, words.start) - 1
    last = bisect_right(starts, words.end - 1) - 1
    if first < 0:
        return words
    start, end = sentences[first].start, sentences[last].end
    return Span(start, max(end, words.end))


def _cited(store: LibraryReader, scope: Scope, span: Span, filters: Filters) -> _Cited:
    passage = _passage_at(scope, span)
    # The words may go on in the next passage of the same turn.
    start = max(0, passage.start - CONTEXT_LENGTH)
    end = max(passage.end, span.end) + CONTEXT_LENGTH
    read = PassageExcerpt(passage, store.excerpt(scope.text_id, start, end).text, start)
    citations = cite(store, read, span)
    if filters.sources is not None:
        citations = tuple(one for one in citations if one.source in filters.sources)
    return _Cited(scope, span, read.slice(span.start, span.end), citations)


def _passage_at(scope: Scope, span: Span) -> StoredPassage:
    """Return the passage in which a sentence begins; if stored text is searched whole, a passage
    made of the sentence alone, with an id that no passage has."""
    for passage in scope.passages:
        if passage.start <= span.start < passage.end:
            return passage
    return StoredPassage(
        *(0, scope.text_id, scope.paths, scope.document, scope.turn),
        *(span.start, span.end, (span,), ""),
    )


# ---- counts ----------------------------------------------------------------------------


def count_by_term(query: FindQuery, places: Sequence[PlacedHit]) -> tuple[TermCount, ...]:
    """Return one count per term in the query's order, including terms that occur nowhere."""
    occurrences = Counter(place.term for place in places)
    documents = Counter(term for term, *_ in {(place.term, *_document(place)) for place in places})
    return tuple(TermCount(term.text, occurrences[term], documents[term]) for term in query.wanted)


def count_by_document(places: Sequence[PlacedHit], filters: Filters) -> tuple[DocumentCount, ...]:
    """Return one count per document in order of first occurrence, with those of its sources that
    were searched."""
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
    """Return one count per speaker, the highest first."""
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
    """Return one occurrence as data; `citation` is its sentence's."""
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
