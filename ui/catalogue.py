"""What the library holds, as the page needs it again and again: names, speakers, dates, size."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from qa import Library, StoredSource, UnknownSource

_FRESH_SECONDS = 2.0
_MOST_SPEAKERS = 2_000


@dataclass(frozen=True, slots=True)
class Contents:
    """One state of the library. `names` maps each path to the name that the page shows; `speakers`
    are those who have passages, the most often heard first."""

    generation: int
    sources: tuple[StoredSource, ...]
    names: dict[str, str]
    speakers: tuple[str, ...]
    titles: tuple[str, ...]
    first_date: str | None
    last_date: str | None
    documents: int
    passages: int


class Catalogue:
    """Reads what the library holds, and keeps it for two seconds. Safe to share by threads."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._contents: Contents | None = None
        self._read_at = 0.0

    def contents(self, *, fresh: bool = False) -> Contents:
        """Return the library's contents, at most two seconds old, or read anew."""
        with self._lock:
            old = time.monotonic() - self._read_at > _FRESH_SECONDS
            if self._contents is None or fresh or old:
                self._contents = self._read()
                self._read_at = time.monotonic()
            return self._contents

    def names(self) -> Mapping[str, str]:
        """Return the names of all sources by their paths."""
        return self.contents().names

    def name(self, path: str) -> str:
        """Return the name that the page shows for a path, for a removed source the path's end."""
        return self.contents().names.get(path) or path.rsplit("/", 1)[-1]

    def path(self, name: str) -> str:
        """Return the path that a shown name stands for. Raises UnknownSource."""
        if not isinstance(name, str) or not name:
            raise UnknownSource(f"the source is {name!r}, expected a name from the library's list")
        return self._library.path(name)

    def _read(self) -> Contents:
        library = self._library
        generation = library.generation()
        sources = library.sources()
        turns: Counter[str] = Counter()
        for speaker in library.speakers():
            turns[speaker.name] += speaker.turns
        dates = library.dates()
        return Contents(
            generation=generation,
            sources=sources,
            names={source.path: library.short_name(source.path) for source in sources},
            speakers=tuple(name for name, _ in turns.most_common(_MOST_SPEAKERS)),
            titles=library.titles(),
            first_date=min(dates, default=None),
            last_date=max(dates, default=None),
            documents=sum(source.documents for source in sources),
            passages=sum(source.passages for source in sources),
        )
