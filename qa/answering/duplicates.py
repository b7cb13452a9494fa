"""Near-identical quotes are one quote with several places.

Two quotes are near-identical when nobody else is said to speak and the token sets of their
words overlap by at least `SAME` (Jaccard), numbers and negations agreeing exactly: a release
that is printed twice with other punctuation or a corrected word is one quote, a sentence with
another figure or a "not" in it is another.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from qa.records import Quote
from qa.search.lexical import tokens

SAME = 0.9
_NEGATIONS = frozenset({"no", "not", "never", "nor", "neither", "none", "t", "не", "ни", "нет"})


def merge_duplicates(quotes: Iterable[Quote]) -> tuple[Quote, ...]:
    """The quotes in their order, each later near-identical one a further place of the first.

    The sources differ or the spans do: a place is listed once.
    """
    kept: list[Quote] = []
    keys: list[frozenset[str]] = []
    for quote in quotes:
        key = frozenset(tokens(quote.text))
        twin = next(
            (
                i
                for i, other in enumerate(keys)
                if _same(key, other) and _same_speaker(quote, kept[i])
            ),
            None,
        )
        if twin is None:
            kept.append(quote)
            keys.append(key)
            continue
        first = kept[twin]
        known = {(c.source, c.start, c.end) for c in (first.citation, *first.places)}
        further = tuple(
            place
            for place in (quote.citation, *quote.places)
            if (place.source, place.start, place.end) not in known
        )
        kept[twin] = replace(first, places=first.places + further)
    return tuple(kept)


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    if one == other:
        return True
    if any(token[:1].isdigit() or token in _NEGATIONS for token in one ^ other):
        return False
    union = len(one | other)
    return union > 0 and len(one & other) / union >= SAME


def _same_speaker(one: Quote, other: Quote) -> bool:
    names = {one.citation.speaker, other.citation.speaker} - {None}
    return len(names) <= 1
