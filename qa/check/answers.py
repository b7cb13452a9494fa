"""Context warnings on the quotes of an answer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from qa.check.sentence_context import LONGEST, REACH, warnings_around, worth_a_look
from qa.records import Answer, ContextWarning, Quote, Span
from qa.store.protocol import LibraryReader
from qa.store.records import StoredPassage
from qa.store.source_names import source_at
from qa.structure.lines import has_soft_lines


def with_warnings(
    store: LibraryReader, answer: Answer, passages: Collection[StoredPassage]
) -> Answer:
    """The answer, each quote and each near miss with what the words around it do to it.

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
