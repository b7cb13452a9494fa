"""The report as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from qa.check.records import CheckedQuotation, CheckReport, Wording
from qa.check.reports.wording import (
    Positions,
    attribution_words,
    grouped,
    place_words,
    summary,
    verdict_words,
)
from qa.safe_text import one_line, safe

_SHOWN_PLACES = 5
_LONGEST = 300


def report_lines(report: CheckReport, name: str) -> Iterator[str]:
    """The lines to print for one draft."""
    positions = Positions(report.draft)
    for quotation in report.quotations:
        line, column = positions.at(quotation.start)
        yield f"{one_line(name)}:{line}:{column}: {_mark(quotation)} “{_cut(quotation.text)}”"
        yield from _found(quotation)
        yield ""
    for cited in report.citations:
        line, column = positions.at(cited.start)
        yield f"{one_line(name)}:{line}:{column}: {cited.standing.value} {cited.token}"
        yield f"    {one_line(cited.message)}"
        yield ""
    for warned in report.warnings:
        yield f"warning: {one_line(warned.message)}"
    yield summary(report)


def _mark(quotation: CheckedQuotation) -> str:
    if not quotation.ok:
        return "✗"
    return "!" if quotation.warnings else "✓"


def _found(quotation: CheckedQuotation) -> Iterator[str]:
    said = (verdict_words(quotation), attribution_words(quotation))
    yield f"    {'; '.join(part for part in said if part)}"
    for note in quotation.notes:
        yield f"    {one_line(note.message)}"
    for change in quotation.changes:
        yield f"    {change.kind}: draft “{_cut(change.draft)}”, source “{_cut(change.source)}”"
    if quotation.verdict is Wording.ABSENT and quotation.matches:
        yield "    nearest passages, which do not hold it:"
    for match in quotation.matches[:_SHOWN_PLACES]:
        yield f"    {one_line(place_words(match))}"
        if quotation.verdict is not Wording.EXACT:
            yield f"      “{_cut(match.text)}”"
        for omission in match.omissions:
            if omission.text.strip():
                yield f"      left out: “{_cut(omission.text)}”"
    if len(quotation.matches) > _SHOWN_PLACES:
        yield f"    and {len(quotation.matches) - _SHOWN_PLACES} more places"
    for message, words in grouped(quotation.warnings):
        fuller = f": “{_cut(words)}”" if words else ""
        yield f"    warning: {one_line(message)}{fuller}"


def _cut(text: str) -> str:
    plain = one_line(safe(text[: 2 * _LONGEST]))
    return plain if len(plain) <= _LONGEST and len(text) <= 2 * _LONGEST else plain[:_LONGEST] + "…"
