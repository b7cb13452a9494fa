"""What was read last: as many records as fit, of one generation, and never a stale one."""

from __future__ import annotations

import re
import threading
from collections.abc import Collection
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.store.caching import Recent
from qa.store.chunks import CHUNK_CHARACTERS
from tests.support.library_samples import open_new, plain, sample


class Squares:
    """Reads n² for every n but 13, and remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def __call__(self, keys: Collection[int]) -> dict[int, int]:
        self.asked.extend(keys)
        return {key: key * key for key in keys if key != 13}


def test_what_is_held_is_not_read_again_and_what_was_used_longest_ago_goes():
    recent, read = Recent[int, int](3), Squares()
    assert recent.get(1, [3, 1, 2, 3], read) == {3: 9, 1: 1, 2: 4}
    assert list(recent.get(1, [2, 13, 3], read)) == [2, 3]
    assert read.asked == [3, 1, 2, 13]
    recent.get(1, [4], read)  # 1 goes: 2 and 3 were used since
    recent.get(1, [2, 3, 4], read)
    assert read.asked == [3, 1, 2, 13, 4]
    recent.get(1, [1], read)
    assert read.asked == [3, 1, 2, 13, 4, 1]


def test_another_generation_is_read_anew():
    recent, read = Recent[int, int](9), Squares()
    for generation in (1, 2, 2, 1):
        assert recent.get(generation, [5], read) == {5: 25}
    assert read.asked == [5, 5, 5]


def test_records_are_weighed():
    recent, read = Recent[int, int](20, weigh=lambda record: record), Squares()
    recent.get(1, [1, 2, 3], read)  # 14
    recent.get(1, [2], read)
    recent.get(1, [4], read)  # 16: of the others, which were used before, only 2 has room
    read.asked.clear()
    recent.get(1, [2, 4], read)
    assert read.asked == []
    recent.get(1, [9], read)  # alone too heavy
    assert recent.get(1, [9], read) == {9: 81}
    assert read.asked == [9, 9]


@given(st.lists(st.tuples(st.integers(0, 2), st.lists(st.integers(0, 12))), max_size=12))
def test_what_is_given_is_what_would_be_read(calls):
    recent = Recent[int, int](4)
    for generation, keys in calls:
        got = recent.get(
            generation, keys, lambda some, g=generation: {k: k + 100 * g for k in some}
        )
        assert list(got.items()) == [(k, k + 100 * generation) for k in dict.fromkeys(keys)]


def test_threads_share_it():
    recent, wrong = Recent[int, int](5), []

    def ask(seed: int) -> None:
        for step in range(400):
            key, generation = (seed * 7 + step) % 11, step // 100
            got = recent.get(generation, [key], lambda keys, g=generation: {k: k + g for k in keys})
            if got != {key: key + generation}:
                wrong.append((key, got))

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def line_at(text: str, offset: int) -> int:
    """One more than the lines that end at or before an offset, counted plainly."""
    ends = re.finditer(r"\r\n|\r|\n", text)
    return 1 + sum(end.end() <= offset for end in ends)


@pytest.mark.parametrize("pattern", ["ab\r\ncd", "\r\n", "x\n\rž😀", "a long line without an end "])
def test_texts_by_pieces(tmp_path: Path, pattern: str):
    text = pattern * (3 * CHUNK_CHARACTERS // len(pattern))
    edges = [n * CHUNK_CHARACTERS + d for n in range(4) for d in (-2, -1, 0, 1, 2)]
    offsets = [offset for offset in edges if 0 <= offset <= len(text)] + [len(text)]
    with open_new(tmp_path / "library") as store:
        text_id = store.put([plain("/a.txt", text)])[0].text_id
        for start in offsets:
            line = line_at(text, start)
            for length in (0, 1, 5, CHUNK_CHARACTERS, 2 * CHUNK_CHARACTERS, len(text)):
                got = store.excerpt(text_id, start, start + length)
                assert got.text == text[start : start + length]
                assert got.line == line


def test_a_write_is_seen_by_whoever_reads_after_it(tmp_path: Path):
    with open_new(tmp_path / "library") as store:
        store.put([sample("/a.txt", 1)])
        (first, *_) = store.passage_ids().tolist()
        (before,) = store.passages([first]).values()
        assert store.passages([first])[first] is before  # held
        assert store.codes([first])
        assert store.turn_places([first])
        counts = store.term_counts(["rain"])
        store.remove(["/a.txt"])
        assert not store.passages([first])
        assert not store.codes([first])
        assert not store.turn_places([first])
        assert counts["rain"] > store.term_counts(["rain"])["rain"] == 0
        with pytest.raises(ValueError, match="no text has the id"):
            store.excerpt(before.text_id, 0, 5)
