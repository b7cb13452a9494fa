"""The source beside the chat: a window of it at a time, with the quote's exact span marked.

All cutting is done here, in code points; the scripts only show the pieces in order.
"""

from __future__ import annotations

import re
import threading
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qa import Document, InvalidQuery, Library, LocatorMark, Turn, TurnKind, locate
from ui.cards import fingerprint, locator_card
from ui.catalogue import Catalogue

WINDOW_CHARACTERS = 9_000
_LONGEST_ROW = 1_500
_MOST_HITS = 200
_LONGEST_NEEDLE = 200
_CACHED_CHARACTERS = 24_000_000
_MOST_TURNS = 3_000


@dataclass(frozen=True, slots=True)
class OpenSource:
    """A source in memory, as in one generation of the library: its text, where its lines begin,
    its structure, where its pages, times or chapters begin, and where somebody corrected by hand
    a document's title or date, or who speaks."""

    path: str
    generation: int
    text: str
    lines: tuple[int, ...]
    documents: tuple[Document, ...]
    turns: tuple[Turn, ...]
    marks: tuple[LocatorMark, ...] = ()
    corrected_documents: frozenset[int] = frozenset()
    corrected_turns: frozenset[int] = frozenset()

    def line(self, offset: int) -> int:
        """Return the line, from 1, on which a character stands."""
        return bisect_right(self.lines, offset)


