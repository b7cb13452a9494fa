"""A rewritten network computes what the converted one does, and only what is padding is shared."""

from __future__ import annotations

import importlib.util
from typing import Any

import numpy as np
import pytest

from embeddings.compiled_encoder import import_openvino
from embeddings.graph_rewriting import simplify_attention, type_bfloat16

# Not importorskip: a plain import of openvino would report itself over the network.
if importlib.util.find_spec("openvino") is None:
    pytest.skip("openvino is not installed", allow_module_level=True)

WIDTH, HEADS, TOKENS = 16, 2, 24


def constant(value: Any) -> Any:
    import_openvino()
    import openvino.opset13 as op

    kind = np.float32 if np.asarray(value).dtype.kind == "f" else np.int64
    return op.constant(np.asarray(value, dtype=kind))


def network(mask_of: str, *, own_queries: bool = True) -> Any:
    """Ids and mask to one attention over embedded ids, masked as `mask_of` says; its queries are
    the keys unless they are their own."""
    ov = import_openvino()
    import openvino.opset13 as op

    random = np.random.default_rng(5)
    ids, kept = (op.parameter([-1, -1], np.int64, name=n) for n in ("input_ids", "attention_mask"))
    kept.output(0).get_tensor().set_names({"attention_mask"})
    x = op.gather(constant(random.normal(size=(50, WIDTH))), ids, constant(0))
    weights = constant(random.normal(size=(WIDTH, WIDTH)) / 4)
    x = op.add(op.matmul(x, weights, False, True), constant(random.normal(size=(1, 1, WIDTH))))
    keys = cut(x)
    queries = cut(x) if own_queries else keys
    attended = op.scaled_dot_product_attention(queries, keys, keys, mask(mask_of, kept))
    out = op.reshape(
        op.transpose(attended, constant([0, 2, 1, 3])), constant([0, 0, WIDTH]), special_zero=True
    )
    return ov.Model([op.result(out)], [ids, kept], "tiny")


def cut(x: Any) -> Any:
    """(b, t, h) to heads."""
    import openvino.opset13 as op

    heads = op.reshape(x, constant([0, 0, HEADS, WIDTH // HEADS]), special_zero=True)
    return op.transpose(heads, constant([0, 2, 1, 3]))


def mask(kind: str, kept: Any) -> Any:
    import openvino.opset13 as op

    keys = op.unsqueeze(op.not_equal(kept, constant(0)), constant([1, 2]))
    length = op.gather(op.shape_of(kept), constant(1), constant(0))
    columns = op.unsqueeze(op.range(constant(0), length, constant(1), "i64"), constant(0))
    rows = op.unsqueeze(op.range(constant(0), length, constant(1), "i64"), constant(1))
    every_pair = op.logical_and(keys, op.greater_equal(rows, op.multiply(columns, constant(0))))
    if kind == "padding of every pair":
        return every_pair
    if kind == "added numbers":
        return op.select(every_pair, constant(0.0), constant(float(np.finfo(np.float32).min)))
    if kind == "causal":
        return op.logical_and(every_pair, op.greater_equal(rows, columns))
    if kind == "local":
        near = op.less(op.abs(op.subtract(rows, columns)), constant(TOKENS - 2))
        return op.logical_and(every_pair, near)
    assert kind == "biased"
    return op.select(every_pair, constant(-0.5), constant(-1e9))


def states(model: Any, precision: str = "f32") -> np.ndarray[Any, Any]:
    settings = {"INFERENCE_PRECISION_HINT": precision}
    compiled = import_openvino().Core().compile_model(model, "CPU", settings)
    ids = np.random.default_rng(6).integers(0, 50, (3, TOKENS))
    kept = np.arange(TOKENS)[None, :] < np.array([TOKENS, 11, 1])[:, None]
    found = np.asarray(compiled([ids, kept.astype(np.int64)])[0])
    return np.where(kept[:, :, None], found, 0.0)


@pytest.mark.parametrize(
    ("kind", "shared"),
    [
        ("padding of every pair", 1),
        ("added numbers", 1),
        ("causal", 0),
        ("local", 0),
        ("biased", 0),
    ],
)
def test_only_a_mask_of_padding_alone_is_shared(kind: str, shared: int) -> None:
    converted, rewritten = network(kind), network(kind)
    assert simplify_attention(rewritten, TOKENS) == shared
    assert np.allclose(states(rewritten), states(converted), atol=1e-5)
    widths = {
        str(node.input_value(3).get_partial_shape())
        for node in rewritten.get_ordered_ops()
        if node.get_type_name() == "ScaledDotProductAttention"
    }
    assert (widths == {"[?,1,1,?]"}) == bool(shared)


@pytest.mark.parametrize("own_queries", [True, False])
def test_queries_are_scaled_before_they_are_cut_unless_they_are_keys_too(own_queries: bool) -> None:
    converted, rewritten = (
        network("added numbers", own_queries=own_queries) for _ in ("as it is", "rewritten")
    )
    simplify_attention(rewritten, TOKENS)
    (attention,) = (
        node
        for node in rewritten.get_ordered_ops()
        if node.get_type_name() == "ScaledDotProductAttention"
    )
    left = 1.0 if own_queries else (WIDTH // HEADS) ** -0.5
    assert float(attention.input_value(4).get_node().data) == pytest.approx(left)
    assert np.allclose(states(rewritten), states(converted), atol=1e-5)


@pytest.mark.parametrize("kind", ["padding of every pair", "added numbers", "causal"])
def test_everything_between_ids_and_states_is_bfloat16(kind: str) -> None:
    converted, rewritten = network(kind), network(kind)
    simplify_attention(rewritten, TOKENS)
    type_bfloat16(rewritten)
    kinds = {
        node.get_type_name()
        for node in rewritten.get_ordered_ops()
        if any(out.get_element_type().get_type_name() == "f32" for out in node.outputs())
    }
    assert kinds == {"Convert", "Result"}
    found, expected = states(rewritten, "bf16"), states(converted)
    assert np.isfinite(found).all()
    assert found.dtype == expected.dtype == np.float32
    assert np.allclose(found, expected, atol=0.05)
