"""Speakers that a question names: by full name, surname or office, also misspelt by a letter.

Only who the library knows is ever found; a name that fits nobody is reported as such and changes
nothing. `SpeakerDirectory` holds who speaks in a library, ready to be found whatever their number.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from qa.language import WORDS
from qa.language.names import fold_name
from qa.language.offices import is_honorific, is_office_word
from qa.language.tokens import STOP_TOKENS, stem, tokens
from qa.store.records import SpeakerCount

# "Armenian" means Armenia: a stem of this length may stand for a longer word.
_SHORTEST_PREFIX = 5
_LESSER = frozenset(map(stem, WORDS.deputies))
# More speakers than these fitting one phrase name nobody in particular.
MOST_MEANT = 3
# A shorter name that is one letter off is as likely to be another name.
_SHORTEST_MISSPELT = 5
_OFFICE_LENGTH = 8
_WORD = re.compile(r"[^\W\d_]+(?:[-'’.][^\W\d_]+)*", re.UNICODE)

# The tokens of an office, without stop words.
Office = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SpeakerName:
    """A speaker's name and its folded words."""

    name: str
    parts: tuple[str, ...]


class SpeakerDirectory:
    """The speakers of one generation of a library. Never changes; false where nobody speaks."""

    def __init__(self, speakers: Collection[SpeakerCount]) -> None:
        unique = dict.fromkeys(speaker.name for speaker in speakers)
        self.names = tuple(SpeakerName(name, fold_name(name)) for name in unique)
        self._by_stem: dict[str, list[SpeakerName]] = {}
        for name in self.names:
            for word in set(map(stem, name.parts)):
                self._by_stem.setdefault(word, []).append(name)
        # The role is an office, and so is a name such as "The Chair".
        self._holders: dict[Office, set[str]] = {}
        for speaker in speakers:
            for office in map(_office, (speaker.role, speaker.name)):
                if office:
                    self._holders.setdefault(office, set()).add(speaker.name)
        self._by_token: dict[str, list[Office]] = {}
        for office in self._holders:
            for token in set(office):
                self._by_token.setdefault(token, []).append(office)
        self._tokens = sorted(self._by_token)

    def __bool__(self) -> bool:
        return bool(self.names)

    @cached_property
    def parts(self) -> frozenset[str]:
        """The folded words of all names."""
        return frozenset(part for name in self.names for part in name.parts)

    def named(self, token: str) -> Sequence[SpeakerName]:
        """Return the names with a word of this stem."""
        return self._by_stem.get(token, ())

    def holders(self, wanted: Sequence[str]) -> set[str]:
        """Return the names of those who hold an office of all the tokens wanted, and no lesser one:
        the Minister is not the Deputy Minister."""
        if not wanted:
            return set()
        offices = {o for token in self._standing_for(wanted[0]) for o in self._by_token[token]}
        held = [office for office in offices if _holds(wanted, office)]
        return {name for office in held for name in self._holders[office]}

    def _standing_for(self, wanted: str) -> Iterator[str]:
        """Yield the tokens of offices that a token may stand for; see `_stands_for`."""
        shortest = min(_SHORTEST_PREFIX, len(wanted))
        for length in range(shortest, len(wanted) + 1):
            if wanted[:length] in self._by_token and _stands_for(wanted, wanted[:length]):
                yield wanted[:length]
        at = bisect_left(self._tokens, wanted)
        while at < len(self._tokens) and self._tokens[at].startswith(wanted):
            if self._tokens[at] != wanted and _stands_for(wanted, self._tokens[at]):
                yield self._tokens[at]
            at += 1


def _office(text: str | None) -> Office | None:
    """Return the office that a role or a name is, if it is any."""
    if not text or not any(is_office_word(word) for word in text.split()):
        return None
    return tuple(token for token in tokens(text) if token not in STOP_TOKENS)


def _holds(wanted: Sequence[str], office: Office) -> bool:
    if not all(any(_stands_for(w, o) for o in office) for w in wanted):
        return False
    return not (_LESSER & set(office)) - set(wanted)


def _stands_for(wanted: str, word: str) -> bool:
    """Equal tokens, or a country and its adjective ("belarusian", "belarus")."""
    if wanted == word:
        return True
    shorter, longer = sorted((wanted, word), key=len)
    return len(shorter) >= _SHORTEST_PREFIX and longer.startswith(shorter)


# ---- in a question ---------------------------------------------------------------------------


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
    """Return the words of a question, a possessive ending left out."""
    words = []
    for found in _WORD.finditer(question):
        text = re.sub(r"['’]s?$", "", found.group())
        words.append(Word(text, found.start(), found.start() + len(text)))
    return tuple(words)


def find_mentions(
    words: Sequence[Word],
    roster: SpeakerDirectory,
    occurs: Callable[[str], bool],
    *,
    any_case: bool = False,
) -> tuple[Mention, ...]:
    """Return speakers that the question names, in its order. `occurs` tells whether the library has
    a lexical token: only a word that it does not have can be a misspelling. `any_case`: names may
    be written without capitals."""
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
    roster: SpeakerDirectory,
    occurs: Callable[[str], bool],
) -> Mention | None:
    """Return whom the longest run of capitalised words from `at` on names."""
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


def _meant(
    folded: tuple[str, ...], roster: SpeakerDirectory, occurs: Callable[[str], bool]
) -> set[str]:
    """Return the speakers whom the words name; failing that, whom they name but for one letter."""
    near = roster.named(stem(folded[-1]))
    exact = {n.name for n in near if _fits(folded, n.parts, _equal)}
    if exact or all(len(w) < _SHORTEST_MISSPELT or occurs(stem(w)) for w in folded):
        return exact
    misspelt = _misspelt(occurs)
    return {n.name for n in roster.names if _fits(folded, n.parts, misspelt)}


def _fits(
    folded: tuple[str, ...], parts: tuple[str, ...], same: Callable[[str, str], bool]
) -> bool:
    """Return whether a name's words end a speaker's name, or are all of it but middle names.

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
    """Return whether one letter was put in, left out, changed, or swapped with its neighbour (a
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
    words: Sequence[Word], at: int, offices: Sequence[bool], roster: SpeakerDirectory
) -> Mention | None:
    """Return whom an office from `at` on means, if at most a few hold it; `offices` tells which
    words name one."""
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
