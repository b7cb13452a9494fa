"""A run's figures as lines to read, and as data to print as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from qa.evaluate.collections.collection import CollectionFormat
from qa.evaluate.outcomes import Difference, Evaluation, JudgedQuote, Outcome, Summary
from qa.records import Verdict
from qa.safe_text import one_line

# What a right quote is, in each kind of collection.
_RIGHT = {
    CollectionFormat.BEIR: "is from a relevant document",
    CollectionFormat.SQUAD: "holds the answer",
    CollectionFormat.QMSUM: "is from a right turn",
    CollectionFormat.QUESTIONS: "holds the expected words",
}
_LONGEST = 160


def report_lines(evaluation: Evaluation, summary: Summary) -> Iterator[str]:
    """Yield a run for a person to read."""
    kinds = f"{summary.questions:,} questions"
    if summary.unanswerable:
        kinds += f", {summary.unanswerable:,} of them without an answer in the library"
    yield (
        f"{one_line(evaluation.collection)} ({evaluation.format.value}): "
        f"{evaluation.documents:,} documents, {evaluation.passages:,} passages, {kinds}"
    )
    yield f"model {one_line(evaluation.model)}; settings {evaluation.setting}"
    yield ""
    for name, value in _figures(evaluation.format, summary):
        yield f"  {name:<52} {value}"
    yield from _verdict_lines(summary)


def _figures(format: CollectionFormat, summary: Summary) -> Iterator[tuple[str, str]]:
    right = _RIGHT[format]
    if len(summary.retrieval) and summary.judged < summary.answerable:
        yield "questions with a known document", f"{summary.judged:,}"
    ranked = " of turns" if format is CollectionFormat.QMSUM else ""
    for name, value in summary.retrieval.items():
        yield f"{name}{ranked}", share(value)
    yield f"first quote {right}", share(summary.first_quote)
    if summary.first_found != summary.first_quote:
        yield "  the same, near misses counted as quotes", share(summary.first_found)
    yield f"any quote shown {right}", share(summary.any_quote)
    yield "quote precision (of all quotes shown)", share(summary.quote_precision)
    if summary.unanswerable:
        yield "AUROC, answerable told from unanswerable", share(summary.auroc)
    yield "area under the risk–coverage curve (lower is better)", share(summary.aurc)
    yield "time to answer, p50", milliseconds(summary.p50_ms)
    yield "time to answer, p95", milliseconds(summary.p95_ms)


def _verdict_lines(summary: Summary) -> Iterator[str]:
    rows = [("answerable", summary.answerable, summary.verdicts)]
    if summary.unanswerable:
        rows.append(("unanswerable", summary.unanswerable, summary.verdicts_unanswerable))
    yield ""
    yield f"  {'verdicts':<16}" + "".join(f"{verdict.value:>12}" for verdict in Verdict)
    for name, total, counts in rows:
        if total:
            cells = "".join(f"{counts[verdict]:>12,}" for verdict in Verdict)
            yield f"  {name:<16}{cells}"


def share(value: float | None) -> str:
    """Return a value of 0 to 1 in three decimals, a dash for none."""
    return "–" if value is None else f"{value:.3f}"


def milliseconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f} ms"


def comparison_lines(
    first: Evaluation, second: Evaluation, differences: Sequence[Difference]
) -> Iterator[str]:
    """Yield two settings side by side, with the paired test."""
    yield f"A: {first.setting}"
    yield f"B: {second.setting}"
    yield ""
    yield (
        f"  {'':<20}{'A':>9}{'B':>9}{'B − A':>9}  {'95 % interval':<18}{'p':>8}"
        f"{'better':>8}{'worse':>7}"
    )
    for item in differences:
        yield f"  {item.measure:<20}{_cells(item)}"


def _cells(item: Difference) -> str:
    values = "".join(f"{share(value):>9}" for value in (item.first, item.second))
    if item.paired is None:
        return values
    paired = item.paired
    interval = f"{paired.low:+.3f} … {paired.high:+.3f}"
    counts = f"{paired.better:>8,}{paired.worse:>7,}"
    return f"{values}{paired.difference:>+9.3f}  {interval:<18}{paired.p:>8.4f}{counts}"


def miss_lines(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Yield the questions that went wrong, each with what was shown first and where the right
    document ranks."""
    wrong = [outcome for outcome in outcomes if is_miss(outcome)]
    yield f"{len(wrong):,} of {len(outcomes):,} questions went wrong"
    for outcome in wrong:
        yield ""
        where = "" if outcome.subset == outcome.id.split("/")[0] else f"{outcome.subset}/"
        yield f"{one_line(where + outcome.id)}: {one_line(outcome.question)}"
        yield f"  {_what_went_wrong(outcome)}"
        for quote in (outcome.quotes or outcome.misses)[:1]:
            speaker = f"{one_line(quote.speaker)}, " if quote.speaker else ""
            text = one_line(quote.text)
            cut = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
            yield f"  first: “{cut}” ({speaker}{one_line(quote.document)})"


