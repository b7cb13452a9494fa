"""What was last read of a library and verified, so that the next question need not read it again.

All of it is of one generation: what a write changed is never given out after it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Generic, TypeVar

Key = TypeVar("Key")
Record = TypeVar("Record")


def _one(_: object) -> int:
    return 1


class Latest(Generic[Record]):
    """One record, of the generation that was last asked for. Safe to share by threads: at worst
    two make it at once."""

    def __init__(self) -> None:
        self._known: tuple[int, Record] | None = None

    def get(self, generation: int, make: Callable[[], Record]) -> Record:
        """The generation's record; `make` is called where it is not the one held."""
        known = self._known
        if known is None or known[0] != generation:
            known = self._known = generation, make()
        return known[1]


class Recent(Generic[Key, Record]):
    """Records by their keys, those that were used last: as many as weigh `room` together, where
    `weigh` (None: 1 each) tells what one weighs. Safe to share by threads; the records must be
    immutable."""

    def __init__(self, room: int, weigh: Callable[[Record], int] | None = None) -> None:
        self._room = room
        self._weigh = weigh or _one
        self._generation = -1
        self._records: dict[Key, Record] = {}  # the one used longest ago first
        self._weight = 0
        self._lock = threading.Lock()

    def get(
        self,
        generation: int,
        keys: Iterable[Key],
        read: Callable[[Collection[Key]], Mapping[Key, Record]],
    ) -> dict[Key, Record]:
        """Key → record, in the order asked for; what `read` does not find is left out. `read` is
        given the keys that are not held, if there are any."""
        wanted = dict.fromkeys(keys)
        with self._lock:
            if generation != self._generation:
                self._generation, self._records, self._weight = generation, {}, 0
            held = self._records
            found = {key: held.pop(key) for key in wanted if key in held}
            held.update(found)
        missing = [key for key in wanted if key not in found]
        if not missing:
            return found
        new = read(missing)
        self._keep(generation, new)
        found.update(new)
        return {key: found[key] for key in wanted if key in found}

    def _keep(self, generation: int, records: Mapping[Key, Record]) -> None:
        with self._lock:
            if generation != self._generation:
                return
            for key, record in records.items():
                if key not in self._records:
                    self._records[key] = record
                    self._weight += self._weigh(record)
            while self._weight > self._room:
                self._weight -= self._weigh(self._records.pop(next(iter(self._records))))
