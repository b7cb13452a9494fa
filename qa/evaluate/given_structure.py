"""Collection document → source text, document and turns, as the collection itself gives them."""

from __future__ import annotations

from dataclasses import dataclass

from qa.evaluate.collections.collection import CollectionDocument, GivenTurn
from qa.language.names import Person, fold_name, read_person
from qa.records import Boundary, Document, SourceText, Turn, TurnKind
from qa.structure.people import People

_FORMAT = "text"
_READER = "collection/1"


@dataclass(frozen=True, slots=True)
class GivenStructure:
    """One collection document in the records that passages are cut from."""

    text: SourceText
    document: Document
    turns: tuple[Turn, ...]


def give_structure(given: CollectionDocument) -> GivenStructure:
    """A document of its own, with a turn for each contribution, else with its title as a heading
    and one turn for all the rest, by nobody."""
    document = Document(
        ordinal=0,
        start=0,
        end=len(given.text),
        title=given.title,
        date=None,
        time=None,
        place=None,
        boundary=Boundary.FILE,
        evidence="given by the collection",
    )
    turns = _speech(given) if given.turns else _plain(given)
    return GivenStructure(SourceText(given.text, _FORMAT, _READER), document, tuple(turns))


def _plain(given: CollectionDocument) -> list[Turn]:
    turns: list[Turn] = []
    parts = ((TurnKind.HEADING, 0, given.body), (TurnKind.NARRATION, given.body, len(given.text)))
    for kind, start, end in parts:
        _append(turns, given.text, kind, start, end)
    return turns


def _speech(given: CollectionDocument) -> list[Turn]:
    voices = Voices(tuple(turn.label for turn in given.turns))
    turns: list[Turn] = []
    for turn in given.turns:
        speaker, role = voices.of(turn)
        _append(turns, given.text, TurnKind.LABEL, turn.label_start, turn.label_end, speaker, role)
        _append(turns, given.text, TurnKind.SPEECH, turn.start, turn.end, speaker, role)
    return turns


def _append(
    turns: list[Turn],
    text: str,
    kind: TurnKind,
    start: int,
    end: int,
    speaker: str | None = None,
    role: str | None = None,
) -> None:
    """One more turn, without the white space around it; none if there is nothing else."""
    words = text[start:end]
    left = start + len(words) - len(words.lstrip())
    right = left + len(words.strip())
    if left < right:
        turns.append(Turn(0, len(turns), kind, left, right, speaker, role))


class Voices:
    """Whom a transcript's labels stand for, in their order: a later short form means the person
    whom an earlier label gave in full, and a label that names no person speaks for itself."""

    def __init__(self, labels: tuple[str, ...]) -> None:
        self._people = People()
        self._parts: dict[str, Person] = {}
        bare = [person for label in dict.fromkeys(labels) if (person := read_person(label))]
        self._known = frozenset(fold_name(person.name) for person in bare if person.role is None)

    def of(self, turn: GivenTurn) -> tuple[str | None, str | None]:
        """Speaker and role of the next turn; both None if it has no label."""
        label = turn.label.strip().rstrip(":").strip()
        if not label:
            return None, None
        person = read_person(label, self._known)
        if person is None:
            known = self._parts.get(_part(label))
            return (known.name, known.role) if known else (label, None)
        merged = self._people.add(person)
        if person.role and "(" in label:
            # "The Chair (Jane Doe)": from now on "The Chair" is her.
            self._parts[_part(label.split("(")[0])] = merged
        return merged.name, person.role or merged.role


def _part(label: str) -> str:
    return label.casefold().removeprefix("the ").strip()
