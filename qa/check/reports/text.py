"""The report as text for a terminal, and as Markdown for a pull request or an issue."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.check.records import CheckedQuotation, CheckReport, Wording
from qa.check.reports.wording import (
    Positions,
    grouped,
    outcome_words,
    place_words,
    summary,
)
from qa.safe_text import one_line, safe

_SHOWN_PLACES = 5
_LONGEST = 300


def report_lines(report: CheckReport, name: str) -> Iterator[str]:
    """Yield the lines to print for one draft."""
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
    yield f"    {outcome_words(quotation)}"
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


# ---- Markdown --------------------------------------------------------------------------


# Text from documents is data: whatever could be markup is escaped.
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+!|~&$-])")


def report_markdown(report: CheckReport, name: str) -> str:
    """Return one section per quotation, and one for all citation tokens."""
    return "\n".join(_lines(report, name)) + "\n"


def _lines(report: CheckReport, name: str) -> Iterator[str]:
    positions = Positions(report.draft)
    yield f"# Quotations in {_escaped(name)}"
    yield ""
    yield summary(report).capitalize() + "."
    for warned in report.warnings:
        yield ""
        yield f"**Warning:** {_escaped(warned.message)}."
    for number, quotation in enumerate(report.quotations, 1):
        line, _ = positions.at(quotation.start)
        yield ""
        state = "in order" if quotation.ok else "to look at"
        yield f"## {number}. Line {line}: {quotation.verdict.value}, {state}"
        yield ""
        yield f"> {_escaped(quotation.text)}"
        yield ""
        yield from _details(quotation)
    if report.citations:
        yield from _citations(report, positions)


def _citations(report: CheckReport, positions: Positions) -> Iterator[str]:
    yield ""
    yield "## Citations"
    yield ""
    yield "| line | token | standing | |"
    yield "| --- | --- | --- | --- |"
    for cited in report.citations:
        line, _ = positions.at(cited.start)
        said = _escaped(cited.message)
        yield f"| {line} | `{cited.token}` | {cited.standing.value} | {said} |"


def _details(quotation: CheckedQuotation) -> Iterator[str]:
    yield f"- {outcome_words(quotation).capitalize()}."
    for note in quotation.notes:
        yield f"- {_escaped(note.message)}"
    if quotation.changes:
        yield ""
        yield "| change | draft | source |"
        yield "| --- | --- | --- |"
        for change in quotation.changes:
            yield f"| {change.kind} | {_escaped(change.draft)} | {_escaped(change.source)} |"
        yield ""
    for match in quotation.matches[:10]:
        yield f"- Source: {_escaped(place_words(match))}: “{_escaped(match.text)}”"
    for message, words in grouped(quotation.warnings):
        fuller = f": “{_escaped(words)}”" if words else ""
        yield f"- Warning: {_escaped(message)}{fuller}"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
