"""Answers, and what a search found, as lines for a terminal: the words, who, when and where.

Line ends that only wrap a paragraph are shown as spaces here alone: what is stored, counted,
exported and given as JSON keeps them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from qa.find.records import DocumentCount, FindReport, Occurrence, Within
from qa.in_words import (
    ShortName,
    attribution,
    conditions,
    date_range,
    place,
    unknown_words,
    verdict_words,
    warning_words,
)
from qa.records import Absence, Answer, Citation, Quote, Span, Verdict
from qa.safe_text import one_line, safe
from qa.structure.lines import has_soft_lines

if TYPE_CHECKING:
    from qa.library import Library

# Of a source's path, whether its line ends say nothing.
Wraps = Callable[[str], bool]
_LONGEST_NOTE = 300
_MARK_ON, _MARK_OFF = "\x1b[1;4m", "\x1b[0m"
_UNITS = {
    Within.SENTENCE: "one sentence",
    Within.TURN: "one turn",
    Within.DOCUMENT: "one document",
}


def answer_lines(
    answer: Answer, short_name: ShortName, wraps: Wraps | None = None
) -> Iterator[str]:
    """Yield the lines to print: the verdict if it is a caution, the quotes, and last how the
    question was understood, so that a confident answer begins with its quote. `short_name` gives
    a source's short, unambiguous name; in sources that `wraps` names a quote's lines are joined."""
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
    if said := verdict_words(answer.verdict):
        yield said
    if answer.verdict is Verdict.NOT_FOUND:
        if answer.absence is not None:
            yield from _absence_lines(answer.absence)
        if answer.misses:
            yield ""
            yield "Nearest passages, which do not answer it:"


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


def _absence_lines(absence: Absence) -> Iterator[str]:
    where = f"{absence.passages:,} passages of {absence.documents:,} documents were searched"
    narrowed = conditions(absence.filters)
    yield f"{where}{f' ({narrowed})' if narrowed else ''}."
    for said in unknown_words(absence.unknown_words, "them"):
        yield f"{said}."


def _quote_lines(quote: Quote, short_name: ShortName, wraps: Wraps | None) -> Iterator[str]:
    yield f"“{shown(safe(quote.text), quote.citation.source, wraps)}”"
    yield f"  — {attribution(quote.citation)}"
    yield f"    {place_words(quote.citation, short_name)}"
    for other in quote.places:
        yield f"    also: {place_words(other, short_name)}"
    if quote.matched:
        yield f"    matched: {', '.join(one_line(word) for word in quote.matched)}"
    for message, fuller in warning_words(quote):
        yield f"    note: {message}: “{_cut(fuller)}”"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_NOTE else text[:_LONGEST_NOTE] + "…"


def find_lines(
    report: FindReport, short_name: ShortName, *, marked: bool, wraps: Wraps | None = None
) -> Iterator[str]:
    """Yield the lines to print. `short_name` gives a source's short, unambiguous name; `marked`:
    the words that were found are set off by the terminal's bold and underlined type; in sources
    that `wraps` names a sentence's lines are joined."""
    yield _find_summary(report)
    yield from unknown_words(report.unknown_words, "the library")
    if not report.count:
        return
    if len(report.by_term) > 1:
        yield from _table("terms", [(one.occurrences, one.term) for one in report.by_term])
    yield from _table(
        "documents",
        [(one.occurrences, _document_line(one, short_name)) for one in report.by_document],
    )
    speakers = [(one.occurrences, one.speaker or "unattributed") for one in report.by_speaker]
    yield from _table("speakers", speakers)
    for _, group in groupby(report.occurrences, key=_sentence_key):
        yield ""
        yield from _sentence_lines(list(group), short_name, marked=marked, wraps=wraps)
    if len(report.occurrences) < report.count:
        yield ""
        yield f"{len(report.occurrences):,} of {report.count:,} occurrences listed (--limit)"


