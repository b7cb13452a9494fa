"""Which passages each text has, as an index that is derived from them must know."""

from __future__ import annotations

import sqlite3
from hashlib import blake2b

from qa.store.records import HeldText, Inventory
from qa.store.sqlite.correcting import shared_key


def read_inventory(connection: sqlite3.Connection) -> Inventory:
    """Return the passages of every text that has any."""
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
