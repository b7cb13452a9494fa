"""The persons that a document has named so far, and the fuller name behind a short one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from qa.language.names import Person, fold_name
from qa.language.offices import gender_of

# A word that more people share stands for none of them; comparing all would take quadratic time.
_MOST_NAMESAKES = 64


def is_short_form(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Whether one folded name can stand for another, fuller one.

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


@dataclass(slots=True)
class Roster:
    """Persons of one document, in the order in which they were named.

    Grows while a document is read: a label can only mean somebody named before it.
    """

    _people: dict[tuple[str, ...], Person] = field(default_factory=dict)
    _by_word: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)

    def add(self, person: Person) -> Person:
        """Notes a person and returns them with the fullest name and the role known by now."""
        known = self.find(person.name, person.honorific)
        if known is None:
            key = fold_name(person.name)
            if not key:
                return person
            if key in self._people:  # the same name with another form of address
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
        """The one person for whom `name` can stand; None if nobody or more than one."""
        short = fold_name(name)
        if not short:
            return None
        exact = self._people.get(short)
        if exact is not None:
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
        """The person with the role given earlier, where the label itself gives none."""
        known = self.find(person.name, person.honorific)
        return person if known is None else replace(known, role=person.role or known.role)

    def only(self) -> Person | None:
        """The one person named so far, if there is exactly one."""
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
    """Whether two forms of address can belong to one person."""
    if first is None or second is None:
        return True
    genders = {gender_of(first), gender_of(second)} - {None}
    return len(genders) < 2
