"""Apply corrections made by hand to a source's structure. Pure functions.

A correction lies on top of what was found in the source. It says what it is about by words, not
by numbers, so that it is found again after the source was edited. Where its words are gone, or
can no longer be told from others, it applies nowhere: to apply it elsewhere would be a guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, StrEnum
from typing import Final

from qa.anchoring.scoring import Decision, Likeness, choose
from qa.errors import InvalidQuery
from qa.records import Document, Turn

_HEAD = 160
_TAIL = 80
_BESIDE = 64
_END = 24
_TELLING = 40  # so many characters are hardly written twice
# What a document or a turn must score to be meant, and how far it must lead every other. Its own
# words are enough where they stand alone; where others have them too, it takes all that stood
# beside them.
_LEAST = 0.52
_LEAD = 0.2
_READ = 4  # times as many characters are read as are kept: white space is joined


class Unset(Enum):
    """The type of UNSET: what is left as it is, where None means that there is none."""

    UNSET = "unset"


UNSET: Final = Unset.UNSET
Given = str | Unset | None


class CorrectionKind(StrEnum):
    """What is corrected: a document's title or date, the speaker of all turns in which one name
    was found, or of one turn."""

    TITLE = "title"
    DATE = "date"
    SPEAKER = "speaker"
    TURN = "turn"


@dataclass(frozen=True, slots=True)
class StructureSelector:
    """What a correction is about, as it was found when the correction was made.

    Of a turn, `head` and `tail` are the first and last words, `before` and `after` those around
    it. Of a document, `head` is the first line, `after` the words that follow it, and `tail`
    the same unless another document has them too. Of `of` that were alike it was number `nth`,
    from 0. A SPEAKER correction is about its found name alone.
    """

    head: str = ""
    tail: str = ""
    before: str = ""
    after: str = ""
    title: str | None = None
    date: str | None = None
    nth: int = 0
    of: int = 1


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction of a source. `value` None: there is no title, no date, nobody is known to
    speak. `role` None: as it was found (SPEAKER), none (TURN); "": none. `found` is what was
    found when it was made. `id` is 0 before it is kept."""

    id: int
    path: str
    kind: CorrectionKind
    value: str | None
    role: str | None
    anchor: StructureSelector
    found: str | None
    corrected_at: str = ""
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """Where a correction applies: documents by ordinal, turns by document and ordinal."""

    documents: tuple[int, ...] = ()
    turns: tuple[tuple[int, int], ...] = ()

    @property
    def applies(self) -> bool:
        return bool(self.documents or self.turns)


@dataclass(frozen=True, slots=True)
class Corrected:
    """A source's structure with the corrections applied, and the effect of each by its id."""

    documents: tuple[Document, ...]
    turns: tuple[Turn, ...]
    effects: dict[int, Effect] = field(default_factory=dict)


def corrected(
    documents: Sequence[Document],
    turns: Sequence[Turn],
    text: str,
    corrections: Sequence[Correction],
) -> Corrected:
    """Apply corrections to what was found. One turn's correction outweighs that of its found
    name."""
    effects: dict[int, Effect] = {}
    new_documents = {document.ordinal: document for document in documents}
    new_turns = {(turn.document, turn.ordinal): turn for turn in turns}
    kinds = {correction.kind for correction in corrections}
    finder = _TurnFinder(text, turns) if CorrectionKind.TURN in kinds else None
    for correction in sorted(corrections, key=lambda one: one.kind is CorrectionKind.TURN):
        if correction.kind is CorrectionKind.SPEAKER:
            where = tuple(
                (turn.document, turn.ordinal) for turn in turns if turn.speaker == correction.found
            )
            effects[correction.id] = Effect(turns=where)
        elif correction.kind is CorrectionKind.TURN:
            assert finder is not None
            turn = finder.fitting(correction.anchor)
            where = () if turn is None else ((turn.document, turn.ordinal),)
            effects[correction.id] = Effect(turns=where)
        else:
            document = fitting_document(correction.anchor, documents, text)
            where_documents = () if document is None else (document.ordinal,)
            effects[correction.id] = Effect(where_documents)
        for ordinal in effects[correction.id].documents:
            new_documents[ordinal] = _named(new_documents[ordinal], correction)
        for key in effects[correction.id].turns:
            new_turns[key] = _attributed(new_turns[key], correction)
    return Corrected(tuple(new_documents.values()), tuple(new_turns.values()), effects)


