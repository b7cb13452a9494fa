"""Who, when and where in one line of words, as every form of export says it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from qa.answer.by_hand import by_hand_words
from qa.answer.places import place_words
from qa.records import Citation, Filters, Quote

ShortName = Callable[[str], str]


def attribution(citation: Citation) -> str:
    """Who said it and when; what is not known is said to be unknown, what was corrected by hand
    to be so."""
    who = one_line(citation.speaker) if citation.speaker else "unattributed"
    if citation.role:
        who = f"{who}, {one_line(citation.role)}"
    said = f"{who}, {citation.date or 'undated'}"
    by_hand = by_hand_words(citation.corrected)
    return f"{said} ({by_hand})" if by_hand else said


def place(citation: Citation, short_name: ShortName) -> str:
    """Document, file, the page, time or chapter, and lines."""
    first, last = citation.lines
    parts = [one_line(citation.document)] if citation.document else []
    parts.append(one_line(short_name(citation.source)))
    if citation.locator:
        parts.append(one_line(place_words(citation.locator)))
    parts.append(f"line {first}" if first == last else f"lines {first}–{last}")
    return ", ".join(parts)


def notes(quote: Quote) -> Iterator[str]:
    """What stands around a quote and turns it, each with the words that show it."""
    shown: dict[str, list[str]] = {}
    for warning in quote.warnings:
        shown.setdefault(warning.text, []).append(warning.message)
    for words, messages in shown.items():
        yield f"Note: {one_line('; '.join(messages))}: “{one_line(words)}”"


def one_line(text: str) -> str:
    """The text with every run of white space and control characters as one space."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def conditions(filters: Filters, short_name: ShortName) -> str:
    """The filters of a question in words; empty if there were none."""
    said = []
    if filters.speakers is not None:
        said.append("speaker " + " or ".join(one_line(name) for name in filters.speakers))
    if filters.since or filters.until:
        said.append(f"dated {filters.since or '…'} to {filters.until or '…'}")
    if filters.sources is not None:
        said.append("source " + " or ".join(one_line(short_name(path)) for path in filters.sources))
    if filters.documents is not None:
        said.append("document " + " or ".join(one_line(title) for title in filters.documents))
    return "; ".join(said)
