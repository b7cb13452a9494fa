"""An index in a library's folder: a checked file that says which texts it was made of.

What it holds follows from the database, so that it may be missing, late or damaged: then it is
made again. It is never trusted for being there: its checksums, and what it was made with, are
looked at first.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embeddings.checked_file import Arrays, CheckedFile, read_checked, read_entries, write_checked
from embeddings.errors import CheckedFileDamaged
from qa.index.inventory import (
    changes_between,
    count_held,
    data_to_inventory,
    inventory_to_data,
)
from qa.store.records import Inventory

# So small a share of the passages is read from the database sooner than a file is written.
_STALE = 1 / 50


@dataclass(frozen=True, slots=True)
class KeptIndex:
    """One index's file. `made_with` is what its content depends on beside the texts (versions,
    the encoder's revision): a file made with anything else is not read."""

    path: Path
    made_with: Mapping[str, Any]

    def read(self) -> tuple[Inventory, CheckedFile] | None:
        """The texts that the file was made of and what it holds; None if there is no sound one."""
        try:
            file = read_checked(self.path)
            held = self._held(file.entries)
        except (OSError, CheckedFileDamaged):
            return None
        return None if held is None else (held, file)

    def late(self, now: Inventory) -> bool:
        """Whether the file is missing, damaged, or so much behind that it should be written
        anew. Only its header is read."""
        try:
            held = self._held(read_entries(self.path))
        except (OSError, CheckedFileDamaged):
            return True
        return held is None or changes_between(held, now).passages > _STALE * count_held(now)

    def write(self, held: Inventory, entries: Mapping[str, Any], arrays: Arrays) -> None:
        """Write it, if the folder and the disk allow: without it the index is made each time."""
        made = {
            "made_with": dict(self.made_with),
            "held": inventory_to_data(held),
            "index": dict(entries),
        }
        with contextlib.suppress(OSError):
            write_checked(self.path, made, arrays)

    def _held(self, entries: Mapping[str, Any]) -> Inventory | None:
        try:
            if entries["made_with"] != dict(self.made_with):
                return None
            return data_to_inventory(entries["held"])
        except (LookupError, TypeError, ValueError, AttributeError):
            return None
