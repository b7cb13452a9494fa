"""Rebuild a library with another model or other rules beside the old one, then replace the old
one's content.

The content moves in one SQLite transaction on the old file. To swap the files by name would
be unsound while another process has the old one open: both would share one write-ahead log.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from qa.errors import LibraryBusy
from qa.store.protocol import LibraryReader, LibraryStore
from qa.store.records import Versions
from qa.store.sqlite.connections import (
    BUSY_SECONDS,
    Access,
    sqlite_errors_as_library_errors,
    transaction,
)
from qa.store.sqlite.names import CORRECTIONS, ON_DISK, MetaKey
from qa.store.sqlite.rows import checked
from qa.store.sqlite.schema import create_tables, read_generation, write_meta


@dataclass(frozen=True, slots=True)
class Rebuild:
    """A rebuild under way; its methods are those of `LibraryRebuild`."""

    old: LibraryReader
    new: LibraryStore
    _folder: Path
    _generation: int
    _versions: Versions

    def finish(self) -> int:
        access = _access(self._folder)
        with (
            sqlite_errors_as_library_errors(access.database),
            closing(access.connect()) as connection,
        ):
            # Dropping tables one by one would fail on the references between them.
            connection.execute("PRAGMA foreign_keys = OFF")
            uri = _access(self._folder / ON_DISK.rebuild_folder).uri
            connection.execute("ATTACH DATABASE ? AS fresh", (uri,))
            with transaction(connection, "BEGIN IMMEDIATE"):
                generation = read_generation(connection)
                if generation != self._generation:
                    raise LibraryBusy(
                        f"{self._folder} was changed while it was rebuilt, and was left as "
                        "it is. Run `qa rebuild` again."
                    )
                _take_over(connection, self._versions)
                write_meta(connection, MetaKey.GENERATION, generation + 1)
        return generation + 1


@contextmanager
def begin_rebuild(
    old: LibraryReader, folder: Path, create: Callable[[Path], LibraryStore], versions: Versions
) -> Iterator[Rebuild]:
    """Make an empty library beside the one in `folder`, which is removed at the end.

    `old` can be read whatever it was made with; its stored texts are there also where the files
    are no longer. Raises LibraryBusy if another rebuild is running.
    """
    with _only_rebuild(folder):
        beside = folder / ON_DISK.rebuild_folder
        shutil.rmtree(beside, ignore_errors=True)  # what a killed rebuild left
        try:
            with create(beside) as new:
                with old.snapshot() as generation:
                    _continue_numbers(_access(folder), _access(beside))
                    _copy_corrections(_access(folder), _access(beside))
                yield Rebuild(old, new, folder, generation, versions)
        finally:
            shutil.rmtree(beside, ignore_errors=True)


def _access(folder: Path) -> Access:
    return Access(folder / ON_DISK.database, read_only=False, busy_seconds=BUSY_SECONDS)


@contextmanager
def _only_rebuild(folder: Path) -> Iterator[None]:
    """Hold a lock that ends with this process, however it ends: SQLite's own, on a file of
    nothing else."""
    lock = folder / ON_DISK.rebuild_lock
    with (
        sqlite_errors_as_library_errors(lock),
        closing(sqlite3.connect(lock, isolation_level=None, timeout=0)) as connection,
    ):
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            raise LibraryBusy(f"Another rebuild of {folder} is running. Wait for it.") from None
        yield


def _continue_numbers(old: Access, new: Access) -> None:
    """Let the new library's ids begin where the old one's end: none is given twice."""
    with closing(old.connect()) as source, closing(new.connect()) as target:
        rows = source.execute("SELECT name, seq FROM sqlite_sequence").fetchall()
        with transaction(target, "BEGIN IMMEDIATE"):
            target.execute("DELETE FROM sqlite_sequence")
            target.executemany(
                "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)",
                [row for row in rows if row[0] in ON_DISK.numbered],
            )


def _copy_corrections(old: Access, new: Access) -> None:
    """What people corrected is nowhere but here; sources that are put find it in its place."""
    with closing(old.connect()) as source, closing(new.connect()) as target:
        rows = source.execute(f"SELECT {CORRECTIONS.fields()} FROM corrections").fetchall()
        with transaction(target, "BEGIN IMMEDIATE"):
            target.executemany(CORRECTIONS.insert, [checked(CORRECTIONS, row) for row in rows])


def _take_over(connection: sqlite3.Connection, versions: Versions) -> None:
    """Replace all tables of the main database by those of `fresh`."""
    for name in (ON_DISK.lexical_terms, *(table.name for table in reversed(ON_DISK.tables))):
        connection.execute(f"DROP TABLE IF EXISTS main.{name}")
    create_tables(connection, versions)
    for table in ON_DISK.tables:
        columns = ", ".join((*table.columns, "checksum"))
        connection.execute(
            f"INSERT INTO main.{table.name} ({columns}) SELECT {columns} FROM fresh.{table.name}"
        )
    connection.execute("DELETE FROM main.sqlite_sequence")
    connection.execute(
        "INSERT INTO main.sqlite_sequence (name, seq) SELECT name, seq FROM fresh.sqlite_sequence"
    )
