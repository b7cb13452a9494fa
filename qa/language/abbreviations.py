"""Abbreviations after which a sentence goes on, beyond those that nupunkt's model knows."""

from __future__ import annotations

import re

from qa.language import LEXICONS, WORDS

# Languages that write ordinals with a full stop: "am 5. Mai".
_ORDINAL_MONTHS = frozenset(
    name for one in LEXICONS if one.ordinal_stops for month in one.months for name in month
)
_LAST_WORD = re.compile(r"[^\s(«“\"'‘]+\.$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_REACH = 40


def joins(text: str, at: int, after: int) -> bool:
    """Whether the full stop before `at` only ends an abbreviation, the text going on at `after`."""
    near = text[max(0, at - _REACH) : at]
    match = _LAST_WORD.search(near)
    if not match:
        return False
    word = match[0][:-1].lower()
    if word in WORDS.abbreviations_before_names:
        return True
    if word in WORDS.abbreviations_before_numbers and text[after : after + 1].isdigit():
        return True
    if word.isdigit() and len(word) <= 2:
        month = _FIRST_WORD.match(text, after, after + 12)
        return month is not None and month[0].lower() in _ORDINAL_MONTHS
    return len(word) == 1 and _is_initial(near[: match.start()], match[0][0], text, after)


def _is_initial(before: str, letter: str, text: str, after: int) -> bool:
    """Whether a single letter and its full stop abbreviate what goes on: "А. Пушкин", "т. е."."""
    if not letter.isalpha():
        return False
    next_too = text[after : after + 1].isalpha() and text[after + 1 : after + 2] == "."
    if not "а" <= letter.lower() <= "ё":
        return letter.islower() and next_too
    if letter.isupper():
        return letter != "Я"  # which is also the word "I"
    before = before.rstrip()
    # "в 1990 г. Затем" and "и т. д. Затем" may end a sentence; "в г. Омске" may not.
    return next_too or not (before[-1:].isdigit() or before.endswith("т."))
