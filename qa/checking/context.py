"""Warnings: what the words around a quotation, or the words it leaves out, do to its meaning."""

from __future__ import annotations

from collections.abc import Iterator

from qa.checking.places import Place, document_of
from qa.checking.records import Match, Omission, Warned, Wording
from qa.checking.shelf import Shelf
from qa.checking.words import WORD, first_of
from qa.records import Span
from qa.structure.sentences import split_sentences

FAR = 400
_REACH = 1_200
_LONGEST_QUOTED = 20_000
_TURNING = ("negation", "condition", "contrast", "reporting")
_NAMES = {
    "negation": "a negation",
    "hedge": "a hedge",
    "condition": "a condition",
    "contrast": "a contrast",
    "reporting": "reported speech",
}


def warnings_of(shelf: Shelf, place: Place, match: Match, fragments: bool) -> tuple[Warned, ...]:
    """All warnings on a verified quotation, at its first place."""
    found = [*_differences(match), *_omitted(shelf, place)]
    if fragments:
        found.append(Warned("fragments", "pieced together of single words"))
    found.extend(context_warnings(shelf, place.text_id, Span(place.start, place.end)))
    return tuple(found)


def _differences(match: Match) -> Iterator[Warned]:
    if "case" in match.differences:
        yield Warned("case", "capital and small letters differ from the source")
    if "final mark" in match.differences:
        yield Warned("final_mark", "the draft ends it with a question or exclamation mark")


# ---- what a shortened quotation leaves out -------------------------------------------


def _omitted(shelf: Shelf, place: Place) -> Iterator[Warned]:
    if place.wording is not Wording.SHORTENED:
        return
    for omission in place.omissions:
        for kind in ("negation", "hedge", "condition", "contrast"):
            word = first_of(omission.text, kind)
            if word is not None:
                yield _warned(f"omitted_{kind}", f"leaves out {_NAMES[kind]} (“{word}”)", omission)
        yield from _inserted(omission)
        yield from _crossed(shelf, place.text_id, omission)


def _inserted(omission: Omission) -> Iterator[Warned]:
    if not omission.inserted:
        return
    for kind in ("negation", "hedge", "condition"):
        word = first_of(omission.inserted, kind)
        if word is not None:
            yield _warned(f"inserted_{kind}", f"inserts {_NAMES[kind]} (“{word}”)", omission)
    digits = {c for c in omission.inserted if c.isdigit()}
    if digits or any(c.isdigit() for c in omission.text):
        yield _warned("inserted_number", "replaces or inserts a number", omission)


def _crossed(shelf: Shelf, text_id: int, omission: Omission) -> Iterator[Warned]:
    if omission.start == omission.end:
        return
    structure = shelf.structure(text_id)
    before, after = omission.start - 1, omission.end
    one, two = structure.document_at(before), structure.document_at(after)
    if one is not two:
        yield _warned(
            "crosses_document", "what is left out reaches into another document", omission
        )
    left, right = structure.turn_at(before), structure.turn_at(after)
    voices = [(t.speaker, t.kind) if t is not None else None for t in (left, right)]
    if voices[0] != voices[1]:
        yield _warned("crosses_speaker", "what is left out reaches into another’s words", omission)
    elif left is not right and left is not None and right is not None:
        between = {
            turn.speaker for turn in structure.turns if left.end <= turn.start < right.start
        } - {left.speaker, None}
        if between:
            yield _warned("crosses_speaker", "somebody else speaks in what is left out", omission)
    if omission.end - omission.start > FAR:
        yield _warned(
            "distance", f"leaves out {omission.end - omission.start} characters", omission
        )


def _warned(kind: str, message: str, omission: Omission) -> Warned:
    return Warned(kind, message, omission.start, omission.end, omission.text)


def crosses(shelf: Shelf, place: Place) -> bool:
    """Whether a place reaches into another turn or document."""
    structure = shelf.structure(place.text_id)
    touched = [t for t in structure.turns if t.start < place.end and t.end > place.start]
    voices = {t.speaker for t in touched if t.speaker is not None}
    document = document_of(shelf, place)
    return len(voices) > 1 or (document is not None and place.end > document.end)


# ---- what stands around a quotation --------------------------------------------------


def context_warnings(shelf: Shelf, text_id: int, span: Span) -> Iterator[Warned]:
    """What the sentence that a span is cut from, and its neighbours, do to it."""
    turn = shelf.structure(text_id).turn_at(span.start)
    low = turn.start if turn is not None else 0
    high = max(turn.end, span.end) if turn is not None else shelf.length(text_id)
    start, end = max(low, span.start - _REACH), min(high, span.end + _REACH)
    if span.end - span.start > _LONGEST_QUOTED or start >= end:
        return
    text = shelf.text(text_id, start, end)
    sentences = [Span(start + s.start, start + s.end) for s in split_sentences(text, 0, len(text))]
    touched = [s for s in sentences if s.end > span.start and s.start < span.end]
    if not touched:
        return
    full = Span(touched[0].start, touched[-1].end)
    fuller = text[full.start - start : full.end - start]
    before = text[full.start - start : span.start - start]
    after = text[span.end - start : max(full.end, span.end) - start]
    if WORD.search(before):
        yield Warned(
            "begins_mid_sentence", "begins inside a sentence", full.start, full.end, fuller
        )
        yield from _turned("before", before, full, fuller, _TURNING)
    if WORD.search(after):
        yield Warned("sentence_goes_on", "its sentence goes on", full.start, full.end, fuller)
        yield from _turned("after", after, full, fuller, ("negation", "condition", "contrast"))
    yield from _neighbours(text, start, sentences, touched)


def _turned(
    where: str, words: str, full: Span, fuller: str, kinds: tuple[str, ...]
) -> Iterator[Warned]:
    for kind in kinds:
        word = first_of(words, kind)
        if word is not None:
            yield Warned(
                f"turned_{where}",
                f"the sentence has {_NAMES[kind]} {where} it (“{word}”)",
                full.start,
                full.end,
                fuller,
            )
            return


def _neighbours(
    text: str, start: int, sentences: list[Span], touched: list[Span]
) -> Iterator[Warned]:
    """The next sentence takes it back ("But …"), or the one before only supposes it."""
    index = sentences.index(touched[-1]) + 1
    if index < len(sentences):
        following = sentences[index]
        words = text[following.start - start : following.end - start]
        opening = WORD.search(words)
        if opening is not None and first_of(opening.group(), "contrast"):
            yield Warned(
                "turned_next",
                f"the next sentence begins with “{opening.group()}”",
                following.start,
                following.end,
                words,
            )
    index = sentences.index(touched[0]) - 1
    if index >= 0:
        words = text[sentences[index].start - start : sentences[index].end - start]
        if words.rstrip().endswith(":") and first_of(words, "reporting"):
            yield Warned(
                "reported_before",
                "the sentence before introduces it as somebody’s words",
                sentences[index].start,
                sentences[index].end,
                words,
            )
