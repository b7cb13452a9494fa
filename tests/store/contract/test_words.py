"""BM25 of the full-text index against bm25s, an implementation of its own."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import bm25s
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.errors import InvalidQuery
from qa.store.protocol import LibraryStore
from tests.support.library_homes import HOMES, Home
from tests.support.library_samples import sample

# "w0" and the like stand in few passages, so that every term's weight is above 0: FTS5 raises a
# weight below 10⁻⁶ to that, bm25s to 0.
RARE = [f"w{number}" for number in range(12)] + ["поезд", "日本", "éclair"]
K1, B = 1.2, 0.75


def token_lists(count: int) -> list[list[str]]:
    rng = np.random.default_rng(7)
    lists = []
    for number in range(count):
        filler = [f"filler{number}x{i}" for i in range(int(rng.integers(1, 30)))]
        picked = [RARE[int(i)] for i in rng.integers(0, len(RARE), int(rng.integers(0, 6)))]
        lists.append([str(word) for word in rng.permutation(filler + picked)])
    return lists


def fill(store: LibraryStore, lists: list[list[str]]) -> None:
    for start in range(0, len(lists), 6):
        entry = sample(f"/{start}.txt", start)
        store.put([replace(entry, tokens=tuple(" ".join(t) for t in lists[start : start + 6]))])


def expected_scores(lists: list[list[str]], terms: list[str]) -> np.ndarray:
    retriever = bm25s.BM25(method="robertson", k1=K1, b=B)
    retriever.index(lists, show_progress=False)
    known = [term for term in terms if term in retriever.vocab_dict]
    # bm25s leaves out Robertson's constant factor k₁ + 1.
    return np.asarray(retriever.get_scores(known)) * (K1 + 1)


QUERIES = [
    ["w1"],
    ["w1", "w2", "w3"],
    ["поезд", "w5"],
    ["日本", "éclair", "w0", "w11"],
    ["absent", "w4"],
]


@pytest.mark.parametrize("terms", QUERIES, ids=" ".join)
def test_scores_are_those_of_bm25s_before_and_after_reopening(home: Home, terms: list[str]) -> None:
    lists = token_lists(60)
    counts = Counter(term for tokens in lists for term in set(tokens))
    assert all(0 < counts[term] < len(lists) / 2 for term in terms if term != "absent")
    expected = expected_scores(lists, terms)
    with home.create() as store:
        fill(store, lists)
        before = store.lexical_scores(terms)
    with home.open(read_only=True) as store:
        after = store.lexical_scores(terms)
        some = np.array([2, 3, 5, 40, 9999], np.int64)
        among_ids, among_scores = store.lexical_scores(terms, among=some)
        assert store.term_counts(terms) == {term: counts[term] for term in terms}
    for ids, scores in (before, after):
        assert (ids.dtype, scores.dtype) == (np.int64, np.float32)
        assert ids.tolist() == (np.flatnonzero(expected) + 1).tolist()
        np.testing.assert_allclose(scores, expected[ids - 1], rtol=1e-5)
    assert among_ids.tolist() == [i for i in after[0].tolist() if i in some]
    np.testing.assert_array_equal(among_scores, after[1][np.isin(after[0], some)])


def test_removed_passages_count_no_more(home: Home) -> None:
    lists = token_lists(60)
    with home.create() as store:
        fill(store, lists)
        store.remove(["/0.txt"])
        ids, scores = store.lexical_scores(["w1", "w2"])
    expected = expected_scores(lists[6:], ["w1", "w2"])
    assert ids.tolist() == (np.flatnonzero(expected) + 7).tolist()
    np.testing.assert_allclose(scores, expected[ids - 7], rtol=1e-5)


def test_no_term_is_taken_for_syntax(home: Home) -> None:
    with home.create() as store:
        fill(store, token_lists(6))
        with pytest.raises(InvalidQuery):
            store.lexical_scores(["\ud800"])
        for terms in ([], ["absent"], ["AND"], ["nocolumn: x"], ['"open'], ["w1) OR (w2"]):
            assert store.lexical_scores(terms)[0].tolist() == []
            assert store.lexical_scores(terms, phrase=True)[0].tolist() == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.lists(st.sampled_from("abcde"), min_size=1, max_size=9), min_size=1, max_size=24),
    st.lists(st.sampled_from("abcdex"), min_size=1, max_size=4),
    st.booleans(),
)
def test_memory_and_sqlite_score_alike(
    tmp_path_factory: pytest.TempPathFactory,
    lists: list[list[str]],
    terms: list[str],
    phrase: bool,
) -> None:
    """Also of words that most passages hold, whose weight is the least, and of phrases."""
    lists += [["filler"]] * (-len(lists) % 6)
    found = []
    for kind in ("sqlite", "memory"):
        with HOMES[kind](tmp_path_factory.mktemp("alike")).create() as store:
            fill(store, lists)
            found.append(store.lexical_scores(terms, phrase=phrase))
    (ids, scores), (other_ids, other_scores) = found
    assert ids.tolist() == other_ids.tolist()
    np.testing.assert_allclose(other_scores, scores, rtol=1e-5)
