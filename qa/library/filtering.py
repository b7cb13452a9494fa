"""Which passages may be searched at all, given filters."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

import numpy as np

from qa.errors import InvalidQuery
from qa.library.columns import value_to_path
from qa.library.passages import Ids, as_json
from qa.library.periods import period
from qa.records import Filters


def read_matching_ids(connection: sqlite3.Connection, filters: Filters) -> Ids | None:
    """The passages that satisfy all filters, ascending: (n,) int64; None if there are no filters.

    Names are compared exactly. A document satisfies a range of dates if every day that its
    own date may mean lies in the range: one of "2022-05" is not known to be from 10 May on.
    Raises InvalidQuery for a date that is none.
    """
    if filters.empty:
        return None
    conditions: list[str] = []
    values: list[str] = []
    if filters.speakers is not None:
        _require(conditions, values, "t.speaker", json.dumps(filters.speakers))
    if filters.sources is not None:
        _require(conditions, values, "p.text_id", _texts_under(connection, filters.sources))
    if filters.documents is not None:
        _require(conditions, values, "d.title", json.dumps(filters.documents))
    if filters.since is not None or filters.until is not None:
        _require(conditions, values, "d.date", _dates_within(connection, filters))
    rows = connection.execute(
        "SELECT p.id FROM passages AS p "
        "JOIN turns AS t ON t.text_id = p.text_id AND t.document = p.document "
        "AND t.ordinal = p.turn "
        "JOIN documents AS d ON d.text_id = p.text_id AND d.ordinal = p.document "
        f"WHERE {' AND '.join(conditions)} ORDER BY p.id",
        values,
    ).fetchall()
    return np.array([row[0] for row in rows], dtype=np.int64)


def _require(conditions: list[str], values: list[str], column: str, json_values: str) -> None:
    conditions.append(f"{column} IN (SELECT value FROM json_each(?))")
    values.append(json_values)


def _texts_under(connection: sqlite3.Connection, paths: Iterable[str]) -> str:
    wanted = frozenset(paths)
    rows = connection.execute("SELECT path, text_id FROM sources")
    return as_json({text_id for path, text_id in rows if value_to_path(path) in wanted})


def _dates_within(connection: sqlite3.Connection, filters: Filters) -> str:
    """The library's own dates that lie in the filters' range; they are far fewer than passages."""
    try:
        since = None if filters.since is None else period(filters.since).first
        until = None if filters.until is None else period(filters.until).last
    except ValueError as error:
        raise InvalidQuery(f"A filter's date can't be understood: {error}.") from None
    rows = connection.execute("SELECT DISTINCT date FROM documents WHERE date IS NOT NULL")
    return json.dumps([date for (date,) in rows if period(date).within(since, until)])
