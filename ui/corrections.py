"""What was found in a source, as the library page shows it, and correcting it by hand there."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from typing import Any

from qa import (
    UNSET,
    CitewellError,
    CorrectionKind,
    Document,
    InvalidQuery,
    ListedCorrection,
    SpeakerEvidence,
    StoredSource,
    Turn,
    TurnKind,
    Unset,
)
from ui.desk import Call, Desk
from ui.source_view import line_starts

_MOST_TURNS = 2_000
_OPENING = 120
_LONGEST_LABEL = 120
_LONGEST_GIVEN = 2_000


def correction_calls(desk: Desk) -> dict[str, Call]:
    """Return what the page's scripts call, by name."""
    return {
        "structure": lambda data, person: source_structure(data["source"], desk),
        "correct_document": lambda data, person: _correct_document(data, person, desk),
        "correct_speaker": lambda data, person: _correct_speaker(data, person, desk),
        "uncorrect": lambda data, person: _uncorrect(data, desk),
    }


def source_structure(name: str, desk: Desk) -> dict[str, Any]:
    """Return a source's documents, speakers and turns: as they hold, were found, were corrected.

    Raises UnknownSource.
    """
    path = desk.catalogue.path(name)
    source = _stored(path, desk)
    text = desk.library.text(path)
    found = desk.library.structure(path, as_found=True)
    documents, turns = desk.library.structure(path)
    listed = desk.library.corrections(path)
    why = {(one.document, one.turn): one for one in desk.library.speaker_evidence(path)}
    starts = line_starts(text)
    return {
        "name": desk.catalogue.name(path),
        "state": _state(source),
        "can_change": desk.additions is not None,
        "documents": [
            {
                **_document_data(now, was, listed),
                "line": bisect_right(starts, now.start),
            }
            for now, was in zip(documents, found[0], strict=True)
        ],
        "speakers": _speakers(turns, found[1], listed),
        "turns": [
            {
                **_turn_data(now, was, listed, text),
                **_why_data(why.get((now.document, now.ordinal)), text),
                "line": bisect_right(starts, now.start),
            }
            for now, was in list(zip(turns, found[1], strict=True))
            if now.kind is not TurnKind.LABEL
        ][:_MOST_TURNS],
        "more": sum(turn.kind is not TurnKind.LABEL for turn in turns) > _MOST_TURNS,
        "stale": [_stale_data(one) for one in listed if not one.applies],
    }


def _stored(path: str, desk: Desk) -> StoredSource:
    for source in desk.library.sources():
        if source.path == path:
            return source
    raise CitewellError(f"{desk.catalogue.name(path)} was removed meanwhile")


def _state(source: StoredSource) -> str:
    """Return what tells a source from a later version of it."""
    return f"{source.file_sha256[:32]}.{source.text_id}"


def _document_data(
    now: Document, was: Document, listed: tuple[ListedCorrection, ...]
) -> dict[str, Any]:
    ids = {
        one.correction.kind: one.correction.id
        for one in listed
        if now.ordinal in one.effect.documents
    }
    return {
        "ordinal": now.ordinal,
        "title": now.title,
        "date": now.date,
        "place": now.place,
        "start": now.start,
        "boundary": now.boundary.value,
        "evidence": now.evidence,
        "found": {"title": was.title, "date": was.date},
        "corrected": {
            "title": ids.get(CorrectionKind.TITLE),
            "date": ids.get(CorrectionKind.DATE),
        },
    }


def _speakers(
    turns: tuple[Turn, ...], found: tuple[Turn, ...], listed: tuple[ListedCorrection, ...]
) -> list[dict[str, Any]]:
    """Return each name that was found, the most turns first, with the name that holds instead."""
    counts = Counter(turn.speaker for turn in found if turn.speaker and turn.kind.quotable)
    corrected = {
        one.correction.found: one.correction
        for one in listed
        if one.correction.kind is CorrectionKind.SPEAKER and one.applies
    }
    roles = {turn.speaker: turn.role for turn in reversed(found) if turn.speaker}
    made = []
    for name, count in counts.most_common():
        correction = corrected.get(name)
        role = roles[name]
        if correction is not None and correction.role is not None:
            role = correction.role or None
        made.append(
            {
                "found": name,
                "name": name if correction is None else correction.value,
                "role": role,
                "turns": count,
                "corrected": None if correction is None else correction.id,
            }
        )
    return made


