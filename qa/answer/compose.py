"""Ranked passages → Answer: the quotes, or an honest report that there are none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qa.answer.citations import PassageExcerpt, cite, read_passage
from qa.answer.quoting import choose_sentences, group_duplicates
from qa.answer.verdict import decide_verdict, gather_evidence, report_absence
from qa.index.words import LibraryWords
from qa.language.tokens import tokens
from qa.records import Answer, Query, Quote, RankedPassage, Span, Verdict
from qa.search.searcher import SearchResult
from qa.settings import EvidenceSettings, QuotingSettings
from qa.store.protocol import LibraryReader

# Near-identical passages become one quote; so many more are looked at than quotes are wanted.
_SPARE = 2
# Quotes shown as near misses when nothing answers.
_MISSES = 3


def compose_answer(
    store: LibraryReader,
    words: LibraryWords,
    query: Query,
    found: SearchResult,
    limit: int,
    quoting: QuotingSettings,
    model: EvidenceSettings,
) -> Answer:
    """Return the answer to a query from what a search found, with at most `limit` quotes."""
    evidence = gather_evidence(store, query, found)
    probability = evidence.probability(model) if evidence else 0.0
    verdict = decide_verdict(probability, model)
    if verdict is not Verdict.NOT_FOUND:
        quotes = _quotes(store, query, found, limit, quoting)
        return Answer(query.question, verdict, query, quotes, probability)
    misses = _quotes(store, query, found, min(limit, _MISSES), quoting)
    absence = report_absence(store, words, query, found.term_counts)
    return Answer(query.question, verdict, query, (), probability, misses, absence)


def _quotes(
    store: LibraryReader, query: Query, found: SearchResult, wanted: int, settings: QuotingSettings
) -> tuple[Quote, ...]:
    drafts = [
        _draft(read_passage(store, found.passages[ranked.passage]), ranked, found, settings)
        for ranked in found.ranked[: wanted * _SPARE]
    ]
    groups = group_duplicates((d.text, d.within.passage.turn.speaker) for d in drafts)
    return tuple(_quote(store, query, [drafts[i] for i in group]) for group in groups[:wanted])


@dataclass(frozen=True, slots=True)
class _UncitedQuote:
    """The words to quote from one passage, before they are cited."""

    within: PassageExcerpt
    span: Span
    text: str
    score: float


def _draft(
    within: PassageExcerpt, ranked: RankedPassage, found: SearchResult, settings: QuotingSettings
) -> _UncitedQuote:
    span = choose_sentences(
        found.interactions[ranked.passage],
        within.passage.sentences,
        lambda sentence: within.slice(sentence.start, sentence.end),
        settings,
    )
    return _UncitedQuote(within, span, within.slice(span.start, span.end), ranked.score)


def _quote(store: LibraryReader, query: Query, drafts: list[_UncitedQuote]) -> Quote:
    """One quote of near-identical drafts, in the words of the first."""
    first = drafts[0]
    citations = [citation for draft in drafts for citation in cite(store, draft.within, draft.span)]
    return Quote(
        text=first.text,
        start=first.span.start,
        end=first.span.end,
        citation=citations[0],
        score=first.score,
        matched=tuple(_matched(query, first.text)),
        places=tuple(citations[1:]),
    )


def _matched(query: Query, text: str) -> Iterator[str]:
    held = frozenset(tokens(text))
    for term, word in zip(query.terms, query.words, strict=True):
        if term in held:
            yield word
