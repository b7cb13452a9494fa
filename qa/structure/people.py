"""The persons of a document: those its head introduces, those named so far, and the one that each
label stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from qa.language import WORDS
from qa.language.lexicon import alternatives
from qa.language.names import (
    Person,
    fold_name,
    has_office_word,
    is_person_name,
    read_person,
    strip_article,
)
from qa.language.offices import (
    gender_of,
    is_answer_label,
    is_heading_word,
    is_honorific,
    is_institution_word,
    is_office_word,
    is_question_label,
)
from qa.language.paragraphs import TITLES
from qa.language.people import is_short_form
from qa.records import TurnKind
from qa.structure.labels import Label

# A word that more people share stands for none of them; comparing all would take quadratic time.
_MOST_NAMESAKES = 64
_PLAIN_QUESTIONS = frozenset(["question", "вопрос", "frage", "pregunta"])
_LONGEST_HEAD = 20_000
_QUOTING = tuple('()“”«»"')
_CHUNK = re.compile(r"[^,.;:!?()“”«»\"\n]+")
_ABBREVIATION = re.compile(rf"\b({alternatives(TITLES)}|St|[A-ZА-ЯЁ])\.")
_NATIONALITY = ("ian", "ish", "ese", "ean", "can", "ский", "ская")


@dataclass(slots=True)
class People:
    """Persons of one document, in the order in which they were named.

    Grows while a document is read: a label can only mean somebody named before it.
    """

    _people: dict[tuple[str, ...], Person] = field(default_factory=dict)
    _by_word: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    _namesakes: set[tuple[str, ...]] = field(default_factory=set)

    def add(self, person: Person) -> Person:
        """Record a person and return them with the fullest name and the role known so far."""
        known = self.find(person.name, person.honorific)
        if known is None:
            key = fold_name(person.name)
            if not key:
                return person
            if key in self._people:  # the same name with another form of address: two persons
                self._namesakes.add(key)
                return person
            self._people[key] = person
            for word in {key[0], key[-1]}:
                self._by_word.setdefault(word, []).append(key)
            return person
        key = fold_name(known.name)
        fuller = person.name if len(fold_name(person.name)) > len(key) else known.name
        merged = Person(fuller, person.role or known.role, person.honorific or known.honorific)
        if fuller != known.name:
            self._rename(key, fold_name(fuller))
            key = fold_name(fuller)
        self._people[key] = merged
        return merged

    def find(self, name: str, honorific: str | None = None) -> Person | None:
        """Return the one person that `name` can mean; None if nobody or several."""
        short = fold_name(name)
        if not short:
            return None
        exact = self._people.get(short)
        if exact is not None:
            if short in self._namesakes and honorific is None:
                return None
            return exact if _agree(honorific, exact.honorific) else None
        sharing = [self._by_word.get(word, []) for word in {short[0], short[-1]}]
        if any(len(keys) > _MOST_NAMESAKES for keys in sharing):
            return None
        keys = {key for some in sharing for key in some}
        found = [
            key
            for key in keys
            if (is_short_form(short, key) or is_short_form(key, short))
            and _agree(honorific, self._people[key].honorific)
        ]
        by_surname = [key for key in found if key[-1] == short[-1]]
        chosen = by_surname if len(short) == 1 and by_surname else found
        return self._people[chosen[0]] if len(chosen) == 1 else None

    def with_role(self, person: Person) -> Person:
        """Return the person with the role given earlier, where the label itself gives none."""
        known = self.find(person.name, person.honorific)
        return person if known is None else replace(known, role=person.role or known.role)

    def only(self) -> Person | None:
        """Return the only person named so far, if there is exactly one."""
        people = list(self._people.values())
        return people[0] if len(people) == 1 else None

    def __contains__(self, name: str) -> bool:
        return self.find(name) is not None

    def _rename(self, old: tuple[str, ...], new: tuple[str, ...]) -> None:
        del self._people[old]
        for word in {old[0], old[-1]}:
            self._by_word[word].remove(old)
        for word in {new[0], new[-1]}:
            self._by_word.setdefault(word, []).append(new)


def _agree(first: str | None, second: str | None) -> bool:
    """Return whether two forms of address can belong to one person."""
    if first is None or second is None:
        return True
    genders = {gender_of(first), gender_of(second)} - {None}
    return len(genders) < 2


@dataclass(frozen=True, slots=True)
class Roster:
    """Whom a document declares: who takes part, who presides, and whom initials stand for."""

    people: tuple[Person, ...] = ()
    chair: Person | None = None
    initials: dict[str, Person] = field(default_factory=dict)


@dataclass(slots=True)
class SpeakerResolver:
    """Resolves labels to speakers, remembering those met so far."""

    people: People
    answerer: Person | None
    roster: Roster = field(default_factory=lambda: Roster())
    offices: dict[str, Person] = field(default_factory=dict)
    questioner: Person | None = None

    def resolve(self, label: Label) -> tuple[TurnKind, str | None, str | None]:
        """Return the kind, the speaker and the role of what a label introduces."""
        if is_question_label(label.text):
            return TurnKind.QUESTION, *self._asking(label.text)
        if is_answer_label(label.text):
            who = self.answerer
            return (TurnKind.SPEECH, who.name, who.role) if who else (TurnKind.SPEECH, None, None)
        if label.text.casefold().startswith("by ") and label.person is None:
            self.questioner = Person(label.text[3:])
            return TurnKind.SPEECH, label.text[3:], None
        if label.person is None:
            known = self.offices.get(_office_key(label.text))
            if known is not None:
                return TurnKind.SPEECH, known.name, known.role
            if self.roster.chair is not None and is_chair(label.text):
                return TurnKind.SPEECH, self.roster.chair.name, strip_article(label.text)
            return TurnKind.SPEECH, label.text, None
        if label.text in self.roster.initials:
            person = self.people.add(self.roster.initials[label.text])
            return TurnKind.SPEECH, person.name, person.role
        person = self.people.add(label.person)
        if self.answerer is not None and person.name != self.answerer.name:
            self.answerer = None  # more than one may be meant by an answer
        if label.person.role and "(" in label.text:
            self.offices[_office_key(label.text.split("(")[0])] = person
        return TurnKind.SPEECH, person.name, label.person.role or person.role

    def new_chair(self, chairs: tuple[Person, ...]) -> None:
        """Forget who held each office, as somebody else presides from here on."""
        self.offices.clear()
        self.roster = replace(self.roster, chair=chairs[0] if len(chairs) == 1 else None)

    def _asking(self, text: str) -> tuple[str | None, str | None]:
        if len(text.rstrip(".")) == 1 or text.casefold().split()[0] in _PLAIN_QUESTIONS:
            return (self.questioner.name, None) if self.questioner else (None, None)
        return text, None


def is_chair(text: str) -> bool:
    """Return whether a label is the chair's ("The Chairman", "Mr. President"), not a deputy's or an
    acting one's."""
    words = [word.casefold().strip(".") for word in text.split()]
    return 0 < len(words) <= 2 and words[-1] in WORDS.addressed_offices


def _office_key(text: str) -> str:
    return text.casefold().removeprefix("the ").strip()


def find_people(text: str) -> tuple[Person, ...]:
    """Return the persons whom the text introduces with their office, in order, if certain.

    Meant for a document's head (title, lead, captions); only the first 20,000 characters are
    looked at.
    """
    head = _ABBREVIATION.sub(lambda found: found.group(1) + "\u2024", text[:_LONGEST_HEAD])
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
    """Return the name with which the chunk ends, if no word of the office precedes it."""
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
    """Return the office with which the chunk ends: "The Director of United Harbours, …"."""
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
    """Find `Office Name` inside a chunk without punctuation."""
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
        while phrase and phrase[-1].casefold() in WORDS.joining_words:
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
    return word.casefold() in WORDS.joining_words


def _undot(text: str) -> str:
    return text.replace("\u2024", ".")
