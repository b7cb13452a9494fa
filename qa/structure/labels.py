"""Read what precedes the colon at a line's start, and how much it looks like a speaker's label."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from qa.language import WORDS
from qa.language.lexicon import alternatives
from qa.language.name_boundaries import is_office_phrase, opens_sentence
from qa.language.names import (
    Person,
    has_office_word,
    is_office_alone,
    is_person_name,
    is_surname,
    read_person,
)
from qa.language.offices import (
    addresses_an_office,
    is_answer_label,
    is_conversation_role,
    is_heading_word,
    is_question_label,
)
from qa.language.speech import SPEECH_VERBS
from qa.records import BlockKind
from qa.structure.boilerplate import is_entry
from qa.structure.label_heads import LabelHead
from qa.structure.lines import Line

# What the format marks as no prose of a person's: nobody's label begins there.
_WORDLESS = frozenset(
    {
        BlockKind.TABLE,
        BlockKind.CODE,
        BlockKind.NOTE,
        BlockKind.NAVIGATION,
        BlockKind.METADATA,
    }
)
_LONGEST = 320
_LONGEST_OFFICE = 5
_NO_LABEL = frozenset("!?…;=/\\{}<>")
_TIMESTAMP = re.compile(
    r"[\[(]?\b\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?\b(?:\s?[ap]\.?m\b\.?)?[\])]?",
    re.IGNORECASE,
)
# The numbers of a court record's lines, before the letters and labels of its questions.
_LINE_NUMBER = re.compile(r"\d{1,2}\s+(?=[QA](?:\.\s|\s{2,}|\t)|(?:THE|BY|MR|MS|MRS|DR)\b)")
_LEADING_MARK = re.compile(r"(?:\[\d{1,5}\]|\d{1,4}[.)])\s+|>>+\s?|[*_]{1,3}(?=\S)")
_RECORD_STYLE = re.compile(
    r"((?:Mr|Mrs|Ms|Miss|Dr)\.?\s[A-Z][A-Z'’-]+(?:\s[A-Z][A-Z'’-]+){0,2}(?:\sof\s[A-Z]\w+(?:\s[A-Z]\w+)?)?"
    r"|The\s[A-Z]{3,}(?:\s[A-Z]{3,}){0,2}(?:\spro\stempore)?)\.(?:\s|—)"
)
_LETTER_STYLE = re.compile(r"([QA])(?:\.\s+|[ \t\u00a0]{2,}|\t)(?=\S)")
_SAYING = re.compile(rf"\b(?:{alternatives(SPEECH_VERBS | WORDS.reading_verbs)})$")
_RUSSIAN_VERB_ENDINGS = ("ю", "у", "ем", "им", "ет", "ит", "ут", "ют", "те", "ть", "л", "ла", "ли")
_QUOTED_BODY = re.compile(r"[^“”«»]+(?:“[^“”«»]{1,80}”|«[^“”«»]{1,80}»)[^“”«»]+$")
_SALUTATION = re.compile(
    r"(?:dear|hello|hi|good (?:morning|afternoon|evening)|ladies|friends|colleagues|уважаемы|"
    r"дорог|thank|by the|as |in |on |at |if |for |to |with )\b",
    re.IGNORECASE,
)


# A label as far as capitals show one; what stands in parentheses may be anything.
_ASIDE = re.compile(r"[(\[][^()\[\]]{0,120}[)\]]")
_MOST_SHAPED_WORDS = 12
_QUOTED_NAME = re.compile(r"[«“„\"][^«»“”„\"]{0,120}[»”“\"]")
# Somebody whom nobody saw: "Голос с места", "A voice from the gallery".
_UNSEEN = re.compile(
    r"(?:(?:голоса?|реплик[аи]|(?:вы)?крики?|шум) )?(?:из зала|с места?)|"
    r"(?:an? |several )?voices?(?: from [\w ]{1,40})?|zurufe?(?: [\w ]{1,40})?",
    re.IGNORECASE,
)


class Form(IntEnum):
    """How strongly a label's form alone suggests a speaker; higher is stronger."""

    UNSURE = 0  # ends in a name, but what stands before it isn't known to be an office
    WORD = 1  # one capitalised word ("Anna")
    PART = 2  # a part in a conversation ("The Chair", "Q")
    NAME = 3  # a person's name ("Jane Doe")
    ADDRESSED = 4  # a name with a form of address ("Mr. Smith")
    OFFICE = 5  # an office and a name ("Minister of Health Jane Doe")


