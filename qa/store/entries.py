"""What goes into a library, and what is said of it when it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.token_codes import PassageCodes
from qa.records import Document, Passage, SourceText, Turn

SCHEMA_VERSION = 2


@dataclass(frozen=True, slots=True)
class Versions:
    """The rules a library was made with: of the lexical tokens, the structure, the tables."""

    tokens: int
    structure: int
    schema: int = SCHEMA_VERSION


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
