"""The words of one library, searched by BM25: in memory, or where it is small by the store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from qa.index.derived import LEXICAL_FILE, DerivedIndex, blocks
from qa.index.postings import LexicalIndex, Postings
from qa.index.protocol import Ids, Matches, SavedIndex, Scores
from qa.store.protocol import LibraryReader

FORMAT = 1
# Measured: FTS5 takes 4 ms for a question at 10,000 passages, and for four common words 0.11 s at
# 100,000 and 1.2 s at a million; postings half a millisecond, 1 and 10 ms, and once the time to
# load them.
POSTINGS_FROM = 5_000
_BLOCK = 1 << 16  # passages; the Python lists their postings are made from take some 60 MB


class LibraryWords:
    """Finds the passages that hold given words. Safe to share by threads.

    From `least` passages on they are searched in memory, below by the store's own engine.
    """

    def __init__(self, least: int | None = None) -> None:
        self._recipe = WordRecipe(POSTINGS_FROM if least is None else least)
        self._derived = DerivedIndex(self._recipe)

    def matches(self, store: LibraryReader, terms: Sequence[str]) -> Matches:
        """Score the passages with any of some lexical tokens, by BM25."""
        with store.snapshot():
            if store.size().passages < self._recipe.saved_from:
                return ListedMatches(*store.lexical_scores(terms))
            with self._derived.at(store) as index:
                postings = index.postings
        return postings.matches(terms)

    def term_counts(self, store: LibraryReader, terms: Sequence[str]) -> dict[str, int]:
        """Return in how many passages each lexical token occurs."""
        with store.snapshot() as generation:
            known = self._known(generation)
            if known is None:
                return store.term_counts(terms)
        return {term: known.count(term) for term in terms}

    def vocabulary(self, store: LibraryReader) -> Iterator[tuple[str, int]]:
        """Yield all lexical tokens in code-point order, with the number of passages of each."""
        with store.snapshot() as generation:
            known = self._known(generation)
        yield from store.term_counts().items() if known is None else known.vocabulary()

    def _known(self, generation: int) -> Postings | None:
        with self._derived.known(generation) as index:
            return None if index is None else index.postings

    def save(self, store: LibraryReader) -> None:
        """Bring the index's file up to date. See `DerivedIndex.save`."""
        self._derived.save(store)


@dataclass(frozen=True, slots=True)
class WordRecipe:
    """A `Recipe` of the passages' lexical tokens."""

    saved_from: int
    file: str = LEXICAL_FILE

    def made_with(self, store: LibraryReader) -> Mapping[str, Any]:
        made = store.provenance
        # How long a passage is depends on the model.
        return {
            "format": FORMAT,
            "tokens": made.versions.tokens,
            "revision": made.identity.revision,
        }

    def content(self, store: LibraryReader, ids: Ids) -> Iterator[tuple[Ids, Sequence[str]]]:
        for block in blocks(ids, _BLOCK):
            yield block, store.tokens(block)

    def build(self, store: LibraryReader, ids: Ids) -> LexicalIndex:
        index = LexicalIndex()
        for block, tokens in self.content(store, ids):
            index.add(block, tokens)
        return index

    def suits(self, index: LexicalIndex, count: int) -> bool:
        return True

    def restore(self, saved: SavedIndex) -> LexicalIndex:
        return LexicalIndex.restore(saved)


@dataclass(frozen=True, slots=True)
class ListedMatches:
    """The `Matches` that a store's own engine found: all, by ascending id (n,), scores (n,)."""

    ids: Ids
    values: Scores

    def best(self, count: int, among: Ids | None = None) -> Ids:
        ids, values = self.ids, self.values
        if among is not None:
            allowed = np.isin(ids, among)
            ids, values = ids[allowed], values[allowed]
        if len(ids) > count:
            chosen = np.argpartition(-values, count - 1)[:count]
            ids, values = ids[chosen], values[chosen]
        return ids[np.argsort(-values, kind="stable")]

    def scores(self, ids: Ids) -> Scores:
        if not len(self.ids):
            return np.zeros(len(ids), np.float32)
        place = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return np.where(self.ids[place] == ids, self.values[place], np.float32(0))
