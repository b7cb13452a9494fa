"""An index in a library's folder: a checked file that says which texts it was made of.

What it holds follows from the library, so that it may be missing, late or damaged: then it is
made again. It is never trusted for being there: its checksums, and what it was made with, are
looked at first.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embeddings.checked_file import read_checked, read_entries, write_checked
from embeddings.errors import CheckedFileDamaged
from qa.index.protocol import Index, SavedIndex
from qa.store.records import HeldText, Inventory

# So small a share of the passages is read from the library sooner than a file is written.
_LATE = 1 / 50


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
    the encoder's revision): a file made with anything else is not read."""

    path: Path
    made_with: Mapping[str, Any]

    def read(self) -> FoundIndex | None:
        """Return what the file holds; None if there is no sound one."""
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
        try:
            made_of = self._inventory(read_entries(self.path))
        except (OSError, CheckedFileDamaged):
            return True
        if made_of is None:
            return True
        return changes_between(made_of, now).passages > _LATE * count_passages(now)

    def write(self, inventory: Inventory, index: Index[Any, Any]) -> None:
        """Write it, if the folder and the disk allow: without it the index is made each time."""
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
