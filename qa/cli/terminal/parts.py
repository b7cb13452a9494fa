"""The part of a source that `qa show` is asked for: characters, lines, pages, a time, a chapter."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

from qa.errors import CitewellError
from qa.records import LocatorKind, LocatorMark

_MOST_NAMED = 12


def part_of(
    text: str, starts: Sequence[int], marks: Sequence[LocatorMark], given: argparse.Namespace
) -> tuple[int, int]:
    """The span to show; all of the text if no option asks for a part of it.

    `starts` are the offsets of the lines, `marks` the source's pages, times or chapters. Raises
    CitewellError for what the source hasn't got.
    """
    if given.chars is not None:
        return _characters(text, given.chars)
    if given.lines is not None:
        return _lines(text, starts, given.lines)
    by_place: dict[LocatorKind, Callable[[Sequence[LocatorMark], str], tuple[int, int]]] = {
        LocatorKind.PAGE: _pages,
        LocatorKind.TIME: _times,
        LocatorKind.CHAPTER: _chapter,
    }
    for kind, find in by_place.items():
        asked = getattr(given, kind.value)
        if asked is not None:
            first, after = find(_of_kind(marks, kind), asked)
            end = marks[after].start if after < len(marks) else len(text)
            start = marks[first].start
            return start, start + len(text[start:end].rstrip())
    return 0, len(text)


def _characters(text: str, span: tuple[int, int]) -> tuple[int, int]:
    if span[1] > len(text):
        raise CitewellError(
            f"the source has {len(text)} characters, got the span {span[0]}-{span[1]}"
        )
    return span


def _lines(text: str, starts: Sequence[int], lines: tuple[int, int]) -> tuple[int, int]:
    """Without the last line's end."""
    first, last = lines
    if last > len(starts):
        raise CitewellError(f"the source has {len(starts)} lines, got lines {first}-{last}")
    start = starts[first - 1]
    if last == len(starts):
        return start, len(text)
    end = starts[last]
    return start, end - (2 if text.startswith("\r\n", end - 2) else 1)


def _of_kind(marks: Sequence[LocatorMark], kind: LocatorKind) -> Sequence[LocatorMark]:
    if not marks:
        raise CitewellError(f"the source has no {kind.value}s; ask for --lines or --chars")
    if marks[0].locator.kind is not kind:
        own = marks[0].locator.kind.value
        raise CitewellError(f"the source has {own}s and no {kind.value}s; ask for --{own}")
    return marks


def _pages(marks: Sequence[LocatorMark], asked: str) -> tuple[int, int]:
    """One page by its label, or from the first to the second of "12-14"."""
    labels = [mark.locator.label for mark in marks]
    if asked in labels:
        return _stretch(labels, asked)
    for dash in ("-", "–"):
        first, _, last = asked.partition(dash)
        if first.strip() in labels and last.strip() in labels:
            start, end = _stretch(labels, first.strip())[0], _stretch(labels, last.strip())[1]
            if start < end:
                return start, end
    raise CitewellError(f"the source has no page {asked!r}; its pages are {_listed(labels)}")


def _chapter(marks: Sequence[LocatorMark], asked: str) -> tuple[int, int]:
    """A chapter by its label, or by any part of it that no other has."""
    labels = [mark.locator.label for mark in marks]
    found = list(dict.fromkeys(label for label in labels if asked.casefold() in label.casefold()))
    if asked in found or len(found) == 1:
        return _stretch(labels, asked if asked in found else found[0])
    many = f"{len(found)} chapters" if found else "no chapter"
    raise CitewellError(
        f"{many} of the source called {asked!r}, expected one: {_listed(found or labels)}"
    )


def _stretch(labels: Sequence[str], label: str) -> tuple[int, int]:
    """The first run of marks with that label."""
    first = labels.index(label)
    after = first + 1
    while after < len(labels) and labels[after] == label:
        after += 1
    return first, after


def _times(marks: Sequence[LocatorMark], asked: str) -> tuple[int, int]:
    """What is heard at a time, or between the two of "00:12:04-00:13:00"."""
    begin, dash, end = asked.partition("-")
    since = seconds(begin)
    until = seconds(end) if dash else since
    times = [seconds(mark.locator.label) for mark in marks]
    before = [time for time in times if time <= since]
    if not before or until < since:
        raise CitewellError(
            f"nothing is heard at {asked}; the source begins at {marks[0].locator.label}"
        )
    first = times.index(max(before))
    after = first + 1
    while after < len(times) and since <= times[after] <= until:
        after += 1
    return first, after


def seconds(time: str) -> int:
    """Of "1:02:03", "02:03" or "00:02:03.500", in whole seconds. Raises CitewellError."""
    parts = time.strip().replace(",", ".").split(".")[0].split(":")
    if not 2 <= len(parts) <= 3 or not all(part.isdecimal() and len(part) < 9 for part in parts):
        raise CitewellError(f"{time!r} is no time, expected one such as 00:12:04")
    whole = 0
    for part in parts:
        whole = whole * 60 + int(part)
    return whole


def _listed(labels: Sequence[str]) -> str:
    several = list(dict.fromkeys(labels))
    if len(several) <= _MOST_NAMED:
        return ", ".join(several)
    return f"{', '.join(several[: _MOST_NAMED - 1])}, … {several[-1]}"
