"""Reading passages and what is computed of them: vectors, token codes, counts."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from embeddings.encoder import FloatMatrix
from embeddings.token_codes import PassageCodes
from qa.errors import LibraryDamaged
from qa.records import Document, Turn, TurnKind
from qa.store.records import Ids, SpeakerCount, StoredPassage, TurnPlace
from qa.store.sqlite.checksums import checked
from qa.store.sqlite.columns import bytes_to_spans, row_to_document, row_to_turn, value_to_path
from qa.store.sqlite.names import CODES, DOCUMENTS, PASSAGES, TOKEN_COUNTS, TURNS, VECTORS

VECTOR_BLOCK = 4096
LARGEST_ID = (1 << 63) - 1  # SQLite's largest row number
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


def as_json(ids: Iterable[int]) -> str:
    """Numbers as one SQL value, to be read by json_each."""
    return json.dumps([int(number) for number in ids])


def read_passages(connection: sqlite3.Connection, ids: Iterable[int]) -> dict[int, StoredPassage]:
    """Id → passage, in the order asked for; an id that no passage has is left out."""
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
    """All ids, ascending: (n,) int64."""
    return read_ids(connection, "SELECT id FROM passages")


def read_ids(connection: sqlite3.Connection, select: str, values: Sequence[str] = ()) -> Ids:
    """The numbers that a query gives as `id`, ascending: (n,) int64.

    As one text they come in a fifth of the time that a million rows take.
    """
    (listed,) = connection.execute(f"SELECT group_concat(id) FROM ({select})", values).fetchone()
    numbers = np.fromstring(listed, np.int64, sep=",") if listed else np.empty(0, np.int64)
    return np.sort(numbers)


def read_vectors(
    connection: sqlite3.Connection, after_id: int, last_id: int, dimension: int
) -> tuple[Ids, FloatMatrix]:
    """The next block of vectors, by ascending passage id from `after_id` + 1 to `last_id`: (n,)
    int64 and (n, d) float32, with n ≤ VECTOR_BLOCK, 0 at the end."""
    rows = connection.execute(
        f"SELECT {VECTORS.fields()} FROM vectors WHERE passage_id > ? AND passage_id <= ? "
        "ORDER BY passage_id LIMIT ?",
        (after_id, last_id, VECTOR_BLOCK),
    ).fetchall()
    return np.array([row[0] for row in rows], dtype=np.int64), _matrix(rows, dimension)


def read_vectors_of(connection: sqlite3.Connection, ids: Ids, dimension: int) -> FloatMatrix:
    """The (n, d) float32 vectors of (n,) passages. Raises KeyError if one has none."""
    rows = connection.execute(
        f"SELECT {VECTORS.fields()} FROM json_each(?) AS wanted "
        "CROSS JOIN vectors ON vectors.passage_id = wanted.value",
        (as_json(ids.tolist()),),
    ).fetchall()
    if len(rows) != len(ids):
        raise KeyError(f"{len(ids) - len(rows)} of {len(ids)} passages have no vector")
    return _matrix(rows, dimension)


def _matrix(rows: Sequence[tuple[Any, ...]], dimension: int) -> FloatMatrix:
    blobs = [checked(VECTORS, row)[1] for row in rows]
    if any(len(blob) != 4 * dimension for blob in blobs):
        raise LibraryDamaged(f"A vector does not have {dimension} numbers. Run `qa verify`.")
    numbers = np.frombuffer(b"".join(blobs), "<f4").astype(np.float32, copy=False)
    return numbers.reshape(-1, dimension)


def read_codes(connection: sqlite3.Connection, ids: Iterable[int]) -> dict[int, PassageCodes]:
    """Id → token codes; an id that no passage has is left out."""
    rows = connection.execute(
        f"SELECT {CODES.fields()} FROM json_each(?) AS wanted "
        "CROSS JOIN codes ON codes.passage_id = wanted.value",
        (as_json(ids),),
    )
    return {row[0]: PassageCodes.from_bytes(checked(CODES, row)[1]) for row in rows}


def read_token_counts(connection: sqlite3.Connection, token_ids: Sequence[int]) -> Ids:
    """For each token id in how many passages' codes it occurs: (n,) int64."""
    rows = connection.execute(
        f"SELECT {TOKEN_COUNTS.fields()} FROM token_counts "
        "WHERE token_id IN (SELECT value FROM json_each(?))",
        (as_json(token_ids),),
    )
    counts = {row[0]: row[1] for row in rows if checked(TOKEN_COUNTS, row)}
    return np.array([counts.get(int(token), 0) for token in token_ids], dtype=np.int64)


def read_speakers(connection: sqlite3.Connection) -> tuple[SpeakerCount, ...]:
    """Who speaks what may be quoted, in which role, the most often heard first."""
    kinds = [kind.value for kind in TurnKind if kind.quotable]
    rows = connection.execute(
        "SELECT speaker, role, count(*) FROM turns WHERE speaker IS NOT NULL "
        f"AND kind IN ({', '.join('?' * len(kinds))}) "
        "GROUP BY speaker, role ORDER BY count(*) DESC, speaker, role",
        kinds,
    )
    return tuple(SpeakerCount(*row) for row in rows)


def read_titles(connection: sqlite3.Connection) -> tuple[str, ...]:
    """The titles that documents have, each once, sorted."""
    rows = connection.execute(
        "SELECT DISTINCT title FROM documents WHERE title IS NOT NULL ORDER BY title"
    )
    return tuple(row[0] for row in rows)


def read_dates(connection: sqlite3.Connection) -> tuple[str, ...]:
    """The dates that documents have, each once, sorted."""
    rows = connection.execute(
        "SELECT DISTINCT date FROM documents WHERE date IS NOT NULL ORDER BY date"
    )
    return tuple(row[0] for row in rows)


def count_rows(connection: sqlite3.Connection, table: str) -> int:
    """How many rows one of the library's own tables has."""
    (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(count)


def count_documents_of(connection: sqlite3.Connection, ids: Ids) -> int:
    """In how many documents those passages stand."""
    (count,) = connection.execute(
        "SELECT count(*) FROM (SELECT DISTINCT text_id, document FROM passages "
        "WHERE id IN (SELECT value FROM json_each(?)))",
        (as_json(ids.tolist()),),
    ).fetchone()
    return int(count)


def read_turn_places(connection: sqlite3.Connection, ids: Iterable[int]) -> dict[int, TurnPlace]:
    """Passage id → the turn that it stands in; an unknown id is left out."""
    rows = connection.execute(
        "SELECT p.id, p.text_id, p.document, p.turn, t.kind FROM json_each(?) AS wanted "
        "CROSS JOIN passages AS p ON p.id = wanted.value "
        "JOIN turns AS t ON t.text_id = p.text_id AND t.document = p.document "
        "AND t.ordinal = p.turn",
        (as_json(ids),),
    )
    return {row[0]: TurnPlace(row[1], row[2], row[3], TurnKind(row[4])) for row in rows}
