"""The report as SARIF 2.1.0 (OASIS), which code hosts show beside the lines of a draft."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from qa.check.records import Attribution, CheckedQuotation, CheckReport, CitedToken, Wording
from qa.check.reports.wording import ATTRIBUTIONS, VERDICTS, Positions, place_words, problems
from qa.records import Span
from qa.safe_text import safe_json

_WRONG = [verdict for verdict in Wording if not verdict.verified]


def report_sarif(report: CheckReport, name: str) -> str:
    """One result for each thing wrong, one for each warning, and one for each citation token."""
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
            results.append(_result(rule, "error", "; ".join(_said(quotation)), where))
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


def _said(quotation: CheckedQuotation) -> list[str]:
    said = [f"“{quotation.text[:120]}”", *problems(quotation)]
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
