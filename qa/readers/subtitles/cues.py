"""SubRip and WebVTT files cut into cues: when each is shown, and its lines as they are written.

Both are read by the lines with "-->": what people keep in these files is often broken (blank
lines missing or too many, no numbers, numbers of any order), and those hardly ever are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

_TIME = r"(?:(\d{1,9}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?"
_TIMES = re.compile(rf"\s{{0,9}}{_TIME}\s{{0,9}}-{{1,3}}>\s{{0,9}}(?:{_TIME})?")
# A line of that place and form that isn't a time any more begins a cue all the same.
_ARROW = re.compile(r"[\s\d:.,;]{0,60}-{1,3}>")
_NUMBER = re.compile(r"\d{1,9}")
# WebVTT (W3C, 2019), 4.1: blocks of a file that are no cues, by their first line.
_NO_CUE = re.compile(r"(?:NOTE|STYLE|REGION)(?=[ \t]|$)")


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue; `start` and `end` in milliseconds, None where its times can't be read."""

    start: int | None
    end: int | None
    lines: tuple[str, ...]


def is_webvtt(lines: Sequence[str]) -> bool:
    """Whether a file's first line is WebVTT's signature."""
    return re.match(r"WEBVTT(?=[ \t]|$)", lines[0]) is not None


def find_cues(lines: Sequence[str]) -> Iterator[Cue]:
    """The cues in the order of the file, those without words too; none where there is no line
    that begins with an arrow or with a time and an arrow."""
    webvtt = is_webvtt(lines)
    timed = [at for at, line in enumerate(lines) if _ARROW.match(line)]
    number: int | None = None
    for at, after in pairwise([*timed, len(lines)]):
        number = _number_before(lines, at, number)
        last = after
        if after < len(lines) and _is_heading(lines, at, after, number, webvtt):
            last -= 1
        body = _until_blank(lines[at + 1 : last]) if webvtt else lines[at + 1 : last]
        yield Cue(*_times(lines[at]), tuple(body))


def _number_before(lines: Sequence[str], at: int, last: int | None) -> int | None:
    """The number that the cue with its times at `at` has, or would have."""
    if at and _NUMBER.fullmatch(lines[at - 1].strip()):
        return int(lines[at - 1])
    return None if last is None else last + 1


def _is_heading(
    lines: Sequence[str], at: int, after: int, number: int | None, webvtt: bool
) -> bool:
    """Whether the line above the times at `after` is that cue's number or name, and no words of
    the cue at `at`: it stands after a blank line, or counts on where the blank line is missing."""
    above = after - 1
    if above <= at:
        return False
    if above - 1 > at and not lines[above - 1].strip():
        return webvtt or bool(_NUMBER.fullmatch(lines[above].strip()))
    count = _NUMBER.fullmatch(lines[above].strip())
    return bool(count) and number is not None and int(lines[above]) == number + 1


def _until_blank(lines: Sequence[str]) -> Sequence[str]:
    """In WebVTT a blank line ends a cue, and what follows it is a comment, a style or nothing;
    a comment counts as one even where the blank line is missing."""
    for at, line in enumerate(lines):
        if not line or _NO_CUE.match(line):
            return lines[:at]
    return lines


def _times(line: str) -> tuple[int | None, int | None]:
    match = _TIMES.match(line)
    if match is None:
        return None, None
    start = _milliseconds(match.groups()[:4])
    return start, _milliseconds(match.groups()[4:]) if match[6] else None


def _milliseconds(parts: Sequence[str | None]) -> int:
    hours, minutes, seconds, fraction = parts
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    return whole * 1000 + int((fraction or "").ljust(3, "0"))


def clock(milliseconds: int) -> str:
    """A time as "hh:mm:ss", which is how players show it; whole seconds, rounded down."""
    seconds = milliseconds // 1000
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
