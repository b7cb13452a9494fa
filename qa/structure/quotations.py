"""Divide unlabelled text into narration, headings and attributed quotations: `“…,” Jane Doe,
Minister of X.` and similar forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qa.language import WORDS
from qa.language.lexicon import alternatives
from qa.language.names import Person, has_office_word, is_person_name, read_person
from qa.language.people import is_no_person
from qa.language.speech import SPEECH_VERBS, is_naming
from qa.records import TurnKind
from qa.structure.headers import is_sentence
from qa.structure.lines import Line
from qa.structure.non_speech import is_plain_heading
from qa.structure.people import People
from qa.structure.segments import Segment

_OPENING = '“"«„'
_CLOSING = {"“": "”", '"': '"', "«": "»", "„": "“”"}
_LONGEST_ATTRIBUTION = 420
_MOST_CLOSINGS = 24
_VERBS = alternatives(SPEECH_VERBS)
_LED = alternatives(WORDS.according)
_VERB_FIRST = re.compile(rf"(?P<verb>{_VERBS}|{_LED}|{_LED.capitalize()})\s+")
_VERB_AFTER = re.compile(
    rf",?\s+(?:(?:{alternatives(WORDS.adverbs_of_saying)})\s+)?(?P<verb>{_VERBS})\b"
)
_QUOTED = alternatives(WORDS.in_words_of)
_PASSIVE = re.compile(rf"\b(?:{alternatives(WORDS.passives)})\s+(?:{_VERBS}|{_QUOTED})\b")
_TO_ADDRESSEE = re.compile(rf"\s(?:{alternatives(WORDS.after_addressees)})\s")
_OF_ANOTHER = re.compile(rf"\b(?:{alternatives(WORDS.speech_participles)})\b")
# Before a verb's form these show that it is a participle or a noun: "the newly announced fund".
_OF_NOUNS = WORDS.before_nouns | WORDS.articles | WORDS.office_prepositions | WORDS.title_particles
_ADVERBIAL = re.compile(
    r",?\s(?:on|at|in|during|after|when|while|as|to|before|following|speaking|adding|"
    r"на|в|во время|после|по)\s"
)
_PREPOSITION_FIRST = re.compile(r"(?:on|at|in|during|after|when|while|as|speaking|adding|who)\b")
_SENTENCE_END = re.compile(r"[^\W\d_]{3}[^\W\d_]+[)”\"]?[.!?]\s+(?=[A-ZА-ЯЁ“\"«„])")
_SAID_BELOW = re.compile(
    rf",?\s+(?:(?:{alternatives(WORDS.adverbs_of_saying)})\s+)?(?P<verb>{_VERBS})"
    rf"(?:\s+(?:{alternatives(WORDS.before_times | WORDS.times)}|in a statement)\b[^:]{{0,80}})?"
    r"\s?:$"
)
_OWN_VOICE = re.compile(rf"\b(?:{alternatives(WORDS.own_voice)})\b", re.IGNORECASE)
_MOST_QUOTED = 40
_PAIRED = {"“": "”", "‘": "’", '"': '"', "«": "»", "„": "“”"}
_LEADING = " \t\u00a0,–—-"
_HEADING = TurnKind.HEADING


@dataclass(frozen=True, slots=True)
class Attributed:
    """A quotation within a line: offsets into the line's text, and the speaker named for it.

    `words` lies inside the quotation marks; the attribution ends at `end`, and what follows is
    the report's own text, or as a whole a second quotation (`again`) of the same speaker.
    """

    words: tuple[int, int]
    person: Person
    end: int
    again: tuple[int, int] | None = None


def read_attributed(text: str, people: People) -> Attributed | None:
    """Return the attributed quotation that the whole line is, or None.

    `people` are the persons the document has named; a surname alone counts only if it is one
    of theirs, so that "said Washington" gives nobody.
    """
    if text[:1] in _OPENING:
        return _quote_first(text, people)
    return _speaker_first(text, people)


def is_whole_quotation(text: str) -> bool:
    """Return whether the line is nothing but words in quotation marks."""
    return (
        len(text) > 2
        and text[0] in _OPENING
        and text.rstrip(".,")[-1:] in _CLOSING[text[0]]
        and len(text.rstrip(".,")) > 2
    )


def read_signature(text: str, people: People) -> Person | None:
    """Return the person of a line that signs the quotation above it: "— Jane Doe, Director"."""
    if len(text) > _LONGEST_ATTRIBUTION:
        return None
    dashed = text[0] in "–—-―~"
    person = _verbless(text.lstrip(_LEADING + "―~").strip(), people, dashed)
    return person if person is not None and (dashed or person.role) else None


def inner_words(text: str) -> tuple[int, int]:
    """Return the span inside the quotation marks of a line that is a whole quotation."""
    end = len(text.rstrip(".,")) - 1
    return _trimmed(text, 1, end)


def _quote_first(text: str, people: People) -> Attributed | None:
    for close in _closings(text):
        ended = _SENTENCE_END.search(text, close + 1, close + 1 + _LONGEST_ATTRIBUTION)
        end = ended.end() if ended else len(text)
        if end - close > _LONGEST_ATTRIBUTION:
            continue
        person = _attribution(text[close + 1 : end], text[close - 1], people)
        if person is not None:
            return Attributed(_trimmed(text, 1, close), person, end, _second_quotation(text, end))
    return None


def _closings(text: str) -> Iterator[int]:
    """Yield the places of closing marks: the first few, then the last few, each once."""
    marks = _CLOSING[text[0]]
    found = re.compile(f"(?<=\\S)[{re.escape(marks)}]")
    first: list[int] = []
    for place in found.finditer(text, 2):
        first.append(place.start())
        if len(first) == _MOST_CLOSINGS:
            break
    yield from first
    if len(first) == _MOST_CLOSINGS:
        tail = max(first[-1] + 1, len(text) - _LONGEST_ATTRIBUTION)
        for place in found.finditer(text, tail):
            yield place.start()


def _second_quotation(text: str, start: int) -> tuple[int, int] | None:
    """Return the words of the quotation that fills the text from `start` on, if one does."""
    opening = start + len(text[start:]) - len(text[start:].lstrip())
    if opening >= len(text) - 2 or text[opening] != text[0]:
        return None
    marks = _CLOSING[text[0]]
    if text[-1] not in marks or any(mark in text[opening + 1 : -1] for mark in marks):
        return None
    return _trimmed(text, opening + 1, len(text) - 1)


def _attribution(rest: str, before: str, people: People) -> Person | None:
    """Return whom the words after a quotation name; `before` is its last character."""
    text = rest.strip()
    dashed = text[:1] in "–—-" if text else False
    text = text.lstrip(_LEADING).strip()
    text = text[:-1] if text.endswith((".", ";")) else text
    if not text or len(text) > _LONGEST_ATTRIBUTION:
        return None
    verb = _VERB_FIRST.match(text)
    if verb is not None:
        said = verb["verb"]
        apart = before in ",.!?…" or rest.lstrip()[:1] in ",–—-"
        if is_naming(said) or _addresses(said, text[verb.end() :], apart):
            return None
        return _person(text[verb.end() :], people, said)
    found = _verb_after(text, len(text))
    if found is not None:
        if _OF_ANOTHER.search(text, found.end()):
            return None
        return _person(text[: found.start()], people, found["verb"])
    if _PASSIVE.search(text):  # "Jane Doe, Minister of Water, was told"
        return None
    if before in ",.!?…" or rest.lstrip()[:1] in ",–—-":
        return _verbless(text, people, dashed)
    return None


def _addresses(verb: str, follows: str, apart: bool) -> bool:
    """Return whether the name after a verb is the one addressed: “Harbour First” urged Jane Doe to
    go. `apart`: the quotation and the verb are separated by a comma or the like."""
    return verb in WORDS.addressing_verbs and (
        not apart or _TO_ADDRESSEE.search(follows) is not None
    )


def _verb_after(text: str, end: int) -> re.Match[str] | None:
    """Return the first verb of saying in `text[:end]` whose subject can be what precedes it."""
    for found in _VERB_AFTER.finditer(text, 0, end):
        subject = text[: found.start()]
        if is_sentence(subject):
            return None
        if _may_speak(subject, found):
            return found
    return None


def _may_speak(subject: str, verb: re.Match[str]) -> bool:
    """Return whether a verb after these words makes them the speaker: not "was told"."""
    last = subject.rsplit(None, 1)[-1] if subject.split() else ""
    plain = last.casefold()
    if plain in WORDS.passives or plain in _OF_NOUNS or plain.endswith("ly"):
        return False
    apart = verb.group().startswith(",") or last[:1].isupper()
    return apart or verb["verb"] not in WORDS.noun_like_verbs


def _verbless(text: str, people: People, dashed: bool) -> Person | None:
    """Read `Name, Office` without a verb; a name alone only after a dash."""
    text = text[:-1] if text.endswith(".") else text
    person = read_person(text)
    if person is None:
        return None
    if person.role and has_office_word(person.role) and is_person_name(person.name):
        return people.with_role(person)
    if dashed and is_person_name(person.name):
        return people.with_role(person)
    return None


def _person(text: str, people: People, verb: str) -> Person | None:
    """Return the person named by the words next to a verb of saying."""
    text = text.strip().rstrip(",").strip()
    known = people.find(text) if len(text.split()) <= 3 else None
    if known is not None:
        return known
    person = _surely_named(text, people, verb)
    if person is not None:
        return person
    for found in _ADVERBIAL.finditer(text[:_LONGEST_ATTRIBUTION]):
        left = text[: found.start()]
        person = people.find(left) if len(left.split()) <= 3 else None
        person = person or _surely_named(left, people, verb)
        if person is not None:
            return person
    return None


def _surely_named(text: str, people: People, verb: str) -> Person | None:
    person = read_person(text)
    if person is None:
        return None
    name, role = person.name, person.role
    if role:
        parts = [part.strip() for part in role.split(",")]
        while parts and _PREPOSITION_FIRST.match(parts[-1]):
            parts.pop()
        role = ", ".join(parts) if parts else None
    if role is None and person.role:
        person = Person(name, None, person.honorific)
    elif role != person.role:
        person = Person(name, role, person.honorific)
    if person.honorific or person.role:
        return people.with_role(person)
    # "Reported Sky News": what is cited so is seldom a person, unless the text has named them.
    cited = verb in WORDS.reported_by or is_no_person(name, verb, (), ())
    if is_person_name(name) and (name in people or not cited):
        return people.with_role(person)
    return None


def _speaker_first(text: str, people: People) -> Attributed | None:
    """Read a whole line of the form `Jane Doe, Minister of X, said: “…”`."""
    head = text[:_LONGEST_ATTRIBUTION]
    opening = min((head.find(mark) for mark in _OPENING if mark in head), default=-1)
    if opening < 4 or text[opening - 2 : opening].rstrip()[-1:] not in (":", ","):
        return None
    if text.rstrip(".")[-1] not in _CLOSING[text[opening]]:
        return None
    end = len(text.rstrip(".")) - 1
    if end <= opening + 1 or any(
        mark in text[opening + 1 : end] for mark in _CLOSING[text[opening]]
    ):
        return None
    found = _verb_after(text, opening)
    if found is None or is_naming(found["verb"]):
        return None
    person = _person(text[: found.start()], people, found["verb"])
    if person is None:
        return None
    return Attributed(_trimmed(text, opening + 1, end), person, len(text))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Trim white space around the span and a comma before the closing mark."""
    words = text[start:end]
    left = start + len(words) - len(words.lstrip())
    right = start + len(words.rstrip())
    if right > left and text[right - 1] == ",":
        right -= 1
    return left, max(left, right)


