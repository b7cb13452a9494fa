"""Every kind of library that answers to the protocol, to run one contract over them all."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from embeddings.encoder import EncoderIdentity
from qa.store.caching import CachingStore
from qa.store.memory import MemoryLibrary, MemoryStore
from qa.store.protocol import LibraryRebuild, LibraryStore
from qa.store.records import Versions
from qa.store.sqlite.store import SqliteStore
from tests.support.library_samples import IDENTITY, VERSIONS


class Home(Protocol):
    """Where one library lies. It is made once; then it can be opened as often as one likes."""

    def create(self) -> LibraryStore: ...

    def open(
        self,
        identity: EncoderIdentity | None = IDENTITY,
        versions: Versions | None = VERSIONS,
        *,
        read_only: bool = False,
    ) -> LibraryStore: ...


@dataclass
class SqliteHome:
    folder: Path

    def create(self) -> LibraryStore:
        return SqliteStore.create(self.folder, IDENTITY, VERSIONS)

    def open(
        self,
        identity: EncoderIdentity | None = IDENTITY,
        versions: Versions | None = VERSIONS,
        *,
        read_only: bool = False,
    ) -> LibraryStore:
        return SqliteStore.open(
            self.folder, identity=identity, versions=versions, read_only=read_only
        )


@dataclass
class MemoryHome:
    library: MemoryLibrary = field(default_factory=lambda: MemoryLibrary(IDENTITY, VERSIONS))

    def create(self) -> LibraryStore:
        return self.open()

    def open(
        self,
        identity: EncoderIdentity | None = IDENTITY,
        versions: Versions | None = VERSIONS,
        *,
        read_only: bool = False,
    ) -> LibraryStore:
        return MemoryStore(self.library, identity=identity, versions=versions, read_only=read_only)


@dataclass
class CachedHome:
    """A home whose stores remember what was read last."""

    home: Home

    def create(self) -> LibraryStore:
        return CachingStore(self.home.create())

    def open(
        self,
        identity: EncoderIdentity | None = IDENTITY,
        versions: Versions | None = VERSIONS,
        *,
        read_only: bool = False,
    ) -> LibraryStore:
        return CachingStore(self.home.open(identity, versions, read_only=read_only))


# The folder's name is hostile: no library may take it for syntax.
HOMES: dict[str, Callable[[Path], Home]] = {
    "sqlite": lambda folder: SqliteHome(folder / "li'b 100% #?🙂"),
    "memory": lambda folder: MemoryHome(),
    "cached sqlite": lambda folder: CachedHome(SqliteHome(folder / "lib")),
    "cached memory": lambda folder: CachedHome(MemoryHome()),
}


def rebuild_at(
    home: Home, identity: EncoderIdentity, versions: Versions
) -> AbstractContextManager[LibraryRebuild]:
    """Begin to rebuild a library, whatever it was made with."""
    return home.open(None, None).rebuild(identity, versions)
