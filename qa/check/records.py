"""The records of a check, one frozen type a stage.

Offsets into a draft and into a source are Python characters, start inclusive, end exclusive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from qa.anchoring.nearest_wording import Change
from qa.anchoring.resolving import Standing
from qa.records import Span, TurnKind

# Quotations of one draft that are checked; each costs time, however short it is.
MOST_QUOTATIONS = 2_000


class Wording(StrEnum):
    """How the words of a quotation relate to the sources; only the first three are verified."""

    EXACT = "exact"
    ENCODED = "encoded"
    SHORTENED = "shortened"
    ALTERED = "altered"
    ABSENT = "absent"

    @property
    def verified(self) -> bool:
        return self in (Wording.EXACT, Wording.ENCODED, Wording.SHORTENED)


class Attribution(StrEnum):
    """What became of the draft's claim about who said it, when and where."""

    RIGHT = "right"
    WRONG_SPEAKER = "wrong_speaker"
    WRONG_DATE = "wrong_date"
    WRONG_DOCUMENT = "wrong_document"
    INTERVIEWER = "interviewer"
    NOT_SPEECH = "not_speech"
    REPORTED = "reported"
    UNATTRIBUTED = "unattributed"
    NO_CLAIM = "no_claim"

    @property
    def wrong(self) -> bool:
        """Whether the sources contradict the claim, or show that it says too much."""
        return self not in (Attribution.RIGHT, Attribution.UNATTRIBUTED, Attribution.NO_CLAIM)


class Mark(StrEnum):
    """What marks part of a draft as a quotation."""

    QUOTES = "quotes"
    BLOCK = "block"
    TOKEN = "token"
    GIVEN = "given"


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation in a draft: `draft[start:end] == text`, without its marks.

    `outer` is the stretch with its marks; `depth` counts the quotations around it.
    """

    text: str
    start: int
    end: int
    outer: Span
    mark: Mark = Mark.QUOTES
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """What a draft claims about a quotation. None: nothing that is clear.

    `date` is ISO, of whatever precision the draft gives; `source` is a source's path;
    `document` a document's title.
    """

    speaker: str | None = None
    date: str | None = None
    source: str | None = None
    document: str | None = None

    @property
    def empty(self) -> bool:
        return self == Claim()


@dataclass(frozen=True, slots=True)
class Omission:
    """Words of the source, `text[start:end]`, that a quotation leaves out or replaces.

    `inserted` is what stands in brackets in their place, "" for an ellipsis; `in_word`: the
    brackets stand against a letter ("[in]sufficient").
    """

    start: int
    end: int
    text: str
    inserted: str = ""
    in_word: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """Where a quotation's words stand: `library.text(source)[start:end] == text`.

    `differences` names what is encoded differently; `omissions` are those of a shortened
    quotation. `lines` are 1-based, both inclusive.
    """

    source: str
    start: int
    end: int
    text: str
    speaker: str | None
    date: str | None
    document: str | None
    wording: Wording
    kind: TurnKind
    role: str | None
    lines: tuple[int, int]
    differences: tuple[str, ...] = ()
    omissions: tuple[Omission, ...] = ()


@dataclass(frozen=True, slots=True)
class Warned:
    """Something a reader should know about a quotation. `start` and `end` bound what shows it in
    the first match's source, `text` is its words, if there are any."""

    kind: str
    message: str
    start: int | None = None
    end: int | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class CheckedQuotation:
    """One quotation and all that was found.

    `matches` are best first: all places of a verified quotation, the places of the nearest
    real wording of an altered one, the nearest passages of an absent one.
    `claimed` is what the draft says of it; `notes` say what is wrong with the claim.
    """

    text: str
    start: int
    end: int
    verdict: Wording
    matches: tuple[Match, ...]
    attribution: Attribution
    warnings: tuple[Warned, ...]
    changes: tuple[Change, ...]
    claimed: Claim
    notes: tuple[Note, ...] = ()
    depth: int = 0
    mark: Mark = Mark.QUOTES

    @property
    def ok(self) -> bool:
        """Whether the words are verified and no claim about them is wrong."""
        return self.verdict.verified and not self.attribution.wrong


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The quotations of a draft, in their order, and its citation tokens.

    `unchecked` are the stretches of quotations that were found and not checked, because a draft
    has more than are checked at once; with any, the draft can't be said to be in order.
    """

    draft: str
    quotations: tuple[CheckedQuotation, ...]
    citations: tuple[CitedToken, ...] = ()
    unchecked: tuple[Span, ...] = ()

    @property
    def ok(self) -> bool:
        return (
            not self.unchecked
            and all(quotation.ok for quotation in self.quotations)
            and all(cited.ok for cited in self.citations)
        )

    @property
    def warnings(self) -> tuple[Warned, ...]:
        """Warnings about the draft as a whole. Their `start` and `end` are the draft's."""
        if not self.unchecked:
            return ()
        first, last = self.unchecked[0], self.unchecked[-1]
        message = (
            f"{len(self.unchecked):,} further quotations were not checked: at most "
            f"{len(self.quotations):,} of a draft are; check the rest as drafts of their own"
        )
        return (Warned("too_many_quotations", message, first.start, last.end),)


