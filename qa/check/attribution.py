"""Compare the claim about a quotation with what the source says about its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.check.corpus_view import CorpusView, Place, turns_at
from qa.check.person_names import holds_office, is_office
from qa.check.quotations import find_quotations
from qa.check.records import Attribution, Claim, Match, Note, NoteKind
from qa.language.dates import agrees
from qa.language.people import same_person
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
class ClaimResult:
    """The verdict on a claim at one match, or at the best of several, and the reasons."""

    attribution: Attribution
    notes: tuple[Note, ...] = ()
    best: int = 0


def verify_claim(
    corpus: CorpusView, claim: Claim, places: Sequence[tuple[Place, Match]]
) -> ClaimResult:
    """Check a claim at every place of the words. One place that confirms it suffices; otherwise the
    result says what is wrong at the nearest."""
    if claim.empty or not places:
        return ClaimResult(Attribution.NO_CLAIM)
    judged = [
        _verify_at(corpus, claim, place, match, index)
        for index, (place, match) in enumerate(places)
    ]

    def distance(one: ClaimResult) -> tuple[bool, int, int, int]:
        right = one.attribution is Attribution.RIGHT
        return not right, len(one.notes), _ORDER.index(one.attribution), one.best

    return min(judged, key=distance)


def _verify_at(
    corpus: CorpusView, claim: Claim, place: Place, match: Match, index: int
) -> ClaimResult:
    document = _document(claim, match)
    date, date_note = _date(claim, match)
    speaker, speaker_note = _speaker(corpus, claim, place, match)
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
    return ClaimResult(verdict, notes, index)


def _document(claim: Claim, match: Match) -> Note | None:
    if claim.source is not None and claim.source != match.source:
        return Note(NoteKind.SOURCE, claim.source, match.source)
    if claim.document is not None and claim.document != match.document:
        return Note(NoteKind.DOCUMENT, claim.document, match.document or match.source)
    return None


def _date(claim: Claim, match: Match) -> tuple[bool | None, Note | None]:
    if claim.date is None:
        return None, None
    fits = agrees(claim.date, match.date)
    if fits is False:
        return False, Note(NoteKind.DATE, claim.date, match.date)
    if fits is None:
        kind = NoteKind.DATE_ONLY if match.date else NoteKind.DATE_NONE
        return None, Note(kind, claim.date, match.date or None)
    return True, None


def _speaker(
    corpus: CorpusView, claim: Claim, place: Place, match: Match
) -> tuple[Attribution, Note | None]:
    if claim.speaker is None:
        return Attribution.NO_CLAIM, None

    def note(kind: NoteKind, found: str | None = None) -> Note:
        return Note(kind, claim.speaker, found)

    roles = (match.role, *corpus.roles(match.speaker)) if match.speaker is not None else ()
    named = match.speaker is not None and (
        same_person(claim.speaker, match.speaker)
        or any(holds_office(claim.speaker, role) for role in roles)
    )
    if match.kind in _NOT_SPEECH:
        return Attribution.NOT_SPEECH, note(NoteKind.NOT_SPEECH, match.kind.value)
    if match.kind is TurnKind.QUESTION and not named:
        return Attribution.INTERVIEWER, note(NoteKind.INTERVIEWER, match.speaker or None)
    if match.speaker is None:
        return Attribution.UNATTRIBUTED, note(NoteKind.NOBODY)
    if not named and is_office(claim.speaker) and not any(roles):
        return Attribution.UNATTRIBUTED, note(NoteKind.OFFICE, match.speaker)
    if not named:
        return Attribution.WRONG_SPEAKER, note(NoteKind.SPEAKER, match.speaker)
    if _is_reported(corpus, place):
        return Attribution.REPORTED, note(NoteKind.REPORTED, match.speaker)
    return Attribution.RIGHT, None


def _is_reported(corpus: CorpusView, place: Place) -> bool:
    """Return whether the words stand in quotation marks inside the speaker's own turn."""
    turn, _ = turns_at(corpus, place)
    if turn is None or turn.kind is not TurnKind.SPEECH or turn.end - turn.start > _LONGEST_TURN:
        return False
    start, end = place.start - turn.start, place.end - turn.start
    return any(
        quoted.start <= start and end <= quoted.end
        for quoted in corpus.once(_quoted_in, place.text_id, turn)
    )


def _quoted_in(corpus: CorpusView, text_id: int, turn: Turn) -> tuple[Span, ...]:
    """Return what a turn has in quotation marks, as offsets from its beginning; marks around the
    whole of it do not count."""
    text = corpus.text(text_id, turn.start, turn.end)
    outer = [q.outer for q in find_quotations(text) if q.depth == 0]
    return tuple(span for span in outer if span.end - span.start < len(text) - 2)
