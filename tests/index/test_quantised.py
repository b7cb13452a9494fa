"""Product codes and rounded vectors against NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from embeddings.encoder import unit_rows
from qa.index.checked_file import read_checked, write_checked
from qa.index.protocol import IndexMismatch, SavedIndex
from qa.index.quantised import RECALL, QuantizedIndex, RoundedVectors, TrueNeighbours

DIMENSION = 32
COUNT = 4000


def clustered(count, seed, dimension=DIMENSION):
    generator = np.random.default_rng(seed)
    centres = np.random.default_rng(1).standard_normal((60, dimension))
    rows = centres[generator.integers(0, 60, count)]
    return unit_rows((rows + generator.standard_normal(rows.shape)).astype(np.float32))


@pytest.fixture(scope="module")
def rows():
    return clustered(COUNT, 2)


IDS = np.arange(COUNT, dtype=np.int64) * 2 + 5


def built(rows):
    index = QuantizedIndex.train(rows[:2000])
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


def nearest_by(index, question, count, among=None):
    matches = index.search(question)
    ids = matches.best(count, among)
    return ids, matches.scores(ids)


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
    assert index.depth < COUNT / 2
    found = 0.0
    for question in clustered(200, 3):
        ids, scores = nearest_by(index, question, 100)
        assert (np.diff(scores) <= 0).all()
        place = (ids - 5) // 2
        np.testing.assert_allclose(scores, rows[place] @ question, atol=0.02)
        found += np.isin(nearest(rows, IDS, question, 10), ids).mean()
    assert found / 200 >= RECALL - 0.005


@pytest.mark.parametrize("step", [2, 3, 100, 1333])
def test_a_filter_loses_nothing(index, rows, step):
    among = IDS[::step]
    for question in clustered(20, 4):
        ids = index.search(question).best(30, among)
        assert np.isin(ids, among).all()
        assert len(ids) == min(30, len(among))
        assert np.isin(nearest(rows[::step], among, question, 10), ids).all()
    assert len(index.search(rows[0]).best(5, np.empty(0, np.int64))) == 0


def test_a_filter_may_name_what_is_not_there(index, rows):
    among = np.array([0, 5, 6, 7, 10_000_000], np.int64)
    assert sorted(index.search(rows[0]).best(5, among)) == [5, 7]
    many = np.arange(0, 30_000, 1, dtype=np.int64)
    assert np.isin(index.search(rows[0]).best(5, many), IDS).all()


@pytest.mark.parametrize("dimension", [2, 7, 33])
def test_any_number_of_dimensions_will_do(dimension):
    rows = clustered(300, 2, dimension)
    ids = np.arange(300, dtype=np.int64)
    index = QuantizedIndex.train(rows)
    index.add(ids, rows)
    again = QuantizedIndex.restore(index.save())
    again.remove(ids[:40])
    for row in range(40, 60):
        # In few dimensions others are as near as rounding tells.
        assert row in again.search(rows[row]).best(20)
        assert (again.search(rows[row]).best(300) >= 40).all()


def test_it_can_be_trained_on_very_little():
    rows = clustered(3, 2)
    index = QuantizedIndex.train(rows)
    index.add(np.arange(3), rows)
    assert [index.search(row).best(1)[0] for row in rows] == [0, 1, 2]


def test_removed_rows_are_gone_and_added_ones_are_found(rows):
    index = built(rows)
    assert index.remove(IDS[100:300]) == 200
    assert len(index) == COUNT - 200
    for row in range(100, 120):
        assert IDS[row] not in index.search(rows[row]).best(100)
    index.add(IDS[100:300], rows[100:300])
    for row in range(100, 120):
        assert index.search(rows[row]).best(1)[0] == IDS[row]


def test_it_asks_to_be_trained_anew_when_it_has_doubled(rows):
    index = built(rows)
    assert not index.drifted
    index.add(np.arange(100_000, 100_000 + COUNT), clustered(COUNT, 5))
    assert not index.drifted
    index.add(np.arange(200_000, 200_001), clustered(1, 6))
    assert index.drifted


def test_restored_it_finds_the_same(index, rows, tmp_path):
    path = tmp_path / "index"
    saved = index.save()
    write_checked(path, saved.entries, saved.arrays)
    file = read_checked(path)
    again = QuantizedIndex.restore(SavedIndex(file.entries, file.arrays))
    assert (len(again), again.depth) == (COUNT, index.depth)
    assert not again.drifted
    for question in clustered(20, 7):
        for among in (None, IDS[::7]):
            ids, scores = nearest_by(index, question, 50, among)
            other_ids, other_scores = nearest_by(again, question, 50, among)
            np.testing.assert_allclose(scores, other_scores, rtol=1e-6)
            assert set(ids[scores > scores[-1]]) == set(other_ids[other_scores > scores[-1]])
    again.add(np.array([9_999_999]), rows[:1])
    assert len(again) == COUNT + 1


def test_arrays_that_do_not_agree_are_refused(index):
    saved = index.save()
    arrays = saved.arrays
    for name, wrong in (
        ("pairs", arrays["pairs"][:-1]),
        ("ids0", arrays["ids0"][:-1]),
        ("ids1", -arrays["ids1"]),
        ("packed0", arrays["packed0"][:-1]),
        ("packed1", arrays["packed1"].astype(np.int64)),
        ("rounded", arrays["rounded"][:, :-1]),
        ("rounded", arrays["rounded"].astype(np.int64)),
    ):
        with pytest.raises(IndexMismatch):
            QuantizedIndex.restore(SavedIndex(saved.entries, {**arrays, name: wrong}))


def test_wrong_shapes_are_refused(index, rows):
    with pytest.raises(IndexMismatch, match=r"expected \(n, 32\)"):
        index.add(np.array([1]), rows[:1, :8])
    with pytest.raises(IndexMismatch, match="2 ids for 1 vectors"):
        index.add(np.array([1, 2]), rows[:1])
    with pytest.raises(IndexMismatch, match=r"expected \(n, 32\)"):
        index.search(rows[0, :8])


def test_rounded_vectors_are_kept_across_blocks_and_rows_are_used_again():
    rows = clustered(70_000, 11, 4)
    ids = np.arange(70_000, dtype=np.int64)
    rounded = RoundedVectors(4, 100.0)
    rounded.add(ids, rows)
    rounded.remove(np.array([3, 69_000, 99_999_999]))
    assert rounded.held(np.array([2, 3, 69_000, 69_001, 70_000, 1 << 40])).tolist() == [2, 69_001]
    rounded.add(np.array([3, 800_000, 800_001]), -rows[:3])
    asked = np.array([800_000, 65_535, 65_536, 3, 800_001, 69_999])
    expected = np.rint(
        np.stack([-rows[1], rows[65_535], rows[65_536], -rows[0], -rows[2], rows[69_999]])
        * np.float32(100)
    )
    assert rounded.of(asked).tolist() == expected.tolist()
    np.testing.assert_allclose(
        rounded.products(asked, rows[7]), expected @ rows[7] / 100, rtol=1e-5, atol=1e-6
    )
