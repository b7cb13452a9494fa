"""The seam between text and numbers: what every encoder offers, and the records it hands out.

Shapes are said here once. `d` is the encoder's dimension. Sentence vectors are float32
rows of unit length, so that an inner product is a cosine; token vectors are float32 rows
of unit length too, one for each word piece, special tokens included.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

FloatMatrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class EncoderIdentity:
    """What decides whether two encoders' vectors may stand in one index.

    `name` is what loads the model again (a folder, a hub name); `revision` fingerprints its
    weights, wherever they are.
    """

    name: str
    revision: str
    dimension: int

    def same_vectors(self, other: EncoderIdentity) -> bool:
        """Return whether the other's vectors may be compared with these: the name may differ, as
        when a model's folder was moved."""
        return (self.revision, self.dimension) == (other.revision, other.dimension)


@dataclass(frozen=True, slots=True)
class EncodedText:
    """One text's vectors.

    vector: (d,); token_ids: (t,) int32; offsets: (t, 2) int32, the characters of the text
    that each word piece covers (start == end for special tokens); token_vectors: (t, d).
    """

    vector: NDArray[np.float32]
    token_ids: NDArray[np.int32]
    offsets: NDArray[np.int32]
    token_vectors: FloatMatrix


class Encoder(Protocol):
    """Turns texts into vectors. Implementations are immutable and safe to share by threads."""

    @property
    def identity(self) -> EncoderIdentity: ...

    @property
    def runs_on(self) -> str:
        """In words, what computes the vectors ("torch, bfloat16")."""
        ...

    @property
    def max_tokens(self) -> int:
        """Word pieces a text, special tokens included; what is longer is cut off."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return how many word pieces each text has, without special tokens and without cutting."""
        ...

    def vocabulary(self) -> dict[str, int]:
        """Word piece → token id."""
        ...

    def passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Iterator[tuple[int, EncodedText]]:
        """Encode texts to be searched: pairs of position in `texts` and vectors, in the order
        that is fastest to compute. `progress` is told how many more are done."""
        ...

    def question(self, text: str) -> EncodedText:
        """Encode a text to search with."""
        ...


def unit_rows(matrix: FloatMatrix) -> FloatMatrix:
    """Return the rows of an (n, d) matrix scaled to length 1; a zero row stays zero."""
    lengths = np.linalg.norm(matrix, axis=-1, keepdims=True)
    return np.asarray(matrix / np.maximum(lengths, 1e-12), dtype=np.float32)
