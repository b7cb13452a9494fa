"""BM25 over a million passages in milliseconds, in memory.

`Postings` are several segments, of which some passages may be gone; they never change, so that
threads share them without a lock. The scores are those of FTS5's bm25(), of the passages that are
there. A question adds up each term's lists in one row of numbers, one for each passage: all that is
computed for most postings is one number to look up and one to add.

`LexicalIndex` changes: what is added becomes a segment of its own; segments of about the same size
are joined, so that there are few. Passages that are removed are only marked; from a quarter of all
on everything is joined anew.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from qa.index.posting_segments import (
    SEGMENT_ARRAYS,
    Flags,
    PostingSegment,
    join_segments,
    make_segment,
    require_sound,
    sizes_without,
)
from qa.index.protocol import Ids, IndexMismatch, SavedIndex, Scores, restoring

K1, B = 1.2, 0.75
LEAST_WEIGHT = 1e-6
# The best are sought block by block: where as many blocks as passages are wanted reach a score,
# nothing below it is among the best.
_BLOCK = 256
# Everything is joined anew once so large a part of all passages is gone.
_GONE = 0.25
# A segment is joined with the one before it once that is not so many times larger.
_ALIKE = 4


class Postings:
    """Segments, and which of their passages are gone; no passage is there twice."""

    def __init__(
        self, segments: Sequence[PostingSegment], gone: Sequence[Flags] | None = None
    ) -> None:
        self.segments = tuple(segments)
        self.gone = tuple(np.zeros(len(s), np.bool_) for s in segments) if gone is None else gone
        self._any_gone = [bool(flags.any()) for flags in self.gone]
        self.starts = np.cumsum([0, *map(len, self.segments)])
        away = np.concatenate([np.empty(0, np.bool_), *self.gone])
        lengths = np.concatenate([np.empty(0, np.uint32), *(s.lengths for s in self.segments)])
        self.passages = len(lengths) - int(away.sum())
        total = int(lengths[~away].sum(dtype=np.int64))
        mean = max(total / max(self.passages, 1), 1e-9)
        # The part of BM25's formula that is the passage's own; nothing is added for what is gone.
        self._norms = (K1 * (1 - B + B * lengths / mean)).astype(np.float32)
        self._norms[away] = np.inf
        self._single = np.float32(K1 + 1) / (1 + self._norms)

    def changed(self, gone: Ids, segment: PostingSegment | None) -> Postings:
        """Return them without some passages, by their ascending ids, and with a segment."""
        flags = [here.copy() for here in self.gone]
        for one, here in zip(self.segments, flags, strict=True):
            here[one.places_of(gone)[1]] = True
        if segment is None:
            return Postings(self.segments, flags)
        return Postings((*self.segments, segment), (*flags, np.zeros(len(segment), np.bool_)))

    def tidied(self) -> Postings:
        """Return the same postings in few segments."""
        away = sum(int(flags.sum()) for flags in self.gone)
        if away > _GONE * (self.passages + away):
            return self.joined()
        segments, gone = list(self.segments), list(self.gone)
        while len(segments) > 1 and len(segments[-2]) <= _ALIKE * len(segments[-1]):
            joined = join_segments(segments[-2:], gone[-2:])
            segments[-2:], gone[-2:] = [joined], [np.zeros(len(joined), np.bool_)]
        return Postings(segments, gone) if len(segments) < len(self.segments) else self

    def joined(self) -> Postings:
        """Return the same postings in one segment, of which no passage is gone."""
        if len(self.segments) == 1 and not self._any_gone[0]:
            return self
        return Postings([join_segments(self.segments, self.gone)])

    def held(self, ids: Ids) -> int:
        """Return how many of some passages are there."""
        return sum(
            int(np.count_nonzero(~flags[segment.places_of(ids)[1]]))
            for segment, flags in zip(self.segments, self.gone, strict=True)
        )

    def count(self, term: str) -> int:
        """Return how many passages hold a term."""
        name, count = term.encode("utf-8", "surrogatepass"), 0
        for number, segment in enumerate(self.segments):
            found = segment.find(name)
            if found is not None:
                once, (more, _) = segment.once_of(found), segment.more_of(found)
                count += len(once) + len(more)
                if self._any_gone[number]:
                    gone = self.gone[number]
                    count -= int(np.count_nonzero(gone[once]) + np.count_nonzero(gone[more]))
        return count

    def ids_at(self, places: NDArray[np.intp]) -> Ids:
        """Return the ids of passages by their places among all, ascending."""
        edges = np.searchsorted(places, self.starts)
        return np.concatenate(
            [
                np.empty(0, np.int64),
                *(
                    segment.ids[places[begin:end] - start]
                    for segment, start, begin, end in zip(
                        self.segments, self.starts, edges, edges[1:], strict=False
                    )
                ),
            ]
        )

    def vocabulary(self) -> list[tuple[str, int]]:
        """Return all terms that any passage holds, in code-point order, with how many do."""
        counts: Counter[bytes] = Counter()
        for segment, flags in zip(self.segments, self.gone, strict=True):
            here = sizes_without(segment.once_starts, flags[segment.once])
            here += sizes_without(segment.more_starts, flags[segment.more])
            counts.update(dict(zip(segment.terms(), here.tolist(), strict=True)))
        return sorted((t.decode("utf-8", "surrogatepass"), n) for t, n in counts.items() if n)

    def matches(self, terms: Iterable[str]) -> PostingMatches:
        """Score the passages that hold any of some terms."""
        sums = np.zeros(int(self.starts[-1]), np.float32)
        for term in dict.fromkeys(terms):
            lists = self._lists(term)
            weight = self._weight(sum(len(places) for places, _ in lists))
            for places, counts in lists:
                if counts is None:
                    added = np.take(self._single, places, mode="clip")
                    added *= np.float32(weight)
                else:
                    often = counts.astype(np.float32)
                    added = np.float32(weight * (K1 + 1)) * often / (often + self._norms[places])
                # Measured: 4 ns a posting; to look up, add and put back takes twice as long.
                np.add.at(sums, places, added)
        return PostingMatches(self, sums)

    def _lists(self, term: str) -> list[tuple[Ids, NDArray[np.uint16] | None]]:
        """Return a term's places among all passages, with how often each holds it (None: once)."""
        name, found = term.encode("utf-8", "surrogatepass"), []
        for number, (segment, start) in enumerate(zip(self.segments, self.starts, strict=False)):
            term_number = segment.find(name)
            if term_number is None:
                continue
            once = segment.once_of(term_number)
            more, counts = segment.more_of(term_number)
            if self._any_gone[number]:
                here = ~self.gone[number]
                once, more, counts = once[here[once]], more[here[more]], counts[here[more]]
            # NumPy looks up by numbers of this kind alone, and would turn them twice.
            found += [(once.astype(np.intp), None), (more.astype(np.intp), counts)]
            if start:
                for places, _ in found[-2:]:
                    places += start
        return found

    def _weight(self, count: int) -> float:
        """Return Robertson's inverse document frequency, as FTS5 has it."""
        if not count:
            return 0.0
        return max(math.log((self.passages - count + 0.5) / (count + 0.5)), LEAST_WEIGHT)


