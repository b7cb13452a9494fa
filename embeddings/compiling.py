"""Makes a model's compiled form from sentence-transformers' own, and tests it against that.

Everything in this module happens once for a model on a machine. The only user of torch and of
OpenVINO's conversion tools besides the reference encoder itself. It is run in a process of its
own (`python -m embeddings.compiling`, started by loading.py): OpenVINO takes the process down
with it on some models, and torch's memory is given back.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from embeddings.compiled_encoder import CompiledEncoder, import_openvino
from embeddings.compiled_form import FILES, CompiledForm, Parity, Side, write_form
from embeddings.errors import CompiledFormDamaged, EmbeddingError, NotCompilable
from embeddings.graph_rewriting import simplify_attention, type_bfloat16
from embeddings.parity import hold_to_floor, measure_parity
from embeddings.pooling import PoolingMode
from embeddings.sentence_encoder import SentenceEncoder
from embeddings.sentence_head import Activation, Dense, Normalize, SentenceHead

if TYPE_CHECKING:
    from openvino import Model

# The model's own attention, which OpenVINO runs fused; then plain products: where a row of a
# local attention has nothing to attend to, the fused one gives what is not a number.
_ATTENTIONS = (None, "eager")
# The network as it was converted is taken where the faster one is not faithful or can't be run.
_REWRITTEN = (True, False)
_LEGACY_MODES = {
    "pooling_mode_cls_token": PoolingMode.CLS,
    "pooling_mode_max_tokens": PoolingMode.MAX,
    "pooling_mode_mean_tokens": PoolingMode.MEAN,
    "pooling_mode_mean_sqrt_len_tokens": PoolingMode.MEAN_SQRT_LEN,
    "pooling_mode_weightedmean_tokens": PoolingMode.WEIGHTED_MEAN,
    "pooling_mode_lasttoken": PoolingMode.LAST_TOKEN,
}


def compile_model(
    reference: SentenceEncoder, precisions: Sequence[str], folder: Path
) -> CompiledForm:
    """Write the compiled form of `reference`, a float32 encoder, into the empty `folder`.

    The first of `precisions` that passes the parity test is taken. Raises NotCompilable if the
    model has a part that is not honoured or none passes; OSError if `folder` can't be written.
    """
    form = _form(reference, _head(reference.sentence_transformer))
    (folder / FILES.tokenizer).write_text(_tokenizer(reference), encoding="utf-8")
    shortfalls: dict[str, None] = {}
    for attention in _ATTENTIONS:
        _use_attention(reference, attention)
        network = _network(reference)
        for precision, rewritten in product(precisions, _REWRITTEN):
            try:
                made = _rewritten(network, precision, form.max_tokens) if rewritten else network
                _save(made, folder)
                return _tested(replace(form, precision=precision), reference, folder)
            except NotCompilable as shortfall:
                shortfalls[str(shortfall)] = None
    raise NotCompilable("; ".join(shortfalls))


def _rewritten(network: Model, precision: str, max_tokens: int) -> Model:
    made = network.clone()
    try:
        simplify_attention(made, max_tokens)
        if precision == "bfloat16":
            type_bfloat16(made)
    except RuntimeError as error:
        raise NotCompilable(f"its network can't be rewritten ({_line(error)})") from error
    return made


def _use_attention(reference: SentenceEncoder, attention: str | None) -> None:
    if attention is not None:
        transformer: Any = reference.sentence_transformer[0]
        transformer.auto_model.set_attn_implementation(attention)


def _save(network: Model, folder: Path) -> None:
    try:
        # Numbers of 4 bytes are stored in 2, which the parity test then includes: half the disk,
        # half the bytes to verify at each start.
        import_openvino().save_model(network, str(folder / FILES.network), compress_to_fp16=True)
    except RuntimeError as error:
        raise OSError(f"{folder} can't be written ({error})") from error


def _tested(form: CompiledForm, reference: SentenceEncoder, folder: Path) -> CompiledForm:
    write_form(folder, form)
    try:
        parity = measure_parity(CompiledEncoder(folder, reference.identity.name), reference)
    # What the runtime can't run it refuses with a RuntimeError of its own wording.
    except (RuntimeError, CompiledFormDamaged) as error:
        raise NotCompilable(f"OpenVINO can't run it ({_line(error)})") from error
    hold_to_floor(parity, form.precision)
    form = replace(form, parity=parity)
    write_form(folder, form)
    return form


def _form(reference: SentenceEncoder, head: SentenceHead) -> CompiledForm:
    tokenizer = reference.tokenizer
    return CompiledForm(
        revision=reference.identity.revision,
        dimension=reference.identity.dimension,
        precision="float32",
        max_tokens=reference.max_tokens,
        pad_id=int(tokenizer.pad_token_id or 0),
        truncation=Side(tokenizer.truncation_side),
        question=reference.question_prompt,
        passage=reference.passage_prompt,
        head=head,
        parity=Parity(0.0, 0.0),
    )


def _head(model: Any) -> SentenceHead:
    """What follows the transformer, or NotCompilable with the part that can't be honoured."""
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


