"""Markdown (CommonMark) in which text of documents stays text: all its markup is escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.in_words import ShortName, attribution, conditions, place, warning_words
from qa.notebook.records import Exchange, Pin
from qa.records import Quote, Verdict
from qa.safe_text import one_line

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~&$:=@^\"'%])")


def conversation_markdown(title: str, exchanges: Sequence[Exchange], short_name: ShortName) -> str:
    """A conversation: each question a heading, each quote a block quote with its citation."""
    parts = [f"# {_escape(one_line(title))}"]
    for exchange in exchanges:
        parts.append(f"## {_escape(one_line(exchange.question))}")
        if narrowed := conditions(exchange.filters, short_name):
            parts.append(f"Searched only: {_escape(narrowed)}.")
        if exchange.verdict is Verdict.NOT_FOUND:
            parts.append("Not found: no passage of the sources answers this.")
        elif exchange.verdict is Verdict.WEAK:
            parts.append("Weak evidence: these passages touch on it, but may not answer it.")
        parts += [_quote(quote, short_name) for quote in exchange.quotes]
    return "\n\n".join(parts) + "\n"


def notebook_markdown(pins: Sequence[Pin], short_name: ShortName) -> str:
    """The pinned quotes, each with the question that it answered."""
    parts = ["# Notebook"]
    for pin in pins:
        parts += [_quote(pin.quote, short_name), f"Asked: {_escape(one_line(pin.question))}"]
    return "\n\n".join(parts) + "\n"


def _quote(quote: Quote, short_name: ShortName) -> str:
    words = "\n".join(f"> {_escape(line)}" for line in quote.text.splitlines())
    who = _escape(attribution(quote.citation))
    where = _escape(place(quote.citation, short_name))
    notes = (f"Note: {message}: “{fuller}”" for message, fuller in warning_words(quote))
    said = "".join(f"\n>\n> {_escape(note)}" for note in notes)
    return f"{words}\n>\n> — {who}\n> ({where}){said}"


def _escape(text: str) -> str:
    """CommonMark, 2.4: a backslash before ASCII punctuation makes it literal."""
    return _SPECIAL.sub(r"\\\1", text.strip())
