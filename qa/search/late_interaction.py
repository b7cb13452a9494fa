"""Late interaction: each word piece of the question looks for its best match in a passage.

The score is MaxSim (Khattab and Zaharia, ColBERT, SIGIR 2020), here with the token vectors of
the same encoder that makes the sentence vectors, one-bit codes on the passage's side, and each
question token weighted by its IDF over the library's passages:

    score(q, p) = Σᵢ wᵢ · maxⱼ sim(qᵢ, pⱼ) / Σᵢ wᵢ        wᵢ = ln(1 + N / (0.5 + dfᵢ))

Worked example: two question tokens of weights 2 and 1; the first finds similarities .2 and .8
in the passage, the second .5 and .4: (2 · .8 + 1 · .5) / 3 = .7.

    >>> similarities = np.array([[0.2, 0.8], [0.5, 0.4]], dtype=np.float32)
    >>> round(float(maxsim(similarities, np.array([2.0, 1.0], dtype=np.float32))), 4)
    0.7
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import EncodedText, FloatMatrix, unit_rows
from embeddings.token_codes import PassageCodes, code_similarities
from qa.records import Query
from qa.search.indexing import telling_tokens

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class QuestionTokens:
    """The question's kept word pieces. vectors: (q, d), unit length; weights: (q,), IDF;
    starts and ends: (q,), the characters of the question each covers."""

    token_ids: NDArray[np.int32]
    vectors: FloatMatrix
    weights: Floats
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Interaction:
    """A question's word pieces against one passage's: similarities (q, t); starts (t,), each
    passage token's first character counted from the passage's start."""

    similarities: FloatMatrix
    starts: NDArray[np.int32]


def idf(passages: int, counts: NDArray[np.int64]) -> Floats:
    """ln(1 + N / (0.5 + df)) for tokens that `counts` of `passages` passages hold.

    >>> idf(100, np.array([0, 10]))
    array([5.3033047, 2.3538785], dtype=float32)
    """
    return np.log1p(passages / (0.5 + counts)).astype(np.float32)


def maxsim(similarities: FloatMatrix, weights: Floats) -> np.float32:
    """The weighted mean over rows of each row's largest value; 0 without rows or columns."""
    if similarities.size == 0 or weights.sum() <= 0:
        return np.float32(0)
    return np.float32(weights @ similarities.max(axis=1) / weights.sum())


def question_tokens(
    encoded: EncodedText,
    query: Query,
    mean: Floats,
    passages: int,
    counts: NDArray[np.int64],
) -> QuestionTokens:
    """The question's word pieces that are worth looking for, centred on the mean that the codes
    are centred on. `counts` (t,): how many of all `passages` hold each token id."""
    keep = telling_tokens(query.text, encoded.offsets)
    for span in query.understood.frame:
        keep &= (encoded.offsets[:, 0] >= span.end) | (encoded.offsets[:, 1] <= span.start)
    if not keep.any():
        keep = encoded.offsets[:, 1] > encoded.offsets[:, 0]
    return QuestionTokens(
        encoded.token_ids[keep],
        unit_rows(encoded.token_vectors[keep] - mean),
        idf(passages, counts[keep]),
        encoded.offsets[keep, 0],
        encoded.offsets[keep, 1],
    )


def interact(question: QuestionTokens, passages: Sequence[PassageCodes]) -> list[Interaction]:
    """The question against each passage, in one matrix product over all their tokens."""
    if not passages:
        return []
    bits = np.concatenate([codes.bits for codes in passages])
    similarities = code_similarities(question.vectors, bits)
    ends = np.cumsum([len(codes.bits) for codes in passages])
    parts = np.split(similarities, ends[:-1], axis=1)
    return [Interaction(part, codes.starts) for part, codes in zip(parts, passages, strict=True)]
