"""Whose the words between two quotations are: the one's before, the next one's, or both's."""

from __future__ import annotations

import re

from qa.language import WORDS
from qa.language.lexicon import alternatives
from qa.language.speech import ACCORDING, MARKUP, PARENTHESIS, VERB, introduction, verbs_in

_NOTE = re.compile(r"^[.,;]*\s?(?:\[\^?\w{1,12}\]|[¹²³⁴-⁹]+)(?!\()")
_CONJUNCTION = re.compile(
    rf"[,;]\s*(?:{alternatives(WORDS.conjunctions)})\s|\s(?:and|but|while|whereas)\s|;",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^\W\d_]{3}[.!?…]\s+(?=[A-ZА-ЯЁ])")
_STARTS_BACK = re.compile(r"[\s.,]*(?:—|–|-|,|(?:as|according|in|как|по словам)\b)", re.IGNORECASE)
_CAPITAL = re.compile(r"(?<!\w)[A-ZА-ЯЁ]")
_ITEM = re.compile(r"\n[ \t]*(?:[-*•–—]|\d{1,3}[.)])?[ \t]*\Z")


def shared(first: str, between: str, second: str) -> tuple[str, str | None]:
    """The words between two quotations of one paragraph as (what is the first's, what is the
    second's); None where they say nothing of the second, so that what stands before the first
    may be of both.

    What leads directly to the second is the second's. It is the first's as well where it splits
    one utterance ("…," said X, "…").
    """
    cited = PARENTHESIS.match(between) or _NOTE.match(between)
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
    back = not own and _leads_back(first, rest, second)
    cut = _cut(rest, verbs, back)
    if cut:
        return own + (rest[:cut] if back or _SENTENCE.search(rest) else ""), rest[cut:]
    inverted = verbs and not rest[: verbs[0].start()].strip(" ,.—–-\n")
    splits = back and (how == "comma" or inverted or len(verbs) > 1)
    return (rest if splits else own), rest


def _leads_back(first: str, rest: str, second: str) -> bool:
    """Whether words are written as those after a quotation that go on with its sentence."""
    if first.rstrip().endswith(",") or _STARTS_BACK.match(rest):
        return True
    word = rest.lstrip()
    return (VERB.match(word) is not None and word[:1].islower()) or second[:1].islower()


def _cut(rest: str, verbs: list[re.Match[str]], back: bool) -> int:
    """Where what introduces the next quotation begins, 0 if it is all of it."""
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
