"""Records as table columns and back. Only rows whose checksum was verified are handed to it."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from typing import Any

from qa.records import (
    Block,
    BlockKind,
    Boundary,
    Document,
    Locator,
    LocatorKind,
    LocatorMark,
    Passage,
    Span,
    Turn,
    TurnKind,
)
from qa.store.sqlite.checksums import Value

Row = Sequence[Any]


def path_to_value(path: str) -> str | bytes:
    """A path as stored: text, or the bytes of a file name that is no valid UTF-8.

    Raises UnicodeEncodeError for a string that no file name can give.
    """
    try:
        path.encode()
    except UnicodeEncodeError:
        return path.encode("utf-8", "surrogateescape")
    return path


def value_to_path(value: str | bytes) -> str:
    """The inverse of `path_to_value`."""
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value


def document_to_row(text_id: int, document: Document) -> tuple[Value, ...]:
    return (
        *(text_id, document.ordinal, document.start, document.end, document.title),
        *(document.date, document.time, document.place),
        *(document.boundary.value, document.evidence),
    )


def row_to_document(row: Row) -> Document:
    ordinal, start, end, title, date, time, place, boundary, evidence = row[1:10]
    return Document(ordinal, start, end, title, date, time, place, Boundary(boundary), evidence)


def turn_to_row(text_id: int, turn: Turn) -> tuple[Value, ...]:
    return (
        *(text_id, turn.document, turn.ordinal, turn.kind.value, turn.start, turn.end),
        *(turn.speaker, turn.role, int(turn.continues)),
    )


def row_to_turn(row: Row) -> Turn:
    document, ordinal, kind, start, end, speaker, role, continues = row[1:9]
    return Turn(
        document, ordinal, TurnKind(kind), start, end, speaker, role, continues=bool(continues)
    )


def passage_to_row(passage_id: int, text_id: int, passage: Passage) -> tuple[Value, ...]:
    return (
        *(passage_id, text_id, passage.document, passage.turn, passage.start, passage.end),
        *(spans_to_bytes(passage.sentences, passage.start), passage.context),
    )


def row_to_passage(row: Row) -> Passage:
    document, turn, start, end, sentences, context = row[2:8]
    return Passage(document, turn, start, end, bytes_to_spans(sentences, start), context)


def spans_to_bytes(spans: Sequence[Span], origin: int) -> bytes:
    """Starts and ends, counted from `origin`, as little-endian 32-bit numbers."""
    numbers = [number - origin for span in spans for number in (span.start, span.end)]
    return struct.pack(f"<{len(numbers)}I", *numbers)


def bytes_to_spans(data: bytes, origin: int) -> tuple[Span, ...]:
    """The inverse of `spans_to_bytes`. Raises struct.error if the data is of another form."""
    numbers = struct.unpack(f"<{len(data) // 8 * 2}I", data)
    return tuple(
        Span(origin + start, origin + end)
        for start, end in zip(numbers[::2], numbers[1::2], strict=True)
    )


def blocks_to_json(blocks: Sequence[Block]) -> str:
    return _compact([[b.kind.value, b.start, b.end, b.level, b.speaker] for b in blocks])


def json_to_blocks(data: str) -> tuple[Block, ...]:
    return tuple(Block(BlockKind(kind), *rest) for kind, *rest in json.loads(data))


def locators_to_json(marks: Sequence[LocatorMark]) -> str:
    return _compact([[mark.start, mark.locator.kind.value, mark.locator.label] for mark in marks])


def json_to_locators(data: str) -> tuple[LocatorMark, ...]:
    return tuple(
        LocatorMark(start, Locator(LocatorKind(kind), label))
        for start, kind, label in json.loads(data)
    )


# json.dumps makes one of these for every call.
_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
