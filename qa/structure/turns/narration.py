"""Cuts text that nobody's label introduces: narration, headings, attributed quotations."""

from __future__ import annotations

from qa.language.names import Person
from qa.records import TurnKind
from qa.structure.lines import Line
from qa.structure.turns.attributed import (
    inner_words,
    is_whole_quotation,
    read_attributed,
    read_signature,
)
from qa.structure.turns.furniture import is_plain_heading
from qa.structure.turns.roster import Roster
from qa.structure.turns.stretches import Stretch

_HEADING = TurnKind.HEADING


def narrated(lines: tuple[Line, ...], indices: list[int], people: Roster) -> list[Stretch]:
    """Lines outside anybody's turn: narration, headings and attributed quotations."""
    stretches: list[Stretch] = []
    signed: set[int] = set()
    own = set(indices)
    for index in indices:
        line = lines[index]
        if index in signed:
            continue
        found = read_attributed(line.text, people)
        if found is not None:
            person = people.add(found.person)
            spans = [found.words, *([found.again] if found.again else [])]
            end = line.end if found.again else line.start + found.end
            stretches.extend(_quoted(line, spans, person, end))
            stretches.append(Stretch(TurnKind.NARRATION, end, line.end))
            continue
        if is_whole_quotation(line.text) and index + 1 in own:
            follows = lines[index + 1]
            signer = read_signature(follows.text, people)
            if signer is not None:
                person = people.add(signer)
                stretches.extend(_quoted(line, [inner_words(line.text)], person, follows.end))
                signed.add(index + 1)
                continue
        kind = _HEADING if is_plain_heading(lines, index) else TurnKind.NARRATION
        stretches.append(Stretch(kind, line.start, line.end, fresh=kind is _HEADING))
    return stretches


def _quoted(line: Line, spans: list[tuple[int, int]], person: Person, end: int) -> list[Stretch]:
    """Quotations with the marks and the attribution around them as labels."""
    stretches: list[Stretch] = []
    at = line.start
    for left, right in spans:
        start, stop = line.start + left, line.start + right
        if at < start:
            stretches.append(Stretch(TurnKind.LABEL, at, start, person.name, person.role, True))
        stretches.append(Stretch(TurnKind.QUOTATION, start, stop, person.name, person.role, True))
        at = stop
    if at < end:
        stretches.append(Stretch(TurnKind.LABEL, at, end, person.name, person.role, True))
    return stretches
