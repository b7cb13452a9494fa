"""Inserting and removing rows, within the caller's write transaction."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import numpy as np

from embeddings.token_codes import PassageCodes
from qa.errors import LibraryDamaged
from qa.store.chunks import split_text
from qa.store.records import FileFacts, NewSource
from qa.store.sqlite.names import (
    CHUNKS,
    CODES,
    DOCUMENTS,
    LEXICAL,
    MARKUP,
    PASSAGES,
    SOURCES,
    TEXTS,
    TOKEN_COUNTS,
    TURNS,
    VECTORS,
    Table,
)
from qa.store.sqlite.rows import (
    Value,
    as_json,
    blocks_to_json,
    checked,
    document_to_row,
    locators_to_json,
    passage_to_row,
    path_to_value,
    row_checksum,
    turn_to_row,
    with_checksums,
)
from qa.store.sqlite.texts import read_text_id


def insert_text(connection: sqlite3.Connection, key: str, entry: NewSource) -> int:
    """Store an entry's text and all that was made of it but the tokens' counts, which the caller
    changes once for all that it inserts (`change_token_counts`); the text's new id."""
    source = entry.source_text
    text_id = next_id(connection, TEXTS)
    text = (
        *(text_id, key, source.format, source.reader),
        *(source.title, source.date, len(source.text)),
    )
    markup = (text_id, blocks_to_json(source.blocks), locators_to_json(source.locators))
    chunks = ((text_id, c.start, c.line, c.text) for c in split_text(source.text))
    _insert(connection, TEXTS, [text])
    _insert(connection, MARKUP, [markup])
    _insert(connection, CHUNKS, chunks)
    _insert(connection, DOCUMENTS, (document_to_row(text_id, d) for d in entry.documents))
    _insert(connection, TURNS, (turn_to_row(text_id, turn) for turn in entry.turns))
    _insert_passages(connection, text_id, entry)
    return text_id


def _insert_passages(connection: sqlite3.Connection, text_id: int, entry: NewSource) -> None:
    first = next_id(connection, PASSAGES)
    passages = list(enumerate(entry.passages, first))
    encoded = list(enumerate(entry.encoded, first))
    _insert(connection, PASSAGES, (passage_to_row(n, text_id, p) for n, p in passages))
    _insert(connection, VECTORS, ((n, e.vector.astype("<f4").tobytes()) for n, e in encoded))
    _insert(connection, CODES, ((n, e.codes.to_bytes()) for n, e in encoded))
    _insert(connection, LEXICAL, enumerate(entry.tokens, first))


def _insert(
    connection: sqlite3.Connection, table: Table, rows: Iterable[tuple[Value, ...]]
) -> None:
    connection.executemany(table.insert, with_checksums(table, rows))


def next_id(connection: sqlite3.Connection, table: Table) -> int:
    """Return an id that no row has or ever had. It is needed before the row, whose checksum covers
    it."""
    row = connection.execute(
        "SELECT max(ifnull((SELECT seq FROM sqlite_sequence WHERE name = ?), 0), "
        f"ifnull((SELECT max(id) FROM {table.name}), 0))",
        (table.name,),
    ).fetchone()
    return int(row[0]) + 1


def count_tokens(passages: Iterable[PassageCodes]) -> Counter[int]:
    """Return token id → in how many of the passages it occurs."""
    counts: Counter[int] = Counter()
    for codes in passages:
        counts.update(np.unique(codes.token_ids).tolist())
    return counts


def add_to_token_counts(connection: sqlite3.Connection, passages: Iterable[int]) -> None:
    """Count the tokens of further passages, whose codes are stored already."""
    change_token_counts(connection, count_tokens(_codes_of(connection, passages)), 1)


def _codes_of(connection: sqlite3.Connection, passages: Iterable[int]) -> Iterator[PassageCodes]:
    stored = connection.execute(
        f"SELECT {CODES.fields()} FROM codes WHERE passage_id IN (SELECT value FROM json_each(?))",
        (as_json(passages),),
    ).fetchall()
    return (PassageCodes.from_bytes(checked(CODES, row)[1]) for row in stored)


def change_token_counts(connection: sqlite3.Connection, change: Counter[int], sign: int) -> None:
    """Count the tokens of passages that have come (`sign` 1) or gone (-1)."""
    rows = connection.execute(
        f"SELECT {TOKEN_COUNTS.fields()} FROM token_counts "
        "WHERE token_id IN (SELECT value FROM json_each(?))",
        (as_json(change),),
    ).fetchall()
    counts = {row[0]: row[1] for row in rows if checked(TOKEN_COUNTS, row)}
    changed = {token: counts.get(token, 0) + sign * number for token, number in change.items()}
    if any(number < 0 for number in changed.values()):
        raise LibraryDamaged("A token's count would fall below 0. Run `qa verify`.")
    kept = ((token, number) for token, number in changed.items() if number)
    connection.executemany(TOKEN_COUNTS.replace, with_checksums(TOKEN_COUNTS, kept))
    connection.executemany(
        "DELETE FROM token_counts WHERE token_id = ?",
        [(token,) for token, number in changed.items() if not number],
    )


def set_source(connection: sqlite3.Connection, file: FileFacts, text_id: int) -> int | None:
    """Let a path stand for a text; the text it stood for before, if any, which the caller drops
    if nothing else refers to it (`drop_unused_text`)."""
    before = read_text_id(connection, file.path)
    added_at = datetime.now(UTC).isoformat(timespec="seconds")
    row = (
        *(path_to_value(file.path), file.sha256, file.size),
        *(file.mtime_ns, added_at, text_id),
    )
    connection.execute(SOURCES.replace, (*row, row_checksum(SOURCES, row)))
    return before


def delete_source(connection: sqlite3.Connection, path: str) -> bool:
    """Forget a path, and its text if no other path has it; whether it was there."""
    text_id = read_text_id(connection, path)
    if text_id is None:
        return False
    connection.execute("DELETE FROM sources WHERE path = ?", (path_to_value(path),))
    # Its corrections go with it: under the same path another file may come.
    connection.execute("DELETE FROM corrections WHERE path = ?", (path_to_value(path),))
    drop_unused_text(connection, text_id)
    return True


def drop_unused_text(connection: sqlite3.Connection, text_id: int) -> None:
    """Delete a text and all that was made of it, unless a source refers to it."""
    used = connection.execute("SELECT 1 FROM sources WHERE text_id = ?", (text_id,)).fetchone()
    if used:
        return
    own_passages = "(SELECT id FROM passages WHERE text_id = ?)"
    stored = connection.execute(
        f"SELECT {CODES.fields()} FROM codes WHERE passage_id IN {own_passages}", (text_id,)
    )
    codes = (PassageCodes.from_bytes(checked(CODES, row)[1]) for row in stored)
    change_token_counts(connection, count_tokens(codes), -1)
    for statement in (
        f"DELETE FROM lexical WHERE rowid IN {own_passages}",
        f"DELETE FROM codes WHERE passage_id IN {own_passages}",
        f"DELETE FROM vectors WHERE passage_id IN {own_passages}",
        "DELETE FROM passages WHERE text_id = ?",
        "DELETE FROM found_turns WHERE text_id = ?",
        "DELETE FROM found_documents WHERE text_id = ?",
        "DELETE FROM turns WHERE text_id = ?",
        "DELETE FROM documents WHERE text_id = ?",
        "DELETE FROM chunks WHERE text_id = ?",
        "DELETE FROM markup WHERE text_id = ?",
        "DELETE FROM texts WHERE id = ?",
    ):
        connection.execute(statement, (text_id,))
