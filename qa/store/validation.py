"""What a new source must satisfy before any of it is written, and a library before it is opened."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from embeddings.encoder import EncoderIdentity
from qa.language.dates import period
from qa.records import Document, Passage, Turn
from qa.store.records import EncodedPassage, NewSource, Provenance, Versions


def require_consistent(entry: NewSource, dimension: int) -> None:
    """Raise ValueError, saying which part is wrong, unless the parts agree with each other."""
    try:
        _require(bool(entry.path), "the path is empty")
        entry.path.encode("utf-8", "surrogateescape")  # as the bytes of file names are given
        length = len(entry.source_text.text)
        documents = _documents(entry.documents, length)
        turns = _turns(entry.turns, documents)
        _passages(entry.passages, turns)
        _encoded(entry, dimension)
    except ValueError as error:
        raise ValueError(f"{entry.path!r} can't be stored: {error}") from error


def _documents(documents: Sequence[Document], length: int) -> dict[int, Document]:
    for document in documents:
        name = f"document {document.ordinal}"
        _within(document.start, document.end, 0, length, name)
        if document.date is not None:
            period(document.date)
    found = {document.ordinal: document for document in documents}
    _require(len(found) == len(documents), "two documents have the same ordinal")
    return found


def _turns(turns: Sequence[Turn], documents: dict[int, Document]) -> dict[tuple[int, int], Turn]:
    for turn in turns:
        name = f"turn {turn.ordinal} of document {turn.document}"
        _require(turn.document in documents, f"{name}: there is no such document")
        document = documents[turn.document]
        _within(turn.start, turn.end, document.start, document.end, name)
    found = {(turn.document, turn.ordinal): turn for turn in turns}
    _require(len(found) == len(turns), "two turns have the same document and ordinal")
    return found


def _passages(passages: Sequence[Passage], turns: dict[tuple[int, int], Turn]) -> None:
    for position, passage in enumerate(passages):
        name = f"passage {position}"
        turn = turns.get((passage.document, passage.turn))
        if turn is None:
            raise ValueError(
                f"{name}: there is no turn {passage.turn} of document {passage.document}"
            )
        _within(passage.start, passage.end, turn.start, turn.end, name)
        for sentence in passage.sentences:
            _within(sentence.start, sentence.end, passage.start, passage.end, f"{name}, a sentence")


def _encoded(entry: NewSource, dimension: int) -> None:
    counts = (len(entry.passages), len(entry.encoded), len(entry.tokens))
    _require(len(set(counts)) == 1, "{} passages, {} encoded, {} token lists".format(*counts))
    for position, encoded in enumerate(entry.encoded):
        _numbers(encoded, dimension, f"passage {position}")


def _numbers(encoded: EncodedPassage, dimension: int, name: str) -> None:
    vector, codes = encoded.vector, encoded.codes
    _require(
        vector.shape == (dimension,) and vector.dtype == np.float32,
        f"{name}: vector {vector.dtype} {vector.shape}, expected float32 ({dimension},)",
    )
    _require(bool(np.isfinite(vector).all()), f"{name}: its vector is not finite")
    expected = (codes.token_ids.size, -(-dimension // 8))
    _require(
        codes.bits.shape == expected and codes.starts.shape == codes.token_ids.shape,
        f"{name}: token codes {codes.bits.shape}, expected {expected}",
    )


def _within(start: int, end: int, low: int, high: int, name: str) -> None:
    _require(low <= start <= end <= high, f"{name}: span {start}-{end} is not in {low}-{high}")


def _require(condition: bool, reason: str) -> None:
    if not condition:
        raise ValueError(reason)


def mismatches(
    found: Provenance, identity: EncoderIdentity | None, versions: Versions | None
) -> list[str]:
    """Return, in words, how what a library was made with differs from what is in use (None: from
    nothing). Of the schema nothing is said: a library of another one can't be read at all."""
    differences = []
    for name in ("tokens", "structure") if versions is not None else ():
        was, now = getattr(found.versions, name), getattr(versions, name)
        if was != now:
            differences.append(f"{name} version {was}, in use is {now}")
    if identity is not None and not found.identity.same_vectors(identity):
        differences.append(f"model {_named(found.identity)}, in use is {_named(identity)}")
    return differences


def _named(identity: EncoderIdentity) -> str:
    return f"{identity.name} (revision {identity.revision}, {identity.dimension} dimensions)"
