"""Drafts on their way to the check: bounded, read without being kept, checked a few at a time."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.checking.drafts import DraftText, draft_of
from qa.checking.quotations import find_quotations
from qa.errors import CitewellError, InvalidQuery, ReadError
from qa.records import Span
from ui.uploads import TooLarge, safe_name

if TYPE_CHECKING:
    from qa.assistant import Library
    from qa.checking.check import Checker
    from qa.checking.records import CheckReport

# Whatever its characters, a draft of so many fits into a request of LARGEST_REQUEST.
LONGEST_DRAFT = 150_000
LARGEST_DRAFT_FILE = 8 * 1024 * 1024
ENDINGS = (".txt", ".md", ".markdown", ".html", ".htm", ".xhtml", ".docx")
MOST_QUOTATIONS = 500
_AT_ONCE = 4
_MOST_BLOCKS = 10_000


class Drafts:
    """Checks drafts against one library. Safe to share by threads."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(_AT_ONCE)
        self._checker: Checker | None = None

    def check(self, text: str, blocks: Iterable[Span] = ()) -> CheckReport:
        """Check every quotation of a draft; `blocks` are its format's own block quotes.

        Raises InvalidQuery for a draft that is too long, empty or holds too many quotations,
        CitewellError where too many
        others are being checked.
        """
        text, blocks = bounded(text), tuple(blocks)
        if not self._places.acquire(blocking=False):
            raise CitewellError("the server is checking other drafts: try again in a moment")
        try:
            _few_enough(text, blocks)
            return self._opened().draft(text, blocks=blocks)
        finally:
            self._places.release()

    def _opened(self) -> Checker:
        with self._lock:
            if self._checker is None:
                from qa.checking.check import Checker
                from qa.checking.registry import Registry
                from qa.library.store import Store

                folder = self._library.folder
                self._library.sources()  # makes a library that is not there yet
                self._store = Store.open(folder, identity=None, versions=None, read_only=True)
                self._checker = Checker(self._store, Registry(folder))
            return self._checker

    def close(self) -> None:
        """Let go of the library's file."""
        with self._lock:
            if self._checker is not None:
                self._checker = None
                self._store.close()


def bounded(text: str) -> str:
    """The draft with each lone surrogate, which no text may hold, replaced by U+FFFD.

    Raises InvalidQuery.
    """
    if not isinstance(text, str):
        raise InvalidQuery(f"the draft is a {type(text).__name__}, expected text")
    if len(text) > LONGEST_DRAFT:
        raise InvalidQuery(
            f"the draft has {len(text):,} characters, at most {LONGEST_DRAFT:,} can be checked "
            "here: check it in parts, or with `qa check FILE`"
        )
    if not text.strip():
        raise InvalidQuery("the draft is empty: give its text")
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _few_enough(text: str, blocks: tuple[Span, ...]) -> None:
    """Each quotation costs time, however short it is."""
    found = len(find_quotations(text, blocks))
    if found > MOST_QUOTATIONS:
        raise InvalidQuery(
            f"the draft has {found:,} quotations, at most {MOST_QUOTATIONS:,} can be checked here: "
            "check it in parts, or with `qa check FILE`"
        )


def blocks_of(data: Any, length: int) -> tuple[Span, ...]:
    """The block quotes that the page sends back with the draft that it got them with."""
    if not isinstance(data, list) or len(data) > _MOST_BLOCKS:
        raise InvalidQuery(f"blocks: expected a list of at most {_MOST_BLOCKS:,} pairs")
    spans = tuple(Span(int(start), int(end)) for start, end in data)
    if not all(0 <= span.start <= span.end <= length for span in spans):
        raise InvalidQuery(f"blocks: expected spans within 0 to {length}")
    return spans


async def receive_draft(chunks: AsyncIterator[bytes], name: str) -> DraftText:
    """The draft in a request's body; nothing is written to the disk.

    Raises TooLarge, ReadError, InvalidQuery for a draft that is too long or empty.
    """
    path = Path(safe_name(name))
    if path.suffix.lower() not in ENDINGS:
        raise ReadError(path, f"has another ending than {', '.join(ENDINGS)}")
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
    bounded(draft.text)
    return draft
