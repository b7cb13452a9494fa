"""Which encoder runs, and what happens to its cache."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from embeddings import loading
from embeddings.cache_folder import cache_root, install, model_digest, new_folder
from embeddings.compiled_encoder import CompiledEncoder
from embeddings.compiled_form import multiplies_bfloat16, processor_fingerprint, processor_flags
from embeddings.errors import ModelNotFound, NotCompilable
from embeddings.loading import Runtime, compile_apart, load_encoder
from embeddings.model_files import installed_version, locate_model
from embeddings.sentence_encoder import SentenceEncoder
from tests.support.tiny_models import make_model

# Not importorskip: a plain import of openvino would report itself over the network.
if importlib.util.find_spec("openvino") is None:
    pytest.skip("openvino is not installed", allow_module_level=True)
# What torch and transformers warn of while they are imported is not this project's doing.
pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning"
)

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(make_model(tmp_path_factory.mktemp("models") / "plain"))


@pytest.fixture(scope="module")
def cache(model: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache into which the model was compiled, in a process of its own as always."""
    folder = tmp_path_factory.mktemp("cache")
    told: list[str] = []
    encoder = load_encoder(model, precision="float32", cache=folder, notify=told.append)
    assert isinstance(encoder, CompiledEncoder)
    assert told == ["compiling plain for this machine (once, some seconds)"]
    return folder


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compile in this process, which has torch loaded already: the same steps, seconds faster."""

    def compile_here(model: str | None, precisions: Sequence[str], folder: Path) -> None:
        from embeddings.compiling import compile_model

        compile_model(SentenceEncoder(model, precision="float32"), precisions, folder)

    monkeypatch.setattr(loading, "compile_apart", compile_here)


def forms(cache: Path) -> list[Path]:
    return sorted(path.parent for path in cache.glob("encoders/*/manifest.json"))


def test_the_second_start_compiles_nothing_and_imports_no_torch(model: str, cache: Path) -> None:
    script = """
