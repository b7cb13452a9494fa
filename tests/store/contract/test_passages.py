"""What indexes are made of, by ids: vectors, codes, tokens, the inventory of a generation."""

from __future__ import annotations

import numpy as np
import pytest

from qa.errors import LibraryError, UnknownSource
from qa.records import Filters
from qa.store.protocol import LibraryStore
from qa.store.records import FileFacts
from tests.support.library_homes import Home
from tests.support.library_samples import (
    DIMENSION,
    correct_something,
    generation_of,
    plain,
    sample,
    uncorrect,
)

UNKNOWN = 10_000


@pytest.fixture
def store(home: Home) -> LibraryStore:
    made = home.create()
    made.put([sample(f"/{n}.txt", n) for n in range(4)])
    made.put([plain("/empty.txt", "nothing is cut from this")])
    made.remove(["/1.txt"])
    return made


def test_passages_of_one_text_follow_each_other(store: LibraryStore) -> None:
    inventory = store.inventory()
    assert sorted(inventory) == sorted(
        {source.text_id for source in store.sources() if source.passages}
    )
    held = [number for text in inventory.values() for number in range(text.first, text.last + 1)]
    assert sorted(held) == store.passage_ids().tolist()
    for text_id, text in inventory.items():
        ids = list(range(text.first, text.last + 1))
        assert text.count == len(ids) == 6
        assert {p.text_id for p in store.passages(ids).values()} == {text_id}


def test_a_text_has_another_mark_when_its_passages_changed(store: LibraryStore) -> None:
    before = store.inventory()
    store.put([sample("/new.txt", 9)])
    same = store.inventory()
    assert {number: same[number] for number in before} == before
    correct_something(store, "/2.txt")
    (changed,) = [number for number, text in store.inventory().items() if text != same.get(number)]
    assert next(s.text_id for s in store.sources(["/2.txt"])) == changed
    assert store.inventory()[changed].first == same[changed].first
    assert store.inventory()[changed].mark != same[changed].mark


def test_numbers_come_in_the_order_asked_for(store: LibraryStore) -> None:
    ids = store.passage_ids()
    shuffled = np.random.default_rng(5).permutation(ids)
    vectors, tokens = store.vectors(ids), store.tokens(ids)
    assert vectors.shape == (18, DIMENSION)
    assert vectors.dtype == np.float32
    order = np.searchsorted(ids, shuffled)
    for some in (shuffled, shuffled[:1], shuffled[:0], shuffled[::5]):
        places = order[np.isin(shuffled, some)]
        np.testing.assert_array_equal(store.vectors(some), vectors[places])
        assert store.tokens(some) == [tokens[place] for place in places]
    entry = sample("/3.txt", 3)
    own = store.passage_ids(Filters(sources=("/3.txt",)))
    assert store.tokens(own) == list(entry.tokens)


def test_unknown_ids_are_left_out_or_refused(store: LibraryStore) -> None:
    ids = [UNKNOWN, int(store.passage_ids()[3]), -1]
    for found in (store.passages(ids), store.codes(ids), store.turn_places(ids)):
        assert list(found) == ids[1:2]
    for wanted in ([UNKNOWN], ids[:2], [0, *ids[1:2]]):
        for read in (store.vectors, store.tokens):
            with pytest.raises(KeyError):
                read(np.array(wanted, np.int64))


def test_turn_places_are_those_of_the_passages(store: LibraryStore) -> None:
    ids = store.passage_ids()
    passages = store.passages(ids)
    for number, place in store.turn_places(ids).items():
        passage = passages[number]
        assert (place.text_id, place.document, place.turn, place.kind) == (
            *(passage.text_id, passage.document.ordinal, passage.turn.ordinal, passage.turn.kind),
        )


def test_names_and_sizes_are_those_of_the_sources(store: LibraryStore) -> None:
    structures = [store.structure(path) for path in store.paths()]
    documents = [document for found, _ in structures for document in found]
    names = store.names()
    assert names.titles == tuple(sorted({d.title for d in documents if d.title}))
    assert names.dates == tuple(sorted({d.date for d in documents if d.date}))
    assert sum(one.turns for one in names.speakers) == sum(
        turn.speaker is not None for _, turns in structures for turn in turns
    )
    assert [one.turns for one in names.speakers] == sorted(
        (one.turns for one in names.speakers), reverse=True
    )
    assert (store.size().passages, store.size().documents) == (18, len(documents))
    assert store.paths() == tuple(source.path for source in store.sources())
    assert [s.path for s in store.sources(["/3.txt", "/nowhere", "/0.txt"])] == ["/0.txt", "/3.txt"]


def test_what_was_corrected_is_told_of_each_turn(store: LibraryStore) -> None:
    def told() -> list[tuple[str, ...]]:
        (source,) = store.sources(["/2.txt"])
        documents, turns = store.structure("/2.txt")
        return [store.corrected(source.text_id, documents[t.document], t) for t in turns]

    assert set(told()) == {()}
    correct_something(store, "/2.txt")
    assert told() == [("document", "speaker"), ("document",), ("document",), (), (), ()]
    uncorrect(store, 1)
    assert told() == [("speaker",), (), (), (), (), ()]


def test_of_sources_removed_together_all_or_none_go(store: LibraryStore) -> None:
    before, generation = store.paths(), generation_of(store)
    with pytest.raises(UnknownSource):
        store.remove(["/0.txt", "/nowhere"])
    assert (store.paths(), generation_of(store)) == (before, generation)
    store.remove(["/0.txt", "/3.txt", "/0.txt"])
    assert store.paths() == ("/2.txt", "/empty.txt")
    assert generation_of(store) == generation + 1
    assert store.verify().ok


def test_a_reader_writes_nothing(home: Home, store: LibraryStore) -> None:
    entry = sample("/a.txt", 9)
    with home.open(read_only=True) as reader:
        assert reader.read_only
        for write in (
            lambda: reader.put([entry]),
            lambda: reader.attach(FileFacts("/b.txt", "00", 1, 1), entry.source_text),
            lambda: reader.remove(["/0.txt"]),
            lambda: reader.correct("/0.txt", lambda subject: subject.kept),
            lambda: reader.keep_token_mean(np.zeros(DIMENSION, np.float32)),
        ):
            with pytest.raises(LibraryError, match="reading only"):
                write()
        assert reader.verify().ok
    assert store.paths() == ("/0.txt", "/2.txt", "/3.txt", "/empty.txt")
