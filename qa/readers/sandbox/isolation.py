"""Read files in separate processes: bytes go in by a pipe, a checked text or a reason comes out.

A process that has read one file reads the next, so that a small file costs a message and not a
start; one that failed in any unforeseen way is ended, and the next file gets a fresh one.
"""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from qa.errors import ReadError
from qa.readers.formats import is_current
from qa.readers.sandbox.process import POOL, Died, ReadingProcess, Stopped
from qa.readers.sandbox.wire import BrokenFrame, Header, plain_reason, source_from_data
from qa.records import SourceText
from qa.settings import ReadingSettings

_MIB = 1024 * 1024


def read_isolated(data: bytes, path: Path, settings: ReadingSettings | None = None) -> SourceText:
    """Return the text of a file's bytes, read in a process of its own; `path` is not opened.

    Raises ReadError, also where the reader crashed, took too long or too much memory.
    """
    with IsolatedReader(settings or ReadingSettings()) as reader:
        return reader.read(data, path)


def warm_up(settings: ReadingSettings) -> None:
    """Let a process start while the caller does something else; one is enough."""
    with contextlib.suppress(OSError):
        POOL.give(POOL.take(settings))


@dataclass(frozen=True, slots=True)
class ArchiveMember:
    """A member that looks like a document; `path` is ARCHIVE/NAME."""

    position: int
    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class ArchiveListing:
    """What an archive holds. `problems` are members that are not read; `skipped` counts files
    of kinds that are no documents."""

    members: tuple[ArchiveMember, ...]
    problems: tuple[ReadError, ...]
    skipped: int


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file as it was when it was stored: its bytes' SHA-256 and who read it."""

    sha256: str
    reader: str


@dataclass(frozen=True, slots=True)
class ReadMember:
    """A member as read; `source` is None where it is the one that was known."""

    sha256: str
    size: int
    source: SourceText | None


