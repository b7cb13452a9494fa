"""Score how much a place resembles what was anchored, and choose the one place surely meant.

The weights are those of Hypothesis: quote 50, prefix 20, suffix 20, position 2. Hypothesis takes
the best place whatever it scores; here a place must score enough, and lead every other place
clearly. Where two places score alike, neither is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_QUOTE, _PREFIX, _SUFFIX, _POSITION = 50, 20, 20, 2
# How many characters around a place are compared, and in runs of how many.
WIDE = 400
_RUN = 8


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much a place resembles what was anchored, each part from 0 to 1. A part of which nothing
    was kept is None and has no weight."""

    quote: float
    prefix: float | None = None
    suffix: float | None = None
    position: float | None = None

    @property
    def score(self) -> float:
        """The weighted mean of the parts, 0 to 1."""
        parts = (
            (self.quote, _QUOTE),
            (self.prefix, _PREFIX),
            (self.suffix, _SUFFIX),
            (self.position, _POSITION),
        )
        known = [(part, weight) for part, weight in parts if part is not None]
        return sum(part * weight for part, weight in known) / sum(weight for _, weight in known)


@dataclass(frozen=True, slots=True)
class Decision:
    """The index of the candidate surely meant, None if there is none. `alike` are those that could
    be meant: all within `lead` of the best, if that scores enough."""

    sure: int | None
    alike: tuple[int, ...]


def choose(scores: Sequence[float], *, least: float, lead: float) -> Decision:
    """Choose the candidate that scores `least` or more and leads every other by `lead`.

    >>> choose([0.95, 0.6], least=0.5, lead=0.25), choose([0.95, 0.9], least=0.5, lead=0.25)
    (Decision(sure=0, alike=(0,)), Decision(sure=None, alike=(0, 1)))
    """
    best = max(scores, default=0.0)
    if not scores or best < least:
        return Decision(None, ())
    alike = tuple(at for at, score in enumerate(scores) if score > best - lead)
    return Decision(alike[0] if len(alike) == 1 else None, alike)


# ---- how much of what stood around words still does --------------------------------------


def shared_before(text: str, at: int, words: str) -> int:
    """Return how many characters at the end of `words` stand right before `at`."""
    low, high = 0, min(len(words), at)
    while low < high:
        middle = (low + high + 1) // 2
        if text.startswith(words[-middle:], at - middle):
            low = middle
        else:
            high = middle - 1
    return low


def shared_after(text: str, at: int, words: str) -> int:
    """Return how many characters at the beginning of `words` stand right at `at`."""
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        if text.startswith(words[:middle], at):
            low = middle
        else:
            high = middle - 1
    return low


def runs_share(then: str, now: str) -> float | None:
    """Return the share of a text's eight-character runs that another has; None if it has none."""
    runs = _runs(then)
    return len(runs & _runs(now)) / len(runs) if runs else None


def _runs(text: str) -> set[str]:
    return {text[index : index + _RUN] for index in range(len(text) - _RUN + 1)}
