"""What asking a collection's questions gave: one frozen record a question, and the whole run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qa.evaluate.collections.collection import CollectionFormat
from qa.records import Verdict


@dataclass(frozen=True, slots=True)
class JudgedQuote:
    """A quote of an answer; `document` is the collection's name of where it stands."""

    text: str
    document: str
    speaker: str | None
    start: int
    end: int
    right: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question asked. `quotes` are shown as answers, `misses` as near misses; `documents`
    are the collection's documents by rank, best first; `confidence` is the evidence that the
    documents answer at all, comparable between questions; `retrieval` has the measures of
    ranked documents, where relevant ones are known."""

    id: str
    shelf: str
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