def narrated(lines: tuple[Line, ...], indices: list[int], people: People) -> list[Segment]:
    """Divide lines outside anybody's turn: narration, headings and attributed quotations."""
    segments: list[Segment] = []
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
            segments.extend(_quoted(line, spans, person, end))
            segments.append(Segment(TurnKind.NARRATION, end, line.end))
            continue
        if is_whole_quotation(line.text) and index + 1 in own:
            follows = lines[index + 1]
            signer = read_signature(follows.text, people)
            if signer is not None:
                person = people.add(signer)
                segments.extend(_quoted(line, [inner_words(line.text)], person, follows.end))
                signed.add(index + 1)
                continue
        speaker = _introduced(line.text, people)
        block = _block_after(lines, index, own, speaker) if speaker is not None else []
        if speaker is not None and block:
            person = people.add(speaker)
            named = (person.name, person.role)
            segments.append(Segment(TurnKind.LABEL, line.start, line.end, *named, True))
            segments.extend(
                Segment(TurnKind.QUOTATION, *_unmarked(lines[at]), *named) for at in block
            )
            signed.update(block)
            continue
        kind = _HEADING if is_plain_heading(lines, index) else TurnKind.NARRATION
        segments.append(Segment(kind, line.start, line.end, fresh=kind is _HEADING))
    return segments


