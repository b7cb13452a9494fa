"""The tables, how a library file is made and begins, and whether one is the kind expected."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import EncoderIdentity
from qa.errors import LibraryDamaged, LibraryError, LibraryMismatch
from qa.store.records import SCHEMA_VERSION, Provenance, Versions
from qa.store.sqlite.connections import PAGE_BYTES, sqlite_errors_as_library_errors, transaction
from qa.store.sqlite.names import META, ON_DISK, MetaKey
from qa.store.sqlite.rows import Value, checked, row_checksum, with_checksums
from qa.store.validation import mismatches

# Turns and documents are small and always sought by their whole key, so that they need no
# row number. Texts and passages are numbered with AUTOINCREMENT: an index made of an earlier
# generation must never find another passage under an id it knows.
STATEMENTS = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value, checksum BLOB NOT NULL) WITHOUT ROWID",
    """CREATE TABLE texts (id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE,
       format TEXT NOT NULL, reader TEXT NOT NULL, title TEXT, date TEXT,
       length INTEGER NOT NULL, checksum BLOB NOT NULL)""",
    """CREATE TABLE markup (text_id INTEGER PRIMARY KEY REFERENCES texts (id),
       blocks TEXT NOT NULL, locators TEXT NOT NULL, checksum BLOB NOT NULL)""",
    """CREATE TABLE chunks (text_id INTEGER NOT NULL REFERENCES texts (id),
       start INTEGER NOT NULL, first_line INTEGER NOT NULL, text TEXT NOT NULL,
       checksum BLOB NOT NULL, UNIQUE (text_id, start))""",
    """CREATE TABLE sources (path PRIMARY KEY NOT NULL, file_sha256 TEXT NOT NULL,
       size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, added_at TEXT NOT NULL,
       text_id INTEGER NOT NULL REFERENCES texts (id), checksum BLOB NOT NULL)""",
    "CREATE INDEX sources_by_text ON sources (text_id)",
    """CREATE TABLE documents (text_id INTEGER NOT NULL REFERENCES texts (id),
       ordinal INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL, title TEXT,
       date TEXT, time TEXT, place TEXT, boundary TEXT NOT NULL, evidence TEXT NOT NULL,
       checksum BLOB NOT NULL, PRIMARY KEY (text_id, ordinal)) WITHOUT ROWID""",
    """CREATE TABLE turns (text_id INTEGER NOT NULL, document INTEGER NOT NULL,
       ordinal INTEGER NOT NULL, kind TEXT NOT NULL, start INTEGER NOT NULL,
       stop INTEGER NOT NULL, speaker TEXT, role TEXT, continues INTEGER NOT NULL,
       checksum BLOB NOT NULL, PRIMARY KEY (text_id, document, ordinal),
       FOREIGN KEY (text_id, document) REFERENCES documents (text_id, ordinal)) WITHOUT ROWID""",
    # All that counting speakers needs: a million turns are counted without reading one of them.
    "CREATE INDEX turns_by_speaker ON turns (speaker, role, kind)",
    # What was found where a correction now stands in `documents` and `turns`, which are searched.
    """CREATE TABLE found_documents (text_id INTEGER NOT NULL, ordinal INTEGER NOT NULL,
       title TEXT, date TEXT, checksum BLOB NOT NULL, PRIMARY KEY (text_id, ordinal),
       FOREIGN KEY (text_id, ordinal) REFERENCES documents (text_id, ordinal)) WITHOUT ROWID""",
    """CREATE TABLE found_turns (text_id INTEGER NOT NULL, document INTEGER NOT NULL,
       ordinal INTEGER NOT NULL, speaker TEXT, role TEXT, checksum BLOB NOT NULL,
       PRIMARY KEY (text_id, document, ordinal), FOREIGN KEY (text_id, document, ordinal)
       REFERENCES turns (text_id, document, ordinal)) WITHOUT ROWID""",
    # Of a path, not of a text: it outlives the text that it was made on.
    """CREATE TABLE corrections (id INTEGER PRIMARY KEY AUTOINCREMENT, path NOT NULL,
       kind TEXT NOT NULL, value TEXT, role TEXT, anchor TEXT NOT NULL, found TEXT,
       corrected_at TEXT NOT NULL, person TEXT, checksum BLOB NOT NULL)""",
    "CREATE INDEX corrections_by_path ON corrections (path)",
    """CREATE TABLE passages (id INTEGER PRIMARY KEY AUTOINCREMENT, text_id INTEGER NOT NULL,
       document INTEGER NOT NULL, turn INTEGER NOT NULL, start INTEGER NOT NULL,
       stop INTEGER NOT NULL, sentences BLOB NOT NULL, context TEXT NOT NULL,
       checksum BLOB NOT NULL, FOREIGN KEY (text_id, document, turn)
       REFERENCES turns (text_id, document, ordinal))""",
    "CREATE INDEX passages_by_turn ON passages (text_id, document, turn)",
    """CREATE TABLE vectors (passage_id INTEGER PRIMARY KEY REFERENCES passages (id),
       vector BLOB NOT NULL, checksum BLOB NOT NULL)""",
    """CREATE TABLE codes (passage_id INTEGER PRIMARY KEY REFERENCES passages (id),
       codes BLOB NOT NULL, checksum BLOB NOT NULL)""",
    """CREATE TABLE token_counts (token_id INTEGER PRIMARY KEY, passages INTEGER NOT NULL,
       checksum BLOB NOT NULL)""",
    """CREATE VIRTUAL TABLE lexical USING fts5 (tokens, checksum UNINDEXED, tokenize = 'ascii')""",
    "CREATE VIRTUAL TABLE lexical_terms USING fts5vocab (lexical, 'row')",
)


def write_new_file(database: Path, provenance: Provenance) -> None:
    """Make a complete library file in write-ahead mode, with nothing left in the log."""
    connection = sqlite3.connect(database, isolation_level=None)
    try:
        connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        with transaction(connection, "BEGIN IMMEDIATE"):
            create_tables(connection, provenance.versions)
            connection.executemany(META.insert, with_checksums(META, _first_meta(provenance)))
    finally:
        connection.close()  # the last one to close moves the log into the file


def create_tables(connection: sqlite3.Connection, versions: Versions) -> None:
    """Make empty tables in an empty file, within the caller's transaction."""
    for statement in STATEMENTS:
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {ON_DISK.application_id}")
    connection.execute(f"PRAGMA user_version = {int(versions.schema)}")