class IsolatedReader:
    """Reads files one after the other in a process that it borrows. For one thread, save `stop`."""

    def __init__(self, settings: ReadingSettings) -> None:
        self._settings = settings
        self._process: ReadingProcess | None = None
        self._archive: tuple[bytes, Path] | None = None
        self._inflated = 0
        self._stopped = False
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the process back."""
        process, self._process = self._process, None
        if process is not None:
            POOL.give(process)

    def stop(self) -> None:
        """End what is being read, from another thread; it and all that follows raises Stopped."""
        with self._lock:
            self._stopped = True
            if self._process is not None:
                self._process.kill()

    def read(self, data: bytes, path: Path) -> SourceText:
        """Return the text of a file's bytes. Raises ReadError."""
        if not data:
            raise ReadError(path, "is empty")
        request: Header = {
            "do": "read",
            "path": str(path),
            "most": self._settings.max_characters,
        }
        reply, body = self._ask(request, data, path, len(data))
        return self._source(reply, body, path)

    def open_archive(self, data: bytes, path: Path) -> ArchiveListing:
        """List a ZIP file, and keep it for `read_member`. Raises ReadError."""
        if not data:
            raise ReadError(path, "is empty")
        self._archive, self._inflated = (data, path), 0
        reply = self._send_archive(data, path)
        try:
            listing = _listing(reply, path, self._settings.archive_members)
        except (KeyError, TypeError, ValueError) as error:
            raise self._distrust(path) from error
        if listing == ArchiveListing((), (), 0):
            self.close_archive()
            raise ReadError(path, "holds no document")
        return listing

    def read_member(self, member: ArchiveMember, known: KnownFile | None = None) -> ReadMember:
        """Read one member of the archive that was opened last. Raises ReadError."""
        assert self._archive is not None
        data, archive = self._archive
        settings = self._settings
        left = min(settings.max_bytes, settings.archive_bytes - self._inflated)
        if left <= 0:
            raise ReadError(
                member.path,
                f"is beyond the {settings.archive_bytes:,} bytes that an archive's members may "
                "inflate to; unpack it and add the folder",
            )
        if self._process is None or not self._process.holds_archive:
            self._send_archive(data, archive)
        request: Header = {
            "do": "member",
            "position": member.position,
            "name": member.name,
            "bytes": left,
            "most": settings.max_characters,
            "known": known.sha256 if known else None,
            "by": known.reader if known else None,
        }
        # What it will inflate to is not known beforehand: the most is allowed for on the way.
        self._inflated += left
        reply, body = self._ask(request, b"", member.path, settings.max_bytes // 4)
        digest, size = reply.get("sha256"), reply.get("size")
        if type(size) is int and 0 <= size <= left:
            self._inflated -= left - size
        if "reason" in reply:
            raise ReadError(member.path, plain_reason(reply["reason"]))
        if type(digest) is not str or len(digest) != 64 or type(size) is not int:
            raise self._distrust(member.path)
        if reply.get("same") is True and known and digest == known.sha256:
            if is_current(known.reader):
                return ReadMember(digest, size, None)
            raise self._distrust(member.path)
        return ReadMember(digest, size, self._source(reply, body, member.path))

    def close_archive(self) -> None:
        """Let go of the archive."""
        self._archive = None
        process = self._process
        if process is not None and process.holds_archive:
            self._ask({"do": "close"}, b"", Path(), 0)
            process.holds_archive = False

    def _send_archive(self, data: bytes, path: Path) -> Header:
        request: Header = {
            "do": "open",
            "path": str(path),
            "members": self._settings.archive_members,
        }
        reply, _ = self._ask(request, data, path, len(data))
        if "reason" in reply:
            raise ReadError(path, plain_reason(reply["reason"]))
        assert self._process is not None
        self._process.holds_archive = True
        return reply

    def _ask(self, request: Header, body: bytes, path: Path, size: int) -> tuple[Header, bytes]:
        """Ask and return the answer. Raises ReadError for whatever befell the reader, Stopped."""
        seconds = self._settings.seconds + self._settings.seconds_per_mib * size / _MIB
        request["seconds"] = max(1, round(seconds))
        # A UTF-8 character takes at most four bytes.
        most = 4 * self._settings.max_characters
        for attempt in (1, 2):
            process = self._borrowed(path)
            try:
                reply, text = process.exchange(request, body, seconds, most)
            except BrokenPipeError as error:
                # It ended while it was idle, which is no fault of this file.
                self._drop()
                if attempt == 2:
                    raise ReadError(path, "can't be read: the reading process ends") from error
                continue
            except Died as error:
                self._drop()
                raise ReadError(path, error.reason) from error
            if "fault" in reply:
                self._drop()
                raise ReadError(path, self._fault(reply["fault"]))
            return reply, text
        raise AssertionError("unreachable")

    def _borrowed(self, path: Path) -> ReadingProcess:
        with self._lock:
            if self._stopped:
                raise Stopped
            if self._process is not None and self._process.worn and not self._process.holds_archive:
                self._drop_locked()
            if self._process is None:
                try:
                    self._process = POOL.take(self._settings)
                except OSError as error:
                    reason = f"can't be read: no process could be started ({error.strerror})"
                    raise ReadError(path, reason) from error
            return self._process

    def _drop(self) -> None:
        with self._lock:
            self._drop_locked()

    def _drop_locked(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.discard()
        if self._stopped:
            raise Stopped

    def _fault(self, fault: object) -> str:
        if fault == "memory":
            return f"needs more than {self._settings.memory_bytes // _MIB:,} MiB of memory to read"
        if fault == "depth":
            return "is nested too deeply to read"
        return f"made the reader fail ({plain_reason(fault)})"

    def _source(self, reply: Header, body: bytes, path: Path) -> SourceText:
        if "reason" in reply:
            raise ReadError(path, plain_reason(reply["reason"]))
        header = reply.get("text")
        if not isinstance(header, dict):
            raise self._distrust(path)
        try:
            return source_from_data(header, body)
        except BrokenFrame as error:
            raise self._distrust(path) from error

    def _distrust(self, path: Path) -> ReadError:
        """End a process whose answer no sound one gives; return the error to raise."""
        self._drop()
        return ReadError(path, "made the reader give an impossible result")


def _listing(reply: Header, path: Path, most: int) -> ArchiveListing:
    """Return a listing whose every field is what it must be. Raises ValueError, TypeError,
    KeyError."""
    members, refused, skipped = reply["members"], reply["refused"], reply["skipped"]
    if len(members) + len(refused) > most or type(skipped) is not int:
        raise ValueError("too many members")
    found = []
    seen = set()
    for position, name in members:
        if type(position) is not int or not _is_inside(name) or name in seen:
            raise ValueError("no member")
        seen.add(name)
        found.append(ArchiveMember(position, name, path / name))
    problems = [
        ReadError(path / plain_reason(name).lstrip("/"), plain_reason(reason))
        for name, reason in refused
    ]
    return ArchiveListing(tuple(found), tuple(problems), skipped)


def _is_inside(name: object) -> bool:
    return (
        type(name) is str
        and name.isprintable()
        and not any(part in ("", ".", "..") for part in name.split("/"))
    )