def _tokenizer(reference: SentenceEncoder) -> str:
    tokenizer = reference.tokenizer
    if not getattr(tokenizer, "is_fast", False):
        raise NotCompilable(f"its tokenizer {type(tokenizer).__name__} runs in Python only")
    features = tokenizer("A first sentence. And a second one.")
    if any(features.get("token_type_ids", ())):
        raise NotCompilable("its tokenizer gives token types other than 0")
    described: dict[str, Any] = json.loads(tokenizer.backend_tokenizer.to_str())
    # Left over from whatever was encoded last.
    return json.dumps(described | {"truncation": None, "padding": None}, ensure_ascii=False)


def _network(reference: SentenceEncoder) -> Model:
    """The transformer as an OpenVINO model: input_ids and attention_mask (b, t) to (b, t, h)."""
    import torch

    import_openvino()
    from openvino.tools.ovc import convert_model

    transformer: Any = reference.sentence_transformer[0].auto_model
    typed = "token_type_ids" in reference.tokenizer.model_input_names

    class LastHiddenState(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            # Registered, so that its weights are found.
            self.transformer = transformer

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            types = {"token_type_ids": torch.zeros_like(input_ids)} if typed else {}
            states: torch.Tensor = transformer(
                input_ids=input_ids, attention_mask=attention_mask, return_dict=False, **types
            )[0]
            return states

    ids = torch.ones((2, 8), dtype=torch.int64)
    mask = torch.ones_like(ids)
    # One text shorter than the other: with nothing to mask, tracing would leave the mask out.
    mask[1, 5:] = 0
    try:
        # What tracing warns of is what the parity test finds out.
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")
            network: Model = convert_model(
                LastHiddenState().eval(),
                example_input={"input_ids": ids, "attention_mask": mask},
            )
    # Tracing runs the model's code and raises whatever that raises.
    except Exception as error:
        raise NotCompilable(f"OpenVINO can't convert it ({_line(error)})") from error
    return network


def _name(module: Any) -> str:
    return type(module).__name__


def _line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[-1] if lines else type(error).__name__)[:200]


def main(arguments: Sequence[str]) -> int:
    """PRECISIONS FOLDER [MODEL]: compile into FOLDER; PRECISIONS are separated by commas.

    Exit status 0 and nothing on standard output, or 1 and one JSON object: the error's class and
    message.
    """
    precisions, folder, *model = arguments
    try:
        reference = SentenceEncoder(model[0] if model else None, precision="float32")
        compile_model(reference, precisions.split(","), Path(folder))
    except (EmbeddingError, OSError, ImportError) as error:
        kind = "OSError" if isinstance(error, OSError) else type(error).__name__
        print(json.dumps({"error": kind, "message": str(error)}))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
