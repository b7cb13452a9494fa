"""The full-text index: BM25 scores and the vocabulary, over tokens that were made in Python.

FTS5's bm25() is Robertson's: with N passages, n of them with the term, a term's weight is
max(ln((N − n + ½) / (n + ½)), 10⁻⁶), times f·(k₁ + 1) / (f + k₁·(1 − b + b·length/mean length)),
k₁ = 1.2, b = 0.75 (https://sqlite.org/fts5.html#the_bm25_function).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from qa.errors import InvalidQuery
from qa.store.records import Ids
from qa.store.sqlite.checksums import checked
from qa.store.sqlite.names import LEXICAL

VOCABULARY_BLOCK = 5000
TOKENS_BLOCK = 4096
_MATCH = np.dtype([("id", np.int64), ("score", np.float64)])


def read_scores(
    connection: sqlite3.Connection, expression: str, ids: Ids | None
) -> tuple[Ids, NDArray[np.float32]]:
    """All passages that match an FTS5 expression, among `ids` if given, by ascending id, with
    their BM25 scores: (n,) int64 and (n,) float32, higher is better.

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


def read_tokens(
    connection: sqlite3.Connection, after_id: int, last_id: int
) -> list[tuple[int, str]]:
    """The next block of passages, by ascending id from `after_id` + 1 to `last_id`, each with its
    tokens joined by single spaces; empty at the end."""
    rows = connection.execute(
        f"SELECT {LEXICAL.fields()} FROM lexical WHERE rowid > ? AND rowid <= ? "
        "ORDER BY rowid LIMIT ?",
        (after_id, last_id, TOKENS_BLOCK),
    )
    return [(row[0], row[1]) for row in rows if checked(LEXICAL, row)]


def any_of(terms: Iterable[str]) -> str:
    """The expression for passages with any of the terms; each is quoted, so that a term is never
    taken for syntax."""
    return " OR ".join(f'"{term}"' for term in dict.fromkeys(terms) if '"' not in term)


def read_term_counts(connection: sqlite3.Connection, terms: Iterable[str]) -> dict[str, int]:
    """Term → how many passages have it, 0 for none."""
    counts = {}
    for term in terms:
        row = connection.execute("SELECT doc FROM lexical_terms WHERE term = ?", (term,)).fetchone()
        counts[term] = 0 if row is None else int(row[0])
    return counts


def read_vocabulary(connection: sqlite3.Connection, after: str | None) -> list[tuple[str, int]]:
    """The next block of terms after `after` (None: from the first), ascending, with the number
    of passages of each; empty at the end."""
    where = "" if after is None else "WHERE term > ?"
    return connection.execute(
        f"SELECT term, doc FROM lexical_terms {where} ORDER BY term LIMIT {VOCABULARY_BLOCK}",
        () if after is None else (after,),
    ).fetchall()
