"""Every number and place that may be set, frozen, with its measured default; passed explicitly."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

LIBRARY_VARIABLE = "CITEWELL_LIBRARY"
MODEL_VARIABLE = "CITEWELL_MODEL"


@dataclass(frozen=True, slots=True)
class ReadingSettings:
    """What a file may be, and what reading it may take.

    `max_bytes`: the largest file that is read; `max_archive_bytes`: the largest archive;
    `max_characters`: the longest text; `max_lines`: how many lines that aren't blank it may have
    (structuring takes about 40 bytes a character and 300 a line). The reading process has
    `memory_bytes`, and for each file `seconds` of processor time and `seconds_per_mib` more for
    each MiB of it (twice that by the clock). An archive has at most `archive_members`, which
    inflate to `archive_bytes` in all."""

    max_bytes: int = 64 * 1024 * 1024
    max_archive_bytes: int = 128 * 1024 * 1024
    max_characters: int = 32 * 1024 * 1024
    max_lines: int = 1_000_000
    memory_bytes: int = 512 * 1024 * 1024
    seconds: float = 30.0
    seconds_per_mib: float = 10.0
    archive_members: int = 10_000
    archive_bytes: int = 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class IngestSettings:
    """`batch_passages`: about how many passages are encoded at once, across files, and then
    written in one transaction, so that many small files cost no more than one large one."""

    batch_passages: int = 512


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """How passages are ranked. `depth`: candidates from each index; `reranked`: how many of the
    best are compared closely, by the `reranker` of that name (`qa.search.reranking`). The weights
    are of standardised signals (the dense score weighs 1): `lexical_weight` of BM25 in the first
    stage, `interaction_weight` of late interaction beside the first stage. `turn_weight`: how much
    of the better of the turns before and after counts for a passage of speech. `date_weight` is
    added where a document is of the time that the question names, `who_weight` where a passage has
    a speaker and the question asks who said something. Passages of the speaker asked about lead if
    they meet the question at least `lead_share` as well as the best of all."""

    depth: int = 100
    reranked: int = 20
    reranker: str = "late-interaction"
    lexical_weight: float = 0.7
    interaction_weight: float = 1.5
    turn_weight: float = 0.3
    date_weight: float = 1.0
    who_weight: float = 1.0
    lead_share: float = 0.6


@dataclass(frozen=True, slots=True)
class QuotingSettings:
    """How quotes are cut. In choosing the sentence, what the one before it says counts
    `carry`. A neighbour is quoted with it if what it adds, plus `neighbour_weight` of its own
    score, is at least `least_gain` of the sentence's score."""

    most_sentences: int = 3
    carry: float = 0.8
    neighbour_weight: float = 0.2
    least_gain: float = 0.2


@dataclass(frozen=True, slots=True)
class EvidenceSettings:
    """The logistic model of whether the best passage answers, and where its verdicts begin.

    Fitted on XQuAD with half of its articles hidden (`qa calibrate`); the probability is that
    of an answer where half of all questions have one."""

    interaction: float = 24.75
    coverage: float = 6.02
    dense: float = 11.19
    intercept: float = -16.26
    answered: float = 0.5
    weak: float = 0.1


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. `model` None is the library's own model, or the default for a new one;
    `evidence` None is what `qa calibrate` saved in the library, or the default."""

    model: str | None = None
    reading: ReadingSettings = field(default_factory=ReadingSettings)
    ingest: IngestSettings = field(default_factory=IngestSettings)
    search: SearchSettings = field(default_factory=SearchSettings)
    quoting: QuotingSettings = field(default_factory=QuotingSettings)
    evidence: EvidenceSettings | None = None


def library_folder(given: str | os.PathLike[str] | None = None) -> Path:
    """Return the library's folder: as given, else CITEWELL_LIBRARY, else the platform's."""
    if given is not None:
        return Path(given).expanduser()
    if named := os.environ.get(LIBRARY_VARIABLE):
        return Path(named).expanduser()
    from platformdirs import user_data_path

    return user_data_path("citewell", appauthor=False) / "library"


def model_setting(given: str | None = None) -> str | None:
    """Return the model to use: as given, else CITEWELL_MODEL, else None for the library's own."""
    return given or os.environ.get(MODEL_VARIABLE) or None
