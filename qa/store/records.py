"""What goes into a library and what comes out of it, one frozen record each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import EncoderIdentity
from embeddings.token_codes import PassageCodes
from qa.records import Document, Passage, SourceText, Span, Turn, TurnKind

SCHEMA_VERSION = 2

Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Versions:
    """The rules a library was made with: of the lexical tokens, the structure, the tables."""

    tokens: int
    structure: int
    schema: int = SCHEMA_VERSION


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a library was made with: its encoder and rules, and the (d,) float32 mean that token
    codes are signs around, None before the first passages."""

    identity: EncoderIdentity
    versions: Versions
    token_mean: NDArray[np.float32] | None = field(default=None, compare=False)


# ---- what goes in -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A source's file as it was when it was read."""

    path: str
    sha256: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class EncodedPassage:
    """A passage's numbers. vector: (d,) float32; codes: of its kept tokens."""

    vector: NDArray[np.float32]
    codes: PassageCodes


@dataclass(frozen=True, slots=True)
class NewSource:
    """One file as read, structured and encoded.

    `path` is kept as it is given (an absolute POSIX path). `encoded` and `tokens` have one
    entry for each of `passages`; a tokens entry is the passage's lexical tokens, joined by
    single spaces.
    """

    path: str
    file_sha256: str
    size: int
    mtime_ns: int
    source_text: SourceText
    documents: tuple[Document, ...]
    turns: tuple[Turn, ...]
    passages: tuple[Passage, ...]
    encoded: Sequence[EncodedPassage]
    tokens: Sequence[str]


@dataclass(frozen=True, slots=True)
class PutResult:
    """What became of a source that was put.

    `replaced`: another content stood under the path; `reused`: the text was there already.
    """

    path: str
    text_id: int
    passages: int
    replaced: bool
    reused: bool
    generation: int


# ---- what comes out -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LibrarySize:
    """How many passages there are, and in how many documents they stand."""

    passages: int
    documents: int


@dataclass(frozen=True, slots=True)
class StoredSource:
    """One source of the library. `added_at` is ISO 8601 in UTC; `characters` counts its text."""

    path: str
    file_sha256: str
    size: int
    mtime_ns: int
    added_at: str
    text_id: int
    format: str
    reader: str
    title: str | None
    characters: int
    documents: int
    turns: int
    passages: int


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """One passage with the turn and the document that it stands in.

    `paths` are all sources with this text, sorted. Offsets are those of the text.
    """

    id: int
    text_id: int
    paths: tuple[str, ...]
    document: Document
    turn: Turn
    start: int
    end: int
    sentences: tuple[Span, ...]
    context: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Some characters of a text, the first at offset `start` and on line `line` (from 1)."""

    text: str
    start: int
    line: int


@dataclass(frozen=True, slots=True)
class SpeakerCount:
    """How many turns one speaker has in one role, of those that passages are cut from."""

    name: str
    role: str | None
    turns: int


@dataclass(frozen=True, slots=True)
class Names:
    """What a library's documents call people and themselves.

    `speakers` are those whose words may be quoted, the most often heard first. `titles` and
    `dates` are sorted, each once.
    """

    speakers: tuple[SpeakerCount, ...]
    titles: tuple[str, ...]
    dates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TurnPlace:
    """The turn a passage stands in."""

    text_id: int
    document: int
    turn: int
    kind: TurnKind


@dataclass(frozen=True, slots=True)
class HeldText:
    """A text's passages: `count` of them, with ids from `first` to `last` and nobody else's
    between. `mark` changes whenever anything of theirs does that an index is made of."""

    mark: str
    first: int
    last: int
    count: int


Inventory = Mapping[int, HeldText]
"""Text id → its passages; texts without any are left out."""


# ---- what a check found ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong; `row` is the row's key, None where it is no single row."""

    table: str
    row: str | None
    what: str


@dataclass(frozen=True, slots=True)
class RowCount:
    """How many rows of one table were checked."""

    table: str
    rows: int


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What was checked and what is wrong."""

    problems: tuple[Problem, ...]
    rows: tuple[RowCount, ...]

    @property
    def ok(self) -> bool:
        return not self.problems
