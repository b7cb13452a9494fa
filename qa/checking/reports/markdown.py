"""The report as Markdown, for a pull request or an issue."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.checking.records import CheckedQuotation, CheckReport
from qa.checking.reports.wording import (
    Positions,
    attribution_words,
    place_words,
    summary,
    verdict_words,
)

# Text from documents is data: whatever could be markup is escaped.
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+!|~&$-])")


def report_markdown(report: CheckReport, name: str) -> str:
    """One section a quotation."""
    return "\n".join(_lines(report, name)) + "\n"


def _lines(report: CheckReport, name: str) -> Iterator[str]:
    positions = Positions(report.draft)
    ok = sum(quotation.ok for quotation in report.quotations)
    yield f"# Quotations in {_escaped(name)}"
    yield ""
    yield summary(ok, len(report.quotations)).capitalize() + "."
    for number, quotation in enumerate(report.quotations, 1):
        line, _ = positions.at(quotation.start)
        yield ""
        state = "in order" if quotation.ok else "to look at"
        yield f"## {number}. Line {line}: {quotation.verdict.value}, {state}"
        yield ""
        yield f"> {_escaped(quotation.text)}"
        yield ""
        yield from _details(quotation)


def _details(quotation: CheckedQuotation) -> Iterator[str]:
    said = (verdict_words(quotation), attribution_words(quotation))
    yield f"- {'; '.join(part for part in said if part).capitalize()}."
    for note in quotation.notes:
        yield f"- {_escaped(note)}"
    if quotation.changes:
        yield ""
        yield "| change | draft | source |"
        yield "| --- | --- | --- |"
        for change in quotation.changes:
            yield f"| {change.kind} | {_escaped(change.draft)} | {_escaped(change.source)} |"
        yield ""
    for match in quotation.matches[:10]:
        yield f"- Source: {_escaped(place_words(match))}: “{_escaped(match.text)}”"
    for warned in quotation.warnings:
        fuller = f": “{_escaped(warned.text)}”" if warned.text else ""
        yield f"- Warning: {_escaped(warned.message)}{fuller}"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
