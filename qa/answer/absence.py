"""What was searched when nothing was found, and which words of the question are nowhere."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from qa.index.words import LibraryWords
from qa.language.tokens import tokens_with_spans
from qa.records import Absence, Query
from qa.store.sqlite.store import Store

# How alike two spellings must be to be offered for each other (difflib's ratio, 0 to 1).
_NEAR = 0.85


def absence_report(
    store: Store, words: LibraryWords, query: Query, counts: Mapping[str, int]
) -> Absence:
    """How much was searched under the query's filters, and the question's unknown words, each
    with the nearest spelling that the library has."""
    ids = store.matching_ids(query.filters)
    missing = [
        (term, word)
        for term, word in zip(query.terms, query.words, strict=True)
        if counts[term] == 0
    ]
    return Absence(
        passages=store.passage_count() if ids is None else len(ids),
        documents=store.searched_documents(ids),
        filters=query.filters,
        unknown_words=tuple((word, _nearest(store, words, term)) for term, word in missing),
    )


def _nearest(store: Store, words: LibraryWords, term: str) -> str | None:
    """The library's own spelling that is nearest to a token it does not have."""
    # A misspelling seldom begins with another letter, and is as long or nearly so; that leaves
    # few for difflib, which is slow.
    near = [
        known
        for known, _ in words.vocabulary(store)
        if known[0] == term[0] and abs(len(known) - len(term)) <= 2 and known[0].isalpha()
    ]
    best = difflib.get_close_matches(term, near, n=1, cutoff=_NEAR)
    return _spelling(store, best[0]) if best else None


def _spelling(store: Store, token: str) -> str | None:
    """A word of the library that has this token, as the text spells it."""
    ids, _ = store.lexical_scores(f'"{token}"')
    for passage in store.passages(ids[:1].tolist()).values():
        text = store.slice(passage.text_id, passage.start, passage.end)
        for source in (text, passage.context):
            for found in tokens_with_spans(source):
                if found.text == token:
                    return source[found.start : found.end]
    return None
