"""What a library that can't be trusted says, and that damage to its rows is noticed."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from embeddings.encoder import EncoderIdentity
from qa.errors import LibraryBusy, LibraryDamaged, LibraryError, LibraryMismatch, LibraryMissing
from qa.store.opening import library_exists, open_library
from qa.store.records import Versions
from qa.store.source_names import text_of
from qa.store.sqlite.names import ON_DISK, Table
from qa.store.sqlite.rows import row_checksum
from qa.store.sqlite.store import SqliteStore
from tests.support.library_samples import (
    IDENTITY,
    VERSIONS,
    correct_something,
    open_new,
    reopen,
    sample,
)

TABLES = {table.name: table for table in ON_DISK.tables}


@pytest.fixture(scope="module")
def undamaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("undamaged")
    with open_new(made) as store:
        for seed in range(3):
            store.put([sample(f"/data/{seed}.txt", seed)])
        correct_something(store, "/data/2.txt")
    return made


@pytest.fixture
def folder(undamaged: Path, tmp_path: Path) -> Path:
    return shutil.copytree(undamaged, tmp_path / "lib")


def test_missing(tmp_path: Path) -> None:
    with pytest.raises(LibraryMissing, match="qa add"):
        reopen(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()
    assert not library_exists(tmp_path)


@pytest.mark.parametrize(
    ("identity", "versions", "message"),
    [
        (
            EncoderIdentity("other", "9", 8),
            VERSIONS,
            r"model hashing \(revision 1, 16 dimensions\), in use is other \(revision 9, 8 dim",
        ),
        (EncoderIdentity("hashing", "2", 16), VERSIONS, r"revision 1, .*revision 2, "),
        (None, Versions(tokens=4, structure=5), "tokens version 3, in use is 4"),
        (IDENTITY, Versions(tokens=3, structure=6), "structure version 5, in use is 6"),
        (IDENTITY, Versions(3, 5, schema=99), "schema version 2, in use is 99"),
    ],
)
def test_a_library_of_another_making_is_refused_with_both_sides_named(
    folder: Path, identity: EncoderIdentity | None, versions: Versions, message: str
) -> None:
    with pytest.raises(LibraryMismatch, match=message) as caught:
        open_library(folder, identity=identity, versions=versions)
    advice = "add the files again" if versions.schema == 99 else "qa rebuild"
    assert advice in str(caught.value).lower()
    with open_library(folder) as store:
        assert store.source_text("/data/1.txt") == sample("", 1).source_text


@pytest.mark.parametrize("content", [b"", b"no database at all " * 400, b"SQLite format 3\0" * 90])
def test_files_that_are_no_library(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ON_DISK.database).write_bytes(content)
    with pytest.raises(LibraryDamaged, match=r"library\.sqlite3"):
        reopen(tmp_path)
    with pytest.raises(LibraryDamaged):
        open_new(tmp_path)
    assert (tmp_path / ON_DISK.database).read_bytes() == content


def test_someone_elses_database_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / ON_DISK.database
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    before = file.read_bytes()
    for attempt in (open_new, reopen):
        with pytest.raises(LibraryDamaged, match="application_id 0"):
            attempt(tmp_path)
    assert file.read_bytes() == before


def test_a_folder_or_file_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "lib" / ON_DISK.database).mkdir(parents=True)
    with pytest.raises(LibraryError, match="can't be opened"):
        reopen(tmp_path / "lib")
    (tmp_path / "file").touch()
    with pytest.raises(LibraryError, match="No library can be made"):
        open_new(tmp_path / "file")


def test_busy(folder: Path) -> None:
    with (
        open_library(folder, identity=IDENTITY, versions=VERSIONS, busy_seconds=0.05) as store,
        closing(sqlite3.connect(folder / ON_DISK.database)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LibraryBusy, match="another process is writing"):
            store.remove(["/data/1.txt"])
        with pytest.raises(LibraryBusy):
            store.verify()
        assert len(store.sources()) == 3  # reading goes on
        other.rollback()
        store.remove(["/data/1.txt"])


def test_a_full_disk_changes_nothing(folder: Path) -> None:
    with SqliteStore.open(folder, identity=IDENTITY, versions=VERSIONS) as store:
        with store._pool.connection() as connection:
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(LibraryError, match=r"disk is full\. Nothing was changed"):
            store.put([sample("/data/big.txt", 77, documents=40)])
        assert len(store.sources()) == 3
        assert store.verify().ok


def test_opened_for_reading_only(folder: Path) -> None:
    with reopen(folder, read_only=True) as store:
        with pytest.raises(LibraryError, match="reading only"):
            store.remove(["/data/1.txt"])
        assert store.verify().ok


def edit(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / ON_DISK.database)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def sign_again(folder: Path, table: Table) -> None:
    """Give all rows of a table the checksums of what they hold now."""
    with closing(sqlite3.connect(folder / ON_DISK.database)) as connection:
        where = " AND ".join(f"{column} IS ?" for column in table.columns)
        columns = ", ".join(table.columns)
        for row in connection.execute(f"SELECT {columns} FROM {table.name}").fetchall():
            connection.execute(
                f"UPDATE {table.name} SET checksum = ? WHERE {where}",
                (row_checksum(table, row), *row),
            )
        connection.commit()


def problems(folder: Path) -> set[tuple[str, str | None, str]]:
    with reopen(folder) as store:
        return {(p.table, p.row, p.what) for p in store.verify().problems}


@pytest.mark.parametrize("table", [table for table in TABLES.values() if table.name != "meta"])
def test_every_column_is_under_the_checksum(folder: Path, table: Table) -> None:
    for column in table.columns[table.key :]:
        copy = folder.parent / f"copy-{table.name}-{column}"
        shutil.copytree(folder, copy)
        pick = f"rowid = (SELECT min(rowid) FROM {table.name})"
        if table.name in ("documents", "turns", "found_documents", "found_turns"):
            pick = f"(text_id, ordinal) = (SELECT text_id, ordinal FROM {table.name} LIMIT 1)"
        edit(copy, f"UPDATE {table.name} SET {column} = ifnull({column}, '') || '1' WHERE {pick}")
        found = {(name, what) for name, _, what in problems(copy)}
        assert (table.name, "does not match its checksum") in found, column


@pytest.mark.parametrize(
    ("statement", "table", "expected"),
    [
        ("UPDATE documents SET stop = 9999", "documents", "does not lie in its text"),
        ("UPDATE turns SET stop = 9999", "turns", "does not lie in its document"),
        ("UPDATE passages SET start = 0", "passages", "does not lie in its turn"),
        (
            "UPDATE passages SET sentences = x'0500000001000000'",
            *("passages", "its sentences do not lie in it, in order"),
        ),
        ("UPDATE chunks SET first_line = 2", "chunks", "expected at 0, line 1"),
        ("UPDATE texts SET length = length + 1", "texts", "489 of its 490 characters are there"),
        (
            "UPDATE texts SET reader = 'other/1'",
            *("texts", "is not the text that its key was made of"),
        ),
        ("UPDATE vectors SET vector = x'00000000'", "vectors", "does not have 16 numbers"),
        ("DELETE FROM vectors WHERE passage_id = 3", "vectors", "has no vector"),
        ("DELETE FROM codes WHERE passage_id = 3", "codes", "has no token codes"),
        ("DELETE FROM lexical WHERE rowid = 3", "passages", "has no row in the full-text index"),
        (
            "INSERT INTO lexical (rowid, tokens) VALUES (99, 'x')",
            "lexical",
            "belongs to no passage",
        ),
        ("DELETE FROM sources WHERE text_id = 1", "sources", "belongs to no source"),
        ("DELETE FROM markup WHERE text_id = 1", "markup", "has no markup"),
        (
            "DELETE FROM texts WHERE id = 1",
            *("texts", "refers to a row of texts that is not there"),
        ),
        (
            "UPDATE lexical_content SET c0 = replace(c0, 'e', 'a')",
            *("lexical", "the full-text index is damaged: database disk image is malformed"),
        ),
    ],
)
def test_each_relation_is_checked_behind_good_checksums(
    folder: Path, statement: str, table: str, expected: str
) -> None:
    edit(folder, statement)
    sign_again(folder, TABLES[table])
    found = {what for _, _, what in problems(folder)}
    assert expected in found
    assert "does not match its checksum" not in found


def test_wrong_token_counts_are_recounted(folder: Path) -> None:
    with closing(sqlite3.connect(folder / ON_DISK.database)) as connection:
        (token,) = connection.execute("SELECT min(token_id) FROM token_counts").fetchone()
    edit(folder, f"UPDATE token_counts SET passages = passages + 1 WHERE token_id = {token}")
    sign_again(folder, TABLES["token_counts"])
    with reopen(folder) as store:
        (problem,) = store.verify().problems
        (count,) = store.token_counts([token]).tolist()
    assert (problem.table, problem.row) == ("token_counts", str(token))
    assert problem.what == f"counts {count} passages, a recount {count - 1}"


def test_damaged_rows_are_not_read(folder: Path) -> None:
    edit(
        folder,
        "UPDATE chunks SET text = replace(text, 'e', 'a')",
        "UPDATE vectors SET vector = zeroblob(64) WHERE passage_id = 2",
        "UPDATE turns SET speaker = 'Somebody Else'",
    )
    with reopen(folder) as store:
        for read in (
            *(lambda: text_of(store, "/data/1.txt"), lambda: store.excerpt(1, 0, 5).text),
            *(lambda: store.vectors(store.passage_ids()), lambda: store.passages([1])),
            *(lambda: store.excerpt(1, 5, 5).line, lambda: store.structure("/data/1.txt")),
        ):
            with pytest.raises(LibraryDamaged, match="does not match its checksum"):
                read()


def test_flipped_bits_in_rows_are_found(folder: Path) -> None:
    """One bit in the stored text, vectors, codes and records: each is found, or SQLite refuses."""
    with closing(sqlite3.connect(folder / ON_DISK.database)) as connection:
        values = [
            *(row[0].encode() for row in connection.execute("SELECT text FROM chunks")),
            *(row[0] for row in connection.execute("SELECT vector FROM vectors")),
            *(row[0] for row in connection.execute("SELECT codes FROM codes")),
            *(row[0].encode() for row in connection.execute("SELECT c0 FROM lexical_content")),
            *(row[0].encode() for row in connection.execute("SELECT file_sha256 FROM sources")),
            *(row[0] for row in connection.execute("SELECT checksum FROM passages")),
        ]
    good = (folder / ON_DISK.database).read_bytes()
    chance = random.Random(1)
    places = []
    for value in chance.sample(values, 60):
        # A long value goes on in another page, where it is not contiguous: take its beginning.
        at = good.find(value[:40])
        assert at >= 0
        places.append(at + chance.randrange(min(len(value), 40)))
    for place in places:
        bad = bytearray(good)
        bad[place] ^= 1 << chance.randrange(8)
        (folder / ON_DISK.database).write_bytes(bad)
        assert noticed(folder), f"byte {place}"


def noticed(folder: Path) -> bool:
    try:
        with reopen(folder) as store:
            return not store.verify().ok
    except LibraryError:
        return True


def test_flipped_bits_anywhere_never_crash_or_leak_sqlites_errors(folder: Path) -> None:
    good = (folder / ON_DISK.database).read_bytes()
    chance = random.Random(2)
    for _ in range(40):
        bad = bytearray(good)
        bad[chance.randrange(len(bad))] ^= 1 << chance.randrange(8)
        (folder / ON_DISK.database).write_bytes(bad)
        try:
            with reopen(folder) as store:
                store.verify()
                for source in store.sources():
                    text_of(store, source.path)
                store.passages(store.passage_ids())
                list(store.term_counts().items())
                store.vectors(store.passage_ids())
        except LibraryError:
            pass