@dataclass(frozen=True, slots=True)
class Label:
    """A candidate for a speaker's label.

    `end` is the index after the label's last line; the speech begins at the offset `speech` of
    the text (the end of the last line where nothing follows). `text` is the label as given;
    `person` whom it names, where that could be made out.
    """

    line: int
    end: int
    text: str
    form: Form
    person: Person | None
    speech: int
    rest: str
    stamped: bool = False
    apart: bool = False


def read_label(
    lines: tuple[Line, ...], index: int, known: frozenset[tuple[str, ...]] = frozenset()
) -> Label | None:
    """Return the label with which the line at `index` begins, if it can be one."""
    line = lines[index]
    if line.block in _WORDLESS:
        return None
    follows = lines[index + 1] if index + 1 < len(lines) else None
    if follows is not None and follows.text[0] == ":" and len(line.text) <= _LONGEST:
        return _named_above(lines, index, known)
    numbered = _LINE_NUMBER.match(line.text)
    shift = numbered.end() if numbered else 0
    head = line.text[shift:][:_LONGEST]
    stamped = _stamped_line(lines, index)
    if stamped is not None:
        return stamped
    found = _record_style(head)
    if found is None:
        found = _colon_style(head)
    if found is None:
        return None
    text, at = found
    stamp = _TIMESTAMP.search(text)
    bare = _clean(_TIMESTAMP.sub("", text) if stamp else text)
    rest = line.text[shift + at :].lstrip("*_ \t\u00a0")
    speech = line.end - len(rest)
    if not rest and follows is not None and line.block is not BlockKind.HEADING:
        if addresses_an_office(bare):  # a letter's or a speech's greeting
            return None
        rest = follows.text
    classified = _classify(bare, known)
    if classified is None or not rest:
        return None
    form, person = classified
    lettered = is_question_label(bare) or is_answer_label(bare)
    if not lettered and is_entry(rest, by_office=form in (Form.OFFICE, Form.PART)):
        return None
    return Label(index, index + 1, bare, form, person, speech, rest, stamp is not None)


def label_of(head: LabelHead, known: frozenset[tuple[str, ...]] = frozenset()) -> Label | None:
    """Return a head as a label, or None if its words name nobody."""
    full = f"{head.text} ({head.aside})" if head.aside else head.text
    for text in (full, head.text):
        classified = _classify(text, known)
        if classified is not None and not addresses_an_office(text):
            form, person = classified
            return Label(head.line, head.end, text, form, person, head.speech, head.rest)
    return None


def is_label_shaped(line: Line) -> bool:
    """Return whether the line begins as a label would: capitalised words, or a name with something
    in parentheses, before a colon and words. Whom it names need not be clear ("Lord X of Y (CB):").
    """
    if line.block in _WORDLESS:
        return False
    found = _colon_style(line.text[:_LONGEST])
    if found is None or not line.text[found[1] : found[1] + 1].isspace():
        return False
    if _UNSEEN.fullmatch(found[0]):
        return True
    bare = _clean(_QUOTED_NAME.sub("", _ASIDE.sub("", found[0])))
    name, _, after = bare.partition(",")
    words = name.split() if len(name.split()) > 1 and after else bare.split()
    if not words or len(words) > _MOST_SHAPED_WORDS or (len(words) < 2 and bare == found[0]):
        return False
    if _SALUTATION.match(bare) or addresses_an_office(bare) or any(c in bare for c in _NO_LABEL):
        return False
    return all(word[0].isupper() or word in WORDS.label_particles for word in words)


