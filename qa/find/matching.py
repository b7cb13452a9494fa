"""Find every place of a query's terms in a scope of text, none twice.

All phrases are looked for at once, one bit for each of their words (Baeza-Yates and Gonnet
1992, "A new approach to text searching"): state ← ((state << 1) | firsts) & fits(word). A
phrase ends wherever its last bit stays.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from qa.find.records import FindQuery, Phrase, QueryWord, Term, phrases_of
from qa.find.units import Scope
from qa.find.words import TextWord, possessive_end, same_gap, words_in
from qa.records import Span

# Tokens never hold white space, so that what a run of other characters is made of can be
# remembered: most runs of a text are a few thousand words again and again.
_RUN = re.compile(r"\S+")
# The same, over line ends that may break a word.
_BROKEN = re.compile(r"[^\W\d_][-\u2010\u00ad][ \t]*\r?\n[ \t]*[^\W\d_]")
_MENDED_RUN = re.compile(r"\S+(?:(?<=[-\u2010\u00ad])[ \t]*\r?\n[ \t]*(?=[^\W\d_])\S+)*")
_LONGEST_KEPT = 48
_MOST_KEPT = 200_000


@dataclass(frozen=True, slots=True)
class Hit:
    """A term's words: `first` and `last` count the words of the scope, inclusive; `spans` are
    their places in the text."""

    first: int
    last: int
    spans: tuple[Span, ...]

    @property
    def start(self) -> int:
        return self.spans[0].start

    @property
    def end(self) -> int:
        return max(span.end for span in self.spans)


@dataclass(frozen=True, slots=True)
class PlacedHit:
    """A hit of a term, with its scope."""

    term: Term
    scope: Scope
    hit: Hit


@dataclass(frozen=True, slots=True)
class _WordRun:
    """How many words a run of characters has, and those that fit any word of the query: which
    one of them it is, its characters, and the bits of the words it fits."""

    words: int
    fitting: tuple[tuple[int, int, int, int], ...]


class _MetWord(NamedTuple):
    """A word of the text that fits the query: its index in the scope and its place."""

    number: int
    start: int
    end: int


class Matcher:
    """Finds the terms of one query. It remembers words between scopes."""

    def __init__(self, query: FindQuery) -> None:
        terms = [term for clause in query.clauses for term in clause.terms]
        self.terms: tuple[Term, ...] = tuple(dict.fromkeys(terms))
        self._stem = query.stem
        self._phrases = tuple(dict.fromkeys(p for term in self.terms for p in phrases_of(term)))
        self._runs: dict[str, _WordRun] = {}
        self._words: list[tuple[int, QueryWord]] = []
        self._firsts = 0
        self._lasts: dict[int, int] = {}
        bit = 1
        for number, phrase in enumerate(self._phrases):
            self._firsts |= bit
            for word in phrase.words:
                self._words.append((bit, word))
                bit <<= 1
            self._lasts[bit >> 1] = number
        self._ends = sum(self._lasts)

    def hits(self, scope: Scope, text: str) -> dict[Term, list[Hit]]:
        """Return the hits of every term in a scope, in order, without overlap within a term. `text`
        is the stored text from the scope's start to its end."""
        plain = self._hits(scope, text, mended=False)
        if not _BROKEN.search(text):
            return plain
        # Whether a hyphen at a line's end belongs to the word can't be seen, so both are looked
        # for: "infor-/mation" and "well-/known".
        mended = self._hits(scope, text, mended=True)
        return {term: _united(plain[term], mended[term]) for term in self.terms}

    def _hits(self, scope: Scope, text: str, *, mended: bool) -> dict[Term, list[Hit]]:
        found: list[list[Hit]] = [[] for _ in self._phrases]
        self._find_phrases(scope, text, found, mended)
        of_phrase = dict(zip(self._phrases, found, strict=True))
        return {
            term: of_phrase[term]
            if isinstance(term, Phrase)
            else near_hits([of_phrase[phrase] for phrase in term.phrases], term.distance)
            for term in self.terms
        }

    def _find_phrases(self, scope: Scope, text: str, found: list[list[Hit]], mended: bool) -> None:
        offset = before = scope.start
        number = state = 0
        met: list[_MetWord] = []
        runs = self._runs
        for piece in scope.pieces:
            between = len(words_in(text[before - offset : piece.start - offset]))
            if between:
                # Words that are not searched stand here: no phrase goes across them.
                number, state = number + between, 0
            before = piece.end
            pattern = _MENDED_RUN if mended else _RUN
            for match in pattern.finditer(text, piece.start - offset, piece.end - offset):
                characters = match.group()
                run = runs.get(characters) or self._run(characters)
                next_word = 0
                for index, start, end, fits in run.fitting:
                    if index != next_word:
                        state = 0
                    next_word = index + 1
                    state = ((state << 1) | self._firsts) & fits
                    met.append(_MetWord(number + index, match.start() + start, match.start() + end))
                    if state & self._ends:
                        self._keep(state & self._ends, met, text, offset, found)
                if next_word != run.words:
                    state = 0
                if met and not state:
                    met.clear()
                number += run.words

    def _keep(
        self, ends: int, met: list[_MetWord], text: str, offset: int, found: list[list[Hit]]
    ) -> None:
        """Keep a hit of each phrase whose last bit is in `ends`, if it overlaps none before."""
        while ends:
            bit = ends & -ends
            ends ^= bit
            number = self._lasts[bit]
            phrase = self._phrases[number]
            first = met[-len(phrase.words)]
            if found[number] and found[number][-1].last >= first.number:
                continue
            stop = _fitting_end(phrase, met[-len(phrase.words) :], text, stem=self._stem)
            if stop is not None:
                span = Span(offset + first.start - len(phrase.lead), offset + stop)
                found[number].append(Hit(first.number, met[-1].number, (span,)))

    def _run(self, characters: str) -> _WordRun:
        words = words_in(characters, mended=True)
        fitting = []
        for index, word in enumerate(words):
            bits = sum(bit for bit, wanted in self._words if self._same(wanted, word))
            if bits:
                fitting.append((index, word.start, word.end, bits))
        run = _WordRun(len(words), tuple(fitting))
        if len(characters) <= _LONGEST_KEPT:
            if len(self._runs) >= _MOST_KEPT:
                self._runs.clear()
            self._runs[characters] = run
        return run

    def _same(self, wanted: QueryWord, word: TextWord) -> bool:
        if wanted.prefix:
            return word.key.startswith(wanted.key)
        if wanted.token != word.token:
            return False
        return self._stem or wanted.key == word.key


