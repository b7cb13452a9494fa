"""Find what pages repeat at their edges: page headers, page footers, page numbers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence

from qa.readers.pdf.lines import PdfLine

FEWEST_PAGES = 3
# Heads of left and right pages may differ.
_WIDEST_STEP = 2
_EDGE = 0.15
_DEEPEST_ROW = 2
_SAME_PLACE = 3.0
_LONGEST = 200

_DIGITS = re.compile(r"\d+")
_ROMAN = re.compile(r"[-–—\s]*[ivxlcdm]{1,9}[-–—\s]*", re.IGNORECASE)
_NUMBER_FIRST = re.compile(r"\W*(\d{1,6})\b")
_NUMBER_LAST = re.compile(r"\b(\d{1,6})\W*$")

Place = tuple[int, int]


def running_lines(pages: Sequence[Sequence[PdfLine]], heights: Sequence[float]) -> set[Place]:
    """The places (page, position among its lines) of lines that belong to no page's text.

    A line in the outermost two rows of a page is running if, on at least three pages that
    follow each other (or every other page), the same words but for their digits stand in the
    same place, or it begins or ends with a number that counts the pages. Files of fewer pages
    have none.
    """
    if len(pages) < FEWEST_PAGES:
        return set()
    alike: dict[Hashable, list[tuple[Place, float]]] = defaultdict(list)
    numbered: dict[tuple[bool, str, int], list[tuple[Place, float]]] = defaultdict(list)
    for page, lines in enumerate(pages):
        for at, top in _edge_lines(lines, heights[page]):
            line = lines[at]
            place = ((page, at), line.y)
            alike[top, _template(line.text)].append(place)
            for side, number in _numbers(line.text):
                numbered[top, side, number - page].append(place)
    found: set[Place] = set()
    offsets: dict[int, int] = defaultdict(int)
    for (_, _, offset), places in numbered.items():
        repeated = set(_repeated(places))
        offsets[offset] += len(repeated)
        found |= repeated
    for places in alike.values():
        found |= set(_repeated(places))
    return found | _lone_numbers(pages, heights, offsets)


def _edge_lines(lines: Sequence[PdfLine], height: float) -> Iterator[tuple[int, bool]]:
    """Positions of the lines in a page's outermost rows, with whether they are at its top."""
    order = sorted(range(len(lines)), key=lambda at: -lines[at].y)
    for top, row_order in ((True, order), (False, order[::-1])):
        row = 0
        last: float | None = None
        for at in row_order:
            line = lines[at]
            near = line.y > (1 - _EDGE) * height if top else line.y < _EDGE * height
            if last is not None and abs(line.y - last) > 0.3 * line.size:
                row += 1
            if row >= _DEEPEST_ROW or not near:
                break
            last = line.y
            if len(line.text) <= _LONGEST:
                yield at, top


def _template(text: str) -> str:
    """The words of a line without what changes from page to page."""
    if _ROMAN.fullmatch(text):
        return "#"
    return _DIGITS.sub("#", text.casefold()).strip()


def _numbers(text: str) -> Iterator[tuple[str, int]]:
    if match := _NUMBER_FIRST.match(text):
        yield "first", int(match[1])
    if match := _NUMBER_LAST.search(text):
        yield "last", int(match[1])


def _repeated(places: list[tuple[Place, float]]) -> Iterator[Place]:
    """The places that stand one over the other on enough pages in a row."""
    chain: list[tuple[Place, float]] = []
    for place, y in sorted(places):
        step = place[0] - chain[-1][0][0] if chain else 0
        if chain and (step > _WIDEST_STEP or abs(y - chain[-1][1]) > _SAME_PLACE):
            yield from _long_enough(chain)
            chain = []
        chain.append((place, y))
    yield from _long_enough(chain)


def _long_enough(chain: list[tuple[Place, float]]) -> Iterator[Place]:
    if len({place[0] for place, _ in chain}) >= FEWEST_PAGES:
        for place, _ in chain:
            yield place


def _lone_numbers(
    pages: Sequence[Sequence[PdfLine]], heights: Sequence[float], offsets: dict[int, int]
) -> set[Place]:
    """Page numbers that stand alone in another place, as on the first page of a chapter."""
    counting = {offset for offset, count in offsets.items() if count >= FEWEST_PAGES}
    found: set[Place] = set()
    for page, lines in enumerate(pages):
        for at, _ in _edge_lines(lines, heights[page]):
            words = lines[at].text.strip("-–— .|")
            if words.isdecimal() and len(words) <= 6 and int(words) - page in counting:
                found.add((page, at))
    return found
