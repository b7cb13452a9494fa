"""The named endpoints for programs: `gradio_client`, or plain HTTP on /gradio_api/call/NAME."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from typing import Any, TypeVar

import gradio as gr
from gradio.events import api

from embeddings.errors import EmbeddingError
from qa.answering.as_data import answer_data
from qa.checking.reports.data import report_data
from qa.errors import CitewellError, InvalidQuery
from qa.finding.as_data import find_data
from qa.finding.records import Order, Within
from ui.check_page import kept_places, public_note
from ui.desk import Desk

_MOST_QUOTES = 50
_MOST_OCCURRENCES = 500
_MOST_CHARACTERS = 200_000
_AT_ONCE = 4
_Choice = TypeVar("_Choice", bound=StrEnum)


def add_endpoints(desk: Desk) -> None:
    """Add the endpoints that ui.security.ENDPOINTS names to the page under construction."""

    def ask(
        question: str,
        speaker: list[str] | None = None,
        since: str | None = None,
        until: str | None = None,
        sources: list[str] | None = None,
        limit: int = 5,
        understand: bool = True,
    ) -> dict:  # type: ignore[type-arg]
        """Answer a question with verbatim, cited quotes.

        speaker, sources: only these, named by enough of their words; since, until: inclusive
        dates, YYYY[-MM[-DD]]; understand: read speakers and dates out of the question. The result
        has the keys of `qa ask --json`, with sources under their short names.
        """
        return _told(
            lambda: _ask(desk, question, speaker, since, until, sources, limit, understand)
        )

    def find(
        query: str,
        speaker: list[str] | None = None,
        since: str | None = None,
        until: str | None = None,
        sources: list[str] | None = None,
        order: str = "date",
        within: str = "turn",
        stem: bool = False,
        everywhere: bool = False,
        limit: int = 50,
    ) -> dict:  # type: ignore[type-arg]
        """List where words stand: every occurrence is counted, the first `limit` (at most 500)
        are listed.

        query: words, "phrases", NEAR(a b, 10), without -words; order: date or relevance; within:
        turn, sentence or document; stem: inflected forms too; everywhere: headings and
        labels as well. The result has the keys of `qa find --json`, with sources under their
        short names.
        """
        filters = (speaker, since, until, sources)
        return _told(lambda: _find(desk, query, filters, order, within, stem, everywhere, limit))

    def check(text: str) -> dict:  # type: ignore[type-arg]
        """Check every quotation of a draft (at most 150,000 characters) against the sources.

        The result has the keys of `qa check --json`: ok, counts by verdict, quotations (each with
        text, start and end in the draft, verdict, matches, attribution, warnings, changes) and
        citations; sources are under their short names. At most 500 quotations, and at most 200
        matches of each.
        """
        return _told(lambda: _check(desk, text))

    def source(name: str, start: int = 0, end: int | None = None) -> dict:  # type: ignore[type-arg]
        """The stored text of a source, or characters start to end of it (at most 200,000).

        The result: name, characters (of the whole text), start, end, text.
        """
        return _told(lambda: _source(desk, name, start, end))

    def sources() -> dict:  # type: ignore[type-arg]
        """What the library holds: {"sources": [{"name", "title", "format", "characters",
        "documents", "turns", "passages", "added_at"}]}."""
        return _told(lambda: _sources(desk))

    for endpoint in (ask, find, check, source, sources):
        api(endpoint, api_name=endpoint.__name__, concurrency_limit=_AT_ONCE)


def _told(call: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return call()
    except (CitewellError, EmbeddingError, ValueError) as error:
        raise gr.Error(str(error), print_exception=False) from error


def _ask(
    desk: Desk,
    question: str,
    speaker: list[str] | None,
    since: str | None,
    until: str | None,
    sources: list[str] | None,
    limit: int,
    understand: bool,
) -> dict[str, Any]:
    if not 1 <= limit <= _MOST_QUOTES:
        raise InvalidQuery(f"limit is {limit}, expected 1 to {_MOST_QUOTES}")
    answer = desk.library.ask(
        question,
        speaker=speaker or None,
        since=since or None,
        until=until or None,
        sources=sources or None,
        limit=limit,
        understand=understand,
    )
    data: dict[str, Any] = _with_short_names(answer_data(answer), desk)
    return data


def _find(
    desk: Desk,
    query: str,
    filters: tuple[list[str] | None, str | None, str | None, list[str] | None],
    order: str,
    within: str,
    stem: bool,
    everywhere: bool,
    limit: int,
) -> dict[str, Any]:
    if not 1 <= limit <= _MOST_OCCURRENCES:
        raise InvalidQuery(f"limit is {limit}, expected 1 to {_MOST_OCCURRENCES}")
    speaker, since, until, sources = filters
    report = desk.library.find(
        query,
        speaker=speaker or None,
        since=since or None,
        until=until or None,
        sources=sources or None,
        order=_one_of(Order, order, "order"),
        within=_one_of(Within, within, "within"),
        stem=stem,
        everywhere=everywhere,
        limit=limit,
    )
    data: dict[str, Any] = _with_short_names(find_data(report), desk)
    return data


def _one_of(kind: type[_Choice], given: str, name: str) -> _Choice:
    try:
        return kind(given)
    except ValueError:
        known = ", ".join(one.value for one in kind)
        raise InvalidQuery(f"{name} is {given!r}, expected one of {known}") from None


def _check(desk: Desk, text: str) -> dict[str, Any]:
    report = desk.drafts.check(text)
    checked = tuple(
        replace(one, matches=one.matches[:kept])
        for one, kept in zip(report.quotations, kept_places(report), strict=True)
    )
    told = report_data(replace(report, quotations=checked))
    data: dict[str, Any] = _with_short_names(told, desk)
    for quotation in data["quotations"]:
        quotation["notes"] = [public_note(note, desk.catalogue) for note in quotation["notes"]]
    return data


def _with_short_names(data: Any, desk: Desk) -> Any:
    """The same data with the server's paths replaced by the names that the page shows."""
    if isinstance(data, list):
        return [_with_short_names(item, desk) for item in data]
    if not isinstance(data, dict):
        return data
    named = {key: _with_short_names(value, desk) for key, value in data.items()}
    if isinstance(named.get("source"), str):
        named["source"] = desk.catalogue.name(named["source"])
    if isinstance(named.get("sources"), list):
        named["sources"] = [desk.catalogue.name(path) for path in named["sources"]]
    return named


def _source(desk: Desk, name: str, start: int, end: int | None) -> dict[str, Any]:
    path = desk.catalogue.path(name)
    text = desk.library.text(path)
    stop = len(text) if end is None else end
    if not 0 <= start <= stop <= len(text):
        raise InvalidQuery(f"characters {start} to {stop}, expected a span within 0 to {len(text)}")
    stop = min(stop, start + _MOST_CHARACTERS)
    return {
        "name": desk.catalogue.name(path),
        "characters": len(text),
        "start": start,
        "end": stop,
        "text": text[start:stop],
    }


def _sources(desk: Desk) -> dict[str, Any]:
    holdings = desk.catalogue.holdings()
    return {
        "sources": [
            {
                "name": holdings.names[source.path],
                "title": source.title,
                "format": source.format,
                "characters": source.characters,
                "documents": source.documents,
                "turns": source.turns,
                "passages": source.passages,
                "added_at": source.added_at,
            }
            for source in holdings.sources
        ]
    }
