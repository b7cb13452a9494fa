"""One SQLite file beside the library, in which every row belongs to one person.

It is apart from the library's own file because it is written while people read, and because
losing it loses no source. Every query names the person, so that one can't reach another's rows.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from qa.errors import LibraryError
from qa.notebook.records import (
    Conversation,
    Exchange,
    Feedback,
    FeedbackKind,
    Pin,
    decode_exchange,
    decode_quote,
    encode_exchange,
    encode_quote,
)
from qa.records import Quote
from qa.store.protocol import Notebook
from qa.store.sqlite.names import ON_DISK

LONGEST_TITLE = 120
_BUSY_SECONDS = 15.0
_SCHEMA_VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS conversations (
    id TEXT PRIMARY KEY, person TEXT NOT NULL, title TEXT NOT NULL,
    created_at TEXT NOT NULL, updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS conversations_of ON conversations (person, updated_at);
CREATE TABLE IF NOT EXISTS exchanges (
    id TEXT PRIMARY KEY,
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, asked_at TEXT NOT NULL, question TEXT NOT NULL, data TEXT NOT NULL,
    UNIQUE (conversation, ordinal)
) STRICT;
CREATE TABLE IF NOT EXISTS pins (
    id TEXT PRIMARY KEY, person TEXT NOT NULL, pinned_at TEXT NOT NULL, question TEXT NOT NULL,
    source TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, quote TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS pins_of ON pins (person, pinned_at);
CREATE TABLE IF NOT EXISTS feedback (
    id TEXT PRIMARY KEY, person TEXT NOT NULL, given_at TEXT NOT NULL, kind TEXT NOT NULL,
    question TEXT NOT NULL, quote TEXT NOT NULL
) STRICT;
"""


