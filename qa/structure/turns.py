"""Cut a document into turns: who speaks where, and what is not speech."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from itertools import pairwise

from qa.language.names import Person, fold_name
from qa.records import BlockKind, Document, SourceText, Turn, TurnKind
from qa.structure.boilerplate import is_omission, is_separator
from qa.structure.dialogue import Labels, find_labels, is_spoken
from qa.structure.label_heads import is_only_time
from qa.structure.lines import SUBTITLES, Line, read_lines
from qa.structure.non_speech import (
    is_plain_heading,
    is_proceedings_note,
    mark_non_speech,
    opens_resolution,
    stage_directions,
)
from qa.structure.people import People, SpeakerResolver, find_people
from qa.structure.quotations import narrated
from qa.structure.rosters import presides, read_chairs, read_roster
from qa.structure.running_heads import running_heads
from qa.structure.segments import (
    Rules,
    Segment,
    declared_segments,
    number_turns,
    speakers_are_declared,
    starts_with_dash,
    voice_breaks,
)
from qa.structure.single_speaker import (
    Address,
    Interview,
    declared_address,
    find_address,
    find_interview,
    is_closing_note,
    question_start,
)


def find_turns(source: SourceText, document: Document) -> tuple[Turn, ...]:
    """Return the turns of a document in text order; only white space lies outside them.

    Where the format declares speakers, those words are theirs and nobody else's.
    """
    every = read_lines(source, document.start, document.end)
    paged = running_heads(every)
    lines = tuple(line for index, line in enumerate(every) if index not in paged)
    rules: Rules = _by_form
    if source.format in SUBTITLES:
        rules = partial(_subtitles, breaks=voice_breaks(source))
    if speakers_are_declared(lines):
        segments = declared_segments(source, lines, document, rules)
    else:
        segments = rules(lines, document)
    segments.extend(
        Segment(TurnKind.BOILERPLATE, every[index].start, every[index].end) for index in paged
    )
    segments.sort(key=lambda segment: (segment.start, segment.end))
    return number_turns(source, document, segments)


def _by_form(lines: tuple[Line, ...], document: Document) -> list[Segment]:
    """Read what a text's form shows: labels, questions with a dash, an address, or a report."""
    marks = mark_non_speech(lines, document)
    for index in stage_directions(lines):
        marks.setdefault(index, TurnKind.NARRATION)
    skip = frozenset(marks)
    head = _head_text(lines, marks)
    people = People()
    for person in find_people(head):
        people.add(person)
    answerer = _answerer(people, document)
    roster = read_roster(lines)
    for person in roster.people:
        people.add(person)
    labels = find_labels(lines, skip, people)
    body = [index for index in range(len(lines)) if index not in marks]
    interview = find_interview(lines, body, head)
    if interview is not None and len(labels.accepted) >= len(interview.questions):
        interview = None
    if interview is not None:
        return _interview(lines, marks, interview)
    if labels.accepted:
        return _dialogue(lines, marks, labels, SpeakerResolver(people, answerer, roster))
    titles = [lines[i].plain for i in range(min(12, len(lines))) if marks.get(i) == _HEADING]
    address = declared_address(lines, body) or find_address(
        lines, body, [*([document.title] if document.title else []), *titles]
    )
    return _address(lines, marks, address) if address else _report(lines, marks, people)


def _subtitles(
    lines: tuple[Line, ...], document: Document, breaks: frozenset[int]
) -> list[Segment]:
    """Return speech after labels, until somebody else may speak; nothing is a menu or heading."""
    lines = tuple(replace(line, block=line.block or BlockKind.PARAGRAPH) for line in lines)
    marks = {
        index: TurnKind.BOILERPLATE
        for index, line in enumerate(lines)
        if line.block is BlockKind.METADATA
    }
    labels = find_labels(lines, frozenset(marks), People())
    doubtful = {
        index for index, line in enumerate(lines) if line.start in breaks or starts_with_dash(line)
    }
    labels = replace(labels, doubtful=labels.doubtful | doubtful)
    return _dialogue(lines, marks, labels, SpeakerResolver(People(), None))


