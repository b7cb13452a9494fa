"""The compiled encoder against sentence-transformers' own encode, and its form on disk."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embeddings import compiling
from embeddings.compiled_encoder import CompiledEncoder, best_precision
from embeddings.compiled_form import FILES, FORMAT, Parity, read_form
from embeddings.compiling import compile_model, hold_to_floor
from embeddings.errors import CompiledFormDamaged, NotCompilable
from embeddings.sentence_encoder import SentenceEncoder
from embeddings.sentence_head import (
    Activation,
    Dense,
    Normalize,
    PoolingMode,
    SentenceHead,
    pool,
    sentence_vectors,
)
from tests.support.tiny_models import HIDDEN, MAX_TOKENS, make_model

# Not importorskip: a plain import of openvino would report itself over the network.
if importlib.util.find_spec("openvino") is None:
    pytest.skip("openvino is not installed", allow_module_level=True)
# What torch and transformers warn of while they are imported is not this project's doing.
pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning"
)

ROOT = Path(__file__).resolve().parents[2]
TEXTS = [
    "The committee met on Tuesday.",
    "",
    "who asked for the report?",
    "rain " * 60,
    *(" ".join(["the budget was never published until may"] * n) for n in range(1, 12)),
]


def dense(outputs: int, activation: Any, *, bias: bool = True) -> Any:
    from sentence_transformers.sentence_transformer.modules import Dense as TorchDense

    return TorchDense(HIDDEN * 2, outputs, bias=bias, activation_function=activation)


@pytest.fixture(scope="module")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two poolings side by side, a dense layer, normalised, prompts that are not pooled."""
    folder = tmp_path_factory.mktemp("models") / "rich"
    make_model(folder.with_name("warm-up"))  # imports torch with its warnings held back
    import torch
    from sentence_transformers.sentence_transformer.modules import Normalize as TorchNormalize

    return make_model(
        folder,
        pooling=("mean", "lasttoken"),
        include_prompt=False,
        layers=(dense(16, torch.nn.Tanh()), TorchNormalize()),
        prompts={"query": "query: ", "document": "passage: "},
    )


@pytest.fixture(scope="module")
def form_folder(model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("form")
    compile_model(SentenceEncoder(str(model_folder), precision="float32"), ["float32"], folder)
    return folder


@pytest.fixture(scope="module")
def encoder(form_folder: Path) -> CompiledEncoder:
    return CompiledEncoder(form_folder, "rich")


def test_vectors_are_those_of_encode_document_and_encode_query(
    encoder: CompiledEncoder, model_folder: Path
) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(model_folder), device="cpu")
    found = dict(encoder.passages(TEXTS))
    passages = model.encode_document(TEXTS, normalize_embeddings=True)
    questions = model.encode_query(TEXTS, normalize_embeddings=True)
    assert sorted(found) == list(range(len(TEXTS)))
    for i, text in enumerate(TEXTS):
        assert found[i].vector.shape == (16,)
        assert found[i].vector @ passages[i] >= 0.9999
        assert encoder.question(text).vector @ questions[i] >= 0.9999


def test_word_pieces_and_their_vectors_are_those_of_the_reference(
    encoder: CompiledEncoder, model_folder: Path
) -> None:
    reference = SentenceEncoder(str(model_folder), precision="float32")
    ours, theirs = dict(encoder.passages(TEXTS)), dict(reference.passages(TEXTS))
    for i in range(len(TEXTS)):
        assert ours[i].token_ids.tolist() == theirs[i].token_ids.tolist()
        assert ours[i].offsets.tolist() == theirs[i].offsets.tolist()
        assert np.allclose(ours[i].token_vectors, theirs[i].token_vectors, atol=5e-3)
    assert encoder.count_tokens(TEXTS) == reference.count_tokens(TEXTS)
    assert encoder.vocabulary() == reference.vocabulary()
    assert encoder.identity.revision == reference.identity.revision
    assert encoder.max_tokens == reference.max_tokens == MAX_TOKENS


def test_offsets_slice_the_text(encoder: CompiledEncoder) -> None:
    text = "who asked, until May"
    found = encoder.question(text)
    assert [text[a:b] for a, b in found.offsets if a < b] == ["who", "asked", ",", "until", "May"]
    assert found.offsets[[0, 1, 2, -1]].tolist() == [[0, 0]] * 4
    assert (found.token_ids.dtype, found.offsets.dtype) == (np.int32, np.int32)


def test_a_vector_does_not_depend_on_its_neighbours(encoder: CompiledEncoder) -> None:
    together = dict(encoder.passages(TEXTS))
    for i, text in enumerate(TEXTS):
        ((_, alone),) = encoder.passages([text])
        assert alone.vector @ together[i].vector == pytest.approx(1.0, abs=1e-4)


