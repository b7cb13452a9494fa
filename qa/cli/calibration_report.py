"""A calibration as lines to read, and as data to print as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from qa.cli.evaluation_report import share
from qa.evaluate.calibration import Fit, Performance
from qa.records import Verdict
from qa.safe_text import one_line
from qa.settings import EvidenceSettings

_NAMES = ("interaction", "coverage", "dense", "intercept")


@dataclass(frozen=True, slots=True)
class Report:
    """What was fitted, beside what is in use. `splits`: how many halves were hidden (0: the
    collection's own unanswerable questions); `own`: the constants in use are the library's own,
    not the default; `before` is their performance."""

    collection: str
    model: str
    splits: int
    answerable: int
    unanswerable: int
    in_use: EvidenceSettings
    own: bool
    before: Performance
    fit: Fit


def report_lines(report: Report) -> Iterator[str]:
    """Yield a calibration for a person to read."""
    hidden = f", half of its articles hidden {report.splits} times" if report.splits else ""
    yield (
        f"{one_line(report.collection)}{hidden}: asked {report.answerable:,} questions with and "
        f"{report.unanswerable:,} without an answer"
    )
    yield f"model {one_line(report.model)}"
    yield ""
    used = "in use (the library's own)" if report.own else "in use (default)"
    yield f"  {'constants':<30}" + "".join(f"{name:>13}" for name in _NAMES)
    for name, constants in ((used, report.in_use), ("fitted to all of them", report.fit.evidence)):
        values = (getattr(constants, field) for field in _NAMES)
        yield f"  {name:<30}" + "".join(f"{value:>13.3f}" for value in values)
    yield ""
    after, before = report.fit.performance, report.before
    whole = ", articles kept whole" if report.fit.by_group else ""
    yield f"  fitted out of sample: {report.fit.folds} parts{whole}, each judged by the others' fit"
    yield f"  {'':<52}{'in use':>8}{'fitted':>9}"
    for label, one, two in (
        ("AUROC, answerable told from unanswerable", before.auroc, after.auroc),
        ("area under the risk–coverage curve (lower is better)", before.aurc, after.aurc),
    ):
        yield f"  {label:<52}{share(one):>8}{share(two):>9}"
    yield ""
    yield from _verdict_lines(report)


def _verdict_lines(report: Report) -> Iterator[str]:
    limits = report.fit.evidence
    yield (
        f"  verdicts: answered from a probability of {limits.answered:g} on, weak from "
        f"{limits.weak:g} on"
    )
    yield f"  {'':<30}" + "".join(f"{verdict.value:>13}" for verdict in Verdict)
    for kind, total in (("answerable", report.answerable), ("unanswerable", report.unanswerable)):
        for name, measured in (("in use", report.before), ("fitted", report.fit.performance)):
            counts = _counts(measured, kind)
            cells = "".join(f"{counts[verdict] / total:>12.1%} " for verdict in Verdict)
            yield f"  {f'{kind}, {name}':<30}{cells}".rstrip()


def _counts(measured: Performance, kind: str) -> dict[Verdict, int]:
    return measured.verdicts if kind == "answerable" else measured.verdicts_unanswerable


def report_data(report: Report, saved: Path | None) -> dict[str, Any]:
    """Return the same for a program; rates are shares of 1."""
    return {
        "collection": report.collection,
        "model": report.model,
        "hidden_halves": report.splits,
        "answerable": report.answerable,
        "unanswerable": report.unanswerable,
        "in_use": {
            "own": report.own,
            "constants": asdict(report.in_use),
            **_performance(report, report.before),
        },
        "fitted": {
            "constants": asdict(report.fit.evidence),
            "out_of_sample": {
                "folds": report.fit.folds,
                "articles_kept_whole": report.fit.by_group,
                **_performance(report, report.fit.performance),
            },
        },
        "saved": None if saved is None else str(saved),
    }


def _performance(report: Report, measured: Performance) -> dict[str, Any]:
    return {
        "auroc": measured.auroc,
        "aurc": measured.aurc,
        "verdicts": {
            kind: {v.value: _counts(measured, kind)[v] / total for v in Verdict}
            for kind, total in (
                ("answerable", report.answerable),
                ("unanswerable", report.unanswerable),
            )
        },
        "curve": [asdict(point) for point in measured.curve],
    }
