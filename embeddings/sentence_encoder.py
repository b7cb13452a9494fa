"""The encoder that sentence-transformers runs: the reference, and the fallback everywhere.

The only importer of sentence_transformers and torch, both on first use (they take seconds).
One forward pass gives a text's sentence vector and its token vectors.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from embeddings.compiled_form import Prompt, multiplies_bfloat16, processor_flags
from embeddings.encoder import EncodedText, EncoderIdentity, unit_rows
from embeddings.errors import ModelNotFound
from embeddings.model_files import (
    default_model_folder,
    installed_version,
    is_default,
    locate_model,
    weights_revision,
)

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

# 16 texts of like length keep both cores busy and little is padded (measured: 8 to 32 differ
# by less than the noise).
BATCH_SIZE = 16
# Above this a length is a tokenizer's way to say that there is no limit.
_NO_LIMIT = 1_000_000
_QUESTION_PROMPTS = ("query", "question")
_PASSAGE_PROMPTS = ("document", "passage", "corpus")


class SentenceEncoder:
    """Any sentence-transformers model, by folder or hub name, as an `embeddings.Encoder`.

    `model` None is the default model, whose weights are checked against their official
    SHA-256. `precision` None picks bfloat16 where the processor computes in it, else float32.
    A hub name is looked up in the local cache; it is fetched only if `allow_download`. `note` is
    what `runs_on` adds: why it is torch that runs.
    Raises ModelNotFound, ModelDamaged.
    """

    def __init__(
        self,
        model: str | None = None,
        *,
        precision: str | None = None,
        allow_download: bool = False,
        note: str = "",
    ) -> None:
        if precision not in (None, "float32", "bfloat16"):
            raise ValueError(f"precision is {precision!r}, expected 'float32' or 'bfloat16'")
        self._model_name = model
        self._allow_download = allow_download
        self._asked_precision = precision
        self._note = note
        # Loading happens once; and the tokenizer keeps its padding and truncation as a state.
        self._loading = Lock()
        self._tokenising = Lock()
        self._loaded: SentenceTransformer | None = None

    @property
    def sentence_transformer(self) -> SentenceTransformer:
        """The model itself, loaded on first use, in evaluation mode."""
        with self._loading:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    def _load(self) -> SentenceTransformer:
        if is_default(self._model_name):
            path = str(default_model_folder())
        else:
            path = str(self._model_name)
        if not self._allow_download:
            os.environ["HF_HUB_OFFLINE"] = "1"
        os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        # Its remarks on a configuration are for who trains a model.
        logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        try:
            model = SentenceTransformer(
                path, device="cpu", local_files_only=not self._allow_download
            )
        except (OSError, ValueError) as error:
            raise ModelNotFound(
                f"no sentence-transformers model at {path!r}: "
                f"give a model's folder, or the name of one in the local cache ({_line(error)})"
            ) from error
        return model.to(getattr(torch, self._precision)).eval()

    @cached_property
    def _precision(self) -> str:
        if self._asked_precision is not None:
            return self._asked_precision
        known = multiplies_bfloat16(processor_flags())
        return "bfloat16" if known or (known is None and _torch_says_bfloat16()) else "float32"

    @cached_property
    def identity(self) -> EncoderIdentity:
        source = locate_model(self._model_name)
        if source is None:
            # Loading fetches it, or says that it is not there.
            dimension = self.sentence_transformer.get_embedding_dimension()
            source = locate_model(self._model_name)
            if source is None:
                commit = getattr(self._transformer.config, "_commit_hash", None) or "unknown"
                return EncoderIdentity(str(self._model_name), str(commit), int(dimension or 0))
        return EncoderIdentity(
            source.name,
            weights_revision(source.folder),
            _configured_dimension(source.folder)
            or int(self.sentence_transformer.get_embedding_dimension() or 0),
        )

    @property
    def runs_on(self) -> str:
        version = installed_version("torch")
        return f"torch {version}, {self._precision}" + (f" ({self._note})" if self._note else "")

    @cached_property
    def max_tokens(self) -> int:
        """The model's own limit, or 512 for one that declares none."""
        declared = self.sentence_transformer.max_seq_length or getattr(
            self._transformer.config, "max_position_embeddings", None
        )
        # A tokenizer without a limit reports 1e30.
        return int(declared) if declared and declared < _NO_LIMIT else 512

    @cached_property
    def question_prompt(self) -> Prompt:
        """What is put before a question."""
        return self._prompt(_QUESTION_PROMPTS)

    @cached_property
    def passage_prompt(self) -> Prompt:
        """What is put before a passage."""
        return self._prompt(_PASSAGE_PROMPTS)

    @property
    def _transformer(self) -> Any:
        return self.sentence_transformer[0].auto_model

    @property
    def tokenizer(self) -> Any:
        """The model's transformers tokenizer."""
        return self.sentence_transformer.tokenizer

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        if not texts:
            return []
        with self._tokenising:
            encoded = self.tokenizer(
                list(texts), add_special_tokens=False, truncation=False, verbose=False
            )
        return [len(ids) for ids in encoded["input_ids"]]

    def vocabulary(self) -> dict[str, int]:
        return dict(self.tokenizer.get_vocab())

    def passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Iterator[tuple[int, EncodedText]]:
        # Longest first: a text that does not fit in memory shows at once, and each batch is
        # padded to its own longest.
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]), reverse=True)
        prompt = self.passage_prompt
        for start in range(0, len(order), BATCH_SIZE):
            positions = order[start : start + BATCH_SIZE]
            batch = self._encode([texts[i] for i in positions], prompt)
            yield from zip(positions, batch, strict=True)
            if progress is not None:
                progress(len(positions))

    def question(self, text: str) -> EncodedText:
        return self._encode([text], self.question_prompt)[0]

    def _prompt(self, names: Sequence[str]) -> Prompt:
        model = self.sentence_transformer
        prompts: dict[str, str | None] = model.prompts
        # The rules of encode_query and encode_document: the first of these names there is, even
        # with an empty prompt; else the model's default.
        name = next((name for name in names if prompts.get(name) is not None), None)
        text = prompts.get(name or str(model.default_prompt_name)) or ""
        if not text:
            return Prompt("", 0)
        with self._tokenising:
            ids = self.tokenizer(text, add_special_tokens=True)["input_ids"]
        closed = ids[-1] in self.tokenizer.all_special_ids
        return Prompt(text, len(ids) - 1 if closed else len(ids))

    def _encode(self, texts: Sequence[str], prompt: Prompt) -> list[EncodedText]:
        import torch

        model = self.sentence_transformer
        with self._tokenising:
            features = self.tokenizer(
                [prompt.text + text for text in texts],
                padding=True,
                truncation=True,
                max_length=self.max_tokens,
                return_offsets_mapping=True,
                return_tensors="pt",
            )
        # A prompt's tokens cover none of the text: their offsets shrink to nothing.
        offsets = np.maximum(features.pop("offset_mapping").numpy() - len(prompt.text), 0)
        inputs: dict[str, Any] = dict(features)
        if prompt.tokens:
            inputs["prompt_length"] = prompt.tokens
        with torch.inference_mode():
            output = model(inputs)
            vectors = unit_rows(_numpy(output["sentence_embedding"]))
            tokens = unit_rows(_numpy(output["token_embeddings"]))
        ids = features["input_ids"].numpy().astype(np.int32)
        lengths = features["attention_mask"].sum(dim=1).tolist()
        # Padding may stand on either side; the mask says where the tokens are.
        keep = features["attention_mask"].numpy().astype(bool)
        return [
            EncodedText(
                vectors[i],
                ids[i][keep[i]],
                offsets[i][keep[i]].astype(np.int32),
                tokens[i][keep[i]],
            )
            for i in range(len(lengths))
        ]


