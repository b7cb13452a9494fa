"""What is put into a library comes out of it, before and after closing."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from qa.errors import LibraryError, UnknownSource
from qa.records import Span
from qa.store.protocol import LibraryStore
from qa.store.records import FileFacts, NewSource
from qa.store.source_names import resolve_source, short_name_of, source_at, text_of
from tests.support.library_homes import Home
from tests.support.library_samples import (
    DIMENSION,
    IDENTITY,
    generation_of,
    plain,
    sample,
)


def expect_stored(store: LibraryStore, entry: NewSource) -> None:
    """Everything of the entry can be read back."""
    source = source_at(store, entry.path)
    assert source is not None
    assert (source.file_sha256, source.size, source.mtime_ns) == (
        *(entry.file_sha256, entry.size, entry.mtime_ns),
    )
    assert (source.format, source.reader, source.title, source.characters) == (
        *("txt", "plain/1", entry.source_text.title, len(entry.source_text.text)),
    )
    assert (source.documents, source.turns, source.passages) == (
        *(len(entry.documents), len(entry.turns), len(entry.passages)),
    )
    assert text_of(store, entry.path) == entry.source_text.text
    assert store.source_text(entry.path) == entry.source_text
    assert store.structure(entry.path) == (entry.documents, entry.turns)
    documents = {document.ordinal: document for document in entry.documents}
    turns = {turn.ordinal: turn for turn in entry.turns}
    ids = [
        i for i in store.passage_ids().tolist() if store.passages([i])[i].text_id == source.text_id
    ]
    stored, codes = store.passages(ids), store.codes(ids)
    vectors = dict(
        zip(store.passage_ids().tolist(), store.vectors(store.passage_ids()), strict=True)
    )
    assert len(ids) == len(entry.passages)
    for number, passage, encoded in zip(ids, entry.passages, entry.encoded, strict=True):
        found = stored[number]
        assert entry.path in found.paths
        assert found.document == documents[passage.document]
        assert found.turn == turns[passage.turn]
        assert (found.start, found.end, found.sentences, found.context) == (
            *(passage.start, passage.end, passage.sentences, passage.context),
        )
        text = entry.source_text.text
        assert (
            store.excerpt(found.text_id, found.start, found.end).text
            == text[found.start : found.end]
        )
        np.testing.assert_array_equal(vectors[number], encoded.vector)
        assert codes[number].to_bytes() == encoded.codes.to_bytes()


def test_sources_come_back_as_they_were_put_also_after_reopening(home: Home) -> None:
    entries = [sample(f"/data/{n}.txt", n) for n in range(3)]
    with home.create() as store:
        results = [store.put([entry])[0] for entry in entries]
        assert [(r.passages, r.replaced, r.reused, r.generation) for r in results] == [
            *((6, False, False, 1), (6, False, False, 2), (6, False, False, 3)),
        ]
        for entry in entries:
            expect_stored(store, entry)
    with home.open(read_only=True) as store:
        for entry in entries:
            expect_stored(store, entry)
        assert (store.size().passages, store.size().documents) == (18, 6)
        assert store.provenance.identity == IDENTITY
        assert store.verify().ok


def test_sources_put_together_are_one_generation_and_as_if_put_singly(home: Home) -> None:
    entries = [sample(f"/{n}.txt", n) for n in range(4)]
    with home.create() as store, home.create() as singly:
        results = store.put(entries)
        assert [(r.path, r.passages, r.replaced, r.reused) for r in results] == [
            (entry.path, 6, False, False) for entry in entries
        ]
        assert {result.generation for result in results} == {1}
        for entry in entries:
            expect_stored(store, entry)
            singly.put([entry])
        assert store.sources() == tuple(
            replace(source, added_at=mine.added_at)
            for source, mine in zip(singly.sources(), store.sources(), strict=True)
        )
        assert store.verify().ok


def test_texts_that_change_places_in_one_put_are_kept(home: Home) -> None:
    with home.create() as store:
        store.put([sample("/a.txt", 1), sample("/b.txt", 2), sample("/c.txt", 3)])
        # /a takes another's place, and what it leaves is wanted by the next; /c is put twice.
        results = store.put(
            [
                *(sample("/a.txt", 4), sample("/b.txt", 1), sample("/d.txt", 2)),
                *(sample("/c.txt", 5), sample("/c.txt", 6), sample("/e.txt", 6)),
            ]
        )
        assert [(r.replaced, r.reused) for r in results] == [
            *((True, False), (True, True), (False, True)),
            *((True, False), (True, False), (False, True)),
        ]
        seeds = {"/a.txt": 4, "/b.txt": 1, "/c.txt": 6, "/d.txt": 2, "/e.txt": 6}
        for path, seed in seeds.items():
            expect_stored(store, sample(path, seed))
        assert len(store.sources()) == 5
        assert store.size().passages == 4 * 6
        assert store.verify().ok


def test_of_sources_put_together_all_or_none_are_stored(home: Home) -> None:
    good, late = sample("/a.txt", 1), sample("/b.txt", 2)
    late = replace(late, tokens=("\ud800", *late.tokens[1:]))  # is found out while writing
    with home.create() as store:
        with pytest.raises(ValueError, match="can't be stored: a lone surrogate"):
            store.put([good, late, sample("/c.txt", 3)])
        assert (generation_of(store), store.sources()) == (0, ())
        store.put([good])
        assert store.verify().ok


def test_one_text_under_two_paths_is_stored_once_and_citable_under_both(home: Home) -> None:
    first, second = sample("/b/one.txt", 1), sample("/a/two.txt", 1)
    with home.create() as store:
        store.put([first])
        result = store.put([second])[0]
        assert result.reused
        assert store.size().passages == 6
        assert all(
            p.paths == ("/a/two.txt", "/b/one.txt")
            for p in store.passages(store.passage_ids()).values()
        )
        store.remove(["/b/one.txt"])
        expect_stored(store, second)
        assert store.verify().ok
        store.remove(["/a/two.txt"])
        assert (store.size().passages, store.sources()) == (0, ())
        assert list(store.term_counts().items()) == []
        assert store.verify().ok


def test_attach_makes_a_path_stand_for_a_text_that_is_there(home: Home) -> None:
    entry = sample("/a.txt", 1)
    with home.create() as store:
        assert not store.has_text(entry.source_text)
        assert store.attach(FileFacts("/b.txt", "00", 5, 6), entry.source_text) is None
        assert source_at(store, "/b.txt") is None
        store.put([entry])
        assert store.has_text(entry.source_text)
        result = store.attach(FileFacts("/b.txt", "00", 5, 6), entry.source_text)
        assert result is not None
        assert (result.passages, result.replaced, result.reused) == (6, False, True)
        assert text_of(store, "/b.txt") == entry.source_text.text


def test_what_else_the_reader_found_makes_another_text(home: Home) -> None:
    entry = sample("/a.txt", 1)
    source = entry.source_text
    with home.create() as store:
        store.put([entry])
        assert store.has_text(replace(source))
        for other in (
            replace(source, reader="plain/2"),
            replace(source, format="md"),
            replace(source, blocks=()),
            replace(source, title=None),
            replace(source, locators=()),
            replace(source, text=source.text + " "),
        ):
            assert not store.has_text(other)
            assert store.attach(FileFacts("/b.txt", "00", 5, 6), other) is None
        assert store.paths() == ("/a.txt",)


def test_putting_again_replaces_and_never_reuses_an_id(home: Home) -> None:
    with home.create() as store:
        store.put([sample("/a.txt", 1)])
        before = set(store.passage_ids().tolist())
        result = store.put([sample("/a.txt", 2)])[0]
        after = set(store.passage_ids().tolist())
        assert result.replaced
        assert not before & after
        expect_stored(store, sample("/a.txt", 2))
        store.remove(["/a.txt"])
    with home.open() as store:
        store.put([sample("/a.txt", 3)])
        assert not (before | after) & set(store.passage_ids().tolist())
        assert [source.path for source in store.sources()] == ["/a.txt"]
        assert store.verify().ok


def test_token_counts_are_a_recount_after_puts_and_removals(home: Home) -> None:
    entries = {f"/{n}.txt": sample(f"/{n}.txt", n) for n in range(5)}
    with home.create() as store:
        for entry in entries.values():
            store.put([entry])
        store.put([entries["/1.txt"]])
        store.remove(["/3.txt"])
        del entries["/3.txt"]
        expected = Counter(
            token
            for entry in entries.values()
            for encoded in entry.encoded
            for token in set(encoded.codes.token_ids.tolist())
        )
        counts = store.token_counts(list(range(50)))
        assert counts.tolist() == [expected[token] for token in range(50)]
        terms = Counter(t for e in entries.values() for line in e.tokens for t in set(line.split()))
        assert dict(store.term_counts().items()) == terms
        assert [t for t, _ in store.term_counts().items()] == sorted(terms)
        assert store.term_counts(["rain", "nowhere", '"; --']) == {
            **{"rain": terms["rain"], "nowhere": 0, '"; --': 0},
        }


def test_speakers_and_titles(home: Home) -> None:
    entry = sample("/a.txt", 1, turns=9)
    turns = {(turn.document, turn.ordinal): turn for turn in entry.turns}
    spoken = [turns[p.document, p.turn] for p in entry.passages]
    expected = Counter((turn.speaker, turn.role) for turn in spoken if turn.speaker)
    with home.create() as store:
        store.put([entry])
        assert {(s.name, s.role): s.turns for s in store.names().speakers} == expected
        assert store.names().titles == ("Title 0",)


HOSTILE = [
    '/tmp/it\'s "quoted"; DROP TABLE sources; --.txt',
    "/tmp/line\nbreak\r.txt",
    "/tmp/100%_done%.txt",
    "/tmp/🙂 שלום 日本.txt",
    "/tmp/${x} {{y}} `z`.txt",
    "/tmp/not-utf8-\udcff\udc80.txt",
    "relative name.txt",
    "/tmp/e\u0301 and \u00e9.txt",
]


def test_hostile_names_are_data(home: Home) -> None:
    with home.create() as store:
        for seed, path in enumerate(HOSTILE):
            store.put([sample(path, seed)])
        assert [source.path for source in store.sources()] == sorted(HOSTILE)
        for seed, path in enumerate(HOSTILE):
            assert resolve_source(store, path) == path
            assert resolve_source(store, path.split("/")[-1]) == path
            expect_stored(store, sample(path, seed))
        assert store.verify().ok
        for path in HOSTILE:
            store.remove([path])
        assert store.sources() == ()


def test_resolve_finds_unique_ends_and_lists_the_rest(home: Home) -> None:
    with home.create() as store:
        with pytest.raises(UnknownSource, match="no sources yet"):
            resolve_source(store, "x")
        for path in ("/a/notes.txt", "/b/notes.txt", "/b/report.txt"):
            store.put([plain(path, f"{path} says")])
        assert resolve_source(store, "/a/notes.txt") == "/a/notes.txt"
        assert resolve_source(store, "b/notes.txt") == "/b/notes.txt"
        assert resolve_source(store, "report.txt") == "/b/report.txt"
        assert short_name_of("/a/notes.txt", store.paths()) == "a/notes.txt"
        assert short_name_of("/b/report.txt", store.paths()) == "report.txt"
        with pytest.raises(UnknownSource, match=r"any of 2 .*'/a/notes.txt', '/b/notes.txt'"):
            resolve_source(store, "notes.txt")
        with pytest.raises(UnknownSource, match=r"Near it: '/b/report.txt'"):
            resolve_source(store, "raport.txt")
        with pytest.raises(UnknownSource):
            resolve_source(store, "port.txt")
        with pytest.raises(UnknownSource):
            resolve_source(store, "/notes.txt")
        with pytest.raises(UnknownSource, match=r"there is '/b/report.txt'"):
            text_of(store, "report.txt")
        with pytest.raises(UnknownSource):
            store.remove(["report.txt"])
        assert generation_of(store) == 3


def test_a_snapshot_sees_one_generation_and_only_reads(home: Home) -> None:
    with home.create() as store, home.open() as writer:
        store.put([sample("/a.txt", 1)])
        with store.snapshot() as generation:
            writer.put([sample("/b.txt", 2)])
            assert (generation_of(store), store.size().passages) == (generation, 6)
            with store.snapshot() as inner:
                assert inner == generation
            with pytest.raises(LibraryError, match="snapshot"):
                store.remove(["/a.txt"])
            seen: list[int] = []
            thread = threading.Thread(target=lambda: seen.append(store.size().passages))
            thread.start()
            thread.join()
            assert seen == [12]  # another thread is not in this one's snapshot
        assert (generation_of(store), store.size().passages) == (generation + 1, 12)


def test_many_threads_share_a_store(home: Home) -> None:
    failures: list[BaseException] = []
    with home.create() as store:

        def work(number: int) -> None:
            try:
                for turn in range(3):
                    store.put([sample(f"/{number}.txt", 10 * number + turn)])
                    with store.snapshot():
                        ids = store.passage_ids()
                        assert len(ids) == store.size().passages
                        assert len(store.passages(ids)) == len(ids) == len(store.codes(ids))
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert (generation_of(store), store.size().passages) == (18, 36)
        assert store.verify().ok


def test_a_closed_store_says_so(home: Home) -> None:
    store = home.create()
    store.close()
    store.close()
    with pytest.raises(LibraryError, match="closed"):
        generation_of(store)


def test_token_mean_is_kept_once(home: Home) -> None:
    first = np.linspace(-1, 1, DIMENSION).astype(np.float32)
    with home.create() as store:
        assert store.provenance.token_mean is None
        with pytest.raises(ValueError, match="expected 16 finite"):
            store.keep_token_mean(first[:3])
        np.testing.assert_array_equal(store.keep_token_mean(first), first)
        np.testing.assert_array_equal(store.keep_token_mean(first * 2), first)
    with home.open() as store:
        np.testing.assert_array_equal(store.provenance.token_mean, first)


def _changed(**changes: object) -> NewSource:
    return replace(sample("/a.txt", 1), **changes)  # type: ignore[arg-type]


GOOD = sample("/a.txt", 1)
WRONG = [
    (_changed(path=""), "path is empty"),
    (_changed(path="/\ud800.txt"), "surrogate"),
    (_changed(source_text=replace(GOOD.source_text, text="short")), "is not in 0-5"),
    (_changed(tokens=GOOD.tokens[1:]), "6 passages, 6 encoded, 5 token lists"),
    (_changed(turns=GOOD.turns[1:]), "there is no turn 0 of document 0"),
    (_changed(documents=GOOD.documents[:1]), "there is no such document"),
    (_changed(turns=(*GOOD.turns, GOOD.turns[0])), "same document and ordinal"),
    (
        _changed(documents=(replace(GOOD.documents[0], date="May 2022"), GOOD.documents[1])),
        "is no date",
    ),
    (
        _changed(passages=(replace(GOOD.passages[0], sentences=(Span(0, 1),)), *GOOD.passages[1:])),
        "a sentence: span 0-1",
    ),
    (
        _changed(
            encoded=(replace(GOOD.encoded[0], vector=np.ones(3, np.float32)), *GOOD.encoded[1:])
        ),
        r"expected float32 \(16,\)",
    ),
    (
        _changed(
            encoded=(
                replace(GOOD.encoded[0], vector=np.full(DIMENSION, np.nan, np.float32)),
                *GOOD.encoded[1:],
            )
        ),
        "not finite",
    ),
    (_changed(tokens=("\ud800", *GOOD.tokens[1:])), "lone surrogate"),
]


@pytest.mark.parametrize(("entry", "message"), WRONG, ids=[message for _, message in WRONG])
def test_parts_that_do_not_agree_are_refused_whole(
    home: Home, entry: NewSource, message: str
) -> None:
    with home.create() as store:
        with pytest.raises(ValueError, match=message):
            store.put([entry])
        assert (generation_of(store), store.sources()) == (0, ())
        assert store.verify().ok


def test_nothing_can_be_put_without_naming_the_encoder(home: Home) -> None:
    home.create().close()
    with (
        home.open(None) as store,
        pytest.raises(LibraryError, match="without naming an encoder"),
    ):
        store.put([GOOD])
