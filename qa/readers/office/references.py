"""Collect links and note marks while a paragraph is read: what they refer to, and where.

White space changes as blocks are finished and no other character does. So until then a place in a
paragraph is how many characters that are no white space stand before it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

_VISIBLE = re.compile(r"\S+")

# What a note is known by until it has its place.
NoteKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Reference:
    """A link, or the place of a note's mark, from and to as many visible characters."""

    start: int
    end: int
    target: str | NoteKey


def visible_count(text: str) -> int:
    """Return how many characters of a text are no white space."""
    return sum(map(len, text.split()))


def shared_out(
    references: Sequence[Reference], parts: Sequence[str]
) -> list[tuple[Reference, ...]]:
    """Return each part's own of a text's references; what spans several is in the first."""
    if not references:
        return [()] * len(parts)
    shared: list[list[Reference]] = [[] for _ in parts]
    ends = list(accumulate(map(visible_count, parts)))
    for one in references:
        # A mark stands behind what is before it, a link begins with what comes after.
        at = bisect_left(ends, one.start + (one.start < one.end))
        if at < len(parts):
            before = ends[at - 1] if at else 0
            end = min(one.end, ends[at])
            shared[at].append(replace(one, start=one.start - before, end=end - before))
    return [tuple(own) for own in shared]


def joined(parts: Iterable[tuple[Sequence[Reference], int]]) -> tuple[Reference, ...]:
    """Return the references of texts that are joined, each with its count of characters."""
    moved: list[Reference] = []
    before = 0
    for references, count in parts:
        moved += (replace(r, start=r.start + before, end=r.end + before) for r in references)
        before += count
    return tuple(moved)


def placed(references: Sequence[Reference], text: str) -> Iterator[tuple[int, int, str | NoteKey]]:
    """Yield where in a finished text each reference starts and ends, and what it refers to."""
    runs = [match.span() for match in _VISIBLE.finditer(text)] if references else []
    ends = list(accumulate(end - start for start, end in runs))
    for one in references:
        # Where a link's first character ends, it begins one character before.
        linked = one.start < one.end
        start = _after(one.start + linked, runs, ends) - linked
        yield start, _after(one.end, runs, ends), one.target


def _after(count: int, runs: Sequence[tuple[int, int]], ends: Sequence[int]) -> int:
    """Return where in a text so many visible characters end; `runs` are all of them."""
    if not count:
        return 0
    at = bisect_left(ends, count)
    return runs[at][1] - (ends[at] - count)
