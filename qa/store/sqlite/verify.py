"""Checking a whole library: SQLite's own checks, every row's checksum, every relation."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from qa.errors import CitewellError, LibraryBusy
from qa.store.records import Problem, RowCount, VerifyReport
from qa.store.sqlite.checksums import matches
from qa.store.sqlite.connections import Access, transaction
from qa.store.sqlite.faults import library_error
from qa.store.sqlite.names import LEXICAL, ON_DISK, Table
from qa.store.sqlite.relations import RELATIONS

_WHOLE_FILE = "(file)"
_CHECK_INDEX = "INSERT INTO lexical (lexical, rank) VALUES ('integrity-check', 1)"

Check = Callable[[sqlite3.Connection], Iterator[Problem]]


def verify_library(access: Access) -> VerifyReport:
    """Check all that can be checked. Damage that stops a check is a problem of its own.

    Raises LibraryBusy if another process writes for longer than the access waits.
    """
    problems: list[Problem] = []
    counts: list[RowCount] = []
    try:
        with closing(access.connect()) as connection:
            # A damaged text must be looked at, not refused.
            connection.text_factory = _lenient_text
            with transaction(connection):
                _collect(_integrity, connection, access.database, problems)
                _collect(_references, connection, access.database, problems)
                for table in ON_DISK.tables:
                    counts.append(_check_rows(connection, table, access.database, problems))
                for check in RELATIONS:
                    _collect(check, connection, access.database, problems)
            _collect(_full_text, connection, access.database, problems)
    except sqlite3.Error as error:
        problems.append(_stopped(error, _WHOLE_FILE, access.database))
    except LibraryBusy:
        raise
    except CitewellError as error:
        problems.append(Problem(_WHOLE_FILE, None, str(error)))
    return VerifyReport(tuple(dict.fromkeys(problems)), tuple(counts))


def _lenient_text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _collect(
    check: Check, connection: sqlite3.Connection, database: Path, problems: list[Problem]
) -> None:
    try:
        problems.extend(check(connection))
    except sqlite3.Error as error:
        problems.append(_stopped(error, _WHOLE_FILE, database))
    except (CitewellError, ValueError, TypeError) as error:
        # A damaged row can be of any form; its checksum has reported it already.
        problems.append(Problem(_WHOLE_FILE, None, f"a check could not go on: {error}"))


def _stopped(error: sqlite3.Error, table: str, database: Path) -> Problem:
    """What kept a check from going on, as a problem; that another writes is none."""
    meaning = library_error(error, database)
    if isinstance(meaning, LibraryBusy):
        raise meaning from error
    return Problem(table, None, str(meaning))


def _integrity(connection: sqlite3.Connection) -> Iterator[Problem]:
    for (line,) in connection.execute("PRAGMA integrity_check(100)"):
        if line != "ok":
            yield Problem(_WHOLE_FILE, None, f"SQLite's integrity check: {line}")


def _references(connection: sqlite3.Connection) -> Iterator[Problem]:
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        name = None if row is None else str(row)
        yield Problem(table, name, f"refers to a row of {parent} that is not there")


def _check_rows(
    connection: sqlite3.Connection, table: Table, database: Path, problems: list[Problem]
) -> RowCount:
    count = 0
    try:
        for row in connection.execute(f"SELECT {table.fields()} FROM {table.name}"):
            count += 1
            if not matches(table, row):
                key = ", ".join(str(value) for value in row[: table.key])
                problems.append(Problem(table.name, key, "does not match its checksum"))
    except sqlite3.Error as error:
        problems.append(_stopped(error, table.name, database))
    return RowCount(table.name, count)


def _full_text(connection: sqlite3.Connection) -> Iterator[Problem]:
    """FTS5's own check of its index against the tokens. It counts as a write, so that a library
    opened for reading only is copied for it."""
    (read_only,) = connection.execute("PRAGMA query_only").fetchone()
    try:
        if read_only:
            with (
                tempfile.TemporaryDirectory(prefix="citewell-verify-") as folder,
                closing(sqlite3.connect(Path(folder) / ON_DISK.database)) as copy,
            ):
                connection.backup(copy)
                copy.execute(_CHECK_INDEX)
                copy.rollback()
        else:
            connection.execute("BEGIN IMMEDIATE")
            try:
                connection.execute(_CHECK_INDEX)
            finally:
                connection.execute("ROLLBACK")
    except sqlite3.DatabaseError as error:
        if isinstance(library_error(error, Path()), LibraryBusy):
            raise
        yield Problem(LEXICAL.name, None, f"the full-text index is damaged: {error}")
