"""Words shared by every form of the report."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from qa.check.records import (
    Attribution,
    CheckedQuotation,
    CheckReport,
    Match,
    Warned,
    Wording,
)
from qa.in_words import line_words
from qa.locating import line_starts

VERDICTS = {
    Wording.EXACT: "word for word in the sources",
    Wording.ENCODED: "the same words, written differently",
    Wording.SHORTENED: "shortened openly",
    Wording.ALTERED: "altered",
    Wording.ABSENT: "not in the library",
}
ATTRIBUTIONS = {
    Attribution.RIGHT: "the attribution is right",
    Attribution.WRONG_SPEAKER: "somebody else says it",
    Attribution.WRONG_DATE: "the date is wrong",
    Attribution.WRONG_DOCUMENT: "it stands in another document",
    Attribution.INTERVIEWER: "it is the interviewer’s question",
    Attribution.NOT_SPEECH: "it is a headline, caption or menu, not speech",
    Attribution.REPORTED: "the speaker quotes somebody else",
    Attribution.UNATTRIBUTED: "the source does not say who speaks",
    Attribution.NO_CLAIM: "no claim found",
}


def with_names(report: CheckReport, name_of: Callable[[str], str]) -> CheckReport:
    """Return a report for people, each source under the name that `name_of` gives for its path."""
    paths = {match.source for one in report.quotations for match in one.matches}
    paths |= {one.claimed.source for one in report.quotations if one.claimed.source is not None}
    names = {path: name_of(path) for path in paths}

    def named(one: CheckedQuotation) -> CheckedQuotation:
        matches = tuple(replace(match, source=names[match.source]) for match in one.matches)
        notes = tuple(note.with_names(names) for note in one.notes)
        return replace(one, matches=matches, notes=notes)

    return replace(report, quotations=tuple(map(named, report.quotations)))


def grouped(warnings: Sequence[Warned]) -> Iterator[tuple[str, str | None]]:
    """Yield warnings' messages with the words that show them, joining those on the same words."""
    groups: dict[object, list[Warned]] = {}
    for warned in warnings:
        # Without words of its own each is a group of its own.
        key = (warned.start, warned.end) if warned.text else warned
        groups.setdefault(key, []).append(warned)
    for group in groups.values():
        yield "; ".join(warned.message for warned in group), group[0].text


def verdict_words(quotation: CheckedQuotation) -> str:
    """Return the verdict, with how the encoding differs."""
    words = VERDICTS[quotation.verdict]
    differences = quotation.matches[0].differences if quotation.matches else ()
    return f"{words} ({', '.join(differences)})" if differences else words


def attribution_words(quotation: CheckedQuotation) -> str:
    """Return what became of the claim; "" for words that were not found."""
    if quotation.verdict is Wording.ABSENT:
        return ""
    return ATTRIBUTIONS[quotation.attribution]


def outcome_words(quotation: CheckedQuotation) -> str:
    """Return the verdict and what became of the claim."""
    said = (verdict_words(quotation), attribution_words(quotation))
    return "; ".join(part for part in said if part)


def summary(report: CheckReport) -> str:
    """Return one line for a whole report."""
    parts = [_sum("quotation", [quotation.ok for quotation in report.quotations])]
    if report.citations:
        parts.append(_sum("citation", [cited.ok for cited in report.citations]))
    if report.unchecked:
        parts.append(f"{len(report.unchecked)} not checked")
    return "; ".join(parts)


def _sum(noun: str, ok: Sequence[bool]) -> str:
    if not ok:
        return f"no {noun} found"
    name = noun if len(ok) == 1 else f"{noun}s"
    return f"{len(ok)} {name}, {sum(ok)} in order, {len(ok) - sum(ok)} to look at"


def place_words(match: Match) -> str:
    """Return who, when and where, from the source alone."""
    parts = [match.speaker or "unattributed", match.date or "undated"]
    if match.document:
        parts.append(match.document)
    where = f"{match.source}, {line_words(match.lines)} (characters {match.start}–{match.end})"
    return f"{', '.join(parts)} · {where}"


def problems(quotation: CheckedQuotation) -> list[str]:
    """Return all that is wrong with a quotation, one sentence each."""
    found = []
    if not quotation.verdict.verified:
        found.append(VERDICTS[quotation.verdict])
    found.extend(
        f"{change.kind}: “{change.draft}” in the draft, “{change.source}” in the source"
        for change in quotation.changes
    )
    if quotation.attribution.wrong:
        found.append(ATTRIBUTIONS[quotation.attribution])
    found.extend(note.message for note in quotation.notes)
    return found


class Positions:
    """Offsets of a draft as lines and columns, both from 1, columns in characters."""

    def __init__(self, draft: str) -> None:
        self._starts = line_starts(draft)

    def at(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1
