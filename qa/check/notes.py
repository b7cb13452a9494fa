"""What is wrong with a draft's claim: a kind with the values that it names, and both in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum


class NoteKind(StrEnum):
    """What a note is about; in the order of what a draft can say and be wrong about."""

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
        """The same note with each source's path replaced by its name."""

        def named(value: str | None) -> str | None:
            return value if value is None else names.get(value, value)

        return replace(self, claimed=named(self.claimed), found=named(self.found))
