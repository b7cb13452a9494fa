"""Choose what to quote: a passage's best sentence and a neighbour that adds to it; join equal
quotes into one with several places.

With S(i, k) the largest similarity of question token i within sentence k and w its weight (see
`qa.search.reranking`),

    T(i, k) = max(S(i, k), ρ · S(i, k − 1))        score(k) = Σᵢ wᵢ · T(i, k) / Σᵢ wᵢ

The sentence of the highest score is quoted; ρ lets it take over what the one before names and
it calls "it" or "the company". A sentence that asks counts no more than what the next one takes
over from it: a question is seldom answered by a question. A neighbour joins the chosen sentence
if the two together meet the question better, or if it meets it nearly as well itself. A
sentence that takes up what was quoted and turns it ("But …", "Unfortunately …") is quoted too,
so that no quote leaves off just before it would be contradicted.

Two quotes are near-identical when nobody else is said to speak and the sets of their words
overlap by at least `SAME` (Jaccard), numbers and negations agreeing exactly: a release
that is printed twice with other punctuation or a corrected word is one quote, a sentence with
another figure or a "not" in it is another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from embeddings.encoder import FloatMatrix
from qa.language import WORDS
from qa.language.discourse import CONTRAST_OPENINGS
from qa.records import Span
from qa.search.ranking import Floats
from qa.search.reranking import Interaction
from qa.settings import QuotingSettings

SAME = 0.9
_WORD = re.compile(r"\w+")
# A contracted "not" leaves its "t".
_NEGATIONS = WORDS.negations | {"t"}
_QUESTION = re.compile(r"[?？؟][\"'”’»)\]]*$")
# Openings by which a sentence limits, regrets or contradicts the one before it.
_TURNS = re.compile(rf"[\W_]*(?:{CONTRAST_OPENINGS})\b", re.IGNORECASE)


def choose_sentences(
    met: Interaction,
    sentences: Sequence[Span],
    text_of: Callable[[Span], str],
    settings: QuotingSettings,
) -> Span:
    """Return the span of the one to three sentences to quote.

    `met` has S and w of a passage, `sentences` are the passage's, in order; `text_of` gives a
    sentence's words.
    """
    similarities, weights = met.similarities, met.weights
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
    """Return T of S.

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
    """Return the sentence after or before the chosen one that adds most to it, if it is enough."""
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


def group_duplicates(quotes: Iterable[tuple[str, str | None]]) -> list[list[int]]:
    """Return groups of near-identical quotes, given as (text, speaker), by their positions, the
    first of each group and the groups themselves in order.

    >>> group_duplicates([("He paid 5.", None), ("He paid 6.", None), ("“He paid 5”", "Ann")])
    [[0, 2], [1]]
    """
    groups: list[list[int]] = []
    firsts: list[tuple[frozenset[str], str | None]] = []
    for position, (text, speaker) in enumerate(quotes):
        key = frozenset(_WORD.findall(text.casefold()))
        for group, (other, other_speaker) in zip(groups, firsts, strict=True):
            if _same_speaker(speaker, other_speaker) and _same(key, other):
                group.append(position)
                break
        else:
            groups.append([position])
            firsts.append((key, speaker))
    return groups


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    if one == other:
        return True
    least, most = sorted((len(one), len(other)))
    if least / most < SAME:  # they share no more than the smaller has
        return False
    shared = len(one & other)
    if shared / (least + most - shared) < SAME:
        return False
    return not any(token[:1].isdigit() or token in _NEGATIONS for token in one ^ other)


def _same_speaker(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other
