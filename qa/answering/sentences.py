"""Which sentences of a passage to quote: the best one, and a neighbour that adds to it.

The same token similarities that ranked the passage decide. With S(i, k) the largest similarity
of question token i within sentence k and w its weight,

    score(k) = Σᵢ wᵢ · S(i, k) / Σᵢ wᵢ

the sentence of the highest score is quoted. A neighbour joins it if the two together meet the
question better by at least a given share of the first one's score. A sentence that takes up
what was quoted and turns it ("But …", "Unfortunately …") is quoted with it, so that no quote
leaves off just before it would be contradicted.

    >>> similarities = np.array([[0.75, 0.5, 0.25], [0.0, 0.25, 1.0]], dtype=np.float32)
    >>> sentence_maxima(similarities, np.array([0, 0, 1]), 2).tolist()
    [[0.75, 0.25], [0.25, 1.0]]
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from qa.records import Span
from qa.search.late_interaction import Interaction
from qa.settings import QuotingSettings

Floats = NDArray[np.float32]

# A token that is nowhere in a sentence; no similarity is as low.
_ABSENT = np.float32(-1)
# Openings by which a sentence limits, regrets or contradicts the one before it.
_TURNS = re.compile(
    r"[\W_]*(?:but|however|yet|nevertheless|nonetheless|still|instead|unfortunately|regrettably|"
    r"sadly|alas|even so|that said|on the contrary|on the other hand|at the same time|"
    r"но|однако|к сожалению|тем не менее|увы|впрочем|зато|напротив|в то же время)\b",
    re.IGNORECASE,
)


def choose_sentences(
    interaction: Interaction,
    weights: Floats,
    sentences: Sequence[Span],
    passage_start: int,
    text_of: Callable[[Span], str],
    settings: QuotingSettings,
) -> Span:
    """The span of the one to three sentences to quote.

    `sentences` are the passage's, in order, by offsets of the text; `interaction` counts its
    tokens' places from `passage_start`; `text_of` gives a sentence's words.
    """
    ends = np.array([span.end - passage_start for span in sentences])
    owner = np.searchsorted(ends, interaction.starts, side="right")
    owner = np.minimum(owner, len(sentences) - 1)
    best = sentence_maxima(interaction.similarities, owner, len(sentences))
    first = last = int(np.argmax(weights @ best))
    neighbour = _helpful_neighbour(best, weights, first, settings)
    if neighbour is not None:
        first, last = min(first, neighbour), max(last, neighbour)
    most = settings.most_sentences
    if last + 1 < len(sentences) and last - first + 1 < most and _TURNS.match(
        text_of(sentences[last + 1])
    ):
        last += 1
    return Span(sentences[first].start, sentences[last].end)


def _helpful_neighbour(
    best: Floats, weights: Floats, chosen: int, settings: QuotingSettings
) -> int | None:
    """The sentence after or before the chosen one that most adds to it, if it adds enough."""
    own = max(float(weights @ best[:, chosen]), 1e-9)
    gains: list[tuple[float, int]] = []
    for neighbour, factor in ((chosen + 1, 1.0), (chosen - 1, settings.before_factor)):
        if 0 <= neighbour < best.shape[1]:
            together = float(weights @ np.maximum(best[:, chosen], best[:, neighbour]))
            gains.append((factor * (together - own) / own, neighbour))
    gain, neighbour = max(gains, default=(0.0, chosen))
    return neighbour if gain >= settings.least_gain and neighbour != chosen else None


def sentence_maxima(similarities: Floats, owner: NDArray[np.intp], sentences: int) -> Floats:
    """(q, t) similarities and the sentence (t,) each passage token stands in → (q, sentences),
    each question token's best within each sentence."""
    best = np.full((similarities.shape[0], sentences), _ABSENT, np.float32)
    for sentence in range(sentences):
        inside = owner == sentence
        if inside.any():
            best[:, sentence] = similarities[:, inside].max(axis=1)
    return best
