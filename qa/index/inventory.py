"""Which texts a library holds, so that an index of an earlier generation is brought up to date by
what changed alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from qa.store.records import HeldText, Inventory


@dataclass(frozen=True, slots=True)
class Changes:
    """What an index must forget and take in; a text that changed is in both."""

    gone: tuple[HeldText, ...]
    come: tuple[HeldText, ...]

    @property
    def passages(self) -> int:
        return sum(text.count for text in (*self.gone, *self.come))


def changes_between(before: Inventory, now: Inventory) -> Changes:
    """From one generation's inventory to another's, by first passage."""
    gone = [text for number, text in before.items() if now.get(number) != text]
    come = [text for number, text in now.items() if before.get(number) != text]
    return Changes(tuple(sorted(gone, key=_first)), tuple(sorted(come, key=_first)))


def _first(text: HeldText) -> int:
    return text.first


def count_held(inventory: Inventory) -> int:
    """How many passages there are in all."""
    return sum(text.count for text in inventory.values())


def joined_ranges(texts: Iterable[HeldText]) -> Iterator[tuple[int, int]]:
    """First and last ids, ascending; texts whose passages follow each other become one range.

    >>> texts = [HeldText("a", 1, 4, 4), HeldText("b", 5, 6, 2), HeldText("c", 9, 9, 1)]
    >>> list(joined_ranges(texts))
    [(1, 6), (9, 9)]
    """
    begin = end = None
    for text in sorted(texts, key=_first):
        if end is not None and begin is not None and text.first != end + 1:
            yield begin, end
            begin = None
        begin = text.first if begin is None else begin
        end = text.last
    if begin is not None and end is not None:
        yield begin, end


def inventory_to_data(inventory: Inventory) -> list[list[Any]]:
    """As JSON can hold them."""
    return [[n, t.mark, t.first, t.last, t.count] for n, t in inventory.items()]


def data_to_inventory(data: Iterable[Any]) -> Inventory:
    """The inverse of `inventory_to_data`. Raises ValueError or TypeError for other data."""
    return {
        int(n): HeldText(str(mark), int(first), int(last), int(count))
        for n, mark, first, last, count in data
    }
