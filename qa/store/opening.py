"""Open or create the library in a folder, and what is saved beside it.

This module alone knows of which kind a library is.
"""

from __future__ import annotations

from pathlib import Path

from embeddings.encoder import EncoderIdentity
from qa.store.caching import CachingStore
from qa.store.citation_file import CitationFile
from qa.store.protocol import LibraryStore, Notebook, SavedCitations
from qa.store.records import Versions
from qa.store.sqlite.connections import BUSY_SECONDS
from qa.store.sqlite.names import ON_DISK
from qa.store.sqlite.store import SqliteStore


def create_library(
    folder: Path,
    identity: EncoderIdentity,
    versions: Versions,
    *,
    busy_seconds: float = BUSY_SECONDS,
) -> LibraryStore:
    """Make a library unless there is one, and open it."""
    store = SqliteStore.create(folder, identity, versions, busy_seconds=busy_seconds)
    return CachingStore(store)


def open_library(
    folder: Path,
    *,
    identity: EncoderIdentity | None = None,
    versions: Versions | None = None,
    read_only: bool = False,
    busy_seconds: float = BUSY_SECONDS,
) -> LibraryStore:
    """Open a library that was made with this encoder and these versions; None: whatever it was
    made with, but then nothing new can be put into it.

    `busy_seconds` is how long to wait for another's write. Raises LibraryMissing,
    LibraryMismatch, LibraryDamaged, LibraryBusy, LibraryError.
    """
    store = SqliteStore.open(
        folder,
        identity=identity,
        versions=versions,
        read_only=read_only,
        busy_seconds=busy_seconds,
    )
    return CachingStore(store)


def library_exists(folder: Path) -> bool:
    """Return whether there is a library in the folder, of whatever state."""
    return (folder / ON_DISK.database).exists()


def library_bytes(folder: Path) -> int:
    """Return how many bytes the library in a folder takes up on the disk."""
    return sum(file.stat().st_size for file in folder.glob(f"{ON_DISK.database}*"))


def open_notebook(folder: Path, *, read_only: bool = False) -> Notebook:
    """Open what people keep in a library's folder; `read_only`: where there is something, even
    if the folder can't be written. Raises LibraryError."""
    from qa.store.sqlite.notebook import SqliteNotebook  # which asking needs not load

    return SqliteNotebook(folder, read_only=read_only)


def notebook_exists(folder: Path) -> bool:
    """Return whether anybody ever kept anything there."""
    return (folder / ON_DISK.notebook).exists()


def open_citations(folder: Path) -> SavedCitations:
    """Open the citations that were saved in a library's folder, of which there may be none."""
    return CitationFile(folder)
