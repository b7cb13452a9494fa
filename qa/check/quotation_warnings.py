"""Warn about a verified quotation: what it omits, inserts or writes differently; its context."""

from __future__ import annotations

from collections.abc import Iterator

from qa.check.corpus_view import CorpusView, Place, document_of
from qa.check.records import Match, Omission, Warned, Wording
from qa.check.sentence_context import LONGEST, NAMES, REACH, warnings_around
from qa.language import WORDS
from qa.language.discourse import WORD, first_of, is_number, plain_word
from qa.language.tokens import STOP_TOKENS, stem
from qa.records import ContextWarning, Span

FAR = 400


def warnings_of(
    corpus: CorpusView, place: Place, match: Match, fragments: bool
) -> tuple[Warned, ...]:
    """Return all warnings on a verified quotation, at its first place."""
    found = [*_differences(match), *_omitted(corpus, place)]
    if fragments:
        found.append(Warned("fragments", "pieced together of single words"))
    span = Span(place.start, place.end)
    found.extend(
        Warned(one.kind, one.message, one.start, one.end, one.text)
        for one in context_warnings(corpus, place.text_id, span)
    )
    return tuple(found)


def _differences(match: Match) -> Iterator[Warned]:
    if "case" in match.differences:
        yield Warned("case", "capital and small letters differ from the source")
    if "final mark" in match.differences:
        yield Warned("final_mark", "the draft ends it with a question or exclamation mark")


# ---- what a shortened quotation leaves out -------------------------------------------


def _omitted(corpus: CorpusView, place: Place) -> Iterator[Warned]:
    if place.wording is not Wording.SHORTENED:
        return
    for omission in place.omissions:
        for kind in ("negation", "hedge", "condition", "contrast"):
            word = first_of(omission.text, kind)
            if word is not None:
                yield _warned(f"omitted_{kind}", f"leaves out {NAMES[kind]} (“{word}”)", omission)
        yield from _inserted(omission)
        yield from _crossed(corpus, place.text_id, omission)


def _inserted(omission: Omission) -> Iterator[Warned]:
    if not omission.inserted:
        return
    for kind in ("negation", "hedge", "condition"):
        word = first_of(omission.inserted, kind)
        if word is not None:
            yield _warned(f"inserted_{kind}", f"inserts {NAMES[kind]} (“{word}”)", omission)
    if omission.in_word and plain_word(omission.inserted) in WORDS.negative_prefixes:
        message = f"inserts a negation (“{omission.inserted}-”)"
        yield _warned("inserted_negation", message, omission)
    if any(map(is_number, WORD.findall(omission.inserted + " " + omission.text))):
        yield _warned("inserted_number", "replaces or inserts a number", omission)
    name = _replaced_name(omission)
    if name is not None:
        yield _warned("replaced_name", f"puts other words in the place of “{name}”", omission)


def _replaced_name(omission: Omission) -> str | None:
    """Return a capitalised content word that brackets replace with others."""
    inserted = {stem(word) for word in WORD.findall(omission.inserted)}
    for match in WORD.finditer(omission.text):
        word = match.group()
        plain = stem(word)
        if word[0].isupper() and plain not in STOP_TOKENS and plain not in inserted:
            return word
    return None


def _crossed(corpus: CorpusView, text_id: int, omission: Omission) -> Iterator[Warned]:
    if omission.start == omission.end:
        return
    structure = corpus.structure(text_id)
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


def crosses(corpus: CorpusView, place: Place) -> bool:
    """Return whether a place reaches into another turn or document."""
    structure = corpus.structure(place.text_id)
    touched = [t for t in structure.turns if t.start < place.end and t.end > place.start]
    voices = {t.speaker for t in touched if t.speaker is not None}
    document = document_of(corpus, place)
    return len(voices) > 1 or (document is not None and place.end > document.end)


def context_warnings(corpus: CorpusView, text_id: int, span: Span) -> Iterator[ContextWarning]:
    """Yield how the sentence that a span is cut from, and its neighbours, affect it."""
    if span.end - span.start > LONGEST:
        return
    turn = corpus.structure(text_id).turn_at(span.start)
    low = turn.start if turn is not None else 0
    high = max(turn.end, span.end) if turn is not None else corpus.length(text_id)
    start, end = max(low, span.start - REACH), min(high, span.end + REACH)
    text = corpus.text(text_id, start, end)
    yield from warnings_around(text, start, span, soft=corpus.is_soft(text_id))
