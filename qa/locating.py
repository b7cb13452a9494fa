"""Where in a source a span stands, in the source's own pages, times or chapters."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from qa.records import Locator, LocatorKind, LocatorMark


def locate(marks: Sequence[LocatorMark], start: int, end: int | None = None) -> Locator | None:
    """The place of `text[start:end]`, or of the character at `start`; None before the first mark.

    Of pages, from the first to the last: "12–13". Of times and chapters, where the span begins:
    from there one listens and reads, and when its last words are said the marks don't tell.
    """
    first = bisect_right(marks, start, key=_start)
    if not first:
        return None
    place = marks[first - 1].locator
    if end is None or place.kind is not LocatorKind.PAGE:
        return place
    last = marks[bisect_right(marks, max(start, end - 1), key=_start) - 1].locator
    if last.label == place.label:
        return place
    return Locator(LocatorKind.PAGE, f"{place.label}–{last.label}")


def _start(mark: LocatorMark) -> int:
    return mark.start
