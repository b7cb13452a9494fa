"""Slices of stored texts and the lines they stand on, from pieces of the texts that were read last:
the quotes of an answer, what surrounds them and where they stand lie near each other."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping

from qa.store.chunks import CHUNK_CHARACTERS, Chunk, line_of
from qa.store.recent import Recent
from qa.store.sqlite.texts import read_line, read_slice, read_stretch

# Characters, of 1 to 4 bytes each.
_ROOM = 1 << 20
# A longer slice is read for its own sake.
_LONGEST = 2 * CHUNK_CHARACTERS


def _length(piece: Chunk) -> int:
    return len(piece.text) + 100  # even an empty one takes some room


class RecentTexts:
    """Safe to share by threads. Each connection shows the generation that it comes with."""

    def __init__(self) -> None:
        # By text and number; all pieces of a text but its last are CHUNK_CHARACTERS long.
        self._pieces: Recent[tuple[int, int], Chunk] = Recent(_ROOM, _length)

    def slice(
        self, connection: sqlite3.Connection, generation: int, text_id: int, start: int, end: int
    ) -> str:
        """As `read_slice` gives it."""
        if not 0 <= start <= end or end - start > _LONGEST:
            return read_slice(connection, text_id, start, end)
        first = start // CHUNK_CHARACTERS
        numbers = range(first, max(start, end - 1) // CHUNK_CHARACTERS + 1)
        pieces = self._read(connection, generation, text_id, numbers)
        origin = first * CHUNK_CHARACTERS
        return "".join([piece.text for piece in pieces])[start - origin : end - origin]

    def line(
        self, connection: sqlite3.Connection, generation: int, text_id: int, offset: int
    ) -> int:
        """As `read_line` gives it."""
        if offset >= 0:
            number = offset // CHUNK_CHARACTERS
            (piece,) = self._read(connection, generation, text_id, range(number, number + 1))
            if offset < piece.start + len(piece.text):
                return line_of(piece, offset)
        return read_line(connection, text_id, offset)

    def _read(
        self, connection: sqlite3.Connection, generation: int, text_id: int, numbers: range
    ) -> Collection[Chunk]:
        def read(missing: Collection[tuple[int, int]]) -> Mapping[tuple[int, int], Chunk]:
            starts = {key: key[1] * CHUNK_CHARACTERS for key in missing}
            return {
                key: read_stretch(connection, text_id, start, start + CHUNK_CHARACTERS)
                for key, start in starts.items()
            }

        keys = [(text_id, number) for number in numbers]
        return self._pieces.get(generation, keys, read).values()
