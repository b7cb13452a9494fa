"""A notebook's records and their JSON. Times are ISO 8601 in UTC, to the second.

A row must outlive new fields of the records.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum

from qa.as_data import (
    filters_data,
    filters_from,
    quote_data,
    quote_from,
    understood_data,
    understood_from,
)
from qa.records import Answer, Filters, Quote, Understood, Verdict


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


# ---- as JSON ----------------------------------------------------------------------------


def exchange_of(answer: Answer, *, id: str, asked_at: str) -> Exchange:
    """Return what is kept of an answer."""
    absence = answer.absence
    return Exchange(
        id=id,
        asked_at=asked_at,
        question=answer.question,
        verdict=answer.verdict,
        filters=answer.query.filters,
        understood=answer.query.understood,
        quotes=answer.quotes,
        misses=answer.misses,
        unknown_words=absence.unknown_words if absence else (),
        passages=absence.passages if absence else None,
        documents=absence.documents if absence else None,
        searched=answer.query.text,
    )


def encode_exchange(exchange: Exchange) -> str:
    """Return one JSON object, without what has a column of its own."""
    data = {
        "verdict": exchange.verdict.value,
        "filters": filters_data(exchange.filters),
        "understood": {
            **understood_data(exchange.understood),
            "frame": [asdict(span) for span in exchange.understood.frame],
        },
        "quotes": [quote_data(quote) for quote in exchange.quotes],
        "misses": [quote_data(quote) for quote in exchange.misses],
        "unknown_words": [list(pair) for pair in exchange.unknown_words],
        "passages": exchange.passages,
        "documents": exchange.documents,
        "searched": exchange.searched,
    }
    return json.dumps(data, ensure_ascii=False)


def decode_exchange(id: str, asked_at: str, question: str, data: str) -> Exchange:
    """Return the record that `encode_exchange` wrote, of this version or an earlier one."""
    got = json.loads(data)
    return Exchange(
        id=id,
        asked_at=asked_at,
        question=question,
        verdict=Verdict(got["verdict"]),
        filters=filters_from(got["filters"]),
        understood=understood_from(got["understood"]),
        quotes=tuple(quote_from(quote) for quote in got["quotes"]),
        misses=tuple(quote_from(quote) for quote in got["misses"]),
        unknown_words=tuple((word, near) for word, near in got["unknown_words"]),
        passages=got["passages"],
        documents=got["documents"],
        searched=got.get("searched", question),
    )


def encode_quote(quote: Quote) -> str:
    """Return one JSON object."""
    return json.dumps(quote_data(quote), ensure_ascii=False)


def decode_quote(data: str) -> Quote:
    """Return the record that `encode_quote` wrote, of this version or an earlier one."""
    return quote_from(json.loads(data))
