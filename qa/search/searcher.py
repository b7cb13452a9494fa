"""Query → ranked passages: the stages of searching, in their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from embeddings.encoder import EncodedText, Encoder
from qa.index.protocol import Ids, Matches
from qa.index.vectors import LibraryVectors
from qa.index.words import LibraryWords
from qa.language.dates import days_of, period
from qa.records import Filters, Query, RankedPassage
from qa.search.ranking import (
    Candidate,
    add_neighbours,
    add_to_scores,
    find_candidates,
    fuse,
    in_order,
    leave_out_questions,
    shortlist,
)
from qa.search.reranking import (
    Interaction,
    Reading,
    choose_reranker,
    interact,
    question_tokens,
)
from qa.settings import SearchSettings
from qa.store.protocol import LibraryReader
from qa.store.records import StoredPassage


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found: passages best first; of each its record and how the question's tokens
    meet its sentences; and in how many of the library's passages each term of the query occurs."""

    ranked: tuple[RankedPassage, ...]
    passages: Mapping[int, StoredPassage]
    interactions: Mapping[int, Interaction]
    term_counts: Mapping[str, int]


# Neighbouring turns are looked at for so many times more passages than are re-ranked.
_NEAR = 3
# Questions that are encoded at once; the encoder itself makes use of the cores.
_THREADS = 4


@dataclass(frozen=True, slots=True)
class _Hints:
    """The understood speakers as filters, and the passages that are theirs; the first and the
    last day of the time that was understood."""

    speakers: Filters | None
    leading: Ids
    days: tuple[str | None, str | None] | None

    def dated(self, date: str | None) -> bool:
        """Whether a date is known to lie in that time."""
        return self.days is not None and date is not None and period(date).within(*self.days)


class Searcher:
    """Searches one library with one encoder. Safe to share by threads."""

    def __init__(
        self,
        store: LibraryReader,
        vectors: LibraryVectors,
        words: LibraryWords,
        encoder: Encoder,
        settings: SearchSettings,
    ) -> None:
        self._store = store
        self._vectors = vectors
        self._words = words
        self._encoder = encoder
        self._settings = settings
        self._reranker = choose_reranker(settings)
        self._background = ThreadPoolExecutor(_THREADS, "citewell-question")
        # While the first question is encoded. What this raises, the question's own refresh does.
        self._background.submit(vectors.refresh, store)

    def search(self, query: Query) -> SearchResult:
        """Rank the passages that satisfy the query's filters. Call it within a snapshot."""
        # The model computes while SQLite reads: neither holds the interpreter's lock.
        encoding = self._background.submit(self.encode, query)
        hints = self._hints(query)
        filters = [query.filters] if hints.speakers is None else [query.filters, hints.speakers]
        allowed = [self._matching(condition) for condition in filters]
        lexical = self._words.matches(self._store, query.terms)
        counts = self._words.term_counts(self._store, query.terms)
        encoded = encoding.result()
        candidates = self._candidates(encoded, lexical, allowed, hints.leading)
        if not candidates:
            return SearchResult((), {}, {}, counts)
        ranked, reading = self._rank(query, encoded, candidates, hints)
        return SearchResult(ranked, reading.passages, reading.interactions, counts)

    def encode(self, query: Query) -> EncodedText:
        """Return the question's vectors."""
        return self._encoder.question(query.text)

    def close(self) -> None:
        """Wait for what is still computing, and let the thread go."""
        self._background.shutdown()

    def _candidates(
        self, encoded: EncodedText, lexical: Matches, allowed: Sequence[Ids | None], leading: Ids
    ) -> list[Candidate]:
        with self._vectors.matches(self._store, encoded.vector) as near:
            return find_candidates(near, lexical, allowed, leading, self._settings.depth)

    def _rank(
        self, query: Query, encoded: EncodedText, candidates: list[Candidate], hints: _Hints
    ) -> tuple[tuple[RankedPassage, ...], Reading]:
        settings = self._settings
        # Far down the list no neighbour brings a passage among those that are re-ranked.
        near = fuse(candidates, settings.lexical_weight, _NEAR * settings.reranked)
        places = self._store.turn_places([candidate.passage for candidate in near])
        near = add_neighbours(near, places, settings.turn_weight)
        head = shortlist(leave_out_questions(near, places), settings.reranked)
        reading = self._read(query, encoded, [candidate.passage for candidate in head])
        scored = self._reranker.rerank(reading, head)
        stored = [reading.passages[candidate.passage] for candidate in scored]
        dated = [hints.dated(passage.document.date) for passage in stored]
        scored = add_to_scores(scored, settings.date_weight, dated)
        if query.understood.asks_who:
            named = [passage.turn.speaker is not None for passage in stored]
            scored = add_to_scores(scored, settings.who_weight, named)
        best = in_order(scored, settings.lead_share)
        return tuple(candidate.ranked() for candidate in best), reading

    def _read(self, query: Query, encoded: EncodedText, ids: Sequence[int]) -> Reading:
        """Return the passages, and how the question's tokens meet theirs."""
        store = self._store
        passages, codes, mean = store.passages(ids), store.codes(ids), store.provenance.token_mean
        assert mean is not None  # it is kept before the first passage
        counts = store.token_counts(encoded.token_ids.tolist())
        tokens = question_tokens(encoded, query, mean, store.size().passages, counts)
        pairs = [
            (codes[id_], [sentence.end - passage.start for sentence in passage.sentences])
            for id_, passage in passages.items()
        ]
        interactions = {
            id_: Interaction(tokens.weights, similarities)
            for id_, similarities in zip(passages, interact(tokens, pairs), strict=True)
        }
        return Reading(query, passages, interactions, self._text_of)

    def _text_of(self, passage: StoredPassage) -> str:
        return self._store.excerpt(passage.text_id, passage.start, passage.end).text

    def _hints(self, query: Query) -> _Hints:
        """Return what was understood, as sets of passages; the person's own filters come first."""
        understood, filters = query.understood, query.filters
        speakers = None
        leading, days = np.empty(0, np.int64), None
        if understood.says and understood.speakers and filters.speakers is None:
            speakers = replace(filters, speakers=understood.speakers)
            leading = self._ids(speakers)
        if (understood.since or understood.until) and not (filters.since or filters.until):
            days = days_of(understood.since, understood.until)
        return _Hints(speakers, leading, days)

    def _ids(self, filters: Filters) -> Ids:
        return self._store.passage_ids(filters)

    def _matching(self, filters: Filters) -> Ids | None:
        """Return the passages that satisfy all filters; None: all passages."""
        return None if filters.empty else self._store.passage_ids(filters)
