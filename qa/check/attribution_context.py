"""Find the words around a quotation that can say whose it is: of its own sentence only."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from qa.check.records import Mark, Quotation
from qa.language import WORDS
from qa.language.lexicon import alternatives
from qa.language.speech import ACCORDING, MARKUP, PARENTHESIS, VERB, introduction, verbs_in

_REACH = 400
_PARAGRAPH = re.compile(r"\n[ \t\r]*\n")
_SENTENCE_END = re.compile(r"[.!?…][\"”’»)\]]*\s+(?=[\"“„«‘(\[A-ZА-ЯЁ0-9])")
_ENDED = re.compile(r"[.!?…][\"”’»)\]]*\s*\Z")
_ABBREVIATED = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Hon|Gen|Sen|Rep|Gov|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|"
    r"Dec|vs|No|[A-ZА-ЯЁ]|г|гг|им|т|ст)|г-н)\.$"
)
_FOOTNOTE = re.compile(r"[\"”»’.,;]*\s?(?:\[\^?(?P<plain>\w{1,12})\]|(?P<raised>[¹²³⁴-⁹⁰]+))(?!\()")
# "“…,” said X.[^1]": the note is of the whole sentence.
_AT_SENTENCE_END = re.compile(r"\[\^(?P<plain>\w{1,12})\](?P<raised>)[.!?…\s]*\Z")
_NOTE = re.compile(
    r"^[ \t]{0,8}(?:\[\^?(?P<label>\w{1,12})\]:?[ \t]+|(?P<raised>[¹²³⁴-⁹⁰]{1,4})[ \t]*)"
    r"(?P<note>[^\s][^\n]{0,400})",
    re.MULTILINE,
)
_CITED_BEFORE = re.compile(r"(?<=[\"”’»“])\s?[(\[][^()\[\]\n]{2,240}[)\]]")
# A new sentence after a quotation that ended one: only these words are still about it.
_TAG = re.compile(
    r"\s*(?:[^\W\d_][\w’'.-]*\s+){1,4}?\w+(?:ed|id|ys|л|ла|ет|ит)"
    r"(?=\s*(?:[.,;]|\Z)|\s+(?:on|in|at|to|during|after|yesterday|today|в|на)\b)"
)
_RAISED = str.maketrans("¹²³⁴⁵⁶⁷⁸⁹⁰", "1234567890")


@dataclass(frozen=True, slots=True)
class AttributionContext:
    """`before` and `after` a quotation within its sentence, without what is another quotation's;
    `note` is its footnote's text; `sentence` is all that stands around it in its sentence.

    The words of other quotations are blanked.
    """

    before: str
    after: str
    note: str = ""
    sentence: str = ""


class DraftContexts:
    """A draft with its quotations, which tells what surrounds each of them."""

    def __init__(self, text: str, quotations: Sequence[Quotation]) -> None:
        self.text = text
        self._outer = sorted({(q.outer.start, q.outer.end) for q in quotations if q.depth == 0})
        self._starts = [start for start, _ in self._outer]
        self._notes = {
            match["label"] or match["raised"].translate(_RAISED): match["note"]
            for match in _NOTE.finditer(text)
        }

    def of(self, quotation: Quotation) -> AttributionContext:
        """Return the surroundings of a quotation that is inside no other."""
        start, end = quotation.outer.start, quotation.outer.end
        before = self._blanked(max(0, start - _REACH), start)
        after = self._blanked(end, min(len(self.text), end + _REACH))
        if quotation.mark is Mark.BLOCK:
            return self._around_block(before, after)
        before = _CITED_BEFORE.sub(_spaces, _last_paragraph(before))
        after = _first_paragraph(after)
        note = _FOOTNOTE.match(after)
        whole = f"{_last_sentence(before)} {_first_sentence(after, quotation.text)}"
        before, after = self._own(quotation, before, after)
        own = _first_sentence(after, quotation.text)
        note = note or _AT_SENTENCE_END.search(own)
        return AttributionContext(_last_sentence(before), own, self._note(note), whole)

    def _own(self, quotation: Quotation, before: str, after: str) -> tuple[str, str]:
        """Return what of a paragraph around a quotation belongs to no neighbouring one."""
        start, end = quotation.outer.start, quotation.outer.end
        index = bisect_left(self._starts, start)
        if index > 0 and start - self._outer[index - 1][1] < len(before):
            left, right = self._outer[index - 1]
            _, mine = shared(self._inside(left, right), self.text[right:start], quotation.text)
            before = before if mine is None else mine
        index = bisect_left(self._starts, end)
        if index < len(self._starts) and self._starts[index] - end < len(after):
            left, right = self._outer[index]
            after, _ = shared(quotation.text, self.text[end:left], self._inside(left, right))
        return before, after

    def _inside(self, start: int, end: int) -> str:
        """Return the beginning and the end of what a quotation's marks enclose."""
        return self.text[start + 1 : end - 1][:40] + self.text[max(start + 1, end - 41) : end - 1]

    def _around_block(self, before: str, after: str) -> AttributionContext:
        """Return what surrounds a block quote: it belongs to a paragraph that ends in a colon."""
        lead = before.rstrip()
        lead = _last_sentence(_last_paragraph(lead)) if lead.endswith(":") else ""
        credit = re.match(r"[\s>]*([—–-]{1,2}[ \t]?[^\W\d_][^\n]*)", after)
        return AttributionContext(lead, credit[1] if credit else "")

    def _blanked(self, start: int, end: int) -> str:
        """Return part of the draft with other quotations replaced by spaces."""
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

    def _note(self, match: re.Match[str] | None) -> str:
        """Return the text of the footnote that a mark refers to."""
        if match is None:
            return ""
        label = match["plain"] or match["raised"].translate(_RAISED)
        return self._notes.get(label, "")


