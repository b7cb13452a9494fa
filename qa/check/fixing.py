"""Restore the source wording of altered quotations, and show the difference as a diff."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from qa.check.records import CheckedQuotation, CheckReport, Mark, Wording
from qa.check.shortened import without_interruptions

_LEADING = re.compile(r"[\W_]*")
_TRAILING = re.compile(r"[\W_]*\Z")


@dataclass(frozen=True, slots=True)
class Replacement:
    """`draft[start:end]` becomes `text`."""

    start: int
    end: int
    text: str


def replacements(report: CheckReport) -> tuple[Replacement, ...]:
    """Return what to replace: altered quotations with one place, the outermost of nested ones.
    Those stitched together from several places stay, as do those around a verified quotation, whose
    surroundings would be lost."""
    found: list[Replacement] = []
    at = 0
    inner = [q for q in report.quotations if q.depth > 0 and q.verdict.verified]
    for quotation in report.quotations:
        if quotation.start < at or not _mendable(quotation):
            continue
        if any(quotation.start < one.start and one.end < quotation.end for one in inner):
            continue
        found.append(_replacement(quotation))
        at = quotation.end
    return tuple(found)


def fixed(report: CheckReport) -> str:
    """Return the draft with all replacements made."""
    parts: list[str] = []
    at = 0
    for change in replacements(report):
        parts.extend((report.draft[at : change.start], change.text))
        at = change.end
    return "".join((*parts, report.draft[at:]))


def diff_lines(report: CheckReport, name: str) -> Iterator[str]:
    """Yield a unified diff from the draft to the fixed one."""
    old, new = (
        [line + "\n" for line in text.split("\n")] for text in (report.draft, fixed(report))
    )
    yield from (
        line.rstrip("\n") for line in difflib.unified_diff(old, new, name, f"{name} (fixed)")
    )


def _mendable(quotation: CheckedQuotation) -> bool:
    return (
        quotation.verdict is Wording.ALTERED
        and bool(quotation.matches)
        and all(change.kind != "stitched" for change in quotation.changes)
        # Who speaks stands between the words: the source's alone would lose it.
        and without_interruptions(quotation.text) is None
    )


def _replacement(quotation: CheckedQuotation) -> Replacement:
    """Return the source's words between the draft's own marks at the ends."""
    leading = _LEADING.match(quotation.text)
    trailing = _TRAILING.search(quotation.text)
    before = leading.group() if leading else ""
    after = trailing.group() if trailing else ""
    line = "\n> " if quotation.mark is Mark.BLOCK else " "
    words = line.join(part.strip() for part in quotation.matches[0].text.splitlines())
    return Replacement(quotation.start, quotation.end, f"{before}{words}{after}")
