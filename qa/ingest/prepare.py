"""Prepare files for encoding: read them, compare them with what is stored, find their structure.

This runs beside encoding and writing, in a thread of its own, and only reads the library.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.errors import CitewellError, ReadError
from qa.readers.excludes import Rules, is_excluded
from qa.readers.files import load, too_large
from qa.readers.formats import ARCHIVE, format_of
from qa.readers.sandbox.isolation import ArchiveMember, IsolatedReader, KnownFile
from qa.readers.sandbox.process import Stopped
from qa.records import Document, Passage, SourceText, Turn
from qa.settings import Settings
from qa.store.protocol import LibraryReader, LibraryStore
from qa.store.records import FileFacts, StoredSource
from qa.store.source_names import source_at
from qa.structure.documents import find_documents
from qa.structure.passages import cut_passages
from qa.structure.turns import find_turns

_FILLED_LINE = re.compile(r"[^\s][^\n]*")
TokenCounter = Callable[[Sequence[str]], list[int]]
Structure = tuple[tuple[Document, ...], tuple[Turn, ...], tuple[Passage, ...]]


@dataclass(frozen=True, slots=True)
class Unpacked:
    """An archive was listed: it is `sources` files instead of one. `members` are the paths of
    all that it holds, those that are not read too."""

    archive: str
    members: tuple[str, ...]
    sources: int
    skipped: int


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The source is stored as it is."""

    path: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The file can't be read."""

    error: ReadError


@dataclass(frozen=True, slots=True)
class Known:
    """The text is stored already, from another file."""

    file: FileFacts
    text: SourceText
    replaces: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """A source that is structured and waits to be encoded."""

    file: FileFacts
    text: SourceText
    documents: tuple[Document, ...]
    turns: tuple[Turn, ...]
    passages: tuple[Passage, ...]


Item = Unpacked | Unchanged | Failed | Known | Prepared


def structure(text: SourceText, count_tokens: TokenCounter) -> Structure:
    """Return a source's documents, turns and passages."""
    documents = find_documents(text)
    turns: list[Turn] = []
    passages: list[Passage] = []
    for document in documents:
        own = find_turns(text, document)
        turns.extend(own)
        passages.extend(cut_passages(text, document, own, count_tokens))
    return documents, tuple(turns), tuple(passages)


class Preparer:
    """Prepares files one after the other. `current` is the one it is at."""

    def __init__(
        self, store: LibraryStore, count_tokens: TokenCounter, settings: Settings, exclude: Rules
    ) -> None:
        self.current = ""
        self._store = store
        self._count = count_tokens
        self._settings = settings.reading
        self._exclude = exclude
        self._reader = IsolatedReader(settings.reading)
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Come to an end soon; called from another thread."""
        self._stopped.set()
        self._reader.stop()

    def files(self, paths: Sequence[Path]) -> Iterator[Item]:
        """Yield what becomes of each file, in order; an archive's members in the archive's
        place."""
        with self._reader:
            for path in paths:
                self.current = path.absolute().as_posix()
                try:
                    yield from self._file(path)
                except ReadError as error:
                    yield Failed(error)

    def stored(self, old: LibraryReader) -> Iterator[Item]:
        """Yield all that another library stores, structured anew."""
        for source in old.sources():
            self.current = source.path
            text = old.source_text(source.path)
            file = FileFacts(source.path, source.file_sha256, source.size, source.mtime_ns)
            yield Prepared(file, text, *structure(text, self._counted))

    def _file(self, path: Path) -> Iterator[Item]:
        settings = self._settings
        archive = path.suffix.lower() in ARCHIVE.suffixes
        data = load(path, settings.max_archive_bytes if archive else settings.max_bytes)
        format = format_of(data, path)
        mtime_ns = _changed_at(path)
        if format is ARCHIVE:
            yield from self._archive(data, path, mtime_ns)
            return
        if len(data) > settings.max_bytes:
            raise too_large(path, len(data), settings.max_bytes)
        file = FileFacts(self.current, hashlib.sha256(data).hexdigest(), len(data), mtime_ns)
        known = source_at(self._store, file.path)
        if known and (known.file_sha256, known.reader) == (file.sha256, format.reader):
            yield Unchanged(file.path)
        else:
            yield self._text(file, self._reader.read(data, path), known)

    def _archive(self, data: bytes, path: Path, mtime_ns: int) -> Iterator[Item]:
        listing = self._reader.open_archive(data, path)
        del data
        place = path.absolute().as_posix()
        wanted = [
            member
            for member in listing.members
            if not _is_member_excluded(f"{path.name}/{member.name}", self._exclude)
        ]
        yield Unpacked(
            place,
            (
                *(f"{place}/{member.name}" for member in listing.members),
                *(f"{place}/{problem.path.relative_to(path)}" for problem in listing.problems),
            ),
            len(wanted) + len(listing.problems),
            listing.skipped,
        )
        yield from (Failed(error) for error in listing.problems)
        for member in wanted:
            self.current = f"{place}/{member.name}"
            try:
                yield self._member(member, mtime_ns)
            except ReadError as error:
                yield Failed(error)
        self._reader.close_archive()

    def _member(self, member: ArchiveMember, mtime_ns: int) -> Item:
        known = source_at(self._store, self.current)
        read = self._reader.read_member(
            member, KnownFile(known.file_sha256, known.reader) if known else None
        )
        if read.source is None:
            return Unchanged(self.current)
        file = FileFacts(self.current, read.sha256, read.size, mtime_ns)
        return self._text(file, read.source, known)

    def _text(self, file: FileFacts, text: SourceText, known: StoredSource | None) -> Item:
        if self._store.has_text(text):
            return Known(file, text, known is not None)
        self._check_lines(file, text.text)
        try:
            return Prepared(file, text, *structure(text, self._counted))
        except (CitewellError, Stopped):
            raise
        except Exception as error:
            # A fault of Citewell's own, but no reason to leave the other files unread.
            reason = f"could not be divided into passages ({type(error).__name__}: {error})"
            raise ReadError(Path(file.path), reason) from error

    def _check_lines(self, file: FileFacts, text: str) -> None:
        most = self._settings.max_lines
        if text.count("\n") < most:
            return
        lines = sum(1 for _ in _FILLED_LINE.finditer(text))
        if lines > most:
            raise ReadError(
                Path(file.path), f"has {lines:,} lines, at most {most:,}; split it into parts"
            )

    def _counted(self, texts: Sequence[str]) -> list[int]:
        """Count word pieces; asked for every few sentences, so that a stop is heard in time."""
        if self._stopped.is_set():
            raise Stopped
        return self._count(texts)


def _changed_at(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError as error:
        raise ReadError(path, "vanished while it was read") from error


def _is_member_excluded(inside: str, rules: Rules) -> bool:
    """Return whether a member, or a folder that it is in, is excluded."""
    parts = inside.split("/")
    places = ("/".join(parts[:count]) for count in range(1, len(parts) + 1))
    return any(is_excluded(place, place != inside, (rules,)) for place in places)
