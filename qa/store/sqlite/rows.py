"""Records as rows of tables and back, each row with a checksum over all of its columns.

SQLite itself keeps none. A checksum covers the table's name too, so that a value changed, moved to
another row or to another table is noticed. The encoding gives each value its type and length:

    >>> canonical((7, None, "né", b"x"))
    b'i7;n;s3:n\\xc3\\xa9b1:x'
"""

from __future__ import annotations

import json
import sqlite3
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any

from qa.errors import LibraryDamaged
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
from qa.store.sqlite.names import CODES, LEXICAL, VECTORS, Table

Row = Sequence[Any]
Value = int | str | bytes | None

CHECKSUM_BYTES = 8


def canonical(values: Iterable[Value]) -> bytes:
    """Return the values in a form that no other values have. Surrogates in a text, which only
    damage can bring there, are encoded too rather than refused."""
    parts: list[bytes] = []
    for value in values:
        if isinstance(value, int):
            parts.append(b"i%d;" % value)
        elif isinstance(value, str):
            encoded = value.encode("utf-8", "surrogatepass")
            parts.append(b"s%d:%b" % (len(encoded), encoded))
        elif isinstance(value, bytes):
            parts.append(b"b%d:%b" % (len(value), value))
        elif value is None:
            parts.append(b"n;")
        else:
            # A damaged row may hold a real number, which no column of ours does.
            parts.append(b"r;")
    return b"".join(parts)


def row_checksum(table: Table, values: Sequence[Value]) -> bytes:
    """Return BLAKE2b of a row's columns, personalised with the table's name: 8 bytes."""
    return blake2b(
        canonical(values), digest_size=CHECKSUM_BYTES, person=table.name.encode()
    ).digest()


def with_checksums(table: Table, rows: Iterable[Sequence[Value]]) -> Iterator[tuple[Value, ...]]:
    """Return rows as `table.insert` takes them."""
    for row in rows:
        yield (*row, row_checksum(table, row))


def matches(table: Table, row: Sequence[Any]) -> bool:
    """Return whether a row as `table.fields` selects it has its own checksum."""
    return bool(row[-1] == row_checksum(table, row[:-1]))


def checked(table: Table, row: Sequence[Any]) -> Sequence[Any]:
    """Return the row as it was selected. Raises LibraryDamaged where its checksum is another."""
    if not matches(table, row):
        key = ", ".join(repr(value) for value in row[: table.key])
        raise LibraryDamaged(
            f"Row {key} of table {table.name} does not match its checksum. Run `qa verify` for "
            "the extent of the damage; restore the library from a copy, or add its files again."
        )
    return row


def path_to_value(path: str) -> str | bytes:
    """Return a path as stored: text, or the bytes of a file name that is no valid UTF-8.

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
    """Return starts and ends, counted from `origin`, as little-endian 32-bit numbers."""
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


def as_json(ids: Iterable[int]) -> str:
    """Return numbers as one SQL value, to be read by json_each."""
    return json.dumps([int(number) for number in ids])


def rows_where(
    connection: sqlite3.Connection, table: Table, where: str, values: Sequence[Value]
) -> list[tuple[Any, ...]]:
    """Return the rows that satisfy a condition, without their checksums, which were verified."""
    rows = connection.execute(
        f"SELECT {table.fields()} FROM {table.name} WHERE {where}", values
    ).fetchall()
    return [tuple(checked(table, row)[:-1]) for row in rows]


def insert_rows(connection: sqlite3.Connection, table: Table, rows: Iterable[Row]) -> None:
    """Insert rows, each with its checksum."""
    connection.executemany(table.insert, with_checksums(table, rows))


def update_rows(connection: sqlite3.Connection, table: Table, rows: Iterable[Row]) -> None:
    """Let the rows of the same keys hold these values."""
    connection.executemany(
        table.update, [(*row, row_checksum(table, row), *row[: table.key]) for row in rows]
    )


def copy_numbers(connection: sqlite3.Connection, ids: Mapping[int, int]) -> None:
    """Give passages the vectors, codes and lexical tokens of others; `ids` are old id → new."""
    for table in (VECTORS, CODES, LEXICAL):
        where = f"{table.columns[0]} IN (SELECT value FROM json_each(?))"
        found = rows_where(connection, table, where, (as_json(ids),))
        insert_rows(connection, table, [(ids[row[0]], *row[1:]) for row in found])
