"""What SQLite's errors mean to the person at the keyboard."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qa.errors import LibraryBusy, LibraryDamaged, LibraryError

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
    """The error to raise in the place of one of SQLite's."""
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
