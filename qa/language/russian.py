"""Turns a Russian name in the genitive ("Выступление Ивана Петрова") back into the nominative."""

from __future__ import annotations

from qa.language.names import Person

# Given names whose last vowel falls out in the genitive.
_FLEETING = {"Павла": "Павел", "Льва": "Лев", "Петра": "Пётр"}
_CONSONANTS = "бвгджзклмнпрстфхцчшщ"


def nominative(person: Person) -> Person | None:
    """The person under their name in the nominative; None where the form isn't unambiguous.

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
    """Nominative and whether it is a woman's (None: the form says nothing)."""
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
