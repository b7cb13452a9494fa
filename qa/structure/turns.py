"""Cuts a document into turns: who speaks where, and what is not speech."""

from __future__ import annotations

from dataclasses import dataclass, replace

from qa.records import Document, SourceText, Turn, TurnKind
from qa.structure.attributed import (
    inner_words,
    is_whole_quotation,
    read_attributed,
    read_signature,
)
from qa.structure.casting import Casting
from qa.structure.dialogue import Labels, find_labels
from qa.structure.furniture import is_plain_heading, mark_furniture
from qa.structure.lines import Line, read_lines
from qa.structure.mentions import find_people
from qa.structure.menus import is_separator
from qa.structure.names import Person
from qa.structure.roster import Roster
from qa.structure.solo import (
    Address,
    Interview,
    find_address,
    find_interview,
    is_closing_note,
    question_start,
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of one or more lines of one kind and one speaker; `fresh` never joins the last."""

    kind: TurnKind
    start: int
    end: int
    speaker: str | None = None
    role: str | None = None
    fresh: bool = False


def find_turns(source: SourceText, document: Document) -> tuple[Turn, ...]:
    """The turns of a document, in text order; only white space lies outside them."""
    lines = read_lines(source, document.start, document.end)
    marks = mark_furniture(lines, document)
    skip = frozenset(marks)
    head = _head_text(lines, marks)
    people = Roster()
    for person in find_people(head):
        people.add(person)
    labels = find_labels(lines, skip, people)
    body = [index for index in range(len(lines)) if index not in marks]
    interview = find_interview(lines, body, head)
    if interview is not None and len(labels.accepted) >= len(interview.questions):
        interview = None
    if interview is not None:
        stretches = _interview(lines, marks, interview)
    elif labels.accepted:
        stretches = _dialogue(lines, marks, labels, people)
    else:
        titles = [lines[i].plain for i in range(min(12, len(lines))) if marks.get(i) == _HEADING]
        address = find_address(
            lines, body, [*([document.title] if document.title else []), *titles]
        )
        stretches = _address(lines, marks, address) if address else _report(lines, marks, people)
    return _turns(source, document, stretches)


_HEADING = TurnKind.HEADING
_SPOKEN = frozenset({TurnKind.SPEECH, TurnKind.QUESTION})
_INTERRUPTIONS = frozenset({TurnKind.BOILERPLATE, TurnKind.CAPTION, _HEADING})
_LONGEST_HEAD = 6000


def _head_text(lines: tuple[Line, ...], marks: dict[int, TurnKind]) -> str:
    """Titles, captions and introduction: everything before the first question or long body."""
    parts: list[str] = []
    size = 0
    for index, line in enumerate(lines[:40]):
        if marks.get(index) is TurnKind.BOILERPLATE:
            continue
        if index and question_start(line.text) and "?" in line.text:
            break
        size += len(line.text)
        if size > _LONGEST_HEAD:
            break
        parts.append(line.text)
    return "\n".join(parts)


def _dialogue(
    lines: tuple[Line, ...], marks: dict[int, TurnKind], labels: Labels, people: Roster
) -> list[Stretch]:
    """Speech after labels; a separator or a heading ends it, furniture only interrupts it."""
    stretches: list[Stretch] = []
    voice: tuple[TurnKind, str | None, str | None] | None = None
    casting = Casting(people, people.only(), {})
    plain: list[int] = []
    at = 0
    while at < len(lines):
        line, label = lines[at], labels.accepted.get(at)
        if at in labels.doubtful:
            voice = None
        if label is None and at not in marks and voice is None:
            plain.append(at)
            at += 1
            continue
        stretches.extend(_narrated(lines, plain, people))
        plain = []
        if at in marks:
            stretches.append(Stretch(marks[at], line.start, line.end, fresh=marks[at] is _HEADING))
            if marks[at] is _HEADING or is_separator(line.text):
                voice = None
        elif label is not None:
            last = lines[label.end - 1]
            voice = casting.voice(label)
            stretches.append(
                Stretch(TurnKind.LABEL, line.start, label.speech, voice[1], voice[2], fresh=True)
            )
            if label.speech < last.end:
                stretches.append(
                    Stretch(voice[0], label.speech, last.end, voice[1], voice[2], True)
                )
            at = label.end
            continue
        elif is_plain_heading(lines, at, speaking=True):
            stretches.append(Stretch(_HEADING, line.start, line.end, fresh=True))
            voice = None
        elif voice is not None:
            stretches.append(Stretch(voice[0], line.start, line.end, voice[1], voice[2]))
        at += 1
    return [*stretches, *_narrated(lines, plain, people)]


def _interview(
    lines: tuple[Line, ...], marks: dict[int, TurnKind], interview: Interview
) -> list[Stretch]:
    """Questions by their dash; what follows each is the answer of the one interviewed."""
    stretches: list[Stretch] = []
    answering = False
    who = interview.interviewee
    name, role = (who.name, who.role) if who else (None, None)
    for index, line in enumerate(lines):
        start = line.start + question_start(line.text)
        if index in marks:
            stretches.append(
                Stretch(marks[index], line.start, line.end, fresh=marks[index] is _HEADING)
            )
            answering = answering and not is_separator(line.text)
        elif index in interview.questions:
            stretches.append(Stretch(TurnKind.LABEL, line.start, start, fresh=True))
            stretches.append(Stretch(TurnKind.QUESTION, start, line.end, fresh=True))
            answering = True
        elif is_closing_note(line.text) or not answering:
            kind = _HEADING if is_plain_heading(lines, index) else TurnKind.NARRATION
            stretches.append(Stretch(kind, line.start, line.end))
            answering = answering and not is_closing_note(line.text)
        elif interview.answers_marked and start > line.start:
            stretches.append(Stretch(TurnKind.LABEL, line.start, start, fresh=True))
            stretches.append(Stretch(TurnKind.SPEECH, start, line.end, name, role))
        else:
            stretches.append(Stretch(TurnKind.SPEECH, line.start, line.end, name, role))
    return stretches


def _address(
    lines: tuple[Line, ...], marks: dict[int, TurnKind], address: Address
) -> list[Stretch]:
    """Everything from the greeting on is the speaker's, up to a break between parts."""
    stretches: list[Stretch] = []
    speaker = address.speaker
    speaking = True
    for index, line in enumerate(lines):
        if index in marks:
            stretches.append(
                Stretch(marks[index], line.start, line.end, fresh=marks[index] is _HEADING)
            )
            if index > address.first and is_separator(line.text) and line.text[0] not in "<[(":
                speaking = False
        elif index >= address.first and speaking:
            stretches.append(
                Stretch(TurnKind.SPEECH, line.start, line.end, speaker.name, speaker.role)
            )
        else:
            stretches.append(Stretch(TurnKind.NARRATION, line.start, line.end))
    return stretches


def _report(lines: tuple[Line, ...], marks: dict[int, TurnKind], people: Roster) -> list[Stretch]:
    stretches: list[Stretch] = []
    plain: list[int] = []
    for index, line in enumerate(lines):
        if index in marks:
            stretches.extend(_narrated(lines, plain, people))
            plain = []
            stretches.append(
                Stretch(marks[index], line.start, line.end, fresh=marks[index] is _HEADING)
            )
        else:
            plain.append(index)
    return [*stretches, *_narrated(lines, plain, people)]


def _narrated(lines: tuple[Line, ...], indices: list[int], people: Roster) -> list[Stretch]:
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


def _turns(source: SourceText, document: Document, stretches: list[Stretch]) -> tuple[Turn, ...]:
    """Trims the stretches, joins neighbours of one kind and speaker, and numbers the turns."""
    joined: list[Stretch] = []
    for stretch in stretches:
        words = source.text[stretch.start : stretch.end]
        start = stretch.start + len(words) - len(words.lstrip())
        trimmed = replace(stretch, start=start, end=start + len(words.strip()))
        if trimmed.end <= trimmed.start:
            continue
        last = joined[-1] if joined else None
        if last is not None and not stretch.fresh and _same_voice(last, stretch):
            joined[-1] = replace(last, end=trimmed.end)
        else:
            joined.append(trimmed)
    turns: list[Turn] = []
    spoken: Stretch | None = None
    for one in joined:
        again = not one.fresh and spoken is not None and _same_voice(spoken, one)
        if one.kind in _SPOKEN:
            spoken = one
        elif one.kind not in _INTERRUPTIONS:
            spoken = None
        place = (document.ordinal, len(turns), one.kind, one.start, one.end)
        turns.append(Turn(*place, one.speaker, one.role, again))
    return tuple(turns)


def _same_voice(first: Stretch, second: Stretch) -> bool:
    return (first.kind, first.speaker, first.role) == (second.kind, second.speaker, second.role)
