"""Inverted lists of 8-bit codes against NumPy, and the file they are kept in."""

from __future__ import annotations

import numpy as np
import pytest

from embeddings.checked_file import read_checked, read_entries, write_checked
from embeddings.encoder import unit_rows
from embeddings.errors import CheckedFileDamaged, IndexMismatch
from embeddings.inverted_index import RECALL, InvertedIndex, TrueNeighbours, sample_size

DIMENSION = 32
COUNT = 4000


def clustered(count, seed):
    generator = np.random.default_rng(seed)
    centres = np.random.default_rng(1).standard_normal((60, DIMENSION))
    rows = centres[generator.integers(0, 60, count)]
    return unit_rows((rows + generator.standard_normal(rows.shape)).astype(np.float32))


@pytest.fixture(scope="module")
def rows():
    return clustered(COUNT, 2)


IDS = np.arange(COUNT, dtype=np.int64) * 2 + 5


def built(rows):
    index = InvertedIndex.train(rows[: sample_size(COUNT)], COUNT)
    questions = TrueNeighbours(clustered(100, 8))
    for start in range(0, COUNT, 1000):
        part = slice(start, start + 1000)
        index.add(IDS[part], rows[part])
        questions.look(IDS[part], rows[part])
    index.calibrate(questions.questions, questions.nearest)
    return index


@pytest.fixture(scope="module")
def index(rows):
    return built(rows)


def nearest(rows, ids, question, count):
    return ids[np.argsort(-(rows @ question), kind="stable")[:count]]


def test_true_neighbours_are_those_of_numpy(rows):
    asked = clustered(30, 9)
    questions = TrueNeighbours(asked)
    for start in range(0, COUNT, 1300):
        questions.look(IDS[start : start + 1300], rows[start : start + 1300])
    for row, found in enumerate(questions.nearest):
        expected = nearest(rows, IDS, asked[row], 10)
        assert sorted(found) == sorted(expected)


def test_recall_at_ten_is_what_was_promised(index, rows):
    assert index.probes < index.lists
    found = 0.0
    for question in clustered(200, 3):
        ids, scores = index.search(question, 100)
        assert (np.diff(scores) <= 0).all()
        place = (ids - 5) // 2
        np.testing.assert_allclose(scores, rows[place] @ question, atol=0.02)
        found += np.isin(nearest(rows, IDS, question, 10), ids).mean()
    assert found / 200 >= RECALL - 0.01


@pytest.mark.parametrize("step", [2, 3, 100, 1333])
def test_a_filter_loses_nothing(index, rows, step):
    among = IDS[::step]
    for question in clustered(20, 4):
        ids, _ = index.search(question, 30, among)
        assert np.isin(ids, among).all()
        assert len(ids) == min(30, len(among))
        wanted = nearest(rows[::step], among, question, 10)
        # Of a broad filter not every list is looked into.
        assert np.isin(wanted, ids).mean() >= (0.8 if step == 2 else 1.0)
    assert len(index.search(rows[0], 5, np.empty(0, np.int64))[0]) == 0


def test_removed_rows_are_gone_and_added_ones_are_found(rows):
    index = built(rows)
    assert index.remove(IDS[100:300]) == 200
    assert len(index) == COUNT - 200
    for row in range(100, 120):
        assert IDS[row] not in index.search(rows[row], 100)[0]
    index.add(IDS[100:300], rows[100:300])
    for row in range(100, 120):
        assert index.search(rows[row], 1)[0][0] == IDS[row]


def test_it_asks_to_be_trained_anew_when_it_has_grown_by_half_or_become_uneven(rows):
    index = built(rows)
    assert not index.drifted
    more = clustered(1900, 5)
    index.add(np.arange(100_000, 101_900), more)
    assert not index.drifted
    index.add(np.arange(200_000, 200_200), clustered(200, 6))
    assert index.drifted
    index = built(rows)
    same = np.repeat(rows[:1], 1500, axis=0)
    index.add(np.arange(300_000, 301_500), same)
    assert index.drifted


