"""Words that reverse or qualify what a sentence says, and related questions about words.

They only ever raise a warning or name a change, so that a word too many does no harm.
"""

from __future__ import annotations

import re

from qa.language import WORDS
from qa.language.lexicon import alternatives

WORD = re.compile(r"[^\W_]+(?:[-‐‑'’ʼ][^\W_]+)*")
# "Far" alone is no negation: "so far", "far more".
_FAR_FROM = re.compile(r"\bfar\s+from\b", re.IGNORECASE)
_CONTRASTS = WORDS.contrasts | WORDS.contrasts_within
# Words by which a sentence limits, regrets or contradicts the one before it.
CONTRAST_OPENINGS = alternatives(WORDS.contrasts | WORDS.contrast_openings)
CONDITION_OPENINGS = alternatives(WORDS.condition_openings)
_CONTRACTED = re.compile(r"n['’ʼ]?t$")


def plain_word(word: str) -> str:
    return word.casefold().replace("’", "'").replace("ʼ", "'")


def is_negation(word: str) -> bool:
    plain = plain_word(word)
    return plain in WORDS.negations or bool(_CONTRACTED.search(plain) and "'" in plain)


def is_hedge(word: str) -> bool:
    return plain_word(word) in WORDS.hedges


def is_condition(word: str) -> bool:
    return plain_word(word) in WORDS.conditions


def is_contrast(word: str) -> bool:
    return plain_word(word) in _CONTRASTS


def is_reporting(word: str) -> bool:
    return plain_word(word) in WORDS.hearsay


def is_number(word: str) -> bool:
    """Return whether a word holds a digit or is a numeral."""
    plain = plain_word(word)
    parts = (plain, *plain.split("-"))
    return any(c.isdigit() for c in plain) or any(part in WORDS.number_words for part in parts)


def first_of(text: str, kind: str) -> str | None:
    """Return a text's first word of a kind: "negation" (including "far from"), "hedge",
    "condition", "contrast" or "reporting"."""
    test = _TESTS[kind]
    word = next((m.group() for m in WORD.finditer(text) if test(m.group())), None)
    far = _FAR_FROM.search(text) if word is None and kind == "negation" else None
    return far.group() if far is not None else word


_TESTS = {
    "negation": is_negation,
    "hedge": is_hedge,
    "condition": is_condition,
    "contrast": is_contrast,
    "reporting": is_reporting,
}
