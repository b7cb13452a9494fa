"""Turn what a person says is wrong into corrections to store, or refuse with a clear reason."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from datetime import UTC, datetime

from qa.corrections.applying import (
    UNSET,
    Correctable,
    Correction,
    CorrectionKind,
    Given,
    StructureSelector,
    Unset,
    document_anchor,
    turn_anchor,
)
from qa.errors import InvalidQuery
from qa.language.dates import period
from qa.records import Document, Turn, TurnKind

LONGEST_NAME = 300


def correct_document(
    subject: Correctable,
    document: int | None,
    title: Given,
    date: Given,
    person: str | None,
    seen: tuple[Given, Given] = (UNSET, UNSET),
) -> list[Correction]:
    """Return the corrections that give a document (None: the source's only one) another title or
    date; a title or date of None: it has none.

    `seen` are the title and the date that the person wanted to change: where somebody has changed
    them since, nothing is kept. Raises InvalidQuery.
    """
    if title is UNSET and date is UNSET:
        raise InvalidQuery("nothing to correct was given, expected a title or a date")
    found = _document(subject, document)
    now = next(one for one in subject.now.documents if one.ordinal == found.ordinal)
    anchor = document_anchor(found, subject.documents, subject.text)
    made = []
    for kind, given, was, is_now, saw in (
        (CorrectionKind.TITLE, title, found.title, now.title, seen[0]),
        (CorrectionKind.DATE, date, found.date, now.date, seen[1]),
    ):
        if isinstance(given, Unset):
            continue
        value = _title(given) if kind is CorrectionKind.TITLE else _date(given)
        _unless_changed(kind.value, saw, is_now)
        _unless_so(kind.value, value, is_now)
        made.append(Correction(0, subject.path, kind, value, None, anchor, was, _now(), person))
    return made


def correct_name(
    subject: Correctable,
    found: str,
    speaker: str | None,
    role: str | None,
    person: str | None,
    seen: Given = UNSET,
) -> list[Correction]:
    """Return the correction that names another speaker wherever one name was found.

    Raises InvalidQuery."""
    keys = {(turn.document, turn.ordinal) for turn in subject.turns if turn.speaker == found}
    if not keys:
        names = sorted({turn.speaker for turn in subject.turns if turn.speaker})
        known = ", ".join(repr(name) for name in names[:10]) or "nobody"
        raise InvalidQuery(
            f"no turn of {subject.path} was found to be spoken by {found!r}; found were: {known}"
        )
    name, office = _name(speaker, "speaker"), _role(role)
    turns = [turn for turn in subject.now.turns if (turn.document, turn.ordinal) in keys]
    # Single turns of that name may have been corrected by themselves.
    spoken = [turn.speaker for turn in turns]
    wanted = None if isinstance(seen, Unset) else seen or None
    _unless_changed("speaker", seen, wanted if wanted in spoken else spoken[0])
    if office is None and all(turn.speaker == name for turn in turns):
        raise InvalidQuery(f"the speaker is {name or 'nobody'!r} already")
    kind = CorrectionKind.SPEAKER
    return [
        Correction(0, subject.path, kind, name, office, StructureSelector(), found, _now(), person)
    ]


def correct_turn(
    subject: Correctable,
    at: int,
    speaker: str | None,
    role: str | None,
    person: str | None,
    seen: Given = UNSET,
) -> list[Correction]:
    """Return the correction that gives the turn in which character `at` stands another speaker, or
    none. Raises InvalidQuery."""
    found = _turn(subject, at)
    key = (found.document, found.ordinal)
    now = next(turn for turn in subject.now.turns if (turn.document, turn.ordinal) == key)
    name, office = _name(speaker, "speaker"), _role(role)
    _unless_changed("speaker", seen, now.speaker)
    if now.speaker == name and (now.role or None) == (office or None):
        raise InvalidQuery(f"the speaker is {name or 'nobody'!r} already")
    anchor = turn_anchor(found, subject.turns, subject.text)
    kind = CorrectionKind.TURN
    return [Correction(0, subject.path, kind, name, office, anchor, found.speaker, _now(), person)]


# ---- what is meant --------------------------------------------------------------------------


def _document(subject: Correctable, ordinal: int | None) -> Document:
    count = len(subject.documents)
    if ordinal is None and count == 1:
        return subject.documents[0]
    for document in subject.documents:
        if document.ordinal == ordinal:
            return document
    given = "none was named" if ordinal is None else f"got document {ordinal}"
    raise InvalidQuery(
        f"{subject.path} has {count} document{'s' * (count != 1)}, counted from 0; {given}: "
        "`qa sources --structure` lists them"
    )


def _turn(subject: Correctable, at: int) -> Turn:
    """Return the turn in which a character stands; at a label, the turn that it announces."""
    turns = sorted(subject.turns, key=lambda turn: turn.start)
    index = bisect_right([turn.start for turn in turns], at) - 1
    turn = turns[index] if index >= 0 and at < turns[index].end else None
    if turn is not None and turn.kind is TurnKind.LABEL and index + 1 < len(turns):
        turn = turns[index + 1]
    if turn is None or not turn.kind.quotable:
        what = "nothing that anybody says" if turn is None else f"a {turn.kind.value}"
        raise InvalidQuery(
            f"character {at} of {subject.path} stands in {what}; expected one in somebody's words"
        )
    return turn


# ---- what is given ----------------------------------------------------------------------------


def _title(given: str | None) -> str | None:
    return _name(given, "title")


def _date(given: str | None) -> str | None:
    if given is None or not given.strip():
        return None
    try:
        period(given.strip())
    except ValueError as error:
        raise InvalidQuery(f"the date can't be understood: {error}") from None
    return given.strip()


def _role(given: str | None) -> str | None:
    """None as it is given: it stands for the role that was found."""
    return None if given is None else _name(given, "role") or ""


def _name(given: str | None, what: str) -> str | None:
    """Return one line of words; None if there are none."""
    if given is None:
        return None
    words = " ".join(given.split())
    if any(unicodedata.category(char) in ("Cc", "Cs") for char in words):
        raise InvalidQuery(f"the {what} {words!r} has characters of no text")
    if len(words) > LONGEST_NAME:
        raise InvalidQuery(
            f"the {what} has {len(words)} characters, expected {LONGEST_NAME} at most"
        )
    return words or None


def _unless_changed(what: str, seen: Given, now: str | None) -> None:
    if not isinstance(seen, Unset) and (seen or None) != now:
        raise InvalidQuery(
            f"the {what} is {now or 'none'!r} by now, not {seen or 'none'!r}: somebody has "
            "corrected it meanwhile. Look at it again"
        )


def _unless_so(what: str, value: str | None, now: str | None) -> None:
    if value == now:
        raise InvalidQuery(f"the {what} is {now or 'none'!r} already")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