def _spaces(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _last_paragraph(text: str) -> str:
    return _PARAGRAPH.split(text)[-1]


def _first_paragraph(text: str) -> str:
    return _PARAGRAPH.split(text)[0]


def _last_sentence(text: str) -> str:
    """Return the sentence that leads up to a quotation; "" if the quotation begins its own."""
    ended = _ENDED.search(text)
    if ended is not None and not _ABBREVIATED.search(text[: ended.start() + 1][-8:]):
        return ""
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if not _ABBREVIATED.search(text[: match.start() + 1][-8:]):
            start = match.end()
    return text[start:]


def _first_sentence(text: str, quoted: str) -> str:
    """Return the rest of the sentence after a quotation, including a parenthesis after it."""
    # Where the quotation itself ended a sentence and a capital follows, the sentence is over.
    stripped = text.lstrip()
    aside = stripped[:1] in "(—–-,[" or stripped[:1].islower()
    if quoted[-1:] in ".!?…" and not aside and not text.startswith((",", " ,")):
        ended = re.match(r"\s*[A-ZА-ЯЁ]", text)
        if ended is not None and _TAG.match(text) is None:
            return ""
    for match in _SENTENCE_END.finditer(text):
        if not _ABBREVIATED.search(text[: match.start() + 1][-8:]):
            return text[: match.start() + 1]
    return text


# ---- whose the words between two quotations are ----------------------------------------


_NOTE_MARK = re.compile(r"^[.,;]*\s?(?:\[\^?\w{1,12}\]|[¹²³⁴-⁹]+)(?!\()")
_CONJUNCTION = re.compile(
    rf"[,;]\s*(?:{alternatives(WORDS.conjunctions)})\s|\s(?:and|but|while|whereas)\s|;",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^\W\d_]{3}[.!?…]\s+(?=[A-ZА-ЯЁ])")
_STARTS_BACK = re.compile(r"[\s.,]*(?:—|–|-|,|(?:as|according|in|как|по словам)\b)", re.IGNORECASE)
_CAPITAL = re.compile(r"(?<!\w)[A-ZА-ЯЁ]")
_ITEM = re.compile(r"\n[ \t]*(?:[-*•–—]|\d{1,3}[.)])?[ \t]*\Z")


def shared(first: str, between: str, second: str) -> tuple[str, str | None]:
    """Divide the words between two quotations of a paragraph into (the first's, the second's). None
    if they say nothing of the second, so that what precedes the first may apply to both.

    What leads directly to the second is the second's. It is the first's as well where it splits
    one utterance ("…," said X, "…").
    """
    cited = PARENTHESIS.match(between) or _NOTE_MARK.match(between)
    own = between[: cited.end()] if cited else ""
    rest = between[len(own) :]
    how = introduction(rest)
    item = _ITEM.search(rest)
    if item is not None and not how and any(char.isalnum() for char in between):
        return between[: len(own) + item.start()], ""
    if not how:
        says = VERB.search(rest) or ACCORDING.search(rest) or _CAPITAL.search(rest)
        return between, rest if says else None
    verbs = list(verbs_in(rest))
    back = not own and _continues_sentence(first, rest, second)
    cut = _introduction_start(rest, verbs, back)
    if cut:
        return own + (rest[:cut] if back or _SENTENCE.search(rest) else ""), rest[cut:]
    inverted = verbs and not rest[: verbs[0].start()].strip(" ,.—–-\n")
    splits = back and (how == "comma" or inverted or len(verbs) > 1)
    return (rest if splits else own), rest


def _continues_sentence(first: str, rest: str, second: str) -> bool:
    """Return whether words continue the sentence of the quotation before them."""
    if first.rstrip().endswith(",") or _STARTS_BACK.match(rest):
        return True
    word = rest.lstrip()
    return (VERB.match(word) is not None and word[:1].islower()) or second[:1].islower()


def _introduction_start(rest: str, verbs: list[re.Match[str]], back: bool) -> int:
    """Return where the introduction of the next quotation begins, 0 if it is everything."""
    last = verbs[-1].start() if verbs else len(rest)
    cuts = [match.end() for match in _SENTENCE.finditer(rest, 0, last + 1)]
    if len(verbs) > 1:
        cuts += [m.start() for m in _CONJUNCTION.finditer(rest, verbs[0].end(), last)]
    elif back:
        cuts += [m.start() for m in re.finditer(";", rest[:last])]
    if back:
        line = rest.rfind("\n", 0, len(rest.rstrip(MARKUP)))
        cuts.append(line if line > 0 and any(c.isalnum() for c in rest[:line]) else 0)
    return max(cuts, default=0)
