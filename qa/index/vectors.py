"""The vectors of one library, searched in memory.

The index picks itself by size: exact over float32, or beyond `IndexLimits.exact` passages product
codes, of which the best are computed again from the library's own vectors.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from embeddings.encoder import Encoder, FloatMatrix
from qa.index.derived import VECTOR_FILE, DerivedIndex, blocks
from qa.index.exact import ExactIndex, Vector
from qa.index.protocol import Ids, Index, Matches, SavedIndex, Scores, restoring
from qa.index.quantised import SAMPLE, QuantizedIndex, TrueNeighbours
from qa.records import Span
from qa.store.protocol import LibraryReader

FORMAT = 2
# A library that shrinks keeps its product codes down to this share of the limit.
_SHRUNK = 0.5
_SAMPLE_QUESTIONS = 160
# To read an exact vector of the library costs as much as to scan the codes of a thousand.
_REFINED = 25
_BLOCK = 4096  # vectors read at once


@dataclass(frozen=True, slots=True)
class IndexLimits:
    """Numbers of passages: up to `exact` the index is exact, from `saved` on it is saved.

    Measured: an exact look-up takes 2 ms at 30,000 passages and 13 ms at 100,000; one of product
    codes 1 and 2.5 ms, and 1 ms to refine what it found. Opening 100,000 from their rows takes 2 s.
    """

    exact: int = 30_000
    saved: int = 5_000


VectorIndex = Index[FloatMatrix, Vector]


class LibraryVectors:
    """Finds the passages whose vectors are nearest to a question's. Safe to share by threads."""

    def __init__(self, encoder: Encoder, limits: IndexLimits | None = None) -> None:
        self._derived: DerivedIndex[VectorIndex] = DerivedIndex(
            VectorRecipe(encoder, limits or IndexLimits())
        )

    @property
    def kind(self) -> str:
        """What the index is, in words."""
        index = self._derived.index
        return "none yet" if index is None else index.kind

    def refresh(self, store: LibraryReader) -> None:
        """Bring the index to the generation that the store shows now."""
        self._derived.refresh(store)

    def save(self, store: LibraryReader) -> None:
        """Bring the index's file up to date. See `DerivedIndex.save`."""
        self._derived.save(store)

    @contextmanager
    def matches(self, store: LibraryReader, vector: Vector) -> Iterator[Matches]:
        """Compare a (d,) vector with all passages; scores are cosines, the best of them exact.

        Other threads wait until this is left."""
        with self._derived.at(store) as index:
            found = index.search(vector)
            yield found if index.exact else RefinedMatches(found, store, vector)


@dataclass(frozen=True, slots=True)
class RefinedMatches:
    """Approximate matches of a vector whose best scores are computed from the vectors
    themselves."""

    found: Matches
    store: LibraryReader
    vector: Vector

    def best(self, count: int, among: Ids | None = None) -> Ids:
        return self.found.best(count, among)

    def scores(self, ids: Ids) -> Scores:
        """Return the (n,) cosines of (n,) passages: exact, but for those beyond the best few
        rounded to about a thousandth."""
        cosines = self.found.scores(ids)
        best = np.argsort(-cosines, kind="stable")[:_REFINED]
        cosines[best] = self.store.vectors(ids[best]) @ self.vector
        return cosines


@dataclass(frozen=True, slots=True)
class VectorRecipe:
    """A `Recipe` of the passages' vectors."""

    encoder: Encoder
    limits: IndexLimits

    @property
    def file(self) -> str:
        return VECTOR_FILE

    @property
    def saved_from(self) -> int:
        return self.limits.saved

    @property
    def dimension(self) -> int:
        return self.encoder.identity.dimension

    def made_with(self, store: LibraryReader) -> Mapping[str, Any]:
        return {
            "format": FORMAT,
            "revision": store.provenance.identity.revision,
            "dimension": self.dimension,
        }

    def content(self, store: LibraryReader, ids: Ids) -> Iterator[tuple[Ids, FloatMatrix]]:
        for block in blocks(ids, _BLOCK):
            yield block, store.vectors(block)

    def build(self, store: LibraryReader, ids: Ids) -> VectorIndex:
        if len(ids) > self.limits.exact:
            return self._trained(store, ids)
        index = ExactIndex(self.dimension)
        for block, vectors in self.content(store, ids):
            index.add(block, vectors)
        return index

    def suits(self, index: VectorIndex, count: int) -> bool:
        if index.exact:
            return count <= self.limits.exact
        return count >= _SHRUNK * self.limits.exact

    def restore(self, saved: SavedIndex) -> VectorIndex:
        saved = SavedIndex({"dimension": self.dimension, **saved.entries}, saved.arrays)
        forms: dict[str, type[ExactIndex] | type[QuantizedIndex]] = {
            ExactIndex.form: ExactIndex,
            QuantizedIndex.form: QuantizedIndex,
        }
        with restoring("vectors"):
            return forms[saved.entries["kind"]].restore(saved)

    def _trained(self, store: LibraryReader, ids: Ids) -> QuantizedIndex:
        """Return an index of all passages, trained on an even sample of them, and calibrated with
        sentences of theirs: a question is about as near to what answers it."""
        chosen = ids[:: max(1, len(ids) // SAMPLE)]
        sample = np.concatenate([vectors for _, vectors in self.content(store, chosen)])
        index = QuantizedIndex.train(sample)
        texts = _sentences(store, chosen[:: max(1, len(chosen) // _SAMPLE_QUESTIONS)])
        truth = TrueNeighbours(np.stack([self.encoder.question(text).vector for text in texts]))
        for block, vectors in self.content(store, ids):
            truth.look(block, vectors)
            index.add(block, vectors)
        index.calibrate(truth.questions, truth.nearest)
        return index


def _sentences(store: LibraryReader, ids: Ids) -> list[str]:
    """Return the middle sentence of each passage."""
    found = []
    for passage in store.passages(ids.tolist()).values():
        spans = passage.sentences or (Span(passage.start, passage.end),)
        span = spans[len(spans) // 2]
        found.append(store.excerpt(passage.text_id, span.start, span.end).text)
    return found