class SourceView:
    """Windows, searches and outlines of the library's sources. Safe to share by threads."""

    def __init__(self, library: Library, catalogue: Catalogue) -> None:
        self._library = library
        self._catalogue = catalogue
        self._lock = threading.Lock()
        self._opened: OrderedDict[str, OpenSource] = OrderedDict()

    def open(self, name: str, start: int, end: int, check: str | None) -> dict[str, Any]:
        """Return the window around a span. `state` is "changed" if the span's words are not those
        that `check` is the fingerprint of; then nothing is marked.

        Raises UnknownSource, InvalidQuery.
        """
        source = self._source(name)
        size = len(source.text)
        whole = 0 <= start < end <= size
        changed = not whole or (check is not None and fingerprint(source.text[start:end]) != check)
        mark = (0, 0) if changed else (start, end)
        middle = min(max(start, 0), size)
        first = _line_start(source, max(0, middle - WINDOW_CHARACTERS // 3))
        last = _window_end(source, first, max(WINDOW_CHARACTERS, mark[1] - first + 1_000))
        return {
            "name": self._catalogue.name(source.path),
            "state": "changed" if changed else "ok",
            "characters": size,
            "lines": len(source.lines),
            "documents": len(source.documents),
            "mark": list(mark),
            "counted": source.marks[0].locator.kind.value if source.marks else None,
            "place": locator_card(None if changed else locate(source.marks, start, end)),
            "rows": rows(source, first, last, mark),
        }

    def rows_near(self, name: str, at: int, back: bool, mark: tuple[int, int]) -> dict[str, Any]:
        """Return the window before or after an offset. Raises UnknownSource, InvalidQuery."""
        source = self._source(name)
        at = min(max(at, 0), len(source.text))
        if back:
            first = _line_start(source, max(0, at - WINDOW_CHARACTERS))
            return {"rows": rows(source, first, at, mark)}
        return {"rows": rows(source, at, _window_end(source, at, WINDOW_CHARACTERS), mark)}

    def find(self, name: str, needle: str) -> dict[str, Any]:
        """Return where the words stand in the source, without regard to case."""
        source = self._source(name)
        if not needle.strip():
            return {"hits": [], "more": False}
        if len(needle) > _LONGEST_NEEDLE:
            raise InvalidQuery(
                f"{len(needle)} characters to find, expected at most {_LONGEST_NEEDLE}"
            )
        words = r"\s+".join(re.escape(word) for word in needle.split())
        hits: list[list[int]] = []
        for match in re.finditer(words, source.text, re.IGNORECASE):
            if len(hits) == _MOST_HITS:
                return {"hits": hits, "more": True}
            hits.append([match.start(), match.end(), source.line(match.start())])
        return {"hits": hits, "more": False}

    def outline(self, name: str) -> dict[str, Any]:
        """Return the documents of a source, each with its turns as found."""
        source = self._source(name)
        turns: dict[int, list[dict[str, Any]]] = {}
        shown = [turn for turn in source.turns if turn.kind is not TurnKind.LABEL]
        for turn in shown[:_MOST_TURNS]:
            turns.setdefault(turn.document, []).append(
                {
                    "kind": turn.kind.value,
                    "speaker": turn.speaker,
                    "role": turn.role,
                    "start": turn.start,
                    "end": turn.end,
                    "line": source.line(turn.start),
                    "opening": source.text[turn.start : min(turn.end, turn.start + 80)],
                }
            )
        return {
            "name": self._catalogue.name(source.path),
            "more": len(shown) > _MOST_TURNS,
            "documents": [
                {
                    "title": document.title,
                    "date": document.date,
                    "place": document.place,
                    "start": document.start,
                    "line": source.line(document.start),
                    "boundary": document.boundary.value,
                    "turns": turns.get(document.ordinal, []),
                }
                for document in source.documents
            ],
        }

    def _source(self, name: str) -> OpenSource:
        path = self._catalogue.path(name)
        generation = self._catalogue.contents().generation
        with self._lock:
            cached = self._opened.get(path)
            if cached is not None and cached.generation == generation:
                self._opened.move_to_end(path)
                return cached
        text = self._library.text(path)
        documents, turns = self._library.structure(path)
        found_documents, found_turns = self._library.structure(path, as_found=True)
        source = OpenSource(
            *(path, generation, text, line_starts(text), documents, turns),
            self._library.locators(path),
            _differing(documents, found_documents),
            _differing(turns, found_turns),
        )
        with self._lock:
            self._opened[path] = source
            self._opened.move_to_end(path)
            while (
                len(self._opened) > 1
                and sum(len(opened.text) for opened in self._opened.values()) > _CACHED_CHARACTERS
            ):
                self._opened.popitem(last=False)
        return source


def _differing(now: Sequence[Document | Turn], found: Sequence[Document | Turn]) -> frozenset[int]:
    """Return where those begin that are not as they were found."""
    as_found = set(found)
    return frozenset(one.start for one in now if one not in as_found)


def line_starts(text: str) -> tuple[int, ...]:
    """Return where each line begins; lines end with a line feed, as citations count them."""
    starts = [0]
    at = text.find("\n")
    while at >= 0:
        if at + 1 < len(text):
            starts.append(at + 1)
        at = text.find("\n", at + 1)
    return tuple(starts)


def rows(source: OpenSource, first: int, last: int, mark: tuple[int, int]) -> list[dict[str, Any]]:
    """Return the text from `first` to `last` in rows: a line each, very long lines in several.

    The pieces of all rows in order are the text itself; a piece is [text, whether marked].
    `line` is null on a row that goes on with the line before it.
    """
    made = []
    documents = {document.start: document for document in source.documents}
    speeches = {
        turn.start: turn for turn in source.turns if turn.kind is TurnKind.SPEECH and turn.speaker
    }
    at = first
    while at < last:
        line = source.line(at)
        line_end = source.lines[line] if line < len(source.lines) else len(source.text)
        end = min(line_end, at + _LONGEST_ROW, last)
        heads = [documents[offset] for offset in documents if at <= offset < end]
        turns = [speeches[offset] for offset in range(at, end) if offset in speeches]
        made.append(
            {
                "line": line if at == source.lines[line - 1] else None,
                "start": at,
                "end": end,
                "pieces": _pieces(source.text, at, end, mark),
                "documents": [
                    [head.title, head.date, head.place, head.start in source.corrected_documents]
                    for head in heads
                ],
                "speakers": [
                    [turn.speaker, turn.role, turn.start in source.corrected_turns]
                    for turn in turns
                ],
                "places": _places(source, at, end),
            }
        )
        at = end
    return made


def _places(source: OpenSource, start: int, end: int) -> list[dict[str, str] | None]:
    """Return the pages, times or chapters that begin between two offsets."""
    first = bisect_left(source.marks, start, key=_offset)
    last = bisect_left(source.marks, end, key=_offset)
    return [locator_card(mark.locator) for mark in source.marks[first:last]]


def _offset(mark: LocatorMark) -> int:
    return mark.start


def _pieces(text: str, start: int, end: int, mark: tuple[int, int]) -> list[list[Any]]:
    low, high = max(start, mark[0]), min(end, mark[1])
    if low >= high:
        return [[text[start:end], False]]
    cut = [[text[start:low], False], [text[low:high], True], [text[high:end], False]]
    return [piece for piece in cut if piece[0]]


def _line_start(source: OpenSource, offset: int) -> int:
    """Return the start of the offset's line, or of the row of a very long line."""
    start = source.lines[source.line(offset) - 1]
    return start + (offset - start) // _LONGEST_ROW * _LONGEST_ROW


def _window_end(source: OpenSource, first: int, size: int) -> int:
    end = min(first + size, len(source.text))
    line = source.line(end)
    after = source.lines[line] if line < len(source.lines) else len(source.text)
    return after if after - end <= _LONGEST_ROW else end
