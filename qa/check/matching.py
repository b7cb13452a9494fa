"""Find where a quotation's words stand letter by letter: exactly, or encoded differently."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from qa.check.word_boundaries import match_end, match_start, whole_at_end, whole_at_start
from qa.language.folding import Folded
from qa.language.punctuation import same_gap

_FIRST_WORD = re.compile(r"[\W_]*[^\W_]+")


@dataclass(slots=True)
class Effort:
    """How much comparing one quotation may still cost, so that no input takes forever.

    Counted in letters compared. `spent` is true once something was left out for it.
    """

    letters: int = 20_000_000
    spent: bool = False

    def take(self, letters: int) -> bool:
        if letters > self.letters:
            self.spent = True
            return False
        self.letters -= letters
        return True


@dataclass(frozen=True, slots=True)
class MatchedWords:
    """Words that stand in a text: `text[start:end]`, letters `first` to `last` (inclusive).

    `differences` names what is encoded differently; none of them: exact.
    """

    start: int
    end: int
    first: int
    last: int
    differences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """Words to find. `open_start`, `open_end`: they may begin or end inside a word, as the draft
    has a bracket there."""

    folded: Folded
    leading: str
    trailing: str
    open_start: bool = False
    open_end: bool = False

    @property
    def letters(self) -> str:
        return self.folded.letters

    @staticmethod
    def of(folded: Folded, open_start: bool = False, open_end: bool = False) -> Part:
        if not folded.letters:
            return Part(folded, "", "", open_start, open_end)
        text, first, last = folded.text, int(folded.starts[0]), int(folded.ends[-1])
        return Part(folded, text[:first].lstrip(), text[last:].rstrip(), open_start, open_end)


@dataclass(slots=True)
class Finder:
    """Looks for parts in one text, at a bounded cost."""

    text: Folded
    effort: Effort = field(default_factory=Effort)

    def all(self, part: Part, begin: int = 0, end: int | None = None) -> Iterator[MatchedWords]:
        """Yield the places of a part within letters begin … end, in order."""
        stop = len(self.text.letters) if end is None else end
        size = len(part.letters)
        if not size:
            return
        at = self.text.letters.find(part.letters, begin, stop)
        while at >= 0:
            if not self.effort.take(64):
                return
            found = self._check(part, at)
            if found is not None:
                yield found
            at = self.text.letters.find(part.letters, at + 1, stop)

    def _check(self, part: Part, first: int) -> MatchedWords | None:
        last = first + len(part.letters) - 1
        if not part.open_start and not whole_at_start(self.text, first):
            return None
        if not part.open_end and not whole_at_end(self.text, last):
            return None
        if not self.effort.take(len(part.letters)):
            return None
        return compare(part, self.text, first)


def compare(part: Part, source: Folded, first: int) -> MatchedWords | None:
    """Return the match of a part whose letters stand at letter `first`, if everything between them
    agrees."""
    last = first + len(part.letters) - 1
    start = match_start(source, first, part.leading)
    closing = match_end(source, last, part.trailing)
    if start is None or closing is None:
        return None
    end, end_difference = closing
    if source.text[start:end] == part.leading + _core(part) + part.trailing:
        return MatchedWords(start, end, first, last)
    differences = _gap_differences(part.folded, source, first)
    if differences is None:
        return None
    names = dict.fromkeys(differences)
    names.update(dict.fromkeys(_letter_differences(part.folded, source, first)))
    if part.leading and not source.text[start:].startswith(part.leading):
        names["quotation marks"] = None
    if end_difference:
        names[end_difference] = None
    elif not source.text[:end].endswith(part.trailing):
        names["final punctuation"] = None
    return MatchedWords(start, end, first, last, tuple(names) or ("spaces",))


def _core(part: Part) -> str:
    folded = part.folded
    return folded.text[int(folded.starts[0]) : int(folded.ends[-1])]


def _gap_differences(draft: Folded, source: Folded, first: int) -> list[str] | None:
    """Return what differs between the letters; None if any of it reads differently."""
    size = len(draft.letters)
    ours = draft.starts[1:] - draft.ends[:-1]
    theirs = source.starts[first + 1 : first + size] - source.ends[first : first + size - 1]
    found: list[str] = []
    for index in np.flatnonzero((ours > 0) | (theirs > 0)).tolist():
        name = same_gap(draft.gap(index), source.gap(first + index), _between_digits(draft, index))
        if name is None:
            return None
        if name:
            found.append(name)
    return found


def differing_gaps(draft: Folded, source: Folded, first: int) -> list[int]:
    """Return the draft's letters that are followed by something else in the source."""
    size = len(draft.letters)
    return [
        index
        for index in range(size - 1)
        if same_gap(draft.gap(index), source.gap(first + index), _between_digits(draft, index))
        is None
    ]


def _between_digits(text: Folded, index: int) -> bool:
    return text.letters[index].isdigit() and text.letters[index + 1].isdigit()


def _letter_differences(draft: Folded, source: Folded, first: int) -> Iterator[str]:
    """Yield what differs in the characters from which the letters come."""
    size = len(draft.letters)
    ours = np.array([ord(draft.text[at]) for at in draft.starts.tolist()])
    span = source.starts[first : first + size].tolist()
    theirs = np.array([ord(source.text[at]) for at in span])
    different = np.flatnonzero(ours != theirs)
    if not different.size:
        return
    opening = _FIRST_WORD.match(draft.text)
    first_word = opening.end() if opening else 0
    for index in different.tolist():
        char, other = chr(int(ours[index])), chr(int(theirs[index]))
        name = _letter_difference(char, other)
        if name == "case" and int(draft.starts[index]) < first_word:
            # Only its first letter says where a sentence begins.
            name = "first letter" if index == 0 else "case"
        yield name


def _letter_difference(char: str, other: str) -> str:
    if "\ufb00" <= char <= "\ufb06" or "\ufb00" <= other <= "\ufb06":
        return "ligatures"
    if "\uff00" <= char <= "\uffef" or "\uff00" <= other <= "\uffef":
        return "width"
    if char.casefold() == other.casefold() or "ß" in (char, other):
        return "case"
    if (char.isascii() or other.isascii()) and (char > "\u036f" or other > "\u036f"):
        return "homoglyphs"
    return "composition"
