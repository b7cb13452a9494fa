"""Locate a position in a stored text: its lines, and the source's own pages, times or chapters."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from qa.records import Locator, LocatorKind, LocatorMark

LINE_END = re.compile(r"\r\n|\n|\r")


def line_starts(text: str) -> list[int]:
    r"""Return the offset of each line's first character, the first line's 0 included.

    `\r\n`, `\n` and a lone `\r` each end one line; nothing else does. So a text that ends
    in a line end has one more, empty, line.

    >>> line_starts("a\r\nb\n")
    [0, 3, 5]
    """
    return [0, *(match.end() for match in LINE_END.finditer(text))]


def lines_of(starts: Sequence[int], start: int, end: int) -> tuple[int, int]:
    """Return the first and the last line of `text[start:end]`, 1-based, by `line_starts`.

    >>> lines_of([0, 3, 5], 1, 5)
    (1, 2)
    """
    return bisect_right(starts, start), bisect_right(starts, max(start, end - 1))


def locate(marks: Sequence[LocatorMark], start: int, end: int | None = None) -> Locator | None:
    """Return the place of `text[start:end]`, or of the character at `start`; None before the first
    mark.

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
