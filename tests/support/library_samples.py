"""Sources made from a seed for the library's tests: real records, invented content."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from embeddings.encoder import EncoderIdentity
from embeddings.token_codes import PassageCodes, pack_signs
from qa.corrections.applying import UNSET, Correctable, Correction
from qa.corrections.making import correct_document, correct_turn
from qa.records import (
    Block,
    BlockKind,
    Boundary,
    Document,
    Locator,
    LocatorKind,
    LocatorMark,
    Passage,
    SourceText,
    Span,
    Turn,
    TurnKind,
)
from qa.store.opening import create_library, open_library
from qa.store.protocol import LibraryReader, LibraryRebuild, LibraryStore
from qa.store.records import EncodedPassage, NewSource, Versions

DIMENSION = 16
IDENTITY = EncoderIdentity("hashing", "1", DIMENSION)
VERSIONS = Versions(tokens=3, structure=5)
WORDS = (
    *("council", "river", "bridge", "vote", "budget", "rain"),
    *("harbour", "clerk", "ferry", "treaty", "wheat", "mine"),
)
SPEAKERS = (("Ada Brandt", "Mayor"), ("Ines Kolar", None), (None, None), ("Ö'Neil; --", "Clerk"))
DATES = ("2022-05-16", "2022-05", "2022", None, "2023-01-31", "2024-02")


def open_new(folder: Path) -> LibraryStore:
    return create_library(folder, IDENTITY, VERSIONS)


def reopen(folder: Path, *, read_only: bool = False) -> LibraryStore:
    return open_library(folder, identity=IDENTITY, versions=VERSIONS, read_only=read_only)


@contextmanager
def rebuild_of(
    folder: Path, identity: EncoderIdentity, versions: Versions
) -> Iterator[LibraryRebuild]:
    """Begin to rebuild the library in a folder, whatever it was made with."""
    with open_library(folder) as old, old.rebuild(identity, versions) as rebuild:
        yield rebuild


def encoded_passages(count: int, rng: np.random.Generator) -> list[EncodedPassage]:
    mean = np.zeros(DIMENSION, np.float32)
    found = []
    for _ in range(count):
        vector = rng.standard_normal(DIMENSION).astype(np.float32)
        kept = int(rng.integers(0, 6))
        tokens = rng.standard_normal((kept, DIMENSION)).astype(np.float32)
        codes = PassageCodes(
            rng.integers(0, 40, kept).astype(np.int32),
            np.arange(kept, dtype=np.int32) * 3,
            pack_signs(tokens, mean),
        )
        found.append(EncodedPassage(vector / np.linalg.norm(vector), codes))
    return found


def sample(path: str, seed: int, documents: int = 2, turns: int = 3) -> NewSource:
    """A source whose text, structure and numbers follow from the seed alone."""
    rng = np.random.default_rng(seed)
    text = f"Source {seed}\r\n"
    found_documents, found_turns, passages, tokens = [], [], [], []
    for document in range(documents):
        begin = 0 if document == 0 else len(text)
        for turn in range(turns):
            speaker, role = SPEAKERS[int(rng.integers(len(SPEAKERS)))]
            start = len(text)
            sentences = []
            for _ in range(2):
                words = [WORDS[int(i)] for i in rng.integers(0, len(WORDS), 6)]
                at = len(text)
                text += " ".join(words).capitalize() + ".\n"
                sentences.append(Span(at, len(text) - 1))
                tokens.append(" ".join(words)) if len(sentences) == 1 else None
            kind = TurnKind.SPEECH if speaker else TurnKind.NARRATION
            end = sentences[-1].end
            ordinal = document * turns + turn
            found_turns.append(
                Turn(document, ordinal, kind, start, end, speaker, role, continues=turn == 2)
            )
            passages.append(
                Passage(document, ordinal, start, end, tuple(sentences), f"Title {document}")
            )
        date = DATES[int(rng.integers(len(DATES)))]
        title = f"Title {document}" if document % 2 == 0 else None
        found_documents.append(
            Document(
                *(document, begin, len(text), title, date, "10:30", "Hall 1"),
                *(Boundary.STRONG, "a heading"),
            )
        )
    return NewSource(
        path=path,
        file_sha256=hashlib.sha256(text.encode()).hexdigest(),
        size=len(text.encode()),
        mtime_ns=1_700_000_000_000_000_000 + seed,
        source_text=SourceText(
            text,
            "txt",
            "plain/1",
            blocks=(Block(BlockKind.HEADING, 0, 6, 1),),
            title=f"Source {seed}",
            date=None,
            locators=(
                LocatorMark(3, Locator(LocatorKind.PAGE, "i")),
                LocatorMark(40, Locator(LocatorKind.PAGE, "ii")),
            ),
        ),
        documents=tuple(found_documents),
        turns=tuple(found_turns),
        passages=tuple(passages),
        encoded=encoded_passages(len(passages), rng),
        tokens=tuple(tokens),
    )


def generation_of(reader: LibraryReader) -> int:
    with reader.snapshot() as generation:
        return generation


def correct(
    store: LibraryStore, path: str, make: Callable[[Correctable], Sequence[Correction]]
) -> tuple[Correction, ...]:
    """Correct a source by hand, as `Library.correct` does."""
    return store.correct(path, lambda subject: subject.with_new(make(subject)))


def uncorrect(store: LibraryStore, id: int) -> None:
    """Remove a correction, as `Library.uncorrect` does."""
    path = next((one.path for one in store.corrections() if one.id == id), "/a.txt")
    store.correct(path, lambda subject: subject.without(id))


def correct_something(store: LibraryStore, path: str) -> None:
    """Correct the title of a source's first document and who speaks its first turn."""

    def make(subject: Correctable) -> list[Correction]:
        return [
            *correct_document(subject, 0, "Corrected", UNSET, None),
            *correct_turn(subject, subject.turns[0].start, "Corrected Speaker", None, None),
        ]

    correct(store, path, make)


def plain(path: str, text: str) -> NewSource:
    """A source of one text without any structure."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    source = SourceText(text, "txt", "plain/1")
    return NewSource(path, digest, len(text), 1, source, (), (), (), (), ())


def child_environment() -> dict[str, str]:
    """For a child process that imports this package and this module."""
    return {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
