"""Compare the names of persons as a draft and a source write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from qa.language import WORDS
from qa.language.names import is_person_name, is_surname
from qa.language.offices import is_honorific, is_institution_word, is_office_word
from qa.language.tokens import tokens

_NO_PART = re.compile(
    r"['’]s$|-(?:based|born|backed|led|run|owned|era|area)$|^[Пп]ресс-|^[А-ЯЁ]{2,5}$"
)
_ACRONYMS = frozenset(
    "NATO UN EU US USA UK WHO IMF OSCE FBI CIA NASA BBC CNN NBC ABC CBS AFP RIA TASS".split()
)


def holds_office(claimed: str, role: str | None) -> bool:
    """Return whether the draft's name for somebody is an office that the source gives them."""
    wanted = [token for token in tokens(claimed) if token not in ("the", "of")]
    known = tokens(role or "")
    # One word alone must be the office's first: "Chair" is not "Minister – Chair of a board".
    return bool(wanted and set(wanted) <= set(known) and (len(wanted) > 1 or wanted == known[:1]))


def office_at_start(words: Sequence[str], roles: Iterable[str]) -> str | None:
    """Return the office of two or more words with which words begin, if somebody in `roles` holds
    it."""
    return _office((words[:length] for length in range(min(6, len(words)), 1, -1)), roles)


def office_at_end(words: Sequence[str], roles: Iterable[str]) -> str | None:
    """Return the office (two or more words) that ends words, if somebody in `roles` holds it."""
    return _office((words[-length:] for length in range(min(6, len(words)), 1, -1)), roles)


def _office(phrases: Iterable[Sequence[str]], roles: Iterable[str]) -> str | None:
    known = tuple(roles)
    for phrase in phrases:
        name = " ".join(phrase).strip(" ,.")
        wanted = {token for token in tokens(name) if token not in ("the", "of")}
        if len(wanted) > 1 and any(holds_office(name, role) for role in known):
            return name.removeprefix("the ").removeprefix("The ")
    return None


def is_office(name: str) -> bool:
    """Return whether the draft's words for somebody are no name, but can only be an office."""
    return as_name(name.split()) is None and any(map(is_office_word, name.split()))


def name_at_end(words: list[str]) -> str | None:
    """Return the longest person's name with which words end; None if there is none."""
    for length in range(min(6, len(words)), 0, -1):
        name = as_name(words[-length:])
        if name is not None:
            return name
    return None


def name_at_start(words: list[str]) -> str | None:
    """Return the person's name with which words begin, possibly after an office or honorific."""
    skip = 0
    while skip < min(8, len(words)) and _before_name(words, skip):
        skip += 1
    for length in range(min(4, len(words) - skip), 0, -1):
        name = as_name(words[skip : skip + length])
        if name is not None:
            return name
    return None


def as_name(words: list[str]) -> str | None:
    """Return words as a person's name without honorifics; None if they are not a name."""
    bare = [_bare(word) for word in words]
    addressed = False
    while len(bare) > 1 and is_honorific(bare[0]):
        bare, addressed = bare[1:], True
    if not bare or not all(bare) or bare[0].casefold() in WORDS.not_names:
        return None
    name = " ".join(bare)
    mixed = len(bare) > 1 and not name.isupper()
    if mixed and any(_borders_names(word) for word in (*words[:-1], bare[-1])):
        return None
    if not name[0].isupper() or any(is_institution_word(word) for word in bare):
        return None
    if len(bare) == 1:
        return name if (addressed or len(name) > 2) and is_surname(name) else None
    return name if is_person_name(name) else None


def _borders_names(word: str) -> bool:
    """Return whether a word can border a name but is never part of one: "Britain’s Johnson",
    "Berlin-based Brandt", "глава МИД Лавров"."""
    plain = word.strip(',;:()«»“”"')
    return _NO_PART.search(plain) is not None or plain in _ACRONYMS


def _bare(word: str) -> str:
    """Return a word without the punctuation around it; an initial keeps its full stop."""
    plain = word.strip(',;:()«»“”"').removesuffix("’s").removesuffix("'s")
    return plain.rstrip(".!?") if len(plain) > 3 or plain[-1:] in "!?" else plain


def _before_name(words: list[str], index: int) -> bool:
    word = words[index].strip(",;:()")
    small = word.casefold() in ("the", "of", "for", "and", "then", "former", "acting")
    return small or is_office_word(word) or is_institution_word(word) or is_honorific(word)
