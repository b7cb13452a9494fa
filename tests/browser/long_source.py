"""A long source put into a library without passages, for tests of what only reads its text."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from qa.readers.files import load, read_bytes
from qa.records import Boundary, Document
from qa.store.records import NewSource


def put_without_passages(library: Any, path: Path) -> None:
    """Store a file as one document that nothing is searched in."""
    data = load(path, 64 * 1024 * 1024)
    text = read_bytes(data, path)
    whole = Document(0, 0, len(text.text), "Tide tables", None, None, None, Boundary.FILE, "a test")
    library._session.matching().put(
        [
            NewSource(
                path=path.as_posix(),
                file_sha256=hashlib.sha256(data).hexdigest(),
                size=len(data),
                mtime_ns=0,
                source_text=text,
                documents=(whole,),
                turns=(),
                passages=(),
                encoded=(),
                tokens=(),
            )
        ]
    )