_HEADING = TurnKind.HEADING
_LONGEST_HEAD = 6000
_MOST_NOTES = 12
_MOST_CLOSING_LINES = 4
_LONGEST_CLOSING = 200
_CLOCK = re.compile(
    r"\b\d{1,2}[.:h]\s?\d{2}\b|\bo['’]clock\b|\b\d{1,2}\s?[ap]\.?m\b", re.IGNORECASE
)
_LEAST_WIDTH = 30
# At most one speech in so many goes on in a paragraph of its own where they seem to be single.
_CONTINUED = 8
_LEAST_TURNS = 8


def _head_text(lines: tuple[Line, ...], marks: dict[int, TurnKind]) -> str:
    """Return titles, captions and introduction: all before the first question or long body."""
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


def _answerer(people: People, document: Document) -> Person | None:
    """Return who gives unnamed answers: the one person in the document's title. Somebody whom the
    head merely mentions need not be the one who is asked."""
    only = people.only()
    titled = (only is not None and fold_name(only.name)[-1:]) or ()
    return only if titled and titled[0] in fold_name(document.title or "") else None


def _dialogue(
    lines: tuple[Line, ...], marks: dict[int, TurnKind], labels: Labels, resolver: SpeakerResolver
) -> list[Segment]:
    """Return speech after labels; a separator or heading ends it, boilerplate interrupts it."""
    segments: list[Segment] = []
    voice: tuple[TurnKind, str | None, str | None] | None = None
    people = resolver.people
    plain: list[int] = []
    width = _wrapped_width(lines)
    first = min(labels.accepted, default=len(lines))
    closing = _closing(lines, max(labels.accepted, default=len(lines)))
    apart = _between_single_paragraphs(lines, marks, labels)
    at = 0
    while at < len(lines):
        line, label = lines[at], labels.accepted.get(at)
        if at in labels.doubtful:
            voice = None
        if label is None and at not in marks and voice is None:
            plain.append(at)
            at += 1
            continue
        segments.extend(narrated(lines, plain, people))
        plain = []
        if at in marks:
            if at > first and presides(line.text):
                resolver.new_chair(read_chairs(lines[at : at + 1]))
            segments.append(Segment(marks[at], line.start, line.end, fresh=marks[at] is _HEADING))
            if marks[at] is _HEADING or is_separator(line.text):
                voice = None
        elif label is not None:
            last = lines[label.end - 1]
            voice = resolver.resolve(label)
            segments.append(
                Segment(TurnKind.LABEL, line.start, label.speech, voice[1], voice[2], fresh=True)
            )
            if label.speech < last.end:
                segments.append(Segment(voice[0], label.speech, last.end, voice[1], voice[2], True))
            at = label.end
            continue
        elif len(line.text) < width and is_plain_heading(lines, at, speaking=True):
            segments.append(Segment(_HEADING, line.start, line.end, fresh=True))
            voice = None
        elif voice is not None and (
            is_only_time(line.text)
            or at in closing
            or at in apart
            or _is_note(lines, at, labels, marks)
        ):
            segments.append(Segment(TurnKind.NARRATION, line.start, line.end))
            voice = None
        elif voice is not None:
            segments.append(Segment(voice[0], line.start, line.end, voice[1], voice[2]))
        at += 1
    return [*segments, *narrated(lines, plain, people)]


def _closing(lines: tuple[Line, ...], last: int) -> frozenset[int]:
    """Return the final lines of a document, after its last label, that report its end impersonally:
    "The House adjourned at 3.14 p.m."."""
    found: set[int] = set()
    for index in range(len(lines) - 1, max(last, len(lines) - _MOST_CLOSING_LINES - 1), -1):
        line = lines[index]
        if not line.gap or len(line.text) > _LONGEST_CLOSING or is_spoken(line.text):
            break
        if is_proceedings_note(line.text) or _CLOCK.search(line.text):
            found.update(range(index, len(lines)))
    return frozenset(found)


def _between_single_paragraphs(
    lines: tuple[Line, ...], marks: dict[int, TurnKind], labels: Labels
) -> frozenset[int]:
    """Return the lines after speeches that need not be part of them.

    Where nearly every speech of a document is one paragraph, a further one that is in nobody's
    voice may be the record's own ("The clerk read both letters aloud.").
    """
    impersonal: set[int] = set()
    continued = 0
    for start, label in labels.accepted.items():
        end = start + 1
        while end < len(lines) and end not in labels.accepted and end not in marks:
            end += 1
        begun = label.end + (label.speech >= lines[label.end - 1].end)
        second = next((at for at in range(begun, end) if lines[at].gap), end)
        if is_spoken(" ".join(line.text for line in lines[second:end])):
            continued += 1
        else:
            impersonal.update(range(second, end))
    turns = len(labels.accepted)
    return frozenset(impersonal if turns >= max(_LEAST_TURNS, _CONTINUED * continued) else ())


