"""Ranked passages → Answer: the quotes, or an honest report that there are none."""

from __future__ import annotations

from collections.abc import Iterator

from qa.answering.absence import absence_report
from qa.answering.citations import cite
from qa.answering.duplicates import merge_duplicates
from qa.answering.evidence import judge
from qa.answering.sentences import choose_sentences
from qa.library.rows import StoredPassage
from qa.library.store import Store
from qa.records import Answer, Query, Quote, RankedPassage, Verdict
from qa.search.lexical import tokens_with_spans
from qa.search.searcher import Found
from qa.settings import QuotingSettings

# Near-identical passages become one quote; so many more are looked at than quotes are wanted.
_SPARE = 3
# Quotes shown as near misses when nothing answers.
_MISSES = 3


def compose_answer(
    store: Store, query: Query, found: Found, limit: int, settings: QuotingSettings
) -> Answer:
    """The answer to a query from what a search found, with at most `limit` quotes."""
    verdict = judge(store, query, found, settings)
    wanted = min(limit, _MISSES) if verdict is Verdict.NOT_FOUND else limit
    quotes = _quotes(store, query, found, wanted, settings)
    if verdict is Verdict.NOT_FOUND or not quotes:
        absence = absence_report(store, query)
        return Answer(query.question, Verdict.NOT_FOUND, query, (), quotes, absence)
    return Answer(query.question, verdict, query, quotes)


def _quotes(
    store: Store, query: Query, found: Found, wanted: int, settings: QuotingSettings
) -> tuple[Quote, ...]:
    head = found.ranked[: wanted * _SPARE]
    stored = store.passages([ranked.passage for ranked in head])
    quotes = merge_duplicates(
        _quote(store, query, found, ranked, stored[ranked.passage], settings)
        for ranked in head
        if ranked.passage in stored
    )
    return quotes[:wanted]


def _quote(
    store: Store,
    query: Query,
    found: Found,
    ranked: RankedPassage,
    passage: StoredPassage,
    settings: QuotingSettings,
) -> Quote:
    assert found.tokens is not None  # there are interactions
    whole = store.slice(passage.text_id, passage.start, passage.end)
    span = choose_sentences(
        found.interactions[ranked.passage],
        found.tokens.weights,
        passage.sentences,
        passage.start,
        lambda s: whole[s.start - passage.start : s.end - passage.start],
        settings,
    )
    text = whole[span.start - passage.start : span.end - passage.start]
    first, *others = cite(store, passage, span.start, span.end)
    return Quote(
        text=text,
        start=span.start,
        end=span.end,
        citation=first,
        score=ranked.score,
        matched=tuple(_matched(query, text)),
        places=tuple(others),
    )


def _matched(query: Query, text: str) -> Iterator[str]:
    held = {token.text for token in tokens_with_spans(text)}
    for term, word in zip(query.terms, query.words, strict=True):
        if term in held:
            yield word
