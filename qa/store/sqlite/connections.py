"""Connections to one library file: how they are set up, a pool that threads share, and what
SQLite's errors mean to the person at the keyboard.

A pool, not one connection a thread: a web server's worker threads come and go, and a thread
that ends gives nobody the chance to close what it had opened.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from qa.errors import LibraryBusy, LibraryDamaged, LibraryError
from qa.store.sqlite.names import ON_DISK

PAGE_BYTES = 4096
BUSY_SECONDS = 30.0
_IDLE_CONNECTIONS = 8
_LOG_BYTES = 64 << 20  # the write-ahead log is cut back to this after a checkpoint
_CACHE_KIB = 16 << 10


@dataclass(frozen=True, slots=True)
class Access:
    """How one library file is opened. `busy_seconds`: how long to wait for another's write."""

    database: Path
    read_only: bool
    busy_seconds: float

    @property
    def uri(self) -> str:
        """The file as SQLite's URI.

        A file in write-ahead mode needs its two companions even to be read. Where they can't
        be made (read-only media) and no writer has left any, the file is declared immutable.
        """
        mode = "ro" if self.read_only else "rw"
        folder = self.database.parent
        frozen = (
            self.read_only
            and not os.access(folder, os.W_OK)
            and not (folder / ON_DISK.write_ahead_log).exists()
        )
        return f"{self.database.resolve().as_uri()}?mode={mode}{'&immutable=1' if frozen else ''}"

    def connect(self) -> sqlite3.Connection:
        """Return a connection of its own, in autocommit mode. Raises LibraryError
        and its kinds."""
        with sqlite_errors_as_library_errors(self.database):
            connection = sqlite3.connect(
                self.uri,
                uri=True,
                timeout=self.busy_seconds,
                isolation_level=None,
                check_same_thread=False,
            )
            try:
                configure(connection, read_only=self.read_only)
            except BaseException:
                connection.close()
                raise
        return connection


def configure(connection: sqlite3.Connection, *, read_only: bool) -> None:
    """Set durability, referential integrity and distrust of what a file's schema may contain."""
    pragmas = [
        "foreign_keys = ON",
        "trusted_schema = OFF",
        "cell_size_check = ON",
        "synchronous = FULL",
        "temp_store = MEMORY",
        f"cache_size = -{_CACHE_KIB}",
        f"journal_size_limit = {_LOG_BYTES}",
    ]
    if read_only:
        pragmas.append("query_only = ON")
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")


@contextmanager
def transaction(connection: sqlite3.Connection, begin: str = "BEGIN") -> Iterator[None]:
    """All that is done within it, or nothing."""
    connection.execute(begin)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A full disk may have rolled back already.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


class ConnectionPool:
    """Idle connections to one file. Each is used by one thread at a time."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self._idle: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._closed = False
        self._process = os.getpid()
        self._inherited: list[sqlite3.Connection] = []

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """A connection for the caller alone, given back afterwards."""
        connection = self._take()
        try:
            yield connection
        finally:
            self._give_back(connection)

    def _take(self) -> sqlite3.Connection:
        with self._lock:
            if self._closed:
                raise LibraryError(f"{self.access.database.parent}: this library was closed.")
            if self._process != os.getpid():
                # SQLite's connections must not cross a fork, not even to be closed.
                self._inherited, self._idle = self._idle, []
                self._process = os.getpid()
            if self._idle:
                return self._idle.pop()
        return self.access.connect()

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            keep = not self._closed and len(self._idle) < _IDLE_CONNECTIONS
            if keep:
                self._idle.append(connection)
        if not keep:
            connection.close()

    def close(self) -> None:
        """Close the idle ones now, the others when they are given back."""
        with self._lock:
            idle, self._idle, self._closed = self._idle, [], True
        if self._process == os.getpid():
            for connection in idle:
                connection.close()


_PRIMARY_CODE = 0xFF  # an extended result code holds the primary one in its low byte
_ADVICE = {
    sqlite3.SQLITE_FULL: "the disk is full. Nothing was changed: free some space and try again.",
    sqlite3.SQLITE_READONLY: "it can't be written. Change the permissions, or open it for "
    "reading only.",
    sqlite3.SQLITE_CANTOPEN: "it can't be opened. Check that it is a file, that you may read it "
    "and that its folder may be written.",
    sqlite3.SQLITE_PERM: "access was denied. Check the permissions.",
    sqlite3.SQLITE_IOERR: "the disk reported an error. Nothing was changed: check the disk and "
    "its free space, then try again.",
    sqlite3.SQLITE_TOOBIG: "a text is larger than SQLite can store (1 GB).",
    sqlite3.SQLITE_NOMEM: "there is not enough memory.",
}


def library_error(error: sqlite3.Error, database: Path) -> LibraryError:
    """Return the error to raise in the place of one of SQLite's."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    primary = None if code is None else code & _PRIMARY_CODE
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return LibraryBusy(
            f"{database}: another process is writing and did not finish in time. "
            "Wait for it, then try again."
        )
    undecodable = code is None and "decode" in str(error).lower()
    if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or undecodable:
        return LibraryDamaged(
            f"{database} is damaged or no library ({error}). Restore it from a copy, or move it "
            "away and add the files again."
        )
    if primary in _ADVICE:
        return LibraryError(f"{database}: {_ADVICE[primary]} ({error})")
    return LibraryError(f"{database}: SQLite refused ({error}). Run `qa verify`.")


@contextmanager
def sqlite_errors_as_library_errors(database: Path) -> Iterator[None]:
    """Within it, SQLite's errors become this package's."""
    try:
        yield
    except sqlite3.Error as error:
        raise library_error(error, database) from error