def _introduced(text: str, people: People) -> Person | None:
    """Return who is introduced as the speaker of the lines below: "Jane Doe, Director, said:"."""
    if not text.endswith(":") or len(text) > _LONGEST_ATTRIBUTION:
        return None
    found = _SAID_BELOW.search(text)
    if found is None or is_sentence(text[: found.start()]):
        return None
    return _person(text[: found.start()], people, found["verb"])


def _block_after(lines: tuple[Line, ...], index: int, own: set[int], speaker: Person) -> list[int]:
    """Return the lines of the quotation below the line that introduces it.

    Quotation marks say where it ends. Without them its first paragraph is surely part of it, and
    those in the first person right after it that don't speak of the speaker.
    """
    below = []
    for at in range(index + 1, min(len(lines), index + _MOST_QUOTED)):
        if at not in own or lines[at].text.endswith(":"):
            break
        below.append(at)
    if not below:
        return []
    opening = lines[below[0]].text[0]
    if opening in _PAIRED:
        closing = _PAIRED[opening]
        for count, at in enumerate(below, start=1):
            inner = lines[at].text.rstrip(".,")
            goes_on = count < len(below) and lines[below[count]].text[0] == opening
            if inner[-1:] in closing and not goes_on:
                return below[:count]
        return []
    for count, at in enumerate(below[1:], start=1):
        text = lines[at].text
        if is_plain_heading(lines, at) or not _OWN_VOICE.search(text) or _mentions(text, speaker):
            return below[:count]
    return below


def _mentions(text: str, speaker: Person) -> bool:
    """Return whether words mention somebody by surname, as only another person does."""
    surname = speaker.name.split()[-1]
    return re.search(rf"\b{re.escape(surname)}\b", text) is not None


def _unmarked(line: Line) -> tuple[int, int]:
    """Return the span of a quoted line without the quotation marks around it."""
    opening = line.text[0]
    start = 1 if opening in _PAIRED else 0
    bare = line.text.rstrip(".,")
    closed = start and bare[-1:] in _PAIRED[opening]
    return line.start + start, line.start + (len(bare) - 1 if closed else len(line.text))


def _quoted(line: Line, spans: list[tuple[int, int]], person: Person, end: int) -> list[Segment]:
    """Return quotations, with the marks and the attribution around them as labels."""
    segments: list[Segment] = []
    at = line.start
    for left, right in spans:
        start, stop = line.start + left, line.start + right
        if at < start:
            segments.append(Segment(TurnKind.LABEL, at, start, person.name, person.role, True))
        segments.append(Segment(TurnKind.QUOTATION, start, stop, person.name, person.role, True))
        at = stop
    if at < end:
        segments.append(Segment(TurnKind.LABEL, at, end, person.name, person.role, True))
    return segments
