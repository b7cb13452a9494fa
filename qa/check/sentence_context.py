"""Warn where the words around a span of a source change its meaning: its sentence goes on or has a
negation, the sentence before only supposes it, the next one takes it back."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from qa.check.quotations import find_quotations
from qa.language.discourse import CONDITION_OPENINGS, CONTRAST_OPENINGS, WORD, first_of
from qa.language.sentences import split_sentences
from qa.records import Answer, ContextWarning, Quote, Span
from qa.store.protocol import LibraryReader
from qa.store.records import StoredPassage
from qa.store.source_names import source_at
from qa.structure.lines import has_soft_lines

REACH = 1_200
LONGEST = 20_000
NAMES = {
    "negation": "a negation",
    "hedge": "a hedge",
    "condition": "a condition",
    "contrast": "a contrast",
    "reporting": "reported speech",
}
_BEFORE = ("negation", "condition", "contrast", "reporting")
_AFTER = ("negation", "condition", "contrast")
# Openings by which a sentence limits, regrets, conditions or contradicts the one before it.
_TAKES_BACK = re.compile(
    rf"[\W_]{{0,4}}(?P<opening>(?:{CONTRAST_OPENINGS}|{CONDITION_OPENINGS}|so it was claimed|"
    r"(?:this|that|it|these|those|they|none of (?:this|that|it))\s+(?:is|was|are|were|has been)\s+"
    r"(?:not|never|n[’']t|false|untrue|wrong|nonsense|a\s+lie|a\s+hoax|a\s+myth|denied)|"
    r"(?:this|that|it)\s+(?:isn|wasn)[’']t|(?:no|never|nonsense|not so|not at all)(?=[,.!])|"
    r"нет(?=[,.!])|неправда|"
    r"это\s+(?:не\s+так|неправда|ложь|миф|не\s+соответствует)))\b",
    re.IGNORECASE,
)
# Openings by which a sentence says that what follows is supposed, or what others say.
_SUPPOSES = re.compile(
    r"[\W_]{0,4}(?P<opening>suppose|supposing|imagine|assume|assuming|"
    r"let us (?:suppose|assume|imagine)|allegedly|supposedly|reportedly|"
    r"(?:some|many|critics|opponents|others|people|they)\s+"
    r"(?:will\s+|may\s+|might\s+)?(?:say|claim|argue|allege|pretend)|"
    r"(?:it\s+is|it\s+was)\s+(?:said|claimed|alleged|rumou?red)|rumou?r\s+has\s+it|"
    r"допустим|предположим|представ(?:ьте|им)|якобы|говорят|утверждают|ходят\s+слухи|"
    r"(?:некоторые|многие|критики|противники)\s+(?:говорят|утверждают|считают))\b",
    re.IGNORECASE,
)
# The end of a table's row, from either side.
_ROW = re.compile(r"[ \t|]*\n[ \t]*\|")
# Without single marks, which are apostrophes as often as not.
_MARKS = re.compile(r"[\"“”„‟«»「」『』＂]")
_ENUMERATOR = re.compile(r"\W{0,4}(?:\d{1,3}|[^\W\d_])[.)]\s*")
_ENDED = re.compile(r"[.!?…][\"'”’»)\]]*\Z")
_SUPPOSES_LATER = re.compile(_SUPPOSES.pattern.replace(r"[\W_]{0,4}", r"\b", 1), re.IGNORECASE)


def warnings_around(
    text: str, offset: int, span: Span, *, soft: bool = False
) -> Iterator[ContextWarning]:
    """Yield the warnings on a span of a source. `text` is the part of its turn around it, beginning
    at character `offset` of the source; `soft`: a line break alone ends no paragraph (Markdown)."""
    sentences = [
        Span(offset + sentence.start, offset + sentence.end)
        for sentence in split_sentences(text, 0, len(text), soft=soft)
    ]
    touched = [s for s in sentences if s.end > span.start and s.start < span.end]
    if not touched:
        return
    full = Span(touched[0].start, touched[-1].end)
    fuller = text[full.start - offset : full.end - offset]
    before = text[full.start - offset : max(full.start, span.start) - offset]
    after = text[span.end - offset : max(full.end, span.end) - offset]
    if WORD.search(before) and not _ENUMERATOR.fullmatch(before) and not _ROW.match(before[::-1]):
        message = "begins inside a sentence"
        yield ContextWarning("begins_mid_sentence", message, full.start, full.end, fuller)
        yield from _turned("before", before, full, fuller, _BEFORE)
    if WORD.search(after) and not _ROW.match(after):
        message = "its sentence goes on"
        yield ContextWarning("sentence_goes_on", message, full.start, full.end, fuller)
        yield from _turned("after", after, full, fuller, _AFTER)
    yield from _neighbours(text, offset, sentences, touched)
    yield from _quoted(text, offset, span)


def worth_a_look(before: str, quote: str, after: str) -> bool:
    """Return whether whole sentences, `quote`, between `before` and `after` can have a warning:
    much cheaper than looking for one, and never wrongly false."""
    lead, rest = before.rstrip(), after.lstrip()
    if lead and (lead.endswith(":") or not _apart(lead, before[len(lead) :])):
        return True
    if rest and not _apart(quote, after[: len(after) - len(rest)]):
        return True
    if _MARKS.search(before) and _MARKS.search(after):
        return True
    return bool(_TAKES_BACK.match(rest) or _SUPPOSES_LATER.search(lead))


def _apart(text: str, gap: str) -> bool:
    """Return whether a sentence surely ends at a text's end, with white space after it."""
    return gap.count("\n") > 1 or _ENDED.search(text[-8:]) is not None


