"""The postings of one library in memory, kept at the library's generation.

They are made of the tokens that the database keeps for FTS5, and give the same scores; FTS5
itself answers for smaller libraries, where there is nothing to load. New passages become a
segment of their own; segments of about the same size are joined, so that there are few. Passages
that are gone are only marked; from a quarter of all on everything is joined anew.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from qa.index.holdings import (
    Changes,
    HeldText,
    Holdings,
    changes_between,
    count_held,
    joined_ranges,
)
from qa.index.kept_index import KeptIndex
from qa.index.postings import Postings
from qa.index.segments import SEGMENT_ARRAYS, Segment, join_segments, make_segment
from qa.store.sqlite.lexical import read_tokens
from qa.store.sqlite.passages import LARGEST_ID

FORMAT = 1
# Measured: FTS5 takes 4 ms for a question at 10,000 passages, and for four common words 0.11 s at
# 100,000 and 1.2 s at a million; postings half a millisecond, 1 and 10 ms, and once the time to
# load them.
POSTINGS_FROM = 5_000
_SEGMENT = 1 << 16  # passages; the Python lists they are made from take some 60 MB
_REMADE = 0.5
_GONE = 0.25
# A segment is joined with the one before it once that is not so many times larger.
_ALIKE = 4


class LivePostings:
    """Safe to share by threads: what `at` gives never changes."""

    def __init__(self) -> None:
        self._postings: Postings | None = None
        self._held: Holdings = {}
        self._generation = -1
        self._lock = threading.Lock()

    def known(self, generation: int) -> Postings | None:
        """The postings of a generation, if they are those in memory."""
        with self._lock:
            return self._postings if self._generation == generation else None

    def at(
        self,
        connection: sqlite3.Connection,
        generation: int,
        now: Holdings,
        kept: KeptIndex,
        *,
        write: bool,
    ) -> Postings:
        """The postings of the generation that the connection shows; `write`: keep them in the
        file if they had to be made."""
        with self._lock:
            if self._postings is None or self._generation != generation:
                self._refresh(connection, now, kept, write)
                self._generation = generation
            assert self._postings is not None
            return self._postings

    def keep(
        self, connection: sqlite3.Connection, generation: int, now: Holdings, kept: KeptIndex
    ) -> None:
        """Bring the file up to date, as one segment, if it is far behind."""
        if not kept.late(now):
            return
        with self._lock:
            if self._postings is None or self._generation != generation:
                self._refresh(connection, now, kept, write=False)
                self._generation = generation
            assert self._postings is not None
            _write(self._postings, now, kept)

    def _refresh(
        self, connection: sqlite3.Connection, now: Holdings, kept: KeptIndex, write: bool
    ) -> None:
        postings, held = self._postings, self._held
        if postings is None:
            postings, held = _read(kept)
        changes = changes_between(held, now)
        if postings is None or changes.passages > _REMADE * count_held(now):
            postings = Postings([_of_all(connection)])
            if write:
                _write(postings, now, kept)
        else:
            postings = _tidied(_applied(connection, postings, changes))
        self._postings, self._held = postings, now


def _applied(connection: sqlite3.Connection, postings: Postings, changes: Changes) -> Postings:
    if not changes.passages:
        return postings
    added = _of_texts(connection, changes.come)
    return postings.changed(((text.first, text.last) for text in changes.gone), added)


def _tidied(postings: Postings) -> Postings:
    """The same postings in few segments."""
    away = sum(int(flags.sum()) for flags in postings.gone)
    if away > _GONE * (postings.passages + away):
        return Postings([join_segments(postings.segments, postings.gone)])
    segments, gone = list(postings.segments), list(postings.gone)
    while len(segments) > 1 and len(segments[-2]) <= _ALIKE * len(segments[-1]):
        joined = join_segments(segments[-2:], gone[-2:])
        segments[-2:], gone[-2:] = [joined], [np.zeros(len(joined), np.bool_)]
    return Postings(segments, gone) if len(segments) < len(postings.segments) else postings


def _of_all(connection: sqlite3.Connection) -> Segment:
    segments = list(_segments(connection, 0, LARGEST_ID))
    return _joined(segments) or make_segment(np.empty(0, np.int64), [])


def _of_texts(connection: sqlite3.Connection, texts: Iterable[HeldText]) -> Segment | None:
    return _joined(
        [
            segment
            for first, last in joined_ranges(texts)
            for segment in _segments(connection, first - 1, last)
        ]
    )


def _joined(segments: list[Segment]) -> Segment | None:
    if len(segments) < 2:
        return segments[0] if segments else None
    return join_segments(segments, [np.zeros(len(s), np.bool_) for s in segments])


def _segments(connection: sqlite3.Connection, after: int, last: int) -> Iterable[Segment]:
    rows: list[tuple[int, str]] = []
    while block := read_tokens(connection, after, last):
        after = block[-1][0]
        rows += block
        if len(rows) >= _SEGMENT:
            yield _segment(rows)
            rows = []
    if rows:
        yield _segment(rows)


def _segment(rows: list[tuple[int, str]]) -> Segment:
    return make_segment(np.array([row[0] for row in rows], np.int64), [row[1] for row in rows])


# ---- on disk ------------------------------------------------------------------------------


def _read(kept: KeptIndex) -> tuple[Postings | None, Holdings]:
    found = kept.read()
    if found is None:
        return None, {}
    held, file = found
    try:
        segment = Segment(**{name: file.arrays[name] for name in SEGMENT_ARRAYS})
    except LookupError:
        return None, {}
    return Postings([segment]), held


def _write(postings: Postings, now: Holdings, kept: KeptIndex) -> None:
    whole = len(postings.segments) == 1 and not postings.gone[0].any()
    one = postings.segments[0] if whole else join_segments(postings.segments, postings.gone)
    arrays: Mapping[str, Any] = {name: getattr(one, name) for name in SEGMENT_ARRAYS}
    kept.write(now, {}, arrays)
