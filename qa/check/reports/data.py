"""The report as plain data, ready for JSON: all keys always there, null where unknown."""

from __future__ import annotations

import json
from typing import Any

from qa.as_data import lines_data, warning_data
from qa.check.notes import Note
from qa.check.records import CheckedQuotation, CheckReport, Claim, Match
from qa.safe_text import safe_json


def report_data(report: CheckReport) -> dict[str, Any]:
    """`ok`, `counts` by verdict, `quotations`, the `citations` that tokens stand for, `warnings`
    on the draft as a whole and the stretches of quotations left `unchecked`."""
    return {
        "ok": report.ok,
        "counts": counts(report),
        "quotations": [quotation_data(quotation) for quotation in report.quotations],
        "citations": [
            {
                "token": cited.token,
                "start": cited.start,
                "end": cited.end,
                "standing": cited.standing.value,
                "message": cited.message,
            }
            for cited in report.citations
        ],
        "warnings": [warning_data(warned) for warned in report.warnings],
        "unchecked": [{"start": span.start, "end": span.end} for span in report.unchecked],
    }


def report_json(report: CheckReport) -> str:
    return safe_json(json.dumps(report_data(report), ensure_ascii=False, indent=2))


def counts(report: CheckReport) -> dict[str, int]:
    """How many quotations have each verdict; the order is that of the ladder."""
    found = dict.fromkeys(("exact", "encoded", "shortened", "altered", "absent"), 0)
    for quotation in report.quotations:
        found[quotation.verdict.value] += 1
    return found


def quotation_data(quotation: CheckedQuotation) -> dict[str, Any]:
    return {
        "text": quotation.text,
        "start": quotation.start,
        "end": quotation.end,
        "verdict": quotation.verdict.value,
        "ok": quotation.ok,
        "matches": [match_data(match) for match in quotation.matches],
        "attribution": quotation.attribution.value,
        "claimed": claim_data(quotation.claimed),
        "warnings": [warning_data(warned) for warned in quotation.warnings],
        "changes": [
            {"kind": change.kind, "draft": change.draft, "source": change.source}
            for change in quotation.changes
        ],
        "notes": [note_data(note) for note in quotation.notes],
        "mark": quotation.mark.value,
        "depth": quotation.depth,
    }


def note_data(note: Note) -> dict[str, Any]:
    return {
        "kind": note.kind.value,
        "message": note.message,
        "claimed": note.claimed,
        "found": note.found,
    }


def claim_data(claim: Claim) -> dict[str, Any]:
    return {
        "speaker": claim.speaker,
        "date": claim.date,
        "source": claim.source,
        "document": claim.document,
    }


def match_data(match: Match) -> dict[str, Any]:
    return {
        "source": match.source,
        "start": match.start,
        "end": match.end,
        "text": match.text,
        "speaker": match.speaker,
        "date": match.date,
        "document": match.document,
        "role": match.role,
        "kind": match.kind.value,
        "wording": match.wording.value,
        **lines_data(match.lines),
        "differences": list(match.differences),
        "omissions": [
            {"start": o.start, "end": o.end, "text": o.text, "inserted": o.inserted}
            for o in match.omissions
        ],
    }
