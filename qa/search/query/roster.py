"""Who speaks in a library, ready to be found by name or office whatever their number."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from qa.language import WORDS
from qa.language.names import fold_name
from qa.language.offices import is_office_word
from qa.language.tokens import STOP_TOKENS, stem, tokens
from qa.store.records import SpeakerCount

# "Armenian" means Armenia: a stem of this length may stand for a longer word.
_SHORTEST_PREFIX = 5
_LESSER = frozenset(map(stem, WORDS.deputies))

# The tokens of an office, without stop words.
Office = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """A speaker's name and its folded words."""

    name: str
    parts: tuple[str, ...]


class Roster:
    """The speakers of one generation of a library. Never changes; false where nobody speaks."""

    def __init__(self, speakers: Collection[SpeakerCount]) -> None:
        unique = dict.fromkeys(speaker.name for speaker in speakers)
        self.names = tuple(Name(name, fold_name(name)) for name in unique)
        self._by_stem: dict[str, list[Name]] = {}
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

    def named(self, token: str) -> Sequence[Name]:
        """The names with a word of this stem."""
        return self._by_stem.get(token, ())

    def holders(self, wanted: Sequence[str]) -> set[str]:
        """The names of those who hold an office of all the tokens wanted, and no lesser one: the
        Minister is not the Deputy Minister."""
        if not wanted:
            return set()
        offices = {o for token in self._standing_for(wanted[0]) for o in self._by_token[token]}
        held = [office for office in offices if _holds(wanted, office)]
        return {name for office in held for name in self._holders[office]}

    def _standing_for(self, wanted: str) -> Iterator[str]:
        """The tokens of offices that a token may stand for; see `_stands_for`."""
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
    """The office that a role or a name is, if it is any."""
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
