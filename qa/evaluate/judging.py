"""Quote and question → whether the quote is right, by what the collection calls right."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qa.evaluate.collections.collection import CollectionQuestion, GoldSpan, GoldText
from qa.evaluate.measures import is_right_span, is_right_text
from qa.evaluate.outcomes import JudgedQuote
from qa.language.sentences import split_sentences
from qa.language.tokens import tokens
from qa.records import Citation, Quote


class Judge:
    """Judges the quotes of one question's answer. `name_of` gives the collection's name of a
    source. Without gold spans or words a quote is right if it is from a relevant document."""

    def __init__(self, question: CollectionQuestion, name_of: Callable[[str], str]) -> None:
        self._question = question
        self._name_of = name_of
        self._expected = {
            gold: _sentences_of_words(gold.text)
            for gold in question.gold
            if isinstance(gold, GoldText)
        }

    def judge(self, quotes: Sequence[Quote]) -> tuple[JudgedQuote, ...]:
        """The quotes with the verdict on each; the same words elsewhere count as well."""
        return tuple(self._judged(quote) for quote in quotes)

    def _judged(self, quote: Quote) -> JudgedQuote:
        first = quote.citation
        return JudgedQuote(
            text=quote.text,
            document=self._name_of(first.source),
            speaker=first.speaker,
            start=quote.start,
            end=quote.end,
            right=any(self._is_right(quote, place) for place in (first, *quote.places)),
        )

    def _is_right(self, quote: Quote, place: Citation) -> bool:
        document = self._name_of(place.source)
        if not self._question.gold:
            return document in self._question.relevant
        return any(self._meets(quote, place, document, gold) for gold in self._question.gold)

    def _meets(
        self, quote: Quote, place: Citation, document: str, gold: GoldSpan | GoldText
    ) -> bool:
        if gold.document is not None and gold.document != document:
            return False
        if isinstance(gold, GoldSpan):
            return is_right_span(place.start, place.end, gold)
        return is_right_text(tokens(quote.text), self._expected[gold])


def _sentences_of_words(text: str) -> list[list[str]]:
    return [tokens(text[span.start : span.end]) for span in split_sentences(text, 0, len(text))]
