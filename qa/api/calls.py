"""The five calls: ask, find, check, source, sources. They read, and change nothing.

Their signatures and docstrings are what programs are told of them, over HTTP and over MCP alike.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from qa.as_data import answer_data
from qa.check.reports.data import report_data
from qa.errors import InvalidQuery
from qa.find.records import Order, Within
from qa.find.reporting import find_data

if TYPE_CHECKING:
    from qa.check.records import CheckReport
    from qa.library import Library

NAMES = ("ask", "find", "check", "source", "sources")
# Whatever its characters, a draft of so many fits into a request of 1 MiB.
LONGEST_DRAFT = 150_000
MOST_QUOTATIONS = 500
_MOST_QUOTES = 50
_MOST_OCCURRENCES = 500
_MOST_CHARACTERS = 200_000
_MOST_PLACES = 200
_MOST_PLACES_IN_ALL = 4_000
_Choice = TypeVar("_Choice", bound=StrEnum)


class PublishedNames(Protocol):
    """The names under which programs see sources: no path of this machine."""

    def names(self) -> Mapping[str, str]:
        """Return path → name, of all sources."""

    def name(self, path: str) -> str:
        """Return the name of one; of a removed source, the end of its path."""

    def path(self, name: str) -> str:
        """Return the path that a name stands for. Raises UnknownSource."""


class SourceNames:
    """The shortest ends of paths that are unambiguous, kept while the library is unchanged."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._known: tuple[int, dict[str, str]] = (-1, {})

    def names(self) -> Mapping[str, str]:
        """Return path → name, of all sources."""
        with self._lock:
            generation = self._library.generation()
            if self._known[0] != generation:
                library = self._library
                named = {one.path: library.short_name(one.path) for one in library.sources()}
                self._known = (generation, named)
            return self._known[1]

    def name(self, path: str) -> str:
        """Return the name of one; of a removed source, the end of its path."""
        return self.names().get(path) or path.rsplit("/", 1)[-1]

    def path(self, name: str) -> str:
        """Return the path that a name stands for. Raises UnknownSource."""
        return self._library.path(name)


