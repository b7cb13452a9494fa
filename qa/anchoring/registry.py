"""The citations that a library's people keep by token: one line of JSON each, beside it.

The file is only ever added to, each line in one write that is on disk when `add` returns. It is
apart from the library's own file, so that a citation can be kept while others read.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from qa.anchoring.citations import SavedCitation, decode, encode
from qa.errors import CitewellError

FILE_NAME = "citations.jsonl"
_MOST_BYTES = 256 * 1024 * 1024


class Registry:
    """The kept citations of the library in a folder."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE_NAME

    def add(self, kept: SavedCitation) -> SavedCitation:
        """Keep a citation; what is kept already stays as it is. Raises CitewellError should two
        places have one token, which 50 bits make unlikely."""
        known = self.find(kept.token)
        if known is not None:
            if (known.source_hash, known.start, known.end) == (
                kept.source_hash,
                kept.start,
                kept.end,
            ):
                return known
            raise CitewellError(
                f"the token {kept.token} already stands for another place; cite one character more"
            )
        line = (encode(kept) + "\n").encode("ascii")
        descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            if self._ends_torn():
                line = b"\n" + line
            os.write(descriptor, line)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        return kept

    def find(self, token: str) -> SavedCitation | None:
        """Return the citation that a token stands for."""
        return next((kept for kept in self if kept.token == token), None)

    def __iter__(self) -> Iterator[SavedCitation]:
        """All kept citations, oldest first. A line that an interrupted write left is skipped;
        other damage raises CitewellError."""
        if not self._file.exists():
            return
        if self._file.stat().st_size > _MOST_BYTES:
            raise CitewellError(f"{self._file} is larger than {_MOST_BYTES:,} bytes")
        lines = self._file.read_bytes().split(b"\n")
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                yield decode(line.decode("ascii"))
            except ValueError as error:
                if not line.rstrip().endswith(b"}"):
                    continue  # a write that never ended
                raise CitewellError(f"{self._file}, line {number}: {error}") from None

    def _ends_torn(self) -> bool:
        """Whether the last write never came to its line's end."""
        if not self._file.exists() or self._file.stat().st_size == 0:
            return False
        with self._file.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) != b"\n"
