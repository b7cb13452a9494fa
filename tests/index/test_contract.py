"""What every index keeps to, held against brute force: NumPy for vectors, counting for words."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embeddings.encoder import unit_rows
from qa.index.derived import IndexFile
from qa.index.exact import ExactIndex
from qa.index.postings import LexicalIndex
from qa.index.protocol import Index, IndexMismatch, SavedIndex
from qa.index.quantised import QuantizedIndex
from qa.store.records import HeldText

DIMENSION = 24
COUNT = 300
IDS = np.arange(COUNT, dtype=np.int64) * 3 + 2
WORDS = [f"w{number}" for number in range(40)]


def clustered(count: int, seed: int) -> np.ndarray:
    generator = np.random.default_rng(seed)
    centres = np.random.default_rng(1).standard_normal((20, DIMENSION))
    rows = centres[generator.integers(0, 20, count)]
    return unit_rows((rows + generator.standard_normal(rows.shape) * 0.6).astype(np.float32))


def sentences(count: int, seed: int) -> list[str]:
    generator = np.random.default_rng(seed)
    return [
        " ".join(WORDS[number % 40] for number in generator.zipf(1.5, generator.integers(0, 30)))
        for _ in range(count)
    ]


def by_numpy(held: dict[int, Any], question: np.ndarray) -> dict[int, float]:
    return {id_: float(np.dot(row, question)) for id_, row in held.items()}


def by_counting(held: dict[int, Any], terms: list[str]) -> dict[int, float]:
    """Robertson's BM25 from the formula, over split strings; only what holds a term."""
    lists = {id_: text.split() for id_, text in held.items()}
    mean = sum(map(len, lists.values())) / max(len(lists), 1)
    scores: dict[int, float] = {}
    for term in dict.fromkeys(terms):
        holding = [id_ for id_, words in lists.items() if term in words]
        odds = (len(lists) - len(holding) + 0.5) / (len(holding) + 0.5)
        weight = max(math.log(odds), 1e-6)
        for id_ in holding:
            often, length = lists[id_].count(term), len(lists[id_])
            part = often * 2.2 / (often + 1.2 * (0.25 + 0.75 * length / mean))
            scores[id_] = scores.get(id_, 0.0) + weight * part
    return scores


@dataclass(frozen=True)
class Kind:
    """One implementation: an empty index, content and questions from a seed, the truth, and how
    far scores may be from it."""

    empty: Callable[[], Index[Any, Any]]
    content: Callable[[int, int], Any]
    questions: list[Any]
    truth: Callable[[dict[int, Any], Any], dict[int, float]]
    tolerance: float


VECTORS = list(clustered(15, 99))
KINDS = {
    "exact": Kind(lambda: ExactIndex(DIMENSION), clustered, VECTORS, by_numpy, 1e-5),
    "quantized": Kind(
        lambda: QuantizedIndex.train(clustered(200, 5)), clustered, VECTORS, by_numpy, 0.02
    ),
    "postings": Kind(
        LexicalIndex,
        sentences,
        [["w1"], ["w2", "w7"], ["w30", "w1", "w30"], ["w39"], ["nowhere"], []],
        by_counting,
        1e-4,
    ),
}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[request.param]


class Pair:
    """An index, and a dictionary that goes through the same changes."""

    def __init__(self, kind: Kind) -> None:
        self.kind, self.index, self.held = kind, kind.empty(), dict[int, Any]()

    def add(self, ids: np.ndarray, seed: int = 3) -> None:
        content = self.kind.content(len(ids), seed)
        self.index.add(ids, content)
        self.held.update(zip(ids.tolist(), content, strict=True))

    def remove(self, ids: np.ndarray) -> None:
        there = [id_ for id_ in ids.tolist() if id_ in self.held]
        assert self.index.remove(ids) == len(there)
        for id_ in there:
            del self.held[id_]

    def check(self, among: np.ndarray | None = None) -> None:
        assert len(self.index) == len(self.held)
        allowed = set(self.held) if among is None else set(among.tolist()) & set(self.held)
        for question in self.kind.questions:
            truth = self.kind.truth(self.held, question)
            matches = self.index.search(question)
            ids = np.array(sorted(self.held), np.int64)
            expected = [truth.get(id_, 0.0) for id_ in ids.tolist()]
            np.testing.assert_allclose(matches.scores(ids), expected, atol=self.kind.tolerance)
            meeting = {id_: score for id_, score in truth.items() if id_ in allowed}
            for count in (1, 10, 1000):
                found = matches.best(count, among).tolist()
                assert len(found) == len(set(found)) == min(count, len(meeting))
                assert set(found) <= set(meeting)
                # Of the best scores, in their order; ties and roundings may change places.
                scores = [meeting[id_] for id_ in found]
                wanted = sorted(meeting.values(), reverse=True)[: len(found)]
                np.testing.assert_allclose(scores, wanted, atol=2 * self.kind.tolerance)


@pytest.fixture
def pair(kind: Kind) -> Pair:
    return Pair(kind)


def test_empty_it_finds_nothing(pair: Pair) -> None:
    pair.check()
    pair.check(IDS[:5])
    pair.add(IDS[:0])
    pair.remove(IDS[:4])
    pair.check()