class SqliteNotebook(Notebook):
    """A `Notebook` in a library's folder."""

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        """`read_only`: what is there is read, even where the folder can't be written; writing
        raises LibraryError."""
        self._path = folder / ON_DISK.notebook
        self._read_only = read_only
        self._lock = threading.Lock()
        if read_only:
            with self._connection() as connection:
                self._check(connection)
            return
        folder.mkdir(parents=True, exist_ok=True)
        with self._connection() as connection:
            self._check(connection)
            connection.executescript(_SCHEMA)
            connection.execute(f"PRAGMA user_version = {_SCHEMA_VERSION}")

    def _check(self, connection: sqlite3.Connection) -> None:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > _SCHEMA_VERSION:
            raise LibraryError(
                f"{self._path} has schema {version}, expected at most {_SCHEMA_VERSION}: "
                "it was made by a newer Citewell; update this one"
            )

    # ---- conversations -----------------------------------------------------------------

    def conversations(self, person: str) -> tuple[Conversation, ...]:
        with self._connection() as connection:
            rows = connection.execute(
                "SELECT id, title, created_at, updated_at, (SELECT count(*) FROM exchanges "
                "WHERE conversation = conversations.id) FROM conversations WHERE person = ? "
                "ORDER BY updated_at DESC, rowid DESC",
                (person,),
            ).fetchall()
        return tuple(Conversation(*row) for row in rows)

    def keep_exchange(self, person: str, conversation: str | None, exchange: Exchange) -> str:
        with self._connection() as connection:
            if conversation is None:
                conversation = _new_id()
                title = " ".join(exchange.question.split())[:LONGEST_TITLE]
                connection.execute(
                    "INSERT INTO conversations VALUES (?, ?, ?, ?, ?)",
                    (conversation, person, title, exchange.asked_at, exchange.asked_at),
                )
            else:
                _owned(connection, person, conversation)
            connection.execute(
                "INSERT INTO exchanges VALUES (?, ?, (SELECT count(*) FROM exchanges "
                "WHERE conversation = ?), ?, ?, ?)",
                (
                    exchange.id,
                    conversation,
                    conversation,
                    exchange.asked_at,
                    exchange.question,
                    encode_exchange(exchange),
                ),
            )
            connection.execute(
                "UPDATE conversations SET updated_at = ? WHERE id = ?",
                (exchange.asked_at, conversation),
            )
        return conversation

    def exchanges(self, person: str, conversation: str) -> tuple[Exchange, ...]:
        with self._connection() as connection:
            _owned(connection, person, conversation)
            rows = connection.execute(
                "SELECT id, asked_at, question, data FROM exchanges WHERE conversation = ? "
                "ORDER BY ordinal",
                (conversation,),
            ).fetchall()
        return tuple(decode_exchange(*row) for row in rows)

    def last_exchange(self, person: str, conversation: str) -> Exchange | None:
        with self._connection() as connection:
            _owned(connection, person, conversation)
            row = connection.execute(
                "SELECT id, asked_at, question, data FROM exchanges WHERE conversation = ? "
                "ORDER BY ordinal DESC LIMIT 1",
                (conversation,),
            ).fetchone()
        return None if row is None else decode_exchange(*row)

    def exchange(self, person: str, exchange: str) -> Exchange:
        with self._connection() as connection:
            row = connection.execute(
                "SELECT e.id, e.asked_at, e.question, e.data FROM exchanges e "
                "JOIN conversations c ON c.id = e.conversation WHERE e.id = ? AND c.person = ?",
                (exchange, person),
            ).fetchone()
        if row is None:
            raise KeyError(exchange)
        return decode_exchange(*row)

    def rename(self, person: str, conversation: str, title: str) -> str:
        kept = " ".join(title.split())[:LONGEST_TITLE]
        with self._connection() as connection:
            before = _owned(connection, person, conversation)
            if not kept:
                return before
            connection.execute(
                "UPDATE conversations SET title = ? WHERE id = ?", (kept, conversation)
            )
        return kept

    def title(self, person: str, conversation: str) -> str:
        with self._connection() as connection:
            return _owned(connection, person, conversation)

    def delete(self, person: str, conversation: str) -> None:
        with self._connection() as connection:
            _owned(connection, person, conversation)
            connection.execute("DELETE FROM conversations WHERE id = ?", (conversation,))

    # ---- notebook ----------------------------------------------------------------------

    def pin(self, person: str, question: str, quote: Quote) -> Pin:
        place = quote.citation
        with self._connection() as connection:
            row = connection.execute(
                "SELECT id, pinned_at, question, quote FROM pins WHERE person = ? AND source = ? "
                'AND start = ? AND "end" = ?',
                (person, place.source, quote.start, quote.end),
            ).fetchone()
            if row is not None:
                return _pin(row)
            pin = Pin(_new_id(), now(), question, quote)
            connection.execute(
                "INSERT INTO pins VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    pin.id,
                    person,
                    pin.pinned_at,
                    question,
                    place.source,
                    quote.start,
                    quote.end,
                    encode_quote(quote),
                ),
            )
        return pin

    def pins(self, person: str) -> tuple[Pin, ...]:
        with self._connection() as connection:
            rows = connection.execute(
                "SELECT id, pinned_at, question, quote FROM pins WHERE person = ? "
                "ORDER BY pinned_at, rowid",
                (person,),
            ).fetchall()
        return tuple(_pin(row) for row in rows)

    def unpin(self, person: str, pin: str) -> None:
        with self._connection() as connection:
            connection.execute("DELETE FROM pins WHERE id = ? AND person = ?", (pin, person))

    # ---- feedback ----------------------------------------------------------------------

    def give_feedback(
        self, person: str, kind: FeedbackKind, question: str, quote: Quote
    ) -> Feedback:
        given = Feedback(_new_id(), now(), person, kind, question, quote)
        with self._connection() as connection:
            connection.execute(
                "INSERT INTO feedback VALUES (?, ?, ?, ?, ?, ?)",
                (given.id, person, given.given_at, kind.value, question, encode_quote(quote)),
            )
        return given

    def feedback(self) -> tuple[Feedback, ...]:
        with self._connection() as connection:
            rows = connection.execute(
                "SELECT id, given_at, person, kind, question, quote FROM feedback "
                "ORDER BY given_at, rowid"
            ).fetchall()
        return tuple(
            Feedback(id, at, person, FeedbackKind(kind), question, decode_quote(quote))
            for id, at, person, kind, question, quote in rows
        )

    # ---- everything ----------------------------------------------------------------------

    def quotes(self) -> Iterator[tuple[str, Quote]]:
        with self._connection() as connection:
            exchanges = connection.execute(
                "SELECT c.title, e.id, e.asked_at, e.question, e.data FROM exchanges e "
                "JOIN conversations c ON c.id = e.conversation ORDER BY c.rowid, e.ordinal"
            ).fetchall()
            pins = connection.execute("SELECT quote FROM pins ORDER BY rowid").fetchall()
            words = connection.execute("SELECT quote FROM feedback ORDER BY rowid").fetchall()
        for title, *row in exchanges:
            exchange = decode_exchange(*row)
            for quote in (*exchange.quotes, *exchange.misses):
                yield f"conversation “{title}”", quote
        for (data,) in pins:
            yield "notebook", decode_quote(data)
        for (data,) in words:
            yield "feedback", decode_quote(data)

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """One transaction on a connection of its own; writers within the process take turns."""
        try:
            with (
                self._lock,
                closing(
                    sqlite3.connect(self._uri(), uri=True, timeout=_BUSY_SECONDS)
                ) as connection,
            ):
                if not self._read_only:
                    connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA foreign_keys = ON")
                connection.execute("PRAGMA trusted_schema = OFF")
                with connection:
                    yield connection
        except sqlite3.Error as error:
            if self._read_only:
                raise LibraryError(
                    f"{self._path}: {error}; the conversations kept there can't be read."
                ) from error
            raise LibraryError(
                f"{self._path}: {error}; conversations can't be kept there. Check that the "
                "folder may be written and that the disk is not full."
            ) from error

    def _uri(self) -> str:
        """The file as SQLite's URI. In write-ahead mode it needs companions even to be read:
        where they can't be made, and no writer has left any, it is declared immutable."""
        uri = self._path.resolve().as_uri()
        if not self._read_only:
            return f"{uri}?mode=rwc"
        log = self._path.with_name(f"{self._path.name}-wal")
        frozen = not os.access(self._path.parent, os.W_OK) and not log.exists()
        return f"{uri}?mode=ro{'&immutable=1' if frozen else ''}"


def now() -> str:
    """This moment as it is kept: UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _new_id() -> str:
    return secrets.token_urlsafe(9)


def _owned(connection: sqlite3.Connection, person: str, conversation: str) -> str:
    """Return the title of a conversation that is the person's own; KeyError for any other."""
    row = connection.execute(
        "SELECT title FROM conversations WHERE id = ? AND person = ?", (conversation, person)
    ).fetchone()
    if row is None:
        raise KeyError(conversation)
    return str(row[0])


def _pin(row: tuple[str, str, str, str]) -> Pin:
    return Pin(row[0], row[1], row[2], decode_quote(row[3]))
