"""The check page: a report of the check as the page's scripts show it.

All cutting is done here, in code points; the scripts only show the pieces in order.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from qa import CheckedQuotation, CheckReport, Match, Warned
from qa.api import DRAFT_SUFFIXES, LONGEST_DRAFT, claim_data, counts, kept_places, note_data
from ui.cards import fingerprint
from ui.catalogue import Catalogue
from ui.desk import Call, Desk
from ui.drafts import blocks_of

_MOST_CITATIONS = 200
_LONGEST_SHOWN = 1_200


def check_calls(desk: Desk) -> dict[str, Call]:
    """Return what the check page calls, by name."""
    return {"check_draft": lambda data, person: _check(data, desk)}


def _check(data: dict[str, Any], desk: Desk) -> dict[str, Any]:
    text = data["text"]
    blocks = blocks_of(data.get("blocks") or [], len(text))
    return page_data(desk.drafts.check(text, blocks), desk.catalogue)


def page_data(report: CheckReport, catalogue: Catalogue) -> dict[str, Any]:
    """Return the draft in `pieces` (see `pieces`) and its `findings`, in the draft's order."""
    shown = report.quotations
    cut = pieces(report.draft, [(one.start, one.end) for one in shown])
    kept = kept_places(report)
    findings = [_finding(one, most, catalogue) for one, most in zip(shown, kept, strict=True)]
    return {
        "ok": report.ok,
        "total": len(report.quotations),
        "in_order": sum(one.ok for one in report.quotations),
        "counts": counts(report),
        "notes": [
            {"kind": note.kind, "count": len(report.unchecked), "most": len(report.quotations)}
            for note in report.warnings
        ],
        "pieces": cut,
        "findings": findings,
        "citations": [
            {"token": one.token, "standing": one.standing.value, "message": one.message}
            for one in report.citations[:_MOST_CITATIONS]
        ],
    }


def pieces(text: str, spans: Sequence[tuple[int, int]]) -> list[list[Any]]:
    """Cut the text where quotations begin and end: [text, number, ended] in order.

    `number` is the index of the innermost span that holds the piece, None outside of all;
    `ended` are those whose last piece it is, the innermost first. The texts joined are the text.
    """
    cuts = sorted({0, len(text), *(edge for span in spans for edge in span)})
    opening: dict[int, list[int]] = {}
    closing: dict[int, list[int]] = {}
    for number, (start, end) in enumerate(spans):
        if start < end:
            opening.setdefault(start, []).append(number)
            closing.setdefault(end, []).append(number)
    made: list[list[Any]] = []
    inside: list[int] = []
    for start, end in itertools.pairwise(cuts):
        # Of those that begin together the longest is the outermost.
        inside.extend(sorted(opening.get(start, []), key=lambda number: -spans[number][1]))
        ended = closing.get(end, [])
        last = sorted(ended, key=lambda number: (-spans[number][0], spans[number][1]))
        made.append([text[start:end], inside[-1] if inside else None, last])
        if ended:
            gone = set(ended)
            inside = [number for number in inside if number not in gone]
    return made


def _finding(one: CheckedQuotation, kept: int, catalogue: Catalogue) -> dict[str, Any]:
    claimed = claim_data(one.claimed)
    if claimed["source"] is not None:
        claimed["source"] = catalogue.name(claimed["source"])
    return {
        "text": _short(one.text),
        "verdict": one.verdict.value,
        "ok": one.ok,
        "attribution": one.attribution.value,
        "wrong": one.attribution.wrong,
        "claimed": claimed,
        "notes": [note_data(note.with_names(catalogue.names())) for note in one.notes],
        "differences": list(one.matches[0].differences) if one.matches else [],
        "changes": [
            {"kind": change.kind, "draft": _short(change.draft), "source": _short(change.source)}
            for change in one.changes
        ],
        "omissions": [_short(left_out.text) for left_out in one.matches[0].omissions]
        if one.matches
        else [],
        "warnings": [_warning(warned, one, catalogue) for warned in one.warnings],
        "places": [_place(match, catalogue) for match in one.matches[:kept]],
        "more_places": max(0, len(one.matches) - kept),
    }


def _warning(warned: Warned, one: CheckedQuotation, catalogue: Catalogue) -> dict[str, Any]:
    place = None
    if warned.text is not None and one.matches:
        place = {
            "source": catalogue.name(one.matches[0].source),
            "start": warned.start,
            "end": warned.end,
            "check": fingerprint(warned.text),
        }
    return {
        "kind": warned.kind,
        "message": warned.message,
        "text": None if warned.text is None else _short(warned.text),
        "place": place,
    }


def _place(match: Match, catalogue: Catalogue) -> dict[str, Any]:
    return {
        "source": catalogue.name(match.source),
        "start": match.start,
        "end": match.end,
        "check": fingerprint(match.text),
        "text": _short(match.text),
        "speaker": match.speaker,
        "role": match.role,
        "kind": match.kind.value,
        "date": match.date,
        "document": match.document,
        "lines": list(match.lines),
    }


def _short(text: str) -> str:
    """Return the text, or as much of a very long one as a list can show."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]} […]"


def limits() -> dict[str, Any]:
    """Return the limits that the page's script tells a person before anything is sent."""
    return {"longest": LONGEST_DRAFT, "endings": list(DRAFT_SUFFIXES)}
