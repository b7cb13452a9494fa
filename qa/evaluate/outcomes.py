"""Results of asking a collection's questions: judged quotes, one record per question, and the
figures of a run or of two compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from qa.evaluate.collections.collection import (
    CollectionFormat,
    CollectionQuestion,
    GoldSpan,
    GoldText,
)
from qa.evaluate.measures import (
    RETRIEVAL_MEASURES,
    PairedResult,
    RiskPoint,
    area_under_risk,
    auroc,
    compare_paired,
    is_right_span,
    is_right_text,
    mean,
    percentile,
    risk_coverage,
)
from qa.language.sentences import split_sentences
from qa.language.tokens import tokens
from qa.records import Citation, Quote, Verdict


@dataclass(frozen=True, slots=True)
class JudgedQuote:
    """A quote in an answer; `document` is the collection's name for its document."""

    text: str
    document: str
    speaker: str | None
    start: int
    end: int
    right: bool


class Judge:
    """Judges the quotes of one question's answer. `name_of` gives the collection's name of a
    source. Without gold spans or words, a quote from a relevant document is right."""

    def __init__(self, question: CollectionQuestion, name_of: Callable[[str], str]) -> None:
        self._question = question
        self._name_of = name_of
        self._expected = {
            gold: _sentences_of_words(gold.text)
            for gold in question.gold
            if isinstance(gold, GoldText)
        }

    def judge(self, quotes: Sequence[Quote]) -> tuple[JudgedQuote, ...]:
        """Return the quotes, each judged; the same words at another place count as well."""
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


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question asked. `quotes` are shown as answers, `misses` as near misses; `documents`
    are the collection's documents by rank, best first; `confidence` is the evidence that the
    documents answer at all, comparable between questions; `retrieval` has the measures of
    ranked documents, where relevant ones are known."""

    id: str
    subset: str
    question: str
    answerable: bool
    relevant: Mapping[str, int]
    verdict: Verdict
    confidence: float
    quotes: tuple[JudgedQuote, ...]
    misses: tuple[JudgedQuote, ...]
    documents: tuple[str, ...]
    retrieval: Mapping[str, float]
    milliseconds: float

    @property
    def first_right(self) -> bool:
        """Whether the first quote that is shown is right."""
        return bool(self.quotes) and self.quotes[0].right

    @property
    def any_right(self) -> bool:
        """Whether any quote that is shown is right."""
        return any(quote.right for quote in self.quotes)

    @property
    def best_right(self) -> bool:
        """Whether the best quote is right, shown or withheld as a near miss."""
        found = self.quotes or self.misses
        return self.answerable and bool(found) and found[0].right

    @property
    def relevant_rank(self) -> int | None:
        """The rank, from 1, of the first relevant document; None if none was ranked."""
        ranks = (rank for rank, name in enumerate(self.documents, 1) if name in self.relevant)
        return next(ranks, None)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A collection asked with one choice of settings, which `setting` names in words."""

    collection: str
    format: CollectionFormat
    setting: str
    model: str
    documents: int
    passages: int
    outcomes: tuple[Outcome, ...]


# ---- the figures ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of one run; None where the collection has nothing to measure it by.

    retrieval: measure → mean over questions with relevant documents. Over the answerable
    questions: `first_quote`, the share whose first shown quote is right; `first_found`, the
    same with near misses counted where nothing is shown; `any_quote`, any shown quote.
    `quote_precision`: the share of all shown quotes that are right. `auroc`: how well the
    confidence tells answerable from unanswerable questions; `aurc` and `curve`: risk against
    coverage, an answer being wrong if its best quote is, or if there is none to give.
    """

    questions: int
    answerable: int
    judged: int
    retrieval: dict[str, float]
    first_quote: float | None
    first_found: float | None
    any_quote: float | None
    quote_precision: float | None
    auroc: float | None
    aurc: float | None
    curve: tuple[RiskPoint, ...]
    verdicts: dict[Verdict, int]
    verdicts_unanswerable: dict[Verdict, int]
    p50_ms: float | None
    p95_ms: float | None

    @property
    def unanswerable(self) -> int:
        return self.questions - self.answerable


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure under two settings, over the same questions; `paired` is None for a measure
    that is no mean over questions."""

    measure: str
    first: float | None
    second: float | None
    paired: PairedResult | None


