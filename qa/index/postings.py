"""BM25 over a million passages in milliseconds, in memory.

`Postings` are several segments, of which some passages may be gone; they never change, so that
threads share them without a lock. The scores are those of FTS5 (`qa.store.sqlite.lexical`), of the
passages that are there. A question adds up each term's lists in one row of numbers, one for each
passage: all that is computed for most postings is one number to look up and one to add.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.index.segments import Flags, Ids, Segment, sizes_without

Floats = NDArray[np.float32]

K1, B = 1.2, 0.75
LEAST_WEIGHT = 1e-6
# The best are sought block by block: where as many blocks as passages are wanted reach a score,
# nothing below it is among the best.
_BLOCK = 256


class Postings:
    """Segments, and which of their passages are gone; no passage is there twice."""

    def __init__(self, segments: Sequence[Segment], gone: Sequence[Flags] | None = None) -> None:
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

    def changed(self, ranges: Iterable[tuple[int, int]], segment: Segment | None) -> Postings:
        """Without the passages of some ranges of ids (both inclusive), and with a segment."""
        gone = [flags.copy() for flags in self.gone]
        for first, last in ranges:
            for one, flags in zip(self.segments, gone, strict=True):
                begin, end = np.searchsorted(one.ids, [first, last + 1])
                flags[begin:end] = True
        if segment is None:
            return Postings(self.segments, gone)
        return Postings((*self.segments, segment), (*gone, np.zeros(len(segment), np.bool_)))

    def count(self, term: str) -> int:
        """How many passages hold a term."""
        return sum(len(places) for places, _ in self._lists(term))

    def ids_at(self, places: NDArray[np.intp]) -> Ids:
        """The ids of passages by their places among all, ascending."""
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
        """All terms that any passage holds, in code-point order, with how many do."""
        counts: Counter[bytes] = Counter()
        for segment, flags in zip(self.segments, self.gone, strict=True):
            here = sizes_without(segment.once_starts, flags[segment.once])
            here += sizes_without(segment.more_starts, flags[segment.more])
            counts.update(dict(zip(segment.terms(), here.tolist(), strict=True)))
        return sorted((t.decode("utf-8", "surrogatepass"), n) for t, n in counts.items() if n)

    def matches(self, terms: Iterable[str]) -> PostingMatches:
        """The passages that hold any of some terms."""
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
        """A term's places among all passages, with how often each holds it (None: once)."""
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
        """Robertson's inverse document frequency, as FTS5 has it."""
        if not count:
            return 0.0
        return max(math.log((self.passages - count + 0.5) / (count + 0.5)), LEAST_WEIGHT)


@dataclass(frozen=True, slots=True)
class PostingMatches:
    """A `TermMatches` of postings: sums (n,) holds the score of every passage, 0 for most."""

    postings: Postings
    sums: Floats

    def best(self, count: int, among: Ids | None = None) -> Ids:
        sums = self.sums
        if among is not None:
            allowed = [np.isin(s.ids, among, assume_unique=True) for s in self.postings.segments]
            sums = np.where(np.concatenate(allowed), sums, np.float32(0))
        places = np.flatnonzero(sums >= _threshold(sums, count))
        if len(places) > count:
            places = places[np.argpartition(-sums[places], count - 1)[:count]]
        return self.postings.ids_at(np.sort(places))

    def scores(self, ids: Ids) -> Floats:
        result = np.zeros(len(ids), np.float32)
        parts = zip(self.postings.segments, self.postings.gone, self.postings.starts, strict=False)
        for segment, gone, start in parts:
            if len(segment):
                places = np.minimum(np.searchsorted(segment.ids, ids), len(segment) - 1)
                here = (segment.ids[places] == ids) & ~gone[places]
                result[here] = self.sums[start + places[here]]
        return result


def _threshold(sums: Floats, count: int) -> np.float32:
    """A score above 0 that at least `count` passages reach, if so many are above 0."""
    least = np.float32(np.finfo(np.float32).tiny)
    whole = len(sums) // _BLOCK * _BLOCK
    if whole < count * _BLOCK:
        return least
    tops = sums[:whole].reshape(-1, _BLOCK).max(axis=1)
    return max(least, np.partition(tops, len(tops) - count)[len(tops) - count])
