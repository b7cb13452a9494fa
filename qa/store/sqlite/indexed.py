"""Read what indexes are made from: vectors, token codes, lexical tokens and scores, inventory.

FTS5's bm25() is Robertson's: with N passages, n of them with the term, a term's weight is
max(ln((N − n + ½) / (n + ½)), 10⁻⁶), times f·(k₁ + 1) / (f + k₁·(1 − b + b·length/mean length)),
k₁ = 1.2, b = 0.75 (https://sqlite.org/fts5.html#the_bm25_function).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import FloatMatrix
from embeddings.token_codes import PassageCodes
from qa.errors import InvalidQuery, LibraryDamaged
from qa.store.records import HeldText, Ids, Inventory
from qa.store.sqlite.correcting import shared_key
from qa.store.sqlite.names import CODES, LEXICAL, TOKEN_COUNTS, VECTORS, Table
from qa.store.sqlite.rows import as_json, checked

_MATCH = np.dtype([("id", np.int64), ("score", np.float64)])


_FEW = 2  # a range is read whole where it holds at most so many times what is wanted


def _rows_of(connection: sqlite3.Connection, table: Table, ids: Ids) -> dict[int, Sequence[Any]]:
    """Return passage id → its row in a table of numbers, checked. Ids that lie close together are
    read as one range, which takes less time than to look up each."""
    if not len(ids):
        return {}
    first, last = int(ids.min()), int(ids.max())
    select, key = f"SELECT {table.fields()} FROM {table.name}", table.columns[0]
    if last - first < _FEW * len(ids):
        rows = connection.execute(f"{select} WHERE {key} BETWEEN ? AND ?", (first, last))
    else:
        rows = connection.execute(
            f"{select} WHERE {key} IN (SELECT value FROM json_each(?))", (as_json(ids),)
        )
    return {row[0]: checked(table, row) for row in rows}


def _ordered(rows: Mapping[int, Sequence[Any]], ids: Ids, table: Table) -> list[Any]:
    try:
        return [rows[number][1] for number in ids.tolist()]
    except KeyError as error:
        raise KeyError(f"passage {error} has no row in {table.name}") from None


def read_vectors(connection: sqlite3.Connection, ids: Ids, dimension: int) -> FloatMatrix:
    """Return the (n, d) float32 vectors of (n,) passages. Raises KeyError if one has none."""
    blobs = _ordered(_rows_of(connection, VECTORS, ids), ids, VECTORS)
    if any(len(blob) != 4 * dimension for blob in blobs):
        raise LibraryDamaged(f"A vector does not have {dimension} numbers. Run `qa verify`.")
    numbers = np.frombuffer(b"".join(blobs), "<f4").astype(np.float32, copy=False)
    return numbers.reshape(-1, dimension)


def read_tokens(connection: sqlite3.Connection, ids: Ids) -> list[str]:
    """Return the lexical tokens of (n,) passages, each passage's joined by single spaces. Raises
    KeyError if one is not there."""
    return _ordered(_rows_of(connection, LEXICAL, ids), ids, LEXICAL)


def read_codes(connection: sqlite3.Connection, ids: Iterable[int]) -> dict[int, PassageCodes]:
    """Return id → token codes; an id that no passage has is left out."""
    rows = connection.execute(
        f"SELECT {CODES.fields()} FROM json_each(?) AS wanted "
        "CROSS JOIN codes ON codes.passage_id = wanted.value",
        (as_json(ids),),
    )
    return {row[0]: PassageCodes.from_bytes(checked(CODES, row)[1]) for row in rows}


def read_token_counts(connection: sqlite3.Connection, token_ids: Sequence[int]) -> Ids:
    """Return for each token id in how many passages' codes it occurs: (n,) int64."""
    rows = connection.execute(
        f"SELECT {TOKEN_COUNTS.fields()} FROM token_counts "
        "WHERE token_id IN (SELECT value FROM json_each(?))",
        (as_json(token_ids),),
    )
    counts = {row[0]: row[1] for row in rows if checked(TOKEN_COUNTS, row)}
    return np.array([counts.get(int(token), 0) for token in token_ids], dtype=np.int64)


def read_scores(
    connection: sqlite3.Connection, expression: str, ids: Ids | None
) -> tuple[Ids, NDArray[np.float32]]:
    """Return all passages that match an FTS5 expression, among `ids` if given, by ascending id,
    with their BM25 scores: (n,) int64 and (n,) float32, higher is better.

    The statistics are those of the whole library, whatever `ids` is. An empty expression
    matches nothing. Raises InvalidQuery for one that FTS5 can't parse.
    """
    if not expression.strip():
        return np.empty(0, np.int64), np.empty(0, np.float32)
    try:
        matches = np.fromiter(
            connection.execute(
                "SELECT rowid, -bm25(lexical) FROM lexical WHERE lexical MATCH ?", (expression,)
            ),
            dtype=_MATCH,
        )
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
            raise InvalidQuery(f"The full-text index can't parse {expression!r}: {error}") from None
        raise
    except UnicodeEncodeError:
        raise InvalidQuery(f"The query {expression!r} has characters of no text.") from None
    matches = matches[np.argsort(matches["id"], kind="stable")]
    if ids is not None:
        matches = matches[np.isin(matches["id"], ids)]
    return matches["id"].astype(np.int64), matches["score"].astype(np.float32)


def any_of(terms: Iterable[str]) -> str:
    """Return the expression for passages with any of the terms; each is quoted, so that a term is
    never taken for syntax."""
    return " OR ".join(f'"{term}"' for term in dict.fromkeys(terms) if '"' not in term)


def phrase_of(terms: Iterable[str]) -> str:
    """Return the expression for passages with the terms one after the other."""
    words = " ".join(terms).replace('"', "")
    return f'"{words}"' if words.strip() else ""


def read_term_counts(
    connection: sqlite3.Connection, terms: Collection[str] | None
) -> dict[str, int]:
    """Return term → how many passages have it, 0 for none; None: all terms, in code-point order."""
    if terms is None:
        return dict(connection.execute("SELECT term, doc FROM lexical_terms ORDER BY term"))
    counts = {}
    for term in terms:
        row = connection.execute("SELECT doc FROM lexical_terms WHERE term = ?", (term,)).fetchone()
        counts[term] = 0 if row is None else int(row[0])
    return counts


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
