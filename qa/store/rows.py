"""What comes out of a library, one frozen record each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qa.records import Document, Span, Turn, TurnKind


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
class SpeakerCount:
    """How many turns one speaker has in one role, of those that passages are cut from."""

    name: str
    role: str | None
    turns: int


@dataclass(frozen=True, slots=True)
class TurnPlace:
    """The turn a passage stands in."""

    text_id: int
    document: int
    turn: int
    kind: TurnKind


@dataclass(frozen=True, slots=True)
class HeldText:
    """A text's passages: `count` of them, with ids from `first` to `last` and no other text's
    between. `mark` changes whenever anything does that an index is derived from."""

    mark: str
    first: int
    last: int
    count: int


Inventory = Mapping[int, HeldText]
"""Text id → its passages, of one generation; texts without any are left out."""
