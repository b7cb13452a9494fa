"""Places that were found → occurrences with the sentences around them and their citations."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from qa.answer.citations import CONTEXT_LENGTH, PassageExcerpt, cite
from qa.find.matching import PlacedHit
from qa.find.records import Occurrence
from qa.find.units import Scope, sentences_of
from qa.records import Citation, Filters, Span
from qa.store.protocol import LibraryReader
from qa.store.records import StoredPassage


@dataclass(frozen=True, slots=True)
class _Cited:
    """The last sentence cited: several occurrences may stand in it."""

    scope: Scope
    span: Span
    text: str
    citations: tuple[Citation, ...]


def cite_hits(
    store: LibraryReader, places: Sequence[PlacedHit], filters: Filters
) -> tuple[Occurrence, ...]:
    """One occurrence a place, in their order."""
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
    """From the start of the sentence the words begin in to the end of that they end in."""
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
    """The passage that a sentence begins in; where the stored text is searched whole, what a
    passage of the sentence alone would be, with an id that no passage has."""
    for passage in scope.passages:
        if passage.start <= span.start < passage.end:
            return passage
    return StoredPassage(
        *(0, scope.text_id, scope.paths, scope.document, scope.turn),
        *(span.start, span.end, (span,), ""),
    )
