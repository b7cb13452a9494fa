"""Which sentences of a passage to quote: the best one, and a neighbour that adds to it.

The same token similarities that ranked the passage decide. With S(i, k) the largest similarity
of question token i within sentence k and w its weight,

    score(k) = Σᵢ wᵢ · S(i, k) / Σᵢ wᵢ

the sentence of the highest score is quoted. A neighbour joins it if the two together meet the
question better by at least a given share of the first one's score.

    >>> similarities = np.array([[0.75, 0.5, 0.25], [0.0, 0.25, 1.0]], dtype=np.float32)
    >>> sentence_maxima(similarities, np.array([0, 0, 1]), 2).tolist()
    [[0.75, 0.25], [0.25, 1.0]]
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qa.records import Span
from qa.search.late_interaction import Interaction
from qa.settings import QuotingSettings

Floats = NDArray[np.float32]

# A token that is nowhere in a sentence; no similarity is as low.
_ABSENT = np.float32(-1)


def choose_sentences(
    interaction: Interaction,
    weights: Floats,
    sentences: Sequence[Span],
    passage_start: int,
    settings: QuotingSettings,
) -> tuple[Span, float]:
    """The span of the one to three sentences to quote, and the best sentence's score.

    `sentences` are the passage's, in order, by offsets of the text; `interaction` counts its
    tokens' places from `passage_start`.
    """
    ends = np.array([span.end - passage_start for span in sentences])
    owner = np.minimum(
        np.searchsorted(ends, interaction.starts, side="right"), len(sentences) - 1
    )
    best = sentence_maxima(interaction.similarities, owner, len(sentences))
    total = max(float(weights.sum()), 1e-9)
    scores = (weights @ best) / total
    first = last = int(np.argmax(scores))
    while last - first + 1 < settings.most_sentences:
        together = best[:, first : last + 1].max(axis=1)
        gains: list[tuple[float, int]] = []
        for neighbour, factor in ((last + 1, 1.0), (first - 1, settings.before_factor)):
            if 0 <= neighbour < len(sentences):
                joined = float(weights @ np.maximum(together, best[:, neighbour]))
                own = max(float(weights @ together), 1e-9)
                gains.append((factor * (joined - own) / own, neighbour))
        gain, neighbour = max(gains, default=(0.0, 0))
        if gain < settings.least_gain:
            break
        first, last = min(first, neighbour), max(last, neighbour)
    return Span(sentences[first].start, sentences[last].end), float(scores.max())


def sentence_maxima(similarities: Floats, owner: NDArray[np.intp], sentences: int) -> Floats:
    """(q, t) similarities and the sentence (t,) each passage token stands in → (q, sentences),
    each question token's best within each sentence."""
    best = np.full((similarities.shape[0], sentences), _ABSENT, np.float32)
    for sentence in range(sentences):
        inside = owner == sentence
        if inside.any():
            best[:, sentence] = similarities[:, inside].max(axis=1)
    return best