import sys
from pathlib import Path
from embeddings.loading import load_encoder
encoder = load_encoder(sys.argv[1], precision="float32", cache=Path(sys.argv[2]), notify=print)
encoder.question("who asked?"); list(encoder.passages(["rain"]))
names = ("torch", "transformers", "sentence_transformers", "huggingface_hub", "platformdirs")
print(encoder.runs_on.split()[0], [name for name in names if name in sys.modules])
"""
    command = [sys.executable, "-c", script, model, str(cache)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stdout == "OpenVINO []\n"


def test_it_is_the_same_encoder_as_in_torch(model: str, cache: Path) -> None:
    compiled = load_encoder(model, precision="float32", cache=cache)
    in_torch = load_encoder(model, precision="float32", cache=cache, runtime=Runtime.TORCH)
    assert isinstance(in_torch, SentenceEncoder)
    assert in_torch.runs_on.endswith("float32 (as the settings ask)")
    assert compiled.identity == in_torch.identity
    assert compiled.question("who?").vector @ in_torch.question("who?").vector > 0.999


@pytest.mark.usefixtures("here")
def test_a_damaged_cache_is_made_again(model: str, cache: Path) -> None:
    (form,) = forms(cache)
    before = load_encoder(model, precision="float32", cache=cache).question("who?").vector
    weights = bytearray((form / "transformer.bin").read_bytes())
    weights[len(weights) // 2] ^= 1
    (form / "transformer.bin").write_bytes(weights)
    told: list[str] = []
    after = load_encoder(model, precision="float32", cache=cache, notify=told.append)
    assert "damaged and is made again" in told[0]
    assert after.question("who?").vector @ before > 0.9999
    assert forms(cache) == [form]
    assert list(cache.glob("encoders/.making-*")) == []


@pytest.mark.usefixtures("here")
def test_another_pooling_is_another_form(model: str, cache: Path, tmp_path: Path) -> None:
    import shutil

    changed = Path(shutil.copytree(model, tmp_path / "plain"))
    config = changed / "1_Pooling" / "config.json"
    config.write_text(config.read_text().replace('"mean"', '"cls"'), encoding="utf-8")
    one = load_encoder(model, precision="float32", cache=cache)
    other = load_encoder(str(changed), precision="float32", cache=cache)
    assert len(forms(cache)) == 2
    assert one.question("who asked?").vector @ other.question("who asked?").vector < 0.99


@pytest.mark.usefixtures("here")
def test_a_cache_that_can_t_be_written(model: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    encoder = load_encoder(model, precision="float32", cache=tmp_path / "file")
    assert isinstance(encoder, CompiledEncoder)
    assert "compiled for this process only: the cache" in encoder.runs_on
    assert len(encoder.question("who asked?").token_ids) == 5


@pytest.mark.usefixtures("here")
def test_what_can_t_be_compiled_runs_in_torch_and_is_not_tried_again(tmp_path: Path) -> None:
    import torch
    from sentence_transformers.sentence_transformer.modules import Dense

    from tests.support.tiny_models import HIDDEN

    layer = Dense(HIDDEN, 8, activation_function=torch.nn.Softplus())
    folder = str(make_model(tmp_path / "odd", layers=(layer,)))
    for expected in (1, 0):
        told: list[str] = []
        encoder = load_encoder(folder, precision="float32", cache=tmp_path, notify=told.append)
        assert isinstance(encoder, SentenceEncoder)
        assert encoder.runs_on.endswith(
            "float32 (not compiled: its module Dense has the activation Softplus)"
        )
        assert len(told) == expected
    assert encoder.question("who asked?").vector.shape == (8,)


@pytest.mark.parametrize("library", ["openvino", "tokenizers"])
def test_without_the_library_torch_runs_and_says_so(
    model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    encoder = load_encoder(model, cache=tmp_path)
    assert encoder.runs_on.endswith(f"(not compiled: {library} not installed)")


def test_bad_requests(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="expected one of float32, bfloat16"):
        load_encoder(precision="int8")
    with pytest.raises(ValueError, match="is not a valid Runtime"):
        load_encoder(runtime="gpu")  # type: ignore[arg-type]
    with pytest.raises(ModelNotFound, match="no sentence-transformers model at 'no/such'"):
        load_encoder("no/such", cache=tmp_path)


def test_errors_come_back_from_the_compiling_process(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="no sentence-transformers model at"):
        compile_apart(str(tmp_path / "none"), ["float32"], tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for the interpreter is a shell script")
def test_a_crash_of_the_compiling_process_is_a_refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interpreter = tmp_path / "python"
    interpreter.write_text("#!/bin/sh\nkill -FPE $$\n")
    interpreter.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(interpreter))
    with pytest.raises(NotCompilable, match="ended with status -8"):
        compile_apart(None, ["bfloat16", "float32"], tmp_path)


def test_many_may_finish_at_once(tmp_path: Path) -> None:
    place = tmp_path / "form"
    place.mkdir()
    (place / "half").write_text("")
    made = [new_folder(tmp_path) for _ in range(8)]
    for number, folder in enumerate(made):
        (folder / "whole").write_text(str(number))
    threads = [
        threading.Thread(target=install, args=(folder, place, lambda p: (p / "whole").is_file()))
        for folder in made
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [path.name for path in place.iterdir()] == ["whole"]
    assert [path.name for path in tmp_path.iterdir()] == ["form"]


def test_a_model_s_digest_follows_its_files(model: str, tmp_path: Path) -> None:
    import shutil

    folder = Path(shutil.copytree(model, tmp_path / "copy"))
    first = model_digest(tmp_path, folder)
    assert model_digest(tmp_path, folder) == first == model_digest(tmp_path / "other", folder)
    (folder / "README.md").write_text("A remark.")
    assert model_digest(tmp_path, folder) == first
    (folder / "modules.json").write_text("[]")
    changed = model_digest(tmp_path, folder)
    assert changed.content != first.content
    assert changed.revision == first.revision


def test_where_the_cache_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEWELL_CACHE", str(tmp_path / "variable"))
    assert cache_root(None) == tmp_path / "variable" / "encoders"
    assert cache_root(tmp_path) == tmp_path / "encoders"
    monkeypatch.delenv("CITEWELL_CACHE")
    assert cache_root(None).parts[-2:] == ("citewell", "encoders")


def test_a_hub_model_is_found_in_the_local_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    repository = tmp_path / "models--sentence-transformers--some-model"
    snapshot = repository / "snapshots" / "abc123"
    snapshot.mkdir(parents=True)
    (snapshot / "modules.json").write_text("[]")
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("abc123")
    for name in ("some-model", "sentence-transformers/some-model"):
        source = locate_model(name)
        assert source is not None
        assert (source.name, source.folder) == (name, snapshot)
    assert locate_model("../some-model") is None


def test_versions_and_processor() -> None:
    from importlib.metadata import version

    for name in ("openvino", "sentence-transformers", "torch", "numpy"):
        assert installed_version(name) == version(name)
    assert installed_version("no-such-distribution") == "none"
    flags = processor_flags()
    assert processor_fingerprint(flags) == processor_fingerprint(flags)
    assert processor_fingerprint(frozenset({"avx"})) != processor_fingerprint(frozenset())


def test_bfloat16_is_read_from_the_processor_s_flags(tmp_path: Path) -> None:
    listing = tmp_path / "cpuinfo"
    for flags, expected in (("fpu avx512_bf16", True), ("fpu amx_bf16 x", True), ("avx2", False)):
        listing.write_text(f"processor\t: 0\nflags\t\t: {flags}\n\nprocessor\t: 1\nflags\t: x\n")
        assert multiplies_bfloat16(processor_flags(listing)) is expected
    assert multiplies_bfloat16(processor_flags(tmp_path / "none")) is None


def test_vectors_are_of_unit_length(model: str, cache: Path) -> None:
    found = load_encoder(model, precision="float32", cache=cache).question("who asked?")
    assert np.linalg.norm(found.vector) == pytest.approx(1.0, abs=1e-6)
    assert np.linalg.norm(found.token_vectors, axis=1) == pytest.approx(np.ones(5), abs=1e-6)
