"""A rebuilt library takes the old one's place whole, or not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from embeddings.encoder import EncoderIdentity
from qa.errors import LibraryBusy, LibraryMismatch, LibraryMissing
from qa.store.opening import open_library
from qa.store.protocol import LibraryRebuild
from qa.store.records import Versions
from qa.store.source_names import resolve_source, text_of
from qa.store.sqlite.names import ON_DISK
from tests.support.library_samples import (
    DIMENSION,
    IDENTITY,
    VERSIONS,
    generation_of,
    open_new,
    rebuild_of,
    reopen,
    sample,
)

OTHER = EncoderIdentity("other", "2", DIMENSION)
NEWER = Versions(tokens=4, structure=6)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with open_new(tmp_path / "lib") as store:
        for seed in range(3):
            store.put([sample(f"/gone/{seed}.txt", seed)])
        store.remove(["/gone/2.txt"])
    return tmp_path / "lib"


def rebuild_all(rebuild: LibraryRebuild) -> None:
    for source in rebuild.old.sources():
        stored = rebuild.old.source_text(source.path)
        assert stored.title is not None
        entry = sample(source.path, int(stored.title.split()[1]))
        assert entry.source_text == stored
        rebuild.new.put([replace(entry, mtime_ns=source.mtime_ns)])[0]


def test_content_moves_and_open_readers_see_it_whole(folder: Path) -> None:
    with reopen(folder, read_only=True) as reader:
        old_ids = reader.passage_ids()
        with rebuild_of(folder, OTHER, NEWER) as rebuild:
            rebuild_all(rebuild)
            rebuild.new.keep_token_mean(np.ones(DIMENSION, np.float32))
            with reader.snapshot():
                assert rebuild.finish() == 5
                np.testing.assert_array_equal(reader.passage_ids(), old_ids)
                assert text_of(reader, "/gone/1.txt") == sample("", 1).source_text.text
        with pytest.raises(LibraryMismatch, match=r"tokens version 4.*model other"):
            reader.size()
    with open_library(folder, identity=OTHER, versions=NEWER) as store:
        assert store.verify().ok
        assert (generation_of(store), store.size().passages) == (5, 12)
        assert not set(store.passage_ids().tolist()) & set(range(1, 19))  # also removed ones
        assert store.provenance.token_mean is not None
        assert store.source_text("/gone/0.txt") == sample("", 0).source_text
        assert len(store.lexical_scores(["rain"])[0]) == store.term_counts(["rain"])["rain"]
        before = int(store.passage_ids()[-1])
        store.remove(["/gone/0.txt"])
        store.remove(["/gone/1.txt"])
        store.put([sample("/new.txt", 9)])
        assert int(store.passage_ids()[0]) > before
        assert store.verify().ok
    assert not (folder / ON_DISK.rebuild_folder).exists()


def test_a_rebuild_that_is_given_up_changes_nothing(folder: Path) -> None:
    def interrupted() -> None:
        with rebuild_of(folder, OTHER, NEWER) as rebuild:
            rebuild_all(rebuild)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not (folder / ON_DISK.rebuild_folder).exists()
    with reopen(folder) as store:
        assert generation_of(store) == 4
        assert store.verify().ok


def test_what_was_added_meanwhile_is_not_lost(folder: Path) -> None:
    with rebuild_of(folder, OTHER, NEWER) as rebuild:
        rebuild_all(rebuild)
        with reopen(folder) as store:
            store.put([sample("/meanwhile.txt", 7)])
        with pytest.raises(LibraryBusy, match="changed while it was rebuilt"):
            rebuild.finish()
    with reopen(folder) as store:
        assert resolve_source(store, "meanwhile.txt") == "/meanwhile.txt"
        assert store.verify().ok


def test_one_rebuild_at_a_time_and_leftovers_are_cleared(folder: Path) -> None:
    open_new(folder / ON_DISK.rebuild_folder).close()  # as a killed rebuild leaves it
    with rebuild_of(folder, OTHER, NEWER) as rebuild:
        assert rebuild.new.sources() == ()
        with (
            pytest.raises(LibraryBusy, match="Another rebuild"),
            rebuild_of(folder, OTHER, NEWER),
        ):
            pass
        rebuild_all(rebuild)
        rebuild.finish()
    with pytest.raises(LibraryMismatch):
        reopen(folder)


def test_there_must_be_something_to_rebuild(tmp_path: Path) -> None:
    with pytest.raises(LibraryMissing), rebuild_of(tmp_path, IDENTITY, VERSIONS):
        pass
