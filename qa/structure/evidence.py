"""Tells why each turn has its speaker, from a source's stored structure alone, for people to check.

Nothing of this is stored. What a turn rests on is read off its label, the format's blocks and the
head of its document; where somebody else may have begun to speak, that is found again.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby

from qa.language.names import fold_name
from qa.records import Block, Document, SourceText, Span, Turn, TurnKind
from qa.structure.dialogue import find_labels
from qa.structure.head_fields import declared_author, head_fields
from qa.structure.lines import SUBTITLES, Line, read_lines
from qa.structure.people import People
from qa.structure.segments import starts_with_dash, voice_breaks

_LONGEST_JUDGED = 2_000_000  # characters of a document, so that looking takes no longer than adding
_LONGEST_HEAD = 8_000
_LETTERS = re.compile(r"[^\W\d_]+")
_VOICES = frozenset({TurnKind.SPEECH, TurnKind.QUESTION})
_SKIPPED = frozenset({TurnKind.HEADING, TurnKind.CAPTION, TurnKind.BOILERPLATE})


class SpeakerReason(StrEnum):
    """Why a turn has its speaker, or why it has none."""

    LABEL = "label"  # the label before it gives the name
    ROSTER = "roster"  # its label is completed: a surname, initials, an office, "Q"
    DECLARED = "declared"  # the format, or a field of the page's head, says who speaks
    ONLY_SPEAKER = "only_speaker"  # of an address, or who answers in an interview
    QUOTATION = "quotation"  # a report says whose words it quotes
    CORRECTED = "corrected"  # by hand
    UNCLEAR = "unclear"  # somebody else may have begun to speak here, so that it has none


@dataclass(frozen=True, slots=True)
class SpeakerEvidence:
    """Why the turn `turn` of the document `document` (ordinals) has its speaker.

    `label` is where that is written: a label, an attribution, a field's value; None where nothing
    names them. `found` is the name that was found where it was corrected by hand.
    """

    document: int
    turn: int
    reason: SpeakerReason
    label: Span | None = None
    found: str | None = None


def speaker_evidence(
    source: SourceText,
    documents: Sequence[Document],
    turns: Sequence[Turn],
    by_hand: Set[tuple[int, int]] = frozenset(),
) -> tuple[SpeakerEvidence, ...]:
    """Return why turns have the speakers that they have, in text order.

    `turns` are as they were found; `by_hand` are those (document, ordinal) whose speaker was
    corrected. Turns that nobody is said to speak are left out, unless that is because somebody
    else may have begun to speak there.
    """
    by_document = {
        ordinal: list(some) for ordinal, some in groupby(turns, key=lambda turn: turn.document)
    }
    found: list[SpeakerEvidence] = []
    for document in documents:
        judged = _Judged(source, document, by_document.get(document.ordinal, []))
        for at, turn in enumerate(judged.turns):
            if not turn.kind.quotable:
                continue
            why = judged.evidence(at)
            if (turn.document, turn.ordinal) in by_hand:
                label = why.label if why is not None else None
                why = _because(turn, SpeakerReason.CORRECTED, label)
                why = replace(why, found=turn.speaker)
            if why is not None:
                found.append(why)
    return tuple(found)


def _because(turn: Turn, reason: SpeakerReason, label: Span | None = None) -> SpeakerEvidence:
    return SpeakerEvidence(turn.document, turn.ordinal, reason, label)


class _Judged:
    """One document, whose turns are judged in their order."""

    def __init__(self, source: SourceText, document: Document, turns: list[Turn]) -> None:
        self.turns = turns
        self._source = source
        self._document = document
        self._block_starts = [block.start for block in source.blocks]
        self._last_label: Turn | None = None
        self._last_voice: SpeakerEvidence | None = None
        self._authors: dict[str, Span] | None = None
        self._doubts: frozenset[int] | None = None

    def evidence(self, at: int) -> SpeakerEvidence | None:
        """Return why the quotable turn at an index has its speaker."""
        self._pass_labels(at)
        turn = self.turns[at]
        if turn.speaker is None:
            return _because(turn, SpeakerReason.UNCLEAR) if self._is_unclear(at) else None
        if turn.kind is TurnKind.QUOTATION:
            return _because(turn, SpeakerReason.QUOTATION, self._attribution(at))
        if turn.continues and self._last_voice is not None:
            why = replace(self._last_voice, turn=turn.ordinal)
        else:
            why = self._of_voice(turn)
        if turn.kind in _VOICES:
            self._last_voice = why
        return why

    def _pass_labels(self, at: int) -> None:
        """Note the last label before a turn. All quotable turns are asked for, so that only the
        turns since the last of them are new."""
        for before in range(at - 1, -1, -1):
            turn = self.turns[before]
            if turn.kind is TurnKind.LABEL:
                self._last_label = turn
            if turn.kind is TurnKind.LABEL or turn.kind.quotable:
                return

    def _of_voice(self, turn: Turn) -> SpeakerEvidence:
        assert turn.speaker is not None
        block = self._block(turn.start)
        if block is not None and block.speaker == turn.speaker:
            return _because(turn, SpeakerReason.DECLARED)
        label = self._last_label
        if label is not None and label.speaker == turn.speaker:
            words = self._source.text[label.start : label.end]
            named = _names(words, turn.speaker)
            reason = SpeakerReason.LABEL if named else SpeakerReason.ROSTER
            return _because(turn, reason, Span(label.start, label.end))
        field = self._declared_authors().get(turn.speaker)
        if field is not None:
            return _because(turn, SpeakerReason.DECLARED, field)
        return _because(turn, SpeakerReason.ONLY_SPEAKER)

    def _attribution(self, at: int) -> Span | None:
        """Return where a report says whose words a quotation is: before it or after."""
        for other in (*self.turns[at + 1 : at + 2], *self.turns[max(0, at - 1) : at]):
            named = other.kind is TurnKind.LABEL and other.speaker == self.turns[at].speaker
            if named and _LETTERS.search(self._source.text, other.start, other.end):
                return Span(other.start, other.end)
        return None

    def _block(self, offset: int) -> Block | None:
        index = bisect_right(self._block_starts, offset) - 1
        block = self._source.blocks[index] if index >= 0 else None
        return block if block is not None and offset < block.end else None

    def _declared_authors(self) -> dict[str, Span]:
        """Return whom the fields of the document's head name as authors, and where."""
        if self._authors is None:
            start = self._document.start
            end = min(self._document.end, start + _LONGEST_HEAD)
            lines = read_lines(self._source, start, end)
            self._authors = {}
            for field in head_fields(lines):
                author = declared_author((field,))
                if author is not None:
                    line = lines[field.line]
                    self._authors.setdefault(author.name, Span(line.start, line.end))
        return self._authors

    # ---- where somebody else may speak --------------------------------------------------

    def _is_unclear(self, at: int) -> bool:
        """Whether a turn without a speaker begins where somebody else may have begun to speak."""
        turn = self.turns[at]
        if turn.kind is not TurnKind.NARRATION:
            return False
        block = self._block(turn.start)
        if block is not None and block.speaker is not None:
            return True  # a conversation of others, pasted into a message
        return self._last_label is not None and turn.start in self._doubtful()

    def _doubtful(self) -> frozenset[int]:
        """Return the offsets of the lines that ended the turn before them, as they may begin
        another's; none in a document so long that finding them takes too long."""
        if self._doubts is None:
            long = self._document.end - self._document.start > _LONGEST_JUDGED
            self._doubts = frozenset() if long else frozenset(self._doubtful_starts())
        return self._doubts

    def _doubtful_starts(self) -> Iterator[int]:
        every = read_lines(self._source, self._document.start, self._document.end)
        breaks = (
            voice_breaks(self._source) if self._source.format in SUBTITLES else frozenset[int]()
        )
        for speaker, group in groupby(every, key=lambda line: line.speaker):
            if speaker is not None:
                continue
            lines = tuple(group)
            yield from (
                lines[index].start
                for index in find_labels(lines, self._no_speech(lines), People()).doubtful
            )
            if self._source.format in SUBTITLES:
                yield from (
                    line.start for line in lines if line.start in breaks or starts_with_dash(line)
                )

    def _no_speech(self, lines: tuple[Line, ...]) -> frozenset[int]:
        """Return the indices of lines that stand in menus, captions, headings and directions."""
        starts = [turn.start for turn in self.turns]
        skipped = set()
        for index, line in enumerate(lines):
            at = bisect_right(starts, line.start) - 1
            turn = self.turns[at] if at >= 0 else None
            directed = turn is not None and self._source.text[turn.start] in "([{"
            if turn is not None and (
                turn.kind in _SKIPPED or (directed and turn.kind is TurnKind.NARRATION)
            ):
                skipped.add(index)
        return frozenset(skipped)


def _names(label: str, speaker: str) -> bool:
    """Whether a label gives all of a name by itself.

    >>> _names("Mr. SMITH.", "Smith"), _names("Mr. SMITH.", "John Smith")
    (True, False)
    """
    given, name = _words(label), [word for part in fold_name(speaker) for word in _words(part)]
    if set(name or _words(speaker)).issubset(given):
        return True
    return "".join(_words(speaker)) in "".join(given)  # a name that a line's end cuts


def _words(text: str) -> list[str]:
    """The words of letters in a text, in lower case and without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _LETTERS.findall("".join(c for c in plain if not unicodedata.combining(c)))
