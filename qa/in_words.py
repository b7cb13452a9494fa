"""Describe citations, places and search conditions in words, for the terminal, exports and reports;
always on one line, whatever the source holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from qa.language import WORDS
from qa.records import Citation, Filters, Locator, LocatorKind, Quote, TurnKind, Verdict
from qa.safe_text import one_line

# Of a source's path, the name to show.
ShortName = Callable[[str], str]

_KINDS = {
    TurnKind.QUESTION: "the interviewer’s question",
    TurnKind.CAPTION: "a caption",
    TurnKind.NARRATION: "unattributed text",
}
_VERDICTS = {
    Verdict.NOT_FOUND: "Not found: no passage of the sources answers this.",
    Verdict.WEAK: "Weak evidence: these passages touch on it, but may not answer it.",
}
_CORRECTED = {"document": "title", "date": "date", "speaker": "speaker"}


def attribution(citation: Citation) -> str:
    """Return who said it and when, or that it isn't known, and what of it was corrected by hand."""
    who = one_line(citation.speaker) if citation.speaker else _KINDS.get(citation.kind)
    who = who or "unattributed"
    if citation.role:
        who = f"{who}, {one_line(citation.role)}"
    said = f"{who}, {citation.date or 'undated'}"
    by_hand = by_hand_words(citation.corrected)
    return f"{said} ({by_hand})" if by_hand else said


def place(citation: Citation, short_name: ShortName) -> str:
    """Return the document, the file, the page, time or chapter, and the lines."""
    title = f"{one_line(citation.document)} · " if citation.document else ""
    at = f", {one_line(locator_words(citation.locator))}" if citation.locator else ""
    name = one_line(short_name(citation.source))
    return f"{title}{name}{at}, {line_words(citation.lines)}"


def line_words(lines: tuple[int, int]) -> str:
    """Return lines in words.

    >>> line_words((3, 3)), line_words((3, 5))
    ('line 3', 'lines 3–5')
    """
    first, last = lines
    return f"line {first}" if first == last else f"lines {first}–{last}"


def locator_form(locator: Locator) -> str:
    """Return what words a place needs beside its label: "page", "pages", "time", "chapter", or
    "named" for a chapter whose label needs none."""
    label = locator.label
    if locator.kind is LocatorKind.PAGE:
        return "pages" if "–" in label else "page"
    if locator.kind is LocatorKind.CHAPTER:
        first = label.split(None, 1)[:1]
        if first and first[0].strip(".,:;-–—").casefold() in WORDS.divisions:
            return "named"
    return locator.kind.value


def locator_words(locator: Locator) -> str:
    """Return such as "page 12", "pages 12–13", "at 00:12:04" and "chapter II. The Sea"."""
    form = locator_form(locator)
    if form == "named":
        return locator.label
    return f"{'at' if form == 'time' else form} {locator.label}"


def verdict_words(verdict: Verdict) -> str:
    """Return the caution that a verdict is; empty if it is none."""
    return _VERDICTS.get(verdict, "")


def by_hand_words(corrected: Iterable[str]) -> str:
    """Return which names of `Citation.corrected` were corrected; empty if there are none.

    >>> by_hand_words(("document", "speaker"))
    'title and speaker corrected by hand'
    """
    given = set(corrected)
    names = [said for name, said in _CORRECTED.items() if name in given]
    if not names:
        return ""
    *most, last = names
    listed = f"{', '.join(most)} and {last}" if most else last
    return f"{listed} corrected by hand"


def warning_words(quote: Quote) -> Iterator[tuple[str, str]]:
    """Yield what a reader should know of a quote's surroundings, and the words that show it."""
    shown: dict[str, list[str]] = {}
    for warning in quote.warnings:
        shown.setdefault(warning.text, []).append(warning.message)
    for words, messages in shown.items():
        yield one_line("; ".join(messages)), one_line(words)


def conditions(filters: Filters, short_name: ShortName = str) -> str:
    """Return the filters of a search in words; empty if there are none."""
    said = []
    if filters.speakers is not None:
        said.append("speaker " + _either(filters.speakers))
    if filters.since or filters.until:
        said.append("dated " + date_range(filters.since, filters.until))
    if filters.sources is not None:
        said.append("source " + _either(map(short_name, filters.sources)))
    if filters.documents is not None:
        said.append("document " + _either(filters.documents))
    return "; ".join(said)


def _either(names: Iterable[str]) -> str:
    return " or ".join(map(one_line, names))


def date_range(since: str | None, until: str | None) -> str:
    """Return a range of dates in words.

    >>> date_range("2024", None), date_range("2024", "2025"), date_range(None, "2025")
    ('from 2024', '2024 to 2025', 'up to 2025')
    """
    if since and until:
        return since if since == until else f"{since} to {until}"
    return f"from {since}" if since else f"up to {until}"


def unknown_words(unknown: Iterable[tuple[str, str | None]], where: str) -> Iterator[str]:
    """Yield of each word that occurs nowhere a sentence that says so, with a near spelling."""
    for word, near in unknown:
        hint = f"; the sources have “{one_line(near)}”" if near else ""
        yield f"“{one_line(word)}” occurs nowhere in {where}{hint}"
