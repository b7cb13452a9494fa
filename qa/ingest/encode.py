"""Encode structured sources, many at once, so that they can be written.

This runs in a thread of its own, between the one that reads and structures and the one that
writes, so that no core waits for the disk.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from embeddings.encoder import Encoder
from qa.index.indexing import ContextualPassage, IndexedPassage, PassageIndexer
from qa.ingest.conveyor import Conveyor
from qa.ingest.prepare import Item, Prepared
from qa.readers.sandbox.process import Stopped
from qa.store.protocol import LibraryStore
from qa.store.records import NewSource

# How long to wait for what is being read before it is looked whether to stop.
_TICK_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Encoded:
    """Sources that were encoded together, in their order."""

    sources: tuple[NewSource, ...]


class Encoding:
    """Encodes about `batch` passages together, across sources.

    `current` is the last source of those that are being encoded, None while there are none;
    `passages_done` counts passages. Other threads may read both.
    """

    def __init__(self, store: LibraryStore, encoder: Encoder, batch: int) -> None:
        self.current: str | None = None
        self.passages_done = 0
        self._indexer = PassageIndexer(store, encoder)
        self._batch = batch
        self._least = max(1, batch // 4)
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Come to an end soon; called from another thread."""
        self._stopped.set()

    def encoded(self, prepared: Conveyor[Item]) -> Iterator[Item | Encoded]:
        """Yield all items as they come, and after the prepared ones what was encoded of them."""
        with prepared:
            # The first passages of a library give the mean that its token codes are centred on:
            # so they are as many whatever is read how fast.
            first = self._indexer.begin()
            waiting: list[Prepared] = []
            passages = 0
            while not prepared.ended:
                # Not to wait is worth while for many: they are encoded fastest in batches of
                # equal length.
                enough = not first and passages >= self._least
                item = prepared.take(0 if enough else _TICK_SECONDS)
                if item is not None:
                    yield item
                if isinstance(item, Prepared):
                    waiting.append(item)
                    passages += len(item.passages)
                if passages >= self._batch or (enough and item is None):
                    yield self.together(waiting)
                    waiting, passages, first = [], 0, False
            if waiting:
                yield self.together(waiting)

    def together(self, prepared: Sequence[Prepared]) -> Encoded:
        """Return what was encoded of the sources."""
        self.current = prepared[-1].file.path
        texts = [
            ContextualPassage(item.text.text[passage.start : passage.end], passage.context)
            for item in prepared
            for passage in item.passages
        ]
        indexed = iter(self._indexer.index(texts, self._advance))
        sources = [_source(item, [next(indexed) for _ in item.passages]) for item in prepared]
        self.current = None
        return Encoded(tuple(sources))

    def _advance(self, count: int) -> None:
        self.passages_done += count
        if self._stopped.is_set():
            raise Stopped


def _source(prepared: Prepared, indexed: Sequence[IndexedPassage]) -> NewSource:
    file = prepared.file
    return NewSource(
        path=file.path,
        file_sha256=file.sha256,
        size=file.size,
        mtime_ns=file.mtime_ns,
        source_text=prepared.text,
        documents=prepared.documents,
        turns=prepared.turns,
        passages=prepared.passages,
        encoded=[item.encoded for item in indexed],
        tokens=[item.tokens for item in indexed],
    )
