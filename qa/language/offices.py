"""Questions about single words of offices, bodies, forms of address, headings and places."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from qa.language import WORDS

_OFFICE_ENDINGS = tuple(WORDS.office_endings)
_OFFICE_STEMS = tuple(WORDS.office_stems)
_INSTITUTION_STEMS = tuple(WORDS.institution_stems)
_CASE_ENDINGS = WORDS.case_endings | {""}
_NOUN_ENDINGS = tuple(WORDS.noun_endings)
_PLACES = frozenset(tuple(name.casefold().split()) for name in WORDS.places)
_LONGEST_PLACE = max(map(len, _PLACES))


@lru_cache(maxsize=1 << 14)
def fold_word(word: str) -> str:
    """Return a word in lower case without the punctuation around it."""
    return word.strip(".,;:()[]«»“”\"'’‘—–-").casefold().replace("’", "'")


def is_office_word(word: str) -> bool:
    """Return whether the word names an office or a job ("Secretary-General")."""
    folded = fold_word(word)
    if folded in WORDS.offices:
        return True
    if "-" in folded and any(part in WORDS.offices for part in folded.split("-")):
        return not folded.split("-")[0].isdigit()
    if folded.endswith(_OFFICE_ENDINGS) and len(folded) > 6:
        return True
    return _inflects(folded, _OFFICE_STEMS)


def is_institution_word(word: str) -> bool:
    """Return whether the word stands in names of bodies and fields of work but not of persons."""
    folded = fold_word(word)
    if folded in WORDS.institutions or _inflects(folded, _INSTITUTION_STEMS):
        return True
    if "-" in folded and any(part in WORDS.institutions for part in folded.split("-")):
        return True
    return folded.endswith(_NOUN_ENDINGS) and folded not in WORDS.names_like_nouns


def _inflects(word: str, stems: tuple[str, ...]) -> bool:
    """Return whether the word is one of the stems with a case ending.

    The endings -ов, -ев and -ин are left out: on these stems they make surnames.
    """
    if not word.startswith(stems):
        return False
    return any(word.startswith(stem) and word[len(stem) :] in _CASE_ENDINGS for stem in stems)


def is_heading_word(word: str) -> bool:
    """Return whether the word belongs to headings, form fields and notes."""
    return fold_word(word) in WORDS.heading_words


def is_conversation_role(label: str) -> bool:
    """Return whether the label is only a part in a conversation: "The Chair", "THE COURT"."""
    words = [fold_word(word) for word in label.replace(".", " ").split()]
    words = [word for word in words if word]
    if len(words) == 2 and addresses_an_office(label):
        return True
    if words and words[-1].isdigit():
        words.pop()
    return (
        0 < len(words) <= 6
        and any(word in WORDS.conversation_roles for word in words)
        and all(word in WORDS.conversation_roles or word in WORDS.role_modifiers for word in words)
    )


def addresses_an_office(label: str) -> bool:
    """Return whether the label addresses an office-holder ("Mr Speaker", "Madam Chair")."""
    words = [fold_word(word) for word in label.split()]
    return len(words) == 2 and is_honorific(words[0]) and words[1] in WORDS.addressed_offices


def is_question_label(label: str) -> bool:
    """Return whether the label is an unnamed questioner's: "Q", "Question", "Reporter"."""
    words = label.split()
    if len(words) == 2 and words[1].isdigit():
        words.pop()
    return len(words) == 1 and fold_word(words[0]) in WORDS.question_labels


def is_answer_label(label: str) -> bool:
    """Return whether the label is an unnamed answerer's: "A", "Answer"."""
    return len(label) <= 12 and fold_word(label) in WORDS.answer_labels


def is_honorific(word: str) -> bool:
    """Return whether the word is a form of address that goes before a name."""
    folded = word.casefold().rstrip(",").replace("’", "'").removeprefix("l'")
    return folded in WORDS.honorifics or folded.rstrip(".") in WORDS.honorifics


def gender_of(honorific: str) -> str | None:
    """Return "m" or "f" where the form of address tells."""
    folded = honorific.casefold().rstrip(".")
    return (
        "m"
        if folded in WORDS.masculine_honorifics
        else "f"
        if folded in WORDS.feminine_honorifics
        else None
    )


def is_office_abbreviation(word: str) -> bool:
    """Return whether the letters after a name stand for an elected office ("MP")."""
    return word in WORDS.post_nominal_offices


def is_degree(word: str) -> bool:
    """Return whether the letters after a name are a degree or a distinction ("PhD")."""
    return word in WORDS.degrees


def may_be_surname(word: str) -> bool:
    """Return whether the office or institution word is a common surname too ("King")."""
    return fold_word(word) in WORDS.also_surnames


def may_be_given_name(word: str) -> bool:
    """Return whether the office word is a given name too ("Dean")."""
    return fold_word(word) in WORDS.also_given_names


def place_length(words: Sequence[str]) -> int:
    """Return how many of the first words form the name of a known place; 0 if none do."""
    folded = [word.casefold().strip(",.") for word in words[:_LONGEST_PLACE]]
    for length in range(len(folded), 0, -1):
        if tuple(folded[:length]) in _PLACES:
            return length
    return 0


def begins_compound_place(word: str) -> bool:
    """Return whether the word usually needs another one to be a place ("New …")."""
    return word.casefold() in WORDS.place_openers