def _turned(
    where: str, words: str, full: Span, fuller: str, kinds: tuple[str, ...]
) -> Iterator[ContextWarning]:
    for kind in kinds:
        word = first_of(words, kind)
        if word is not None:
            message = f"the sentence has {NAMES[kind]} {where} it (“{word}”)"
            yield ContextWarning(f"turned_{where}", message, full.start, full.end, fuller)
            return


def _neighbours(
    text: str, offset: int, sentences: Sequence[Span], touched: Sequence[Span]
) -> Iterator[ContextWarning]:
    """Warn if the next sentence takes it back ("But …"), or the one before only supposes it."""
    index = sentences.index(touched[-1]) + 1
    if index < len(sentences):
        following = sentences[index]
        words = text[following.start - offset : following.end - offset]
        opening = _TAKES_BACK.match(words)
        if opening is not None:
            message = f"the next sentence begins with “{_short(opening['opening'])}”"
            yield ContextWarning("turned_next", message, following.start, following.end, words)
    index = sentences.index(touched[0]) - 1
    if index >= 0:
        yield from _led_by(text, offset, sentences[index])


def _quoted(text: str, offset: int, span: Span) -> Iterator[ContextWarning]:
    """Warn of words in quotation marks, which are somebody else's, unless marks enclose all."""
    start, end = span.start - offset, span.end - offset
    if not (_MARKS.search(text, 0, start) and _MARKS.search(text, end)):
        return
    for quotation in find_quotations(text):
        marks = quotation.outer
        inside = quotation.start <= start and end <= quotation.end
        if inside and _MARKS.match(text, marks.start) and text[: marks.start].strip():
            message = "the source has it in quotation marks"
            words = text[marks.start : marks.end]
            place = (offset + marks.start, offset + marks.end)
            yield ContextWarning("within_quotation", message, *place, words)
            return


def _led_by(text: str, offset: int, before: Span) -> Iterator[ContextWarning]:
    words = text[before.start - offset : before.end - offset]
    opening = _SUPPOSES.match(words)
    if opening is not None:
        message = f"the sentence before begins with “{_short(opening['opening'])}”"
        yield ContextWarning("supposed_before", message, before.start, before.end, words)
    elif words.rstrip().endswith(":") and first_of(words, "reporting"):
        message = "the sentence before introduces it as somebody’s words"
        yield ContextWarning("reported_before", message, before.start, before.end, words)


def _short(opening: str) -> str:
    return " ".join(opening.split())


# ---- the quotes of an answer -----------------------------------------------------------


def with_warnings(
    store: LibraryReader, answer: Answer, passages: Collection[StoredPassage]
) -> Answer:
    """Return the answer with the effect of the surrounding words noted on each quote and near miss.

    `passages` are those that the answer was quoted from. One slice a quote; sentences are only
    looked for where something around a quote could give a warning.
    """

    def warned(quote: Quote) -> Quote:
        found = _warnings(store, quote, passages)
        return replace(quote, warnings=found) if found else quote

    return replace(
        answer,
        quotes=tuple(warned(quote) for quote in answer.quotes),
        misses=tuple(warned(quote) for quote in answer.misses),
    )


def _warnings(
    store: LibraryReader, quote: Quote, passages: Collection[StoredPassage]
) -> tuple[ContextWarning, ...]:
    path, span = quote.citation.source, Span(quote.start, quote.end)
    within = next(
        (one for one in passages if path in one.paths and one.start <= span.start < one.end), None
    )
    if within is None or span.end - span.start > LONGEST:
        return ()
    turn = within.turn
    start, end = max(turn.start, span.start - REACH), min(turn.end, span.end + REACH)
    text = store.excerpt(within.text_id, start, end).text
    before, after = text[: span.start - start], text[span.end - start :]
    if not worth_a_look(before, quote.text, after):
        return ()
    source = source_at(store, path)
    soft = source is not None and has_soft_lines(source.format)
    return tuple(warnings_around(text, start, span, soft=soft))