class Calls:
    """The calls over one library. `check` is what checks a draft, if not the library itself.

    All raise CitewellError, EmbeddingError or ValueError for what can't be answered.
    """

    def __init__(
        self,
        library: Library,
        names: PublishedNames,
        check: Callable[[str], CheckReport] | None = None,
    ) -> None:
        self._library = library
        self._names = names
        self._check = check or self._checked

    def ask(
        self,
        question: str,
        speaker: list[str] | None = None,
        since: str | None = None,
        until: str | None = None,
        sources: list[str] | None = None,
        limit: int = 5,
        understand: bool = True,
    ) -> dict[str, Any]:
        """Answer a question with verbatim, cited quotes.

        speaker, sources: only these, named by enough of their words; since, until: inclusive
        dates, YYYY[-MM[-DD]]; understand: read speakers and dates out of the question. The result
        has the keys of `qa ask --json`, with sources under their short names.
        """
        _within(limit, _MOST_QUOTES)
        answer = self._library.ask(
            question,
            speaker=speaker or None,
            since=since or None,
            until=until or None,
            sources=sources or None,
            limit=limit,
            understand=understand,
        )
        return self._named(answer_data(answer))

    def find(
        self,
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
    ) -> dict[str, Any]:
        """List where words stand: every occurrence is counted, the first `limit` (at most 500)
        are listed.

        query: words, "phrases", NEAR(a b, 10), without -words; order: date or relevance; within:
        turn, sentence or document; stem: inflected forms too; everywhere: headings and
        labels as well. The result has the keys of `qa find --json`, with sources under their
        short names.
        """
        _within(limit, _MOST_OCCURRENCES)
        report = self._library.find(
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
        return self._named(find_data(report))

    def check(self, text: str) -> dict[str, Any]:
        """Check every quotation of a draft (at most 150,000 characters) against the sources.

        The result has the keys of `qa check --json`: ok, counts by verdict, quotations (each with
        text, start and end in the draft, verdict, matches, attribution, notes on it, warnings,
        changes) and citations; sources are under their short names. At most 500 quotations, and
        at most 200 matches of each.
        """
        report, names = self._check(text), self._names.names()
        checked = tuple(
            replace(
                one,
                matches=one.matches[:kept],
                notes=tuple(note.with_names(names) for note in one.notes),
            )
            for one, kept in zip(report.quotations, kept_places(report), strict=True)
        )
        return self._named(report_data(replace(report, quotations=checked)))

    def source(self, name: str, start: int = 0, end: int | None = None) -> dict[str, Any]:
        """Return the stored text of a source, or characters start to end of it (at most 200,000).

        The result: name, characters (of the whole text), start, end, text.
        """
        path = self._names.path(name)
        text = self._library.text(path)
        stop = len(text) if end is None else end
        if not 0 <= start <= stop <= len(text):
            raise InvalidQuery(
                f"characters {start} to {stop}, expected a span within 0 to {len(text)}"
            )
        stop = min(stop, start + _MOST_CHARACTERS)
        return {
            "name": self._names.name(path),
            "characters": len(text),
            "start": start,
            "end": stop,
            "text": text[start:stop],
        }

    def sources(self) -> dict[str, Any]:
        """Return what the library holds: {"sources": [{"name", "title", "format", "characters",
        "documents", "turns", "passages", "added_at"}]}."""
        return {
            "sources": [
                {
                    "name": self._names.name(source.path),
                    "title": source.title,
                    "format": source.format,
                    "characters": source.characters,
                    "documents": source.documents,
                    "turns": source.turns,
                    "passages": source.passages,
                    "added_at": source.added_at,
                }
                for source in self._library.sources()
            ]
        }

    def _named(self, data: dict[str, Any]) -> dict[str, Any]:
        named: dict[str, Any] = _with_short_names(data, self._names)
        return named

    def _checked(self, text: str) -> CheckReport:
        return self._library.check(bounded_draft(text), most=MOST_QUOTATIONS)


def bounded_draft(text: str) -> str:
    """Return a draft with each lone surrogate, which no text may hold, replaced by U+FFFD.

    Raises InvalidQuery.
    """
    if not isinstance(text, str):
        raise InvalidQuery(f"the draft is a {type(text).__name__}, expected text")
    if len(text) > LONGEST_DRAFT:
        raise InvalidQuery(
            f"the draft has {len(text):,} characters, at most {LONGEST_DRAFT:,} can be checked "
            "here: check it in parts, or with `qa check FILE`"
        )
    if not text.strip():
        raise InvalidQuery("the draft is empty: give its text")
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def kept_places(report: CheckReport) -> list[int]:
    """Return how many places of each quotation are told, so that an answer stays of a size to
    send."""
    left = _MOST_PLACES_IN_ALL
    kept = []
    for one in report.quotations:
        kept.append(max(1, min(left, _MOST_PLACES)))
        left -= min(len(one.matches), kept[-1])
    return kept


def _within(limit: int, most: int) -> None:
    if not 1 <= limit <= most:
        raise InvalidQuery(f"limit is {limit}, expected 1 to {most}")


def _one_of(kind: type[_Choice], given: str, name: str) -> _Choice:
    try:
        return kind(given)
    except ValueError:
        known = ", ".join(one.value for one in kind)
        raise InvalidQuery(f"{name} is {given!r}, expected one of {known}") from None


def _with_short_names(data: Any, names: PublishedNames) -> Any:
    """Return the same data with paths of sources replaced by their names."""
    if isinstance(data, list):
        return [_with_short_names(item, names) for item in data]
    if not isinstance(data, dict):
        return data
    named = {key: _with_short_names(value, names) for key, value in data.items()}
    if isinstance(named.get("source"), str):
        named["source"] = names.name(named["source"])
    if isinstance(named.get("sources"), list):
        named["sources"] = [
            names.name(path) if isinstance(path, str) else path for path in named["sources"]
        ]
    return named
