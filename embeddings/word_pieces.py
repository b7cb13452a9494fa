"""Word pieces of many texts: padded batches of them in a few shapes, and their numbers.

Texts of like length stand together, in multiples of 8, padded to a multiple of 16 word pieces:
every shape that a network has not run before costs it milliseconds of preparation.

BERT's way of cutting text never looks past a space, so that a text has as many pieces as its words
have together; nearly all of a text's words have been met before, and are not counted again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import neg
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_ROW_STEP = 8
# The matrix units work in tiles of 16: 152 word pieces take a fifth longer than 160 (measured).
_LENGTH_STEP = 16
# More word pieces in a batch make it no faster (measured, products alone: 1,280 are 5 % slower and
# 320 are 25 %, since every batch reads all weights again).
_BATCH_TOKENS = 2560
# A batch grows beyond its first 8 texts only by texts that are padded by no more than this share.
_MOST_PADDING = 1 / 8
_MOST_WORDS = 1 << 16
# A longer one is no word, and there may be many of them.
_LONGEST_WORD = 64


@dataclass(frozen=True, slots=True)
class TextPieces:
    """One text's word pieces: its position among the texts, ids (t,) and offsets (t, 2), int32."""

    position: int
    ids: NDArray[np.int32]
    offsets: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts padded to one length: ids and mask (b, t), int64.

    Padding stands on the right whatever the model's own habit: there it shifts no position, and
    a model that reads from left to right never sees it.
    """

    texts: tuple[TextPieces, ...]
    ids: NDArray[np.int64]
    mask: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Padding:
    """What fills a batch up: the padding's id, and the model's own length, which a batch never
    exceeds by it (there may be no position for what is added)."""

    id: int
    max_tokens: int


def batched(windows: Iterator[list[TextPieces]], count: int, padding: Padding) -> Iterator[Batch]:
    """Yield batches of `count` texts in all that come a window at a time, roughly longest first."""
    # Few texts make several batches all the same, so that every core has work.
    most = max(count // 4, _ROW_STEP)
    left: list[TextPieces] = []
    for window in windows:
        # All but the last window's shortest texts wait for their like in the next.
        count -= len(window)
        waiting = len(window) // 2 if count else 0
        left = sorted([*left, *window], key=lambda text: len(text.ids), reverse=True)
        while len(left) > waiting:
            rows = batch_rows([len(text.ids) for text in left], most)
            yield padded(left[:rows], padding)
            del left[:rows]


def batch_rows(lengths: Sequence[int], most: int) -> int:
    """Return how many of the texts of these lengths, longest first, make the next batch."""
    width = max(lengths[0], 1)
    limit = min(_BATCH_TOKENS // width, most, len(lengths))
    shortest = width * (1 - _MOST_PADDING)
    alike = bisect_right(lengths, -shortest, hi=max(limit, 0), key=neg)
    return max(alike // _ROW_STEP * _ROW_STEP, _ROW_STEP)


def padded(texts: Sequence[TextPieces], padding: Padding) -> Batch:
    """Make one batch of these texts."""
    longest = max(len(text.ids) for text in texts)
    steps = max(-(-longest // _LENGTH_STEP), 1) * _LENGTH_STEP
    width = max(min(steps, padding.max_tokens), longest, 1)
    ids = np.full((len(texts), width), padding.id, dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, text in enumerate(texts):
        ids[row, : len(text.ids)] = text.ids
        mask[row, : len(text.ids)] = 1
    return Batch(tuple(texts), ids, mask)


# ---- counting -----------------------------------------------------------------------------------


def never_looks_past_a_space(tokenizer: Tokenizer) -> bool:
    """Return whether the pieces of a text are those of its words, by how the tokenizer is made."""
    parts = (tokenizer.normalizer, tokenizer.pre_tokenizer, tokenizer.model)
    names = tuple(type(part).__name__ for part in parts)
    added = tokenizer.get_added_tokens_decoder().values()
    return names == ("BertNormalizer", "BertPreTokenizer", "WordPiece") and not any(
        " " in token.content for token in added
    )


class WordCounts:
    """Counts by a tokenizer without truncation. Threads may share it."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._by_word = never_looks_past_a_space(tokenizer)
        self._known: dict[str, int] = {}

    def of(self, texts: Sequence[str]) -> list[int]:
        """Return how many pieces each text has, without special tokens."""
        if not self._by_word:
            return self._counted(texts)
        # Another thread may begin a new one meanwhile; from this one nothing is ever taken.
        known = self._known
        if len(known) > _MOST_WORDS:
            known = self._known = {}
        words = [text.split(" ") for text in texts]
        new = {word for each in words for word in each if word not in known}
        short = [word for word in new if len(word) <= _LONGEST_WORD]
        known.update(zip(short, self._counted(short), strict=True))
        if len(short) == len(new):
            return [sum(map(known.__getitem__, each)) for each in words]
        return [
            sum(map(known.__getitem__, each))
            if known.keys() >= set(each)
            else self._counted([text])[0]
            for text, each in zip(texts, words, strict=True)
        ]

    def _counted(self, texts: Sequence[str]) -> list[int]:
        # The fast kind leaves the offsets out.
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding) for encoding in encodings]
