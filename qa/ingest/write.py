"""The write path: files → source texts → documents → turns → passages → vectors → library.

This module only sequences the stages. Files are read and structured in one thread, encoded in a
second, and written in the caller's. Sources that were encoded together are written in one
transaction, so an interrupted `add` has whole sources or none of them, and the next one goes on
where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from embeddings.encoder import Encoder
from qa.errors import ReadError
from qa.ingest.conveyor import Conveyor
from qa.ingest.discover import find_files, missing_sources
from qa.ingest.encode import Encoded, Encoding
from qa.ingest.prepare import (
    Failed,
    Item,
    Known,
    Prepared,
    Preparer,
    Unchanged,
    Unpacked,
    structure,
)
from qa.readers.excludes import parse_rules
from qa.settings import Settings
from qa.store.protocol import LibraryReader, LibraryStore

# How long to wait for the other threads before `progress` is called again.
_TICK_SECONDS = 0.2
# So many characters of a text weigh as much as one passage of it.
_PASSAGE_CHARACTERS = 2000


class Stage(StrEnum):
    """What an `add` is at."""

    READING = "reading"
    EMBEDDING = "embedding"
    WRITING = "writing"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an `add` has come. `passages_total` counts those found so far: it grows while
    files are still being read, and `files_total` where an archive turns out to be many."""

    stage: Stage
    source: str
    files_done: int
    files_total: int
    passages_done: int
    passages_total: int


@dataclass(frozen=True, slots=True)
class ReadingNote:
    """What a person should know of how a file was read: pages without text, parts left out."""

    source: str
    words: str


@dataclass(frozen=True, slots=True)
class AddReport:
    """What an `add` did, by the sources' paths; `failed` are the files that could not be read,
    `notes` tell what was not read of others, `skipped` counts the files in folders and archives
    that are of no kind that is read."""

    added: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    failed: tuple[ReadError, ...] = ()
    notes: tuple[ReadingNote, ...] = ()
    documents: int = 0
    passages: int = 0
    skipped: int = 0


@dataclass(slots=True)
class _Tally:
    """The report in the making. `archives` are those that were listed, `members` what they
    hold."""

    files_total: int
    skipped: int = 0
    files_done: int = 0
    passages_total: int = 0
    documents: int = 0
    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    failed: list[ReadError] = field(default_factory=list)
    notes: list[ReadingNote] = field(default_factory=list)
    archives: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)


