"""Compare the best candidates with the question more closely than any index can.

A `Reranker` gives candidates the score that ranks them; `SearchSettings.reranker` names which. The
first is late interaction: each word piece of the question looks for its best match in a passage.
Its score is MaxSim (Khattab and Zaharia, ColBERT, SIGIR 2020), here with the token vectors of
the same encoder that makes the sentence vectors, one-bit codes on the passage's side, and each
question token weighted by its IDF over the library's passages:

    score(q, s) = Σᵢ wᵢ · maxⱼ sim(qᵢ, sⱼ) / Σᵢ wᵢ     wᵢ = ln(1 + N / (0.5 + dfᵢ)) / √nᵢ

with nᵢ the number of pieces of the token's word, so that a rare name does not weigh more for
being cut in four. A passage's score is that of its best sentence s: what answers is said in
one place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from types import MappingProxyType
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import EncodedText, FloatMatrix, unit_rows
from embeddings.token_codes import PassageCodes, code_similarities
from qa.index.indexing import telling_tokens
from qa.records import Query
from qa.search.ranking import Candidate, Floats, column, weighted_sum
from qa.settings import SearchSettings
from qa.store.records import StoredPassage

# The similarity of a question token to a sentence without tokens; none is as low.
ABSENT = np.float32(-1)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Interaction:
    """How a question meets one passage. weights: (q,) of the question's tokens; similarities:
    (q, sentences), each token's largest within each sentence."""

    weights: Floats
    similarities: FloatMatrix


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reranker may look at: the query, the passages by id, how their tokens meet the
    question's, and their words on demand."""

    query: Query
    passages: Mapping[int, StoredPassage]
    interactions: Mapping[int, Interaction]
    text_of: Callable[[StoredPassage], str]


class Reranker(Protocol):
    """Compares a question with candidates closely."""

    def rerank(self, reading: Reading, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Return the same candidates with their `interaction`, which the verdict is decided on,
        and the `score` that ranks them."""
        ...


@dataclass(frozen=True, slots=True)
class LateInteraction:
    """The `Reranker` that weighs late interaction beside the first stage's score."""

    weight: float

    def rerank(self, reading: Reading, candidates: Sequence[Candidate]) -> list[Candidate]:
        met = [reading.interactions[candidate.passage] for candidate in candidates]
        late = best_sentences([one.similarities for one in met], met[0].weights)
        scores = weighted_sum([(1.0, column(candidates, "fused")), (self.weight, late)])
        return [
            candidate._replace(interaction=interaction, score=score)
            for candidate, interaction, score in zip(
                candidates, late.tolist(), scores.tolist(), strict=True
            )
        ]


RERANKERS: Mapping[str, Callable[[SearchSettings], Reranker]] = MappingProxyType(
    {"late-interaction": lambda settings: LateInteraction(settings.interaction_weight)}
)


def choose_reranker(settings: SearchSettings) -> Reranker:
    """Return the reranker that the settings name. Raises ValueError for one there is not."""
    make = RERANKERS.get(settings.reranker)
    if make is None:
        raise ValueError(f"no reranker {settings.reranker!r}, expected one of {list(RERANKERS)}")
    return make(settings)


# ---- late interaction -------------------------------------------------------------------------


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
    """Return ln(1 + N / (0.5 + df)) for tokens that `counts` of `passages` passages hold.

    >>> idf(100, np.array([0, 10]))
    array([5.3033047, 2.3536403], dtype=float32)
    """
    return np.log1p(passages / (0.5 + counts)).astype(np.float32)


def best_sentences(passages: Sequence[FloatMatrix], weights: Floats) -> Floats:
    """Return the (n,) score of each passage: the largest of its sentences' MaxSim, from (q,
    sentences) similarities with at least one sentence; 0 without question tokens.

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
    """Return the question's word pieces that are worth looking for, centred on the mean that the
    codes are centred on. `counts` (t,): how many of all `passages` hold each token id."""
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
    """Return (t,) how many word pieces the word of each one has; 1 outside words."""
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
    """Compare the question with each passage, given by its codes and where its sentences end
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
    """Return (t,) the sentence that each token of all passages stands in, where `firsts` are the
    numbers of the passages' first sentences, and of one more."""
    sizes = [len(codes.starts) for codes, _ in passages]
    # One look-up for all: each passage in a range of numbers of its own.
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
    """From (q, t) similarities and the sentence each passage token stands in, ascending, return (q,
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
