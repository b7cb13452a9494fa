"""Decide which of a document's candidate labels name speakers.

One label that gives an office and a name is evidence enough; a bare name or "The Chair"
must be part of a conversation: other labels, repetition, people speaking to each other.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

from qa.language import WORDS
from qa.language.lexicon import alternatives
from qa.language.names import (
    Person,
    fold_name,
    has_office_word,
    is_person_name,
    strip_article,
)
from qa.language.offices import (
    addresses_an_office,
    is_answer_label,
    is_heading_word,
    is_honorific,
    is_office_word,
    is_question_label,
)
from qa.structure.induction import Induced, induce_labels, is_cyclic
from qa.structure.label_heads import LabelHead, LabelStyle
from qa.structure.labels import (
    Form,
    Label,
    is_label_shaped,
    label_of,
    may_be_office,
    read_label,
)
from qa.structure.lines import Line
from qa.structure.people import People

_SPOKEN = re.compile(
    rf"\b(?:{alternatives(WORDS.own_voice | WORDS.addressing)})\b|\?", re.IGNORECASE
)
_LOOKED_AT = 1500
_INITIALS = re.compile(r"[^\W\d_]\.\s?[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Labels:
    """Speakers' labels by line index.

    At a `doubtful` line somebody else may begin to speak, so that nobody's turn goes on there.
    """

    accepted: dict[int, Label]
    doubtful: frozenset[int]


def find_labels(lines: tuple[Line, ...], skip: frozenset[int], people: People) -> Labels:
    """Return the speakers' labels of a document, by line index.

    `skip` are lines that can't hold one (menus, captions); `people` are the persons whom the
    document's head introduces.
    """
    known = _bare_names(lines, skip)
    candidates: dict[int, Label] = {}
    for index in range(len(lines)):
        if index in skip or (index - 1 in candidates and candidates[index - 1].end > index):
            continue
        label = read_label(lines, index, known)
        if label is not None and not any(i in skip for i in range(index, label.end)):
            candidates[index] = label
    accepted = _accepted(candidates, lines, people)
    induced = _induced(lines, skip, known)
    accepted = _combined(accepted, induced, lines, people, known)
    if not accepted:
        return Labels({}, frozenset())
    names = {
        word
        for label in accepted.values()
        if label.person is not None
        for word in fold_name(label.person.name)
    }
    counts = Counter(label.text.casefold() for label in candidates.values())
    doubtful = {
        index
        for index, label in candidates.items()
        if index not in accepted
        and (
            _may_be_speaker(label, people)
            or counts[label.text.casefold()] > 1
            or names.intersection(fold_name(label.text))
        )
    }
    styles = {head.style for head in induced.labels.values()}
    in_colons = not styles or bool(styles & {LabelStyle.COLON, LabelStyle.STOP})
    doubtful |= {
        index
        for index, line in enumerate(lines)
        if index not in candidates and index not in skip and is_label_shaped(line)
        if in_colons
    }
    doubtful |= induced.barriers
    return Labels(accepted, frozenset(doubtful - accepted.keys() - induced.misplaced))


def _induced(
    lines: tuple[Line, ...], skip: frozenset[int], known: frozenset[tuple[str, ...]]
) -> Induced:
    """Return the labels shown by repetition, with help from those whose words name a speaker."""

    @cache
    def ordinary() -> frozenset[str]:
        """Return the words that the document writes in small letters."""
        words: set[str] = set()
        for line in lines:
            words.update(token.strip(".,;:!?()\"'“”") for token in line.text[:20_000].split())
        return frozenset(word for word in words if word.islower() and word.isalpha())

    def names_speaker(head: LabelHead) -> bool | None:
        if head.style is not LabelStyle.NICK and is_heading_word(head.text):
            return False
        label = label_of(head, known)
        first = head.text.split()[0]
        if label is None and is_heading_word(first) and not is_honorific(first):
            return False
        if " " not in head.text and head.key in ordinary() and label and label.form is Form.WORD:
            return False
        if label is None:
            return True if _is_titled(head.text) else None
        held = head.aside is not None and label.person is not None and has_office_word(head.aside)
        sure = held or label.form in (Form.ADDRESSED, Form.OFFICE) or _is_titled(head.text)
        return True if sure or (label.form is Form.PART and len(head.text) > 1) else None

    return induce_labels(lines, skip, names_speaker)


def _is_outlier(label: Label, induced: Induced) -> bool:
    """Return whether a label that occurs once is built unlike all that recur, as a heading among
    "Lord X" and "Baroness Y"."""
    heads = [head for head in induced.labels.values() if head.style is LabelStyle.COLON]
    decorated = sum(head.aside is not None or _is_titled(head.text) for head in heads)
    named = label.form is Form.PART or _is_titled(label.text)
    plain = "(" not in label.text and not named
    return bool(heads) and 5 * decorated >= 4 * len(heads) and plain


def _is_titled(text: str) -> bool:
    """Return whether words begin with a form of address or an office and go on with a name."""
    first, _, rest = text.partition(" ")
    if first.casefold() in WORDS.articles:
        first, _, rest = rest.partition(" ")
    titled = is_honorific(first) or is_office_word(first)
    named = bool(rest) and not (is_heading_word(rest) or is_office_word(rest))
    return titled and named and not addresses_an_office(text)


def _combined(
    accepted: dict[int, Label],
    induced: Induced,
    lines: tuple[Line, ...],
    people: People,
    known: frozenset[tuple[str, ...]],
) -> dict[int, Label]:
    """Combine the labels found by words and by repetition: keep what both show, or one where the
    other is silent; where they contradict each other, neither."""
    result = {
        index: label
        for index, label in accepted.items()
        if label.form in (Form.ADDRESSED, Form.OFFICE)
        or not (
            index in induced.misplaced
            or (index in induced.barriers and _is_outlier(label, induced))
        )
    }
    strong = any(label.form in (Form.ADDRESSED, Form.OFFICE) for label in result.values())
    if not (strong or induced.labels or _reply_to_each_other(result)):
        result = {index: label for index, label in result.items() if _stands_alone(label, people)}
    for index, head in induced.labels.items():
        if index in result or is_heading_word(head.text):
            continue
        label = label_of(head, known)
        held = head.aside if head.bracketed and head.aside else ""
        if has_office_word(head.text) and is_person_name(held):
            person = Person(held, strip_article(head.text))
            label = Label(index, head.end, head.text, Form.OFFICE, person, head.speech, head.rest)
        elif label is None or label.form in (Form.UNSURE, Form.WORD):
            role = head.aside if head.bracketed and head.aside and head.aside[0].isupper() else None
            named = None if head.style is LabelStyle.NICK else Person(head.text, role)
            label = Label(index, head.end, head.text, Form.NAME, named, head.speech, head.rest)
        result[index] = label
    return dict(sorted(result.items()))


def _stands_alone(label: Label, people: People) -> bool:
    """Return whether a label names a speaker without recurrence or a form of address: by a role in
    a conversation, a time beside it, initials, or a name from the head."""
    named = label.person is not None and label.person.name in people
    told = label.form is Form.PART or label.stamped or label.apart
    return told or named or _INITIALS.match(label.text) is not None


def _reply_to_each_other(labels: dict[int, Label]) -> bool:
    """Return whether anybody speaks again right after one other; terms of a list hardly ever do."""
    keys = [label.text.casefold() for _, label in sorted(labels.items())]
    again = any(
        one == third != other for one, other, third in zip(keys, keys[1:], keys[2:], strict=False)
    )
    return again and not is_cyclic(keys)


def _may_be_speaker(label: Label, people: People) -> bool:
    """Return whether an uncertain label looks enough like one to end the turn before it."""
    if label.form is Form.WORD:
        return label.stamped or label.text in people or (label.text.isupper() and _is_spoken(label))
    return True


def _bare_names(lines: tuple[Line, ...], skip: frozenset[int]) -> frozenset[tuple[str, ...]]:
    """Return the folded names that stand alone before a colon somewhere in the document."""
    names = set()
    for index, line in enumerate(lines):
        head, colon, _ = line.text[:80].partition(":")
        if colon and index not in skip and 2 <= len(head.split()) <= 5:
            label = read_label(lines, index)
            if label is not None and label.form is Form.NAME and label.person is not None:
                names.add(fold_name(label.person.name))
    return frozenset(names)


def _accepted(
    candidates: dict[int, Label], lines: tuple[Line, ...], people: People
) -> dict[int, Label]:
    strong = {i: c for i, c in candidates.items() if c.form >= Form.ADDRESSED or c.apart}
    named = People()
    for label in strong.values():
        if label.person is not None:
            named.add(label.person)
    chosen = set(strong) | _parts(candidates, bool(strong))
    shape = _Shape.of(candidates)
    # Full names first: a one-word label may be one of theirs.
    for form in (Form.NAME, Form.UNSURE, Form.WORD):
        for index, label in candidates.items():
            if label.form is form and _is_speaker(label, shape, named, people, bool(chosen)):
                chosen.add(index)
                if label.person is not None and form is Form.NAME:
                    named.add(label.person)
    result = {index: label for index, label in candidates.items() if index in chosen}
    if any(label.form is Form.WORD for label in result.values()):
        result = _without_common_words(result, lines, named, people)
    return result


@dataclass(frozen=True, slots=True)
class _Shape:
    """What the candidates of a document have in common: how often each, how many of a form."""

    counts: Counter[str]
    distinct: Counter[Form]
    words: int
    stamped: int
    spoken_names: int
    spoken_words: frozenset[str]

    @classmethod
    def of(cls, candidates: dict[int, Label]) -> _Shape:
        labels = candidates.values()
        spoken = [label for label in labels if _is_spoken(label)]
        distinct = {(label.form, label.text.casefold()) for label in labels}
        return cls(
            Counter(label.text.casefold() for label in labels),
            Counter(form for form, _ in distinct),
            sum(label.form is Form.WORD for label in labels),
            sum(label.stamped for label in labels),
            sum(label.form is Form.NAME for label in spoken),
            frozenset(label.text.casefold() for label in spoken if label.form is Form.WORD),
        )


def _parts(candidates: dict[int, Label], others: bool) -> set[int]:
    """Return labels such as "The Chair" and "Q" that are part of a conversation."""
    found = {i: c for i, c in candidates.items() if c.form is Form.PART}
    asks = {i for i, c in found.items() if is_question_label(c.text)}
    answers = {i for i, c in found.items() if is_answer_label(c.text)}
    names = any(label.form >= Form.NAME for label in candidates.values())
    rest = set(found) - asks - answers
    accepted: set[int] = set()
    if asks and answers and min(asks) < max(answers) and min(asks) < min(answers) + 2:
        accepted |= asks | answers
    elif asks and (others or names or rest):
        accepted |= asks
    distinct = {found[i].text.casefold() for i in rest}
    spoken = [i for i in rest if _is_spoken(found[i])]
    if others or accepted or len(distinct) >= 2 or (rest and names) or len(rest) >= 3:
        accepted |= rest if (others or accepted or spoken) else set()
    return accepted


def _is_speaker(label: Label, shape: _Shape, named: People, people: People, dialogue: bool) -> bool:
    """Return whether a bare name before a colon is a speaker's."""
    if label.form is Form.UNSURE:
        return dialogue and _is_spoken(label) and may_be_office(label.text.split()[:-2])
    name = label.person.name if label.person else label.text
    if name in named or (label.stamped and shape.stamped >= 2):
        return True
    folded = label.text.casefold()
    repeated = shape.counts[folded] >= 2
    names = shape.distinct[Form.NAME]
    if label.form is Form.NAME:
        if dialogue or (name in people and (repeated or names >= 2 or _is_spoken(label))):
            return True
        return (repeated and shape.spoken_names >= 1) or (names >= 2 and shape.spoken_names >= 2)
    others = shape.distinct[Form.WORD] + names
    if name in people:
        return repeated or others >= 2
    if repeated and dialogue and label.text.isupper() and len(label.text) > 2:
        return True
    return shape.words >= 3 and others >= 2 and folded in shape.spoken_words


