"""The report as plain data for JSON (every key always present, null where unknown), as SARIF 2.1.0
(OASIS), which code hosts show beside a draft's lines, and as JUnit XML, so that a build shows each
quotation as a test."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from qa.as_data import lines_data, warning_data
from qa.check.records import (
    Attribution,
    CheckedQuotation,
    CheckReport,
    CitedToken,
    Claim,
    Match,
    Note,
    Warned,
    Wording,
)
from qa.check.reports.wording import ATTRIBUTIONS, VERDICTS, Positions, place_words, problems
from qa.records import Span
from qa.safe_text import safe_json


def report_data(report: CheckReport) -> dict[str, Any]:
    """Return `ok`, `counts` by verdict, `quotations`, the `citations` that tokens stand for,
    `warnings` on the whole draft and the positions of quotations left `unchecked`."""
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
    """Return how many quotations have each verdict; the order is that of the ladder."""
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


# ---- SARIF -----------------------------------------------------------------------------


_WRONG = [verdict for verdict in Wording if not verdict.verified]


def report_sarif(report: CheckReport, name: str) -> str:
    """Return one result per fault, one per warning, and one per citation token."""
    positions = Positions(report.draft)
    results: list[dict[str, Any]] = []
    for quotation in report.quotations:
        where = _location(quotation, positions, name)
        if not quotation.ok:
            rule = (
                quotation.attribution.value
                if quotation.verdict.verified
                else quotation.verdict.value
            )
            said = "; ".join((f"“{quotation.text[:120]}”", *_faults(quotation)))
            results.append(_result(rule, "error", said, where))
        results.extend(
            _result(warned.kind, "warning", warned.message, where) for warned in quotation.warnings
        )
    for cited in report.citations:
        place = _location(cited, positions, name)
        said = f"{cited.token} is {cited.standing.value}: {cited.message}"
        level = "note" if cited.ok else "error"
        results.append(_result(f"citation_{cited.standing.value}", level, said, place))
    results.extend(
        _result(
            warned.kind, "error", warned.message, _location(report.unchecked[0], positions, name)
        )
        for warned in report.warnings
    )
    rules = sorted({str(result["ruleId"]) for result in results})
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "Citewell",
                        "rules": [_rule(rule) for rule in rules],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": results,
            }
        ],
    }
    return safe_json(json.dumps(document, ensure_ascii=False, indent=2))


def _faults(quotation: CheckedQuotation) -> list[str]:
    """Return all that is wrong with a quotation, and where its words stand."""
    said = problems(quotation)
    if quotation.matches:
        said.append(place_words(quotation.matches[0]))
    return said


def _rule(rule: str) -> dict[str, Any]:
    texts = {verdict.value: VERDICTS[verdict] for verdict in _WRONG}
    texts |= {kind.value: ATTRIBUTIONS[kind] for kind in Attribution}
    return {"id": rule, "shortDescription": {"text": texts.get(rule, rule.replace("_", " "))}}


def _result(rule: str, level: str, message: str, where: dict[str, Any]) -> dict[str, Any]:
    return {
        "ruleId": rule,
        "level": level,
        "message": {"text": message},
        "locations": [where],
    }


def _location(
    place: CheckedQuotation | CitedToken | Span, positions: Positions, name: str
) -> dict[str, Any]:
    line, column = positions.at(place.start)
    last_line, last_column = positions.at(place.end)
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(name)},
            "region": {
                "startLine": line,
                "startColumn": column,
                "endLine": last_line,
                "endColumn": last_column,
                "charOffset": place.start,
                "charLength": place.end - place.start,
            },
        }
    }


# ---- JUnit -----------------------------------------------------------------------------


# XML 1.0 has no place for these, escaped or not.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def report_junit(report: CheckReport, name: str) -> str:
    """Return one test case per quotation and one per citation token, failed where not in order."""
    positions = Positions(report.draft)
    failed = sum(not quotation.ok for quotation in report.quotations)
    failed += sum(not cited.ok for cited in report.citations)
    cases = "".join(_case(quotation, positions, name) for quotation in report.quotations)
    cases += "".join(_citation(cited, positions, name) for cited in report.citations)
    cases += "".join(_draft_problems(warned, name) for warned in report.warnings)
    failed += len(report.warnings)
    count = len(report.quotations) + len(report.citations) + len(report.warnings)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites><testsuite name="qa check" tests="{count}" failures="{failed}">'
        f"{cases}</testsuite></testsuites>\n"
    )


def _case(quotation: CheckedQuotation, positions: Positions, name: str) -> str:
    line, column = positions.at(quotation.start)
    title = quoteattr(_clean(f"line {line}: {quotation.text[:80]}"))
    attributes = f'name={title} classname={quoteattr(_clean(name))} line="{line}"'
    if not quotation.ok:
        said = _faults(quotation)
        message = quoteattr(_clean(said[0]))
        body = escape(_clean("\n".join((f"{name}:{line}:{column}", *said))))
        return f"<testcase {attributes}><failure message={message}>{body}</failure></testcase>"
    if quotation.warnings:
        said = [warned.message for warned in quotation.warnings]
        body = escape(_clean("\n".join(said)))
        return f"<testcase {attributes}><system-out>{body}</system-out></testcase>"
    return f"<testcase {attributes}/>"


def _citation(cited: CitedToken, positions: Positions, name: str) -> str:
    line, _ = positions.at(cited.start)
    title = quoteattr(_clean(f"line {line}: {cited.token}"))
    attributes = f'name={title} classname={quoteattr(_clean(name))} line="{line}"'
    if cited.ok:
        return f"<testcase {attributes}/>"
    message = quoteattr(_clean(f"{cited.standing.value}: {cited.message}"))
    return f"<testcase {attributes}><failure message={message}/></testcase>"


def _draft_problems(warned: Warned, name: str) -> str:
    """Return what is wrong with the draft as a whole."""
    attributes = f'name="{warned.kind}" classname={quoteattr(_clean(name))}'
    return f"<testcase {attributes}><failure message={quoteattr(warned.message)}/></testcase>"


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