def _turn_data(
    now: Turn, was: Turn, listed: tuple[ListedCorrection, ...], text: str
) -> dict[str, Any]:
    key = (now.document, now.ordinal)
    own = (
        one.correction.id
        for one in listed
        if one.correction.kind is CorrectionKind.TURN and key in one.effect.turns
    )
    return {
        "document": now.document,
        "kind": now.kind.value,
        "quotable": now.kind.quotable,
        "speaker": now.speaker,
        "role": now.role,
        "found": was.speaker,
        "start": now.start,
        "end": now.end,
        "opening": " ".join(text[now.start : min(now.end, now.start + _OPENING)].split()),
        "corrected": next(own, None),
    }


def _why_data(why: SpeakerEvidence | None, text: str) -> dict[str, str | None]:
    """Why a turn has its speaker, and the words of the source that say so."""
    label = None if why is None else why.label
    words = "" if label is None else " ".join(text[label.start : label.end].split())
    return {
        "why": None if why is None else why.reason.value,
        "label": words[:_LONGEST_LABEL] or None,
    }


def _stale_data(one: ListedCorrection) -> dict[str, Any]:
    made = one.correction
    return {
        "id": made.id,
        "kind": made.kind.value,
        "value": made.value,
        "found": made.found,
        "words": made.anchor.head[:_OPENING],
    }


# ---- correcting -------------------------------------------------------------------------------


def _path(data: dict[str, Any], desk: Desk) -> str:
    """Return the path of the source that is meant, if it is as it was when the person saw it."""
    _writable(desk)
    path = desk.catalogue.path(data["source"])
    if _state(_stored(path, desk)) != data["state"]:
        raise CitewellError("the source has been changed meanwhile: look at it again")
    return path


def _writable(desk: Desk) -> None:
    if desk.additions is None:
        raise CitewellError("this library is served for reading only")


def _who(person: str, desk: Desk) -> str | None:
    return person if desk.sessions.login else None


def _given(data: dict[str, Any], key: str) -> str | Unset | None:
    """Return a value that the page sends, UNSET for one that it does not."""
    if key not in data:
        return UNSET
    value = data[key]
    if value is not None and not isinstance(value, str):
        raise InvalidQuery(f"{key} is {type(value).__name__}, expected words")
    if value is not None and len(value) > _LONGEST_GIVEN:
        raise InvalidQuery(f"{key} has {len(value)} characters, expected fewer")
    return value


def _correct_document(data: dict[str, Any], person: str, desk: Desk) -> dict[str, Any]:
    seen = data.get("seen", {})
    desk.library.correct(
        _path(data, desk),
        document=int(data["document"]),
        title=_given(data, "title"),
        date=_given(data, "date"),
        person=_who(person, desk),
        seen=(_given(seen, "title"), _given(seen, "date")),
    )
    return _changed(data, desk)


def _correct_speaker(data: dict[str, Any], person: str, desk: Desk) -> dict[str, Any]:
    speaker, role, found = (_given(data, key) for key in ("speaker", "role", "found"))
    desk.library.correct_speaker(
        _path(data, desk),
        speaker=None if speaker is UNSET else speaker or None,
        role=None if role is UNSET else role,
        found=None if found is UNSET else found,
        at=int(data["at"]) if "at" in data else None,
        person=_who(person, desk),
        seen=_given(data, "seen"),
    )
    return _changed(data, desk)


def _uncorrect(data: dict[str, Any], desk: Desk) -> dict[str, Any]:
    _writable(desk)
    desk.library.uncorrect(int(data["id"]))
    return _changed(data, desk)


def _changed(data: dict[str, Any], desk: Desk) -> dict[str, Any]:
    desk.catalogue.contents(fresh=True)
    return source_structure(data["source"], desk)