def test_what_was_added_is_found_in_the_order_of_its_scores(pair: Pair) -> None:
    pair.add(IDS[:200])
    pair.check()
    pair.add(IDS[200:], seed=4)
    pair.check()


def test_what_was_removed_is_gone_and_may_come_back_as_something_else(pair: Pair) -> None:
    pair.add(IDS)
    pair.remove(IDS[50:90])
    pair.check()
    pair.remove(np.concatenate([IDS[60:70], IDS[:20] + 1]))  # gone already, or never there
    pair.check()
    pair.add(IDS[50:90], seed=77)
    pair.check()
    pair.remove(IDS[::2])
    pair.check()
    pair.remove(IDS)
    pair.check()
    pair.add(IDS[:30], seed=8)
    pair.check()


@pytest.mark.parametrize("step", [1, 2, 37])
def test_a_filter_applies_before_ranking(pair: Pair, step: int) -> None:
    pair.add(IDS)
    pair.remove(IDS[100:130])
    pair.check(IDS[::step])
    pair.check(np.sort(np.concatenate([IDS[::step], IDS[::step] + 1])))  # it may name strangers
    pair.check(IDS[:0])


def test_the_ids_may_come_in_any_order(pair: Pair) -> None:
    pair.add(np.random.default_rng(2).permutation(IDS))
    pair.remove(np.random.default_rng(3).permutation(IDS)[:100])
    pair.check()


def test_content_for_other_passages_is_refused_and_changes_nothing(pair: Pair) -> None:
    pair.add(IDS[:100])
    with pytest.raises(IndexMismatch):
        pair.index.add(IDS[100:110], pair.kind.content(9, 1))
    pair.check()


def test_restored_it_is_equal_and_goes_on(pair: Pair) -> None:
    for change in (lambda: None, lambda: pair.add(IDS), lambda: pair.remove(IDS[20:60])):
        change()
        saved = pair.index.save()
        again = Pair(pair.kind)
        again.index, again.held = type(pair.index).restore(saved), dict(pair.held)
        again.check()
        assert again.index.form == pair.index.form
        for question in pair.kind.questions:
            mine, other = pair.index.search(question), again.index.search(question)
            ids = np.array(sorted(pair.held), np.int64)
            np.testing.assert_array_equal(mine.scores(ids), other.scores(ids))
        again.remove(IDS[5:15])
        again.add(IDS[5:15], seed=12)
        again.check()
        pair.check()  # to restore takes nothing from whoever saved


def test_what_was_never_saved_is_refused(pair: Pair) -> None:
    pair.add(IDS[:150])
    pair.add(IDS[150:])
    saved, restore = pair.index.save(), type(pair.index).restore
    for name, array in saved.arrays.items():
        without = {key: other for key, other in saved.arrays.items() if key != name}
        wrong = [array[..., :-1], array.astype(np.float64), array[None]]
        for arrays in (without, *({**saved.arrays, name: one} for one in wrong)):
            with pytest.raises(IndexMismatch):
                restore(SavedIndex(saved.entries, arrays))
    for name in saved.entries:
        without = {key: other for key, other in saved.entries.items() if key != name}
        for entries in (without, {**saved.entries, name: "?"}, {**saved.entries, name: None}):
            with pytest.raises(IndexMismatch):
                restore(SavedIndex(entries, saved.arrays))


def test_a_file_gives_back_the_index_or_nothing(pair: Pair, tmp_path: Path) -> None:
    inventory = {7: HeldText("mark", int(IDS[0]), int(IDS[-1]), COUNT)}
    file = IndexFile(tmp_path / "index", {"format": 1, "revision": "a"})
    assert file.read() is None
    assert file.is_late(inventory)
    pair.add(IDS)
    file.write(inventory, pair.index)
    assert not file.is_late(inventory)
    found = file.read()
    assert found is not None
    assert found.inventory == inventory
    assert found.saved.entries["kind"] == pair.index.form
    again = Pair(pair.kind)
    again.index, again.held = type(pair.index).restore(found.saved), pair.held
    again.check()
    # Another model's, or an earlier format's: stale, and not read.
    other = IndexFile(file.path, {"format": 1, "revision": "b"})
    assert other.read() is None
    assert other.is_late(inventory)
    changed = {7: HeldText("another", int(IDS[0]), int(IDS[-1]), COUNT)}
    assert file.is_late(changed)
    whole = file.path.read_bytes()
    for place in np.random.default_rng(6).integers(0, len(whole), 30).tolist():
        data = bytearray(whole)
        data[place] ^= 1 << place % 8
        file.path.write_bytes(data)
        damaged = file.read()
        if damaged is not None:  # the bit lay between two arrays
            again.index = type(pair.index).restore(damaged.saved)
            again.check()
    for length in (0, 9, len(whole) // 2, len(whole) - 1):
        file.path.write_bytes(whole[:length])
        assert file.read() is None


@pytest.mark.parametrize("name", ["exact", "quantized"])
def test_the_score_of_a_vector_that_is_not_there_is_an_error(name: str) -> None:
    pair = Pair(KINDS[name])
    pair.add(IDS)
    pair.remove(IDS[:2])
    with pytest.raises(KeyError):
        pair.index.search(VECTORS[0]).scores(IDS[1:4])
