"""Lists for a terminal: sources, a source's structure, reports of `add` and `verify`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from qa.lines import line_starts
from qa.records import Boundary, Document, Turn
from qa.safe_text import one_line
from qa.store.records import StoredSource, VerifyReport

if TYPE_CHECKING:
    # Whoever lists or asks must not wait for what reads and structures files.
    from qa.ingest.write import AddReport

_EXCERPT = 60


def add_lines(report: AddReport, folder: str) -> Iterator[str]:
    """What an `add` did; files that failed are told apart, on standard error."""
    counts = [
        (len(report.added), "added"),
        (len(report.replaced), "replaced"),
        (len(report.unchanged), "unchanged"),
        (len(report.removed), "removed"),
        (len(report.failed), "not added"),
    ]
    said = ", ".join(f"{count} {what}" for count, what in counts if count) or "nothing to add"
    yield f"{said}: {report.passages:,} new passages of {report.documents:,} documents"
    if report.skipped:
        yield f"passed over: {report.skipped:,} files of kinds that are not read"
    yield f"library: {one_line(folder)}"


def source_lines(sources: Sequence[StoredSource], folder: str) -> Iterator[str]:
    """One line a source."""
    if not sources:
        yield f"no sources in {one_line(folder)}"
    for source in sources:
        counts = (
            f"{source.documents} document{'s' * (source.documents != 1)}, "
            f"{source.turns} turns, {source.passages} passages"
        )
        yield f"{one_line(source.path)}  ({source.format}; {counts})"


def structure_lines(
    text: str, documents: Sequence[Document], turns: Sequence[Turn]
) -> Iterator[str]:
    """What was found in a source, with line numbers, so that a person can check it."""
    starts = line_starts(text)
    for document in documents:
        line = bisect_right(starts, document.start)
        weak = "  [weak boundary]" if document.boundary is Boundary.WEAK else ""
        yield f"document {document.ordinal + 1}, line {line}{weak}: {one_line(document.evidence)}"
        yield f"  title: {one_line(document.title) if document.title else 'none'}"
        when = " ".join(part for part in (document.date, document.time) if part)
        place = f"; place: {one_line(document.place)}" if document.place else ""
        yield f"  date: {one_line(when) or 'none'}{place}"
        for turn in turns:
            if turn.document == document.ordinal:
                yield "  " + _turn_line(text, starts, turn)


def _turn_line(text: str, starts: Sequence[int], turn: Turn) -> str:
    line = bisect_right(starts, turn.start)
    who = one_line(turn.speaker) if turn.speaker else "–"
    if turn.role:
        who = f"{who} ({one_line(turn.role)})"
    more = ", continues" if turn.continues else ""
    words = one_line(text[turn.start : min(turn.end, turn.start + _EXCERPT)])
    dots = "…" if turn.end - turn.start > _EXCERPT else ""
    return f"line {line:>5}  {turn.kind.value}{more}  {who}: {words}{dots}"


def verify_lines(report: VerifyReport) -> Iterator[str]:
    """Every problem, or that there is none."""
    for problem in report.problems:
        where = problem.table if problem.row is None else f"{problem.table} {problem.row}"
        yield one_line(f"damaged: {where}: {problem.what}")
    checked = f"{sum(count.rows for count in report.rows):,} rows checked"
    if report.ok:
        yield f"{checked}; everything agrees"
    else:
        problems = f"{len(report.problems)} problem{'s' * (len(report.problems) != 1)}"
        yield f"{checked}; {problems}: restore the library, or `qa rebuild` it"
