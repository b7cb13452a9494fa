"""Says whom each label of a conversation stands for, from the labels before it."""

from __future__ import annotations

from dataclasses import dataclass

from qa.language.names import Person
from qa.language.offices import is_answer_label, is_question_label
from qa.records import TurnKind
from qa.structure.turns.labels import Label
from qa.structure.turns.roster import Roster


@dataclass(slots=True)
class Casting:
    """Who the labels met so far stand for."""

    people: Roster
    answerer: Person | None
    offices: dict[str, Person]
    questioner: Person | None = None

    def voice(self, label: Label) -> tuple[TurnKind, str | None, str | None]:
        """Kind, speaker and role of what a label introduces."""
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
            return TurnKind.SPEECH, label.text, None
        person = self.people.add(label.person)
        if label.person.role and "(" in label.text:
            self.offices[_office_key(label.text.split("(")[0])] = person
        return TurnKind.SPEECH, person.name, label.person.role or person.role

    def _asking(self, text: str) -> tuple[str | None, str | None]:
        if len(text.rstrip(".")) == 1 or text.casefold().split()[0] in _PLAIN_QUESTIONS:
            return (self.questioner.name, None) if self.questioner else (None, None)
        return text, None


_PLAIN_QUESTIONS = frozenset(["question", "вопрос", "frage", "pregunta"])


def _office_key(text: str) -> str:
    return text.casefold().removeprefix("the ").strip()
