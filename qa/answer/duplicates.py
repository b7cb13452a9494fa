"""Near-identical quotes are one quote with several places.

Two quotes are near-identical when nobody else is said to speak and the sets of their words
overlap by at least `SAME` (Jaccard), numbers and negations agreeing exactly: a release
that is printed twice with other punctuation or a corrected word is one quote, a sentence with
another figure or a "not" in it is another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from qa.language import WORDS

SAME = 0.9
_WORD = re.compile(r"\w+")
# A contracted "not" leaves its "t".
_NEGATIONS = WORDS.negations | {"t"}


def group_duplicates(quotes: Iterable[tuple[str, str | None]]) -> list[list[int]]:
    """Groups of near-identical quotes, given as (text, speaker), by their positions, the first
    of each group and the groups themselves in order.

    >>> group_duplicates([("He paid 5.", None), ("He paid 6.", None), ("“He paid 5”", "Ann")])
    [[0, 2], [1]]
    """
    groups: list[list[int]] = []
    firsts: list[tuple[frozenset[str], str | None]] = []
    for position, (text, speaker) in enumerate(quotes):
        key = frozenset(_WORD.findall(text.casefold()))
        for group, (other, other_speaker) in zip(groups, firsts, strict=True):
            if _same_speaker(speaker, other_speaker) and _same(key, other):
                group.append(position)
                break
        else:
            groups.append([position])
            firsts.append((key, speaker))
    return groups


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    if one == other:
        return True
    least, most = sorted((len(one), len(other)))
    if least / most < SAME:  # they share no more than the smaller has
        return False
    shared = len(one & other)
    if shared / (least + most - shared) < SAME:
        return False
    return not any(token[:1].isdigit() or token in _NEGATIONS for token in one ^ other)


def _same_speaker(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other
