"""Read the fields in the head of a published page: "From:", "Published", "Delivered on:".

A field's value stands after its colon or on the line below. Whom the fields name as the author of
a speech gives it, and the day it was given counts before the day on which it was published.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from qa.language import WORDS
from qa.language.names import Person, read_person, strip_article
from qa.structure.lines import Line

_LOOKED_AT = 30
_LONGEST_VALUE = 300


class FieldKind(StrEnum):
    """What a field of a page's head says."""

    AUTHOR = "author"
    DELIVERED = "delivered"
    PUBLISHED = "published"


_KINDS = {
    FieldKind.AUTHOR: WORDS.author_fields,
    FieldKind.DELIVERED: WORDS.speech_date_fields,
    FieldKind.PUBLISHED: WORDS.publication_fields,
}
_BY_LABEL = {label: kind for kind, labels in _KINDS.items() for label in labels}
_AND = re.compile(r"\s+(?:and|und|et|y|и|та|&)\s+|\s*[;/]\s*")
_LONGEST_GENRE = 3


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a head: the index of the line that holds its value, and the value."""

    kind: FieldKind
    line: int
    value: str


def head_fields(lines: tuple[Line, ...]) -> tuple[Field, ...]:
    """Return the fields among the first lines of a document."""
    return tuple(_fields(lines[:_LOOKED_AT]))


def _fields(lines: tuple[Line, ...]) -> Iterator[Field]:
    for index, line in enumerate(lines):
        kind = field_label(line.plain)
        if kind is not None:
            if index + 1 < len(lines) and field_label(lines[index + 1].plain) is None:
                yield Field(kind, index + 1, lines[index + 1].plain[:_LONGEST_VALUE])
            continue
        label, colon, value = line.plain.partition(":")
        kind = field_label(label + colon) if colon else None
        if kind is not None and value.strip():
            yield Field(kind, index, value.strip()[:_LONGEST_VALUE])


def field_label(text: str) -> FieldKind | None:
    """Return the kind of field for which the whole line is a label. Words that say little by
    themselves ("From", "By") need a colon."""
    bare = text.strip().strip("*_").strip()
    kind = _BY_LABEL.get(" ".join(bare.rstrip(": ").casefold().split()))
    return kind if kind is not FieldKind.AUTHOR or bare.endswith(":") else None


def is_genre(lines: tuple[Line, ...], index: int, *, spoken: bool = False) -> bool:
    """Return whether a line is only the genre of what is titled below it ("Press release"); with
    `spoken`, only spoken genres count ("Speech")."""
    if index + 1 >= len(lines) or lines[index + 1].gap:
        return False
    words = lines[index].plain.casefold().split()
    if len(words) > _LONGEST_GENRE or len(lines[index + 1].plain) <= len(lines[index].plain):
        return False
    genres = WORDS.spoken_genres if spoken else WORDS.spoken_genres | WORDS.written_genres
    return words[-1] in genres


def declared_author(fields: tuple[Field, ...]) -> Person | None:
    """Return the one person whom the fields name as author; None if they name several."""
    found: dict[str, Person] = {}
    for field in fields:
        if field.kind is FieldKind.AUTHOR:
            for part in _AND.split(field.value):
                person = _person(part)
                if person is not None:
                    found.setdefault(person.name, person)
    return next(iter(found.values())) if len(found) == 1 else None


def _person(text: str) -> Person | None:
    bare = text.strip()
    person = read_person(strip_article(bare))
    if person is None or len(person.name.split()) < 2 or any(c.isdigit() for c in text):
        return None
    return person if person.honorific or person.role else None
