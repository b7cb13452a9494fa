"""Decide whether two names can mean one person, and which names are no person's."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from qa.language import WORDS
from qa.language.names import Person, fold_name
from qa.language.offices import place_length
from qa.language.scripts import CYRILLIC
from qa.language.tokens import stem


def is_short_form(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Return whether one folded name can stand for another, fuller one.

    The surname (the last word) must be there and the other words must occur in order, a
    letter standing for a word that begins with it; a first name alone or the same words in
    another order ("Doe Jane") will do too.

    >>> is_short_form(("j", "doe"), ("jane", "doe"))
    True
    """
    if not short or not full:
        return False
    if len(short) == 1 and len(full) > 1 and len(short[0]) > 1:
        return short[0] in (full[-1], full[0])
    if len(short) == len(full) and sorted(short) == sorted(full):
        return True
    if short[-1] != full[-1]:
        return False
    rest = iter(full[:-1])
    return all(any(_stands_for(word, other) for other in rest) for word in short[:-1])


def _stands_for(short: str, word: str) -> bool:
    return short == word or (len(short) == 1 and word.startswith(short))


def same_person(claimed: str, known: str) -> bool:
    """Return whether a name can stand for another: the same, a short form, or an inflected one.

    >>> same_person("Putin", "Vladimir Putin"), same_person("Putina", "Vladimir Putin")
    (True, False)
    """
    ours, theirs = fold_name(claimed), fold_name(known)
    if is_short_form(ours, theirs) or is_short_form(theirs, ours):
        return True
    if CYRILLIC.search(claimed) and CYRILLIC.search(known):
        return _inflected(ours, theirs)
    return False


def _inflected(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Return whether Russian names agree except in their endings; one may be just the surname."""
    short = [stem(word) for word in ours]
    full = [stem(word) for word in theirs]
    if not short or not full:
        return False
    if len(short) == 1:
        return any(_same_stem(short[0], word) for word in full)
    if not any(_same_stem(short[-1], word) for word in (full[0], full[-1])):
        return _same_stem(short[0], full[-1]) and _all_in(short, full)
    return _all_in(short, full)


def _all_in(short: list[str], full: list[str]) -> bool:
    def fits(word: str, other: str) -> bool:
        return _same_stem(word, other) or (len(word) == 1 and other.startswith(word))

    return all(any(fits(word, other) for other in full) for word in short)


def _same_stem(one: str, other: str) -> bool:
    shared = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        shared += 1
    return (shared >= 4 and shared >= max(len(one), len(other)) - 2) or one == other


_NOT_PERSONS = WORDS.media | WORDS.seats_of_power
_LONGEST_ACRONYM = 6
_LEAST_INFLECTED = 5


def is_no_person(name: str, verb: str, speakers: Iterable[str], roles: Iterable[str]) -> bool:
    """Return whether a name is not, or may not be, a person's: a place, a body, a newspaper.

    `verb` is that of saying beside it, "" for none. The name of one in `speakers` is a person's.
    `roles` are the offices in the library: the country in "Minister of Water of Ardova" is no
    minister.
    """
    words = name.split()
    plain = " ".join(words).casefold().replace("’", "'").removesuffix("'s")
    if (
        plain in _NOT_PERSONS
        or place_length(words) == len(words)
        or stem(plain) in _inflected_stems()
    ):
        return not any(plain in speaker.casefold().split() for speaker in speakers)
    if len(words) > 1 or any(same_person(name, speaker) for speaker in speakers):
        return False
    acronym = name.isupper() and 1 < len(name) <= _LONGEST_ACRONYM and "." not in name
    return acronym or verb.casefold() in WORDS.reported_by or _is_word_of_office(name, roles)


@cache
def _inflected_stems() -> frozenset[str]:
    """Return the stems of Russian names, if long enough to recognise them by ("Москвы")."""
    return frozenset(
        stem(name)
        for name in _NOT_PERSONS
        if "\u0400" <= name[0] <= "\u04ff" and len(name) >= _LEAST_INFLECTED and " " not in name
    )


def _is_word_of_office(name: str, roles: Iterable[str]) -> bool:
    """Return whether a word is one of an office's words, in any case."""
    wanted = stem(name)
    return any(
        stem(word.strip(",.;()")) == wanted
        for role in roles
        if name[:2] in role
        for word in role.split()
        if word[:1].isupper()
    )


# Given names whose last vowel falls out in the genitive.
_FLEETING = {"Павла": "Павел", "Льва": "Лев", "Петра": "Пётр"}
_CONSONANTS = "бвгджзклмнпрстфхцчшщ"


def nominative(person: Person) -> Person | None:
    """Return the person with their name in the nominative; None where the form is ambiguous.

    Only the regular declensions are undone. The role is dropped, as its words stand in the
    genitive as well, and a changed role would not be what the source gives.
    """
    words = person.name.split()
    if len(words) < 2 or not all("\u0400" <= word[0] <= "\u04ff" for word in words):
        return None
    surname = _surname(words[-1])
    if surname is None:
        return None
    last, female = surname
    given = [_given(word, female) for word in words[:-1]]
    if any(word is None for word in given):
        return None
    return Person(" ".join([*(word for word in given if word), last]), None)


def _surname(word: str) -> tuple[str, bool | None] | None:
    """Return the nominative, and whether it is a woman's (None: the form doesn't tell)."""
    for ending in ("овой", "евой", "ёвой", "иной", "ыной"):
        if word.endswith(ending):
            return word[:-2] + "а", True
    for ending in ("ова", "ева", "ёва", "ина", "ына"):
        if word.endswith(ending):
            return word[:-1], False
    if word.endswith("ского"):
        return word[:-3] + "ий", False
    if word.endswith("ской"):
        return word[:-2] + "ая", True
    if word.endswith(("ко", "их", "ых", "дзе", "швили")):
        return word, None
    return None


def _given(word: str, female: bool | None) -> str | None:
    if "." in word:
        return word
    if word in _FLEETING:
        return _FLEETING[word]
    if word.endswith(("ича",)) and female is not True:
        return word[:-1]
    if word.endswith(("овны", "евны", "ичны")):
        return word[:-1] + "а"
    if word.endswith("а") and word[-2] in _CONSONANTS and female is not True:
        return word[:-1]
    if word.endswith(("ея", "ия", "ая")) and female is not True:
        return word[:-1] + "й"
    if word.endswith("я") and word[-2] in _CONSONANTS and female is not True:
        return word[:-1] + "ь"
    if word.endswith("ии") and female is not False:
        return word[:-1] + "я"
    if word.endswith("ы"):
        return word[:-1] + "а"
    return None
