"""Drafts on their way to the check: bounded, read without being kept, checked a few at a time."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

from qa import CheckReport, CitewellError, InvalidQuery, Library, ReadError, Span
from qa.api import DRAFT_SUFFIXES, MOST_QUOTATIONS, DraftText, bounded_draft, draft_of
from ui.uploads import TooLarge, safe_name

LARGEST_DRAFT_FILE = 8 * 1024 * 1024
_AT_ONCE = 4
_MOST_BLOCKS = 10_000


class Drafts:
    """Checks drafts against one library, a few at a time. Safe to share by threads."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._places = threading.BoundedSemaphore(_AT_ONCE)

    def check(self, text: str, blocks: Iterable[Span] = ()) -> CheckReport:
        """Check the first MOST_QUOTATIONS of a draft; `blocks` are its format's own block quotes.

        Raises InvalidQuery for a draft that is too long or empty, CitewellError where too many
        others are being checked.
        """
        text = bounded_draft(text)
        if not self._places.acquire(blocking=False):
            raise CitewellError("the server is checking other drafts: try again in a moment")
        try:
            return self._library.check(text, blocks=blocks, most=MOST_QUOTATIONS)
        finally:
            self._places.release()


def blocks_of(data: Any, length: int) -> tuple[Span, ...]:
    """Return the block quotes that the page sends back with the draft. Raises InvalidQuery."""
    if not isinstance(data, list) or len(data) > _MOST_BLOCKS:
        raise InvalidQuery(f"blocks: expected a list of at most {_MOST_BLOCKS:,} pairs")
    spans = tuple(Span(int(start), int(end)) for start, end in data)
    if not all(0 <= span.start <= span.end <= length for span in spans):
        raise InvalidQuery(f"blocks: expected spans within 0 to {length}")
    return spans


async def receive_draft(chunks: AsyncIterator[bytes], name: str) -> DraftText:
    """Return the draft in a request's body; nothing is written to the disk.

    Raises TooLarge, ReadError, InvalidQuery for a draft that is too long or empty.
    """
    path = Path(safe_name(name))
    if path.suffix.lower() not in DRAFT_SUFFIXES:
        raise ReadError(path, f"has another ending than {', '.join(DRAFT_SUFFIXES)}")
    parts: list[bytes] = []
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > LARGEST_DRAFT_FILE:
            raise TooLarge(
                f"the file has more than {LARGEST_DRAFT_FILE // 2**20} MiB, the most a draft may "
                "have here; check it with `qa check FILE`"
            )
        parts.append(chunk)
    from anyio.to_thread import run_sync

    draft = await run_sync(draft_of, b"".join(parts), path)
    bounded_draft(draft.text)
    return draft
