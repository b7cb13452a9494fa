"""Word pieces of many texts → padded batches of a few shapes.

Texts of like length stand together, in multiples of 8, padded to a multiple of 16 word pieces:
every shape that a network has not run before costs it milliseconds of preparation.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import neg

import numpy as np
from numpy.typing import NDArray

_ROW_STEP = 8
# The matrix units work in tiles of 16: 152 word pieces take a fifth longer than 160 (measured).
_LENGTH_STEP = 16
# More word pieces in a batch make it no faster (measured, products alone: 1,280 are 5 % slower and
# 320 are 25 %, since every batch reads all weights again).
_BATCH_TOKENS = 2560
# A batch grows beyond its first 8 texts only by texts that are padded by no more than this share.
_MOST_PADDING = 1 / 8


@dataclass(frozen=True, slots=True)
class Tokens:
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

    texts: tuple[Tokens, ...]
    ids: NDArray[np.int64]
    mask: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Padding:
    """What fills a batch up: the padding's id, and the model's own length, which a batch never
    exceeds by it (there may be no position for what is added)."""

    id: int
    max_tokens: int


def batched(windows: Iterator[list[Tokens]], count: int, padding: Padding) -> Iterator[Batch]:
    """Batches of `count` texts in all that come a window at a time, roughly longest first."""
    # Few texts make several batches all the same, so that every core has work.
    most = max(count // 4, _ROW_STEP)
    left: list[Tokens] = []
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
    """How many of the texts of these lengths, longest first, make the next batch."""
    width = max(lengths[0], 1)
    limit = min(_BATCH_TOKENS // width, most, len(lengths))
    shortest = width * (1 - _MOST_PADDING)
    alike = bisect_right(lengths, -shortest, hi=max(limit, 0), key=neg)
    return max(alike // _ROW_STEP * _ROW_STEP, _ROW_STEP)


def padded(texts: Sequence[Tokens], padding: Padding) -> Batch:
    """One batch of these texts."""
    longest = max(len(text.ids) for text in texts)
    steps = max(-(-longest // _LENGTH_STEP), 1) * _LENGTH_STEP
    width = max(min(steps, padding.max_tokens), longest, 1)
    ids = np.full((len(texts), width), padding.id, dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, text in enumerate(texts):
        ids[row, : len(text.ids)] = text.ids
        mask[row, : len(text.ids)] = 1
    return Batch(tuple(texts), ids, mask)
