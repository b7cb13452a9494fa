"""Query → ranked passages: the stages of searching, in their order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from embeddings.encoder import EncodedText, Encoder
from qa.library.store import Store
from qa.records import Candidate, Query, RankedPassage
from qa.search.candidates import find_candidates
from qa.search.fusion import weighted_sum
from qa.search.late_interaction import (
    Interaction,
    QuestionTokens,
    interact,
    maxsim,
    question_tokens,
)
from qa.search.live_index import LiveIndex
from qa.settings import SearchSettings


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: passages best first, and for the re-ranked ones how each of the
    question's tokens met them (passage id → Interaction)."""

    ranked: tuple[RankedPassage, ...]
    tokens: QuestionTokens | None
    interactions: dict[int, Interaction]


NOTHING = Found((), None, {})


class Searcher:
    """Searches one library with one encoder. Safe to share by threads."""

    def __init__(
        self, store: Store, index: LiveIndex, encoder: Encoder, settings: SearchSettings
    ) -> None:
        self._store = store
        self._index = index
        self._encoder = encoder
        self._settings = settings

    def search(self, query: Query, encoded: EncodedText) -> Found:
        """Rank the passages that satisfy the query's filters. Call it within a snapshot."""
        with self._index.lock:
            self._index.refresh(self._store)
            candidates = find_candidates(
                self._store, self._index, query, encoded.vector, self._settings.depth
            )
        if not candidates:
            return NOTHING
        return self._rerank(query, encoded, candidates)

    def encode(self, query: Query) -> EncodedText:
        """The question's vectors. Needs no snapshot, and takes the longest."""
        return self._encoder.question(query.text)

    def _rerank(
        self, query: Query, encoded: EncodedText, candidates: tuple[Candidate, ...]
    ) -> Found:
        settings = self._settings
        dense = np.array([c.dense for c in candidates], np.float32)
        lexical = np.array([c.lexical for c in candidates], np.float32)
        fused = weighted_sum([(1.0, dense), (settings.lexical_weight, lexical)])
        order = np.argsort(-fused, kind="stable")
        head, tail = order[: settings.reranked], order[settings.reranked :]
        counts = self._store.token_document_counts(encoded.token_ids.tolist())
        mean = self._store.token_mean()
        assert mean is not None  # kept before the first passage is
        tokens = question_tokens(encoded, query.text, mean, self._store.passage_count(), counts)
        ids = [candidates[i].passage for i in head]
        codes = self._store.codes(ids)
        interactions = dict(
            zip(ids, interact(tokens, [codes[id_] for id_ in ids]), strict=True)
        )
        late = np.array(
            [maxsim(interactions[id_].similarities, tokens.weights) for id_ in ids], np.float32
        )
        scores = weighted_sum([(1.0, fused[head]), (settings.interaction_weight, late)])
        ranked = [
            RankedPassage(
                passage=ids[i],
                score=float(scores[i]),
                dense=float(dense[head[i]]),
                lexical=float(lexical[head[i]]),
                fused=float(fused[head[i]]),
                interaction=float(late[i]),
            )
            for i in np.argsort(-scores, kind="stable")
        ]
        floor = ranked[-1].score
        ranked.extend(
            RankedPassage(
                passage=candidates[i].passage,
                # Below all that were re-ranked, in their own order.
                score=floor + float(fused[i]) - float(fused[order[0]]),
                dense=float(dense[i]),
                lexical=float(lexical[i]),
                fused=float(fused[i]),
                interaction=0.0,
            )
            for i in tail
        )
        return Found(tuple(ranked), tokens, interactions)
