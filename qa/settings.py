"""Every number and place that may be set, frozen, with its measured default; passed explicitly."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

LIBRARY_VARIABLE = "CITEWELL_LIBRARY"
MODEL_VARIABLE = "CITEWELL_MODEL"


@dataclass(frozen=True, slots=True)
class ReadingSettings:
    """`max_bytes`: the largest file that is read."""

    max_bytes: int = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class IngestSettings:
    """`batch_passages`: about how many passages are encoded at once, across files, so that
    many small files cost no more than one large one."""

    batch_passages: int = 512


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """How passages are ranked. `depth`: candidates from each index; `reranked`: how many of the
    best are compared token by token; the weights are of standardised signals (a dense score
    weighs 1). `date_weight` is added where a document is of the time that the question names.
    Passages of the speaker that it asks about lead if they meet it at least `lead_share` as
    well as the best of all."""

    depth: int = 100
    reranked: int = 50
    lexical_weight: float = 0.7
    interaction_weight: float = 2.0
    date_weight: float = 1.0
    lead_share: float = 0.6


@dataclass(frozen=True, slots=True)
class QuotingSettings:
    """How quotes are cut and judged. A sentence next to the best one is quoted with it if the
    question is met better by `least_gain` of the best one's score; one before it counts
    `before_factor` of that. Evidence of at least `answered` (0 to 1) answers, of at least
    `weak` touches on the question."""

    most_sentences: int = 3
    least_gain: float = 0.05
    before_factor: float = 0.8
    answered: float = 0.5
    weak: float = 0.25


@dataclass(frozen=True, slots=True)
class Settings:
    """All of them. `model` None is the library's own model, or the default for a new one."""

    model: str | None = None
    reading: ReadingSettings = field(default_factory=ReadingSettings)
    ingest: IngestSettings = field(default_factory=IngestSettings)
    search: SearchSettings = field(default_factory=SearchSettings)
    quoting: QuotingSettings = field(default_factory=QuotingSettings)


def library_folder(given: str | os.PathLike[str] | None = None) -> Path:
    """Where the library is: as given, else CITEWELL_LIBRARY, else the platform's data folder."""
    if given is not None:
        return Path(given).expanduser()
    if named := os.environ.get(LIBRARY_VARIABLE):
        return Path(named).expanduser()
    from platformdirs import user_data_path

    return user_data_path("citewell", appauthor=False) / "library"


def model_setting(given: str | None = None) -> str | None:
    """The model to use: as given, else CITEWELL_MODEL, else None for the library's own."""
    return given or os.environ.get(MODEL_VARIABLE) or None
