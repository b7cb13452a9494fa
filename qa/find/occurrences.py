"""Run an exact search: every occurrence in every unit that satisfies the query, counted."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from qa.find.matching import Hit, Matcher, PlacedHit
from qa.find.records import (
    Clause,
    FindQuery,
    FindReport,
    Order,
    Phrase,
    QueryWord,
    Term,
    Within,
    phrases_of,
)
from qa.find.reporting import cite_hits, count_by_document, count_by_speaker, count_by_term
from qa.find.units import Scope, Unit, candidates, passage_units, text_units
from qa.find.words import TextWord, words_in
from qa.records import Filters
from qa.store.protocol import LibraryReader

# Robertson's saturation and length weights, as the lexical index has them.
_K1, _B = 1.2, 0.75


@dataclass(frozen=True, slots=True)
class _Match:
    """A unit that satisfies the query: its length in characters, and its places in order."""

    length: int
    places: tuple[PlacedHit, ...]


def find_occurrences(
    store: LibraryReader,
    query: FindQuery,
    filters: Filters,
    *,
    order: Order = Order.DATE,
    within: Within = Within.TURN,
    everywhere: bool = False,
    limit: int | None = None,
) -> FindReport:
    """Return every occurrence of what a query asks for, among all passages that satisfy the
    filters.

    Phrases and NEAR must fit into one turn, or one sentence if `within` says so; all clauses
    hold for the same sentence, turn or document. `everywhere` searches the stored texts whole,
    so headings, labels, captions and menus too. `limit` cuts the list of occurrences, never the
    counts. By date: undated documents last. By relevance: the units first in which the terms
    stand most densely (BM25's saturation; its rarity weights would be the same for all, because
    each unit satisfies all clauses). Raises ValueError for a limit below 1.
    """
    if limit is not None and limit < 1:
        raise ValueError(f"limit is {limit}, expected at least 1, or None for all")
    with store.snapshot():
        searched = store.size(filters)
        documents = searched.documents
        units = _units(store, query, filters, within, everywhere=everywhere)
        if everywhere:
            # Documents without a passage are searched too.
            units = list(units)
            documents = len({(s.text_id, s.document.ordinal) for unit in units for s in unit})
        places = _ordered(list(_matches(store, query, units)), query, order)
        return FindReport(
            query=query,
            filters=filters,
            within=within,
            order=order,
            everywhere=everywhere,
            count=len(places),
            passages=searched.passages,
            documents=documents,
            by_term=count_by_term(query, places),
            by_document=count_by_document(places, filters),
            by_speaker=count_by_speaker(places),
            occurrences=cite_hits(store, places[:limit], filters),
            unknown_words=_unknown_words(store, query, places, everywhere=everywhere),
        )


def _matches(store: LibraryReader, query: FindQuery, units: Iterable[Unit]) -> Iterator[_Match]:
    matcher = Matcher(query)
    for unit in units:
        found: list[tuple[Scope, dict[Term, list[Hit]]]] = []
        for scope in unit:
            text = store.excerpt(scope.text_id, scope.start, scope.end).text
            found.append((scope, matcher.hits(scope, text)))
        if all(_holds(clause, found) for clause in query.clauses):
            places = [
                PlacedHit(term, scope, hit)
                for scope, hits in found
                for term in query.wanted
                for hit in hits[term]
            ]
            places.sort(key=lambda place: (place.hit.start, place.hit.end))
            yield _Match(sum(s.end - s.start for s in unit), tuple(places))


def _units(
    store: LibraryReader, query: FindQuery, filters: Filters, within: Within, *, everywhere: bool
) -> Iterable[Unit]:
    if everywhere:
        return text_units(store, filters, within)
    allowed = store.passage_ids(filters)
    return passage_units(store, allowed, candidates(store, query, allowed), within)


def _holds(clause: Clause, found: list[tuple[Scope, dict[Term, list[Hit]]]]) -> bool:
    any_hit = any(hits[term] for _, hits in found for term in clause.terms)
    return any_hit is not clause.excluded


# ---- order -----------------------------------------------------------------------------


def _ordered(matches: list[_Match], query: FindQuery, order: Order) -> list[PlacedHit]:
    matches = sorted(matches, key=lambda match: _date_key(match.places[0]))
    if order is Order.RELEVANCE and matches:
        mean = sum(match.length for match in matches) / len(matches)
        matches.sort(key=lambda match: -_density(match, query, mean))
    return [place for match in matches for place in match.places]


def _date_key(place: PlacedHit) -> tuple[bool, str, str, int, int]:
    document = place.scope.document
    date = document.date or ""
    return (not date, date, place.scope.paths[0], document.ordinal, place.hit.start)


def _density(match: _Match, query: FindQuery, mean: float) -> float:
    """Return the sum over clauses of f / (f + k₁·(1 − b + b·length / mean length)), where f is how
    often a clause's terms occur in the unit."""
    weight = _K1 * (1 - _B + _B * match.length / mean)
    total = 0.0
    for clause in query.clauses:
        if not clause.excluded:
            count = sum(place.term in clause.terms for place in match.places)
            total += count / (count + weight)
    return total


