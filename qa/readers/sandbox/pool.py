"""The reading processes that wait for the next file: one pool for all libraries of a program."""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Sequence

from qa.readers.sandbox.process import ReadingProcess
from qa.settings import ReadingSettings

_MOST_IDLE = 2


class Pool:
    """Idle processes of this program, by the limits that they were started with."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[ReadingProcess] = []

    def take(self, settings: ReadingSettings) -> ReadingProcess:
        """An idle process, or a new one. Raises OSError."""
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
        """After a fork: the processes are the other program's."""
        self._lock = threading.Lock()
        idle, self._idle = self._idle, []
        for process in idle:
            process.disown()


POOL = Pool()
atexit.register(POOL.close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=POOL.forget)