def _find_summary(report: FindReport) -> str:
    documents = len(report.by_document)
    if report.count:
        found = f"{_counted(report.count, 'occurrence')} in {_counted(documents, 'document')}"
    else:
        together = len(report.query.clauses) > 1
        found = f"nothing found{f' together in {_UNITS[report.within]}' if together else ''}"
    every = "all " if report.filters.empty and report.passages > 1 else ""
    what = f"{every}{_counted(report.passages, 'passage')}"
    if report.everywhere:
        what += " and what stands around them"
    narrowed = conditions(report.filters)
    inside = f" ({narrowed})" if narrowed else ""
    return f"{found}; {what} of {_counted(report.documents, 'document')} searched{inside}"


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' * (number != 1)}"


def _table(title: str, rows: list[tuple[int, str]]) -> Iterator[str]:
    yield f"{title}:"
    for count, what in rows:
        yield f"  {count:>6,}  {one_line(what)}"


def _document_line(count: DocumentCount, short_name: ShortName) -> str:
    names = ", ".join(short_name(source) for source in count.sources)
    title = f"{count.title} · " if count.title else ""
    return f"{count.date or 'undated'}  {title}{names}"


def _sentence_key(occurrence: Occurrence) -> tuple[str, int, int]:
    citation = occurrence.citation
    return citation.source, citation.start, citation.end


def _sentence_lines(
    occurrences: list[Occurrence], short_name: ShortName, *, marked: bool, wraps: Wraps | None
) -> Iterator[str]:
    """Yield one sentence with all that was found in it."""
    first = occurrences[0]
    words = _sentence(occurrences, marked=marked)
    yield f"“{shown(words, first.citation.source, wraps)}”"
    times = f" ({len(occurrences)} occurrences)" if len(occurrences) > 1 else ""
    yield f"  — {attribution(first.citation)}{times}"
    yield f"    {place_words(first.citation, short_name)}"
    for other in first.places:
        yield f"    also: {place_words(other, short_name)}"


def _sentence(occurrences: list[Occurrence], *, marked: bool) -> str:
    text, offset = occurrences[0].sentence, occurrences[0].citation.start
    if not marked:
        return safe(text)
    parts = []
    done = 0
    for span in _apart([span for one in occurrences for span in one.spans]):
        start, end = span.start - offset, span.end - offset
        parts += [safe(text[done:start]), _MARK_ON, safe(text[start:end]), _MARK_OFF]
        done = end
    return "".join([*parts, safe(text[done:])])


def _apart(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield the spans in order, each less what an earlier one covers."""
    done = 0
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        if span.end > done:
            yield Span(max(span.start, done), span.end)
            done = span.end


def place_words(citation: Citation, short_name: ShortName) -> str:
    """Return where it stands, to the character, as `qa cite` and `qa show --chars` take it."""
    return f"{place(citation, short_name)} (characters {citation.start}–{citation.end})"


def wraps_in(library: Library) -> Wraps:
    """Return what tells by the sources' formats, looked up when it is first asked."""

    @cache
    def formats() -> dict[str, str]:
        return {source.path: source.format for source in library.sources()}

    return lambda path: has_soft_lines(formats().get(path, ""))


def shown(words: str, source: str, wraps: Wraps | None) -> str:
    """Return the words of a source as they are shown: unwrapped where `wraps` says so."""
    if wraps is not None and "\n" in words and wraps(source):
        return unwrapped(words)
    return words


def unwrapped(text: str) -> str:
    """Return each paragraph on one line; blank lines still part them.

    >>> unwrapped("At\\ntwenty past four.\\n\\nIt rained.")
    'At twenty past four.\\n\\nIt rained.'
    """
    lines = groupby(text.split("\n"), key=lambda line: bool(line.strip()))
    return "\n\n".join(
        " ".join(line.strip() for line in paragraph) for filled, paragraph in lines if filled
    )