def _named_above(
    lines: tuple[Line, ...], index: int, known: frozenset[tuple[str, ...]]
) -> Label | None:
    """Read a name on its own line, with the colon at the beginning of the next line."""
    line, follows = lines[index], lines[index + 1]
    bare = _clean(line.text)
    classified = _classify(bare, known)
    if classified is None:
        named = bare and bare[-1] not in ".!?…,;" and bare[0].isupper()
        if not named or not has_office_word(bare):
            return None
        classified = (Form.OFFICE, None)
    rest = follows.text[1:].lstrip()
    form, person = classified
    speech = follows.end - len(rest)
    return Label(index, index + 2, bare, form, person, speech, rest, apart=True)


def _stamped_line(lines: tuple[Line, ...], index: int) -> Label | None:
    """Read a name and a time stamp on their own line, with the words below."""
    line = lines[index]
    if len(line.text) > 80 or index + 1 >= len(lines):
        return None
    found = _TIMESTAMP.search(line.text)
    if found is None:
        return None
    bare = _clean((line.text[: found.start()] + " " + line.text[found.end() :]).rstrip(": "))
    classified = _classify(bare, frozenset())
    if classified is None or (bare and bare[-1] in ".,"):
        return None
    form, person = classified
    rest = lines[index + 1].text
    return Label(index, index + 1, bare, form, person, line.end, rest, stamped=True)


def _record_style(head: str) -> tuple[str, int] | None:
    """Read a label that ends in a stop: "Mr. SMITH. I rise", "Q. Where were you?"."""
    found = _RECORD_STYLE.match(head) or _LETTER_STYLE.match(head)
    return (found.group(1), found.end()) if found else None


def _colon_style(head: str) -> tuple[str, int] | None:
    marked = _LEADING_MARK.match(head)
    begin = marked.end() if marked else 0
    at = begin
    while True:
        at = _next_colon(head, at)
        if at < 0:
            return None
        if not (head[at - 1 : at].isdigit() and head[at + 1 : at + 2].isdigit()):
            break
        at += 1
    text = head[begin:at].strip()
    if not text or head[at + 1 : at + 3] == "//":
        return None
    return text, at + 1


def _next_colon(head: str, at: int) -> int:
    found = [place for place in (head.find(":", at), head.find("：", at)) if place >= 0]
    return min(found) if found else -1


def _clean(text: str) -> str:
    """Return a label without emphasis marks and remains of a removed time stamp."""
    return text.strip().strip("*_").strip().rstrip("-–—|,").lstrip("-|").strip()


def _classify(bare: str, known: frozenset[tuple[str, ...]]) -> tuple[Form, Person | None] | None:
    if not bare or len(bare) > _LONGEST or any(c in _ASIDE.sub("", bare) for c in _NO_LABEL):
        return None
    if any(mark in bare for mark in "“”«»") and not _QUOTED_BODY.match(bare):
        return None
    if is_question_label(bare) or is_answer_label(bare) or is_conversation_role(bare):
        return Form.PART, None
    if bare.casefold().startswith("by ") and is_honorific_name(bare[3:]):
        return Form.PART, None
    if _SAYING.search(bare):  # a report's words before a quotation
        return None
    if _SALUTATION.match(bare) and not has_office_word(bare.split()[0]):
        return None
    person = read_person(bare, known)
    if person is not None:
        if person.honorific:
            return Form.ADDRESSED, person
        if person.role:
            return (Form.OFFICE if has_office_word(person.role) else Form.NAME), person
        return Form.NAME, person
    words = bare.split()
    if len(words) == 1 and is_surname(bare) and len(bare) > 1:
        return Form.WORD, Person(bare)
    if is_office_alone(words, _LONGEST_OFFICE):
        return Form.PART, None
    named = 3 <= len(words) <= 12 and is_person_name(" ".join(words[-2:]))
    if named and bare[0].isupper() and not opens_sentence(words[0]):
        return Form.UNSURE, None
    return None


def may_be_office(words: list[str]) -> bool:
    """Return whether words before a name can be an office that the vocabulary doesn't know."""
    if not words[0][0].isupper() or any(is_heading_word(word) for word in words):
        return False
    verbal = words[0].casefold().endswith(_RUSSIAN_VERB_ENDINGS)  # "Повторю слова …"
    return is_office_phrase(words) and not verbal


def is_honorific_name(text: str) -> bool:
    """Return whether the text is a form of address with a name ("MR. JONES")."""
    person = read_person(text)
    return person is not None and person.honorific is not None