def is_miss(outcome: Outcome) -> bool:
    """Return whether the first quote is wrong, or what has no answer was answered."""
    if outcome.answerable:
        return not outcome.first_right
    return outcome.verdict is Verdict.ANSWERED


def _what_went_wrong(outcome: Outcome) -> str:
    if not outcome.answerable:
        return f"answered with confidence {outcome.confidence:.3f}, and nothing there answers it"
    parts = [f"verdict {outcome.verdict.value}, confidence {outcome.confidence:.3f}"]
    if outcome.relevant:
        rank = outcome.relevant_rank
        parts.append(
            "right document not ranked" if rank is None else f"right document ranked {rank}"
        )
    right = next((n for n, quote in enumerate(outcome.quotes, 1) if quote.right), None)
    parts.append("no right quote" if right is None else f"right quote shown as number {right}")
    return "; ".join(parts)


# ---- as data ---------------------------------------------------------------------------


def report_data(evaluation: Evaluation, summary: Summary, *, misses: bool) -> dict[str, Any]:
    """Return a run as JSON has it; every key is always there, null where there is nothing to
    say."""
    return {
        "collection": evaluation.collection,
        "format": evaluation.format.value,
        "setting": evaluation.setting,
        "model": evaluation.model,
        "documents": evaluation.documents,
        "passages": evaluation.passages,
        "questions": summary.questions,
        "answerable": summary.answerable,
        "unanswerable": summary.unanswerable,
        "retrieval": summary.retrieval or None,
        "first_quote": summary.first_quote,
        "first_found": summary.first_found,
        "any_quote": summary.any_quote,
        "quote_precision": summary.quote_precision,
        "auroc": summary.auroc,
        "aurc": summary.aurc,
        "verdicts": _verdict_data(summary.verdicts),
        "verdicts_unanswerable": _verdict_data(summary.verdicts_unanswerable),
        "risk_coverage": [
            {"threshold": p.threshold, "coverage": p.coverage, "risk": p.risk}
            for p in summary.curve
        ],
        "p50_ms": summary.p50_ms,
        "p95_ms": summary.p95_ms,
        "misses": [_outcome_data(o) for o in evaluation.outcomes if is_miss(o)] if misses else None,
    }


def comparison_data(differences: Sequence[Difference]) -> list[dict[str, Any]]:
    """Return the comparison as JSON has it; null where a measure has no paired test."""
    return [
        {
            "measure": item.measure,
            "first": item.first,
            "second": item.second,
            "difference": item.paired.difference if item.paired else None,
            "low": item.paired.low if item.paired else None,
            "high": item.paired.high if item.paired else None,
            "p": item.paired.p if item.paired else None,
            "better": item.paired.better if item.paired else None,
            "worse": item.paired.worse if item.paired else None,
        }
        for item in differences
    ]


def _verdict_data(counts: dict[Verdict, int]) -> dict[str, int]:
    return {verdict.value: count for verdict, count in counts.items()}


def _outcome_data(outcome: Outcome) -> dict[str, Any]:
    return {
        "id": outcome.id,
        "library": outcome.subset,
        "question": outcome.question,
        "answerable": outcome.answerable,
        "verdict": outcome.verdict.value,
        "confidence": outcome.confidence,
        "relevant": list(outcome.relevant),
        "relevant_rank": outcome.relevant_rank,
        "quotes": [_quote_data(quote) for quote in outcome.quotes],
        "near_misses": [_quote_data(quote) for quote in outcome.misses],
    }


def _quote_data(quote: JudgedQuote) -> dict[str, Any]:
    return {
        "text": quote.text,
        "document": quote.document,
        "speaker": quote.speaker,
        "start": quote.start,
        "end": quote.end,
        "right": quote.right,
    }