def test_restored_it_finds_the_same(index, rows, tmp_path):
    path = tmp_path / "index"
    write_checked(path, index.entries(), index.arrays())
    file = read_checked(path)
    again = InvertedIndex.restore(file.entries, file.arrays)
    assert (len(again), again.probes, again.lists) == (COUNT, index.probes, index.lists)
    assert not again.drifted
    for question in clustered(20, 7):
        for among in (None, IDS[::7]):
            ids, scores = index.search(question, 50, among)
            other_ids, other_scores = again.search(question, 50, among)
            np.testing.assert_allclose(scores, other_scores, rtol=1e-6)
            assert set(ids[scores > scores[-1]]) == set(other_ids[other_scores > scores[-1]])
    again.add(np.array([9_999_999]), rows[:1])
    assert len(again) == COUNT + 1


def test_arrays_that_do_not_agree_are_refused(index):
    arrays = index.arrays()
    for name, wrong in (
        ("sizes", arrays["sizes"] + 1),
        ("ids", arrays["ids"][:-1]),
        ("codes", arrays["codes"][:, :-1]),
        ("codes", arrays["codes"].astype(np.int64)),
    ):
        with pytest.raises(IndexMismatch):
            InvertedIndex.restore(index.entries(), {**arrays, name: wrong})


def test_wrong_shapes_are_refused(index, rows):
    with pytest.raises(IndexMismatch, match=r"expected \(n, 32\)"):
        index.add(np.array([1]), rows[:1, :8])
    with pytest.raises(IndexMismatch, match="2 ids for 1 vectors"):
        index.add(np.array([1, 2]), rows[:1])
    with pytest.raises(IndexMismatch, match=r"expected \(n, 32\)"):
        index.search(rows[0, :8], 3)


# ---- the checked file -----------------------------------------------------------------------

ARRAYS = {
    "bytes": np.arange(300, dtype=np.uint8).reshape(3, 100),
    "none": np.empty((0, 4), np.float32),
    "numbers": np.linspace(0, 1, 7, dtype=np.float32),
    "large": np.array([1, -(1 << 40)], np.int64),
}


def test_a_checked_file_gives_back_what_was_written(tmp_path):
    path = tmp_path / "file"
    write_checked(path, {"names": ["é", 1]}, ARRAYS)
    assert read_entries(path) == {"names": ["é", 1]}
    file = read_checked(path)
    assert file.entries == {"names": ["é", 1]}
    assert list(file.arrays) == list(ARRAYS)
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(file.arrays[name], array)
        assert file.arrays[name].dtype == array.dtype
    write_checked(path, {}, {})
    assert read_checked(path).arrays == {}
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_every_changed_bit_is_noticed_or_lies_between_the_arrays(tmp_path):
    path = tmp_path / "file"
    write_checked(path, {"a": 1}, ARRAYS)
    whole = path.read_bytes()
    silent = []
    for byte in range(len(whole)):
        data = bytearray(whole)
        data[byte] ^= 1 << byte % 8
        path.write_bytes(data)
        try:
            file = read_checked(path)
        except CheckedFileDamaged:
            continue
        silent.append(byte)
        for name, array in ARRAYS.items():
            np.testing.assert_array_equal(file.arrays[name], array)
    assert all(whole[byte] == 0 for byte in silent)


@pytest.mark.parametrize("length", [0, 7, 15, 16, 40, -1, -300])
def test_a_file_that_was_cut_off_is_damaged(tmp_path, length):
    path = tmp_path / "file"
    write_checked(path, {"a": 1}, ARRAYS)
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(CheckedFileDamaged):
        read_checked(path)


def test_a_header_that_promises_too_much_is_damaged(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"CWARR\x00\x00\x01" + (1 << 62).to_bytes(8, "little") + b"x" * 100)
    with pytest.raises(CheckedFileDamaged):
        read_checked(path)
    with pytest.raises(FileNotFoundError):
        read_checked(tmp_path / "none")


def test_an_array_of_another_type_is_not_written(tmp_path):
    with pytest.raises(ValueError, match="float64"):
        write_checked(tmp_path / "file", {}, {"a": np.ones(3)})
    assert list(tmp_path.iterdir()) == []
