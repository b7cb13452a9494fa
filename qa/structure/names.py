"""Recognises the names of persons and cuts "office and name" labels in two.

Where a label can't be cut surely ("Governor of New York Adams": is York a name?), it isn't.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from qa.structure.offices import (
    fold_word,
    is_conversation_role,
    is_degree,
    is_heading_word,
    is_honorific,
    is_institution_word,
    is_office_abbreviation,
    is_office_word,
    may_be_given_name,
    may_be_surname,
)
from qa.structure.places import begins_compound_place, place_length

_PARTICLES = frozenset(
    """
    van von de del della di da dos das do du la le el al bin ibn ben bint ter ten den der af
    av zu zum zur y e ul ur abu ap st. st san santa mac mc o ó ní
    """.split()
)
_PREPOSITIONS = frozenset(
    """
    of for in at to on with from by de du des der des del für of и по в на при от за из
    """.split()
)
_ARTICLES = re.compile(r"(?:the|der|die|das|le|la|el)\s+", re.IGNORECASE)
_WORD = re.compile(r"\S+")
_NAME_WORD = re.compile(r"(?:[^\W\d_]\.){1,4}$|[^\W\d_]+(?:['’‘ʼʻ`-][^\W\d_]+){0,3}\.?$")
_INITIALS = re.compile(r"(?:[^\W\d_]\.-?){1,4}$")
_JOINED_INITIALS = re.compile(r"(?:[^\W\d_]\.){1,3}[^\W\d_]{2,}(?:-[^\W\d_]+)?$")
_PATRONYMIC = re.compile(r".+(?:ович|евич|ич|овна|евна|ична|инична|ovich|evich|ovna|evna)$", re.I)
_LONGEST_LABEL = 400


@dataclass(frozen=True, slots=True)
class Person:
    """A person as a label names them; `honorific` is the form of address before the name."""

    name: str
    role: str | None = None
    honorific: str | None = None


@lru_cache(maxsize=1 << 14)
def fold_name(name: str) -> tuple[str, ...]:
    """The words of a name for comparison: lower case, no accents, honorifics or degrees.

    >>> fold_name("Mr. Yves-François BLANCHET")
    ('yves-francois', 'blanchet')
    """
    words = []
    for word in _trim_name(name)[1].replace(".", ". ").split():
        plain = unicodedata.normalize("NFKD", fold_word(word))
        bare = "".join(c for c in plain if not unicodedata.combining(c))
        if bare:
            words.append(bare)
    return tuple(words)


def is_person_name(text: str) -> bool:
    """Whether the words have the form of a person's name of two words or more.

    Initials count as words ("V. Putin"); a word of offices, bodies or headings rules it out,
    unless it is also a usual surname and comes last ("Theresa May").
    """
    return _name_shape(text.split(), least=2)


def is_surname(text: str) -> bool:
    """Whether the words have the form of a surname standing alone ("Van Popta")."""
    return _name_shape(text.split(), least=1)


@lru_cache(maxsize=1 << 14)
def read_person(label: str, known: frozenset[tuple[str, ...]] = frozenset()) -> Person | None:
    """The person that a label names, with the office, or None where none can be made out surely.

    `known` holds folded names (`fold_name`) that the document uses on their own; a label that
    ends in one is cut before it.

    >>> read_person("Prime Minister of the Republic of Armenia Nikol Pashinyan")
    Person(name='Nikol Pashinyan', role='Prime Minister of the Republic of Armenia', honorific=None)
    """
    text = label.strip().strip(",;").strip()
    if not text or len(text) > _LONGEST_LABEL:
        return None
    main, inside = _parenthesis(text)
    if inside is not None:
        return _with_parenthesis(main, inside, known)
    with_comma = _around_comma(text, known)
    if with_comma is not None:
        return with_comma
    honorific, name, letters = _split_name(text)
    if _name_shape(name.split(), least=1 if honorific else 2, addressed=bool(honorific)):
        full = name if len(name.split()) > 1 else text
        return Person(full, letters, honorific)
    return _office_then_name(text, known)


def strip_article(office: str) -> str:
    """An office without the article before it."""
    return _ARTICLES.sub("", office, count=1) if _ARTICLES.match(office) else office


def has_office_word(text: str) -> bool:
    """Whether any of the words names an office or a job."""
    return any(is_office_word(word) for word in text.split())


def _parenthesis(text: str) -> tuple[str, str | None]:
    """The label and what stands in parentheses after it ("Hon. X (Minister of Y)")."""
    if not text.endswith(")") or "(" not in text:
        return text, None
    opening = text.index("(")
    depth = 0
    for at in range(opening, len(text)):
        depth += (text[at] == "(") - (text[at] == ")")
        if depth == 0:
            return text[:opening].strip(), text[opening + 1 : at].strip()
    return text[:opening].strip(), text[opening + 1 : -1].strip()


def _with_parenthesis(main: str, inside: str, known: frozenset[tuple[str, ...]]) -> Person | None:
    """`main (inside)`: an office and its holder, or a person and what they are."""
    if is_conversation_role(main):
        holder, _, _ = inside.partition("(")
        person = read_person(holder.strip(), known) if holder.strip() else None
        return Person(person.name, strip_article(main), person.honorific) if person else None
    person = read_person(main, known) if main else None
    if person is None:
        return None
    first = inside.split("(")[0].strip().rstrip(")")
    if person.role is None and first and first[0].isupper() and not _is_stage_direction(first):
        role = inside if inside.count("(") == inside.count(")") else first
        return Person(person.name, role, person.honorific)
    return person


def _is_stage_direction(text: str) -> bool:
    folded = text.casefold()
    return folded.startswith(
        ("interpret", "translat", "spoke", "speaking", "via ", "through", "continu", "off", "v.o.")
    )


def _around_comma(text: str, known: frozenset[tuple[str, ...]]) -> Person | None:
    """`Name, Office` or `Office, Name`."""
    if "," not in text:
        return None
    left, _, right = (part.strip() for part in text.partition(","))
    honorific, name, letters = _split_name(left)
    addressed = bool(honorific)
    if right and _name_shape(name.split(), least=1 if addressed else 2, addressed=addressed):
        if is_degree(right):
            return Person(name, letters, honorific)
        if has_office_word(right) or is_office_abbreviation(right) or right[0].isupper():
            return Person(name, right, honorific)
        return None
    left, _, right = (part.strip() for part in text.rpartition(","))
    honorific, name, letters = _split_name(right)
    if has_office_word(left) and _name_shape(name.split(), least=2):
        return Person(name, strip_article(left), honorific)
    return None


def _split_name(text: str) -> tuple[str | None, str, str | None]:
    """Honorific, bare name, letters of an elected office after it."""
    honorific, name = _trim_name(text)
    words = name.split()
    letters = words[-1] if len(words) > 2 and is_office_abbreviation(words[-1]) else None
    return honorific, " ".join(words[:-1]) if letters else name, letters


def _trim_name(text: str) -> tuple[str | None, str]:
    """A name without the honorifics before it and the degrees after it; the last honorific."""
    words = text.split()
    honorific = None
    while words and is_honorific(words[0]) and (len(words) > 1):
        honorific = words.pop(0)
    while len(words) > 1 and is_degree(words[-1].strip(",")):
        words.pop()
    if words and honorific is None and len(words) == len(text.split()):
        return None, text.strip()
    return honorific, " ".join(words).rstrip(",")


def _office_then_name(text: str, known: frozenset[tuple[str, ...]]) -> Person | None:
    """Cuts `Office Name` before the name."""
    spans = [(found.start(), found.group()) for found in _WORD.finditer(text)]
    words = [word for _, word in spans]
    cut = _known_cut(words, known) or _cut(words)
    if cut is None or not has_office_word(" ".join(words[:cut])):
        return None
    role = text[: spans[cut][0]].strip().rstrip(",–—-").strip()
    honorific, name, _ = _split_name(text[spans[cut][0] :])
    return Person(name, strip_article(role), honorific)


def _known_cut(words: list[str], known: frozenset[tuple[str, ...]]) -> int | None:
    for cut in range(1, len(words) - 1):
        if known and fold_name(" ".join(words[cut:])) in known:
            return cut
    return None


def _cut(words: list[str]) -> int | None:
    """The index of the name's first word, or None where it isn't sure.

    The words that no name can hold bound the office on the left; what follows is a name, if
    it isn't the object of a preposition ("of Russia"), whose words belong to the office.
    """
    titled = [word.title() if word.isupper() and _all_upper(words) else word for word in words]
    first = 0
    for index, word in enumerate(titled):
        if not _may_be_in_name(titled, index):
            first = index + 1
    run = titled[first:]
    if not run or first == 0:
        return None
    while run and is_honorific(run[0]) and len(run) > 1:
        first, run = first + 1, run[1:]
        if _name_shape(run, least=1):
            return first - 1
    before = titled[first - 1]
    if before.casefold() in _PREPOSITIONS or _ARTICLES.fullmatch(before + " "):
        length = _object_length(run)
    else:
        length = _attribute_length(run, before)
    if length is None:
        return None
    name = run[length:]
    least = 1 if length or is_office_word(before) else 2
    return first + length if _name_shape(name, least=least) else None


def _object_length(run: list[str]) -> int | None:
    """How many words after a preposition belong to the office; None if that isn't sure."""
    known = place_length(run)
    if known:
        return known if known < len(run) else None
    initial = next((i for i, word in enumerate(run) if _INITIALS.match(word)), None)
    if initial is not None and initial > 0:
        return initial if initial == 1 else initial - 1
    if any(_JOINED_INITIALS.match(word) for word in run[1:2]):
        return 1
    counted = [word for word in run if word.casefold() not in _PARTICLES]
    if len(counted) == 3 and not begins_compound_place(run[0]):
        return 1
    return None


