"""Query → ranked passages: the stages of searching, in their order."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import EncodedText, Encoder, FloatMatrix
from qa.index.protocol import Matches
from qa.index.vectors import LibraryVectors
from qa.index.words import LibraryWords
from qa.language.periods import days_of, period
from qa.records import Filters, Query, RankedPassage, TurnKind
from qa.search.candidates import Candidates, find_candidates
from qa.search.fusion import Floats, weighted_sum
from qa.search.late_interaction import (
    QuestionTokens,
    best_sentences,
    interact,
    question_tokens,
)
from qa.search.neighbours import neighbouring_turns
from qa.settings import SearchSettings
from qa.store.records import StoredPassage
from qa.store.sqlite.store import Store


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: passages best first; the question's tokens; how they met each
    sentence of a passage (passage id → (q, sentences) similarities); and in how many of the
    library's passages each term of the query occurs."""

    ranked: tuple[RankedPassage, ...]
    tokens: QuestionTokens | None
    interactions: dict[int, FloatMatrix]
    stored: dict[int, StoredPassage]
    term_counts: dict[str, int]


# Neighbouring turns are looked at for so many times more passages than are re-ranked.
_NEAR = 3
# Questions that are encoded at once; the encoder itself makes use of the cores.
_THREADS = 4


@dataclass(frozen=True, slots=True)
class _Hints:
    """The understood speakers as filters, and the passages that are theirs; the first and the
    last day of the time that was understood."""

    speakers: Filters | None
    leading: NDArray[np.int64]
    days: tuple[str | None, str | None] | None

    def dated(self, date: str | None) -> bool:
        """Whether a date is known to lie in that time."""
        return self.days is not None and date is not None and period(date).within(*self.days)


class Searcher:
    """Searches one library with one encoder. Safe to share by threads."""

    def __init__(
        self,
        store: Store,
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
        self._background = ThreadPoolExecutor(_THREADS, "citewell-question")
        # While the first question is encoded. What this raises, the question's own refresh does.
        self._background.submit(vectors.refresh, store)

    def search(self, query: Query) -> Found:
        """Rank the passages that satisfy the query's filters. Call it within a snapshot."""
        # The model computes while SQLite reads: neither holds the interpreter's lock.
        encoding = self._background.submit(self.encode, query)
        hints = self._hints(query)
        filters = [query.filters] if hints.speakers is None else [query.filters, hints.speakers]
        allowed = [self._store.matching_ids(condition) for condition in filters]
        matches = self._words.matches(self._store, query.terms)
        counts = self._words.term_counts(self._store, query.terms)
        encoded = encoding.result()
        candidates = self._candidates(encoded, matches, allowed)
        if not len(candidates):
            return Found((), None, {}, {}, counts)
        return self._rank(query, encoded, candidates, hints, counts)

    def encode(self, query: Query) -> EncodedText:
        """The question's vectors."""
        return self._encoder.question(query.text)

    def close(self) -> None:
        """Wait for what is still computing, and let the thread go."""
        self._background.shutdown()

    def _candidates(
        self,
        encoded: EncodedText,
        matches: Matches,
        allowed: Sequence[NDArray[np.int64] | None],
    ) -> Candidates:
        with self._vectors.matches(self._store, encoded.vector) as near:
            return find_candidates(near, matches, allowed, self._settings.depth)

    def _rank(
        self,
        query: Query,
        encoded: EncodedText,
        candidates: Candidates,
        hints: _Hints,
        counts: dict[str, int],
    ) -> Found:
        settings = self._settings
        ids, dense, lexical = candidates.ids, candidates.dense, candidates.lexical
        fused = weighted_sum([(1.0, dense), (settings.lexical_weight, lexical)])
        leading = np.isin(ids, hints.leading)
        # Far down the list no neighbour brings a passage among those that are re-ranked.
        near = _shortlist(fused, leading, _NEAR * settings.reranked)
        ids, leading = ids[near], leading[near]
        dense, lexical, fused = dense[near], lexical[near], fused[near]
        turns = self._store.turns_of(ids.tolist())
        fused = fused + settings.turn_weight * neighbouring_turns(ids, fused, turns)
        # An interviewer's question leads to the turn after it, and is no answer itself.
        asked = np.array([turns[id_].kind is TurnKind.QUESTION for id_ in ids.tolist()])
        head = _shortlist(np.where(asked, -np.inf, fused), leading, settings.reranked)
        head = head[~asked[head]] if not asked.all() else head
        stored = self._store.passages(ids[head].tolist())
        tokens, interactions = self._interact(query, encoded, stored)
        met = [interactions[id_] for id_ in ids[head].tolist()]
        late = best_sentences(met, tokens.weights)
        scores = weighted_sum([(1.0, fused[head]), (settings.interaction_weight, late)])
        dated = [hints.dated(stored[id_].document.date) for id_ in ids[head].tolist()]
        scores += settings.date_weight * np.array(dated, np.float32)
        if query.understood.asks_who:
            named = [stored[id_].turn.speaker is not None for id_ in ids[head].tolist()]
            scores += settings.who_weight * np.array(named, np.float32)
        # Whoever was asked about leads, unless others meet the question far better.
        leads = leading[head] & (late >= settings.lead_share * late.max(initial=0.0))
        order = np.lexsort((-scores, ~leads))
        columns = (ids[head], scores, dense[head], lexical[head], fused[head], late)
        return Found(
            tuple(map(RankedPassage, *(column[order].tolist() for column in columns))),
            tokens,
            interactions,
            stored,
            counts,
        )

    def _interact(
        self, query: Query, encoded: EncodedText, stored: dict[int, StoredPassage]
    ) -> tuple[QuestionTokens, dict[int, FloatMatrix]]:
        mean = self._store.token_mean()
        assert mean is not None  # it is kept before the first passage
        counts = self._store.token_document_counts(encoded.token_ids.tolist())
        tokens = question_tokens(encoded, query, mean, self._store.passage_count(), counts)
        codes = self._store.codes(stored)
        pairs = [
            (codes[id_], [sentence.end - passage.start for sentence in passage.sentences])
            for id_, passage in stored.items()
        ]
        return tokens, dict(zip(stored, interact(tokens, pairs), strict=True))

    def _hints(self, query: Query) -> _Hints:
        """What was understood, as sets of passages; the person's own filters come first."""
        understood, filters = query.understood, query.filters
        speakers = None
        leading, days = np.empty(0, np.int64), None
        if understood.says and understood.speakers and filters.speakers is None:
            speakers = replace(filters, speakers=understood.speakers)
            leading = self._ids(speakers)
        if (understood.since or understood.until) and not (filters.since or filters.until):
            days = days_of(understood.since, understood.until)
        return _Hints(speakers, leading, days)

    def _ids(self, filters: Filters) -> NDArray[np.int64]:
        ids = self._store.matching_ids(filters)
        assert ids is not None  # the filters are not empty
        return ids


def _shortlist(scores: Floats, leading: NDArray[np.bool_], count: int) -> NDArray[np.intp]:
    """The positions of the `count` best, and of the `count` best of those that lead."""
    order = np.argsort(-scores, kind="stable")
    return np.union1d(order[:count], order[leading[order]][:count]).astype(np.intp)
