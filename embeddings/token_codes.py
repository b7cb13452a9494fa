"""One-bit token vectors: 48 bytes instead of 1,536 for a token of 384 dimensions.

A code keeps the sign of (vector − mean) in each dimension. Against a question token's float
vector q, the similarity of a code b ∈ {−1, +1}^d is q·b / √d, which estimates the cosine.

    >>> vectors = np.array([[0.6, -0.8, 0.0, 0.2, 0.1, -0.1, 0.3, -0.3]], dtype=np.float32)
    >>> pack_signs(vectors, np.zeros(8, dtype=np.float32))        # + − − + + − + −
    array([[154]], dtype=uint8)
    >>> question = np.array([[1, 0, 0, 0, 0, 0, 0, 0]], dtype=np.float32)
    >>> code_similarities(question, pack_signs(vectors, np.zeros(8, dtype=np.float32)))
    array([[0.35355338]], dtype=float32)
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import FloatMatrix

CODES_VERSION = 1
_BLOCK_ROWS = 32
_HEADER = struct.Struct("<BBBHI")  # version, bytes a token id, a start and a code; tokens


@dataclass(frozen=True, slots=True)
class PassageCodes:
    """The kept tokens of one passage, in text order.

    token_ids: (t,) int32; starts: (t,) int32, each token's first character counted from the
    passage's start; bits: (t, d / 8) uint8.
    """

    token_ids: NDArray[np.int32]
    starts: NDArray[np.int32]
    bits: NDArray[np.uint8]

    def to_bytes(self) -> bytes:
        """Little-endian: header, token ids and starts (2 or 4 bytes each), bits."""
        widths = _width(self.token_ids), _width(self.starts)
        header = _HEADER.pack(CODES_VERSION, *widths, self.bits.shape[1], len(self.bits))
        ids = self.token_ids.astype(f"<u{widths[0]}").tobytes()
        return header + ids + self.starts.astype(f"<u{widths[1]}").tobytes() + self.bits.tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> PassageCodes:
        """The inverse of `to_bytes`. Raises ValueError if the data is of another form."""
        if len(data) < _HEADER.size:
            raise ValueError(f"{len(data)} bytes of token codes, expected at least {_HEADER.size}")
        version, id_width, start_width, code_bytes, count = _HEADER.unpack_from(data)
        ids_end = _HEADER.size + count * id_width
        starts_end = ids_end + count * start_width
        expected = starts_end + count * code_bytes
        widths = {id_width, start_width}
        if version != CODES_VERSION or not widths <= {2, 4} or len(data) != expected:
            raise ValueError(
                f"token codes of version {version} and {len(data)} bytes, "
                f"expected version {CODES_VERSION} and {expected} bytes"
            )
        return cls(
            np.frombuffer(data[_HEADER.size : ids_end], f"<u{id_width}").astype(np.int32),
            np.frombuffer(data[ids_end:starts_end], f"<u{start_width}").astype(np.int32),
            np.frombuffer(data[starts_end:], np.uint8).reshape(count, code_bytes),
        )


def _width(numbers: NDArray[np.int32]) -> int:
    return 2 if numbers.size == 0 or int(numbers.max()) < 1 << 16 else 4


def pack_signs(vectors: FloatMatrix, mean: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Codes of (t, d) vectors around a (d,) mean: (t, ⌈d / 8⌉), the first dimension in the
    highest bit, a value equal to the mean as 0."""
    return np.packbits(vectors > mean, axis=1)


def code_similarities(question: FloatMatrix, bits: NDArray[np.uint8]) -> FloatMatrix:
    """(q, d) question token vectors against (t, d / 8) codes: (q, t) estimated cosines."""
    count, dimension = len(bits), question.shape[1]
    # Products of this few rows stay below the size from which BLAS starts threads. For so small
    # a matter these cost more than they do, and spin on after it on cores that the encoder needs
    # (measured: 3 ms of 15 a question).
    blocks = np.zeros((-(-count // _BLOCK_ROWS), _BLOCK_ROWS, dimension), np.float32)
    positive = blocks.reshape(-1, dimension)[:count]
    positive[:] = np.unpackbits(bits, axis=1, count=dimension)
    # q·b with b = 2p − 1 is 2 q·p − Σq: the codes need not be turned into ±1 first.
    met = np.matmul(blocks, question.T).reshape(-1, len(question))[:count]
    products = 2.0 * met.T - question.sum(axis=1, keepdims=True)
    return np.asarray(products / np.sqrt(dimension), dtype=np.float32)