@dataclass(frozen=True, slots=True)
class PostingMatches:
    """The `Matches` of some terms: sums (n,) holds the score of every passage, 0 for most."""

    postings: Postings
    sums: Scores

    def best(self, count: int, among: Ids | None = None) -> Ids:
        sums = self.sums
        if among is not None:
            allowed = [np.isin(s.ids, among, assume_unique=True) for s in self.postings.segments]
            sums = np.where(np.concatenate(allowed), sums, np.float32(0))
        places = np.flatnonzero(sums >= _threshold(sums, count))
        if len(places) > count:
            places = places[np.argpartition(-sums[places], count - 1)[:count]]
        places.sort()
        return self.postings.ids_at(places)[np.argsort(-sums[places], kind="stable")]

    def scores(self, ids: Ids) -> Scores:
        result = np.zeros(len(ids), np.float32)
        parts = zip(self.postings.segments, self.postings.gone, self.postings.starts, strict=False)
        for segment, gone, start in parts:
            rows, places = segment.places_of(ids)
            here = ~gone[places]
            result[rows[here]] = self.sums[start + places[here]]
        return result


class LexicalIndex:
    """An `Index` of lexical tokens by BM25, asked with terms; its content is of each passage the
    tokens joined by single spaces.

    What was added and removed is made postings of with the next question. Passages that were
    removed may be added again.
    """

    form: ClassVar[str] = "postings"
    exact: ClassVar[bool] = True
    kind = "postings in memory"
    drifted = False

    def __init__(self) -> None:
        self._postings = Postings([make_segment(np.empty(0, np.int64), [])])
        self._added: list[PostingSegment] = []

    def __len__(self) -> int:
        return self.postings.passages

    @property
    def postings(self) -> Postings:
        """The postings of all passages, which never change."""
        if self._added:
            # Joined once for all, since that takes as long as to make them.
            none = [np.zeros(len(segment), np.bool_) for segment in self._added]
            added = self._added[0] if len(none) == 1 else join_segments(self._added, none)
            self._postings = self._postings.changed(np.empty(0, np.int64), added).tidied()
            self._added.clear()
        return self._postings

    def add(self, ids: Ids, tokens: Sequence[str]) -> None:
        if len(ids) != len(tokens):
            raise IndexMismatch(f"{len(ids)} ids for the tokens of {len(tokens)} passages")
        if len(ids):
            order = np.argsort(ids, kind="stable")
            self._added.append(make_segment(ids[order], [tokens[place] for place in order]))

    def remove(self, ids: Ids) -> int:
        ids, postings = np.sort(ids), self.postings
        there = postings.held(ids)
        if there:
            self._postings = postings.changed(ids, None).tidied()
        return there

    def search(self, terms: Iterable[str]) -> PostingMatches:
        return self.postings.matches(terms)

    def save(self) -> SavedIndex:
        """Arrays: those of `PostingSegment`."""
        self._postings = self.postings.joined()
        (segment,) = self._postings.segments
        return SavedIndex({}, {name: getattr(segment, name) for name in SEGMENT_ARRAYS})

    @classmethod
    def restore(cls, saved: SavedIndex) -> Self:
        with restoring(cls.form):
            segment = PostingSegment(**{name: saved.arrays[name] for name in SEGMENT_ARRAYS})
            require_sound(segment)
            index = cls()
            index._postings = Postings([segment])
            return index


def _threshold(sums: Scores, count: int) -> np.float32:
    """Return a score above 0 that at least `count` passages reach, if so many are above 0."""
    least = np.float32(np.finfo(np.float32).tiny)
    whole = len(sums) // _BLOCK * _BLOCK
    if whole < count * _BLOCK:
        return least
    tops = sums[:whole].reshape(-1, _BLOCK).max(axis=1)
    return max(least, np.partition(tops, len(tops) - count)[len(tops) - count])
