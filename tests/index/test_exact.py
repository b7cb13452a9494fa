"""The vector index against NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from embeddings.encoder import unit_rows
from embeddings.errors import IndexMismatch
from qa.index.exact import VectorIndex


@pytest.fixture
def rows():
    return unit_rows(np.random.default_rng(7).standard_normal((200, 16)).astype(np.float32))


def ids_by_numpy(rows, ids, question, count):
    order = np.argsort(-(rows @ question), kind="stable")
    return ids[order][:count]


def test_ranks_are_those_of_numpy(rows):
    ids = np.arange(200, dtype=np.int64) * 3 + 1
    index = VectorIndex(16)
    index.add(ids[:120], rows[:120])
    index.add(ids[120:], rows[120:])
    for question in rows[:20]:
        found, scores = index.search(question, 10)
        np.testing.assert_array_equal(found, ids_by_numpy(rows, ids, question, 10))
        np.testing.assert_allclose(scores, np.sort(rows @ question)[::-1][:10], atol=1e-5)


def test_a_filter_applies_before_ranking(rows):
    ids = np.arange(200, dtype=np.int64)
    index = VectorIndex(16)
    index.add(ids, rows)
    among = ids[::17]
    found, _ = index.search(rows[3], 5, among)
    np.testing.assert_array_equal(found, ids_by_numpy(rows[among], among, rows[3], 5))
    assert len(index.search(rows[3], 50, among)[0]) == len(among)
    assert len(index.search(rows[3], 5, np.empty(0, np.int64))[0]) == 0


def test_removed_rows_are_gone_and_the_rest_is_exact(rows):
    ids = np.arange(200, dtype=np.int64)
    index = VectorIndex(16)
    index.add(ids, rows)
    assert index.remove(ids[:50]) == 50
    assert len(index) == 150
    found, _ = index.search(rows[0], 10)
    np.testing.assert_array_equal(found, ids_by_numpy(rows[50:], ids[50:], rows[0], 10))
    np.testing.assert_allclose(index.vectors(ids[60:63]), rows[60:63])
    with pytest.raises(KeyError):
        index.vectors(ids[:1])


def test_wrong_shapes_are_refused(rows):
    index = VectorIndex(16)
    with pytest.raises(IndexMismatch, match="expected \\(n, 16\\)"):
        index.add(np.array([1], np.int64), rows[:1, :8])
    with pytest.raises(IndexMismatch, match="2 ids for 1 vectors"):
        index.add(np.array([1, 2], np.int64), rows[:1])
    assert len(index.search(rows[0], 3)[0]) == 0
