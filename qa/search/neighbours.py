"""A turn is understood by those around it: the answer stands after the question, the question
before the answer. So a passage of speech gains from a neighbouring turn that fits the query."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from qa.records import TurnKind
from qa.store.records import TurnPlace

# A speaker's label is a turn of its own, so that two contributions stand two turns apart.
_STEPS = (-2, -1, 1, 2)
_SPOKEN = (TurnKind.SPEECH, TurnKind.QUESTION)


def neighbouring_turns(
    ids: NDArray[np.int64], scores: NDArray[np.float32], places: Mapping[int, TurnPlace]
) -> NDArray[np.float32]:
    """(n,) for each passage of speech the best score in the turn before or after its own; the
    lowest of all scores where that turn has no passage among them, 0 for what nobody speaks."""
    floor = float(scores.min())
    best: dict[tuple[int, int, int], float] = {}
    for id_, score in zip(ids.tolist(), scores.tolist(), strict=True):
        place = places[id_]
        if place.kind in _SPOKEN:
            key = (place.text_id, place.document, place.turn)
            best[key] = max(best.get(key, floor), score)
    added = np.zeros(len(ids), np.float32)
    for row, id_ in enumerate(ids.tolist()):
        place = places[id_]
        if place.kind in _SPOKEN:
            added[row] = max(
                [
                    best.get((place.text_id, place.document, place.turn + step), floor)
                    for step in _STEPS
                ]
            )
    return added
