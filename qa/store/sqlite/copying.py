"""Copying stored rows under other keys, within the caller's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from qa.store.sqlite.checksums import Value, checked, row_checksum, with_checksums
from qa.store.sqlite.names import CODES, LEXICAL, VECTORS, Table
from qa.store.sqlite.passages import as_json

Row = tuple[Any, ...]


def rows_where(
    connection: sqlite3.Connection, table: Table, where: str, values: Sequence[Value]
) -> list[Row]:
    """The rows that satisfy a condition, without their checksums, which were verified."""
    rows = connection.execute(
        f"SELECT {table.fields()} FROM {table.name} WHERE {where}", values
    ).fetchall()
    return [tuple(checked(table, row)[:-1]) for row in rows]


def insert_rows(connection: sqlite3.Connection, table: Table, rows: Iterable[Row]) -> None:
    """Insert rows, each with its checksum."""
    connection.executemany(table.insert, with_checksums(table, rows))


def update_rows(connection: sqlite3.Connection, table: Table, rows: Iterable[Row]) -> None:
    """Let the rows of the same keys hold these values."""
    connection.executemany(
        table.update, [(*row, row_checksum(table, row), *row[: table.key]) for row in rows]
    )


def copy_numbers(connection: sqlite3.Connection, ids: Mapping[int, int]) -> None:
    """Give passages the vectors, codes and lexical tokens of others; `ids` are old id → new."""
    for table in (VECTORS, CODES, LEXICAL):
        where = f"{table.columns[0]} IN (SELECT value FROM json_each(?))"
        found = rows_where(connection, table, where, (as_json(ids),))
        insert_rows(connection, table, [(ids[row[0]], *row[1:]) for row in found])
