"""The words around a quotation that can say whose it is: of its sentence, and nobody else's."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from qa.checking.records import Mark, Quotation

_REACH = 400
_PARAGRAPH = re.compile(r"\n[ \t\r]*\n")
_SENTENCE_END = re.compile(r"[.!?…][\"”’»)\]]*\s+(?=[\"“„«‘(\[A-ZА-ЯЁ0-9])")
_ENDED = re.compile(r"[.!?…][\"”’»)\]]*\s*\Z")
_ABBREVIATED = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Hon|Gen|Sen|Rep|Gov|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|"
    r"Dec|vs|No|[A-ZА-ЯЁ]|г|гг|им|т|ст)|г-н)\.$"
)
_FOOTNOTE = re.compile(r"[\"”»’.,;]*\s?(?:\[\^?(?P<plain>\w{1,12})\]|(?P<raised>[¹²³⁴-⁹]+))(?!\()")
_NOTE = re.compile(
    r"^[ \t]{0,8}(?:\[\^?(?P<label>\w{1,12})\]:?)[ \t]+(?P<note>[^\n]{1,400})", re.MULTILINE
)
_RAISED = str.maketrans("¹²³⁴⁵⁶⁷⁸⁹⁰", "1234567890")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`before` and `after` a quotation within its sentence; `note` is its footnote's text.

    The words of other quotations are blanked.
    """

    before: str
    after: str
    note: str = ""


class Draft:
    """A draft whose quotations are known, ready to be asked what surrounds each."""

    def __init__(self, text: str, quotations: Sequence[Quotation]) -> None:
        self.text = text
        self._outer = sorted({(q.outer.start, q.outer.end) for q in quotations if q.depth == 0})
        self._starts = [start for start, _ in self._outer]
        self._notes = {match["label"]: match["note"] for match in _NOTE.finditer(text)}

    def around(self, quotation: Quotation) -> Surroundings:
        """What surrounds a quotation that stands in no other."""
        start, end = quotation.outer.start, quotation.outer.end
        before = self._blanked(max(0, start - _REACH), start)
        after = self._blanked(end, min(len(self.text), end + _REACH))
        if quotation.mark is Mark.BLOCK:
            return self._around_block(before, after)
        before = _last_paragraph(before)
        after = _first_paragraph(after)
        note = self._note(after)
        return Surroundings(_last_sentence(before), _first_sentence(after, quotation.text), note)

    def _around_block(self, before: str, after: str) -> Surroundings:
        """A block quote belongs to the paragraph that leads to it with a colon."""
        lead = before.rstrip()
        lead = _last_sentence(_last_paragraph(lead)) if lead.endswith(":") else ""
        credit = re.match(r"\s*>?[ \t]*([—–-]{1,2}[ \t]?[^\W\d_][^\n]*)", after)
        return Surroundings(lead, credit[1] if credit else "")

    def _blanked(self, start: int, end: int) -> str:
        """A stretch of the draft in which other quotations are spaces."""
        piece = self.text[start:end]
        index = max(0, bisect_left(self._starts, start) - 1)
        while index < len(self._outer) and self._outer[index][0] < end:
            left = max(self._outer[index][0] + 1, start) - start
            right = min(self._outer[index][1] - 1, end) - start
            if left < right and piece[right - 1] in ".!?…":
                right -= 1  # it may end a sentence
            if left < right:
                piece = piece[:left] + " " * (right - left) + piece[right:]
            index += 1
        return piece

    def _note(self, after: str) -> str:
        match = _FOOTNOTE.match(after)
        if match is None:
            return ""
        label = match["plain"] or match["raised"].translate(_RAISED)
        return self._notes.get(label, "")


def _last_paragraph(text: str) -> str:
    return _PARAGRAPH.split(text)[-1]


def _first_paragraph(text: str) -> str:
    return _PARAGRAPH.split(text)[0]


def _last_sentence(text: str) -> str:
    """The sentence that leads up to a quotation; "" where the quotation begins its own."""
    ended = _ENDED.search(text)
    if ended is not None and not _ABBREVIATED.search(text[: ended.start() + 1][-8:]):
        return ""
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if not _ABBREVIATED.search(text[: match.start() + 1][-8:]):
            start = match.end()
    return text[start:]


def _first_sentence(text: str, quoted: str) -> str:
    """The rest of the sentence after a quotation; with what stands in parentheses right after."""
    # Where the quotation itself ended a sentence and a capital follows, the sentence is over.
    stripped = text.lstrip()
    aside = stripped[:1] in "(—–-,[" or stripped[:1].islower()
    if quoted[-1:] in ".!?…" and not aside and not text.startswith((",", " ,")):
        ended = re.match(r"\s*[A-ZА-ЯЁ]", text)
        if ended is not None and not re.match(r"\s*\w+(?:\s+\w+){0,3}\s+\w+(?:ed|id|ys)\b", text):
            return ""
    for match in _SENTENCE_END.finditer(text):
        if not _ABBREVIATED.search(text[: match.start() + 1][-8:]):
            return text[: match.start() + 1]
    return text
