"""The write path: files → source texts → documents → turns → passages → vectors → library.

This module only sequences the stages. Files are read and structured in one thread while the
caller's encodes and writes. A source is written in one transaction once all its passages are
encoded, so an interrupted `add` has whole sources or none of them, and the next one goes on
where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from embeddings.encoder import Encoder
from qa.conveyor import Conveyor
from qa.correcting.naming import name_passages
from qa.errors import ReadError
from qa.library.entries import EncodedPassage, NewSource
from qa.library.store import Store
from qa.missing import missing_sources
from qa.preparing import (
    Failed,
    Item,
    Known,
    Prepared,
    Preparer,
    Unchanged,
    Unpacked,
    structure,
)
from qa.reading.discover import find_files
from qa.reading.excludes import parse_rules
from qa.search.indexing import encode_passages, lexical_tokens, library_mean
from qa.settings import Settings

# How long to wait for the reading thread before `progress` is called again.
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
    passages_done: int = 0
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
    while nothing but reading goes on; what it raises ends the `add`."""

    def __init__(
        self,
        store: Store,
        encoder: Encoder,
        settings: Settings,
        progress: Callable[[Progress], None] | None = None,
    ) -> None:
        self._store = store
        self._encoder = encoder
        self._settings = settings
        self._progress = progress

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
        self._take_in(preparer.files(found.files), preparer, tally)
        if sync:
            for path in missing_sources(self._store, paths, tally.archives, tally.members):
                self._store.remove(path)
                tally.removed.append(path)
        return _report(tally)

    def copy_from(self, old: Store) -> AddReport:
        """Structure and encode anew all that another library stores, under the same paths."""
        tally = _Tally(files_total=len(old.sources()))
        preparer = self._preparer()
        self._take_in(preparer.stored(old), preparer, tally)
        return _report(tally)

    def _preparer(self, exclude: Sequence[str] = ()) -> Preparer:
        count_tokens = self._encoder.count_tokens
        return Preparer(self._store, count_tokens, self._settings, parse_rules(exclude))

    def _take_in(self, items: Iterator[Item], preparer: Preparer, tally: _Tally) -> None:
        """Encode and write what a thread prepares, many sources together."""
        batch = self._settings.ingest.batch_passages
        with Conveyor(items, _weight, 2 * batch, preparer.stop) as conveyor:
            waiting: list[Prepared] = []
            while not conveyor.ended:
                item = conveyor.take(0)
                if item is None and self._enough(waiting):
                    self._write(waiting, tally)
                    waiting.clear()
                elif item is None:
                    item = conveyor.take(_TICK_SECONDS)
                if item is None:
                    self._tell(Stage.READING, preparer.current, tally)
                elif isinstance(item, Prepared):
                    _take_notes(item, tally)
                    waiting.append(item)
                    tally.passages_total += len(item.passages)
                    self._tell(Stage.READING, item.file.path, tally)
                    if sum(len(one.passages) for one in waiting) >= batch:
                        self._write(waiting, tally)
                        waiting.clear()
                else:
                    self._settle(item, tally)
            self._write(waiting, tally)

    def _enough(self, waiting: Sequence[Prepared]) -> bool:
        """Whether to encode now rather than to wait for more to read. Not for a few: passages
        are encoded fastest in batches of equal length, and the first ones of a library give
        the mean that its token codes are centred on."""
        least = self._settings.ingest.batch_passages // 4
        return sum(len(item.passages) for item in waiting) >= least

    def _settle(self, item: Item, tally: _Tally) -> None:
        """Take note of what needs no encoding."""
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
                raise AssertionError("is encoded")
        tally.files_done += 1
        self._tell(Stage.READING, where, tally)

    def _attach(self, item: Known, tally: _Tally) -> None:
        key = self._store.text_key(item.text)
        file = item.file
        if self._store.attach(file.path, file.sha256, file.size, file.mtime_ns, key):
            (tally.replaced if item.replaces else tally.added).append(file.path)
            return
        # The text was removed in the meantime.
        prepared = Prepared(file, item.text, *structure(item.text, self._encoder.count_tokens))
        tally.passages_total += len(prepared.passages)
        tally.files_done -= 1
        self._write([prepared], tally)

    def _write(self, waiting: Sequence[Prepared], tally: _Tally) -> None:
        for prepared, encoded, tokens in self._encode(waiting, tally):
            file = prepared.file
            self._tell(Stage.WRITING, file.path, tally)
            result = self._store.put(
                NewSource(
                    path=file.path,
                    file_sha256=file.sha256,
                    size=file.size,
                    mtime_ns=file.mtime_ns,
                    source_text=prepared.text,
                    documents=prepared.documents,
                    turns=prepared.turns,
                    passages=prepared.passages,
                    encoded=encoded,
                    tokens=tokens,
                ),
                name_passages,
            )
            (tally.replaced if result.replaced else tally.added).append(file.path)
            tally.documents += len(prepared.documents)
            tally.files_done += 1
            self._tell(Stage.WRITING, file.path, tally)

    def _encode(
        self, waiting: Sequence[Prepared], tally: _Tally
    ) -> Iterator[tuple[Prepared, list[EncodedPassage], list[str]]]:
        if not waiting:
            return
        last = waiting[-1].file.path

        def advance(count: int) -> None:
            tally.passages_done += count
            self._tell(Stage.EMBEDDING, last, tally)

        texts = [
            item.text.text[passage.start : passage.end]
            for item in waiting
            for passage in item.passages
        ]
        encoded = encode_passages(
            self._encoder, library_mean(self._store, self._encoder, texts), texts, advance
        )
        start = 0
        for item in waiting:
            end = start + len(item.passages)
            tokens = [
                lexical_tokens(passage.context, text)
                for passage, text in zip(item.passages, texts[start:end], strict=True)
            ]
            yield item, encoded[start:end], tokens
            start = end

    def _tell(self, stage: Stage, source: str, tally: _Tally) -> None:
        if self._progress is not None:
            self._progress(
                Progress(
                    stage,
                    source,
                    tally.files_done,
                    tally.files_total,
                    tally.passages_done,
                    tally.passages_total,
                )
            )


def _weight(item: Item) -> int:
    if not isinstance(item, Prepared):
        return 1
    return max(1, len(item.passages), len(item.text.text) // _PASSAGE_CHARACTERS)


def _take_notes(item: Known | Prepared, tally: _Tally) -> None:
    tally.notes.extend(ReadingNote(item.file.path, words) for words in item.text.notes)


def _report(tally: _Tally) -> AddReport:
    return AddReport(
        added=tuple(tally.added),
        replaced=tuple(tally.replaced),
        unchanged=tuple(tally.unchanged),
        removed=tuple(tally.removed),
        failed=tuple(tally.failed),
        notes=tuple(tally.notes),
        documents=tally.documents,
        passages=tally.passages_done,
        skipped=tally.skipped,
    )
