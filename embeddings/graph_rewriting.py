"""Rewrites a converted network into one that OpenVINO runs faster and that computes the same.

Two steps, both plain edits of the graph: attention reads one padding mask instead of a mask of
every pair of word pieces, and queries that are scaled already; and the network is given the type
bfloat16 throughout, where OpenVINO left to itself would turn states back and forth between
bfloat16 and float32 around every layer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from embeddings.compiled_encoder import import_openvino

if TYPE_CHECKING:
    from openvino import Model

# What is added to a score that is not to count: nothing of it is left after the exponential.
_NEVER = -1e30
# Models write numbers below this for it.
_HIDDEN = -1e4
# The largest finite bfloat16. The "minus infinity" of many models is float32's lowest number,
# which would become a true infinity, and infinity times 0 is not a number.
_LARGEST_BFLOAT16 = 3.3895313892515355e38


def simplify_attention(network: Model, max_tokens: int) -> int:
    """Let every attention that only hides padding read one (b, 1, 1, t) mask; how many do.
    Their queries are scaled beforehand.

    Converted attention reads a mask of every pair of word pieces, (b, 1, t, t), drawn up by a
    gather. One that hides anything but padding (a causal or a local one, or one with a bias) is
    left as it is: its mask is computed here on `max_tokens` word pieces, without padding and with,
    and compared. `network` takes ids and mask (b, t).
    """
    import openvino.opset13 as op

    attentions = [n for n in network.get_ordered_ops() if _masked_attention(n)]
    hides_padding: dict[tuple[str, int], bool] = {}
    shared: Any = None
    changed = 0
    for attention in attentions:
        mask = attention.input_value(3)
        key = mask.get_node().get_name(), mask.get_index()
        if key not in hides_padding:
            hides_padding[key] = _hides_only_padding(network, mask, max_tokens)
        width = attention.input_value(0).get_partial_shape()[-1]
        if not hides_padding[key] or width.is_dynamic:
            continue
        if shared is None:
            shared = _padding_mask(network)
        given = attention.input_values()
        scale = given[4] if len(given) > 4 else _scalar(1.0 / width.get_length() ** 0.5)
        if _scaled_before_heads(given[0], scale):
            scale = _scalar(1.0)
        plain = op.scaled_dot_product_attention(*given[:3], shared, scale, causal=False)
        plain.set_friendly_name(attention.get_friendly_name())
        attention.output(0).replace(plain.output(0))
        changed += 1
    network.validate_nodes_and_infer_types()
    return changed


def type_bfloat16(network: Model) -> None:
    """Make every number and every operation bfloat16; the results stay float32.

    Sums inside products, normalisations and the softmax are still float32: that is how the
    runtime computes operations of this type.
    """
    import openvino.opset13 as op
    from openvino import Type

    for node in network.get_ordered_ops():
        if node.get_type_name() == "Constant" and node.get_element_type() in (Type.f32, Type.f16):
            numbers = np.clip(_float32(node.data), -_LARGEST_BFLOAT16, _LARGEST_BFLOAT16)
            node.output(0).replace(op.constant(numbers, dtype=Type.bf16).output(0))
        elif node.get_type_name() == "Convert" and node.get_element_type() == Type.f32:
            node.set_destination_type(Type.bf16)
    network.validate_nodes_and_infer_types()
    for result in network.get_results():
        states = op.convert(result.input_value(0), "f32")
        result.input(0).replace_source_output(states.output(0))
    network.validate_nodes_and_infer_types()


def _masked_attention(node: Any) -> bool:
    return (
        node.get_type_name() == "ScaledDotProductAttention"
        and node.get_input_size() >= 4
        and not node.get_attributes().get("causal")
    )


def _hides_only_padding(network: Model, mask: Any, max_tokens: int) -> bool:
    import openvino.opset13 as op
    from openvino import Model

    alone = Model([op.result(mask)], network.get_parameters(), "mask")
    compiled = import_openvino().Core().compile_model(alone, "CPU")
    for length in (max_tokens, max_tokens - max_tokens // 3):
        kept = np.arange(max_tokens)[None, :] < length
        found = np.asarray(compiled([np.ones_like(kept, np.int64), kept.astype(np.int64)])[0])
        hidden = ~found if found.dtype == np.bool_ else found < _HIDDEN
        if found.dtype != np.bool_ and np.any(found[~hidden]):
            return False
        # What padding itself attends to does not matter.
        rows = hidden[..., :length, :] if hidden.shape[-2] == max_tokens else hidden
        if not np.array_equal(rows, np.broadcast_to(~kept, rows.shape)):
            return False
    return True


def _scaled_before_heads(queries: Any, scale: Any) -> bool:
    """Multiply queries by `scale` before they are cut into heads: there it is part of the kernel
    of the product before it, where scaling inside attention takes an operation of its own
    (measured: 7 % of the network's time). False, and nothing is changed, if something beside
    this attention reads the heads."""
    import openvino.opset13 as op

    first: Any = None
    while queries.get_node().get_type_name() in ("Reshape", "Transpose"):
        if len(queries.get_target_inputs()) != 1:
            return False
        first = queries.get_node().input(0)
        queries = queries.get_node().input_value(0)
    if first is None:
        return False
    first.replace_source_output(op.multiply(queries, scale).output(0))
    return True


def _padding_mask(network: Model) -> Any:
    """Make a mask (b, 1, 1, t): 0 where there is a word piece and _NEVER where there is none."""
    import openvino.opset13 as op

    kept = op.convert(network.input("attention_mask").get_node(), "f32")
    added = op.multiply(op.subtract(_scalar(1.0), kept), _scalar(_NEVER))
    return op.unsqueeze(added, op.constant(np.array([1, 2], dtype=np.int64))).output(0)


def _scalar(value: float) -> Any:
    import openvino.opset13 as op

    return op.constant(np.float32(value))


def _float32(numbers: Any) -> NDArray[np.float32]:
    return np.asarray(numbers, dtype=np.float32)
