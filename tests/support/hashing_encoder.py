"""A complete encoder without a model: each word a pseudo-random direction, a text their mean.

Deterministic across processes, so that tests of everything around the encoder are fast and
exact. Texts that share words are near each other, as with a real one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import EncodedText, EncoderIdentity, unit_rows

_WORD = re.compile(r"\w+|[^\w\s]")


class HashingEncoder:
    """An `embeddings.Encoder`; `revision` tells two of them apart."""

    def __init__(self, dimension: int = 32, revision: str = "1", max_tokens: int = 256) -> None:
        self._identity = EncoderIdentity("hashing", revision, dimension)
        self._max_tokens = max_tokens

    @property
    def identity(self) -> EncoderIdentity:
        return self._identity

    @property
    def runs_on(self) -> str:
        return "hashing"

    @property
    def max_tokens(self) -> int:
        return self._max_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(_WORD.findall(text)) for text in texts]

    def vocabulary(self) -> dict[str, int]:
        return {}

    def passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Iterator[tuple[int, EncodedText]]:
        for position in sorted(range(len(texts)), key=lambda i: -len(texts[i])):
            yield position, self.question(texts[position])
            if progress is not None:
                progress(1)

    def question(self, text: str) -> EncodedText:
        words = list(_WORD.finditer(text))[: self._max_tokens - 2]
        # Special tokens at both ends, as a transformer has them: they cover no characters.
        ids = [1, *(_token_id(word.group()) for word in words), 2]
        spans = [(0, 0), *(word.span() for word in words), (0, 0)]
        dimension = self._identity.dimension
        tokens = unit_rows(np.stack([_direction(id_, dimension) for id_ in ids]))
        vector = unit_rows(tokens.mean(axis=0, keepdims=True))[0]
        return EncodedText(vector, np.array(ids, np.int32), np.array(spans, np.int32), tokens)


@cache
def _direction(token_id: int, dimension: int) -> NDArray[np.float32]:
    made = np.random.default_rng(token_id).standard_normal(dimension).astype(np.float32)
    made.flags.writeable = False  # it is shared
    return made


def _token_id(word: str) -> int:
    digest = hashlib.sha256(word.casefold().encode("utf-8", "surrogatepass")).digest()
    return 3 + int.from_bytes(digest[:2], "little") % 30_000
