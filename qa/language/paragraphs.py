"""Tell line breaks that end a paragraph from those that only wrap its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from qa.language import WORDS
from qa.language.lexicon import Words, alternatives
from qa.locating import LINE_END
from qa.records import Span

# Text is wrapped by hand or by mail and typesetting programs at 60 to 100 characters; where
# lines are longer than this, each is a paragraph.
_WIDEST_WRAP = 120
_NARROWEST_WRAP = 30
# How much of the text around a stretch shows how its lines are made, in characters.
_REACH = 2000
_FEWEST_PAIRS = 3
_SHARE_FULL = 0.6

_BULLET = re.compile(r"[-*+•‣◦▪▫●○■□➢➤✓·][ \t\u00a0]")
_ENUMERATOR = re.compile(r"[–—][ \t\u00a0]|\(?(?:\d{1,3}|[^\W\d_]|[ivxIVX]{1,5})[.)][ \t\u00a0]")
_FINAL = re.compile(r"[.!?…。！？؟۔।:;][\"'”’»)\]」』]{0,3}$")
# As they are written before a name: "Mr", "Им".
TITLES = Words(word.capitalize() for word in WORDS.abbreviations_before_names)
_TITLE_END = re.compile(rf"(?:^|\s)(?:{alternatives(TITLES)}|St|No)\.$")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line without the white space around it; empty where it is blank."""

    start: int
    end: int


def paragraphs(text: str, start: int, end: int, *, soft: bool = False) -> Iterator[Span]:
    """Yield the paragraphs of `text[start:end]` in order, trimmed, none empty.

    A blank line ends one, and so does a list marker after it. Whether any other line end does
    is told by the form of the lines around: in text wrapped to a width, a line end is none
    where the next word would not have fitted; elsewhere each line is a paragraph. A line that
    begins in lower case always goes on with the one before it. `soft`: the format's markup
    has told paragraphs already, so line ends alone end none (Markdown).
    """
    lines = list(_lines(text, start, end))
    width = _wrap_width(text, start, end) if len(lines) > 1 and not soft else None
    first: _Line | None = None
    last: _Line | None = None
    for line in lines:
        if line.start == line.end:
            if first and last:
                yield Span(first.start, last.end)
            first = last = None
            continue
        if first and last and _ends_paragraph(text, last, line, width, soft):
            yield Span(first.start, last.end)
            first = None
        first = first or line
        last = line
    if first and last:
        yield Span(first.start, last.end)


def marker_length(text: str, start: int, end: int) -> int:
    """Return the length of a paragraph's list marker, including the space after it."""
    match = _BULLET.match(text, start, end) or _ENUMERATOR.match(text, start, end)
    return match.end() - start if match else 0


def _lines(text: str, start: int, end: int) -> Iterator[_Line]:
    at = start
    for match in LINE_END.finditer(text, start, end):
        yield _trimmed(text, at, match.start())
        at = match.end()
    yield _trimmed(text, at, end)


def _trimmed(text: str, start: int, end: int) -> _Line:
    line = text[start:end]
    stripped = line.lstrip()
    start += len(line) - len(stripped)
    return _Line(start, start + len(stripped.rstrip()))


def _ends_paragraph(text: str, line: _Line, after: _Line, width: int | None, soft: bool) -> bool:
    """Return whether `line`, followed by `after` without a blank line, ends a paragraph."""
    closed = bool(_FINAL.search(text, max(line.start, line.end - 5), line.end))
    if _BULLET.match(text, after.start, after.end):
        return True
    full = soft or (width is not None and _is_full(text, line, after, width))
    if _ENUMERATOR.match(text, after.start, after.end) and (closed or not full):
        return True
    if full or text[after.start].islower():
        return False
    return not _TITLE_END.search(text, max(line.start, line.end - 8), line.end)


def _is_full(text: str, line: _Line, after: _Line, width: int) -> bool:
    """Return whether the first word of `after` would not have fitted at the end of `line`."""
    return line.end - line.start + 1 + _first_word(text, after) > width


def _first_word(text: str, line: _Line) -> int:
    if text[line.start] >= "\u2e80":
        return 1  # scripts without spaces break after any character
    words = text[line.start : min(line.end, line.start + _WIDEST_WRAP)].split(None, 1)
    return len(words[0])


def _wrap_width(text: str, start: int, end: int) -> int | None:
    """Return the width to which the lines in and around `text[start:end]` are wrapped, if they are.

    The width is that of the longest lines but for a twentieth. Lines are wrapped if most of
    those that end in mid-sentence are full; a list of names or verses has lines that are not.
    """
    low, high = max(0, start - _REACH), min(len(text), min(end, start + 20 * _REACH) + _REACH)
    lines = list(_lines(text, low, high))
    # The first and the last may be parts of longer lines.
    lines = lines[low > 0 : len(lines) - (high < len(text))]
    lengths = sorted(line.end - line.start for line in lines if line.end > line.start)
    if not lengths:
        return None
    width = lengths[(len(lengths) - 1) * 19 // 20]
    if not _NARROWEST_WRAP <= width <= _WIDEST_WRAP:
        return None
    pairs = full = 0
    for line, after in pairwise(lines):
        if line.start == line.end or after.start == after.end:
            continue
        if _FINAL.search(text, max(line.start, line.end - 5), line.end):
            continue
        pairs += 1
        full += _is_full(text, line, after, width)
    return width if pairs >= _FEWEST_PAIRS and full >= _SHARE_FULL * pairs else None
