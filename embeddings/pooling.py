"""From word piece states to one vector a text: sentence-transformers' poolings, in NumPy.

Shapes: `states` (b, t, d) float32, `mask` (b, t) bool, True where a word piece is to be pooled;
every function gives (b, d). Padding may stand on either side. A row whose mask is empty pools to
zeros. The modes and their formulas are those of sentence_transformers' `Pooling` module.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import FloatMatrix

Mask = NDArray[np.bool_]


class PoolingMode(StrEnum):
    """The names are those of the pooling module's configuration."""

    CLS = "cls"
    MAX = "max"
    MEAN = "mean"
    MEAN_SQRT_LEN = "mean_sqrt_len_tokens"
    WEIGHTED_MEAN = "weightedmean"
    LAST_TOKEN = "lasttoken"


def pool(mode: PoolingMode, states: FloatMatrix, mask: Mask, pooled: Mask) -> FloatMatrix:
    """One mode's (b, d). `mask` marks a text's word pieces, `pooled` those of them that count
    (without a prompt's, where the model leaves them out)."""
    if mode is PoolingMode.WEIGHTED_MEAN:
        return weighted_mean(states, pooled, first=_first(mask))
    return _POOLINGS[mode](states, pooled)


def first_token(states: FloatMatrix, mask: Mask) -> FloatMatrix:
    """The state of the first word piece ("cls")."""
    return _picked(states, mask, _first(mask))


def last_token(states: FloatMatrix, mask: Mask) -> FloatMatrix:
    """The state of the last word piece."""
    return _picked(states, mask, mask.shape[1] - 1 - _first(mask[:, ::-1]))


def maximum(states: FloatMatrix, mask: Mask) -> FloatMatrix:
    """The largest value in each dimension."""
    highest = np.max(np.where(mask[:, :, None], states, -np.inf), axis=1)
    return _float32(np.where(_any(mask), highest, 0.0))


def mean(states: FloatMatrix, mask: Mask) -> FloatMatrix:
    """sum(states) / n"""
    return _weighted(states, mask.astype(np.float32))


def mean_sqrt_len(states: FloatMatrix, mask: Mask) -> FloatMatrix:
    """sum(states) / sqrt(n)"""
    counts = mask.sum(axis=1, dtype=np.float32)[:, None]
    return _float32(mean(states, mask) * np.sqrt(counts))


def weighted_mean(states: FloatMatrix, mask: Mask, first: NDArray[np.intp]) -> FloatMatrix:
    """The mean weighted by position: 1 for the text's first word piece (column `first`, (b,)),
    2 for the next, and so on (SGPT, Muennighoff 2022)."""
    positions = np.arange(1, mask.shape[1] + 1)[None, :] - first[:, None]
    return _weighted(states, _float32(positions * mask))


def _weighted(states: FloatMatrix, weights: FloatMatrix) -> FloatMatrix:
    total = np.maximum(weights.sum(axis=1, keepdims=True), 1e-9)
    # A product of matrices: several times faster than multiplying and adding up.
    return _float32(np.matmul(weights[:, None, :], states)[:, 0, :] / total)


def _picked(states: FloatMatrix, mask: Mask, columns: NDArray[np.intp]) -> FloatMatrix:
    rows = np.arange(len(states))
    return _float32(states[rows, columns] * _any(mask))


def _first(mask: Mask) -> NDArray[np.intp]:
    return np.asarray(np.argmax(mask, axis=1), dtype=np.intp)


def _any(mask: Mask) -> Mask:
    return np.asarray(np.any(mask, axis=1, keepdims=True))


def _float32(values: NDArray[Any]) -> FloatMatrix:
    return np.asarray(values, dtype=np.float32)


_POOLINGS: dict[PoolingMode, Callable[[FloatMatrix, Mask], FloatMatrix]] = {
    PoolingMode.CLS: first_token,
    PoolingMode.MAX: maximum,
    PoolingMode.MEAN: mean,
    PoolingMode.MEAN_SQRT_LEN: mean_sqrt_len,
    PoolingMode.LAST_TOKEN: last_token,
}
