"""A span of a stored text → matches: who speaks there, in which document, on which lines."""

from __future__ import annotations

from dataclasses import dataclass

from qa.anchoring.nearest_wording import Change
from qa.check.corpus_view import CorpusView
from qa.check.records import Match, Omission, Wording
from qa.records import Document, Turn, TurnKind


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quotation's words stand in a stored text, and how. `turns` are those that the
    span begins and ends in; None outside any."""

    text_id: int
    start: int
    end: int
    wording: Wording
    differences: tuple[str, ...] = ()
    omissions: tuple[Omission, ...] = ()


@dataclass(frozen=True, slots=True)
class WordingResult:
    """What was found of a quotation's words. `capped`: there may be more places."""

    wording: Wording
    places: tuple[Place, ...]
    changes: tuple[Change, ...] = ()
    edges: tuple[bool, bool] = (False, False)
    fragments: bool = False
    capped: bool = False


def turns_at(corpus: CorpusView, place: Place) -> tuple[Turn | None, Turn | None]:
    """The turns in which a place begins and ends."""
    structure = corpus.structure(place.text_id)
    return structure.turn_at(place.start), structure.turn_at(max(place.start, place.end - 1))


def document_of(corpus: CorpusView, place: Place) -> Document | None:
    return corpus.structure(place.text_id).document_at(place.start)


def matches_at(corpus: CorpusView, place: Place) -> tuple[Match, ...]:
    """One match for each source that has the text."""
    turn, last = turns_at(corpus, place)
    document = document_of(corpus, place)
    same = (
        turn is not None
        and last is not None
        and (turn.speaker, turn.kind)
        == (
            last.speaker,
            last.kind,
        )
    )
    known = turn if same else None
    lines = (
        corpus.store.excerpt(place.text_id, place.start, place.start).line,
        corpus.store.excerpt(
            place.text_id, max(place.start, place.end - 1), max(place.start, place.end - 1)
        ).line,
    )
    text = corpus.text(place.text_id, place.start, place.end)
    return tuple(
        Match(
            source=path,
            start=place.start,
            end=place.end,
            text=text,
            speaker=known.speaker if known else None,
            date=document.date if document else None,
            document=document.title if document else None,
            wording=place.wording,
            kind=turn.kind if turn else TurnKind.BOILERPLATE,
            role=known.role if known else None,
            lines=lines,
            differences=place.differences,
            omissions=place.omissions,
        )
        for path in corpus.paths(place.text_id)
    )
