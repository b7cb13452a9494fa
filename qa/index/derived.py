"""Keep an index in step with the library from which it is derived.

The library is the truth. An index of it is in memory at one generation, and is brought to the next
by what changed alone, or made anew. A library of some size keeps its index in a file; whoever
opens it makes up for what has changed since, and `save` writes it anew where that is more than a
little. The file is never trusted for being there: its checksums, and what it was made with, are
looked at first.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import numpy as np

from qa.index.checked_file import (
    CheckedFileDamaged,
    read_checked,
    read_entries,
    write_checked,
)
from qa.index.protocol import Ids, Index, IndexMismatch, SavedIndex
from qa.store.protocol import LibraryReader
from qa.store.records import HeldText, Inventory

AnyIndex = TypeVar("AnyIndex", bound=Index[Any, Any])

# From a file that is behind by so large a part of the library nothing is taken.
_USELESS = 0.5
# So small a share of the passages is read from the library sooner than a file is written.
_LATE = 1 / 50

VECTOR_FILE = "vectors.index"
LEXICAL_FILE = "lexical.index"


class Recipe(Protocol[AnyIndex]):
    """All that is particular to one kind of index: of what, when and how it is made.

    `file`: what its file is called; `saved_from`: from so many passages on it has one.
    """

    @property
    def file(self) -> str: ...

    @property
    def saved_from(self) -> int: ...

    def made_with(self, store: LibraryReader) -> Mapping[str, Any]:
        """Return what an index depends on beside the texts; one made with anything else is not
        read from its file."""
        ...

    def content(self, store: LibraryReader, ids: Ids) -> Iterator[tuple[Ids, Any]]:
        """Yield what the index holds of passages, (n,) ascending ids, in blocks."""
        ...

    def build(self, store: LibraryReader, ids: Ids) -> AnyIndex:
        """Make an index of all passages, of the form that suits their number."""
        ...

    def suits(self, index: AnyIndex, count: int) -> bool:
        """Return whether the index is of the right form for so many passages."""
        ...

    def restore(self, saved: SavedIndex) -> AnyIndex:
        """Make the index that was saved. Raises IndexMismatch."""
        ...


@dataclass(frozen=True, slots=True)
class _AtGeneration(Generic[AnyIndex]):
    """An index and the generation that it is of."""

    index: AnyIndex
    generation: int


class DerivedIndex(Generic[AnyIndex]):
    """One index of one library. Safe to share by threads."""

    def __init__(self, recipe: Recipe[AnyIndex]) -> None:
        self._recipe = recipe
        self._current: _AtGeneration[AnyIndex] | None = None
        self._inventory: Inventory = {}
        self._lock = threading.RLock()

    @property
    def index(self) -> AnyIndex | None:
        """The index as it was last refreshed, if it ever was."""
        current = self._current
        return None if current is None else current.index

    @contextlib.contextmanager
    def known(self, generation: int) -> Iterator[AnyIndex | None]:
        """Within it, the index is not changed; None unless it is of that generation already."""
        with self._lock:
            current = self._current
            known = current is not None and current.generation == generation
            yield current.index if current is not None and known else None

    @contextlib.contextmanager
    def at(self, store: LibraryReader) -> Iterator[AnyIndex]:
        """Within it, the index is that of the generation which the store shows now, and nobody
        changes it."""
        with self._lock:
            yield self.refresh(store)

    def refresh(self, store: LibraryReader) -> AnyIndex:
        """Bring the index to the generation that the store shows now, and return it.

        What is there stays; only the passages added or removed since are moved.
        """
        with self._lock, store.snapshot() as generation:
            current = self._current
            if current is not None and current.generation == generation:
                return current.index
            now = store.inventory()
            self._current = None  # should this fail, half of the changes may have been made
            index = self._opened(store) if current is None else current.index
            if index is None or not self._recipe.suits(index, count_passages(now)):
                index = self._build(store)
            else:
                self._apply(store, index)
            self._inventory, self._current = now, _AtGeneration(index, generation)
            return index

    def save(self, store: LibraryReader) -> None:
        """Bring the file up to date, and build anew what has drifted, where it is worth while.

        An `add` ends with it, so that no question has to."""
        if store.read_only:
            return
        with self._lock, store.snapshot() as generation:
            file, now = self._file(store), store.inventory()
            if count_passages(now) < self._recipe.saved_from or not file.is_late(now):
                return
            index = self.refresh(store)
            if index.drifted:
                self._current = _AtGeneration(self._build(store), generation)
            elif file.is_late(now):  # unless it was built, and written, just now
                file.write(now, index)

    def _build(self, store: LibraryReader) -> AnyIndex:
        index, now = self._recipe.build(store, store.passage_ids()), store.inventory()
        if count_passages(now) >= self._recipe.saved_from and not store.read_only:
            self._file(store).write(now, index)
        return index

    def _apply(self, store: LibraryReader, index: AnyIndex) -> None:
        changes = changes_between(self._inventory, store.inventory())
        if changes.gone:
            index.remove(_ids_between(changes.gone))
        if changes.come:
            ids = _ids_between(changes.come)
            if len(ids) > sum(text.count for text in changes.come):
                ids = np.intersect1d(ids, store.passage_ids())
            for block, content in self._recipe.content(store, ids):
                index.add(block, content)

    def _opened(self, store: LibraryReader) -> AnyIndex | None:
        """Return the index in the file, if there is one that is worth bringing up to date."""
        now = store.inventory()
        count = count_passages(now)
        if count < self._recipe.saved_from:
            return None
        found = self._file(store).read()
        if found is None or changes_between(found.inventory, now).passages > _USELESS * count:
            return None
        try:
            index = self._recipe.restore(found.saved)
        except IndexMismatch:
            return None
        self._inventory = found.inventory
        return index

    def _file(self, store: LibraryReader) -> IndexFile:
        folder = store.index_folder
        path = None if folder is None else folder / self._recipe.file
        return IndexFile(path, self._recipe.made_with(store))


def _ids_between(texts: Iterable[HeldText]) -> Ids:
    """Return all ids between the first and the last of each text, ascending."""
    return np.concatenate([np.arange(text.first, text.last + 1) for text in texts])


def blocks(ids: Ids, size: int) -> Iterator[Ids]:
    """Yield (n,) ids in blocks of at most `size`."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


