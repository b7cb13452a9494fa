"""Which sentences of a passage to quote: the best one, and a neighbour that adds to it.

With S(i, k) the largest similarity of question token i within sentence k and w its weight (see
`qa.search.late_interaction`),

    T(i, k) = max(S(i, k), ρ · S(i, k − 1))        score(k) = Σᵢ wᵢ · T(i, k) / Σᵢ wᵢ

The sentence of the highest score is quoted; ρ lets it take over what the one before names and
it calls "it" or "the company". A sentence that asks counts no more than what the next one takes
over from it: a question is seldom answered by a question. A neighbour joins the chosen sentence
if the two together meet the question better, or if it meets it nearly as well itself. A
sentence that takes up what was quoted and turns it ("But …", "Unfortunately …") is quoted too,
so that no quote leaves off just before it would be contradicted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import FloatMatrix
from qa.language.discourse import CONTRAST_OPENINGS
from qa.records import Span
from qa.settings import QuotingSettings

Floats = NDArray[np.float32]
_QUESTION = re.compile(r"[?？؟][\"'”’»)\]]*$")
# Openings by which a sentence limits, regrets or contradicts the one before it.
_TURNS = re.compile(rf"[\W_]*(?:{CONTRAST_OPENINGS})\b", re.IGNORECASE)


def choose_sentences(
    similarities: FloatMatrix,
    weights: Floats,
    sentences: Sequence[Span],
    text_of: Callable[[Span], str],
    settings: QuotingSettings,
) -> Span:
    """The span of the one to three sentences to quote.

    `similarities` (q, sentences): S; `weights` (q,); `sentences` the passage's, in order;
    `text_of` gives a sentence's words.
    """
    scores = carried(similarities, settings.carry).T @ weights
    asks = [_QUESTION.search(text_of(sentence)) is not None for sentence in sentences]
    if any(asks):
        scores = np.where(asks, settings.carry * scores, scores).astype(np.float32)
    first = last = int(np.argmax(scores))
    neighbour = _neighbour(similarities, scores, weights, first, settings)
    if neighbour is not None:
        first, last = min(first, neighbour), max(last, neighbour)
    room = last + 1 < len(sentences) and last - first + 1 < settings.most_sentences
    if room and _TURNS.match(text_of(sentences[last + 1])):
        last += 1
    return Span(sentences[first].start, sentences[last].end)


def carried(similarities: FloatMatrix, carry: float) -> FloatMatrix:
    """T of S.

    >>> carried(np.array([[1.0, 0.25, 0.5]], dtype=np.float32), 0.5).tolist()
    [[1.0, 0.5, 0.5]]
    """
    result = similarities.copy()
    result[:, 1:] = np.maximum(result[:, 1:], np.float32(carry) * similarities[:, :-1])
    return result


def _neighbour(
    similarities: FloatMatrix,
    scores: Floats,
    weights: Floats,
    chosen: int,
    settings: QuotingSettings,
) -> int | None:
    """The sentence after or before the chosen one that most adds to it, if it adds enough."""
    alone = similarities[:, chosen]
    own = max(float(weights @ alone), 1e-9)
    gains: list[tuple[float, int]] = []
    for neighbour in (chosen + 1, chosen - 1):
        if 0 <= neighbour < similarities.shape[1]:
            both = np.maximum(alone, similarities[:, neighbour])
            added = (float(weights @ both) - own) / own
            itself = settings.neighbour_weight * float(scores[neighbour]) / own
            gains.append((added + itself, neighbour))
    gain, neighbour = max(gains, default=(0.0, chosen))
    return neighbour if gain >= settings.least_gain and neighbour != chosen else None