@dataclass(frozen=True, slots=True)
class CitedToken:
    """A citation token in a draft, `draft[start:end] == token`, and what it refers to now."""

    token: str
    start: int
    end: int
    standing: Standing
    message: str

    @property
    def ok(self) -> bool:
        return self.standing.stands


# ---- what is wrong with a claim --------------------------------------------------------


class NoteKind(StrEnum):
    """What a note is about, in the order in which a draft can claim something and be wrong."""

    SOURCE = "source"
    DOCUMENT = "document"
    DATE = "date"
    DATE_ONLY = "date_only"
    DATE_NONE = "date_none"
    SPEAKER = "speaker"
    OFFICE = "office"
    NOBODY = "nobody"
    INTERVIEWER = "interviewer"
    NOT_SPEECH = "not_speech"
    REPORTED = "reported"
    PLACES = "places"


_GIVEN = "the draft gives them to {claimed}; "
_WORDS = {
    NoteKind.SOURCE: "cited from {claimed}, but stands in {found}",
    NoteKind.DOCUMENT: "cited from “{claimed}”, but stands in “{found}”",
    NoteKind.DATE: "dated {claimed} in the draft, {found} in the source",
    NoteKind.DATE_ONLY: "dated {claimed} in the draft; the source gives only {found}",
    NoteKind.DATE_NONE: "dated {claimed} in the draft; the source gives no date",
    NoteKind.SPEAKER: _GIVEN + "in the source {found} speaks",
    NoteKind.OFFICE: _GIVEN + "the source gives {found} no office",
    NoteKind.NOBODY: _GIVEN + "the source names nobody",
    NoteKind.INTERVIEWER: _GIVEN + "they are the interviewer’s question",
    NoteKind.NOT_SPEECH: _GIVEN + "they are a {found}, not speech",
    NoteKind.REPORTED: "{found} says them as somebody else’s words",
    NoteKind.PLACES: "not every place was looked at: there are too many",
}


@dataclass(frozen=True, slots=True)
class Note:
    """One note. `claimed` is what the draft says, `found` what the source has instead: a speaker,
    a date, a title, a path; of a NOT_SPEECH note the kind of turn. None: the note names none."""

    kind: NoteKind
    claimed: str | None = None
    found: str | None = None

    @property
    def message(self) -> str:
        """The note in English.

        >>> Note(NoteKind.DATE_NONE, "2024").message
        'dated 2024 in the draft; the source gives no date'
        """
        said = _WORDS[self.kind].format(claimed=self.claimed, found=self.found)
        if self.kind is NoteKind.INTERVIEWER and self.found is not None:
            return f"{said} ({self.found})"
        return said

    def with_names(self, names: Mapping[str, str]) -> Note:
        """Return the same note with each source's path replaced by its name."""

        def named(value: str | None) -> str | None:
            return value if value is None else names.get(value, value)

        return replace(self, claimed=named(self.claimed), found=named(self.found))
