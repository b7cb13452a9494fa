"""A rebuilt library takes the old one's place whole, or not at all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from embeddings.encoder import EncoderIdentity
from qa.errors import LibraryBusy, LibraryMismatch
from qa.store.protocol import LibraryRebuild
from qa.store.records import Versions
from qa.store.source_names import resolve_source, text_of
from tests.support.library_homes import Home, rebuild_at
from tests.support.library_samples import DIMENSION, generation_of, sample

OTHER = EncoderIdentity("other", "2", DIMENSION)
NEWER = Versions(tokens=4, structure=6)


@pytest.fixture
def filled(home: Home) -> Home:
    with home.create() as store:
        for seed in range(3):
            store.put([sample(f"/gone/{seed}.txt", seed)])
        store.remove(["/gone/2.txt"])
    return home


def rebuild_all(rebuild: LibraryRebuild) -> None:
    for source in rebuild.old.sources():
        stored = rebuild.old.source_text(source.path)
        assert stored.title is not None
        entry = sample(source.path, int(stored.title.split()[1]))
        assert entry.source_text == stored
        rebuild.new.put([replace(entry, mtime_ns=source.mtime_ns)])


def test_content_moves_and_open_readers_see_it_whole(filled: Home) -> None:
    with filled.open(read_only=True) as reader:
        old_ids = reader.passage_ids()
        with rebuild_at(filled, OTHER, NEWER) as rebuild:
            rebuild_all(rebuild)
            rebuild.new.keep_token_mean(np.ones(DIMENSION, np.float32))
            with reader.snapshot():
                assert rebuild.finish() == 5
                np.testing.assert_array_equal(reader.passage_ids(), old_ids)
                assert text_of(reader, "/gone/1.txt") == sample("", 1).source_text.text
        with pytest.raises(LibraryMismatch, match=r"tokens version 4.*model other"):
            reader.size()
    with filled.open(OTHER, NEWER) as store:
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


def test_a_rebuild_that_is_given_up_changes_nothing(filled: Home) -> None:
    def interrupted() -> None:
        with rebuild_at(filled, OTHER, NEWER) as rebuild:
            rebuild_all(rebuild)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    with filled.open() as store:
        assert generation_of(store) == 4
        assert store.verify().ok


def test_what_was_added_meanwhile_is_not_lost(filled: Home) -> None:
    with rebuild_at(filled, OTHER, NEWER) as rebuild:
        rebuild_all(rebuild)
        with filled.open() as store:
            store.put([sample("/meanwhile.txt", 7)])
        with pytest.raises(LibraryBusy, match="changed while it was rebuilt"):
            rebuild.finish()
    with filled.open() as store:
        assert resolve_source(store, "meanwhile.txt") == "/meanwhile.txt"
        assert store.verify().ok


def test_one_rebuild_at_a_time(filled: Home) -> None:
    with rebuild_at(filled, OTHER, NEWER) as rebuild:
        assert rebuild.new.sources() == ()
        with (
            pytest.raises(LibraryBusy, match="Another rebuild"),
            rebuild_at(filled, OTHER, NEWER),
        ):
            pass
        rebuild_all(rebuild)
        rebuild.finish()
    with pytest.raises(LibraryMismatch):
        filled.open()
