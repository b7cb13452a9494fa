"""The encoder that runs from day to day: a compiled network under OpenVINO, no torch.

The only importer of openvino and tokenizers. How a compiled form comes about is compiling.py's
business; here it is loaded and run.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from embeddings.compiled_form import FILES, CompiledForm, Prompt, read_form
from embeddings.encoder import EncodedText, EncoderIdentity, FloatMatrix, unit_rows
from embeddings.errors import CompiledFormDamaged
from embeddings.processor import multiplies_bfloat16, processor_flags
from embeddings.sentence_head import sentence_vectors

if TYPE_CHECKING:
    from openvino import CompiledModel, InferRequest, Model
    from tokenizers import Tokenizer

# 8 texts of like length, padded to a multiple of 8: the matrix units work in tiles of 16, and
# each new shape costs 3 ms of preparation (measured), so that few shapes are better than many.
BATCH_SIZE = 8
_LENGTH_STEP = 8
# Texts are tokenised by so many at a time, while the processor runs the batches before them.
_WINDOW = 256
_HINTS = {"float32": "f32", "bfloat16": "bf16"}


@dataclass(frozen=True, slots=True)
class _Tokens:
    """One text's word pieces: its position among the texts, ids (t,) and offsets (t, 2), int32."""

    position: int
    ids: NDArray[np.int32]
    offsets: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class _Batch:
    """Texts padded to one length: ids and mask (b, t), int64.

    Padding stands on the right whatever the model's own habit: there it shifts no position, and
    a model that reads from left to right never sees it.
    """

    texts: tuple[_Tokens, ...]
    ids: NDArray[np.int64]
    mask: NDArray[np.int64]


