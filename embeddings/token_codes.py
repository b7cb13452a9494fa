"""One-bit token vectors: 48 bytes instead of 1,536 for a token of 384 dimensions.

A code keeps the sign of (vector − mean) in each dimension. Against a question token's float
vector q, the similarity of a code b ∈ {−1, +1}^d is q·b / √d, which estimates the cosine.

    >>> vectors = np.array([[0.6, -0.8, 0.0, 0.2, 0.1, -0.1, 0.3, -0.3]], dtype=np.float32)
    >>> pack_signs(vectors, np.zeros(8, dtype=np.float32))        # + − − + + − + −
    array([[154]], dtype=uint8)
    >>> question = np.array([[1, 0, 0, 0, 0, 0, 0, 0]], dtype=np.float32)
    >>> code_similarities(question, pack_signs(vectors, np.zeros(8, dtype=np.float32)))
    array([[0.35355338]], dtype=float32)

Token vectors of a transformer share a large common component; without taking it off, most signs
would agree between any two tokens. Most of it belongs to the model and some to the kind of text, so
the mean is estimated once, on the first passages that a library gets and on CALIBRATION_TEXTS,
which keep it sound where those are few. (Measured on XQuAD: with these alone half a point fewer
first quotes hold the answer.)
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import EncodedText, FloatMatrix

CODES_VERSION = 1
# Products of this few rows stay below the size from which BLAS starts threads. For so small a
# matter these cost more than they do, and spin on after it on cores that the encoder needs
# (measured: 3 ms of 15 a question).
_BLOCK_ROWS = 32
# So many codes at a time, spread out to a number each bit, stay in the processor's cache.
_SLAB = 256
# What each byte of a code stands for: (256, 8), −1 for a 0 and 1 for a 1.
_SIGNS = np.where(np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1), 1, -1).astype(
    np.float32
)
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
        """Return the codes that `to_bytes` wrote. Raises ValueError for any other data."""
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
            np.frombuffer(data, f"<u{id_width}", count, _HEADER.size).astype(np.int32),
            np.frombuffer(data, f"<u{start_width}", count, ids_end).astype(np.int32),
            np.frombuffer(data, np.uint8, offset=starts_end).reshape(count, code_bytes),
        )


def _width(numbers: NDArray[np.int32]) -> int:
    return 2 if numbers.size == 0 or int(numbers.max()) < 1 << 16 else 4


def pack_signs(vectors: FloatMatrix, mean: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Codes of (t, d) vectors around a (d,) mean: (t, ⌈d / 8⌉), the first dimension in the
    highest bit, a value equal to the mean as 0."""
    return np.packbits(vectors > mean, axis=1)


def code_similarities(question: FloatMatrix, bits: NDArray[np.uint8]) -> FloatMatrix:
    """Return the (q, t) estimated cosines of (q, d) question token vectors and (t, d / 8) codes."""
    (count, dimension), width = question.shape, 8 * bits.shape[1]
    # The bits that fill up the last byte of a code meet zeros.
    weights = np.zeros((width, count), np.float32)
    weights[:dimension] = question.T / np.float32(np.sqrt(dimension))
    similarities = np.empty((len(bits), count), np.float32)
    signs = np.zeros((_SLAB // _BLOCK_ROWS, _BLOCK_ROWS, width), np.float32)
    for start in range(0, len(bits), _SLAB):
        part = bits[start : start + _SLAB]
        rows = len(part)
        np.take(_SIGNS, part, axis=0, out=signs.reshape(_SLAB, -1, 8)[:rows], mode="clip")
        met = np.matmul(signs[: -(-rows // _BLOCK_ROWS)], weights)
        similarities[start : start + rows] = met.reshape(-1, count)[:rows]
    return similarities.T


# ---- the mean ---------------------------------------------------------------------------------

# Written for this purpose: several registers, so that no subject or style weighs much.
CALIBRATION_TEXTS = (
    "The committee met at ten o'clock and heard three witnesses. The first described how the "
    "grain had been stored through the winter; the second, an engineer, doubted that the roof "
    "could bear another year of snow. No decision was taken, but the chair promised a report "
    "before the end of June.",
    "Rivers carry more than water. Sand, clay and the remains of leaves travel with the current "
    "and settle where it slackens, so that over centuries a harbour may silt up and a village "
    "that lived by fishing find itself two miles from the sea.",
    "Under section 14 the tenant shall give notice in writing not later than twenty-eight days "
    "before the date on which the lease is to end. Where notice is given late, the landlord may "
    "retain one half of the deposit, unless both parties have agreed otherwise.",
    "We tested 312 batteries at four temperatures. Capacity fell by 8.5 per cent after 500 "
    "cycles at 20 degrees and by almost a third at 45 degrees; the coating made no measurable "
    "difference. The results suggest that heat, rather than the number of cycles, limits the "
    "life of these cells.",
    "“I was eleven when my father bought the shop,” she said. “He could not read, but he knew "
    "every customer by name, and he never once asked them for money before Friday.” Her brother "
    "remembers it differently.",
    "Honourable members, the budget before you spends less on roads and more on schools than any "
    "in the last decade. Some of you will say that this is too little, others that we cannot "
    "afford it. I ask you only to look at the figures for the poorest districts.",
    "To bake the bread, mix the flour, salt and yeast with warm water and leave the dough under a "
    "cloth for an hour. It should double in size. Shape two loaves, cut the tops with a sharp "
    "knife and put them into a very hot oven for thirty-five minutes.",
    "The painter was born in Ghent around 1490 and trained in his uncle's workshop. Only six of "
    "his panels survive, none of them signed; they are known from a letter of 1531 in which a "
    "merchant complains about the price of the blue.",
    "A new railway line between the two capitals will open next spring, the ministry of transport "
    "announced on Tuesday. Tickets are expected to cost about a quarter less than a flight. "
    "Environmental groups welcomed the plan, while farmers along the route fear for their fields.",
    "Der Ausschuss hat den Antrag mit neun gegen vier Stimmen angenommen. La commission publiera "
    "son rapport au mois de septembre. Министр заявил, что переговоры будут продолжены в "
    "следующем году. El alcalde pidió más tiempo para estudiar la propuesta.",
)
# So many passages give the mean to within a thousandth; more would only take longer.
MOST_TEXTS = 256


def sample(texts: Sequence[str]) -> range:
    """Return the positions of those of the texts, evenly drawn, whose tokens the mean is taken
    of."""
    return range(0, len(texts), max(1, -(-len(texts) // MOST_TEXTS)))


def token_mean(encoded: Iterable[EncodedText], dimension: int) -> NDArray[np.float32]:
    """Return the (d,) mean of the token vectors of texts (a sample and CALIBRATION_TEXTS), special
    tokens left out."""
    total = np.zeros(dimension, np.float64)
    count = 0
    for text in encoded:
        words = text.token_vectors[text.offsets[:, 1] > text.offsets[:, 0]]
        total += words.sum(axis=0, dtype=np.float64)
        count += len(words)
    return (total / max(count, 1)).astype(np.float32)
