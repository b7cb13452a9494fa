"""Joins neighbouring sentences into passages of a good size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache


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

# Sentences looked at for one passage; reached only by runs of one-word sentences.
_MOST_SENTENCES = 48
# What each flaw costs, against 1 for a passage that is off the middle by half the range.
_INSIDE_PARAGRAPH = 1.5
_SHORT = 4.0
_TINY = 30.0


def pack(sizes: Sequence[int], ends: Sequence[bool], limits: PassageLimits) -> list[int]:
    """Where each passage ends: positions after its last sentence, the last being `len(sizes)`.

    `sizes` are the sentences' token counts, `ends` says which end a paragraph. Of all ways to
    cut the run into passages of at most `high` (a larger sentence stands alone) the cheapest
    is found by dynamic programming: passages near the middle of the range, ending with a
    paragraph, few below `low`, and below `least` only if there is no other way.

        pack([50, 50, 50, 50], [False, True, False, True], PassageLimits()) == [2, 4]
    """
    count = len(sizes)
    flaws = _all_flaws(limits)
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
def _all_flaws(limits: PassageLimits) -> tuple[float, ...]:
    """What each size from 0 to `high` costs."""
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
