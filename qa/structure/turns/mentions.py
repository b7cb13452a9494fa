"""Finds persons introduced in running text: "Jane Doe, Minister of X, …", "Minister Jane Doe"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.language.names import Person, has_office_word, is_person_name, read_person, strip_article
from qa.language.offices import (
    is_heading_word,
    is_honorific,
    is_institution_word,
    is_office_word,
)

_LONGEST = 20_000
_QUOTING = tuple('()“”«»"')
_CHUNK = re.compile(r"[^,.;:!?()“”«»\"\n]+")
_ABBREVIATION = re.compile(r"\b(Mr|Mrs|Ms|Dr|St|Prof|Hon|[A-ZА-ЯЁ])\.")
_JOINS = frozenset(
    """
    of the for in at to and de du des la del der и при по
    """.split()
)
_INNER = frozenset(
    """
    of the for in at to de du des la del der van von bin al при по
    """.split()
)
_NATIONALITY = ("ian", "ish", "ese", "ean", "can", "ский", "ская")


def find_people(text: str) -> tuple[Person, ...]:
    """The persons whom the text introduces with their office, in order; unsure ones left out.

    Meant for a document's head (title, lead, captions); only the first 20,000 characters are
    looked at.
    """
    head = _ABBREVIATION.sub(lambda found: found.group(1) + "\u2024", text[:_LONGEST])
    chunks = [(found.start(), found.end(), found.group()) for found in _CHUNK.finditer(head)]
    people: list[Person] = []
    for index, (_, end, chunk) in enumerate(chunks):
        follows = chunks[index + 1][2] if index + 1 < len(chunks) else ""
        joined = head[end : end + 1] == "," and follows != ""
        name = _name_at_end(chunk) if joined else None
        stop = chunks[index + 1][1] if follows else 0
        complete = head[stop : stop + 1] not in _QUOTING  # "head of the “Blue” Institute"
        if name is not None and complete and _is_apposition(follows):
            bare = read_person(_undot(name)) or Person(_undot(name))
            office = _undot(strip_article(follows.strip()))
            people.append(Person(bare.name, office, bare.honorific))
            continue
        people.extend(_titled(chunk))
        before = _office_at_end(chunk) if joined and is_person_name(_undot(follows)) else None
        if before is not None:
            people.append(Person(_undot(follows.strip()), _undot(before)))
    return tuple(people)


def _name_at_end(chunk: str) -> str | None:
    """The name with which the chunk ends, if nothing of the office comes before it."""
    words = chunk.split()
    if any(is_office_word(word) for word in words):
        return None
    for length in (4, 3, 2):
        if len(words) < length:
            continue
        tail = words[-length:]
        before = words[-length - 1] if len(words) > length else ""
        named_before = before[:1].isupper() and not is_heading_word(before)
        if named_before and not is_honorific(_undot(before)):
            continue
        if is_person_name(_undot(" ".join(tail))):
            return " ".join(tail)
    return None


def _office_at_end(chunk: str) -> str | None:
    """The office with which the chunk ends: "The Director of United Harbours, …"."""
    words = chunk.split()
    for index, word in enumerate(words):
        if _opens_office(word):
            rest = range(index + 1, len(words))
            whole = all(_continues(words, other) for other in rest)
            office = " ".join(words[index:])
            return office if whole and has_office_word(office) else None
    return None


def _is_apposition(chunk: str) -> bool:
    words = chunk.split()[:14]
    return has_office_word(" ".join(words[:4])) and len(chunk) <= 200 and not _has_verb(words)


def _has_verb(words: list[str]) -> bool:
    return any(word in {"is", "was", "were", "said", "has", "had", "will", "who"} for word in words)


def _titled(chunk: str) -> Iterator[Person]:
    """`Office Name` inside a chunk without punctuation."""
    words = chunk.split()
    index = 0
    while index < len(words):
        if not _opens_office(words[index]):
            index += 1
            continue
        last = index
        while last + 1 < len(words) and _continues(words, last + 1):
            last += 1
        phrase = words[index : last + 1]
        while phrase and phrase[-1].casefold() in _JOINS:
            phrase.pop()
        person = read_person(_undot(" ".join(phrase)))
        if person is not None and person.role and has_office_word(person.role):
            yield person
        index = last + 1


def _opens_office(word: str) -> bool:
    if not word[:1].isupper():
        return False
    acronym = len(word) > 1 and word.isupper()
    known = is_office_word(word) or is_institution_word(word)
    return (acronym or known or word.endswith(_NATIONALITY)) and (
        known or not is_heading_word(word)
    )


def _continues(words: list[str], index: int) -> bool:
    word = words[index]
    if word[:1].isupper():
        return True
    if word.casefold() == "and":
        after = words[index + 1] if index + 1 < len(words) else ""
        before = words[index - 1]
        return is_institution_word(before) and is_institution_word(after)
    cyrillic = "\u0400" <= word[:1] <= "\u04ff"
    if cyrillic and (is_institution_word(word) or is_office_word(word)):
        return True
    return word.casefold() in _INNER


def _undot(text: str) -> str:
    return text.replace("\u2024", ".")
