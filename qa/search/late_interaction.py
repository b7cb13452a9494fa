"""Late interaction: each word piece of the question looks for its best match in a passage.

The score is MaxSim (Khattab and Zaharia, ColBERT, SIGIR 2020), here with the token vectors of
the same encoder that makes the sentence vectors, one-bit codes on the passage's side, and each
question token weighted by its IDF over the library's passages:

    score(q, s) = Σᵢ wᵢ · maxⱼ sim(qᵢ, sⱼ) / Σᵢ wᵢ     wᵢ = ln(1 + N / (0.5 + dfᵢ)) / √nᵢ

with nᵢ the number of pieces of the token's word, so that a rare name does not weigh more for
being cut in four. A passage's score is that of its best sentence s: what answers is said in
one place.

Worked example: two question tokens of weights 2 and 1; the first finds similarities .2 and .8
in the sentence, the second .5 and .4: (2 · .8 + 1 · .5) / 3 = .7.

    >>> similarities = np.array([[0.2, 0.8], [0.5, 0.4]], dtype=np.float32)
    >>> round(float(maxsim(similarities, np.array([2.0, 1.0], dtype=np.float32))), 4)
    0.7
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import EncodedText, FloatMatrix, unit_rows
from embeddings.token_codes import PassageCodes, code_similarities
from qa.index.passage_data import telling_tokens
from qa.records import Query

Floats = NDArray[np.float32]
# The similarity of a question token to a sentence without tokens; none is as low.
ABSENT = np.float32(-1)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class QuestionTokens:
    """The question's kept word pieces. vectors: (q, d), unit length; weights: (q,), IDF;
    starts and ends: (q,), the characters of the question each covers."""

    token_ids: NDArray[np.int32]
    vectors: FloatMatrix
    weights: Floats
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]


def idf(passages: int, counts: NDArray[np.int64]) -> Floats:
    """ln(1 + N / (0.5 + df)) for tokens that `counts` of `passages` passages hold.

    >>> idf(100, np.array([0, 10]))
    array([5.3033047, 2.3536403], dtype=float32)
    """
    return np.log1p(passages / (0.5 + counts)).astype(np.float32)


def maxsim(similarities: FloatMatrix, weights: Floats) -> np.float32:
    """The weighted mean over rows of each row's largest value; 0 without rows or columns."""
    if similarities.size == 0 or weights.sum() <= 0:
        return np.float32(0)
    return np.float32(weights @ similarities.max(axis=1) / weights.sum())


def best_sentences(passages: Sequence[FloatMatrix], weights: Floats) -> Floats:
    """(n,) the score of each passage: the largest of its sentences' MaxSim, from (q, sentences)
    similarities with at least one sentence; 0 without question tokens.

    >>> similarities = np.array([[0.75, 0.25], [0.25, 1.0]], dtype=np.float32)
    >>> best_sentences([similarities], np.array([1.0, 3.0], dtype=np.float32)).tolist()
    [0.8125]
    """
    if not passages or weights.sum() <= 0:
        return np.zeros(len(passages), np.float32)
    firsts = [0, *accumulate(met.shape[1] for met in passages)]
    scores = weights @ np.concatenate(passages, axis=1)
    return np.asarray(np.maximum.reduceat(scores, firsts[:-1]) / weights.sum())


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
    pieces = _pieces_of_words(query.text, encoded.offsets)[keep]
    return QuestionTokens(
        encoded.token_ids[keep],
        unit_rows(encoded.token_vectors[keep] - mean),
        (idf(passages, counts[keep]) / np.sqrt(pieces)).astype(np.float32),
        encoded.offsets[keep, 0],
        encoded.offsets[keep, 1],
    )


def _pieces_of_words(text: str, offsets: NDArray[np.int32]) -> Floats:
    """(t,) how many word pieces the word of each one has; 1 outside words."""
    word = np.full(len(text) + 1, -1)
    for number, found in enumerate(_WORD.finditer(text)):
        word[found.start() : found.end()] = number
    # A piece's last character is never the space that SentencePiece puts before it.
    owner = np.where(offsets[:, 1] > 0, word[offsets[:, 1] - 1], -1)
    counts = np.bincount(owner[owner >= 0], minlength=1)
    return np.where(owner >= 0, counts[np.maximum(owner, 0)], 1).astype(np.float32)


def interact(
    question: QuestionTokens, passages: Sequence[tuple[PassageCodes, Sequence[int]]]
) -> list[FloatMatrix]:
    """The question against each passage, given by its codes and where its sentences end
    (characters from its start): (q, sentences) each question token's largest similarity within
    each sentence, all in one matrix product."""
    if not passages:
        return []
    bits = np.concatenate([codes.bits for codes, _ in passages])
    firsts = [0, *accumulate(len(ends) for _, ends in passages)]
    owner = _sentences_of(passages, firsts)
    best = sentence_maxima(code_similarities(question.vectors, bits), owner, firsts[-1])
    return [best[:, first:last] for first, last in pairwise(firsts)]


def _sentences_of(
    passages: Sequence[tuple[PassageCodes, Sequence[int]]], firsts: Sequence[int]
) -> NDArray[np.intp]:
    """(t,) the sentence that each token of all passages stands in, where `firsts` are the numbers
    of the passages' first sentences, and of one more."""
    sizes = [len(codes.starts) for codes, _ in passages]
    # One look-up for all: each passage on a stretch of numbers of its own.
    origins = np.arange(len(passages), dtype=np.int64) << 32
    starts = np.concatenate([codes.starts for codes, _ in passages]) + np.repeat(origins, sizes)
    ends = np.array([end for _, ends in passages for end in ends], np.int64)
    ends += np.repeat(origins, np.diff(firsts))
    owner: NDArray[np.intp] = np.searchsorted(ends, starts, side="right")
    np.minimum(owner, np.repeat(np.array(firsts[1:]) - 1, sizes), out=owner)
    return owner


def sentence_maxima(
    similarities: FloatMatrix, owner: NDArray[np.intp], sentences: int
) -> FloatMatrix:
    """(q, t) similarities and the sentence each passage token stands in, ascending → (q,
    sentences) each question token's best within each sentence; ABSENT where one is empty.

    >>> similarities = np.array([[0.75, 0.5, 0.25], [0.0, 0.25, 1.0]], dtype=np.float32)
    >>> sentence_maxima(similarities, np.array([0, 0, 1]), 2).tolist()
    [[0.75, 0.25], [0.25, 1.0]]
    """
    best = np.full((similarities.shape[0], sentences), ABSENT, np.float32)
    if similarities.size:
        first = np.flatnonzero(np.diff(owner, prepend=-1))
        best[:, owner[first]] = np.maximum.reduceat(similarities, first, axis=1)
    return best
