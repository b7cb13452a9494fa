"""Whether words have the form of a person's name."""

from __future__ import annotations

import re

from qa.language import WORDS
from qa.language.offices import (
    is_heading_word,
    is_institution_word,
    is_office_word,
    may_be_given_name,
    may_be_surname,
)

PARTICLES = WORDS.name_particles
NAME_WORD = re.compile(r"(?:[^\W\d_]\.){1,4}$|[^\W\d_]+(?:['’‘ʼʻ`-][^\W\d_]+){0,3}\.?$")
INITIALS = re.compile(r"(?:[^\W\d_]\.-?){1,4}$")
JOINED_INITIALS = re.compile(r"(?:[^\W\d_]\.){1,3}[^\W\d_]{2,}(?:-[^\W\d_]+)?$")


def has_name_shape(words: list[str], least: int, addressed: bool = False) -> bool:
    """Whether the words form a name: capitalised, of at most five words besides particles.

    `addressed`: an honorific stands before them, so that "Price" is a name as good as any.
    """
    if not words or len(words) > 8 or words[0].casefold() in ("the", "a", "an"):
        return False
    if all_upper(words):
        words = [word.title() for word in words]
    if len(words) == 1 and JOINED_INITIALS.match(words[0]):
        return True
    counted = [w for i, w in enumerate(words) if i == 0 or w.casefold() not in PARTICLES]
    if not max(least, 1) <= len(counted) <= 5 or all(INITIALS.match(word) for word in counted):
        return False
    for index, word in enumerate(words):
        if not (NAME_WORD.match(word) or JOINED_INITIALS.match(word)):
            return False
        if word.casefold() in PARTICLES and (index > 0 or word[0].isupper() or len(words) > 1):
            continue
        if not word[0].isupper() and not re.match(r"d['’]|al-|el-", word):
            return False
        if is_office_word(word) or is_institution_word(word) or is_heading_word(word):
            as_surname = index == len(words) - 1 and may_be_surname(word)
            as_given = index == 0 and may_be_given_name(word)
            alone = len(words) == 1 and not (addressed and not is_office_word(word))
            if alone or not (as_surname or as_given or addressed):
                return False
        if len(word) > 3 and word.endswith(".") and not INITIALS.match(word):
            return False
    return words[-1].casefold() not in PARTICLES or words[-1][0].isupper()


def all_upper(words: list[str]) -> bool:
    letters = [word for word in words if any(c.isalpha() for c in word)]
    return bool(letters) and all(
        word.upper() == word and any(c.isupper() for c in word) for word in letters
    )
