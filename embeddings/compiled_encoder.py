"""The encoder that runs from day to day: a compiled network under OpenVINO, no torch.

Where a model runs, the only importer of openvino and tokenizers. How a compiled form comes about
is compiling.py's business; here it is loaded and run.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import chain, islice, pairwise
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from embeddings.cache_folder import mark_used
from embeddings.compiled_form import (
    FILES,
    CompiledForm,
    Prompt,
    multiplies_bfloat16,
    processor_flags,
    read_form,
)
from embeddings.encoder import EncodedText, EncoderIdentity, FloatMatrix, unit_rows
from embeddings.errors import CompiledFormDamaged
from embeddings.sentence_head import sentence_vectors
from embeddings.word_pieces import Batch, Padding, TextPieces, WordCounts, batched, padded

if TYPE_CHECKING:
    from openvino import CompiledModel, InferRequest, Model
    from tokenizers import Encoding, Tokenizer

# Texts are tokenised by so many at a time, while the processor runs the batches before them; the
# first few alone, since until then it has nothing to run.
_FIRST_WINDOW, _WINDOW = 32, 256
# What the network is compiled for: one text at a time, or many.
_ONE, _MANY = "LATENCY", "THROUGHPUT"
_HINTS = {"float32": "f32", "bfloat16": "bf16"}


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
        self._padding = Padding(self._form.pad_id, self._form.max_tokens)
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
        mark_used(folder)
        self._compiling = Lock()
        self._compiled: dict[str, CompiledModel] = {}
        self._idle: dict[str, deque[InferRequest]] = {_ONE: deque(), _MANY: deque()}

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
    def _counts(self) -> WordCounts:
        # Of a second one, since truncation is a state of the tokenizer that threads would share.
        from tokenizers import Tokenizer

        tokenizer: Tokenizer = Tokenizer.from_str(self._tokenizer.to_str())
        tokenizer.no_truncation()
        return WordCounts(tokenizer)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._counts.of(texts)

    def vocabulary(self) -> dict[str, int]:
        return dict(self._tokenizer.get_vocab(with_added_tokens=True))

    def passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Iterator[tuple[int, EncodedText]]:
        if not texts:
            return
        prompt = self._form.passage
        batches = batched(self._windows(texts, prompt), len(texts), self._padding)
        running: deque[tuple[InferRequest, Batch]] = deque()
        # One request more than run at once: it is filled while the others run.
        parallel = int(self._model(_MANY).get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS")) + 1
        # Made before any is started: making one waits for those that run.
        requests = [self._request(_MANY) for _ in range(parallel)]
        try:
            for request, batch in zip(requests, islice(batches, parallel), strict=False):
                running.append((_started(request, batch), batch))
            while running:
                request, batch = running.popleft()
                encoded = self._encoded(batch, _result(request), prompt)
                if (following := next(batches, None)) is not None:
                    running.append((_started(request, following), following))
                yield from zip((text.position for text in batch.texts), encoded, strict=True)
                if progress is not None:
                    progress(len(batch.texts))
        finally:
            # Whoever stops half-way must not leave requests running.
            for request, _ in running:
                request.wait()
            self._idle[_MANY].extend(requests)

    def question(self, text: str) -> EncodedText:
        prompt = self._form.question
        batch = padded(self._tokenised([text], [0], prompt), self._padding)
        request = self._request(_ONE)
        encoded = self._encoded(batch, _result(_started(request, batch)), prompt)[0]
        self._idle[_ONE].append(request)
        return encoded

    def _request(self, hint: str) -> InferRequest:
        try:
            return self._idle[hint].pop()
        except IndexError:
            return self._model(hint).create_infer_request()

    def _model(self, hint: str) -> CompiledModel:
        """Return the network compiled for one text at a time (_ONE) or for many (_MANY).

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

    def _windows(self, texts: Sequence[str], prompt: Prompt) -> Iterator[list[TextPieces]]:
        """Longest first, by characters: a text that does not fit in memory shows at once."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]), reverse=True)
        bounds = [0, *range(_FIRST_WINDOW, len(order), _WINDOW), len(order)]
        for start, end in pairwise(bounds):
            positions = order[start:end]
            yield self._tokenised([texts[i] for i in positions], positions, prompt)

    def _tokenised(
        self, texts: Sequence[str], positions: Sequence[int], prompt: Prompt
    ) -> list[TextPieces]:
        encodings = self._tokenizer.encode_batch([prompt.text + text for text in texts])
        return [
            TextPieces(
                position,
                np.array(encoding.ids, dtype=np.int32),
                # A prompt's word pieces cover none of the text: their offsets shrink to nothing.
                np.maximum(_pairs(encoding) - np.int32(len(prompt.text)), 0),
            )
            for position, encoding in zip(positions, encodings, strict=True)
        ]

    def _encoded(self, batch: Batch, states: FloatMatrix, prompt: Prompt) -> list[EncodedText]:
        """`states` (b, t, h) are the request's own memory, which is used again: all is copied."""
        for row, text in enumerate(batch.texts):
            # The states where there is no word piece are whatever attention to nothing gives.
            states[row, len(text.ids) :] = 0.0
        mask = batch.mask.astype(bool)
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
    """Import the OpenVINO runtime, without its telemetry and without its conversion tools.

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


def _started(request: InferRequest, batch: Batch) -> InferRequest:
    request.start_async({0: batch.ids, 1: batch.mask})
    return request


def _result(request: InferRequest) -> FloatMatrix:
    """Return the last hidden states (b, t, h), in the request's own memory."""
    request.wait()
    states: FloatMatrix = request.get_output_tensor(0).data
    return states


def _pairs(encoding: Encoding) -> NDArray[np.int32]:
    """Return the characters that each word piece covers, (t, 2)."""
    numbers = chain.from_iterable(encoding.offsets)
    return np.fromiter(numbers, dtype=np.int32, count=2 * len(encoding)).reshape(-1, 2)


def _line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[-1] if lines else type(error).__name__)[:200]
