"""The claim about a quotation against what the source says of its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.checking.dates import agrees
from qa.checking.people import holds_office, is_office, same_person
from qa.checking.places import Place, turns_at
from qa.checking.quotations import find_quotations
from qa.checking.records import Attribution, Claim, Match
from qa.checking.shelf import Shelf
from qa.records import Span, Turn, TurnKind

_NOT_SPEECH = frozenset({TurnKind.HEADING, TurnKind.CAPTION, TurnKind.BOILERPLATE, TurnKind.LABEL})
_LONGEST_TURN = 200_000
# What is said of several places when none agrees: the nearest miss. That one of them names
# nobody does not excuse a claim that another contradicts.
_ORDER = (
    Attribution.RIGHT,
    Attribution.WRONG_DATE,
    Attribution.WRONG_DOCUMENT,
    Attribution.REPORTED,
    Attribution.INTERVIEWER,
    Attribution.WRONG_SPEAKER,
    Attribution.UNATTRIBUTED,
    Attribution.NOT_SPEECH,
)


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a claim at one match, or at the best of several, and why in words."""

    attribution: Attribution
    notes: tuple[str, ...] = ()
    best: int = 0


def judge(shelf: Shelf, claim: Claim, places: Sequence[tuple[Place, Match]]) -> Judged:
    """Whether a claim is right of any of the places; else how it is wrong of the nearest."""
    if claim.empty or not places:
        return Judged(Attribution.NO_CLAIM)
    judged = [
        _judge_one(shelf, claim, place, match, index) for index, (place, match) in enumerate(places)
    ]

    def distance(one: Judged) -> tuple[bool, int, int, int]:
        right = one.attribution is Attribution.RIGHT
        return not right, len(one.notes), _ORDER.index(one.attribution), one.best

    return min(judged, key=distance)


def _judge_one(shelf: Shelf, claim: Claim, place: Place, match: Match, index: int) -> Judged:
    document = _document(claim, match)
    date, date_note = _date(claim, match)
    speaker, speaker_note = _speaker(shelf, claim, place, match)
    notes = tuple(note for note in (speaker_note, document, date_note) if note)
    verdict = Attribution.RIGHT
    if date is False:
        verdict = Attribution.WRONG_DATE
    if document:
        verdict = Attribution.WRONG_DOCUMENT
    if speaker not in (Attribution.RIGHT, Attribution.NO_CLAIM) and not (
        speaker is Attribution.UNATTRIBUTED and verdict.wrong
    ):
        verdict = speaker
    return Judged(verdict, notes, index)


def _document(claim: Claim, match: Match) -> str:
    if claim.source is not None and claim.source != match.source:
        return f"cited from {claim.source}, but stands in {match.source}"
    if claim.document is not None and claim.document != match.document:
        return f"cited from “{claim.document}”, but stands in “{match.document or match.source}”"
    return ""


def _date(claim: Claim, match: Match) -> tuple[bool | None, str]:
    if claim.date is None:
        return None, ""
    fits = agrees(claim.date, match.date)
    if fits is False:
        return False, f"dated {claim.date} in the draft, {match.date} in the source"
    if fits is None:
        known = f"gives only {match.date}" if match.date else "gives no date"
        return None, f"dated {claim.date} in the draft; the source {known}"
    return True, ""


def _speaker(shelf: Shelf, claim: Claim, place: Place, match: Match) -> tuple[Attribution, str]:
    if claim.speaker is None:
        return Attribution.NO_CLAIM, ""
    said = f"the draft gives them to {claim.speaker}"
    roles = (match.role, *shelf.roles(match.speaker)) if match.speaker is not None else ()
    named = match.speaker is not None and (
        same_person(claim.speaker, match.speaker)
        or any(holds_office(claim.speaker, role) for role in roles)
    )
    if match.kind in _NOT_SPEECH:
        return Attribution.NOT_SPEECH, f"{said}; they are a {match.kind.value}, not speech"
    if match.kind is TurnKind.QUESTION and not named:
        who = f" ({match.speaker})" if match.speaker else ""
        return Attribution.INTERVIEWER, f"{said}; they are the interviewer’s question{who}"
    if match.speaker is None:
        return Attribution.UNATTRIBUTED, f"{said}; the source names nobody"
    if not named and is_office(claim.speaker) and not any(roles):
        return Attribution.UNATTRIBUTED, f"{said}; the source gives {match.speaker} no office"
    if not named:
        return Attribution.WRONG_SPEAKER, f"{said}; in the source {match.speaker} speaks"
    if _is_reported(shelf, place):
        return Attribution.REPORTED, f"{match.speaker} says them as somebody else’s words"
    return Attribution.RIGHT, ""


def _is_reported(shelf: Shelf, place: Place) -> bool:
    """Whether the words stand in quotation marks inside the speaker's own turn."""
    turn, _ = turns_at(shelf, place)
    if turn is None or turn.kind is not TurnKind.SPEECH or turn.end - turn.start > _LONGEST_TURN:
        return False
    start, end = place.start - turn.start, place.end - turn.start
    return any(
        quoted.start <= start and end <= quoted.end
        for quoted in shelf.once(_quoted_in, place.text_id, turn)
    )


def _quoted_in(shelf: Shelf, text_id: int, turn: Turn) -> tuple[Span, ...]:
    """What stands in quotation marks in a turn, counted from its beginning; marks around the
    whole of it make no quotation in it."""
    text = shelf.text(text_id, turn.start, turn.end)
    outer = [q.outer for q in find_quotations(text) if q.depth == 0]
    return tuple(span for span in outer if span.end - span.start < len(text) - 2)
