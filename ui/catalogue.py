"""What the library holds, as the page needs it again and again: names, speakers, dates, size."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.errors import UnknownSource

if TYPE_CHECKING:
    from qa.assistant import Library
    from qa.library.rows import StoredSource

_FRESH_SECONDS = 2.0
_MOST_SPEAKERS = 2_000


@dataclass(frozen=True, slots=True)
class Holdings:
    """One state of the library. `names` maps each path to the name that the page shows;
    `speakers` are those who have turns, the most often heard first."""

    sources: tuple[StoredSource, ...]
    names: dict[str, str]
    speakers: tuple[str, ...]
    titles: tuple[str, ...]
    first_date: str | None
    last_date: str | None
    documents: int
    passages: int


@dataclass(frozen=True, slots=True)
class _Structure:
    speakers: Counter[str]
    titles: tuple[str, ...]
    dates: tuple[str, ...]


class Catalogue:
    """Keeps the last state for a moment, and each source's structure while it is unchanged."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._holdings: Holdings | None = None
        self._read_at = 0.0
        self._structures: dict[tuple[str, str], _Structure] = {}

    def holdings(self, *, fresh: bool = False) -> Holdings:
        """The library's state, at most two seconds old, or read anew."""
        with self._lock:
            old = time.monotonic() - self._read_at > _FRESH_SECONDS
            if self._holdings is None or fresh or old:
                self._holdings = self._read()
                self._read_at = time.monotonic()
            return self._holdings

    def name(self, path: str) -> str:
        """The name that the page shows for a path; of a removed source, the end of its path."""
        return self.holdings().names.get(path) or path.rsplit("/", 1)[-1]

    def path(self, name: str) -> str:
        """The path that a shown name stands for. Raises UnknownSource."""
        if not isinstance(name, str) or not name:
            raise UnknownSource(f"the source is {name!r}, expected a name from the library's list")
        return self._library.path(name)

    def _read(self) -> Holdings:
        sources = self._library.sources()
        kept: dict[tuple[str, str], _Structure] = {}
        speakers: Counter[str] = Counter()
        titles: dict[str, None] = {}
        dates: list[str] = []
        for source in sources:
            key = (source.path, source.file_sha256)
            structure = self._structures.get(key) or self._structure(source.path)
            if structure is None:
                continue
            kept[key] = structure
            speakers.update(structure.speakers)
            titles.update(dict.fromkeys(structure.titles))
            dates.extend(structure.dates)
        self._structures = kept
        return Holdings(
            sources=sources,
            names={source.path: self._library.short_name(source.path) for source in sources},
            speakers=tuple(name for name, _ in speakers.most_common(_MOST_SPEAKERS)),
            titles=tuple(titles),
            first_date=min(dates, default=None),
            last_date=max(dates, default=None),
            documents=sum(source.documents for source in sources),
            passages=sum(source.passages for source in sources),
        )

    def _structure(self, path: str) -> _Structure | None:
        try:
            documents, turns = self._library.structure(path)
        except UnknownSource:  # removed by somebody since the list was read
            return None
        return _Structure(
            Counter(turn.speaker for turn in turns if turn.speaker and turn.kind.quotable),
            tuple(document.title for document in documents if document.title),
            tuple(document.date for document in documents if document.date),
        )