def _first_meta(provenance: Provenance) -> list[tuple[str, Value]]:
    identity, versions = provenance.identity, provenance.versions
    return [
        (MetaKey.SCHEMA.value, versions.schema),
        (MetaKey.TOKENS.value, versions.tokens),
        (MetaKey.STRUCTURE.value, versions.structure),
        (MetaKey.ENCODER_NAME.value, identity.name),
        (MetaKey.ENCODER_REVISION.value, identity.revision),
        (MetaKey.ENCODER_DIMENSION.value, identity.dimension),
        (MetaKey.TOKEN_MEAN.value, None),
        (MetaKey.GENERATION.value, 0),
    ]


def read_meta(connection: sqlite3.Connection) -> Mapping[MetaKey, Value]:
    """Return all of `meta`. Raises LibraryDamaged if a row is wrong or missing."""
    rows = connection.execute(f"SELECT {META.fields()} FROM meta").fetchall()
    found = {row[0]: row[1] for row in rows if checked(META, row)}
    missing = [key.value for key in MetaKey if key.value not in found]
    if missing:
        raise LibraryDamaged(f"The library's table meta has no {', '.join(missing)}.")
    return {key: found[key.value] for key in MetaKey}


def write_meta(connection: sqlite3.Connection, key: MetaKey, value: Value) -> None:
    row = (key.value, value)
    connection.execute(META.replace, (*row, row_checksum(META, row)))


def read_generation(connection: sqlite3.Connection) -> int:
    """Return how many write transactions the library has seen."""
    row = connection.execute(
        f"SELECT {META.fields()} FROM meta WHERE key = ?", (MetaKey.GENERATION.value,)
    ).fetchone()
    if row is None:
        raise LibraryDamaged("The library's table meta has no generation.")
    return int(checked(META, row)[1])