# ---- on disk ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Changes:
    """What an index must forget and take in, each by first passage; a text that changed is in
    both."""

    gone: tuple[HeldText, ...]
    come: tuple[HeldText, ...]

    @property
    def passages(self) -> int:
        return sum(text.count for text in (*self.gone, *self.come))


def changes_between(before: Inventory, now: Inventory) -> Changes:
    """Compare two generations' inventories."""
    gone = [text for number, text in before.items() if now.get(number) != text]
    come = [text for number, text in now.items() if before.get(number) != text]
    return Changes(*(tuple(sorted(texts, key=lambda text: text.first)) for texts in (gone, come)))


def count_passages(inventory: Inventory) -> int:
    """Return how many passages there are in all."""
    return sum(text.count for text in inventory.values())


@dataclass(frozen=True, slots=True)
class FoundIndex:
    """What a file holds, and the inventory that it was made of."""

    inventory: Inventory
    saved: SavedIndex


@dataclass(frozen=True, slots=True)
class IndexFile:
    """One index's file. `made_with` is what its content depends on beside the texts (versions,
    the encoder's revision): a file made with anything else is not read. `path` None: the library
    has no folder to keep one in."""

    path: Path | None
    made_with: Mapping[str, Any]

    def read(self) -> FoundIndex | None:
        """Return what the file holds; None if there is no sound one."""
        if self.path is None:
            return None
        try:
            file = read_checked(self.path)
            inventory = self._inventory(file.entries)
            if inventory is None:
                return None
            return FoundIndex(inventory, SavedIndex(file.entries["index"], file.arrays))
        except (OSError, LookupError, CheckedFileDamaged):
            return None

    def is_late(self, now: Inventory) -> bool:
        """Return whether the file is missing, damaged, or so much behind that it should be
        written anew. Only its header is read."""
        if self.path is None:
            return False
        try:
            made_of = self._inventory(read_entries(self.path))
        except (OSError, CheckedFileDamaged):
            return True
        if made_of is None:
            return True
        return changes_between(made_of, now).passages > _LATE * count_passages(now)

    def write(self, inventory: Inventory, index: Index[Any, Any]) -> None:
        """Write it, if the folder and the disk allow: without it the index is made each time."""
        if self.path is None:
            return
        saved = index.save()
        entries = {
            "made_with": dict(self.made_with),
            "held": [[n, t.mark, t.first, t.last, t.count] for n, t in inventory.items()],
            "index": {"kind": index.form, **saved.entries},
        }
        with contextlib.suppress(OSError):
            write_checked(self.path, entries, saved.arrays)

    def _inventory(self, entries: Mapping[str, Any]) -> Inventory | None:
        try:
            if entries["made_with"] != dict(self.made_with):
                return None
            return {
                int(n): HeldText(str(mark), int(first), int(last), int(count))
                for n, mark, first, last, count in entries["held"]
            }
        except (LookupError, TypeError, ValueError, AttributeError):
            return None
