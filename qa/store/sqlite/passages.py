"""Reading passages and what is computed of them: vectors, token codes, counts."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

import numpy as np

from qa.errors import InvalidQuery
from qa.language.dates import days_of, period
from qa.records import Document, Filters, Turn, TurnKind
from qa.store.records import Ids, Names, SpeakerCount, StoredPassage, TurnPlace
from qa.store.sqlite.names import DOCUMENTS, PASSAGES, TURNS
from qa.store.sqlite.rows import (
    as_json,
    bytes_to_spans,
    checked,
    row_to_document,
    row_to_turn,
    value_to_path,
)

_TURN_AT = len(PASSAGES.columns) + 1
_DOCUMENT_AT = _TURN_AT + len(TURNS.columns) + 1

# CROSS JOIN holds SQLite to this order: from the few ids that are asked for to their rows.
_SELECT_PASSAGES = f"""
    SELECT {PASSAGES.fields("p")}, {TURNS.fields("t")}, {DOCUMENTS.fields("d")}
    FROM json_each(?) AS wanted
    CROSS JOIN passages AS p ON p.id = wanted.value
    CROSS JOIN turns AS t
        ON t.text_id = p.text_id AND t.document = p.document AND t.ordinal = p.turn
    CROSS JOIN documents AS d ON d.text_id = p.text_id AND d.ordinal = p.document"""


def read_passages(connection: sqlite3.Connection, ids: Iterable[int]) -> dict[int, StoredPassage]:
    """Return id → passage, in the order asked for; an id that no passage has is left out."""
    wanted = [int(number) for number in ids]
    rows = connection.execute(_SELECT_PASSAGES, (as_json(wanted),)).fetchall()
    paths = _paths_of_texts(connection, {row[1] for row in rows})
    turns: dict[tuple[int, ...], Turn] = {}
    documents: dict[tuple[int, ...], Document] = {}
    found = {}
    for row in rows:
        number, text_id, document, turn, start, end, sentences, context, _ = checked(
            PASSAGES, row[:_TURN_AT]
        )
        of_turn, of_document = (text_id, document, turn), (text_id, document)
        if of_turn not in turns:
            turns[of_turn] = row_to_turn(checked(TURNS, row[_TURN_AT:_DOCUMENT_AT]))
        if of_document not in documents:
            documents[of_document] = row_to_document(checked(DOCUMENTS, row[_DOCUMENT_AT:]))
        found[number] = StoredPassage(
            *(number, text_id, paths[text_id], documents[of_document], turns[of_turn]),
            *(start, end, bytes_to_spans(sentences, start), context),
        )
    return {number: found[number] for number in wanted if number in found}


def _paths_of_texts(
    connection: sqlite3.Connection, text_ids: Iterable[int]
) -> dict[int, tuple[str, ...]]:
    found: dict[int, list[str]] = {text_id: [] for text_id in text_ids}
    rows = connection.execute(
        "SELECT text_id, path FROM sources WHERE text_id IN (SELECT value FROM json_each(?))",
        (as_json(found),),
    )
    for text_id, path in rows:
        found[text_id].append(value_to_path(path))
    return {text_id: tuple(sorted(paths)) for text_id, paths in found.items()}


def read_passage_ids(connection: sqlite3.Connection) -> Ids:
    """Return all ids, ascending: (n,) int64."""
    return read_ids(connection, "SELECT id FROM passages")


def read_ids(connection: sqlite3.Connection, select: str, values: Sequence[str] = ()) -> Ids:
    """Return the numbers that a query gives as `id`, ascending: (n,) int64.

    As one text they come in a fifth of the time that a million rows take.
    """
    (listed,) = connection.execute(f"SELECT group_concat(id) FROM ({select})", values).fetchone()
    numbers = np.fromstring(listed, np.int64, sep=",") if listed else np.empty(0, np.int64)
    return np.sort(numbers)


def read_names(connection: sqlite3.Connection) -> Names:
    """Return who speaks what may be quoted, the most often heard first, and the documents' titles
    and dates, sorted."""
    kinds = [kind.value for kind in TurnKind if kind.quotable]
    speakers = connection.execute(
        "SELECT speaker, role, count(*) FROM turns WHERE speaker IS NOT NULL "
        f"AND kind IN ({', '.join('?' * len(kinds))}) "
        "GROUP BY speaker, role ORDER BY count(*) DESC, speaker, role",
        kinds,
    )
    found = (
        connection.execute(
            f"SELECT DISTINCT {column} FROM documents WHERE {column} IS NOT NULL ORDER BY {column}"
        )
        for column in ("title", "date")
    )
    titles, dates = (tuple(row[0] for row in rows) for rows in found)
    return Names(tuple(SpeakerCount(*row) for row in speakers), titles, dates)


def count_rows(connection: sqlite3.Connection, table: str) -> int:
    """Return how many rows one of the library's own tables has."""
    (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(count)


def count_documents_of(connection: sqlite3.Connection, ids: Ids) -> int:
    """Return in how many documents those passages stand."""
    (count,) = connection.execute(
        "SELECT count(*) FROM (SELECT DISTINCT text_id, document FROM passages "
        "WHERE id IN (SELECT value FROM json_each(?)))",
        (as_json(ids.tolist()),),
    ).fetchone()
    return int(count)


def read_turn_places(connection: sqlite3.Connection, ids: Iterable[int]) -> dict[int, TurnPlace]:
    """Return passage id → the turn that it stands in; an unknown id is left out."""
    rows = connection.execute(
        "SELECT p.id, p.text_id, p.document, p.turn, t.kind FROM json_each(?) AS wanted "
        "CROSS JOIN passages AS p ON p.id = wanted.value "
        "JOIN turns AS t ON t.text_id = p.text_id AND t.document = p.document "
        "AND t.ordinal = p.turn",
        (as_json(ids),),
    )
    return {row[0]: TurnPlace(row[1], row[2], row[3], TurnKind(row[4])) for row in rows}


# ---- under filters ----------------------------------------------------------------------


def read_matching_ids(connection: sqlite3.Connection, filters: Filters) -> Ids:
    """Return the passages that satisfy all filters, of which there are some, ascending: (n,) int64.

    Names are compared exactly. A document satisfies a range of dates if every day that its
    own date may mean lies in the range: one of "2022-05" is not known to be from 10 May on.
    Raises InvalidQuery for a date that is none.
    """
    conditions: list[str] = []
    values: list[str] = []
    dated = filters.since is not None or filters.until is not None
    if filters.speakers is not None:
        _require(conditions, values, "t.speaker", json.dumps(filters.speakers))
    if filters.documents is not None:
        _require(conditions, values, "d.title", json.dumps(filters.documents))
    if dated:
        _require(conditions, values, "d.date", _dates_within(connection, filters))
    if filters.sources is not None:
        _require(conditions, values, "p.text_id", _texts_under(connection, filters.sources))
    tables = _tables(filters.speakers is not None, dated or filters.documents is not None)
    return read_ids(
        connection, f"SELECT p.id AS id FROM {tables} WHERE {' AND '.join(conditions)}", values
    )


def _tables(by_turn: bool, by_document: bool) -> str:
    """What the passages are reached by, from the few turns or documents to the many passages:
    CROSS JOIN holds SQLite to this order (measured at a million: 10 to 60 times faster)."""
    of_turn = "p.text_id = t.text_id AND p.document = t.document AND p.turn = t.ordinal"
    of_document = "p.text_id = d.text_id AND p.document = d.ordinal"
    if by_turn and by_document:
        return (
            "turns AS t CROSS JOIN documents AS d ON d.text_id = t.text_id "
            f"AND d.ordinal = t.document CROSS JOIN passages AS p ON {of_turn}"
        )
    if by_turn:
        return f"turns AS t CROSS JOIN passages AS p ON {of_turn}"
    if by_document:
        return f"documents AS d CROSS JOIN passages AS p ON {of_document}"
    return "passages AS p"


def _require(conditions: list[str], values: list[str], column: str, json_values: str) -> None:
    conditions.append(f"{column} IN (SELECT value FROM json_each(?))")
    values.append(json_values)


def _texts_under(connection: sqlite3.Connection, paths: Iterable[str]) -> str:
    wanted = frozenset(paths)
    rows = connection.execute("SELECT path, text_id FROM sources")
    return as_json({text_id for path, text_id in rows if value_to_path(path) in wanted})


def _dates_within(connection: sqlite3.Connection, filters: Filters) -> str:
    """Return the library's own dates that lie in the filters' range; they are far fewer than
    passages."""
    try:
        since, until = days_of(filters.since, filters.until)
    except ValueError as error:
        raise InvalidQuery(f"A filter's date can't be understood: {error}.") from None
    rows = connection.execute("SELECT DISTINCT date FROM documents WHERE date IS NOT NULL")
    return json.dumps([date for (date,) in rows if period(date).within(since, until)])
