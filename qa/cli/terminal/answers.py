"""An answer as text for a terminal: the quotes, each with who, when and where."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from qa.answer.by_hand import by_hand_words
from qa.answer.places import place_words
from qa.cli.terminal.wrapping import Wraps, unwrapped
from qa.records import Absence, Answer, Citation, Quote, TurnKind, Verdict
from qa.safe_text import one_line, safe

ShortName = Callable[[str], str]

_LONGEST_NOTE = 300
_KINDS = {
    TurnKind.QUESTION: "the interviewer’s question",
    TurnKind.CAPTION: "a caption",
    TurnKind.NARRATION: "unattributed text",
}


def answer_lines(
    answer: Answer, short_name: ShortName, wraps: Wraps | None = None
) -> Iterator[str]:
    """The lines to print: the verdict if it is a caution, the quotes, and last how the question
    was understood, so that a confident answer begins with its quote. `short_name` gives a
    source's short, unambiguous name; in sources that `wraps` names a quote's lines are joined."""
    before = list(_verdict_lines(answer))
    yield from before
    for number, quote in enumerate(answer.quotes or answer.misses):
        if number or before:
            yield ""
        yield from _quote_lines(quote, short_name, wraps)
    understood = list(_understood_lines(answer))
    if understood:
        yield ""
        yield from understood


def _verdict_lines(answer: Answer) -> Iterator[str]:
    if answer.verdict is Verdict.NOT_FOUND:
        yield "Not found: no passage of the sources answers this."
        if answer.absence is not None:
            yield from _absence_lines(answer.absence)
        if answer.misses:
            yield ""
            yield "Nearest passages, which do not answer it:"
    elif answer.verdict is Verdict.WEAK:
        yield "Weak evidence: these passages touch on it, but may not answer it."


def _understood_lines(answer: Answer) -> Iterator[str]:
    query, understood = answer.query, answer.query.understood
    if query.text != query.question:
        yield f"Understood as: {one_line(query.text)}"
    parts = []
    if understood.speakers:
        who = ", ".join(one_line(name) for name in understood.speakers)
        parts.append(("words of " if understood.says else "about ") + who)
    if understood.since or understood.until:
        parts.append(f"dated {date_range(understood.since, understood.until)}")
    if parts:
        yield f"Understood: {'; '.join(parts)} (--plain searches without this)"
    if understood.unknown_speaker:
        yield f"No speaker named {one_line(understood.unknown_speaker)} is known in this library."


def date_range(since: str | None, until: str | None) -> str:
    """A date range in words."""
    if since and until:
        return since if since == until else f"{since} to {until}"
    return f"from {since}" if since else f"up to {until}"


def _absence_lines(absence: Absence) -> Iterator[str]:
    where = f"{absence.passages:,} passages of {absence.documents:,} documents were searched"
    filters = absence.filters
    conditions = []
    if filters.speakers is not None:
        conditions.append("speaker " + " or ".join(one_line(name) for name in filters.speakers))
    if filters.since or filters.until:
        conditions.append("dated " + date_range(filters.since, filters.until))
    if filters.sources is not None:
        conditions.append("source " + " or ".join(one_line(name) for name in filters.sources))
    if filters.documents is not None:
        titles = " or ".join(one_line(title) for title in filters.documents)
        conditions.append(f"document {titles}")
    yield f"{where}{' (' + '; '.join(conditions) + ')' if conditions else ''}."
    for word, near in absence.unknown_words:
        hint = f"; the sources have “{one_line(near)}”" if near else ""
        yield f"“{one_line(word)}” occurs nowhere in them{hint}."


def _quote_lines(quote: Quote, short_name: ShortName, wraps: Wraps | None) -> Iterator[str]:
    words = safe(quote.text)
    if wraps is not None and "\n" in words and wraps(quote.citation.source):
        words = unwrapped(words)
    yield f"“{words}”"
    yield f"  — {attribution(quote.citation)}"
    yield f"    {place(quote.citation, short_name)}"
    for other in quote.places:
        yield f"    also: {place(other, short_name)}"
    if quote.matched:
        yield f"    matched: {', '.join(one_line(word) for word in quote.matched)}"
    shown: dict[str, list[str]] = {}
    for warning in quote.warnings:
        shown.setdefault(warning.text, []).append(warning.message)
    for words, messages in shown.items():
        yield f"    note: {one_line('; '.join(messages))}: “{_cut(one_line(words))}”"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_NOTE else text[:_LONGEST_NOTE] + "…"


def attribution(citation: Citation) -> str:
    """Who said it and when, or that it isn't known, and what of it was corrected by hand."""
    who = one_line(citation.speaker) if citation.speaker else "unattributed"
    if citation.speaker is None and citation.kind in _KINDS:
        who = _KINDS[citation.kind]
    if citation.role:
        who = f"{who}, {one_line(citation.role)}"
    said = f"{who}, {citation.date or 'undated'}"
    by_hand = by_hand_words(citation.corrected)
    return f"{said} ({by_hand})" if by_hand else said


def place(citation: Citation, short_name: ShortName) -> str:
    """Document, file, the page, time or chapter, lines and characters."""
    first, last = citation.lines
    lines = f"line {first}" if first == last else f"lines {first}–{last}"
    at = f", {one_line(place_words(citation.locator))}" if citation.locator else ""
    title = f"{one_line(citation.document)} · " if citation.document else ""
    name = one_line(short_name(citation.source))
    return f"{title}{name}{at}, {lines} (characters {citation.start}–{citation.end})"