def summarise(evaluation: Evaluation) -> Summary:
    """Return the figures of a run."""
    outcomes = evaluation.outcomes
    answerable = [outcome for outcome in outcomes if outcome.answerable]
    judged = [outcome for outcome in outcomes if outcome.retrieval]
    confidences = [outcome.confidence for outcome in outcomes]
    shown = [quote.right for outcome in outcomes for quote in outcome.quotes]
    curve = risk_coverage(confidences, [outcome.best_right for outcome in outcomes])
    times = [outcome.milliseconds for outcome in outcomes]
    return Summary(
        questions=len(outcomes),
        answerable=len(answerable),
        judged=len(judged),
        retrieval={
            name: value
            for name in RETRIEVAL_MEASURES
            if (value := mean([outcome.retrieval[name] for outcome in judged])) is not None
        },
        first_quote=mean([outcome.first_right for outcome in answerable]),
        first_found=mean([outcome.best_right for outcome in answerable]),
        any_quote=mean([outcome.any_right for outcome in answerable]),
        quote_precision=mean(shown),
        auroc=auroc(confidences, [outcome.answerable for outcome in outcomes]),
        aurc=area_under_risk(curve),
        curve=curve,
        verdicts=_verdicts(answerable),
        verdicts_unanswerable=_verdicts([o for o in outcomes if not o.answerable]),
        p50_ms=percentile(times, 50),
        p95_ms=percentile(times, 95),
    )


def _verdicts(outcomes: Sequence[Outcome]) -> dict[Verdict, int]:
    counts = Counter(outcome.verdict for outcome in outcomes)
    return {verdict: counts[verdict] for verdict in Verdict}


FIRST_QUOTE = "first quote"
FIRST_FOUND = "first quote or miss"
ANY_QUOTE = "any quote"

_PER_QUESTION: tuple[tuple[str, Callable[[Outcome], float]], ...] = (
    (FIRST_QUOTE, lambda outcome: float(outcome.first_right)),
    (FIRST_FOUND, lambda outcome: float(outcome.best_right)),
    (ANY_QUOTE, lambda outcome: float(outcome.any_right)),
)


def compare(first: Evaluation, second: Evaluation) -> tuple[Difference, ...]:
    """Compare two runs over the same questions by every measure, with a paired test for each mean.

    Raises ValueError if they are not of the same questions.
    """
    pairs = list(zip(first.outcomes, second.outcomes, strict=True))
    if any((a.subset, a.id, a.question) != (b.subset, b.id, b.question) for a, b in pairs):
        raise ValueError("the two runs asked other questions, expected the same in one order")
    found = []
    judged = [(a, b) for a, b in pairs if a.retrieval]
    for name in RETRIEVAL_MEASURES if judged else ():
        found.append(_paired(name, [(a.retrieval[name], b.retrieval[name]) for a, b in judged]))
    answerable = [(a, b) for a, b in pairs if a.answerable]
    for name, value in _PER_QUESTION if answerable else ():
        found.append(_paired(name, [(value(a), value(b)) for a, b in answerable]))
    one, two = summarise(first), summarise(second)
    if one.auroc is not None:
        found.append(Difference("AUROC", one.auroc, two.auroc, None))
    found.append(Difference("AURC", one.aurc, two.aurc, None))
    found.append(Difference("p50 ms", one.p50_ms, two.p50_ms, None))
    return tuple(found)


def _paired(name: str, values: Sequence[tuple[float, float]]) -> Difference:
    result = compare_paired([a for a, _ in values], [b for _, b in values])
    assert result is not None  # there are values
    return Difference(name, result.first, result.second, result)
