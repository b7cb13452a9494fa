"""An index as its library changes, and its file: vectors against NumPy; words in test_postings."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import qa
from embeddings.encoder import unit_rows
from qa.index.checked_file import read_entries
from qa.index.derived import LEXICAL_FILE, VECTOR_FILE, changes_between
from qa.index.exact import ExactIndex
from qa.index.quantised import QuantizedIndex
from qa.index.vectors import IndexLimits, LibraryVectors
from qa.index.words import LibraryWords
from qa.ingest import VERSIONS
from qa.store.caching import CachingReader
from qa.store.opening import open_library
from qa.store.protocol import LibraryStore
from qa.store.records import EncodedPassage, HeldText
from tests.support.hashing_encoder import HashingEncoder
from tests.support.library_samples import open_new, reopen, sample

DIMENSION = 16
ENCODER = HashingEncoder(DIMENSION)
SMALL = IndexLimits(exact=200, saved=50)


def source(number: int, seed: int | None = None):
    """Six passages with vectors around a few centres."""
    entry = sample(f"/{number}.txt", number if seed is None else seed)
    generator = np.random.default_rng(1000 + number if seed is None else seed)
    centres = np.random.default_rng(0).standard_normal((12, DIMENSION))
    rows = centres[generator.integers(0, 12, 6)] + generator.standard_normal((6, DIMENSION)) * 0.7
    vectors = unit_rows(rows.astype(np.float32))
    encoded = [
        EncodedPassage(vector, old.codes)
        for vector, old in zip(vectors, entry.encoded, strict=True)
    ]
    return replace(entry, encoded=encoded)


def everything(store: LibraryStore) -> tuple[np.ndarray, np.ndarray]:
    ids = store.passage_ids()
    return ids, store.vectors(ids)


def assert_searches(index: LibraryVectors, store: LibraryStore, least: float = 1.0) -> None:
    """The ten nearest to some questions are found, with and without a filter."""
    ids, rows = everything(store)
    hits = []
    generator = np.random.default_rng(5)
    noise = generator.standard_normal((20, DIMENSION), np.float32) / DIMENSION
    for question in unit_rows(rows[generator.integers(0, len(rows), 20)] + noise):
        for among in (None, ids[::3]):
            places = np.arange(len(ids)) if among is None else np.arange(0, len(ids), 3)
            best = places[np.argsort(-(rows[places] @ question))[:10]]
            with index.matches(store, question) as matches:
                found = matches.best(60, among)
            assert np.isin(found, ids if among is None else among).all()
            hits.append(np.isin(ids[best], found).mean())
            if among is not None:
                assert hits[-1] == 1
    assert np.mean(hits) >= least
    with index.matches(store, question) as matches:
        cosines = matches.scores(ids)
    np.testing.assert_allclose(cosines, rows @ question, atol=0.02)
    best = np.argsort(-(rows @ question))[:10]
    np.testing.assert_allclose(cosines[best], rows[best] @ question, atol=1e-6)


def test_it_picks_itself_by_size_and_says_what_it_picked(tmp_path: Path) -> None:
    with open_new(tmp_path / "lib") as store:
        index = LibraryVectors(ENCODER, SMALL)
        assert index.kind == "none yet"
        for number in range(30):
            store.put([source(number)])
        assert_searches(index, store)
        assert index.kind == "exact, float32"
        for number in range(30, 60):
            store.put([source(number)])
        assert_searches(index, store, 0.97)
        assert index.kind.startswith("product codes, ")
        for number in range(50):
            store.remove([f"/{number}.txt"])
        assert_searches(index, store)
        assert index.kind == "exact, float32"


@pytest.mark.parametrize("count", [20, 60])
def test_it_follows_what_is_added_removed_and_replaced(tmp_path: Path, count: int) -> None:
    with open_new(tmp_path / "lib") as store:
        for number in range(count):
            store.put([source(number)])
        index = LibraryVectors(ENCODER, SMALL)
        index.refresh(store)
        for number in range(0, count, 7):
            store.remove([f"/{number}.txt"])
            assert_searches(index, store, 0.97)
        for number in range(1, count, 7):
            store.put([source(number, seed=500 + number)])
            assert_searches(index, store, 0.97)


def test_an_older_snapshot_has_its_own_passages(tmp_path: Path) -> None:
    with open_new(tmp_path / "lib") as writer, reopen(tmp_path / "lib") as store:
        for number in range(20):
            writer.put([source(number)])
        index = LibraryVectors(ENCODER, SMALL)
        with store.snapshot():
            writer.put([source(30)])
            writer.remove(["/3.txt"])
            assert_searches(index, store)
        assert_searches(index, store)


def test_kept_on_disk_it_is_made_up_for_changes(tmp_path: Path) -> None:
    folder = tmp_path / "lib"
    kept = folder / VECTOR_FILE
    for count in (20, 60):
        with open_new(folder) as store:
            for number in range(count):
                store.put([source(number)])
            LibraryVectors(ENCODER, SMALL).save(store)
            first = kept.read_bytes()
            index = LibraryVectors(ENCODER, SMALL)
            index.save(store)  # nothing has changed
            assert index.kind == "none yet"
            assert kept.read_bytes() == first
            store.put([source(100 + count)])
            store.remove(["/5.txt"])
            assert_searches(LibraryVectors(ENCODER, SMALL), store, 0.97)
            assert kept.read_bytes() == first  # a question leaves a sound file as it is
            LibraryVectors(ENCODER, SMALL).save(store)
            assert kept.read_bytes() != first
            assert_searches(LibraryVectors(ENCODER, SMALL), store, 0.97)


def test_opened_from_its_file_it_reads_no_vectors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_new(tmp_path / "lib") as store:
        for number in range(60):
            store.put([source(number)])
        LibraryVectors(ENCODER, SMALL).save(store)
        read = []
        original = CachingReader.vectors

        def counted(self, ids):
            read.append(len(ids))
            return original(self, ids)

        monkeypatch.setattr(CachingReader, "vectors", counted)
        index = LibraryVectors(ENCODER, SMALL)
        index.refresh(store)
        assert read == []
        store.put([source(99)])
        index.refresh(store)
        assert read == [6]


@pytest.mark.parametrize("count", [20, 60])
def test_damaged_on_disk_it_is_made_anew(tmp_path: Path, count: int) -> None:
    folder = tmp_path / "lib"
    kept = folder / VECTOR_FILE
    with open_new(folder) as store:
        for number in range(count):
            store.put([source(number)])
        LibraryVectors(ENCODER, SMALL).save(store)
        whole = kept.read_bytes()
        generator = np.random.default_rng(9)
        for place in (*range(0, 200, 23), *generator.integers(0, len(whole), 12).tolist()):
            data = bytearray(whole)
            data[place] ^= 1 << place % 8
            kept.write_bytes(data)
            assert_searches(LibraryVectors(ENCODER, SMALL), store, 0.97)
        for length in (0, 10, len(whole) // 2):
            kept.write_bytes(whole[:length])
            assert_searches(LibraryVectors(ENCODER, SMALL), store, 0.97)


def test_a_file_of_another_library_or_an_older_copy_is_brought_up_to_date(tmp_path: Path) -> None:
    with open_new(tmp_path / "other") as other:
        for number in range(20):
            other.put([source(number, seed=700 + number)])
        LibraryVectors(ENCODER, SMALL).save(other)
        data = (tmp_path / "other" / VECTOR_FILE).read_bytes()
    with open_new(tmp_path / "lib") as store:
        for number in range(20):
            store.put([source(number)])
        (tmp_path / "lib" / VECTOR_FILE).write_bytes(data)
        assert_searches(LibraryVectors(ENCODER, SMALL), store)


def test_what_has_drifted_is_trained_anew_by_keep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained = []
    original = QuantizedIndex.train

    def counted(cls, sample):
        trained.append(len(sample))
        return original(sample)

    monkeypatch.setattr(QuantizedIndex, "train", classmethod(counted))
    with open_new(tmp_path / "lib") as store:
        for number in range(40):
            store.put([source(number)])
        index = LibraryVectors(ENCODER, SMALL)
        index.save(store)
        for number in range(40, 90):
            store.put([source(number)])
        index.refresh(store)
        assert trained == [240]
        index.save(store)
        assert trained == [240, 540]
        assert_searches(index, store, 0.97)


def test_nothing_is_written_for_a_small_library_or_one_opened_for_reading(tmp_path: Path) -> None:
    folder = tmp_path / "lib"
    with open_new(folder) as store:
        for number in range(8):
            store.put([source(number)])
        LibraryVectors(ENCODER, SMALL).save(store)
        for number in range(8, 40):
            store.put([source(number)])
    with reopen(folder, read_only=True) as store:
        index = LibraryVectors(ENCODER, SMALL)
        assert_searches(index, store, 0.97)
        index.save(store)
        LibraryWords(1).save(store)
    assert not (folder / VECTOR_FILE).exists()
    assert not (folder / LEXICAL_FILE).exists()


def test_after_a_failure_halfway_it_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_new(tmp_path / "lib") as store:
        for number in range(10):
            store.put([source(number)])
        index = LibraryVectors(ENCODER, SMALL)
        index.refresh(store)
        store.put([source(20)])
        store.remove(["/3.txt"])
        with monkeypatch.context() as patched:
            patched.setattr(ExactIndex, "add", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                index.refresh(store)
        assert_searches(index, store)


def test_threads_share_it(tmp_path: Path) -> None:
    with open_new(tmp_path / "lib") as store:
        for number in range(45):
            store.put([source(number)])
        index = LibraryVectors(ENCODER, SMALL)
        errors: list[BaseException] = []
        question = np.ones(DIMENSION, np.float32) / 4

        def ask() -> None:
            try:
                for _ in range(20):
                    with store.snapshot(), index.matches(store, question) as matches:
                        held = set(store.passage_ids().tolist())
                        assert set(matches.best(300).tolist()) == held
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for number in range(45, 60):
            store.put([source(number)])
            store.remove([f"/{number - 40}.txt"])
        for thread in threads:
            thread.join()
        assert errors == []


def test_changes_between_inventories() -> None:
    a, b, c = HeldText("a", 1, 4, 4), HeldText("b", 5, 9, 5), HeldText("c", 10, 10, 1)
    other = HeldText("b corrected", 5, 9, 5)
    changes = changes_between({1: a, 2: b}, {2: other, 3: c})
    assert (changes.gone, changes.come, changes.passages) == ((a, b), (other, c), 15)
    assert changes_between({1: a}, {1: a}).passages == 0


def test_a_rebuild_ends_with_the_new_indexes_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.index.vectors.IndexLimits", lambda: IndexLimits(exact=4, saved=1))
    monkeypatch.setattr("qa.index.words.POSTINGS_FROM", 1)
    folder = tmp_path / "lib"
    files = tmp_path / "files"
    files.mkdir()
    for number in range(6):
        (files / f"{number}.txt").write_text(f"The bridge number {number} was painted.")
    with qa.open(folder, encoder=HashingEncoder(revision="1")) as library:
        library.add(files)
    qa.rebuild(folder, encoder=HashingEncoder(revision="2"))
    with open_library(folder, identity=None, versions=VERSIONS) as store:
        now = [[n, t.mark, t.first, t.last, t.count] for n, t in store.inventory().items()]
    for name in (VECTOR_FILE, LEXICAL_FILE):
        entries = read_entries(folder / name)
        assert entries["made_with"]["revision"] == "2"
        assert entries["held"] == now
