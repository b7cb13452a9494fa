"""Exact search by brute force, written without anything of the search: the tests' oracle.

It reads a text with one regular expression, knows ASCII words, accents and curly apostrophes
only, and tries everything.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass

_WORD = re.compile(r"[a-z]+|[0-9]+(?:[.,][0-9]+)*")


@dataclass(frozen=True, slots=True)
class Ask:
    """A clause: alternatives, each a phrase (a tuple of words; a "*" ends a beginning) or the
    phrases of a NEAR with its distance."""

    alternatives: tuple[tuple[tuple[tuple[str, ...], ...], int | None], ...]
    excluded: bool = False


def plain_words(text: str) -> list[str]:
    flat = unicodedata.normalize("NFD", text.replace("\u00ad", "")).lower()
    flat = "".join(char for char in flat if not "\u0300" <= char <= "\u036f")
    flat = re.sub(r"['’]s\b", "", flat)
    return [word.replace(",", "") for word in _WORD.findall(flat)]


def count_phrase(words: list[str], phrase: tuple[str, ...]) -> int:
    """Non-overlapping places, by a regular expression over the words joined."""
    joined = "".join(f"<{word}>" for word in words)
    parts = [
        f"<{re.escape(one[:-1])}[^>]*>" if one.endswith("*") else f"<{re.escape(one)}>"
        for one in phrase
    ]
    return len(re.findall("".join(parts), joined))


def phrase_places(words: list[str], phrase: tuple[str, ...]) -> list[tuple[int, int]]:
    """Places from the left, each after the last."""
    found = []
    at = 0
    while at + len(phrase) <= len(words):
        here = words[at : at + len(phrase)]
        if all(
            word.startswith(one[:-1]) if one.endswith("*") else word == one
            for word, one in zip(here, phrase, strict=True)
        ):
            found.append((at, at + len(phrase) - 1))
            at += len(phrase)
        else:
            at += 1
    return found


def count_near(words: list[str], phrases: tuple[tuple[str, ...], ...], distance: int) -> int:
    """The most groups that do not overlap, of all groups there are."""
    ending: dict[int, set[int]] = {}
    for chosen in itertools.product(*[phrase_places(words, phrase) for phrase in phrases]):
        first, last = min(c[0] for c in chosen), max(c[1] for c in chosen)
        if last - first <= distance:
            ending.setdefault(last, set()).add(first)
    best = [0] * (len(words) + 1)
    for end in range(1, len(words) + 1):
        best[end] = max([best[end - 1], *[best[first] + 1 for first in ending.get(end - 1, ())]])
    return best[-1]


def count_term(words: list[str], phrases: tuple[tuple[str, ...], ...], near: int | None) -> int:
    return count_phrase(words, phrases[0]) if near is None else count_near(words, phrases, near)


def count_all(units: list[list[list[str]]], asks: tuple[Ask, ...]) -> int:
    """Occurrences of all different terms to be found in the units (lists of stretches of words)
    that satisfy every clause."""
    wanted = {term for ask in asks if not ask.excluded for term in ask.alternatives}
    total = 0
    for unit in units:
        counts = {
            term: sum(count_term(words, *term) for words in unit)
            for ask in asks
            for term in ask.alternatives
        }
        if all(any(counts[t] for t in ask.alternatives) != ask.excluded for ask in asks):
            total += sum(counts[term] for term in wanted)
    return total


def as_query(asks: tuple[Ask, ...]) -> str:
    """The query that asks this."""
    parts = []
    for ask in asks:
        terms = []
        for phrases, near in ask.alternatives:
            shown = [one[0] if len(one) == 1 else f'"{" ".join(one)}"' for one in phrases]
            terms.append(shown[0] if near is None else f"NEAR({' '.join(shown)}, {near})")
        parts.append("-" * ask.excluded + " OR ".join(terms))
    return " ".join(parts)
