"""A reading process as its parent sees it: started, asked, watched, ended; and the pool of those
that wait for the next file, one for all libraries of a program.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO, TypeVar

from qa.readers.sandbox.wire import RECEIVED, BrokenFrame, Header, read_frame, write_frame
from qa.settings import ReadingSettings

# What a process has taken part in is bounded, in memory that it holds and in files.
_WORN_BYTES = 160 * 1024 * 1024
_WORN_FILES = 1000
_LOOK_SECONDS = 0.1
_STARTING_SECONDS = 30.0
_PIPE_BYTES = 1024 * 1024
_KEPT_VARIABLES = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHOME")
# Python finds its modules where this program does, and never in the working directory.
_START = (
    "import sys; sys.path[:] = sys.argv.pop().split(chr(0x1f)); "
    "from qa.readers.sandbox.child import main; main()"
)


T = TypeVar("T")


class Died(Exception):
    """The process ended instead of answering; `reason` says why, as of the file."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Stopped(Exception):
    """Reading was stopped by the program itself."""


class ReadingProcess:
    """A child that reads. Raises OSError if none can be started."""

    def __init__(self, settings: ReadingSettings) -> None:
        self.settings_key = self.key_of(settings)
        self.holds_archive = False
        self._memory_bytes = settings.memory_bytes
        self._files = 0
        self._held_bytes = 0
        self._ready = False
        self._fate: str | None = None
        self._process = _started(*self.settings_key)

    @staticmethod
    def key_of(settings: ReadingSettings) -> tuple[int, int]:
        """Return what two processes must have in common to be interchangeable."""
        return settings.memory_bytes, max(settings.max_bytes, settings.max_archive_bytes)

    @property
    def worn(self) -> bool:
        """Whether it has read so much that a fresh one is better."""
        return self._held_bytes > _WORN_BYTES or self._files >= _WORN_FILES

    @property
    def usable(self) -> bool:
        """Whether it can be given to the next file."""
        return not self.worn and not self.holds_archive and self._process.poll() is None

    def exchange(
        self, request: Header, body: bytes, seconds: float, most_body: int
    ) -> tuple[Header, bytes]:
        """Ask, and wait for the answer at most twice the seconds of processor time it may take.

        Raises Died where it came to an end over it, BrokenPipeError where it had before.
        """
        if self._process.poll() is not None:
            raise BrokenPipeError
        if not self._ready:
            self._watched(self._greeting, _STARTING_SECONDS / 2)
            self._ready = True
        return self._watched(lambda: self._exchange(request, body, most_body), seconds)

    def _watched(self, work: Callable[[], T], seconds: float) -> T:
        """Do the work, which ends in time because otherwise the process does."""
        done = threading.Event()
        watch = threading.Thread(
            target=self._watch, args=(done, 2 * seconds), name="citewell-reading", daemon=True
        )
        watch.start()
        try:
            return work()
        except BrokenFrame as error:
            raise Died(self._end_of(str(error), seconds)) from error
        finally:
            done.set()
            watch.join()

    def _greeting(self) -> None:
        read_frame(self._pipes()[1], 0)

    def _exchange(self, request: Header, body: bytes, most_body: int) -> tuple[Header, bytes]:
        requests, replies = self._pipes()
        unsent: OSError | None = None
        try:
            write_frame(requests, request, body)
        except OSError as error:
            unsent = error  # it may have said why it would not take it
        # The system tells of an end only after a while, so that one may have come before this
        # file was seen: who has received it says so before anything else.
        received = replies.read(len(RECEIVED))
        if not received and self._fate is None:
            raise BrokenPipeError from unsent
        if received != RECEIVED:
            raise BrokenFrame("ended" if not received else "no answer")
        reply, text = read_frame(replies, most_body)
        self._files += 1
        held = reply.get("memory")
        self._held_bytes = held if type(held) is int else 0
        return reply, text

    def _pipes(self) -> tuple[BinaryIO, BinaryIO]:
        requests, replies = self._process.stdin, self._process.stdout
        assert requests is not None
        assert replies is not None
        return requests, replies  # type: ignore[return-value]

    def _watch(self, done: threading.Event, seconds: float) -> None:
        """End the process when its time is over, or its memory where the system can't limit it."""
        until = time.monotonic() + seconds
        limited = sys.platform == "linux"
        while not done.wait(max(0.0, until - time.monotonic()) if limited else _LOOK_SECONDS):
            if time.monotonic() >= until:
                self._fate = "time"
            elif not limited and resident_bytes(self._process.pid) > self._memory_bytes:
                self._fate = "memory"
            else:
                continue
            self.kill()
            return

    def _end_of(self, what: str, seconds: float) -> str:
        """Return why there is no answer, in words that follow a file's name."""
        if what != "ended":
            self.discard()
            return f"made the reader give an impossible result ({what})"
        status = self._process.wait()
        if not self._ready:
            return f"can't be read: the reading process does not start (status {status})"
        if self._fate == "time" or (status < 0 and -status == getattr(signal, "SIGXCPU", 0)):
            return f"takes longer than {seconds:,.3g} s to read"
        if self._fate == "memory":
            return f"needs more than {self._memory_bytes // 2**20:,} MiB of memory to read"
        how = f"signal {-status}" if status < 0 else f"status {status}"
        return f"made the reader crash ({how})"

    def kill(self) -> None:
        """End it at once, from any thread: whoever waits for its answer sees it end."""
        with contextlib.suppress(OSError):
            self._process.kill()

    def discard(self) -> None:
        """End it at once and let go of it, from the thread that uses it; once more does no harm."""
        self.kill()
        self._process.wait()
        self._close_pipes()

    def end(self) -> None:
        """Let an idle one end by itself; it does when its pipe closes."""
        self._close_pipes()
        try:
            self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            self.discard()

    def disown(self) -> None:
        """Close the pipes' copies and forget the process, after a fork."""
        self._close_pipes()
        self._process.returncode = 0

    def _close_pipes(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


def _started(memory_bytes: int, most_bytes: int) -> subprocess.Popen[bytes]:
    environment = {
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "random",
        "LC_ALL": "C.UTF-8",
        # A second arena reserves 64 MiB of the address space, which is limited.
        "MALLOC_ARENA_MAX": "1",
        **{name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ},
    }
    home = str(Path(__file__).absolute().parents[2])
    places = [home, *(place for place in sys.path if place and place != home)]
    command = [sys.executable, "-S", "-P", "-X", "utf8", "-c", _START]
    own_group = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
    process = subprocess.Popen(
        [*command, str(memory_bytes), str(most_bytes), "\x1f".join(places)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=Path(home).anchor,
        env=environment,
        # Ctrl-C in the terminal is the parent's to deal with.
        start_new_session=True,
        creationflags=own_group,
    )
    _widen(process)
    return process


def _widen(process: subprocess.Popen[bytes]) -> None:
    """Let the pipes hold more, where they can, so that a file takes fewer turns."""
    try:
        import fcntl

        for pipe in (process.stdin, process.stdout):
            if pipe is not None and hasattr(fcntl, "F_SETPIPE_SZ"):
                fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    except (ImportError, OSError):
        return


def resident_bytes(pid: int) -> int:
    """Return the memory that a process holds, by `ps`; 0 where there is none."""
    try:
        told = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, timeout=5, check=False
        )
        return int(told.stdout or 0) * 1024
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return 0


_MOST_IDLE = 2


class ReaderPool:
    """Idle processes of this program, by the limits that they were started with."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[ReadingProcess] = []

    def take(self, settings: ReadingSettings) -> ReadingProcess:
        """Return an idle process, or a new one. Raises OSError."""
        with self._lock:
            for process in reversed(self._idle):
                if process.settings_key == ReadingProcess.key_of(settings) and process.usable:
                    self._idle.remove(process)
                    return process
        return ReadingProcess(settings)

    def give(self, process: ReadingProcess) -> None:
        """Keep a process for the next file, or end it."""
        dropped: Sequence[ReadingProcess] = (process,)
        if process.usable:
            with self._lock:
                self._idle.append(process)
                dropped = self._idle[:-_MOST_IDLE]
                del self._idle[:-_MOST_IDLE]
        for old in dropped:
            old.end()

    def close(self) -> None:
        """End all idle processes."""
        with self._lock:
            idle, self._idle = self._idle, []
        for process in idle:
            process.end()

    def forget(self) -> None:
        """Drop all processes after a fork: they are the other program's."""
        self._lock = threading.Lock()
        idle, self._idle = self._idle, []
        for process in idle:
            process.disown()


POOL = ReaderPool()
atexit.register(POOL.close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=POOL.forget)
