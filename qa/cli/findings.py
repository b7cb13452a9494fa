"""What a search found, as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from qa.cli.answers import Wraps, place_words, shown
from qa.find.records import DocumentCount, FindReport, Occurrence, Within
from qa.in_words import ShortName, attribution, conditions, unknown_words
from qa.records import Span
from qa.safe_text import one_line, safe

_MARK_ON, _MARK_OFF = "\x1b[1;4m", "\x1b[0m"
_UNITS = {
    Within.SENTENCE: "one sentence",
    Within.TURN: "one turn",
    Within.DOCUMENT: "one document",
}


def find_lines(
    report: FindReport, short_name: ShortName, *, marked: bool, wraps: Wraps | None = None
) -> Iterator[str]:
    """Yield the lines to print. `short_name` gives a source's short, unambiguous name; `marked`:
    the words that were found are set off by the terminal's bold and underlined type; in sources
    that `wraps` names a sentence's lines are joined."""
    yield _summary(report)
    yield from unknown_words(report.unknown_words, "the library")
    if not report.count:
        return
    if len(report.by_term) > 1:
        yield from _table("terms", [(one.occurrences, one.term) for one in report.by_term])
    yield from _table(
        "documents",
        [(one.occurrences, _document(one, short_name)) for one in report.by_document],
    )
    speakers = [(one.occurrences, one.speaker or "unattributed") for one in report.by_speaker]
    yield from _table("speakers", speakers)
    for _, group in groupby(report.occurrences, key=_sentence_key):
        yield ""
        yield from _sentence_lines(list(group), short_name, marked=marked, wraps=wraps)
    if len(report.occurrences) < report.count:
        yield ""
        yield f"{len(report.occurrences):,} of {report.count:,} occurrences listed (--limit)"


def _summary(report: FindReport) -> str:
    documents = len(report.by_document)
    if report.count:
        found = f"{_count(report.count, 'occurrence')} in {_count(documents, 'document')}"
    else:
        together = len(report.query.clauses) > 1
        found = f"nothing found{f' together in {_UNITS[report.within]}' if together else ''}"
    every = "all " if report.filters.empty and report.passages > 1 else ""
    what = f"{every}{_count(report.passages, 'passage')}"
    if report.everywhere:
        what += " and what stands around them"
    narrowed = conditions(report.filters)
    inside = f" ({narrowed})" if narrowed else ""
    return f"{found}; {what} of {_count(report.documents, 'document')} searched{inside}"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' * (number != 1)}"


def _table(title: str, rows: list[tuple[int, str]]) -> Iterator[str]:
    yield f"{title}:"
    for count, what in rows:
        yield f"  {count:>6,}  {one_line(what)}"


def _document(count: DocumentCount, short_name: ShortName) -> str:
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