def _named(document: Document, correction: Correction) -> Document:
    if correction.kind is CorrectionKind.TITLE:
        return replace(document, title=correction.value)
    return replace(document, date=correction.value)


def _attributed(turn: Turn, correction: Correction) -> Turn:
    kept = correction.kind is CorrectionKind.SPEAKER and correction.role is None
    role = turn.role if kept and correction.value is not None else correction.role or None
    return replace(turn, speaker=correction.value, role=role)


# ---- documents ------------------------------------------------------------------------


def document_anchor(
    document: Document, documents: Sequence[Document], text: str
) -> StructureSelector:
    """Return what a document is found again by: its first line, and the words after that."""
    head, after = _opening(text, document)
    openings = [_opening(text, one) for one in documents]
    alike = [one for one, (first, _) in zip(documents, openings, strict=True) if first == head]
    sole = [rest for _, rest in openings].count(after) == 1
    return StructureSelector(
        head=head,
        tail=after if sole else "",
        after=after,
        title=document.title,
        date=document.date,
        nth=alike.index(document),
        of=len(alike),
    )


def fitting_document(
    anchor: StructureSelector, documents: Sequence[Document], text: str
) -> Document | None:
    """Return the document that an anchor is about; None where that can't be told."""
    openings = [_opening(text, one) for one in documents]
    alike = [at for at, (head, _) in enumerate(openings) if head == anchor.head]
    chosen = _chosen([_document_likeness(anchor, *one, len(alike)) for one in openings])
    if chosen.sure is not None:
        return documents[chosen.sure]
    if anchor.of != len(alike):
        return None
    # As many begin alike as did: it is the one of the same number, if that is called the same.
    nth = documents[alike[anchor.nth]]
    return nth if (nth.title, nth.date) == (anchor.title, anchor.date) else None


def _document_likeness(anchor: StructureSelector, head: str, after: str, alike: int) -> Likeness:
    """How like a document is, by its first line and the words after it; so many begin alike."""
    follows = float(after == anchor.after)
    if head == anchor.head:
        return Likeness(1.0 if anchor.of == 1 == alike else 0.5, suffix=follows)
    # The first line was edited: the words after it must have stood there alone.
    edited = not alike and after == anchor.tail and len(anchor.tail) >= _TELLING
    return Likeness(0.5 if edited else 0.0, suffix=follows)


def _chosen(likenesses: Sequence[Likeness]) -> Decision:
    return choose([one.score for one in likenesses], least=_LEAST, lead=_LEAD)


def _opening(text: str, document: Document) -> tuple[str, str]:
    """Return a document's first line that is not blank, and the words after it."""
    beginning = text[document.start : min(document.end, document.start + _READ * _HEAD)].lstrip()
    first, _, rest = beginning.partition("\n")
    return " ".join(first.split())[:_HEAD], " ".join(rest.split())[:_HEAD]


# ---- turns ----------------------------------------------------------------------------


class _TurnFinder:
    """Finds turns again by how they begin and end, and what stands beside them."""

    def __init__(self, text: str, turns: Sequence[Turn]) -> None:
        self._text = text
        self._turns = turns
        self._ends = [_ends(text, turn) for turn in turns]
        self._alike: dict[tuple[str, str], list[int]] = {}
        for at, ends in enumerate(self._ends):
            self._alike.setdefault(ends, []).append(at)

    def alike(self, turn: Turn) -> list[Turn]:
        """Return the turns that begin and end as one of them does, itself among them."""
        return [self._turns[at] for at in self._alike[_ends(self._text, turn)]]

    def fitting(self, anchor: StructureSelector) -> Turn | None:
        """Return the turn that an anchor is about; None where that can't be told."""
        alike = self._alike.get((anchor.head, anchor.tail), [])
        alone = anchor.of == 1 == len(alike)
        likenesses = [self._likeness(anchor, at, alone=alone) for at in range(len(self._turns))]
        chosen = _chosen(likenesses)
        if chosen.sure is not None:
            return self._turns[chosen.sure]
        # As many are alike as were: it is the one of the same number, if that stands as it did.
        nth = alike[anchor.nth] if anchor.of == len(alike) else None
        return self._turns[nth] if nth is not None and nth in chosen.alike else None

    def _likeness(self, anchor: StructureSelector, at: int, *, alone: bool) -> Likeness:
        head, tail = self._ends[at]
        if (head, tail) == (anchor.head, anchor.tail):
            quote = 1.0 if alone else 0.5
        elif head[:_END] == anchor.head[:_END] or tail[-_END:] == anchor.tail[-_END:]:
            # Its own words were edited, at one end at most.
            quote = 0.5 if anchor.of == 1 else 0.25
        else:
            return Likeness(0.0, 0.0, 0.0)
        before, after = _beside(self._text, self._turns[at])
        return Likeness(quote, float(before == anchor.before), float(after == anchor.after))


