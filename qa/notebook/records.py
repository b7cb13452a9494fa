"""What is kept, one frozen record each. Times are ISO 8601 in UTC, to the second."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from qa.records import Filters, Quote, Understood, Verdict


@dataclass(frozen=True, slots=True)
class Conversation:
    """A named run of questions of one person. `exchanges` counts its questions."""

    id: str
    title: str
    created_at: str
    updated_at: str
    exchanges: int


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question and what was answered at the time.

    `searched` is what was searched for: the question, completed if it leaned on earlier ones.
    `unknown_words` are the question's words that occurred nowhere, each with a near spelling;
    `passages` and `documents` say how much was searched where nothing was found.
    """

    id: str
    asked_at: str
    question: str
    verdict: Verdict
    filters: Filters
    understood: Understood
    quotes: tuple[Quote, ...]
    misses: tuple[Quote, ...] = ()
    unknown_words: tuple[tuple[str, str | None], ...] = ()
    passages: int | None = None
    documents: int | None = None
    searched: str = ""


@dataclass(frozen=True, slots=True)
class Pin:
    """A quote that somebody put into the notebook, and the question it answered."""

    id: str
    pinned_at: str
    question: str
    quote: Quote


class FeedbackKind(StrEnum):
    """What a reader says of one quote."""

    RIGHT = "right"
    WRONG_SOURCE = "wrong_source"
    WRONG_SPEAKER = "wrong_speaker"


@dataclass(frozen=True, slots=True)
class Feedback:
    """One reader's word on one quote of one answer."""

    id: str
    given_at: str
    person: str
    kind: FeedbackKind
    question: str
    quote: Quote
