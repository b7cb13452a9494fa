"""What the scripts call to keep things: conversations, pinned quotes, feedback, exports."""

from __future__ import annotations

from typing import Any

from qa import CitewellError, FeedbackKind, Notebook, Quote
from qa.export import FORMATS, Export, export_conversation, export_notebook
from ui.cards import pin_card
from ui.desk import Call, Desk


def notebook_calls(desk: Desk) -> dict[str, Call]:
    """Return what the page's scripts call, by name."""
    return {
        "conversations": lambda data, person: _conversations(person, desk),
        "rename_conversation": lambda data, person: {
            "title": _keeping(desk).rename(person, str(data["id"]), str(data["title"]))
        },
        "delete_conversation": lambda data, person: _delete(data, person, desk),
        "pins": lambda data, person: _pins(person, desk),
        "pin": lambda data, person: _pin(data, person, desk),
        "unpin": lambda data, person: _unpin(data, person, desk),
        "feedback": lambda data, person: _feedback(data, person, desk),
        "export": lambda data, person: _export(data, person, desk),
    }


def _keeping(desk: Desk) -> Notebook:
    if desk.keeping is None:
        raise CitewellError("this library is served for reading only: nothing can be kept")
    return desk.keeping


def _conversations(person: str, desk: Desk) -> dict[str, Any]:
    if desk.keeping is None:
        return {"conversations": [], "keeps": False}
    return {
        "keeps": True,
        "conversations": [
            {
                "id": kept.id,
                "title": kept.title,
                "updated_at": kept.updated_at,
                "exchanges": kept.exchanges,
            }
            for kept in desk.keeping.conversations(person)
        ],
    }


def _delete(data: dict[str, Any], person: str, desk: Desk) -> dict[str, Any]:
    _keeping(desk).delete(person, str(data["id"]))
    return {}


def _pins(person: str, desk: Desk) -> dict[str, Any]:
    if desk.keeping is None:
        return {"pins": [], "keeps": False}
    pins = desk.keeping.pins(person)
    drifts = desk.library.standing(pin.quote for pin in pins)
    cards = [pin_card(pin, desk.catalogue, now) for pin, now in zip(pins, drifts, strict=True)]
    return {"pins": cards, "keeps": True}


def _pin(data: dict[str, Any], person: str, desk: Desk) -> dict[str, Any]:
    question, quote = _quote(data, person, desk)
    pin = _keeping(desk).pin(person, question, quote)
    return {"pin": pin_card(pin, desk.catalogue)}


def _unpin(data: dict[str, Any], person: str, desk: Desk) -> dict[str, Any]:
    _keeping(desk).unpin(person, str(data["id"]))
    return {}


def _feedback(data: dict[str, Any], person: str, desk: Desk) -> dict[str, Any]:
    question, quote = _quote(data, person, desk)
    _keeping(desk).give_feedback(person, FeedbackKind(data["kind"]), question, quote)
    return {}


def _quote(data: dict[str, Any], person: str, desk: Desk) -> tuple[str, Quote]:
    """Return the question and the quote of a card, by its exchange and number: what is kept
    comes from the server's own record, never from the browser's copy."""
    exchange = _keeping(desk).exchange(person, str(data["exchange"]))
    quotes = exchange.misses if data.get("miss") else exchange.quotes
    number = int(data["number"])
    if not 0 <= number < len(quotes):
        raise ValueError(f"quote {number}, expected one of {len(quotes)}")
    return exchange.question, quotes[number]


def _export(data: dict[str, Any], person: str, desk: Desk) -> dict[str, Any]:
    keeping = _keeping(desk)
    form = str(data["format"])
    if form not in FORMATS:
        raise ValueError(f"format {form!r}, expected one of {', '.join(FORMATS)}")
    made: Export
    if data.get("conversation"):
        id = str(data["conversation"])
        made = export_conversation(
            keeping.title(person, id), keeping.exchanges(person, id), form, desk.catalogue.name
        )
    else:
        made = export_notebook(keeping.pins(person), form, desk.catalogue.name)
    return {"name": made.name, "type": made.media_type, "text": made.text}
