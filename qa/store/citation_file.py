"""A library's saved citations, in a file beside it: one line of JSON each.

The file is only ever added to, each line in one write that is on disk when `add` returns. It is
apart from the library's own file, so that a citation can be saved while others read.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from qa.anchoring.citations import SavedCitation
from qa.errors import CitewellError
from qa.store.protocol import SavedCitations

FILE_NAME = "citations.jsonl"
_MOST_BYTES = 256 * 1024 * 1024


class CitationFile(SavedCitations):
    """The saved citations of the library in a folder."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE_NAME

    def add(self, kept: SavedCitation) -> SavedCitation:
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
        return next((kept for kept in self if kept.token == token), None)

    def __iter__(self) -> Iterator[SavedCitation]:
        """Yield all citations, oldest first. A line that an interrupted write left is skipped."""
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
        """Return whether the last write never came to its line's end."""
        if not self._file.exists() or self._file.stat().st_size == 0:
            return False
        with self._file.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) != b"\n"


def encode(citation: SavedCitation) -> str:
    """Return one line of JSON, which `decode` reads."""
    return json.dumps(asdict(citation), ensure_ascii=True, sort_keys=True)


def decode(line: str) -> SavedCitation:
    """Read a line that `encode` wrote; names that it doesn't know are passed over. Raises
    ValueError for any other line."""
    data = json.loads(line)
    if not isinstance(data, dict):
        raise ValueError("expected one JSON object a line")
    known = {name: data[name] for name in SavedCitation.__dataclass_fields__ if name in data}
    try:
        known["surroundings"] = tuple(known.get("surroundings", ("", "")))
        return SavedCitation(**known)
    except TypeError as error:
        raise ValueError(str(error)) from None