class CompiledEncoder:
    """A compiled form in `folder`, as an `embeddings.Encoder`. Its files are verified first.

    `name` is what its identity is called. Raises CompiledFormDamaged, and ImportError if openvino
    or tokenizers is not installed.
    """

    def __init__(self, folder: Path, name: str, note: str = "") -> None:
        # Both cores are busy with the network while texts are tokenised; and a process that has
        # used the tokenizers' own threads complains when it forks.
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        self._form: CompiledForm = read_form(folder)
        self._name = name
        self._note = note
        self._openvino = import_openvino()
        from tokenizers import Tokenizer

        try:
            self._core = self._openvino.Core()
            self._network: Model = self._core.read_model(str(folder / FILES.network))
            self._tokenizer: Tokenizer = Tokenizer.from_file(str(folder / FILES.tokenizer))
        # Both libraries raise bare Exception and RuntimeError for a file they can't read.
        except Exception as error:
            raise CompiledFormDamaged(f"{folder} can't be loaded ({_line(error)})") from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(
            self._form.max_tokens, direction=self._form.truncation.value
        )
        self._compiling = Lock()
        self._compiled: dict[str, CompiledModel] = {}
        self._idle: deque[InferRequest] = deque()

    @property
    def form(self) -> CompiledForm:
        return self._form

    @property
    def identity(self) -> EncoderIdentity:
        return EncoderIdentity(self._name, self._form.revision, self._form.dimension)

    @property
    def runs_on(self) -> str:
        version = self._openvino.get_version().split("-")[0]
        note = f" ({self._note})" if self._note else ""
        return f"OpenVINO {version}, {self._form.precision}{note}"

    @property
    def max_tokens(self) -> int:
        return self._form.max_tokens

    @cached_property
    def _untruncated(self) -> Tokenizer:
        # A second one, since truncation is a state of the tokenizer that threads would share.
        from tokenizers import Tokenizer

        tokenizer: Tokenizer = Tokenizer.from_str(self._tokenizer.to_str())
        tokenizer.no_truncation()
        return tokenizer

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        encodings = self._untruncated.encode_batch(list(texts), add_special_tokens=False)
        return [len(encoding.ids) for encoding in encodings]

    def vocabulary(self) -> dict[str, int]:
        return dict(self._tokenizer.get_vocab(with_added_tokens=True))

    def passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Iterator[tuple[int, EncodedText]]:
        if not texts:
            return
        prompt = self._form.passage
        model = self._model("THROUGHPUT")
        batches = self._batches(texts, prompt)
        running: deque[tuple[InferRequest, _Batch]] = deque()
        # One request more than run at once: it is filled while the others run.
        parallel = int(model.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS")) + 1
        for batch in islice(batches, parallel):
            running.append((_started(model.create_infer_request(), batch), batch))
        try:
            while running:
                request, batch = running.popleft()
                states = _result(request)
                if (following := next(batches, None)) is not None:
                    running.append((_started(request, following), following))
                encoded = self._encoded(batch, states, prompt)
                yield from zip((text.position for text in batch.texts), encoded, strict=True)
                if progress is not None:
                    progress(len(batch.texts))
        finally:
            # Whoever stops half-way must not leave requests running.
            for request, _ in running:
                request.wait()

    def question(self, text: str) -> EncodedText:
        prompt = self._form.question
        batch = self._batch(self._tokenised([text], [0], prompt))
        model = self._model("LATENCY")
        try:
            request = self._idle.pop()
        except IndexError:
            request = model.create_infer_request()
        states = _result(_started(request, batch))
        self._idle.append(request)
        return self._encoded(batch, states, prompt)[0]

    def _model(self, hint: str) -> CompiledModel:
        """The network compiled for one text at a time ("LATENCY") or for many ("THROUGHPUT").

        Each is made on first use: a process that only asks never pays for the other.
        """
        with self._compiling:
            if hint not in self._compiled:
                settings = {
                    "PERFORMANCE_HINT": hint,
                    "INFERENCE_PRECISION_HINT": _HINTS[self._form.precision],
                }
                self._compiled[hint] = self._core.compile_model(self._network, "CPU", settings)
            return self._compiled[hint]

    def _batches(self, texts: Sequence[str], prompt: Prompt) -> Iterator[_Batch]:
        """Longest first: a text that does not fit in memory shows at once, and neighbours are of
        like length. Characters give the rough order, word pieces the fine one."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]), reverse=True)
        for start in range(0, len(order), _WINDOW):
            positions = order[start : start + _WINDOW]
            tokens = self._tokenised([texts[i] for i in positions], positions, prompt)
            tokens.sort(key=lambda text: len(text.ids), reverse=True)
            for first in range(0, len(tokens), BATCH_SIZE):
                yield self._batch(tokens[first : first + BATCH_SIZE])

    def _tokenised(
        self, texts: Sequence[str], positions: Sequence[int], prompt: Prompt
    ) -> list[_Tokens]:
        encodings = self._tokenizer.encode_batch([prompt.text + text for text in texts])
        return [
            _Tokens(
                position,
                np.array(encoding.ids, dtype=np.int32),
                # A prompt's word pieces cover none of the text: their offsets shrink to nothing.
                np.maximum(_pairs(encoding.offsets) - len(prompt.text), 0),
            )
            for position, encoding in zip(positions, encodings, strict=True)
        ]

    def _batch(self, texts: Sequence[_Tokens]) -> _Batch:
        longest = max(len(text.ids) for text in texts)
        # Never past the model's own length: it may have no position for what is added.
        steps = max(-(-longest // _LENGTH_STEP), 1) * _LENGTH_STEP
        width = max(min(steps, self._form.max_tokens), longest, 1)
        ids = np.full((len(texts), width), self._form.pad_id, dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, text in enumerate(texts):
            ids[row, : len(text.ids)] = text.ids
            mask[row, : len(text.ids)] = 1
        return _Batch(tuple(texts), ids, mask)

    def _encoded(self, batch: _Batch, states: FloatMatrix, prompt: Prompt) -> list[EncodedText]:
        mask = batch.mask.astype(bool)
        # The states where there is no word piece are whatever attention to nothing gives.
        states[~mask] = 0.0
        vectors = sentence_vectors(self._form.head, states, mask, prompt.tokens)
        return [
            EncodedText(
                vectors[row].copy(),
                text.ids,
                text.offsets,
                unit_rows(states[row, : len(text.ids)]),
            )
            for row, text in enumerate(batch.texts)
        ]


def import_openvino() -> ModuleType:
    """The OpenVINO runtime, without its telemetry and without its conversion tools.

    Importing openvino imports its conversion tools, which report the import to Google Analytics
    unless openvino_telemetry is missing; marked as missing here, nothing is ever sent. The tools
    are also what costs most of the import; compiling.py imports them when it needs them.
    Raises ImportError.
    """
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    tools = "openvino.tools.ovc"
    held_back = tools not in sys.modules
    if held_back:
        sys.modules[tools] = None  # type: ignore[assignment]
    try:
        openvino = importlib.import_module("openvino")
    finally:
        if held_back:
            del sys.modules[tools]
    return openvino


def best_precision() -> str:
    """ "bfloat16" where the processor multiplies it in hardware, else "float32".

    Raises ImportError where only openvino could tell and it is not installed.
    """
    known = multiplies_bfloat16(processor_flags())
    if known is None:
        capabilities = import_openvino().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        known = "BF16" in capabilities
    return "bfloat16" if known else "float32"


def _started(request: InferRequest, batch: _Batch) -> InferRequest:
    request.start_async({0: batch.ids, 1: batch.mask})
    return request


def _result(request: InferRequest) -> FloatMatrix:
    """The last hidden states (b, t, h), copied: the request's own memory is used again."""
    request.wait()
    states: FloatMatrix = np.array(request.get_output_tensor(0).data, dtype=np.float32)
    return states


def _pairs(offsets: Any) -> NDArray[np.int32]:
    return np.array(offsets, dtype=np.int32).reshape(-1, 2)


def _line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[-1] if lines else type(error).__name__)[:200]
