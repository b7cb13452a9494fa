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
from embeddings.encoder import EncodedText, Encoder
from embeddings.errors import CompiledFormDamaged, EmbeddingError, NotCompilable
from embeddings.graph_rewriting import simplify_attention, type_bfloat16
from embeddings.sentence_encoder import SentenceEncoder
from embeddings.sentence_head import SentenceHead, read_head

if TYPE_CHECKING:
    from openvino import Model

# The model's own attention, which OpenVINO runs fused; then plain products: where a row of a
# local attention has nothing to attend to, the fused one gives what is not a number.
_ATTENTIONS = (None, "eager")
# The network as it was converted is taken where the faster one is not faithful or can't be run.
_REWRITTEN = (True, False)

# The probes are sentences of everyday prose in several scripts, short and long, alone and in padded
# batches, empty and longer than any model reads.
_SENTENCES = (
    "The committee met on Tuesday to discuss next year's budget.",
    "Who asked for the report to be published before the summer?",
    "No.",
    "Prices rose by 3.7 % in the second quarter, to €1,204.50 a tonne.",
    "She said: “We were told in March; nobody answered our letters until late in May.”",
    "Der Ausschuss hat die Sitzung wegen des Sturms auf Donnerstag verschoben.",
    "Le rapport indique que les travaux n'ont pas commencé avant l'hiver.",
    "El puente quedó cerrado durante tres semanas por las lluvias.",
    "Комиссия отложила решение до следующего заседания в октябре.",
    "Η γέφυρα έκλεισε για τρεις εβδομάδες λόγω της βροχής.",
    "اللجنة أجلت القرار إلى الجلسة المقبلة.",
    "הוועדה דחתה את ההחלטה לישיבה הבאה.",
    "समिति ने निर्णय अगली बैठक तक टाल दिया।",
    "委员会把决定推迟到下次会议。",
    "委員会は決定を次の会議まで延期した。",
    "위원회는 결정을 다음 회의로 미루었다.",
    "Եկեղեցին կառուցվել է տասներորդ դարում։",
    "def total(rows): return sum(row.amount for row in rows)  # in cents",
    "🚲 12 km, 40 min ☔️",
)
PROBES = (
    *_SENTENCES,
    "",
    " ".join(_SENTENCES[:6]),
    " ".join(_SENTENCES),
    # Longer than the length at which any encoder cuts a text off.
    " ".join(_SENTENCES[:5]) * 120,
)

# The same for float32, which only rounds in another order, and for bfloat16, whose products keep
# 8 bits: a six-layer model measured 0.9999 for both kinds of vector. Deeper ones that drift
# further are computed in float32 instead.
FLOOR = 0.999


def compile_model(
    reference: SentenceEncoder, precisions: Sequence[str], folder: Path
) -> CompiledForm:
    """Write the compiled form of `reference`, a float32 encoder, into the empty `folder`.

    The first of `precisions` that passes the parity test is taken. Raises NotCompilable if the
    model has a part that is not honoured or none passes; OSError if `folder` can't be written.
    """
    form = _form(reference, read_head(reference.sentence_transformer))
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
    """Convert the transformer to an OpenVINO model: input_ids and attention_mask (b, t) to (b, t,
    h)."""
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


def _line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[-1] if lines else type(error).__name__)[:200]


def measure_parity(compiled: Encoder, reference: Encoder) -> Parity:
    """Return the lowest cosines over all probes, as passages in batches and as questions alone.

    Raises NotCompilable if the two cut a probe into different word pieces.
    """
    passages = [dict(encoder.passages(PROBES)) for encoder in (compiled, reference)]
    pairs = [(passages[0][i], passages[1][i]) for i in range(len(PROBES))]
    pairs += [(compiled.question(probe), reference.question(probe)) for probe in PROBES]
    for ours, theirs in pairs:
        if not (
            np.array_equal(ours.token_ids, theirs.token_ids)
            and np.array_equal(ours.offsets, theirs.offsets)
        ):
            raise NotCompilable("its tokenizer cuts texts into other word pieces than in torch")
    cosines = [_cosines(ours, theirs) for ours, theirs in pairs]
    return Parity(*(float(lowest) for lowest in np.min(cosines, axis=0)))


def hold_to_floor(parity: Parity, precision: str) -> None:
    """Raise NotCompilable with the figure that fell short."""
    found_by_kind = {"sentence vectors": parity.sentences, "token vectors": parity.tokens}
    for kind, found in found_by_kind.items():
        # Written so that it also catches what is not a number.
        if not found >= FLOOR:
            raise NotCompilable(
                f"compiled in {precision}, its {kind} reach a cosine of only {found:.4f} "
                f"to the float32 reference, expected {FLOOR} or more"
            )


def _cosines(ours: EncodedText, theirs: EncodedText) -> tuple[float, float]:
    sentence = float(ours.vector @ theirs.vector)
    tokens = np.sum(ours.token_vectors * theirs.token_vectors, axis=1)
    return sentence, float(tokens.mean()) if len(tokens) else 1.0


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