def _attribute_length(run: list[str], before: str) -> int | None:
    """How many words of a run that follows an office's or a body's name still belong to it."""
    counted = [w for w in run if w.casefold() not in _PARTICLES and not _INITIALS.match(w)]
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
    if folded in _PARTICLES and word.islower():
        before = words[index - 1]
        return 0 < index < len(words) - 1 and (
            before[0].isupper() or before.casefold() in _PARTICLES - _PREPOSITIONS | {"de", "du"}
        )
    if word.endswith(",") or (not _NAME_WORD.match(word) and not _JOINED_INITIALS.match(word)):
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


def _name_shape(words: list[str], least: int, addressed: bool = False) -> bool:
    """Whether the words form a name: capitalised, of at most five words besides particles.

    `addressed`: an honorific stands before them, so that "Price" is a name as good as any.
    """
    if not words or len(words) > 8:
        return False
    if _all_upper(words):
        words = [word.title() for word in words]
    if len(words) == 1 and _JOINED_INITIALS.match(words[0]):
        return True
    counted = [w for i, w in enumerate(words) if i == 0 or w.casefold() not in _PARTICLES]
    if not max(least, 1) <= len(counted) <= 5 or all(_INITIALS.match(word) for word in counted):
        return False
    for index, word in enumerate(words):
        if not (_NAME_WORD.match(word) or _JOINED_INITIALS.match(word)):
            return False
        if word.casefold() in _PARTICLES and (index > 0 or word[0].isupper() or len(words) > 1):
            continue
        if not word[0].isupper() and not re.match(r"d['’]|al-|el-", word):
            return False
        if is_office_word(word) or is_institution_word(word) or is_heading_word(word):
            as_surname = index == len(words) - 1 and may_be_surname(word)
            as_given = index == 0 and may_be_given_name(word)
            alone = len(words) == 1 and not (addressed and not is_office_word(word))
            if alone or not (as_surname or as_given or addressed):
                return False
        if len(word) > 3 and word.endswith(".") and not _INITIALS.match(word):
            return False
    return words[-1].casefold() not in _PARTICLES or words[-1][0].isupper()


def _all_upper(words: list[str]) -> bool:
    letters = [word for word in words if any(c.isalpha() for c in word)]
    return bool(letters) and all(
        word.upper() == word and any(c.isupper() for c in word) for word in letters
    )


def _is_cyrillic(word: str) -> bool:
    return "\u0400" <= word[0] <= "\u04ff"
