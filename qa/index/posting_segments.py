"""Which passages hold each term: postings of some passages, in memory, as plain arrays.

A `PostingSegment` never changes. Each term has two lists of the segment's passages: those that hold
it once, which are most, and those that hold it more often, with how often.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.index.protocol import Ids, require_shape

Flags = NDArray[np.bool_]

_MOST = (1 << 16) - 1
_AT_ONCE = 1 << 22


@dataclass(frozen=True, slots=True)
class PostingSegment:
    """Some passages' postings. A passage is known by its place among them.

    ids: (n,) int64, ascending; lengths: (n,) uint32 tokens. Terms are sorted UTF-8 in `text`,
    term t is text[text_starts[t] : text_starts[t + 1]]. once[once_starts[t] : once_starts[t + 1]]
    are the places of the passages that hold it once, `more` with `counts` (uint16) of the others;
    both uint32.
    """

    ids: Ids
    lengths: NDArray[np.uint32]
    text: NDArray[np.uint8]
    text_starts: NDArray[np.int64]
    once: NDArray[np.uint32]
    once_starts: NDArray[np.int64]
    more: NDArray[np.uint32]
    more_starts: NDArray[np.int64]
    counts: NDArray[np.uint16]

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def size(self) -> int:
        """How many postings it has."""
        return len(self.once) + len(self.more)

    def terms(self) -> list[bytes]:
        """Return all terms, sorted."""
        data, edges = self.text.tobytes(), self.text_starts.tolist()
        return [data[a:b] for a, b in pairwise(edges)]

    def find(self, term: bytes) -> int | None:
        """Return a term's number, None if it is not here."""
        low, high = 0, len(self.text_starts) - 1
        while low < high:
            middle = (low + high) // 2
            start, end = self.text_starts[middle : middle + 2]
            here = self.text[start:end].tobytes()
            if here == term:
                return middle
            low, high = (middle + 1, high) if here < term else (low, middle)
        return None

    def places_of(self, ids: Ids) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return which rows of (n,) ids are here, and at which places."""
        if not len(self):
            return np.empty(0, np.intp), np.empty(0, np.intp)
        places = np.minimum(np.searchsorted(self.ids, ids), len(self) - 1)
        rows = np.flatnonzero(self.ids[places] == ids)
        return rows, places[rows]

    def once_of(self, term: int) -> NDArray[np.uint32]:
        return self.once[self.once_starts[term] : self.once_starts[term + 1]]

    def more_of(self, term: int) -> tuple[NDArray[np.uint32], NDArray[np.uint16]]:
        part = slice(self.more_starts[term], self.more_starts[term + 1])
        return self.more[part], self.counts[part]


SEGMENT_ARRAYS = (
    *("ids", "lengths", "text", "text_starts", "once"),
    *("once_starts", "more", "more_starts", "counts"),
)


def require_sound(segment: PostingSegment) -> None:
    """Raise IndexMismatch or ValueError unless the arrays fit each other."""
    count, terms = len(segment.ids), len(segment.text_starts) - 1
    for name, dtype, length in (
        ("ids", np.int64, count),
        ("lengths", np.uint32, count),
        ("text", np.uint8, None),
        ("text_starts", np.int64, terms + 1),
        ("once", np.uint32, None),
        ("once_starts", np.int64, terms + 1),
        ("more", np.uint32, None),
        ("more_starts", np.int64, terms + 1),
        ("counts", np.uint16, len(segment.more)),
    ):
        require_shape(name, getattr(segment, name), dtype, length)
    for starts, lists in (
        (segment.text_starts, segment.text),
        (segment.once_starts, segment.once),
        (segment.more_starts, segment.more),
    ):
        if terms < 0 or starts[0] != 0 or starts[-1] != len(lists) or (np.diff(starts) < 0).any():
            raise ValueError("lists that do not follow each other")
    if (np.diff(segment.ids) <= 0).any():
        raise ValueError("ids that do not ascend")
    if max(segment.once.max(initial=0), segment.more.max(initial=0)) >= max(count, 1):
        raise ValueError("postings of passages that are not there")


def make_segment(ids: Ids, tokens: Sequence[str]) -> PostingSegment:
    """Return the postings of passages, by ascending id, each with its tokens joined by spaces."""
    numbers: dict[str, int] = {}
    lengths = np.empty(len(ids), np.uint32)
    found: list[int] = []
    for place, text in enumerate(tokens):
        words = text.split()
        lengths[place] = len(words)
        found.extend([numbers.setdefault(word, len(numbers)) for word in words])
    places = np.repeat(np.arange(len(ids), dtype=np.int64), lengths)
    names = sorted(
        (word.encode("utf-8", "surrogatepass"), number) for word, number in numbers.items()
    )
    rank = np.empty(len(names), np.int64)
    rank[[number for _, number in names]] = np.arange(len(names))
    keys = rank[np.array(found, np.int64)] * max(len(ids), 1) + places
    pairs, counts = np.unique(keys, return_counts=True)
    terms, places = np.divmod(pairs, max(len(ids), 1))
    return _segment(
        *(np.asarray(ids, np.int64), lengths, [name for name, _ in names]),
        *(terms, places, np.minimum(counts, _MOST)),
    )


def _segment(
    ids: Ids,
    lengths: NDArray[np.uint32],
    names: Sequence[bytes],
    terms: NDArray[np.int64],
    places: NDArray[np.int64],
    counts: NDArray[np.int64],
) -> PostingSegment:
    """Make one from postings that are sorted by term, then place."""
    single = counts == 1
    numbers = np.arange(len(names) + 1)
    return PostingSegment(
        ids=ids,
        lengths=lengths,
        text=np.frombuffer(b"".join(names), np.uint8),
        text_starts=np.cumsum([0, *map(len, names)], dtype=np.int64),
        once=places[single].astype(np.uint32),
        once_starts=np.searchsorted(terms[single], numbers),
        more=places[~single].astype(np.uint32),
        more_starts=np.searchsorted(terms[~single], numbers),
        counts=counts[~single].astype(np.uint16),
    )


def join_segments(segments: Sequence[PostingSegment], gone: Sequence[Flags]) -> PostingSegment:
    """Make one segment of several without the passages that are `gone` (flags for each segment);
    the ids of what is left differ."""
    kept = [np.flatnonzero(~flags) for flags in gone]
    ids = np.concatenate([s.ids[rows] for s, rows in zip(segments, kept, strict=True)])
    order = np.argsort(ids, kind="stable")
    place_of = np.empty(len(ids), np.uint32)
    place_of[order] = np.arange(len(ids), dtype=np.uint32)
    places, start = [], 0
    for segment, rows in zip(segments, kept, strict=True):
        new = np.zeros(len(segment), np.uint32)
        new[rows] = place_of[start : start + len(rows)]
        places.append(new)
        start += len(rows)
    names = sorted(set().union(*(segment.terms() for segment in segments)))
    number = {name: i for i, name in enumerate(names)}
    ranks = [np.array([number[n] for n in s.terms()], np.int64) for s in segments]
    singles = _Joined(len(names), np.uint32)
    repeats, counts = _Joined(len(names), np.uint32), _Joined(len(names), np.uint16)
    for segment, rank, new, flags in zip(segments, ranks, places, gone, strict=True):
        singles.add(rank, segment.once_starts, flags[segment.once], new[segment.once])
        away = flags[segment.more]
        repeats.add(rank, segment.more_starts, away, new[segment.more])
        counts.add(rank, segment.more_starts, away, segment.counts)
    lengths = np.concatenate([s.lengths[rows] for s, rows in zip(segments, kept, strict=True)])
    return PostingSegment(
        ids=ids[order],
        lengths=lengths[order],
        text=np.frombuffer(b"".join(names), np.uint8),
        text_starts=np.cumsum([0, *map(len, names)], dtype=np.int64),
        once=singles.values(),
        once_starts=singles.starts(),
        more=repeats.values(),
        more_starts=repeats.starts(),
        counts=counts.values(),
    )


def sizes_without(starts: NDArray[np.int64], away: Flags) -> NDArray[np.int64]:
    """Return how long each list, starts[t] to starts[t + 1], is without the elements `away`."""
    taken = np.searchsorted(starts, np.flatnonzero(away), side="right") - 1
    return np.asarray(np.diff(starts) - np.bincount(taken, minlength=len(starts) - 1))


class _Joined:
    """Lists by term, of several segments, laid out one term after the other."""

    def __init__(self, terms: int, kind: type) -> None:
        self._kind = kind
        self._sizes = np.zeros(terms, np.int64)
        self._parts: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[Any]]] = []

    def add(self, rank: Ids, starts: NDArray[np.int64], away: Flags, values: NDArray[Any]) -> None:
        """Take a segment's lists: of its term t, number `rank[t]` of all, values[starts[t] :
        starts[t + 1]] without those `away`."""
        sizes = sizes_without(starts, away)
        self._parts.append((rank, sizes, values[~away] if away.any() else values))
        self._sizes[rank] += sizes

    def starts(self) -> NDArray[np.int64]:
        return np.concatenate([[0], np.cumsum(self._sizes)])

    def values(self) -> NDArray[Any]:
        free = self.starts()
        result: NDArray[Any] = np.empty(int(free[-1]), self._kind)
        for rank, sizes, values in self._parts:
            ends = np.cumsum(sizes)
            # Each list goes where its term's free room begins.
            shift = free[rank] - (ends - sizes)
            for first, last in _runs(ends):
                begin, end = int(ends[first] - sizes[first]), int(ends[last - 1])
                targets = np.arange(begin, end) + np.repeat(shift[first:last], sizes[first:last])
                result[targets] = values[begin:end]
            free[rank] += sizes
        return result


def _runs(ends: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Yield runs of lists, first to last exclusive, of some millions of elements: the numbers of
    the places that they go to take more memory than they themselves."""
    first = 0
    while first < len(ends):
        before = int(ends[first - 1]) if first else 0
        last = int(np.searchsorted(ends, before + _AT_ONCE, side="right"))
        yield first, max(last, first + 1)
        first = max(last, first + 1)
