"""Divide the library's texts into scopes, and group these into the units of a search.

A scope is what phrases and NEAR must fit into: a turn, or a sentence of one. A unit is what
all the words of a search must stand in together: a sentence, a turn, or a document.
The lexical index says which passages can hold a query's words at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from qa.find.records import Clause, FindQuery, Term, Within, phrases_of
from qa.language.dates import period
from qa.records import Document, Filters, Span, Turn
from qa.store.protocol import LibraryReader
from qa.store.records import Ids, StoredPassage

# Passages read at once, and how many such blocks are kept while units are put together.
_BLOCK = 64
_KEPT_BLOCKS = 64


@dataclass(frozen=True, slots=True)
class Scope:
    """Text of one turn to search: `pieces`, in order and separate. `passages` are those it was made
    from, none if the whole stored text is searched."""

    text_id: int
    paths: tuple[str, ...]
    document: Document
    turn: Turn
    pieces: tuple[Span, ...]
    passages: tuple[StoredPassage, ...] = ()

    @property
    def start(self) -> int:
        return self.pieces[0].start

    @property
    def end(self) -> int:
        return self.pieces[-1].end


Unit = tuple[Scope, ...]


def passage_units(
    store: LibraryReader, allowed: Ids, chosen: Ids, within: Within
) -> Iterator[Unit]:
    """Yield the units that hold the chosen passages, whole, each once.

    `allowed` are all passages that may be searched, `chosen` some of them, both ascending. Ids
    follow the text, so that a unit's passages are neighbours.
    """
    rows = _Rows(store, allowed)
    places = np.searchsorted(allowed, chosen).tolist()
    done = 0
    for place in places:
        if place < done:
            continue
        key = _unit_key(rows[place], within)
        first, last = place, place + 1
        if within is not Within.SENTENCE:
            while first > done and _unit_key(rows[first - 1], within) == key:
                first -= 1
            while last < len(allowed) and _unit_key(rows[last], within) == key:
                last += 1
        done = last
        yield from _units_of([rows[at] for at in range(first, last)], within)


class _Rows(Sequence[StoredPassage]):
    """Passages by their place among the allowed ids, read in blocks."""

    def __init__(self, store: LibraryReader, ids: Ids) -> None:
        self._store = store
        self._ids = ids
        self._blocks: dict[int, list[StoredPassage]] = {}

    def __len__(self) -> int:
        return len(self._ids)

    def __getitem__(self, place: int) -> StoredPassage:  # type: ignore[override]
        number, at = divmod(place, _BLOCK)
        block = self._blocks.get(number)
        if block is None:
            if len(self._blocks) >= _KEPT_BLOCKS:
                del self._blocks[next(iter(self._blocks))]
            ids = self._ids[number * _BLOCK : (number + 1) * _BLOCK].tolist()
            block = list(self._store.passages(ids).values())
            self._blocks[number] = block
        return block[at]


def _unit_key(passage: StoredPassage, within: Within) -> tuple[int, ...]:
    if within is Within.DOCUMENT:
        return (passage.text_id, passage.document.ordinal)
    return (passage.text_id, passage.document.ordinal, passage.turn.ordinal)


def _units_of(passages: list[StoredPassage], within: Within) -> Iterator[Unit]:
    """Yield the units made by passages with the same unit key: one, or one per sentence."""
    if within is Within.SENTENCE:
        for passage in passages:
            for sentence in passage.sentences:
                yield (_scope((passage,), (sentence,)),)
        return
    turns = groupby(passages, key=lambda passage: passage.turn.ordinal)
    own = [tuple(group) for _, group in turns]
    yield tuple(_scope(group, [Span(p.start, p.end) for p in group]) for group in own)


def _scope(passages: tuple[StoredPassage, ...], pieces: Iterable[Span]) -> Scope:
    first = passages[0]
    return Scope(first.text_id, first.paths, first.document, first.turn, tuple(pieces), passages)


def text_units(store: LibraryReader, filters: Filters, within: Within) -> Iterator[Unit]:
    """Yield all turns of every kind (headings, labels, captions, menus) that satisfy the
    filters."""
    paths: dict[int, list[str]] = {}
    for source in store.sources():
        if filters.sources is None or source.path in filters.sources:
            paths.setdefault(source.text_id, []).append(source.path)
    for text_id, own in paths.items():
        documents, turns = store.structure(own[0])
        for document in documents:
            if not _wanted(document, filters):
                continue
            scopes = [
                Scope(text_id, tuple(own), document, turn, (Span(turn.start, turn.end),))
                for turn in turns
                if turn.document == document.ordinal
                and turn.start < turn.end
                and (filters.speakers is None or turn.speaker in filters.speakers)
            ]
            if within is Within.DOCUMENT and scopes:
                yield tuple(scopes)
            elif within is Within.TURN:
                yield from ((scope,) for scope in scopes)
            else:
                yield from _sentence_units(store, scopes)


def _sentence_units(store: LibraryReader, scopes: Iterable[Scope]) -> Iterator[Unit]:
    for scope in scopes:
        for sentence in sentences_of(store, scope):
            yield (replace(scope, pieces=(sentence,)),)


def sentences_of(store: LibraryReader, scope: Scope) -> tuple[Span, ...]:
    """Return the sentences of a scope, in order."""
    if scope.passages:
        return tuple(sentence for passage in scope.passages for sentence in passage.sentences)
    from qa.language.sentences import split_sentences

    start = scope.start
    text = store.excerpt(scope.text_id, start, scope.end).text
    spans = split_sentences(text, 0, len(text))
    return tuple(Span(start + span.start, start + span.end) for span in spans)


def _wanted(document: Document, filters: Filters) -> bool:
    if filters.documents is not None and document.title not in filters.documents:
        return False
    if filters.since is None and filters.until is None:
        return True
    if document.date is None:
        return False
    since = None if filters.since is None else period(filters.since).first
    until = None if filters.until is None else period(filters.until).last
    return period(document.date).within(since, until)


# ---- which passages can hold the words -------------------------------------------------


def candidates(store: LibraryReader, query: FindQuery, allowed: Ids) -> Ids:
    """Return, ascending, at least one allowed passage of every unit that can match: those of the
    most selective clause, or all if no clause can use the index.

    Every scope that satisfies a clause holds one of its terms, so all words of that term, so in
    one of its passages the rarest of them; and a passage that holds a word holds its token (see
    `words`). The passages with the rarest token of each term of one clause therefore miss nothing.
    """
    best: tuple[int, tuple[str, ...]] | None = None
    for clause in query.clauses:
        if not clause.excluded:
            tokens = _tokens_of(store, clause)
            if tokens is not None:
                cost = sum(store.term_counts(tokens).values())
                if best is None or cost < best[0]:
                    best = (cost, tokens)
    if best is None:
        return allowed
    ids, _ = store.lexical_scores(best[1])
    return np.intersect1d(ids, allowed, assume_unique=True)


def _tokens_of(store: LibraryReader, clause: Clause) -> tuple[str, ...] | None:
    """Return the rarest token of each of a clause's terms; None if the index can't know any token
    of a term."""
    found = [_rarest(store, term) for term in clause.terms]
    known = [token for token in found if token is not None]
    return tuple(dict.fromkeys(known)) if len(known) == len(found) else None


def _rarest(store: LibraryReader, term: Term) -> str | None:
    # A prefix has no stem of its own, and a passage may end inside a run of characters of a
    # script without spaces, whose bigrams the index then lacks.
    tokens = [
        word.token
        for phrase in phrases_of(term)
        for word in phrase.words
        if not word.prefix and not word.unspaced
    ]
    counts = store.term_counts(dict.fromkeys(tokens))
    return min(counts, key=lambda token: counts[token]) if counts else None