def turn_anchor(turn: Turn, turns: Sequence[Turn], text: str) -> StructureSelector:
    """Return what a turn is found again by: its first and last words, and those around it."""
    head, tail = _ends(text, turn)
    before, after = _beside(text, turn)
    alike = _TurnFinder(text, turns).alike(turn)
    return StructureSelector(head, tail, before, after, nth=alike.index(turn), of=len(alike))


def _ends(text: str, turn: Turn) -> tuple[str, str]:
    start, end = turn.start, turn.end
    head = " ".join(text[start : min(end, start + _READ * _HEAD)].split())[:_HEAD]
    return head, _last(text, start, end, _TAIL)


def _beside(text: str, turn: Turn) -> tuple[str, str]:
    after = text[turn.end : turn.end + _READ * _BESIDE]
    return _last(text, 0, turn.start, _BESIDE), " ".join(after.split())[:_BESIDE]


def _last(text: str, start: int, end: int, most: int) -> str:
    """Return the last words of a span, their white space joined."""
    return " ".join(text[max(start, end - _READ * most) : end].split())[-most:]


# ---- as they are listed and made ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ListedCorrection:
    """A correction and what has become of it: where it applies now, and what is found there now
    (what was found when it was made, where it no longer applies)."""

    correction: Correction
    effect: Effect
    found: str | None

    @property
    def applies(self) -> bool:
        return self.effect.applies


@dataclass(frozen=True, slots=True)
class Correctable:
    """A source that is to be corrected: what was found in it, what `now` is said of it, and the
    corrections that were `kept` before."""

    path: str
    text: str
    documents: tuple[Document, ...]
    turns: tuple[Turn, ...]
    now: Corrected
    kept: tuple[Correction, ...] = ()

    def with_new(self, made: Sequence[Correction]) -> list[Correction]:
        """Return the corrections kept from now on: new ones take the place of earlier ones about
        the same."""
        replaced: set[int] = set()
        for new in made:
            effect = corrected(self.documents, self.turns, self.text, [new]).effects[new.id]
            replaced |= {
                old.id
                for old in self.kept
                if old.kind is new.kind and self.now.effects[old.id] == effect
            }
        return [*(old for old in self.kept if old.id not in replaced), *made]

    def without(self, id: int) -> list[Correction]:
        """Return the corrections kept from now on, less one. Raises InvalidQuery if it is none of
        them."""
        left = [old for old in self.kept if old.id != id]
        if len(left) == len(self.kept):
            raise InvalidQuery(f"there is no correction {id}: `qa correct --list` lists them")
        return left


def listed(
    corrections: Sequence[Correction], found: tuple[Sequence[Document], Sequence[Turn]], text: str
) -> tuple[ListedCorrection, ...]:
    """Return a source's corrections with their effects."""
    effects = corrected(*found, text, corrections).effects
    return tuple(
        ListedCorrection(one, effects[one.id], _found_now(one, effects[one.id], found))
        for one in corrections
    )


def _found_now(
    correction: Correction,
    effect: Effect,
    found: tuple[Sequence[Document], Sequence[Turn]],
) -> str | None:
    for document in found[0]:
        if document.ordinal in effect.documents:
            return document.title if correction.kind is CorrectionKind.TITLE else document.date
    for turn in found[1]:
        if (turn.document, turn.ordinal) in effect.turns[:1]:
            return turn.speaker
    return correction.found
