"""The write path: files → source texts → documents → turns → passages → vectors → library.

This module only sequences the stages. A source is written in one transaction once all its
passages are encoded, so an interrupted `add` has whole sources or none of them, and the next
one goes on where it stopped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from embeddings.encoder import Encoder
from qa.errors import ReadError
from qa.library.entries import EncodedPassage, NewSource
from qa.library.store import Store
from qa.reading.discover import find_files
from qa.reading.files import load, read_bytes
from qa.records import Document, Passage, SourceText, Turn
from qa.search.indexing import encode_passages, lexical_tokens, library_mean
from qa.settings import Settings
from qa.structure.documents import find_documents
from qa.structure.passages import cut_passages
from qa.structure.turns import find_turns


class Stage(StrEnum):
    """What an `add` is at."""

    READING = "reading"
    EMBEDDING = "embedding"
    WRITING = "writing"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an `add` has come. `passages_total` counts those found so far: it grows while
    files are still being read."""

    stage: Stage
    source: str
    files_done: int
    files_total: int
    passages_done: int
    passages_total: int


@dataclass(frozen=True, slots=True)
class AddReport:
    """What an `add` did, by the sources' paths; `failed` are the files that could not be read."""

    added: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    failed: tuple[ReadError, ...] = ()
    documents: int = 0
    passages: int = 0


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A source that is structured and waits to be encoded."""

    path: str
    file_sha256: str
    size: int
    mtime_ns: int
    text: SourceText
    documents: tuple[Document, ...]
    turns: tuple[Turn, ...]
    passages: tuple[Passage, ...]


@dataclass(slots=True)
class _Tally:
    """The report in the making."""

    files_total: int
    files_done: int = 0
    passages_done: int = 0
    passages_total: int = 0
    documents: int = 0
    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    failed: list[ReadError] = field(default_factory=list)


class Ingest:
    """One `add`. `progress` is called from the thread that runs it."""

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

    def run(self, paths: Sequence[Path], *, sync: bool = False) -> AddReport:
        """Bring the library up to date with those files and folders.

        Unchanged files (by SHA-256) are skipped and changed ones replaced. With `sync`,
        sources under the given folders whose file is gone are removed. A file that can't be
        read is reported and keeps nothing else from being added.
        """
        found = find_files(paths)
        tally = _Tally(files_total=len(found.files))
        tally.failed.extend(found.problems)
        waiting: list[_Prepared] = []
        for path in found.files:
            prepared = self._prepare(path, tally)
            if prepared is not None:
                self._queue(prepared, waiting, tally)
        self._write(waiting, tally)
        if sync:
            self._drop_missing(paths, tally)
        return _report(tally)

    def copy_from(self, old: Store) -> AddReport:
        """Structure and encode anew all that another library stores, under the same paths."""
        sources = old.sources()
        tally = _Tally(files_total=len(sources))
        waiting: list[_Prepared] = []
        for source in sources:
            self._tell(Stage.READING, source.path, tally)
            text = old.source_text(source.path)
            facts = (source.path, source.file_sha256, source.size, source.mtime_ns)
            self._queue(_Prepared(*facts, text, *structure(text, self._encoder)), waiting, tally)
        self._write(waiting, tally)
        return _report(tally)

    def _queue(self, prepared: _Prepared, waiting: list[_Prepared], tally: _Tally) -> None:
        """Let a source wait until there are enough passages to be encoded together."""
        waiting.append(prepared)
        tally.passages_total += len(prepared.passages)
        if sum(len(item.passages) for item in waiting) >= self._batch:
            self._write(waiting, tally)
            waiting.clear()

    @property
    def _batch(self) -> int:
        return self._settings.ingest.batch_passages

    def _prepare(self, path: Path, tally: _Tally) -> _Prepared | None:
        """Read and structure one file; None if it needs no encoding."""
        name = path.absolute().as_posix()
        self._tell(Stage.READING, name, tally)
        try:
            data = load(path, self._settings.reading.max_bytes)
            digest = hashlib.sha256(data).hexdigest()
            known = self._store.source_by_path(name)
            if known is not None and known.file_sha256 == digest:
                tally.unchanged.append(name)
                tally.files_done += 1
                return None
            mtime_ns = path.stat().st_mtime_ns
            text = read_bytes(data, path)
        except OSError as error:
            tally.failed.append(ReadError(path, error.strerror or type(error).__name__))
            tally.files_done += 1
            return None
        except ReadError as error:
            tally.failed.append(error)
            tally.files_done += 1
            return None
        if self._store.attach(name, digest, len(data), mtime_ns, self._store.text_key(text)):
            (tally.added if known is None else tally.replaced).append(name)
            tally.files_done += 1
            return None
        documents, turns, passages = structure(text, self._encoder)
        return _Prepared(name, digest, len(data), mtime_ns, text, documents, turns, passages)

    def _write(self, waiting: Sequence[_Prepared], tally: _Tally) -> None:
        for prepared, encoded, tokens in self._encode(waiting, tally):
            self._tell(Stage.WRITING, prepared.path, tally)
            result = self._store.put(
                NewSource(
                    path=prepared.path,
                    file_sha256=prepared.file_sha256,
                    size=prepared.size,
                    mtime_ns=prepared.mtime_ns,
                    source_text=prepared.text,
                    documents=prepared.documents,
                    turns=prepared.turns,
                    passages=prepared.passages,
                    encoded=encoded,
                    tokens=tokens,
                )
            )
            (tally.replaced if result.replaced else tally.added).append(prepared.path)
            tally.documents += len(prepared.documents)
            tally.files_done += 1
            self._tell(Stage.WRITING, prepared.path, tally)

    def _encode(
        self, waiting: Sequence[_Prepared], tally: _Tally
    ) -> Iterator[tuple[_Prepared, list[EncodedPassage], list[str]]]:
        if not waiting:
            return
        last = waiting[-1].path

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

    def _drop_missing(self, paths: Sequence[Path], tally: _Tally) -> None:
        # A folder that is not there at all may be an unmounted disk: nothing of it is removed.
        roots = [path.absolute() for path in paths if path.exists()]
        for source in self._store.sources():
            path = Path(source.path)
            under = any(path == root or root in path.parents for root in roots)
            if under and not path.exists():
                self._store.remove(source.path)
                tally.removed.append(source.path)

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


def _report(tally: _Tally) -> AddReport:
    return AddReport(
        added=tuple(tally.added),
        replaced=tuple(tally.replaced),
        unchanged=tuple(tally.unchanged),
        removed=tuple(tally.removed),
        failed=tuple(tally.failed),
        documents=tally.documents,
        passages=tally.passages_done,
    )


def structure(
    text: SourceText, encoder: Encoder
) -> tuple[tuple[Document, ...], tuple[Turn, ...], tuple[Passage, ...]]:
    """A source's documents, turns and passages."""
    documents = find_documents(text)
    turns: list[Turn] = []
    passages: list[Passage] = []
    for document in documents:
        own = find_turns(text, document)
        turns.extend(own)
        passages.extend(cut_passages(text, document, own, encoder.count_tokens))
    return documents, tuple(turns), tuple(passages)
