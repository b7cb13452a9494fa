"""Giving a path a stored text of its own, and taking it back, within the caller's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from qa.store.sqlite.checksums import Value
from qa.store.sqlite.columns import path_to_value
from qa.store.sqlite.copying import copy_numbers, insert_rows, rows_where, update_rows
from qa.store.sqlite.correcting import own_key, shared_key
from qa.store.sqlite.names import CHUNKS, DOCUMENTS, MARKUP, PASSAGES, SOURCES, TEXTS, TURNS
from qa.store.sqlite.texts import text_id_of_key
from qa.store.sqlite.writing import add_to_token_counts, drop_unused_text, next_id

_KEY = 1  # the column of `texts`


def own_text(connection: sqlite3.Connection, path: str, text_id: int) -> int:
    """A text with the same content that is this path's alone: the same one, or a copy of it."""
    row = list(rows_where(connection, TEXTS, "id = ?", (text_id,))[0])
    key = own_key(str(row[_KEY]), path)
    if row[_KEY] == key:
        return text_id
    (users,) = connection.execute(
        "SELECT count(*) FROM sources WHERE text_id = ?", (text_id,)
    ).fetchone()
    if users == 1:
        _set_key(connection, row, key)
        return text_id
    copy = _copy(connection, row, key)
    _point(connection, path, copy)
    return copy


def release_text(connection: sqlite3.Connection, path: str, text_id: int) -> int:
    """Let a path that has no corrections any more share its text again; the text it has then."""
    row = list(rows_where(connection, TEXTS, "id = ?", (text_id,))[0])
    key = shared_key(str(row[_KEY]))
    other = text_id_of_key(connection, key)
    if other is None or other == text_id:
        _set_key(connection, row, key)
        return text_id
    _point(connection, path, other)
    drop_unused_text(connection, text_id)
    return other


def _set_key(connection: sqlite3.Connection, row: list[Value], key: str) -> None:
    row[_KEY] = key
    update_rows(connection, TEXTS, [tuple(row)])


def _point(connection: sqlite3.Connection, path: str, text_id: int) -> None:
    (row,) = rows_where(connection, SOURCES, "path = ?", (path_to_value(path),))
    update_rows(connection, SOURCES, [(*row[:-1], text_id)])


def _copy(connection: sqlite3.Connection, row: Sequence[Value], key: str) -> int:
    """Copy a text and all that was made of it, numbers included, under new ids."""
    old, new = row[0], next_id(connection, TEXTS)
    insert_rows(connection, TEXTS, [(new, key, *row[2:])])
    for table in (MARKUP, CHUNKS, DOCUMENTS, TURNS):
        found = rows_where(connection, table, "text_id = ?", (old,))
        insert_rows(connection, table, [(new, *values[1:]) for values in found])
    passages = rows_where(connection, PASSAGES, "text_id = ?", (old,))
    first = next_id(connection, PASSAGES)
    ids = {values[0]: number for number, values in enumerate(passages, first)}
    insert_rows(connection, PASSAGES, [(ids[v[0]], new, *v[2:]) for v in passages])
    copy_numbers(connection, ids)
    add_to_token_counts(connection, ids.values())
    return new
