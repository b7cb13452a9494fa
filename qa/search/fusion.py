"""Candidates → one score: the weighted sum of standardised scores.

Each signal is brought to mean 0 and standard deviation 1 over the candidates, so that neither
its unit nor its spread on a given question matters, and then summed with a weight. On every
collection tried this ranks better than reciprocal rank fusion, which forgets by how much a
passage leads.

    >>> standardise(np.array([1.0, 3.0, 1.0, 3.0], dtype=np.float32)).tolist()
    [-1.0, 1.0, -1.0, 1.0]
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def standardise(values: Floats) -> Floats:
    """(n,) values as standard scores; all zero if they don't differ."""
    away = values - values.mean()
    spread = np.sqrt(np.square(away).mean())
    if spread < 1e-9:
        return np.zeros_like(values)
    return np.asarray(away / spread, dtype=np.float32)


def weighted_sum(signals: list[tuple[float, Floats]]) -> Floats:
    """Σ weight · standardised signal, all of shape (n,)."""
    total = np.zeros_like(signals[0][1])
    for weight, values in signals:
        total += np.float32(weight) * standardise(values)
    return total