def test_no_texts_progress_and_stopping_half_way(encoder: CompiledEncoder) -> None:
    told: list[int] = []
    assert list(encoder.passages([])) == []
    assert len(list(encoder.passages(TEXTS * 30, told.append))) == sum(told) == 30 * len(TEXTS)
    begun = encoder.passages(TEXTS * 30)
    next(begun)
    del begun
    assert len(list(encoder.passages(TEXTS))) == len(TEXTS)


def test_threads_share_it(encoder: CompiledEncoder) -> None:
    questions = [encoder.question(text).vector for text in TEXTS]
    passages = {i: text.vector for i, text in encoder.passages(TEXTS)}

    def ask(i: int) -> bool:
        found = encoder.question(TEXTS[i % len(TEXTS)]).vector
        return bool(found @ questions[i % len(TEXTS)] > 0.9999)

    def read(_: int) -> bool:
        return all(t.vector @ passages[i] > 0.9999 for i, t in encoder.passages(TEXTS))

    with ThreadPoolExecutor(6) as pool_:
        asked = [pool_.submit(ask, i) for i in range(90)]
        read_ = [pool_.submit(read, i) for i in range(6)]
        assert all(future.result() for future in [*asked, *read_])


@pytest.mark.parametrize("mode", list(PoolingMode))
@pytest.mark.parametrize("prompt_tokens", [0, 2])
@pytest.mark.parametrize("left", [False, True])
def test_poolings_are_sentence_transformers_own(
    model_folder: Path, mode: PoolingMode, prompt_tokens: int, left: bool
) -> None:
    import torch
    from sentence_transformers.sentence_transformer.modules import Pooling

    random = np.random.default_rng(7)
    states = random.normal(size=(4, 9, 5)).astype(np.float32)
    mask = np.arange(9)[None, :] < np.array([9, 7, 4, 3])[:, None]
    mask = mask[:, ::-1].copy() if left else mask
    head = SentenceHead((mode,), pools_prompt=False, layers=())
    expected = Pooling(5, pooling_mode=str(mode), include_prompt=False)(
        {
            "token_embeddings": torch.from_numpy(states),
            "attention_mask": torch.from_numpy(mask.astype(np.int64)),
            "prompt_length": prompt_tokens,
        }
    )["sentence_embedding"].numpy()
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    assert np.allclose(sentence_vectors(head, states, mask, prompt_tokens), expected, atol=1e-5)


def test_pooling_by_hand() -> None:
    states = np.array([[[1, 8], [3, -2], [9, 9]]], dtype=np.float32)
    mask = np.array([[True, True, False]])
    expected = {
        PoolingMode.CLS: [1, 8],
        PoolingMode.MAX: [3, 8],
        PoolingMode.MEAN: [2, 3],
        PoolingMode.MEAN_SQRT_LEN: [4 / 2**0.5, 6 / 2**0.5],
        PoolingMode.WEIGHTED_MEAN: [7 / 3, 4 / 3],
        PoolingMode.LAST_TOKEN: [3, -2],
    }
    nothing = np.zeros_like(mask)
    for mode, values in expected.items():
        assert pool(mode, states, mask, mask)[0] == pytest.approx(values)
        assert pool(mode, states, nothing, nothing).tolist() == [[0.0, 0.0]]


@pytest.mark.parametrize("activation", list(Activation))
def test_dense_layers_are_torchs_own(model_folder: Path, activation: Activation) -> None:
    import torch

    layer = dense(6, getattr(torch.nn, activation)())
    states = np.random.default_rng(3).normal(size=(5, 1, HIDDEN * 2)).astype(np.float32)
    with torch.no_grad():
        given = {"sentence_embedding": torch.from_numpy(states[:, 0])}
        expected = layer(given)["sentence_embedding"].numpy()
    ours = Dense(
        layer.linear.weight.detach().numpy(), layer.linear.bias.detach().numpy(), activation
    )
    head = SentenceHead((PoolingMode.CLS,), True, (ours, Normalize()))
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    found = sentence_vectors(head, states, np.ones((5, 1), dtype=bool), 0)
    assert np.allclose(found, expected, atol=1e-5)