def _numpy(tensor: torch.Tensor) -> np.ndarray[Any, np.dtype[np.float32]]:
    array: np.ndarray[Any, np.dtype[np.float32]] = tensor.float().numpy()
    return array


def _torch_says_bfloat16() -> bool:
    """Return what torch knows of the processor, where the operating system lists no flags."""
    import torch

    probes = ("_is_amx_tile_supported", "_is_avx512_bf16_supported")
    return any(bool(getattr(torch.cpu, probe, lambda: False)()) for probe in probes)


def _configured_dimension(folder: Path) -> int | None:
    """Return the dimension a plain transformer + pooling model declares, without loading it."""
    import json

    modules = folder / "modules.json"
    pooling = folder / "1_Pooling" / "config.json"
    try:
        kinds = [module["type"] for module in json.loads(modules.read_text(encoding="utf-8"))]
        config = json.loads(pooling.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    # Releases before 6 name each mode in a key of its own.
    legacy = [key for key, on in config.items() if key.startswith("pooling_mode_") and on is True]
    width = config.get("embedding_dimension", config.get("word_embedding_dimension"))
    plain = isinstance(config.get("pooling_mode"), str) or len(legacy) == 1
    dense = any(kind.endswith("Dense") for kind in kinds)
    return int(width) if width and plain and not dense else None


def _line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
