"""The names under which programs see sources: no path of this machine."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from qa.library import Library


class Names(Protocol):
    """Names of sources."""

    def names(self) -> Mapping[str, str]:
        """Path → name, of all sources."""

    def name(self, path: str) -> str:
        """The name of one; of a removed source, the end of its path."""

    def path(self, name: str) -> str:
        """The path that a name stands for. Raises UnknownSource."""


class SourceNames:
    """The shortest ends of paths that are unambiguous, kept while the library is unchanged."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._known: tuple[int, dict[str, str]] = (-1, {})

    def names(self) -> Mapping[str, str]:
        """Path → name, of all sources."""
        with self._lock:
            generation = self._library.generation()
            if self._known[0] != generation:
                library = self._library
                named = {one.path: library.short_name(one.path) for one in library.sources()}
                self._known = (generation, named)
            return self._known[1]

    def name(self, path: str) -> str:
        """The name of one; of a removed source, the end of its path."""
        return self.names().get(path) or path.rsplit("/", 1)[-1]

    def path(self, name: str) -> str:
        """The path that a name stands for. Raises UnknownSource."""
        return self._library.path(name)


def with_short_names(data: Any, names: Names) -> Any:
    """The same data with paths of sources replaced by their names."""
    if isinstance(data, list):
        return [with_short_names(item, names) for item in data]
    if not isinstance(data, dict):
        return data
    named = {key: with_short_names(value, names) for key, value in data.items()}
    if isinstance(named.get("source"), str):
        named["source"] = names.name(named["source"])
    if isinstance(named.get("sources"), list):
        named["sources"] = [
            names.name(path) if isinstance(path, str) else path for path in named["sources"]
        ]
    return named
