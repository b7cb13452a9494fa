"""Decide where a person's name begins and ends, and whether words can be one."""

from __future__ import annotations

import re

from qa.language import WORDS
from qa.language.offices import (
    begins_compound_place,
    fold_word,
    is_heading_word,
    is_honorific,
    is_institution_word,
    is_office_word,
    may_be_given_name,
    may_be_surname,
    place_length,
)

PARTICLES = WORDS.name_particles
NAME_WORD = re.compile(r"(?:[^\W\d_]\.){1,4}$|[^\W\d_]+(?:['’‘ʼʻ`-][^\W\d_]+){0,3}\.?$")
INITIALS = re.compile(r"(?:[^\W\d_]\.-?){1,4}$")
JOINED_INITIALS = re.compile(r"(?:[^\W\d_]\.){1,3}[^\W\d_]{2,}(?:-[^\W\d_]+)?$")


def has_name_shape(words: list[str], least: int, addressed: bool = False) -> bool:
    """Return whether the words have a name's form: capitalised, at most five besides particles.

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


_PREPOSITIONS = WORDS.office_prepositions
_ARTICLES = WORDS.articles
_SMALL_WORDS = _PREPOSITIONS | _ARTICLES
_PATRONYMIC = re.compile(r".+(?:ович|евич|ич|овна|евна|ична|инична|ovich|evich|ovna|evna)$", re.I)


def opens_sentence(word: str) -> bool:
    """Return whether the word begins a sentence rather than an office or a name."""
    folded = word.casefold()
    return folded not in _ARTICLES and (folded in _PREPOSITIONS or folded in WORDS.sentence_openers)


def is_office_phrase(words: list[str]) -> bool:
    """Return whether words before a name can be an office rather than the start of a sentence.

    Before the first word of an office or a body nothing may stand in lower case but articles
    and prepositions, and no verb anywhere: "As I told Minister Jane Doe" is no office.
    """
    if not words:
        return False
    first = words[0].casefold()
    if first not in _ARTICLES and not is_office_word(words[0]) and is_heading_word(words[0]):
        return False
    if opens_sentence(words[0]):
        return False
    if any(word.casefold().strip(",") in WORDS.clause_verbs for word in words):
        return False
    for word in words:
        if is_office_word(word) or is_institution_word(word):
            return True
        small = word[0].islower() and word.casefold() not in _SMALL_WORDS
        if small and not _is_cyrillic(word):
            return False
    return True


def office_length(words: list[str]) -> int | None:
    """Return the index of the name's first word, or None where it isn't sure.

    The words that no name can hold bound the office on the left; what follows is a name, if
    it isn't the object of a preposition ("of Russia"), whose words belong to the office.
    """
    titled = [word.title() if word.isupper() and all_upper(words) else word for word in words]
    first = 0
    for index in range(len(titled)):
        if not _may_be_in_name(titled, index):
            first = index + 1
    run = titled[first:]
    if not run or first == 0:
        return None
    while run and is_honorific(run[0]) and len(run) > 1:
        first, run = first + 1, run[1:]
        if has_name_shape(run, least=1):
            return first - 1
    before = titled[first - 1]
    if before.casefold() in _PREPOSITIONS or before.casefold() in _ARTICLES:
        length = _object_length(run)
    else:
        length = _attribute_length(run, before)
    if length is None:
        return None
    name = run[length:]
    least = 1 if length or is_office_word(before) else 2
    return first + length if has_name_shape(name, least=least) else None


def _object_length(run: list[str]) -> int | None:
    """Return how many words after a preposition belong to the office; None if that isn't sure."""
    known = place_length(run)
    if known:
        return known if known < len(run) else None
    initial = next((i for i, word in enumerate(run) if INITIALS.match(word)), None)
    if initial is not None and initial > 0:
        return initial if initial == 1 else initial - 1
    if any(JOINED_INITIALS.match(word) for word in run[1:2]):
        return 1
    counted = [word for word in run if word.casefold() not in PARTICLES]
    if len(counted) == 3 and not begins_compound_place(run[0]):
        return 1
    return None


def _attribute_length(run: list[str], before: str) -> int | None:
    """Return how many words right after an office's or a body's name still belong to it."""
    counted = [w for w in run if w.casefold() not in PARTICLES and not INITIALS.match(w)]
    if _is_cyrillic(run[0]):
        known = place_length(run)
        if known:
            return known if known < len(run) else None
        if len(counted) >= 3:
            patronymic = next((i for i, w in enumerate(run) if i and _PATRONYMIC.match(w)), None)
            if patronymic is not None and len(counted) - 3 in (0, 1):
                return len(counted) - 3
            return 1 if len(counted) == 3 and is_office_word(before) else None
    if len(counted) == 1 and len(run) == 1:
        return 0 if is_office_word(before) and not may_be_given_name(before) else None
    return 0 if len(counted) <= 3 else None


def _may_be_in_name(words: list[str], index: int) -> bool:
    word = words[index]
    folded = fold_word(word)
    if folded in PARTICLES and word.islower():
        before = words[index - 1]
        return 0 < index < len(words) - 1 and (
            before[0].isupper() or before.casefold() in PARTICLES - _PREPOSITIONS | {"de", "du"}
        )
    if word.endswith(",") or (not NAME_WORD.match(word) and not JOINED_INITIALS.match(word)):
        return False
    if is_office_word(word) or is_institution_word(word) or is_heading_word(word):
        last = index == len(words) - 1
        return last and index > 0 and may_be_surname(word) and _plain_name_word(words[index - 1])
    if len(word) > 1 and word.isupper() and not word.endswith("."):
        return False
    return word[0].isupper()


def _plain_name_word(word: str) -> bool:
    return word[0].isupper() and not (
        is_office_word(word) or is_institution_word(word) or is_heading_word(word)
    )


def _is_cyrillic(word: str) -> bool:
    return "\u0400" <= word[0] <= "\u04ff"
