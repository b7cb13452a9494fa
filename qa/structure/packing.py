"""Join sentences into passages of a good size, and divide a sentence too long for one, never inside
a word."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from qa.language.scripts import UNSPACED, whole
from qa.records import Span

# Sentences looked at for one passage; reached only by runs of one-word sentences.
_MOST_SENTENCES = 48
# What each flaw costs, against 1 for a passage that is off the middle by half the range.
_INSIDE_PARAGRAPH = 1.5
_SHORT = 4.0
_TINY = 30.0
# A longer run without white space is no word: an address, encoded data, a torn table.
LONGEST_WORD = 2000
_PIECE = 500
_RUN = re.compile(r"\S+")
_UNSPACED_CUT = re.compile(rf"[，、；：。！？」』）]+|[{UNSPACED}](?=[{UNSPACED}])")
_CLAUSE_END = re.compile(r"[,;:，、；：。！？)\]”’»…—–.!?][\"”’»)]?\s*$")
# How much a cut elsewhere than at a clause's end counts, against one a quarter off the middle.
_MID_CLAUSE = 0.25


@dataclass(frozen=True, slots=True)
class PassageLimits:
    """A passage's size in the encoder's word pieces: `low` and `high` are aimed at, a passage
    of fewer than `least` is made only where nothing stands beside it to be joined."""

    low: int = 60
    high: int = 180
    least: int = 20

    def __post_init__(self) -> None:
        if not 0 < self.least <= self.low <= self.high:
            raise ValueError(
                f"passage limits are 0 < least <= low <= high, got least {self.least}, "
                f"low {self.low}, high {self.high}"
            )


DEFAULT_LIMITS = PassageLimits()


def pack(sizes: Sequence[int], ends: Sequence[bool], limits: PassageLimits) -> list[int]:
    """Return where each passage ends: the positions after its last sentence.

    `sizes` are the sentences' token counts, `ends` says which end a paragraph. Of all ways to
    cut the run into passages of at most `high` (a larger sentence stands alone) the cheapest
    is found by dynamic programming: passages near the middle of the range, ending with a
    paragraph, few below `low`, and below `least` only if there is no other way.

        pack([50, 50, 50, 50], [False, True, False, True], PassageLimits()) == [2, 4]
    """
    count = len(sizes)
    flaws = _size_costs(limits)
    best = [0.0] * (count + 1)
    chosen = [count] * (count + 1)
    for first in range(count - 1, -1, -1):
        best[first] = float("inf")
        size = 0
        for last in range(first + 1, min(count, first + _MOST_SENTENCES) + 1):
            size += sizes[last - 1]
            if size > limits.high and last > first + 1:
                break
            cost = best[last] + (flaws[size] if size <= limits.high else _flaws(size, limits))
            if last < count and not ends[last - 1]:
                cost += _INSIDE_PARAGRAPH
            if cost < best[first]:
                best[first], chosen[first] = cost, last
    cuts: list[int] = []
    at = 0
    while at < count:
        at = chosen[at]
        cuts.append(at)
    return cuts


@lru_cache(maxsize=8)
def _size_costs(limits: PassageLimits) -> tuple[float, ...]:
    """Return the cost of each size from 0 to `high`."""
    return tuple(_flaws(size, limits) for size in range(limits.high + 1))


def _flaws(size: int, limits: PassageLimits) -> float:
    middle = (limits.low + limits.high) / 2
    half = max(1.0, (limits.high - limits.low) / 2)
    cost = min(((size - middle) / half) ** 2, 4.0)
    if size < limits.low:
        cost += _SHORT * (limits.low - size) / limits.low
    if size < limits.least:
        cost += _TINY
    return cost


def units(text: str, start: int, end: int) -> list[Span]:
    """Return the pieces of `text[start:end]`, in order, between which it may be cut: words, parts
    of a run longer than `LONGEST_WORD`, single characters in scripts without spaces."""
    found: list[Span] = []
    for run in _RUN.finditer(text, start, end):
        found.extend(_of_run(text, run.start(), run.end()))
    return found


def _of_run(text: str, start: int, end: int) -> Iterator[Span]:
    at = start
    for cut in _UNSPACED_CUT.finditer(text, start, end):
        stop = whole(text, cut.end(), end)
        if at < stop < end:
            yield from _bounded(text, at, stop)
            at = stop
    yield from _bounded(text, at, end)


def _bounded(text: str, start: int, end: int) -> Iterator[Span]:
    if end - start > LONGEST_WORD:
        while end - start > _PIECE:
            # Where one character is itself longer than this, it has to be torn apart.
            stop = whole(text, start + _PIECE, min(end, start + 2 * _PIECE))
            yield Span(start, stop)
            start = stop
    if start < end:
        yield Span(start, end)


def divide(text: str, parts: Sequence[Span], sizes: Sequence[int], high: int) -> list[Span]:
    """Join a sentence's `units` into as few pieces as `high` allows, of about equal length, ending
    if possible with a clause. `sizes` are token counts; a unit larger than `high` stays alone."""
    before = [0, *accumulate(sizes)]
    pieces: list[Span] = []
    first = 0
    while first < len(parts):
        last = _cut(text, parts, before, first, high)
        pieces.append(Span(parts[first].start, parts[last - 1].end))
        first = last
    return pieces


def _cut(text: str, parts: Sequence[Span], before: Sequence[int], first: int, high: int) -> int:
    """Return the position after the last unit of the piece that begins with unit `first`."""
    left = before[-1] - before[first]
    if left <= high:
        return len(parts)
    target = left / -(-left // high)
    low = bisect_left(before, before[first] + target / 2, first + 1)
    top = bisect_right(before, before[first] + high, first + 1) - 1
    if top <= first:
        return first + 1

    def cost(cut: int) -> float:
        unit = parts[cut - 1]
        closed = _CLAUSE_END.search(text, max(unit.start, unit.end - 3), unit.end)
        off = abs(before[cut] - before[first] - target) / high
        return off + (0.0 if closed else _MID_CLAUSE)

    return min(range(min(max(low, first + 1), top), top + 1), key=cost)