# ---- words that are nowhere --------------------------------------------------------------


def _unknown_words(
    store: LibraryReader, query: FindQuery, places: list[PlacedHit], *, everywhere: bool
) -> tuple[tuple[str, str | None], ...]:
    """Return the query's words that occur nowhere in the library, whatever the filters; only of
    scripts with spaces, as a single character of the others is no word."""
    met = {word for term in {place.term for place in places} for word in _words_of(term)}
    wanted = dict.fromkeys(word for term in query.wanted for word in _words_of(term))
    unknown = [
        word
        for word in wanted
        if not word.unspaced
        and word not in met
        and not _occurs(store, word, query, everywhere=everywhere)
    ]
    return tuple((word.text, nearest_spelling(store, word)) for word in unknown)


def _words_of(term: Term) -> list[QueryWord]:
    # Alone, a word has nothing to stand apart from.
    return [replace(word, gap=None) for phrase in phrases_of(term) for word in phrase.words]


def _occurs(store: LibraryReader, word: QueryWord, query: FindQuery, *, everywhere: bool) -> bool:
    alone = FindQuery(word.text, (Clause((Phrase(word.text, (word,)),)),), query.stem)
    units = _units(store, alone, Filters(), Within.TURN, everywhere=everywhere)
    return next(_matches(store, alone, units), None) is not None


# ---- the nearest spelling --------------------------------------------------------------


# How alike two spellings must be to be offered for each other (difflib's ratio, 0 to 1).
_NEAR = 0.75
_PASSAGES_READ = 50


def nearest_spelling(store: LibraryReader, word: QueryWord) -> str | None:
    """Return another form of the word, or the word most like it, spelt as a text of the library has
    it."""
    if word.unspaced:
        return None
    known = store.term_counts([word.token])[word.token] > 0
    token = word.token if known else _nearest_token(store, word.token)
    if token is None:
        return None
    forms = _spellings(store, token)
    best = difflib.get_close_matches(word.key, forms, n=1, cutoff=0.0)
    return forms[best[0]] if best else None


def _nearest_token(store: LibraryReader, token: str) -> str | None:
    # Whatever is near enough is off by little in length; difflib then decides.
    near = [
        known
        for known in store.term_counts()
        if abs(len(known) - len(token)) <= 2 and not known[:1].isdigit()
    ]
    found = difflib.get_close_matches(token, near, n=1, cutoff=_NEAR)
    return found[0] if found else None


def _spellings(store: LibraryReader, token: str) -> dict[str, str]:
    """Return the words with this token in its first passages: folded → as spelt there."""
    ids, _ = store.lexical_scores([token])
    forms: dict[str, str] = {}
    for passage in store.passages(ids[:_PASSAGES_READ].tolist()).values():
        text = store.excerpt(passage.text_id, passage.start, passage.end).text
        for source in (text, passage.context):
            for word in words_in(source):
                if word.token == token:
                    forms.setdefault(word.key, _spelt(source, word))
    return forms


def _spelt(text: str, word: TextWord) -> str:
    return text[word.start : word.end]
