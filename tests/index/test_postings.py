"""BM25 in memory against FTS5 and bm25s, before and after every kind of change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qa
from qa.index.derived import LEXICAL_FILE
from qa.index.posting_segments import join_segments, make_segment
from qa.index.postings import Postings
from qa.index.words import LibraryWords
from qa.ingest import VERSIONS
from qa.store.opening import open_library
from qa.store.protocol import LibraryStore
from tests.store.contract.test_words import QUERIES, expected_scores, fill, token_lists
from tests.support.hashing_encoder import HashingEncoder
from tests.support.library_samples import open_new, reopen, sample

WORDS = st.sampled_from(["a", "b", "c", "日本", "éclair", "·", "zz"])
LISTS = st.lists(st.lists(WORDS, max_size=9), min_size=1, max_size=30)


def none_gone(*segments):
    return [np.zeros(len(segment), np.bool_) for segment in segments]


def segment_of(lists, first=1):
    ids = np.arange(first, first + len(lists), dtype=np.int64)
    return make_segment(ids, [" ".join(tokens) for tokens in lists])


def postings_by_term(segment):
    found = {}
    for number, term in enumerate(segment.terms()):
        once = {(int(segment.ids[place]), 1) for place in segment.once_of(number)}
        places, counts = segment.more_of(number)
        often = {(int(segment.ids[p]), int(c)) for p, c in zip(places, counts, strict=True)}
        found[term.decode()] = once | often
    return {term: places for term, places in found.items() if places}


def counted_by_term(lists, first=1, gone=()):
    found = {}
    for number, tokens in enumerate(lists, first):
        for term in set(tokens):
            if number not in gone:
                found.setdefault(term, set()).add((number, tokens.count(term)))
    return found


@settings(deadline=None)
@given(LISTS)
def test_a_segment_is_what_counting_gives(lists):
    segment = segment_of(lists)
    assert postings_by_term(segment) == counted_by_term(lists)
    assert segment.lengths.tolist() == [len(tokens) for tokens in lists]
    assert segment.terms() == sorted(segment.terms())
    for number, term in enumerate(segment.terms()):
        assert segment.find(term) == number
    assert segment.find(b"absent") is None


@settings(deadline=None)
@given(LISTS, LISTS, st.sets(st.integers(1, 60)))
def test_joined_segments_are_one_made_of_what_is_left(first, second, gone):
    parts = segment_of(first), segment_of(second, len(first) + 1)
    flags = [np.isin(part.ids, list(gone)) for part in parts]
    joined = join_segments(parts, flags)
    assert postings_by_term(joined) == counted_by_term(first + second, gone=gone)
    left = [number for number in range(1, len(first) + len(second) + 1) if number not in gone]
    assert joined.ids.tolist() == left
    assert joined.lengths.tolist() == [len((first + second)[number - 1]) for number in left]


@settings(deadline=None)
@given(LISTS, LISTS, st.sets(st.integers(1, 60)), st.lists(WORDS, min_size=1, max_size=4))
def test_scores_after_changes_are_those_of_postings_made_anew(first, second, gone, terms):
    changed = Postings([segment_of(first)]).changed(
        np.array(sorted(number for number in gone if number <= len(first)), np.int64),
        segment_of(second, len(first) + 1),
    )
    lists = {
        number: tokens
        for number, tokens in enumerate(first + second, 1)
        if number not in gone or number > len(first)
    }
    ids = np.array(list(lists), np.int64)
    anew = Postings([make_segment(ids, [" ".join(tokens) for tokens in lists.values()])])
    everything = np.arange(1, len(first) + len(second) + 3)
    np.testing.assert_allclose(
        changed.matches(terms).scores(everything), anew.matches(terms).scores(everything), rtol=1e-6
    )
    assert changed.vocabulary() == anew.vocabulary()
    assert dict(anew.vocabulary()) == {
        term: len(places)
        for term, places in counted_by_term(
            first + second, gone=set(gone) - set(range(len(first) + 1, 99))
        ).items()
    }
    for term in terms:
        assert changed.count(term) == anew.count(term) == dict(anew.vocabulary()).get(term, 0)


def test_the_best_are_those_of_sorting_all():
    generator = np.random.default_rng(3)
    lists = [
        [f"w{number}" for number in generator.zipf(1.4, 12) if number < 400] for _ in range(40_000)
    ]
    halves = segment_of(lists[:25_000]), segment_of(lists[25_000:], 25_001)
    postings = Postings(halves)
    for terms in (["w1", "w7"], ["w30", "w2", "w399"], ["w250"], ["w398"]):
        matches = postings.matches(terms)
        ids = np.arange(1, 40_001)
        scores = matches.scores(ids)
        for among in (None, ids[::3], ids[:50], ids[:0]):
            allowed = scores if among is None else np.where(np.isin(ids, among), scores, 0)
            best = matches.best(100, among)
            assert len(set(best.tolist())) == len(best) == min(100, np.count_nonzero(allowed))
            expected = np.sort(allowed[allowed > 0])[::-1][: len(best)]
            np.testing.assert_array_equal(np.sort(allowed[best - 1])[::-1], expected)


def test_a_term_that_stands_very_often_in_one_passage_is_no_error():
    postings = Postings([segment_of([["x"] * 70_000, ["x"], ["y"], ["y"], ["y"]])])
    scores = postings.matches(["x"]).scores(np.array([1, 2]))
    assert scores[0] > scores[1] > 0


# ---- within a library ------------------------------------------------------------------------


def compare_with_fts5(words: LibraryWords, store: LibraryStore, terms: list[str]) -> None:
    ids, scores = store.lexical_scores(terms)
    matches = words.matches(store, terms)
    np.testing.assert_allclose(matches.scores(ids), scores, rtol=1e-6)
    assert sorted(matches.best(10_000)) == ids.tolist()
    everything = store.passage_ids()
    assert np.count_nonzero(matches.scores(everything)) == len(ids)
    vocabulary = list(words.vocabulary(store))
    counts = words.term_counts(store, [*terms, "nowhere"])
    assert vocabulary == list(store.term_counts().items())
    assert counts == store.term_counts([*terms, "nowhere"])


@pytest.mark.parametrize("terms", QUERIES, ids=" ".join)
def test_scores_are_those_of_fts5_and_bm25s(tmp_path: Path, terms: list[str]) -> None:
    lists = token_lists(60)
    with open_new(tmp_path / "lib") as store:
        words = LibraryWords(1)
        fill(store, lists)
        compare_with_fts5(words, store, terms)
        ids = store.passage_ids()
        got = LibraryWords(1).matches(store, terms).scores(ids)
    np.testing.assert_allclose(got, expected_scores(lists, terms)[ids - 1], rtol=1e-5)


def test_they_follow_what_is_added_removed_and_replaced(tmp_path: Path) -> None:
    terms = ["w1", "w3", "поезд"]
    with open_new(tmp_path / "lib") as store:
        words = LibraryWords(1)
        fill(store, token_lists(30))
        compare_with_fts5(words, store, terms)
        for number in range(40, 60):
            tokens = tuple(f"w{number % 5} w1 extra{number}x{i}" for i in range(6))
            store.put([replace(sample(f"/{number}.txt", number), tokens=tokens)])
            compare_with_fts5(words, store, terms)
        for path in ("/0.txt", "/45.txt", "/12.txt", "/59.txt"):
            store.remove([path])
            compare_with_fts5(words, store, terms)
        store.put([replace(sample("/40.txt", 99), tokens=("w3 w3 w3",) * 6)])
        compare_with_fts5(words, store, terms)
        for number in range(41, 58):
            if number != 45:
                store.remove([f"/{number}.txt"])
        compare_with_fts5(words, store, terms)


def test_an_older_snapshot_has_its_own_scores(tmp_path: Path) -> None:
    lists = token_lists(30)
    with open_new(tmp_path / "lib") as writer:
        words = LibraryWords(1)
        fill(writer, lists)
        with reopen(tmp_path / "lib") as store, store.snapshot():
            words = LibraryWords(1)
            ids = store.passage_ids()
            before = words.matches(store, ["w1"]).scores(ids)
            writer.remove(["/0.txt"])
            np.testing.assert_array_equal(words.matches(store, ["w1"]).scores(ids), before)


def test_kept_on_disk_they_are_the_same_and_are_made_up_for_changes(tmp_path: Path) -> None:
    folder = tmp_path / "lib"
    kept = folder / LEXICAL_FILE
    with open_new(folder) as store:
        words = LibraryWords(1)
        fill(store, token_lists(60))
        words.save(store)
        first = kept.read_bytes()
        words.save(store)
        assert kept.read_bytes() == first
        store.put([replace(sample("/new.txt", 300), tokens=("w1 w2 new",) * 6)])
    with reopen(folder) as store:
        words = LibraryWords(1)
        compare_with_fts5(words, store, ["w1", "new"])
        words.save(store)
        assert kept.read_bytes() != first
    with reopen(folder, read_only=True) as store:
        words = LibraryWords(1)
        compare_with_fts5(words, store, ["w1", "new"])


@pytest.mark.parametrize("share", [0.0, 0.01, 0.2, 0.5, 0.9, 0.999])
def test_damaged_on_disk_they_are_made_anew(tmp_path: Path, share: float) -> None:
    folder = tmp_path / "lib"
    kept = folder / LEXICAL_FILE
    with open_new(folder) as store:
        words = LibraryWords(1)
        fill(store, token_lists(60))
        words.save(store)
    data = bytearray(kept.read_bytes())
    data[int(share * len(data))] ^= 4
    kept.write_bytes(data)
    with reopen(folder) as store:
        words = LibraryWords(1)
        compare_with_fts5(words, store, ["w1", "w4"])
        words.save(store)
    with reopen(folder, read_only=True) as store:
        words = LibraryWords(1)
        compare_with_fts5(words, store, ["w1", "w4"])


def test_another_library_s_file_is_brought_up_to_date(tmp_path: Path) -> None:
    with open_new(tmp_path / "other") as other:
        words = LibraryWords(1)
        fill(other, token_lists(36))
        words.save(other)
        data = (tmp_path / "other" / LEXICAL_FILE).read_bytes()
    with open_new(tmp_path / "lib") as store:
        words = LibraryWords(1)
        for number in range(6):
            tokens = tuple(f"w{number} w{i}" for i in range(6))
            store.put([replace(sample(f"/{number}.txt", 50 + number), tokens=tokens)])
        (tmp_path / "lib" / LEXICAL_FILE).write_bytes(data)
        compare_with_fts5(words, store, ["w1", "w4"])


def test_they_follow_corrections_by_hand(tmp_path: Path) -> None:
    """A correction changes a passage's tokens under the id that it had."""
    talk = tmp_path / "talk.txt"
    talk.write_text(
        "Talk on the harbour\n4 March 2024\n\nSpeaker A: The pilot boats cost nine million.\n\n"
        "Speaker B: Who will pay for the dredging of the channel next spring?\n",
        "utf-8",
    )
    folder = tmp_path / "lib"
    with qa.open(folder, encoder=HashingEncoder()) as library:
        library.add(talk)
        with open_library(folder, identity=None, versions=VERSIONS) as store:
            words = LibraryWords(1)
            terms = ["munro", "dredg", "pilot"]
            compare_scores(words, store, terms)
            words.save(store)
            before = words.matches(store, ["munro"]).scores(store.passage_ids())
            kept = library.correct_speaker("talk.txt", found="Speaker A", speaker="Alice Munro")
            compare_scores(words, store, terms)
            corrected = words.matches(store, ["munro"]).scores(store.passage_ids())
            assert not before.any()
            assert corrected.any()
            library.correct_speaker("talk.txt", found="Speaker A", speaker="Bea Munro")
            compare_scores(words, store, [*terms, "alic", "bea"])
            with open_library(folder, identity=None, versions=VERSIONS) as opened:
                compare_scores(LibraryWords(1), opened, [*terms, "alic", "bea"])
            library.uncorrect(library.corrections()[0].correction.id)
            assert kept.value == "Alice Munro"
            compare_scores(words, store, terms)


def compare_scores(words: LibraryWords, store: LibraryStore, terms: list[str]) -> None:
    ids = store.passage_ids()
    listed, scores = store.lexical_scores(terms)
    expected = np.zeros(len(ids), np.float32)
    expected[np.searchsorted(ids, listed)] = scores
    np.testing.assert_allclose(words.matches(store, terms).scores(ids), expected, rtol=1e-6)