def test_running_it_imports_no_torch_and_sends_nothing(form_folder: Path, tmp_path: Path) -> None:
    script = """
import socket, sys
def refuse(*_, **__): raise AssertionError("a socket was opened")
socket.socket.connect = refuse
from pathlib import Path
from embeddings.compiled_encoder import CompiledEncoder, best_precision
encoder = CompiledEncoder(Path(sys.argv[1]), "rich")
encoder.question("who asked?"); list(encoder.passages(["the report", "rain"]))
names = "torch transformers sentence_transformers openvino.tools.ovc openvino_telemetry".split()
print([name for name in names if sys.modules.get(name) is not None])
"""
    ended = subprocess.run(
        [sys.executable, "-c", script, str(form_folder)],
        cwd=ROOT,
        # Telemetry keeps an identifier in the home folder before it sends anything.
        env=os.environ | {"HOME": str(tmp_path), "USERPROFILE": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout == "[]\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name", [*(getattr(FILES, n) for n in FILES.__slots__), "dense-0-bias.npy"]
)
def test_a_changed_shortened_or_missing_file_is_found(
    form_folder: Path, tmp_path: Path, name: str
) -> None:
    intact = {path.name: path.read_bytes() for path in form_folder.iterdir()}
    middle = len(intact[name]) // 2
    flipped = bytearray(intact[name])
    flipped[middle] ^= 0x10
    for damaged in (bytes(flipped), intact[name][:middle], b"", None):
        for other, content in intact.items():
            (tmp_path / other).write_bytes(content)
        if damaged is None:
            (tmp_path / name).unlink()
        else:
            (tmp_path / name).write_bytes(damaged)
        with pytest.raises(CompiledFormDamaged):
            CompiledEncoder(tmp_path, "rich")


def test_a_form_of_another_layout_is_refused(form_folder: Path, tmp_path: Path) -> None:
    for manifest in ("[]", "{}", '{"seal": 1, "body": null}', "\x00", "[" * 100_000):
        (tmp_path / FILES.manifest).write_text(manifest, encoding="utf-8")
        with pytest.raises(CompiledFormDamaged):
            read_form(tmp_path)
    assert json.loads((form_folder / FILES.manifest).read_text())["body"]["format"] == FORMAT


def test_parity_is_recorded_and_its_floor_is_held(encoder: CompiledEncoder) -> None:
    assert encoder.form.parity.sentences >= 0.9999
    assert encoder.form.parity.tokens >= 0.999
    hold_to_floor(Parity(0.999, 0.999), "float32")
    for low in (Parity(0.9989, 1.0), Parity(1.0, 0.9989), Parity(float("nan"), 1.0)):
        with pytest.raises(NotCompilable, match="cosine of only"):
            hold_to_floor(low, "float32")


def fail(network: Any, max_tokens: int) -> int:
    raise RuntimeError("no such shape")


def ruin(network: Any, max_tokens: int) -> int:
    """Every product of the network becomes 0."""
    import openvino.opset13 as op

    for node in network.get_ordered_ops():
        if node.get_type_name() == "MatMul":
            zeros = np.zeros(node.input_value(1).get_shape(), dtype=np.float32)
            node.input(1).replace_source_output(op.constant(zeros).output(0))
    return 1


@pytest.mark.parametrize("rewriting", [fail, ruin])
def test_where_rewriting_fails_the_network_is_taken_as_it_was_converted(
    model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rewriting: Any
) -> None:
    monkeypatch.setattr(compiling, "simplify_attention", rewriting)
    reference = SentenceEncoder(str(model_folder), precision="float32")
    parity = compile_model(reference, ["float32"], tmp_path).parity
    assert min(parity.sentences, parity.tokens) >= 0.999
    (tmp_path / "alone").mkdir()
    # Nothing faithful is left where the converted network is not asked for.
    monkeypatch.setattr(compiling, "_REWRITTEN", (True,))
    with pytest.raises(NotCompilable, match="rewritten" if rewriting is fail else "cosine"):
        compile_model(reference, ["float32"], tmp_path / "alone")


def test_what_can_t_be_honoured_is_named(model_folder: Path, tmp_path: Path) -> None:
    import torch
    from sentence_transformers.sentence_transformer.modules import LayerNorm

    cases = {
        "activation Softplus": dense(4, torch.nn.Softplus()),
        "module LayerNorm": LayerNorm(HIDDEN * 2),
        "the model's own code": torch.nn.Identity(),
    }
    reference = SentenceEncoder(str(model_folder), precision="float32")
    for i, (reason, module) in enumerate(cases.items()):
        reference.sentence_transformer.append(module)
        (tmp_path / str(i)).mkdir()
        with pytest.raises(NotCompilable, match=reason):
            compile_model(reference, ["float32"], tmp_path / str(i))
        del reference.sentence_transformer[-1]


@pytest.mark.model
def test_the_default_model_is_faithful_as_this_machine_runs_it(tmp_path: Path) -> None:
    reference = SentenceEncoder(precision="float32")
    parity = compile_model(reference, [best_precision()], tmp_path).parity
    assert min(parity.sentences, parity.tokens) >= 0.999
