"""What stands between a transformer's states and a sentence vector: pooling, then further layers.

A head is data (it is written into the compiled form) and one function that applies it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from embeddings.encoder import FloatMatrix, unit_rows
from embeddings.pooling import Mask, PoolingMode, pool


class Activation(StrEnum):
    """What follows a dense layer's product."""

    IDENTITY = "Identity"
    TANH = "Tanh"
    RELU = "ReLU"
    SIGMOID = "Sigmoid"


@dataclass(frozen=True, slots=True)
class Dense:
    """activation(x · weightᵀ + bias): weight (out, in), bias (out,), zeros where there is none."""

    weight: FloatMatrix
    bias: FloatMatrix
    activation: Activation


@dataclass(frozen=True, slots=True)
class Normalize:
    """Scale to length 1."""


@dataclass(frozen=True, slots=True)
class SentenceHead:
    """`modes` are pooled and laid side by side; `layers` follow in order. `pools_prompt` says
    whether a prompt's word pieces are pooled with the text's."""

    modes: tuple[PoolingMode, ...]
    pools_prompt: bool
    layers: tuple[Dense | Normalize, ...]


def sentence_vectors(
    head: SentenceHead, states: FloatMatrix, mask: Mask, prompt_tokens: int
) -> FloatMatrix:
    """(b, t, h) states and (b, t) mask to (b, d) vectors of unit length.

    `prompt_tokens` is how many word pieces at the front of each text are the prompt's.
    """
    pooled = mask
    if prompt_tokens and not head.pools_prompt:
        pooled = mask & (np.cumsum(mask, axis=1) > prompt_tokens)
    vectors = np.concatenate([pool(mode, states, mask, pooled) for mode in head.modes], axis=1)
    for layer in head.layers:
        vectors = unit_rows(vectors) if isinstance(layer, Normalize) else _dense(layer, vectors)
    return unit_rows(vectors)


def _dense(layer: Dense, vectors: FloatMatrix) -> FloatMatrix:
    product = vectors @ layer.weight.T + layer.bias
    return np.asarray(_ACTIVATIONS[layer.activation](product), dtype=np.float32)


def _sigmoid(x: FloatMatrix) -> FloatMatrix:
    # By way of tanh, which does not overflow.
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * x)), dtype=np.float32)


_ACTIVATIONS: dict[Activation, Callable[[FloatMatrix], FloatMatrix]] = {
    Activation.IDENTITY: lambda x: x,
    Activation.TANH: np.tanh,
    Activation.RELU: lambda x: np.maximum(x, np.float32(0)),
    Activation.SIGMOID: _sigmoid,
}