def _united(plain: list[Hit], mended: list[Hit]) -> list[Hit]:
    """Merge the hits of two readings in order; where they overlap, the plain one's wins."""
    taken = list(plain)
    for hit in mended:
        at = bisect_right(plain, hit.start, key=lambda other: other.start)
        near = plain[max(0, at - 1) : at + 1]
        if not any(other.start < hit.end and hit.start < other.end for other in near):
            taken.append(hit)
    return sorted(taken, key=lambda hit: hit.start)


def _fitting_end(phrase: Phrase, words: list[_MetWord], text: str, *, stem: bool) -> int | None:
    """Return where a phrase with words at `words` ends, if what is between and around them fits the
    query."""
    before = None
    for wanted, word in zip(phrase.words, words, strict=True):
        if before is not None and not same_gap(
            wanted.gap, text[before : word.start], unspaced=wanted.unspaced
        ):
            return None
        before = word.end
        if wanted.possessive:
            end = possessive_end(text, word.end)
            if end is None and not stem:
                return None
            before = end or word.end
    assert before is not None  # a phrase has words
    start = words[0].start
    lead, trail = phrase.lead, phrase.trail
    touches = text.endswith(lead, 0, start) and text.startswith(trail, before)
    return before + len(trail) if touches else None


def near_hits(found: list[list[Hit]], distance: int) -> list[Hit]:
    """Return groups of one hit from each list, the last word at most `distance` after the first: as
    many non-overlapping groups as possible.

    To take whichever group ends first, again and again, gives the most (interval scheduling);
    of those that end there the shortest is taken.
    """
    if not all(found):
        return []
    ordered = sorted(
        ((hit, number) for number, hits in enumerate(found) for hit in hits),
        key=lambda item: item[0].last,
    )
    groups: list[Hit] = []
    latest: dict[int, Hit] = {}
    done = -1
    for last, ending in groupby(ordered, key=lambda item: item[0].last):
        latest.update((number, hit) for hit, number in ending if hit.first > done)
        if len(latest) < len(found):
            continue
        first = min(hit.first for hit in latest.values())
        if last - first <= distance:
            spans = {span for hit in latest.values() for span in hit.spans}
            in_order = sorted(spans, key=lambda span: (span.start, span.end))
            groups.append(Hit(first, last, tuple(in_order)))
            done = last
            latest.clear()
    return groups
