"""The reading process: takes files' bytes from a pipe and gives their texts back, as plain data.

It is started by isolation.py, serves one request after the other, and ends with its pipe. The
first words of an answer are one of: `text` (a text follows), `same` (the member is the one that
is known), `members` (of an archive), `reason` (why a file can't be read), `fault` (what befell
the reader: "memory", "depth", or the name of an exception nobody expected).
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from qa.errors import ReadError
from qa.readers.files import read_bytes
from qa.readers.formats import format_of
from qa.readers.sandbox.confinement import confine, limit_processor_seconds
from qa.readers.sandbox.wire import (
    RECEIVED,
    BrokenFrame,
    Header,
    read_frame,
    source_to_data,
    write_frame,
)

if TYPE_CHECKING:
    from qa.readers.archive import Archive

Reply = tuple[Header, bytes]


def main() -> None:
    """Serve until the pipe ends."""
    memory_bytes, most_bytes = (int(value) for value in sys.argv[1:3])
    requests, replies = _take_pipes()
    memory = _Memory()
    confine(memory_bytes)
    _end_with_the_pipe(requests.fileno())
    write_frame(replies, {"ready": True})
    server = _Server()
    while True:
        try:
            header, body = read_frame(requests, most_bytes)
        except BrokenFrame:
            return
        except MemoryError:
            replies.write(RECEIVED)
            write_frame(replies, {"fault": "memory"})
            return
        replies.write(RECEIVED)
        replies.flush()
        answer, text = _guarded(server, header, body)
        del body
        if "fault" in answer and memory.most_ever() > memory_bytes // 2:
            # Libraries in C report the end of the memory each in its own way.
            answer["fault"] = "memory"
        answer["memory"] = memory.resident()
        write_frame(replies, answer, text)
        if "fault" in answer:
            return  # who knows what state the libraries are in


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Return the pipes under new numbers; whatever prints or asks meets the null device instead."""
    requests, replies = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(null, standard)
    os.close(null)
    if hasattr(os, "set_blocking"):
        os.set_blocking(requests, True)
    return os.fdopen(requests, "rb"), os.fdopen(replies, "wb")


class _Memory:
    """What this process holds, in bytes (0: unknown here). The file that tells is opened at
    once, since nothing of the kind may be opened later."""

    def __init__(self) -> None:
        try:
            self._file = os.open("/proc/self/status", os.O_RDONLY)
        except OSError:
            self._file = -1

    def resident(self) -> int:
        return self._told(b"VmRSS:")

    def most_ever(self) -> int:
        return self._told(b"VmPeak:")

    def _told(self, name: bytes) -> int:
        if self._file < 0:
            return 0
        told = os.pread(self._file, 4096, 0)
        return int(told[told.index(name) + len(name) :].split(None, 1)[0]) * 1024


def _end_with_the_pipe(pipe: int) -> None:
    """End at once when the parent is gone, even in the middle of a file."""
    import _thread
    import select

    if not hasattr(select, "poll"):
        return
    poll = select.poll()
    poll.register(pipe, 0)  # 0: only that it was hung up

    def watch() -> None:
        poll.poll()
        os._exit(0)

    _thread.start_new_thread(watch, ())


def _guarded(server: _Server, header: Header, body: bytes) -> Reply:
    """Return the answer to one request, whatever happens."""
    try:
        limit_processor_seconds(int(header["seconds"]))
        return server.answer(header, body)
    except ReadError as error:
        return {"reason": error.reason}, b""
    except MemoryError:
        return {"fault": "memory"}, b""
    except RecursionError:
        return {"fault": "depth"}, b""
    except Exception as error:
        return {"fault": f"{type(error).__name__}: {error}"[:200]}, b""


class _Server:
    """Answers requests; holds at most one archive."""

    def __init__(self) -> None:
        self._archive: Archive | None = None
        self._path = Path()

    def answer(self, header: Header, body: bytes) -> Reply:
        do = header["do"]
        if do == "read":
            return _text(body, Path(header["path"]), header["most"])
        if do == "open":
            return self._open(header, body)
        if do == "member":
            return self._member(header)
        self._archive = None
        return {}, b""

    def _open(self, header: Header, body: bytes) -> Reply:
        from qa.readers.archive import Archive

        self._archive, self._path = None, Path(header["path"])
        archive = Archive(body, self._path, header["members"])
        found = archive.listing()
        self._archive = archive
        return {
            "members": [[member.position, member.name] for member in found.members],
            "refused": [[refused.name, refused.reason] for refused in found.refused],
            "skipped": found.skipped,
        }, b""

    def _member(self, header: Header) -> Reply:
        assert self._archive is not None  # the parent opened it
        path = self._path / header["name"]
        try:
            data = self._archive.inflate(header["position"], path, header["bytes"])
        except ReadError as error:
            return {"reason": error.reason, "size": self._archive.inflated}, b""
        facts: Header = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
        if facts["sha256"] == header["known"] and format_of(data, path).reader == header["by"]:
            return {"same": True, **facts}, b""
        try:
            answer, text = _text(data, path, header["most"])
        except ReadError as error:
            answer, text = {"reason": error.reason}, b""
        return {**answer, **facts}, text


def _text(data: bytes, path: Path, most: int) -> Reply:
    source = read_bytes(data, path)
    if len(source.text) > most:
        raise ReadError(path, f"holds more than {most:,} characters; split it into parts")
    try:
        header, body = source_to_data(source)
    except ValueError as error:
        raise ReadError(path, str(error)) from error
    return {"text": header}, body


if __name__ == "__main__":
    main()