def _wrapped_width(lines: tuple[Line, ...]) -> int:
    """Return the length from which a line on its own is a paragraph's remainder after a page break
    and no heading: close to the wrap width, if the text is wrapped."""
    inside = [len(line.text) for line, after in pairwise(lines) if not after.gap]
    if not inside or 2 * len(inside) < len(lines):
        return _LONGEST_HEAD
    inside.sort()
    return max(_LEAST_WIDTH, inside[len(inside) // 2] * 3 // 4)


def _is_note(lines: tuple[Line, ...], at: int, labels: Labels, marks: dict[int, TurnKind]) -> bool:
    """Return whether a paragraph after a speech reports proceedings and is not part of it.

    A resolution's text always does; a sentence about the body only where nothing of the speech
    comes after it.
    """
    opens = lines[at].gap or lines[at].indent > 0
    if not opens or not is_proceedings_note(lines[at].text):
        return False
    if opens_resolution(lines[at].text):
        return True
    after = at + 1
    while after < min(len(lines), at + _MOST_NOTES) and is_proceedings_note(lines[after].text):
        if opens_resolution(lines[after].text):
            return True
        after += 1
    return (
        after == len(lines)
        or after in labels.accepted
        or after in marks
        or is_plain_heading(lines, after, speaking=True)
    )


def _interview(
    lines: tuple[Line, ...], marks: dict[int, TurnKind], interview: Interview
) -> list[Segment]:
    """Return questions by their dash, and after each the interviewee's answer."""
    segments: list[Segment] = []
    answering = False
    who = interview.interviewee
    name, role = (who.name, who.role) if who else (None, None)
    for index, line in enumerate(lines):
        start = line.start + question_start(line.text)
        if index in marks:
            segments.append(
                Segment(marks[index], line.start, line.end, fresh=marks[index] is _HEADING)
            )
            answering = answering and not is_separator(line.text)
        elif index in interview.questions:
            segments.append(Segment(TurnKind.LABEL, line.start, start, fresh=True))
            segments.append(Segment(TurnKind.QUESTION, start, line.end, fresh=True))
            answering = True
        elif is_closing_note(line.text) or not answering:
            kind = _HEADING if is_plain_heading(lines, index) else TurnKind.NARRATION
            segments.append(Segment(kind, line.start, line.end))
            answering = answering and not is_closing_note(line.text)
        elif interview.answers_marked and start > line.start:
            segments.append(Segment(TurnKind.LABEL, line.start, start, fresh=True))
            segments.append(Segment(TurnKind.SPEECH, start, line.end, name, role))
        else:
            segments.append(Segment(TurnKind.SPEECH, line.start, line.end, name, role))
    return segments


def _address(
    lines: tuple[Line, ...], marks: dict[int, TurnKind], address: Address
) -> list[Segment]:
    """Give everything from the greeting to a break between parts to the speaker."""
    segments: list[Segment] = []
    speaker = address.speaker
    speaking = True
    for index, line in enumerate(lines):
        if index in marks:
            segments.append(
                Segment(marks[index], line.start, line.end, fresh=marks[index] is _HEADING)
            )
            if index > address.first and is_separator(line.text) and not is_omission(line.text):
                speaking = False
        elif index >= address.first and is_plain_heading(lines, index, speaking=True):
            segments.append(Segment(_HEADING, line.start, line.end, fresh=True))
        elif index >= address.first and speaking:
            segments.append(
                Segment(TurnKind.SPEECH, line.start, line.end, speaker.name, speaker.role)
            )
        else:
            segments.append(Segment(TurnKind.NARRATION, line.start, line.end))
    return segments


def _report(lines: tuple[Line, ...], marks: dict[int, TurnKind], people: People) -> list[Segment]:
    segments: list[Segment] = []
    plain: list[int] = []
    for index, line in enumerate(lines):
        if index in marks:
            segments.extend(narrated(lines, plain, people))
            plain = []
            segments.append(
                Segment(marks[index], line.start, line.end, fresh=marks[index] is _HEADING)
            )
        else:
            plain.append(index)
    return [*segments, *narrated(lines, plain, people)]
