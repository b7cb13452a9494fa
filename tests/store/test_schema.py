"""The tables on disk are those that the record of names says, and are set up as designed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from qa.errors import LibraryMismatch, LibraryMissing
from qa.store.opening import open_library
from qa.store.sqlite.names import LEXICAL, ON_DISK
from qa.store.sqlite.store import SqliteStore
from tests.support.library_samples import IDENTITY, VERSIONS, open_new, rebuild_of, reopen, sample


def test_the_record_of_names_is_what_is_on_disk(tmp_path: Path) -> None:
    open_new(tmp_path / "lib").close()
    assert [path.name for path in (tmp_path / "lib").iterdir()] == [ON_DISK.database]
    with closing(sqlite3.connect(tmp_path / "lib" / ON_DISK.database)) as connection:
        tables = {
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
            if not name.startswith(("sqlite_", f"{LEXICAL.name}_"))
        }
        assert tables == {table.name for table in ON_DISK.tables}
        for table in ON_DISK.tables:
            rows = connection.execute(f"PRAGMA table_info({table.name})").fetchall()
            own = [column for column in table.columns if column != "rowid"]
            assert [row[1] for row in rows] == [*own, "checksum"]
            keys = [row[1] for row in rows if row[5]]
            if keys:  # chunks and lexical go by row numbers
                assert keys == list(table.columns[: table.key])
        assert connection.execute("PRAGMA application_id").fetchone() == (ON_DISK.application_id,)
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_connections_are_durable_and_distrustful(tmp_path: Path) -> None:
    with SqliteStore.create(tmp_path / "lib", IDENTITY, VERSIONS) as store:
        store.put([sample("/a.txt", 1)])
        with store._pool.connection() as connection:
            found = {
                name: connection.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("foreign_keys", "trusted_schema", "synchronous", "busy_timeout")
            }
        assert found == {
            **{"foreign_keys": 1, "trusted_schema": 0, "synchronous": 2, "busy_timeout": 30_000},
        }
    with (
        SqliteStore.open(
            tmp_path / "lib", identity=IDENTITY, versions=VERSIONS, read_only=True
        ) as store,
        store._pool.connection() as connection,
    ):
        assert connection.execute("PRAGMA query_only").fetchone() == (1,)


def test_folder_and_file_are_the_owners_alone(tmp_path: Path) -> None:
    open_new(tmp_path / "deep" / "lib").close()
    assert (tmp_path / "deep" / "lib").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "deep" / "lib" / ON_DISK.database).stat().st_mode & 0o777 == 0o600


def test_what_a_rebuild_left_is_cleared_and_nothing_stays_beside(tmp_path: Path) -> None:
    folder = tmp_path / "lib"
    beside = folder / ON_DISK.rebuild_folder
    with open_new(folder) as store:
        store.put([sample("/a.txt", 1)])
    with open_new(beside) as killed:  # as a killed rebuild leaves it
        killed.put([sample("/b.txt", 2)])
    with rebuild_of(folder, IDENTITY, VERSIONS) as rebuild:
        assert rebuild.new.sources() == ()
        rebuild.new.put([sample("/a.txt", 1)])
        rebuild.finish()
        assert beside.exists()
    assert not beside.exists()
    with pytest.raises(KeyboardInterrupt), rebuild_of(folder, IDENTITY, VERSIONS):
        raise KeyboardInterrupt
    assert not beside.exists()
    with reopen(folder) as store:
        assert store.paths() == ("/a.txt",)
        assert store.verify().ok


def test_there_must_be_something_to_rebuild(tmp_path: Path) -> None:
    with pytest.raises(LibraryMissing), rebuild_of(tmp_path, IDENTITY, VERSIONS):
        pass


def test_an_earlier_schema_is_named_whoever_opens_it(tmp_path: Path) -> None:
    folder = tmp_path / "lib"
    open_new(folder).close()
    with closing(sqlite3.connect(folder / ON_DISK.database)) as connection:
        connection.execute("PRAGMA user_version = 1")
        connection.execute("DROP TABLE corrections")
        connection.commit()
    for opened in (lambda: open_library(folder), lambda: reopen(folder), lambda: open_new(folder)):
        with pytest.raises(LibraryMismatch, match=r"earlier version.*schema version 1.*new folder"):
            opened()
