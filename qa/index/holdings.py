"""Which texts a library holds, so that an index of an earlier generation is brought up to date by
what changed alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from qa.store.sqlite.correcting import shared_key


@dataclass(frozen=True, slots=True)
class HeldText:
    """A text's passages: `count` of them, with ids from `first` to `last` and nobody else's
    between. `mark` changes whenever anything of theirs does that an index is made of."""

    mark: str
    first: int
    last: int
    count: int


Holdings = Mapping[int, HeldText]
"""Text id → its passages; texts without any are left out."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What an index must forget and take in; a text that changed is in both."""

    gone: tuple[HeldText, ...]
    come: tuple[HeldText, ...]

    @property
    def passages(self) -> int:
        return sum(text.count for text in (*self.gone, *self.come))


def read_holdings(connection: sqlite3.Connection) -> Holdings:
    """All texts that have passages."""
    rows = connection.execute(
        "SELECT t.id, t.key, min(p.id), max(p.id), count(*) FROM texts AS t "
        "JOIN passages AS p ON p.text_id = t.id GROUP BY t.id"
    )
    return {
        text_id: HeldText(_mark(connection, text_id, key), first, last, count)
        for text_id, key, first, last, count in rows
    }


def _mark(connection: sqlite3.Connection, text_id: int, key: str) -> str:
    """A text's key stands for its content. Corrections of it, which only a text of one path's
    own can have, change its passages' rows too."""
    if shared_key(key) == key:
        return key
    digest = blake2b(digest_size=16)
    for (checksum,) in connection.execute(
        "SELECT checksum FROM passages WHERE text_id = ? ORDER BY id", (text_id,)
    ):
        digest.update(checksum)
    return f"{key} {digest.hexdigest()}"


def changes_between(before: Holdings, now: Holdings) -> Changes:
    """From one generation's holdings to another's, by first passage."""
    gone = [text for number, text in before.items() if now.get(number) != text]
    come = [text for number, text in now.items() if before.get(number) != text]
    return Changes(tuple(sorted(gone, key=_first)), tuple(sorted(come, key=_first)))


def _first(text: HeldText) -> int:
    return text.first


def count_held(holdings: Holdings) -> int:
    """How many passages there are in all."""
    return sum(text.count for text in holdings.values())


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


def holdings_to_data(holdings: Holdings) -> list[list[Any]]:
    """As JSON can hold them."""
    return [[n, t.mark, t.first, t.last, t.count] for n, t in holdings.items()]


def data_to_holdings(data: Iterable[Any]) -> Holdings:
    """The inverse of `holdings_to_data`. Raises ValueError or TypeError for other data."""
    return {
        int(n): HeldText(str(mark), int(first), int(last), int(count))
        for n, mark, first, last, count in data
    }
