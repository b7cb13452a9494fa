"""The point that one-bit token codes are centred on: a model's mean token vector.

Token vectors of a transformer share a large common component; without taking it off, most
signs would agree between any two tokens. Most of it belongs to the model and some to the kind
of text, so it is estimated once, on the first passages that a library gets and on the
paragraphs below, which keep it sound where those are few. (Measured on XQuAD: with the
paragraphs alone half a point fewer first quotes hold the answer.)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import EncodedText

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
    """The positions of those of the texts, evenly drawn, whose tokens the mean is taken of."""
    return range(0, len(texts), max(1, -(-len(texts) // MOST_TEXTS)))


def token_mean(encoded: Iterable[EncodedText], dimension: int) -> NDArray[np.float32]:
    """The (d,) mean of the token vectors of texts (a sample and CALIBRATION_TEXTS), special tokens
    left out."""
    total = np.zeros(dimension, np.float64)
    count = 0
    for text in encoded:
        words = text.token_vectors[text.offsets[:, 1] > text.offsets[:, 0]]
        total += words.sum(axis=0, dtype=np.float64)
        count += len(words)
    return (total / max(count, 1)).astype(np.float32)
