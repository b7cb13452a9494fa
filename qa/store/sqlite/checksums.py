"""Checksums over whole rows, since SQLite itself keeps none.

A checksum covers the table's name and every column, so that a value changed, moved to another
row or to another table is noticed. The encoding gives each value its type and length:

    >>> canonical((7, None, "né", b"x"))
    b'i7;n;s3:n\\xc3\\xa9b1:x'
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from typing import Any

from qa.errors import LibraryDamaged
from qa.store.sqlite.names import Table

Value = int | str | bytes | None

CHECKSUM_BYTES = 8


def canonical(values: Iterable[Value]) -> bytes:
    """The values in a form that no other values have. Surrogates in a text, which only damage
    can bring there, are encoded too rather than refused."""
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
    """BLAKE2b of a row's columns, personalised with the table's name: 8 bytes."""
    return blake2b(
        canonical(values), digest_size=CHECKSUM_BYTES, person=table.name.encode()
    ).digest()


def with_checksums(table: Table, rows: Iterable[Sequence[Value]]) -> Iterator[tuple[Value, ...]]:
    """Rows as `table.insert` takes them."""
    for row in rows:
        yield (*row, row_checksum(table, row))


def matches(table: Table, row: Sequence[Any]) -> bool:
    """Whether a row as `table.fields` selects it has its own checksum."""
    return bool(row[-1] == row_checksum(table, row[:-1]))


def checked(table: Table, row: Sequence[Any]) -> Sequence[Any]:
    """The row as it was selected. Raises LibraryDamaged where its checksum is another."""
    if not matches(table, row):
        key = ", ".join(repr(value) for value in row[: table.key])
        raise LibraryDamaged(
            f"Row {key} of table {table.name} does not match its checksum. Run `qa verify` for "
            "the extent of the damage; restore the library from a copy, or add its files again."
        )
    return row
