"""The postings of one library in memory, kept at the library's generation.

They are made of the tokens that the database keeps for FTS5, and give the same scores; FTS5
itself answers for smaller libraries, where there is nothing to load. New passages become a
segment of their own; segments of about the same size are joined, so that there are few. Passages
that are gone are only marked; from a quarter of all on everything is joined anew.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from qa.index.inventory import (
    Changes,
    changes_between,
    count_held,
    joined_ranges,
)
from qa.index.kept_index import KeptIndex
from qa.index.postings import Postings
from qa.index.segments import SEGMENT_ARRAYS, Segment, join_segments, make_segment
from qa.index.term_matches import ListedMatches, TermMatches
from qa.store.records import HeldText, Inventory
from qa.store.sqlite.names import ON_DISK
from qa.store.sqlite.store import Store

FORMAT = 1
# Measured: FTS5 takes 4 ms for a question at 10,000 passages, and for four common words 0.11 s at
# 100,000 and 1.2 s at a million; postings half a millisecond, 1 and 10 ms, and once the time to
# load them.
POSTINGS_FROM = 5_000
_SEGMENT = 1 << 16  # passages; the Python lists they are made from take some 60 MB
_REMADE = 0.5
_GONE = 0.25
# A segment is joined with the one before it once that is not so many times larger.
_ALIKE = 4


class LivePostings:
    """The passages that hold given words, with their BM25 scores, at the store's generation.

    From `least` passages on they are searched by `Postings`, below by the store's own engine.
    Safe to share by threads: the postings never change.
    """

    def __init__(self, least: int | None = None) -> None:
        self._least = POSTINGS_FROM if least is None else least
        self._postings: Postings | None = None
        self._held: Inventory = {}
        self._generation = -1
        self._lock = threading.Lock()

    def matches(self, store: Store, terms: Sequence[str]) -> TermMatches:
        """Return the passages with any of some lexical tokens."""
        with store.snapshot() as generation:
            if store.passage_count() < self._least:
                return ListedMatches(*store.term_scores(terms))
            with self._lock:
                postings = self._at(store, generation, write=not store.read_only)
        return postings.matches(terms)

    def term_counts(self, store: Store, terms: Iterable[str]) -> dict[str, int]:
        """Return in how many passages each lexical token occurs."""
        with store.snapshot() as generation:
            known = self._known(generation)
            if known is None:
                return store.term_counts(terms)
            return {term: known.count(term) for term in terms}

    def vocabulary(self, store: Store) -> Iterator[tuple[str, int]]:
        """Yield all lexical tokens in code-point order, with the number of passages of each."""
        with store.snapshot() as generation:
            known = self._known(generation)
        yield from store.vocabulary() if known is None else known.vocabulary()

    def keep(self, store: Store) -> None:
        """Bring the file up to date, as one segment, if there should be one and it is far
        behind."""
        with store.snapshot() as generation:
            if store.read_only or store.passage_count() < self._least:
                return
            now, kept = store.inventory(), _kept(store)
            if kept.late(now):
                with self._lock:
                    _write(self._at(store, generation, write=False), now, kept)

    def _known(self, generation: int) -> Postings | None:
        """Return the postings of a generation, if they are those in memory."""
        with self._lock:
            return self._postings if self._generation == generation else None

    def _at(self, store: Store, generation: int, *, write: bool) -> Postings:
        """Return the postings of the generation that the store shows; `write`: keep them in the
        file if they had to be made."""
        if self._postings is None or self._generation != generation:
            self._postings = self._refreshed(store, write)
            self._generation = generation
        return self._postings

    def _refreshed(self, store: Store, write: bool) -> Postings:
        now, kept = store.inventory(), _kept(store)
        postings, held = self._postings, self._held
        if postings is None:
            postings, held = _read(kept)
        changes = changes_between(held, now)
        if postings is None or changes.passages > _REMADE * count_held(now):
            postings = Postings([_of_all(store)])
            if write:
                _write(postings, now, kept)
        else:
            postings = _tidied(_applied(store, postings, changes))
        self._held = now
        return postings


def _kept(store: Store) -> KeptIndex:
    provenance = store.provenance
    made_with = {
        "format": FORMAT,
        "tokens": provenance.versions.tokens,
        # How long a passage is depends on the model.
        "revision": provenance.identity.revision,
    }
    return KeptIndex(store.folder / ON_DISK.lexical_index, made_with)


def _applied(store: Store, postings: Postings, changes: Changes) -> Postings:
    if not changes.passages:
        return postings
    added = _of_texts(store, changes.come)
    return postings.changed(((text.first, text.last) for text in changes.gone), added)


def _tidied(postings: Postings) -> Postings:
    """The same postings in few segments."""
    away = sum(int(flags.sum()) for flags in postings.gone)
    if away > _GONE * (postings.passages + away):
        return Postings([join_segments(postings.segments, postings.gone)])
    segments, gone = list(postings.segments), list(postings.gone)
    while len(segments) > 1 and len(segments[-2]) <= _ALIKE * len(segments[-1]):
        joined = join_segments(segments[-2:], gone[-2:])
        segments[-2:], gone[-2:] = [joined], [np.zeros(len(joined), np.bool_)]
    return Postings(segments, gone) if len(segments) < len(postings.segments) else postings


def _of_all(store: Store) -> Segment:
    segments = list(_segments(store.lexical_tokens()))
    return _joined(segments) or make_segment(np.empty(0, np.int64), [])


def _of_texts(store: Store, texts: Iterable[HeldText]) -> Segment | None:
    return _joined(
        [
            segment
            for first, last in joined_ranges(texts)
            for segment in _segments(store.lexical_tokens(first - 1, last))
        ]
    )


def _joined(segments: list[Segment]) -> Segment | None:
    if len(segments) < 2:
        return segments[0] if segments else None
    return join_segments(segments, [np.zeros(len(s), np.bool_) for s in segments])


def _segments(blocks: Iterable[list[tuple[int, str]]]) -> Iterator[Segment]:
    rows: list[tuple[int, str]] = []
    for block in blocks:
        rows += block
        if len(rows) >= _SEGMENT:
            yield _segment(rows)
            rows = []
    if rows:
        yield _segment(rows)


def _segment(rows: list[tuple[int, str]]) -> Segment:
    return make_segment(np.array([row[0] for row in rows], np.int64), [row[1] for row in rows])


# ---- on disk ------------------------------------------------------------------------------


def _read(kept: KeptIndex) -> tuple[Postings | None, Inventory]:
    found = kept.read()
    if found is None:
        return None, {}
    held, file = found
    try:
        segment = Segment(**{name: file.arrays[name] for name in SEGMENT_ARRAYS})
    except LookupError:
        return None, {}
    return Postings([segment]), held


def _write(postings: Postings, now: Inventory, kept: KeptIndex) -> None:
    whole = len(postings.segments) == 1 and not postings.gone[0].any()
    one = postings.segments[0] if whole else join_segments(postings.segments, postings.gone)
    arrays: Mapping[str, Any] = {name: getattr(one, name) for name in SEGMENT_ARRAYS}
    kept.write(now, {}, arrays)
