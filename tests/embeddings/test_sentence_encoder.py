"""The reference encoder against sentence-transformers' own encode."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embeddings.errors import ModelNotFound
from embeddings.sentence_encoder import SentenceEncoder
from tests.support.tiny_models import HIDDEN, MAX_TOKENS, make_model

# What torch and transformers warn of while they are imported is not this project's doing.
pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning"
)

TEXTS = ["The committee met on Tuesday.", "", "who asked for the report?", "rain " * 60]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(
        tmp_path_factory.mktemp("models") / "prompted",
        include_prompt=False,
        prompts={"query": "query: ", "passage": "passage: "},
    )


@pytest.fixture(scope="module")
def encoder(folder: Path) -> SentenceEncoder:
    return SentenceEncoder(str(folder), precision="float32")


def oracle(folder: Path) -> Any:
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(folder), device="cpu")


def test_vectors_are_those_of_encode_document_and_encode_query(
    encoder: SentenceEncoder, folder: Path
) -> None:
    model = oracle(folder)
    found = dict(encoder.passages(TEXTS))
    passages = model.encode_document(TEXTS, normalize_embeddings=True)
    questions = model.encode_query(TEXTS, normalize_embeddings=True)
    assert sorted(found) == [0, 1, 2, 3]
    for i, text in enumerate(TEXTS):
        assert found[i].vector @ passages[i] == pytest.approx(1.0, abs=1e-5)
        assert encoder.question(text).vector @ questions[i] == pytest.approx(1.0, abs=1e-5)


def test_offsets_slice_the_text_and_a_prompt_covers_none_of_it(encoder: SentenceEncoder) -> None:
    text = "who asked, until May"
    found = encoder.question(text)
    pieces = [text[start:end] for start, end in found.offsets if start < end]
    assert pieces == ["who", "asked", ",", "until", "May"]
    # [CLS], "query", ":" in front and [SEP] behind.
    assert len(found.token_ids) == len(found.token_vectors) == 5 + 4
    assert found.token_vectors.shape == (9, HIDDEN)
    assert np.linalg.norm(found.token_vectors, axis=1) == pytest.approx(np.ones(9), abs=1e-5)


def test_what_is_longer_than_the_model_reads_is_cut_off(encoder: SentenceEncoder) -> None:
    assert encoder.max_tokens == MAX_TOKENS
    assert len(encoder.question("rain " * 60).token_ids) == MAX_TOKENS
    assert encoder.count_tokens(["rain " * 60, "who asked?", ""]) == [60, 3, 0]


def test_progress_adds_up_to_all_texts(encoder: SentenceEncoder) -> None:
    told: list[int] = []
    assert len(list(encoder.passages(TEXTS * 10, told.append))) == sum(told) == 40


def test_identity_is_the_folder_and_its_weights(encoder: SentenceEncoder, folder: Path) -> None:
    import hashlib

    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    identity = encoder.identity
    assert (identity.name, identity.revision, identity.dimension) == (
        "prompted",
        digest[:16],
        HIDDEN,
    )


def test_runs_on_names_library_precision_and_reason(folder: Path) -> None:
    import torch

    encoder = SentenceEncoder(str(folder), precision="bfloat16", note="because")
    assert encoder.runs_on == f"torch {torch.__version__}, bfloat16 (because)"


def test_no_such_model_and_no_such_precision(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="no sentence-transformers model at"):
        SentenceEncoder(str(tmp_path / "nothing")).question("x")
    with pytest.raises(ValueError, match="expected 'float32' or 'bfloat16'"):
        SentenceEncoder(precision="float16")
