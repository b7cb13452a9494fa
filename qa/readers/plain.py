"""Plain text: the stored text is the file's own."""

from __future__ import annotations

from pathlib import Path

from qa.readers.encodings import decode
from qa.records import SourceText


def read_plain(data: bytes, path: Path) -> SourceText:
    """A text file as it is; it declares nothing, so it has no blocks, title or date.

    Raises ReadError for bytes that are no text.
    """
    return SourceText(text=decode(data, path), format="text", reader="text/1")
