"""Recognise names of persons and separate office from name in labels.

Where a label can't be cut surely ("Governor of New York Adams": is York a name?), it isn't.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from qa.language import WORDS
from qa.language.name_boundaries import has_name_shape, is_office_phrase, office_length
from qa.language.offices import (
    fold_word,
    is_conversation_role,
    is_degree,
    is_honorific,
    is_institution_word,
    is_office_abbreviation,
    is_office_word,
    may_be_given_name,
)

_ARTICLE = re.compile(rf"(?:{'|'.join(sorted(WORDS.articles))})\s+", re.IGNORECASE)
_WORD = re.compile(r"\S+")
_DASH = re.compile(r"\s+(?:--|[–—-])\s+")
_LONGEST_LABEL = 400
# Words of an office whose holder follows in parentheses: "Minister of State for … (Jane Doe)".
_LONGEST_OFFICE = 14


@dataclass(frozen=True, slots=True)
class Person:
    """A person as a label names them; `honorific` is the form of address before the name."""

    name: str
    role: str | None = None
    honorific: str | None = None


@lru_cache(maxsize=1 << 14)
def fold_name(name: str) -> tuple[str, ...]:
    """Return a name's words for comparison: lower case, no accents, honorifics or degrees.

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
    """Return whether the words have the form of a person's name of two words or more.

    Initials count as words ("J. Doe"); a word of offices, bodies or headings rules it out,
    unless it is also a usual surname and comes last ("Theresa May").
    """
    return has_name_shape(text.split(), least=2)


def is_surname(text: str) -> bool:
    """Return whether the words have the form of a surname standing alone ("Van Popta")."""
    return has_name_shape(text.split(), least=1)


@lru_cache(maxsize=1 << 14)
def read_person(label: str, known: frozenset[tuple[str, ...]] = frozenset()) -> Person | None:
    """Return the person that a label names, with the office, or None where it is not certain.

    `known` holds folded names (`fold_name`) that the document uses on their own; a label that
    ends in one is cut before it.

    >>> read_person("Prime Minister of the Republic of Ruritania Jane Doe")
    Person(name='Jane Doe', role='Prime Minister of the Republic of Ruritania', honorific=None)
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
    if has_name_shape(name.split(), least=1 if honorific else 2, addressed=bool(honorific)):
        full = name if len(name.split()) > 1 else text
        return Person(full, letters, honorific)
    return _office_then_name(text, known)


def strip_article(office: str) -> str:
    """Return an office without the article before it."""
    return _ARTICLE.sub("", office, count=1) if _ARTICLE.match(office) else office


def has_office_word(text: str) -> bool:
    """Return whether any of the words names an office or a job."""
    return any(is_office_word(word) for word in text.split())


def is_office_alone(words: list[str], most: int) -> bool:
    """Return whether the words (at most so many after an article) name an office but no holder:
    "The Town Clerk"."""
    bare = words[1:] if words and words[0].casefold() in WORDS.articles else words
    return (
        0 < len(bare) <= most
        and any(is_office_word(word) for word in bare)
        and is_office_phrase(bare)
        and all(
            word[0].isupper()
            or word.casefold() in WORDS.title_particles
            or is_institution_word(word)
            for word in bare
        )
    )


def _parenthesis(text: str) -> tuple[str, str | None]:
    """Split a label from the parenthesis after it ("Hon. X (Minister of Y)")."""
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
    """Read `main (inside)`: an office and its holder, or a person and what they are."""
    if is_conversation_role(main) or is_office_alone(main.split(), _LONGEST_OFFICE):
        holder, _, _ = inside.partition("(")
        person = read_person(holder.strip(), known) if holder.strip() else None
        return Person(person.name, strip_article(main), person.honorific) if person else None
    if _is_office_of_another(main) and is_person_name(inside):
        holder_name = read_person(inside, known) or Person(inside)
        return Person(holder_name.name, strip_article(main), holder_name.honorific)
    person = read_person(main, known) if main else None
    if person is None:
        return None
    first = inside.split("(")[0].strip().rstrip(")")
    if first == "".join(word[0] for word in person.name.split()):
        return person  # "Jane Doe (JD)": initials are no role
    if person.role is None and first and first[0].isupper() and not _is_stage_direction(first):
        role = inside if inside.count("(") == inside.count(")") else first
        return Person(person.name, role, person.honorific)
    return person


def _is_office_of_another(main: str) -> bool:
    """Return whether words are a form of address and an office: "O Sr. Ministro do Mar".

    What goes on in small letters after the office, or ends there, holds no name; "Dean Allison" and
    "Senator Warren" do.
    """
    words = main.split()
    while words and (words[0].casefold() in WORDS.articles or is_honorific(words[0])):
        words.pop(0)
    if not words or not is_office_word(words[0]) or may_be_given_name(words[0]):
        return False
    return len(words) == 1 or words[1].casefold() in WORDS.joining_words


def _is_stage_direction(text: str) -> bool:
    folded = text.casefold()
    return folded.startswith(
        ("interpret", "translat", "spoke", "speaking", "via ", "through", "continu", "off", "v.o.")
    )


def _around_comma(text: str, known: frozenset[tuple[str, ...]]) -> Person | None:
    """Read `Name, Office`, `Name -- Office` or `Office, Name`."""
    dash = _DASH.search(text)
    if dash is not None and "," not in text[: dash.start()]:
        name, office = text[: dash.start()], text[dash.end() :]
        if has_office_word(office) and is_person_name(name):
            return Person(name, office)
    if "," not in text:
        return None
    left, _, right = (part.strip() for part in text.partition(","))
    honorific, name, letters = _split_name(left)
    addressed = bool(honorific)
    if right and has_name_shape(name.split(), least=1 if addressed else 2, addressed=addressed):
        if is_degree(right):
            return Person(name, letters, honorific)
        if has_office_word(right) or is_office_abbreviation(right) or right[0].isupper():
            return Person(name, right, honorific)
        return None
    left, _, right = (part.strip() for part in text.rpartition(","))
    honorific, name, letters = _split_name(right)
    if has_office_word(left) and has_name_shape(name.split(), least=2):
        return Person(name, strip_article(left), honorific)
    return None


def _split_name(text: str) -> tuple[str | None, str, str | None]:
    """Return the honorific, the bare name and the post-nominals of an elected office."""
    honorific, name = _trim_name(text)
    words = name.split()
    letters = words[-1] if len(words) > 2 and is_office_abbreviation(words[-1]) else None
    return honorific, " ".join(words[:-1]) if letters else name, letters


def _trim_name(text: str) -> tuple[str | None, str]:
    """Return a name without honorifics and degrees, and the last of the honorifics."""
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
    """Split `Office Name` before the name."""
    spans = [(found.start(), found.group()) for found in _WORD.finditer(text)]
    words = [word for _, word in spans]
    cut = _known_cut(words, known)
    if cut is None:
        cut = office_length(words)
        if cut is None or not has_office_word(" ".join(words[:cut])):
            return None
    if not is_office_phrase(words[:cut]):
        return None
    role = text[: spans[cut][0]].strip().rstrip(",–—-").strip()
    honorific, name, _ = _split_name(text[spans[cut][0] :])
    return Person(name, strip_article(role), honorific)


def _known_cut(words: list[str], known: frozenset[tuple[str, ...]]) -> int | None:
    for cut in range(1, len(words) - 1):
        if known and fold_name(" ".join(words[cut:])) in known:
            return cut
    return None
