"""The conversation: from a question and its filters to what the thread shows, and back later."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from qa import CitewellError, Drift, EmbeddingError, Exchange, LibraryError, exchange_of
from ui.cards import exchange_card
from ui.desk import Desk

LONGEST_QUESTION = 4_000
_MOST_QUESTIONS_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as the page sends it; empty filters are none."""

    question: str
    speakers: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    understand: bool = True


def answer(asked: Asked, conversation: str, person: str, desk: Desk) -> Iterator[dict[str, Any]]:
    """Yield what the thread shows, step by step: the question at once, then the answer.

    The answer is kept in the conversation (a new one if `conversation` is empty) unless the
    library is read-only.
    """
    id = secrets.token_urlsafe(9)
    question = asked.question.strip()[: LONGEST_QUESTION + 1]
    pending = {"id": id, "question": question, "state": "pending"}
    yield {"kind": "turn", "conversation": conversation, "turn": pending}
    try:
        earlier = _earlier(conversation, person, desk)
        exchange = _ask(asked, question, earlier, id, desk)
        kept, note = _keep(exchange, conversation, person, desk)
        turn = exchange_card(exchange, desk.catalogue)
        yield {"kind": "turn", "conversation": kept, "turn": {**turn, "note": note}}
    except (CitewellError, EmbeddingError) as error:
        failed = {**pending, "state": "error", "message": str(error)}
        yield {"kind": "turn", "conversation": conversation, "turn": failed}


def _earlier(conversation: str, person: str, desk: Desk) -> tuple[str, ...]:
    """Return what a follow-up leans on: the question before it, as it was completed itself."""
    if not conversation or desk.keeping is None:
        return ()
    try:
        last = desk.keeping.last_exchange(person, conversation)
    except (KeyError, LibraryError):
        return ()
    return () if last is None else (last.searched or last.question,)


def _ask(asked: Asked, question: str, earlier: tuple[str, ...], id: str, desk: Desk) -> Exchange:
    found = desk.library.ask(
        question,
        speaker=asked.speakers or None,
        sources=[desk.catalogue.path(name) for name in asked.sources] or None,
        since=asked.since.strip() or None,
        until=asked.until.strip() or None,
        understand=asked.understand,
        history=earlier,
    )
    return exchange_of(found, id=id, asked_at=datetime.now(UTC).isoformat(timespec="seconds"))


def _keep(exchange: Exchange, conversation: str, person: str, desk: Desk) -> tuple[str, str | None]:
    """Keep an exchange; return the conversation's id, and what went wrong, if anything did: the
    answer is shown all the same."""
    if desk.keeping is None:
        return conversation, None
    try:
        return desk.keeping.keep_exchange(person, conversation or None, exchange), None
    except KeyError:
        # Deleted in another window meanwhile: the question begins a new one.
        return desk.keeping.keep_exchange(person, None, exchange), None
    except LibraryError as error:
        return conversation, str(error)


def resume(conversation: str, person: str, desk: Desk) -> dict[str, Any]:
    """Return what the thread shows on opening: a kept conversation, else the empty state."""
    if conversation and desk.keeping is not None:
        try:
            exchanges = desk.keeping.exchanges(person, conversation)
            shown = exchanges[-_MOST_QUESTIONS_SHOWN:]
            return {
                "kind": "conversation",
                "conversation": conversation,
                "title": desk.keeping.title(person, conversation),
                "earlier": max(0, len(exchanges) - _MOST_QUESTIONS_SHOWN),
                "turns": [
                    exchange_card(exchange, desk.catalogue, drifts)
                    for exchange, drifts in zip(shown, _drifts(shown, desk), strict=True)
                ],
            }
        except KeyError:
            pass
    return empty(desk)


def _drifts(exchanges: Sequence[Exchange], desk: Desk) -> list[tuple[Drift, ...]]:
    """Return what became of the quotes and misses of each exchange since they were kept."""
    found = iter(
        desk.library.standing(
            quote for exchange in exchanges for quote in (*exchange.quotes, *exchange.misses)
        )
    )
    return [
        tuple(islice(found, len(exchange.quotes) + len(exchange.misses))) for exchange in exchanges
    ]


def empty(desk: Desk) -> dict[str, Any]:
    """Return the state before the first question: what there is, and examples drawn from it."""
    contents = desk.catalogue.contents()
    return {
        "kind": "empty",
        "conversation": "",
        "nonce": secrets.token_urlsafe(6),
        "sources": len(contents.sources),
        "documents": contents.documents,
        "speakers": len(contents.speakers),
        "first_date": contents.first_date,
        "last_date": contents.last_date,
        "can_add": desk.additions is not None,
        "examples": {
            "speakers": list(contents.speakers[:2]),
            "titles": [title for title in contents.titles if len(title) <= 90][:2],
        },
    }