class Ingest:
    """One `add`. `progress` is called from the thread that runs it, a few times a second also
    while nothing is written; what it raises ends the `add`."""

    def __init__(
        self,
        store: LibraryStore,
        encoder: Encoder,
        settings: Settings,
        progress: Callable[[Progress], None] | None = None,
    ) -> None:
        self._store = store
        self._encoder = encoder
        self._settings = settings
        self._progress = progress
        self._encoding = Encoding(store, encoder, settings.ingest.batch_passages)

    def run(
        self, paths: Sequence[Path], *, sync: bool = False, exclude: Sequence[str] = ()
    ) -> AddReport:
        """Bring the library up to date with those files and folders.

        Unchanged files (by SHA-256, and read by the reader of today) are skipped and changed
        ones replaced. With `sync`, sources under the given folders whose file is gone are
        removed. A file that can't be read is reported and keeps nothing else from being added.
        """
        found = find_files(paths, exclude=exclude)
        tally = _Tally(files_total=len(found.files), skipped=found.skipped)
        tally.failed.extend(found.problems)
        preparer = self._preparer(exclude)
        self._take_in(preparer.files(found.files), tally, preparer)
        if sync:
            for path in missing_sources(self._store, paths, tally.archives, tally.members):
                self._store.remove([path])
                tally.removed.append(path)
        return self._report(tally)

    def copy_from(self, old: LibraryReader) -> AddReport:
        """Structure and encode anew all that another library stores, under the same paths."""
        tally = _Tally(files_total=len(old.sources()))
        preparer = self._preparer()
        self._take_in(preparer.stored(old), tally, preparer)
        return self._report(tally)

    def add_prepared(self, prepared: Iterator[Prepared], count: int) -> AddReport:
        """Add so many sources that come from no file, structured as they are taken."""
        tally = _Tally(files_total=count)
        self._take_in(prepared, tally, None)
        return self._report(tally)

    def _preparer(self, exclude: Sequence[str] = ()) -> Preparer:
        count_tokens = self._encoder.count_tokens
        return Preparer(self._store, count_tokens, self._settings, parse_rules(exclude))

    def _take_in(self, items: Iterator[Item], tally: _Tally, preparer: Preparer | None) -> None:
        """Write what one thread prepares and another encodes."""
        encoding = self._encoding

        def stop_preparing() -> None:
            if preparer is not None:
                preparer.stop()

        def stop() -> None:
            stop_preparing()
            encoding.stop()

        ahead = 2 * self._settings.ingest.batch_passages
        prepared = Conveyor(items, _weight, ahead, stop_preparing)
        ready = encoding.encoded(prepared)
        with Conveyor(ready, _waits_for_writing, 1, stop, "encoding") as conveyor:
            while not conveyor.ended:
                item = conveyor.take(_TICK_SECONDS)
                if item is None and encoding.current is not None:
                    self._tell(Stage.EMBEDDING, encoding.current, tally)
                elif item is None:
                    current = "" if preparer is None else preparer.current
                    self._tell(Stage.READING, current, tally)
                elif isinstance(item, Encoded):
                    self._write(item, tally)
                else:
                    self._settle(item, tally)

    def _settle(self, item: Item, tally: _Tally) -> None:
        """Take note of what was read, and attach what needs no encoding."""
        match item:
            case Unpacked():
                tally.files_total += item.sources - 1
                tally.skipped += item.skipped
                tally.archives.add(item.archive)
                tally.members.update(item.members)
                return
            case Unchanged():
                tally.unchanged.append(item.path)
                where = item.path
            case Failed():
                tally.failed.append(item.error)
                where = item.error.path.as_posix()
            case Known():
                _take_notes(item, tally)
                where = item.file.path
                self._attach(item, tally)
            case Prepared():
                _take_notes(item, tally)
                tally.passages_total += len(item.passages)
                self._tell(Stage.READING, item.file.path, tally)
                return
        tally.files_done += 1
        self._tell(Stage.READING, where, tally)

    def _attach(self, item: Known, tally: _Tally) -> None:
        file = item.file
        if self._store.attach(file, item.text):
            (tally.replaced if item.replaces else tally.added).append(file.path)
            return
        # The text was removed in the meantime.
        prepared = Prepared(file, item.text, *structure(item.text, self._encoder.count_tokens))
        tally.passages_total += len(prepared.passages)
        tally.files_done -= 1
        self._write(self._encoding.together([prepared]), tally)

    def _write(self, encoded: Encoded, tally: _Tally) -> None:
        sources = encoded.sources
        self._tell(Stage.EMBEDDING, sources[-1].path, tally)
        self._tell(Stage.WRITING, sources[0].path, tally)
        results = self._store.put(sources)
        for source, result in zip(sources, results, strict=True):
            (tally.replaced if result.replaced else tally.added).append(source.path)
            tally.documents += len(source.documents)
            tally.files_done += 1
            self._tell(Stage.WRITING, source.path, tally)

    def _tell(self, stage: Stage, source: str, tally: _Tally) -> None:
        if self._progress is not None:
            self._progress(
                Progress(
                    stage,
                    source,
                    tally.files_done,
                    tally.files_total,
                    # Sources may be encoded that this thread has not heard of yet.
                    min(self._encoding.passages_done, tally.passages_total),
                    tally.passages_total,
                )
            )

    def _report(self, tally: _Tally) -> AddReport:
        return AddReport(
            added=tuple(tally.added),
            replaced=tuple(tally.replaced),
            unchanged=tuple(tally.unchanged),
            removed=tuple(tally.removed),
            failed=tuple(tally.failed),
            notes=tuple(tally.notes),
            documents=tally.documents,
            passages=self._encoding.passages_done,
            skipped=tally.skipped,
        )


def _weight(item: Item) -> int:
    if not isinstance(item, Prepared):
        return 1
    return max(1, len(item.passages), len(item.text.text) // _PASSAGE_CHARACTERS)


def _waits_for_writing(item: Item | Encoded) -> int:
    """Weigh an item so that at most one group of sources waits while another is written."""
    return 1 if isinstance(item, Encoded) else 0


def _take_notes(item: Known | Prepared, tally: _Tally) -> None:
    tally.notes.extend(ReadingNote(item.file.path, words) for words in item.text.notes)
