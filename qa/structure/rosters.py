"""Read the roster that a document declares: who takes part, who presides, whom initials mean.

Only what is stated counts: a list under "Present:" or "speakers:", "X in the Chair", a name with
its own initials in brackets after it. What is declared in two ways that differ is not used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.language import WORDS
from qa.language.lexicon import alternatives
from qa.language.names import Person, is_person_name, read_person
from qa.language.offices import is_office_word
from qa.structure.lines import Line
from qa.structure.people import Roster

_LOOKED_AT = 80
_MOST_LISTED = 60
_LONGEST = 200
_ITEM = re.compile(r"\s*(?:[-*•]|\d{1,3}[.)])\s+")
_BETWEEN = re.compile(r"\s*[,;]\s*|\s+(?:and|und|et|y|и|та)\s+")
_LEADERS = re.compile(r"\s*(?:\.\s*){3,}.*$")
_INITIALS = re.compile(r"\(([^\W\d_a-z]{2,4})\)")
_NAME = r"(?P<name>[^()\[\],;:]{4,80}?)"
_CHAIRED = (
    re.compile(
        rf"\[?{_NAME}\s*(?:\([^()]*\)|,[^,.]{{2,60}},)?,?\s(?:{alternatives(WORDS.in_the_chair)})\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\bthe\s[^\W\d_]{{4,12}}\s\({_NAME}\)\s(?:{alternatives(WORDS.in_the_chair)})\b",
        re.IGNORECASE,
    ),
    re.compile(rf"(?:{alternatives(WORDS.chaired_by)})\s+{_NAME}[.\]]?$", re.IGNORECASE),
)
_PRESIDES = re.compile(alternatives(WORDS.in_the_chair | WORDS.chaired_by), re.IGNORECASE)


def read_roster(lines: tuple[Line, ...]) -> Roster:
    """Return the roster that a document declares."""
    head = lines[:_LOOKED_AT]
    listed = {person.name: person for person in _listed(head)}
    chairs = read_chairs(head)
    only = chairs[0] if len(chairs) == 1 else None
    return Roster(tuple(listed.values()), only, _initials(lines))


def read_chairs(lines: tuple[Line, ...]) -> tuple[Person, ...]:
    """Return whoever is said to preside in some lines, each once."""
    return tuple({person.name: person for person in _chairs(lines)}.values())


def _listed(lines: tuple[Line, ...]) -> Iterator[Person]:
    """Yield the persons under a field such as "Present:", on its line or as a list below it."""
    at = 0
    while at < len(lines):
        label, colon, rest = lines[at].plain.partition(":")
        at += 1
        if not colon or " ".join(label.casefold().split()) not in WORDS.roster_fields:
            continue
        for part in _BETWEEN.split(rest):
            yield from _person(part)
        while at < len(lines) and (item := _ITEM.match(lines[at].text)) is not None:
            yield from _person(lines[at].text[item.end() :])
            at += 1


def _person(text: str) -> Iterator[Person]:
    bare = _LEADERS.sub("", text).strip(" .*_\"'")
    if not bare or len(bare) > _LONGEST:
        return
    person = read_person(bare)
    plural = is_office_word(bare.split()[0].removesuffix("s"))  # "Representatives Miller"
    if person is not None and is_person_name(person.name) and not (plural and not person.role):
        yield person


def _chairs(lines: tuple[Line, ...]) -> Iterator[Person]:
    """Yield whoever is said to preside; a line may break in the middle of it."""
    for index, line in enumerate(lines):
        if len(line.text) > _LONGEST * 2:
            continue
        below = lines[index + 1] if index + 1 < len(lines) else None
        texts = [line.text]
        if below is not None and not below.gap:
            texts.append(f"{line.text} {below.text}")
        for text in texts:
            if _PRESIDES.search(text) is None:
                continue
            for form in _CHAIRED:
                for found in form.finditer(text):
                    yield from _named_at_end(found["name"])
        if line.text.endswith(":") and _is_chair_field(line.text) and below is not None:
            yield from _person(below.text)


def presides(text: str) -> bool:
    """Return whether a line says who presides from there on."""
    return len(text) <= _LONGEST and _PRESIDES.search(text) is not None


def _is_chair_field(text: str) -> bool:
    return text.rstrip(": ").casefold() in WORDS.addressed_offices


def _named_at_end(text: str) -> Iterator[Person]:
    """Yield the person with whose name the words end."""
    words = text.split()
    for length in range(min(6, len(words)), 1, -1):
        person = read_person(" ".join(words[-length:]))
        if person is not None and (is_person_name(person.name) or person.honorific):
            if len(person.name.split()) > 1:
                yield person
            return


def _initials(lines: tuple[Line, ...]) -> dict[str, Person]:
    """Return initials → the person whose name stands before them in brackets: "Jane Doe (JD)"."""
    found: dict[str, Person | None] = {}
    for line in lines:
        for match in _INITIALS.finditer(line.text[: 4 * _LONGEST]):
            initials = match[1]
            words = line.text[: match.start()].split()[-len(initials) :]
            name = " ".join(words).lstrip("*_([")
            if [word[0] for word in name.split()] == list(initials) and is_person_name(name):
                person = Person(name)
                known = found.setdefault(initials, person)
                if known is not None and known.name != name:
                    found[initials] = None  # two persons
    return {initials: person for initials, person in found.items() if person is not None}
