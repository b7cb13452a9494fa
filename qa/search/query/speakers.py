"""Speakers that a question names: by full name, surname or office, also misspelt by a letter.

Only who the library knows is ever found; a name that fits nobody is reported as such and
changes nothing.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.language.names import fold_name
from qa.language.offices import is_honorific, is_office_word
from qa.language.tokens import STOP_TOKENS, stem, tokens
from qa.search.query.roster import Roster

# More speakers than these fitting one phrase name nobody in particular.
MOST_MEANT = 3
# A shorter name that is one letter off is as likely to be another name.
_SHORTEST_MISSPELT = 5
_OFFICE_LENGTH = 8
_WORD = re.compile(r"[^\W\d_]+(?:[-'’.][^\W\d_]+)*", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Mention:
    """Speakers that the words start … end of a question (by index) may mean."""

    start: int
    end: int
    speakers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a question and where it stands in it."""

    text: str
    start: int
    end: int

    @property
    def capital(self) -> bool:
        return self.text[:1].isupper()


def question_words(question: str) -> tuple[Word, ...]:
    """The words of a question, a possessive ending left out."""
    words = []
    for found in _WORD.finditer(question):
        text = re.sub(r"['’]s?$", "", found.group())
        words.append(Word(text, found.start(), found.start() + len(text)))
    return tuple(words)


def find_mentions(
    words: Sequence[Word],
    roster: Roster,
    occurs: Callable[[str], bool],
    *,
    any_case: bool = False,
) -> tuple[Mention, ...]:
    """Speakers that the question names, in its order. `occurs` tells whether the library has a
    lexical token: only a word that it does not have can be a misspelling. `any_case`: names
    may be written without capitals."""
    if not roster:
        return ()
    if any_case:
        words = [Word(word.text.title(), word.start, word.end) for word in words]
    occurs = functools.cache(occurs)
    offices = [is_office_word(word.text) for word in words]
    found: list[Mention] = []
    at = 0
    while at < len(words):
        mention = _name_at(words, at, roster, occurs) or _office_at(words, at, offices, roster)
        if mention is None:
            at += 1
            continue
        found.append(mention)
        at = mention.end
    return tuple(found)


def _name_at(
    words: Sequence[Word],
    at: int,
    roster: Roster,
    occurs: Callable[[str], bool],
) -> Mention | None:
    """Whom the longest run of capitalised words from `at` on names."""
    length = 0
    while at + length < len(words) and length < 4 and words[at + length].capital:
        length += 1
    for count in range(length, 0, -1):
        run = [words[at + i].text for i in range(count)]
        while run and is_honorific(run[0]):
            run.pop(0)
        folded = fold_name(" ".join(run))
        if not folded or all(stem(word) in STOP_TOKENS for word in folded):
            continue
        meant = _meant(folded, roster, occurs)
        if 0 < len(meant) <= MOST_MEANT:
            return Mention(at, at + count, tuple(sorted(meant)))
    return None


def _meant(folded: tuple[str, ...], roster: Roster, occurs: Callable[[str], bool]) -> set[str]:
    """The speakers whom the words name; failing that, whom they name but for one letter."""
    near = roster.named(stem(folded[-1]))
    exact = {n.name for n in near if _fits(folded, n.parts, _equal)}
    if exact or all(len(w) < _SHORTEST_MISSPELT or occurs(stem(w)) for w in folded):
        return exact
    misspelt = _misspelt(occurs)
    return {n.name for n in roster.names if _fits(folded, n.parts, misspelt)}


def _fits(
    folded: tuple[str, ...], parts: tuple[str, ...], same: Callable[[str, str], bool]
) -> bool:
    """Whether a name's words end a speaker's name, or are all of it but middle names.

    A given name alone names nobody: every second chairman is called John.
    """
    if not parts or len(folded) > len(parts):
        return False
    if all(same(word, part) for word, part in zip(folded, parts[-len(folded) :], strict=True)):
        return True
    # Russian and Hungarian lists write the surname first; transcripts leave middle names out.
    return len(folded) > 1 and all(any(same(word, part) for part in parts) for word in folded)


def _equal(word: str, part: str) -> bool:
    return word == part or stem(word) == stem(part)


def _misspelt(occurs: Callable[[str], bool]) -> Callable[[str, str], bool]:
    def same(word: str, part: str) -> bool:
        if _equal(word, part):
            return True
        long_enough = min(len(word), len(part)) >= _SHORTEST_MISSPELT
        return long_enough and not occurs(stem(word)) and one_letter_off(word, part)

    return same


def one_letter_off(word: str, other: str) -> bool:
    """Whether one letter was put in, left out, changed, or swapped with its neighbour (a
    Damerau-Levenshtein distance of 1).

    >>> one_letter_off("tokaev", "tokayev"), one_letter_off("toakyev", "tokayev")
    (True, True)
    """
    if word == other or abs(len(word) - len(other)) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), None)
    if at is None:
        return True
    if len(word) == len(other):
        swapped = word[at : at + 2] == other[at : at + 2][::-1]
        return word[at + 1 :] == other[at + 1 :] or (swapped and word[at + 2 :] == other[at + 2 :])
    longer, shorter = (word, other) if len(word) > len(other) else (other, word)
    return longer[at + 1 :] == shorter[at:]


def _office_at(
    words: Sequence[Word], at: int, offices: Sequence[bool], roster: Roster
) -> Mention | None:
    """Whom an office from `at` on means, if at most a few hold it; `offices` tells which words
    name one."""
    for count in range(min(_OFFICE_LENGTH, len(words) - at), 0, -1):
        run = [word.text for word in words[at : at + count]]
        if not any(offices[at : at + count]) or stem(run[-1]) in STOP_TOKENS:
            continue
        if count > 1 and stem(run[0]) in STOP_TOKENS:
            continue
        wanted = [token for word in run for token in tokens(word) if token not in STOP_TOKENS]
        meant = roster.holders(wanted)
        if 0 < len(meant) <= MOST_MEANT:
            return Mention(at, at + count, tuple(sorted(meant)))
    return None
