"""What stands between a transformer's states and a sentence vector: pooling, then further layers.

A head is data (it is written into the compiled form), one function that applies it, and one that
reads it from a sentence-transformers model.

Shapes: `states` (b, t, d) float32, `mask` (b, t) bool, True where a word piece is to be pooled;
every pooling gives (b, d). Padding may stand on either side. A row whose mask is empty pools to
zeros. The modes and their formulas are those of sentence_transformers' `Pooling` module.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import FloatMatrix, unit_rows
from embeddings.errors import NotCompilable

Mask = NDArray[np.bool_]


class PoolingMode(StrEnum):
    """The names are those of the pooling module's configuration."""

    CLS = "cls"
    MAX = "max"
    MEAN = "mean"
    MEAN_SQRT_LEN = "mean_sqrt_len_tokens"
    WEIGHTED_MEAN = "weightedmean"
    LAST_TOKEN = "lasttoken"


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
    """Return (b, d) vectors of unit length for (b, t, h) states and their (b, t) mask.

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


# ---- pooling ------------------------------------------------------------------------------------


def pool(mode: PoolingMode, states: FloatMatrix, mask: Mask, pooled: Mask) -> FloatMatrix:
    """Return one mode's (b, d). `mask` marks a text's word pieces, `pooled` those of them that
    count (without a prompt's, where the model leaves them out)."""
    if mode is PoolingMode.WEIGHTED_MEAN:
        return weighted_mean(states, pooled, first=_first(mask))
    return _POOLINGS[mode](states, pooled)


def first_token(states: FloatMatrix, mask: Mask) -> FloatMatrix:
    """Return the state of the first word piece ("cls")."""
    return _picked(states, mask, _first(mask))


def last_token(states: FloatMatrix, mask: Mask) -> FloatMatrix:
    """Return the state of the last word piece."""
    return _picked(states, mask, mask.shape[1] - 1 - _first(mask[:, ::-1]))


def maximum(states: FloatMatrix, mask: Mask) -> FloatMatrix:
    """Return the largest value in each dimension."""
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
    """Return the mean weighted by position: 1 for the text's first word piece (column `first`,
    (b,)), 2 for the next, and so on (SGPT, Muennighoff 2022)."""
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


# ---- read from a model --------------------------------------------------------------------------

_LEGACY_MODES = {
    "pooling_mode_cls_token": PoolingMode.CLS,
    "pooling_mode_max_tokens": PoolingMode.MAX,
    "pooling_mode_mean_tokens": PoolingMode.MEAN,
    "pooling_mode_mean_sqrt_len_tokens": PoolingMode.MEAN_SQRT_LEN,
    "pooling_mode_weightedmean_tokens": PoolingMode.WEIGHTED_MEAN,
    "pooling_mode_lasttoken": PoolingMode.LAST_TOKEN,
}


def read_head(model: Any) -> SentenceHead:
    """Return what follows the transformer.

    Raises NotCompilable with the part that can't be honoured."""
    modules = list(model)
    for module in modules:
        if not type(module).__module__.startswith("sentence_transformers."):
            raise NotCompilable(f"its module {_name(module)} is the model's own code")
    names = [_name(module) for module in modules]
    if names[:2] != ["Transformer", "Pooling"]:
        raise NotCompilable(
            f"its modules are {', '.join(names)}, expected Transformer and Pooling to come first"
        )
    _hold_to_text(modules[0])
    layers = [_layer(module) for module in modules[2:] if _name(module) != "Dropout"]
    return SentenceHead(_modes(modules[1]), bool(modules[1].include_prompt), tuple(layers))


def _hold_to_text(transformer: Any) -> None:
    """Only a plain forward pass from word pieces to last hidden states is converted."""
    text = (getattr(transformer, "modality_config", None) or {}).get("text")
    plain = {"method": "forward", "method_output_name": "last_hidden_state"}
    if text is not None and any(
        text.get(key) not in (value, (value,), [value]) for key, value in plain.items()
    ):
        raise NotCompilable(f"its transformer computes {text}, expected {plain}")
    if getattr(transformer, "query_expansion", None) is not None:
        raise NotCompilable("its transformer expands queries")


def _modes(pooling: Any) -> tuple[PoolingMode, ...]:
    modes = getattr(pooling, "pooling_mode", None)
    if modes is None:
        return tuple(mode for flag, mode in _LEGACY_MODES.items() if getattr(pooling, flag, False))
    try:
        return tuple(PoolingMode(mode) for mode in ([modes] if isinstance(modes, str) else modes))
    except ValueError as error:
        raise NotCompilable(f"its pooling is unknown here ({error})") from error


def _layer(module: Any) -> Dense | Normalize:
    name = _name(module)
    streams = {
        getattr(module, key, "sentence_embedding")
        for key in ("module_input_name", "module_output_name")
    }
    if name not in ("Dense", "Normalize") or streams != {"sentence_embedding"}:
        raise NotCompilable(f"its module {name} over {', '.join(sorted(streams))} is not honoured")
    if name == "Normalize":
        return Normalize()
    if getattr(module, "use_residual", False):
        raise NotCompilable("its module Dense has a residual connection")
    activation = _name(module.activation_function)
    if activation not in set(Activation):
        raise NotCompilable(f"its module Dense has the activation {activation}")
    weight = module.linear.weight.detach().numpy().astype(np.float32)
    bias = module.linear.bias
    zeros = np.zeros(len(weight), dtype=np.float32)
    return Dense(
        weight, zeros if bias is None else bias.detach().numpy().copy(), Activation(activation)
    )


def _name(module: Any) -> str:
    return type(module).__name__
