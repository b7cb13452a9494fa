"""Find page headers, page footers and page numbers in text that was pasted from pages.

Such lines fall in the middle of what somebody says and are no part of it, nor does a date among
them begin a document.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import pairwise

from qa.language.dates import parse_date
from qa.structure.lines import Line

_LONGEST = 120
_NUMBER = re.compile(
    r"[-–—\s]*(?:p(?:age|\.)?\s*)?(\d{1,5})(?:\s*(?:of|/)\s*\d{1,5})?[-–—\s]*$", re.I
)
# A date with the page's or column's number: "4 March 2031 : Column 771".
_DATED = re.compile(r"(?P<date>[^:|]{8,40}?)\s*[:|]\s*[^\W\d_]{3,12}\.?\s\d{1,5}\w{0,3}")
_DIGITS = re.compile(r"\d+")
_LEAST_LETTERS = 25
_LEAST_PAGES = 3
_MOST_LINES_OF_A_HEAD = 4
_LARGEST_STEP = 3


def running_heads(lines: tuple[Line, ...]) -> frozenset[int]:
    """Return the lines that are page headers, page footers or page numbers.

    A line is one if it recurs beside page numbers that go up, if it recurs with a number of its
    own that changes, or if it holds no word at all and recurs; so are lines that recur beside
    these, and numbers beside them.
    """
    keys = [_key(line) for line in lines]
    places: dict[str, list[int]] = defaultdict(list)
    for index, key in enumerate(keys):
        if key:
            places[key].append(index)
    found: set[int] = set()
    for index, line in enumerate(lines):
        dated = _DATED.fullmatch(line.text)
        if dated is not None and parse_date(dated["date"]) is not None:
            found.add(index)
    for key, at in places.items():
        if key == "#" or len(at) < 2:
            continue
        texts = {lines[index].text for index in at}
        letters = sum(character.isalpha() for character in key)
        if not letters:
            if len(at) >= _LEAST_PAGES and len(texts) == 1 and "#" in key:
                found.update(at)
        elif len(texts) >= _LEAST_PAGES and letters >= _LEAST_LETTERS and key.endswith("#"):
            found.update(at)
        elif len(texts) == 1:
            found.update(_paged(lines, at))
    return frozenset(_with_neighbours(keys, places, found)) if found else frozenset()


def _key(line: Line) -> str:
    """Return what a running head has in common on all pages; empty if it can't be one."""
    text = line.text
    if len(text) > _LONGEST or text[-1] in ":…!?]" or ": " in text or line.block is not None:
        return ""
    if _NUMBER.match(text):
        return "#"
    return _DIGITS.sub("#", " ".join(text.casefold().split()))


def _paged(lines: tuple[Line, ...], at: list[int]) -> list[int]:
    """Return those places of a recurring line that have rising page numbers beside them."""
    numbered = []
    for index in at:
        near = (index - 1, index + 1, index - 2, index + 2)
        numbers = [
            int(number[1])
            for other in near
            if 0 <= other < len(lines) and (number := _NUMBER.match(lines[other].text))
        ]
        if numbers:
            numbered.append((index, numbers[0]))
    steps = [later[1] - earlier[1] for earlier, later in pairwise(numbered)]
    if not steps or not all(0 < step <= _LARGEST_STEP for step in steps):
        return []
    return [index for index, _ in numbered]


def _with_neighbours(keys: list[str], places: dict[str, list[int]], found: set[int]) -> set[int]:
    """Add lines that recur beside the lines found."""
    whole = set(found)
    for _ in range(_MOST_LINES_OF_A_HEAD):
        left = {key: len(set(at) - whole) for key, at in places.items()}
        beside = {
            other
            for index in whole
            for other in (index - 1, index + 1)
            if 0 <= other < len(keys) and other not in whole and keys[other]
        }
        counts = Counter(keys[index] for index in beside)
        more = {
            index
            for index in beside
            if keys[index] == "#"
            or (
                counts[keys[index]] >= 2
                and not keys[index].endswith(".")
                and 2 * counts[keys[index]] >= left[keys[index]]
            )
        }
        if not more:
            break
        whole |= more
    return whole | _heads_of_single_pages(keys, whole, found)


def _heads_of_single_pages(keys: list[str], whole: set[int], found: set[int]) -> set[int]:
    """Return lines that stand where other pages have a recurring running head, such as a speaker's
    name that heads just one page."""
    more: set[int] = set()
    for side in (-1, 1):
        beside = [index + side for index in found if 0 <= index + side < len(keys)]
        if sum(index in whole - found for index in beside) >= _LEAST_PAGES:
            more.update(
                index
                for index in beside
                if keys[index] and keys[index][-1].isalpha() and len(keys[index].split()) <= 5
            )
    return more