def read_provenance(connection: sqlite3.Connection) -> Provenance:
    """Return what the library was made with. Raises LibraryDamaged."""
    meta = read_meta(connection)

    def number(key: MetaKey) -> int:
        value = meta[key]
        if not isinstance(value, int):
            raise LibraryDamaged(f"The library's {key.value} is {value!r}, expected a number.")
        return value

    identity = EncoderIdentity(
        str(meta[MetaKey.ENCODER_NAME]),
        str(meta[MetaKey.ENCODER_REVISION]),
        number(MetaKey.ENCODER_DIMENSION),
    )
    versions = Versions(number(MetaKey.TOKENS), number(MetaKey.STRUCTURE), number(MetaKey.SCHEMA))
    return Provenance(identity, versions, token_mean_in(meta))


def check_application(connection: sqlite3.Connection, database: Path) -> int:
    """Return the file's schema version. Raises LibraryDamaged if the file is no library's."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (schema,) = connection.execute("PRAGMA user_version").fetchone()
    if application != ON_DISK.application_id:
        raise LibraryDamaged(
            f"{database} is an SQLite file of something else (application_id {application}, "
            f"expected {ON_DISK.application_id}). Choose another folder for the library."
        )
    return int(schema)


def check_schema(schema: int, folder: Path, used: int = SCHEMA_VERSION) -> None:
    """Raise LibraryMismatch unless the tables are those that are in use."""
    if schema < used:
        raise LibraryMismatch(
            f"The library {folder} was made by an earlier version of Citewell (schema version "
            f"{schema}, in use is {used}), which this one can't read. Add the files "
            "again, into a new folder: `qa add PATH… --library NEW-FOLDER`."
        )
    if schema > used:
        raise LibraryMismatch(
            f"The library {folder} was made by a later version of Citewell (schema version "
            f"{schema}, in use is {used}). Update this one."
        )


def check_provenance(
    found: Provenance, identity: EncoderIdentity | None, versions: Versions | None, folder: Path
) -> None:
    """Raise LibraryMismatch, naming both sides, where what was found is not what is in use."""
    if versions is not None:
        check_schema(found.versions.schema, folder, versions.schema)
    differences = mismatches(found, identity, versions)
    if differences:
        raise LibraryMismatch(
            f"The library {folder} was made with {'; '.join(differences)}. "
            "Run `qa rebuild` to make it anew from its stored texts."
        )


def token_mean_in(meta: Mapping[MetaKey, Value]) -> NDArray[np.float32] | None:
    """Return the (d,) float32 mean that token codes are signs around, once it was kept."""
    value = meta[MetaKey.TOKEN_MEAN]
    return np.frombuffer(value, "<f4").astype(np.float32) if isinstance(value, bytes) else None


def create_file(folder: Path, provenance: Provenance) -> None:
    """Make the folder and its library file; leave one that is there as it is.

    The file is made under another name and then given its own by a link, which fails where
    the name is taken: of two processes one wins and the other finds a complete library.
    """
    database = folder / ON_DISK.database
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if database.exists():
            return
        handle, name = tempfile.mkstemp(prefix="new-", suffix=".sqlite3", dir=folder)
        os.close(handle)
        made = Path(name)
        try:
            with sqlite_errors_as_library_errors(database):
                write_new_file(made, provenance)
            _name_once(made, database)
        finally:
            made.unlink(missing_ok=True)
        _sync_folder(folder)
    except OSError as error:
        raise LibraryError(
            f"No library can be made in {folder}: {error.strerror or error}. "
            "Choose a folder that you may write to."
        ) from error


def _name_once(made: Path, database: Path) -> None:
    try:
        os.link(made, database)
        return
    except FileExistsError:
        return
    except OSError:
        pass  # a file system without links
    with suppress(FileExistsError):
        database.open("xb").close()
        made.replace(database)


def _sync_folder(folder: Path) -> None:
    """Let the new name survive a power failure, where the system can be asked to."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