def is_spoken(text: str) -> bool:
    """Return whether words address somebody, speak of the speaker, or ask something."""
    return _SPOKEN.search(text[:_LOOKED_AT]) is not None


def _is_spoken(label: Label) -> bool:
    """Return whether the words after the label address somebody or ask something."""
    return _SPOKEN.search(label.rest[:_LOOKED_AT]) is not None


def _without_common_words(
    labels: dict[int, Label], lines: tuple[Line, ...], named: People, people: People
) -> dict[int, Label]:
    """Drop one-word labels that the document also uses as ordinary, lower-case words."""
    words = {
        label.text.casefold()
        for label in labels.values()
        if label.form is Form.WORD and not (label.text in named or label.text in people)
    }
    ordinary = {word for word in words if is_heading_word(word)}
    if words:
        for line in lines:
            ordinary |= words.intersection(_WORD.findall(line.text[:20_000]))
    left = words - ordinary
    if len(left) == 1:  # once only, and no other word is a speaker's: too little evidence
        alike = [label for label in labels.values() if label.text.casefold() in left]
        if len(alike) == 1 and not alike[0].stamped:
            ordinary |= left
    return {
        index: label
        for index, label in labels.items()
        if label.form is not Form.WORD or label.text.casefold() not in ordinary
    }
