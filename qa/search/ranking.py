"""The first stage of searching: candidates, and one score for each from all that is known of them.

A `Candidate` goes from stage to stage with one more signal each time; no stage knows where another
got its own from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qa.index.protocol import Ids, Matches
from qa.records import RankedPassage, TurnKind
from qa.store.records import TurnPlace

Floats = NDArray[np.float32]
# A speaker's label is a turn of its own, so that two contributions stand two turns apart.
_STEPS = (-2, -1, 1, 2)
_SPOKEN = (TurnKind.SPEECH, TurnKind.QUESTION)


class Candidate(NamedTuple):
    """A passage that may be ranked, with the signals that the stages so far have given it.

    `dense`: its vector's cosine to the question's; `lexical`: its BM25 score, 0 if it holds no
    term; `leads`: whether it is of the speaker asked about; `neighbours`: the best score in the
    turns around it; `fused`: the first stage's sum of all these; `interaction`: its
    late-interaction score, at most 1; `score`: what ranks it.

    A named tuple, since a question makes some hundreds of them: a frozen dataclass takes three
    times as long to make and to replace, 0.4 ms of a question's 2.
    """

    passage: int
    dense: float
    lexical: float
    leads: bool
    fused: float = 0.0
    neighbours: float = 0.0
    interaction: float = 0.0
    score: float = 0.0

    def ranked(self) -> RankedPassage:
        """Return what is told of it outside."""
        return RankedPassage(
            self.passage, self.score, self.dense, self.lexical, self.fused, self.interaction
        )


def column(candidates: Sequence[Candidate], signal: str) -> Floats:
    """Return one signal of all candidates: (n,)."""
    return np.fromiter(map(attrgetter(signal), candidates), np.float32, len(candidates))


def find_candidates(
    dense: Matches,
    lexical: Matches,
    conditions: Sequence[Ids | None],
    leading: Ids,
    depth: int,
) -> list[Candidate]:
    """Return the `depth` nearest passages by cosine and the `depth` best by BM25 under each
    condition, each once. Those of the `leading` ids lead.

    A condition is the ids that may be found at all, ascending (None: all).
    """
    ids = np.empty(0, np.int64)
    for among in conditions:
        if among is None or len(among):
            found = np.union1d(dense.best(depth, among), lexical.best(depth, among))
            ids = np.concatenate([ids, np.setdiff1d(found, ids)]) if len(ids) else found
    if not len(ids):
        return []
    signals = (ids, dense.scores(ids), lexical.scores(ids), np.isin(ids, leading))
    return list(map(Candidate, *(signal.tolist() for signal in signals)))


def standardise(values: Floats) -> Floats:
    """Return (n,) values as standard scores; all zero if they don't differ.

    >>> standardise(np.array([1.0, 3.0, 1.0, 3.0], dtype=np.float32)).tolist()
    [-1.0, 1.0, -1.0, 1.0]
    """
    away = values - values.mean()
    spread = np.sqrt(np.square(away).mean())
    if spread < 1e-9:
        return np.zeros_like(values)
    return np.asarray(away / spread, dtype=np.float32)


def weighted_sum(signals: Sequence[tuple[float, Floats]]) -> Floats:
    """Return Σ weight · standardised signal, all of shape (n,)."""
    total = np.zeros_like(signals[0][1])
    for weight, values in signals:
        total += np.float32(weight) * standardise(values)
    return total


def fuse(candidates: Sequence[Candidate], lexical_weight: float, count: int) -> list[Candidate]:
    """Return the shortlist of `count` by one score, `fused`: the weighted sum of the standardised
    signals.

    Each signal is brought to mean 0 and standard deviation 1 over the candidates, so that neither
    its unit nor its spread on a given question matters. On every collection tried this ranks
    better than reciprocal rank fusion, which forgets by how much a passage leads.
    """
    dense, lexical = column(candidates, "dense"), column(candidates, "lexical")
    fused = weighted_sum([(1.0, dense), (lexical_weight, lexical)])
    chosen, scores = _best(candidates, fused, count), fused.tolist()
    return [candidates[place]._replace(fused=scores[place]) for place in chosen]


def shortlist(candidates: Sequence[Candidate], count: int) -> list[Candidate]:
    """Return the `count` best by `fused`, and the `count` best of those that lead, in the order
    they came in."""
    return [candidates[n] for n in _best(candidates, column(candidates, "fused"), count)]


def _best(candidates: Sequence[Candidate], scores: Floats, count: int) -> list[int]:
    order = np.argsort(-scores, kind="stable").tolist()
    leading = [place for place in order if candidates[place].leads]
    return sorted({*order[:count], *leading[:count]})


def add_neighbours(
    candidates: Sequence[Candidate], places: Mapping[int, TurnPlace], weight: float
) -> list[Candidate]:
    """Add to each passage of speech what the turn before or after its own is worth.

    A turn is understood by those around it: the answer stands after the question, the question
    before the answer. `neighbours` is the best score in a turn around the passage's own; the
    lowest of all scores where that turn has no candidate, 0 for what nobody speaks.
    """
    floor = min(candidate.fused for candidate in candidates)
    turns = [places[candidate.passage] for candidate in candidates]
    best: dict[tuple[int, int, int], float] = {}
    for candidate, turn in zip(candidates, turns, strict=True):
        if turn.kind in _SPOKEN:
            key = (turn.text_id, turn.document, turn.turn)
            best[key] = max(best.get(key, floor), candidate.fused)
    added = [
        max([best.get((turn.text_id, turn.document, turn.turn + n), floor) for n in _STEPS])
        if turn.kind in _SPOKEN
        else 0.0
        for turn in turns
    ]
    fused = column(candidates, "fused") + weight * np.array(added, np.float32)
    return [
        candidate._replace(neighbours=neighbours, fused=value)
        for candidate, neighbours, value in zip(candidates, added, fused.tolist(), strict=True)
    ]


def leave_out_questions(
    candidates: Sequence[Candidate], places: Mapping[int, TurnPlace]
) -> Sequence[Candidate]:
    """Return the candidates that are no interviewer's question, which leads to the turn after it
    and is no answer itself; all of them if there is nothing else."""
    answers = [c for c in candidates if places[c.passage].kind is not TurnKind.QUESTION]
    return answers or candidates


def add_to_scores(
    candidates: Sequence[Candidate], weight: float, true: Sequence[bool]
) -> list[Candidate]:
    """Add a weight to the score of each candidate of which something is true."""
    if not any(true):
        return list(candidates)
    scores = column(candidates, "score") + weight * np.array(true, np.float32)
    return [c._replace(score=value) for c, value in zip(candidates, scores.tolist(), strict=True)]


def in_order(candidates: Sequence[Candidate], lead_share: float) -> list[Candidate]:
    """Return the candidates best first. Whoever was asked about leads, unless others meet the
    question far better: the passage must meet it at least `lead_share` as well as the best."""
    met = column(candidates, "interaction")
    enough = (met >= lead_share * met.max(initial=0.0)).tolist()
    leads = {c.passage for c, well in zip(candidates, enough, strict=True) if c.leads and well}
    return sorted(candidates, key=lambda c: (c.passage not in leads, -c.score))
