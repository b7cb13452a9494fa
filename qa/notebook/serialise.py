"""Answers to and from the JSON that is kept; a row must outlive new fields of the records."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import Any

from qa.notebook.records import Exchange
from qa.records import (
    Answer,
    Citation,
    ContextWarning,
    Filters,
    Locator,
    LocatorKind,
    Quote,
    Span,
    TurnKind,
    Understood,
    Verdict,
)


def exchange_of(answer: Answer, *, id: str, asked_at: str) -> Exchange:
    """What is kept of an answer."""
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
    """One JSON object, without what has a column of its own."""
    data = asdict(exchange)
    for name in ("id", "asked_at", "question"):
        del data[name]
    return json.dumps(data, ensure_ascii=False)


def decode_exchange(id: str, asked_at: str, question: str, data: str) -> Exchange:
    """The record that `encode_exchange` wrote."""
    got = json.loads(data)
    return Exchange(
        id=id,
        asked_at=asked_at,
        question=question,
        verdict=Verdict(got["verdict"]),
        filters=Filters(**_fields(Filters, got["filters"])),
        understood=_understood(got["understood"]),
        quotes=tuple(_quote(quote) for quote in got["quotes"]),
        misses=tuple(_quote(quote) for quote in got["misses"]),
        unknown_words=tuple((word, near) for word, near in got["unknown_words"]),
        passages=got["passages"],
        documents=got["documents"],
        searched=got.get("searched", question),
    )


def encode_quote(quote: Quote) -> str:
    """One JSON object."""
    return json.dumps(asdict(quote), ensure_ascii=False)


def decode_quote(data: str) -> Quote:
    """The record that `encode_quote` wrote."""
    return _quote(json.loads(data))


def _quote(got: dict[str, Any]) -> Quote:
    return Quote(
        text=got["text"],
        start=got["start"],
        end=got["end"],
        citation=_citation(got["citation"]),
        score=got["score"],
        matched=tuple(got["matched"]),
        places=tuple(_citation(place) for place in got["places"]),
        warnings=tuple(
            ContextWarning(**_fields(ContextWarning, warning))
            for warning in got.get("warnings", ())
        ),
    )


def _citation(got: dict[str, Any]) -> Citation:
    known = _fields(Citation, got)
    locator = got.get("locator")
    place = Locator(LocatorKind(locator["kind"]), locator["label"]) if locator else None
    return Citation(**{**known, "kind": TurnKind(got["kind"]), "locator": place})


def _understood(got: dict[str, Any]) -> Understood:
    known = _fields(Understood, got)
    frame = tuple(Span(span["start"], span["end"]) for span in got.get("frame", ()))
    return Understood(**{**known, "frame": frame})


def _fields(record: type[Any], got: dict[str, Any]) -> dict[str, Any]:
    """What the record still has a field for; arrays are tuples."""
    names = {field.name for field in fields(record)}
    return {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in got.items()
        if key in names
    }
