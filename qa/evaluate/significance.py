"""Whether two settings differ on the same questions, or only by chance.

The paired randomisation test (Smucker, Allan and Carterette, CIKM 2007): under the null
hypothesis the two results of a question could be swapped, so the sign of each difference is as
good as its opposite.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ROUNDS = 10_000
SEED = 20_240
_BLOCK = 1_000


@dataclass(frozen=True, slots=True)
class PairedResult:
    """`difference`: the mean of second − first over `questions`, with a 95 % bootstrap interval
    `low` to `high`; `p`: the two-sided probability of one as large by chance; `better` and
    `worse`: on how many questions the second gained and lost."""

    questions: int
    first: float
    second: float
    difference: float
    low: float
    high: float
    p: float
    better: int
    worse: int


def compare_paired(
    first: Sequence[float], second: Sequence[float], *, rounds: int = ROUNDS, seed: int = SEED
) -> PairedResult | None:
    """Compare two results of the same questions, in the same order; None of no questions.

    Raises ValueError if the two are not of one length.
    """
    if len(first) != len(second):
        raise ValueError(f"{len(first)} results against {len(second)}, expected the same questions")
    if not first:
        return None
    one, two = np.asarray(first, np.float64), np.asarray(second, np.float64)
    differences = two - one
    low, high = _interval(differences, rounds, seed)
    return PairedResult(
        questions=len(one),
        first=float(one.mean()),
        second=float(two.mean()),
        difference=float(differences.mean()),
        low=low,
        high=high,
        p=randomisation_p(differences, rounds=rounds, seed=seed),
        better=int((differences > 0).sum()),
        worse=int((differences < 0).sum()),
    )


def randomisation_p(
    differences: NDArray[np.float64], *, rounds: int = ROUNDS, seed: int = SEED
) -> float:
    """The two-sided p of (n,) paired differences: exact where all 2ᵏ sign patterns of the k
    that are not zero are no more than `rounds`, else (1 + extreme) / (1 + rounds) of random ones.

    >>> randomisation_p(np.array([1.0, 1.0, 1.0, 0.0]))
    0.25
    """
    telling = np.abs(differences[differences != 0])
    # Sums of the same numbers in another order may differ in the last bit.
    observed = abs(float(differences.sum())) - 1e-9
    if 2 ** min(len(telling), 62) <= rounds:
        patterns = np.arange(2 ** len(telling))[:, None] >> np.arange(len(telling))
        sums = (1 - 2 * (patterns & 1)) @ telling
        return float((np.abs(sums) >= observed).mean())
    random = np.random.default_rng(seed)
    extreme = 0
    for start in range(0, rounds, _BLOCK):
        signs = random.integers(0, 2, (min(_BLOCK, rounds - start), len(telling))) * 2 - 1
        extreme += int((np.abs(signs @ telling) >= observed).sum())
    return (1 + extreme) / (1 + rounds)


def _interval(differences: NDArray[np.float64], rounds: int, seed: int) -> tuple[float, float]:
    """2.5th and 97.5th percentile of the mean over questions drawn with replacement."""
    random = np.random.default_rng(seed)
    means = np.concatenate(
        [
            differences[
                random.integers(0, len(differences), (min(_BLOCK, rounds - at), len(differences)))
            ].mean(axis=1)
            for at in range(0, rounds, _BLOCK)
        ]
    )
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)
