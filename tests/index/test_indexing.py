"""What the indexes hold of passages, and how often each passage is encoded for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from embeddings.encoder import EncodedText
from embeddings.token_codes import CALIBRATION_TEXTS, MOST_TEXTS
from qa.index.indexing import (
    ContextualPassage,
    PassageIndexer,
    index_passage,
)
from qa.ingest import VERSIONS
from qa.language.tokens import lexical_tokens, tokens
from qa.store.opening import create_library
from tests.support.hashing_encoder import HashingEncoder


@dataclass
class Counting(HashingEncoder):
    """Counts how often each text is encoded."""

    met: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        super().__init__()

    def passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Iterator[tuple[int, EncodedText]]:
        self.met.update(texts)
        return super().passages(texts, progress)


def passages(count: int) -> list[ContextualPassage]:
    return [
        ContextualPassage(
            f"The quay of port {n} has {n % 7} cranes and the tide.", f"Port {n % 3}."
        )
        for n in range(count)
    ]


def test_the_first_passages_of_a_library_are_encoded_once_and_give_its_mean(tmp_path: Path) -> None:
    encoder, given = Counting(), passages(MOST_TEXTS + 50)
    told: list[int] = []
    with create_library(tmp_path, encoder.identity, VERSIONS) as store:
        indexer = PassageIndexer(store, encoder)
        assert indexer.begin()
        found = indexer.index(given, told.append)
        assert not indexer.begin()
        mean = store.provenance.token_mean
        assert encoder.met == Counter([*CALIBRATION_TEXTS, *(passage.text for passage in given)])
        assert sum(told) == len(given)
        drawn = [*CALIBRATION_TEXTS, *(passage.text for passage in given[::2])]
        vectors = [
            item.token_vectors[item.offsets[:, 1] > item.offsets[:, 0]]
            for item in map(encoder.question, drawn)
        ]
        assert mean is not None
        np.testing.assert_allclose(mean, np.concatenate(vectors).mean(axis=0), atol=1e-6)
        # Whoever was in the sample has the same codes as the others, in the order given.
        for mine, passage in zip(found, given, strict=True):
            other = index_passage(encoder.question(passage.text), passage, mean).encoded
            assert mine.encoded.codes.to_bytes() == other.codes.to_bytes()
            np.testing.assert_array_equal(mine.encoded.vector, other.vector)
            assert mine.tokens == lexical_tokens(passage.context, passage.text)
        later = PassageIndexer(store, encoder).index(given[:3])
        assert [item.tokens for item in later] == [item.tokens for item in found[:3]]
        np.testing.assert_array_equal(store.provenance.token_mean, mean)


def test_a_source_without_passages_gives_no_mean(tmp_path: Path) -> None:
    encoder = HashingEncoder()
    with create_library(tmp_path, encoder.identity, VERSIONS) as store:
        assert PassageIndexer(store, encoder).index([]) == []
        assert store.provenance.token_mean is None


def test_the_context_comes_before_the_text_and_does_not_reach_into_it() -> None:
    assert lexical_tokens("", "Two cranes.") == "two crane"
    assert lexical_tokens("Port of Hal.", "Two cranes.") == "port of hal two crane"
    assert lexical_tokens("Port. Ann Lee.", "ing words") == " ".join(
        tokens("Port. Ann Lee.\ning words")
    )
