"""Putting a new library file in its place, so that it is there complete or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from qa.errors import LibraryError
from qa.store.records import Provenance
from qa.store.sqlite.faults import sqlite_errors_as_library_errors
from qa.store.sqlite.names import ON_DISK
from qa.store.sqlite.schema import write_new_file


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
