"""Add uploaded files to the library one after the other, with progress and cancelling."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from qa import AddReport, CitewellError, EmbeddingError, Library, Progress
from ui.catalogue import Catalogue
from ui.uploads import FOLDER_NAME, Upload, in_place

_MOST_JOBS = 500
_MOST_LACKS = 3


class FileState(StrEnum):
    """What has become of one uploaded file."""

    WAITING = "waiting"
    READING = "reading"
    EMBEDDING = "embedding"
    WRITING = "writing"
    ADDED = "added"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    CANCELLED = "cancelled"


_IN_LIBRARY = (FileState.ADDED, FileState.UNCHANGED)
_ENDED = (*_IN_LIBRARY, FileState.FAILED, FileState.CANCELLED)
# What an `add` is at, in the page's words; whatever comes before the embedding is reading.
_STAGES = {one.value: one for one in (FileState.EMBEDDING, FileState.WRITING)}


@dataclass(slots=True)
class _Job:
    """One uploaded file on its way into the library."""

    id: str
    person: str
    upload: Upload
    state: FileState = FileState.WAITING
    reason: str = ""
    done: int = 0
    total: int = 0
    began: float = 0.0
    cancel: threading.Event = field(default_factory=threading.Event)


class _Cancelled(Exception):
    """Raised out of `add` by its progress callback; a source is written whole or not at all."""


class Additions:
    """Adds uploaded files one after the other in a thread of its own."""

    def __init__(self, library: Library, catalogue: Catalogue, folder: Path) -> None:
        self.folder = folder / FOLDER_NAME
        self._library = library
        self._catalogue = catalogue
        self._lock = threading.Lock()
        self._jobs: OrderedDict[str, _Job] = OrderedDict()
        self._waiting: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="citewell-additions", daemon=True)
        self._thread.start()

    def uploaded(self, path: Path) -> bool:
        """Return whether a source's file lies in the uploads folder."""
        return path.parent == self.folder.absolute()

    def submit(self, upload: Upload, person: str) -> str:
        """Queue a file of the uploads folder, and return the job's id."""
        job = _Job(secrets.token_urlsafe(9), person, upload)
        with self._lock:
            self._jobs[job.id] = job
            while len(self._jobs) > _MOST_JOBS:
                self._jobs.popitem(last=False)
        self._waiting.put(job)
        return job.id

    def status(self, person: str, ids: list[str]) -> list[dict[str, Any]]:
        """Return how far the person's jobs are, without those that are unknown."""
        with self._lock:
            jobs = [self._jobs[id] for id in ids if id in self._jobs]
        return [_job_data(job) for job in jobs if job.person == person]

    def cancel(self, person: str, id: str) -> None:
        """Stop a job of the person's own before its file is written."""
        with self._lock:
            job = self._jobs.get(id)
        if job is not None and job.person == person:
            job.cancel.set()

    def stop(self) -> None:
        """Cancel what is under way and end the thread."""
        with self._lock:
            for job in self._jobs.values():
                job.cancel.set()
        self._waiting.put(None)
        self._thread.join(timeout=10)

    def _work(self) -> None:
        while (job := self._waiting.get()) is not None:
            job.began = time.monotonic()
            ended, job.reason = self._add(job)
            if ended not in _IN_LIBRARY and job.upload.fresh:
                job.upload.path.unlink(missing_ok=True)
            job.state = ended  # last: whoever is told that it ended finds everything done

    def _add(self, job: _Job) -> tuple[FileState, str]:
        """Add the job's file; return how it ended, and why if it failed."""

        def progress(step: Progress) -> None:
            if job.cancel.is_set():
                raise _Cancelled
            job.state = _STAGES.get(step.stage.value, FileState.READING)
            job.done, job.total = step.passages_done, step.passages_total

        try:
            if job.cancel.is_set():
                if job.upload.newer is not None:
                    job.upload.newer.unlink(missing_ok=True)
                raise _Cancelled
            with in_place(job.upload) as keep:
                report = self._library.add(job.upload.path, progress=progress)
                if not (report.added or report.replaced or report.unchanged):
                    reason = report.failed[0].reason if report.failed else "holds no document"
                    return FileState.FAILED, reason
                keep()
            self._catalogue.contents(fresh=True)
            new = report.added or report.replaced
            return (FileState.ADDED if new else FileState.UNCHANGED), _lacks(report, job)
        except _Cancelled:
            return FileState.CANCELLED, ""
        except (CitewellError, EmbeddingError, OSError) as error:
            return FileState.FAILED, str(error)


def _lacks(report: AddReport, job: _Job) -> str:
    """Return what of an added file was left out: an archive's bad members, pages without text."""
    upload = job.upload.path.as_posix()
    said = [(error.path.as_posix(), error.reason) for error in report.failed]
    said += [(note.source, note.words) for note in report.notes]
    parts = [
        words if path == upload else f"{path.removeprefix(f'{upload}/')}: {words}"
        for path, words in said[:_MOST_LACKS]
    ]
    more = [f"{len(said) - _MOST_LACKS} more"] if len(said) > _MOST_LACKS else []
    return "; ".join([*parts, *more])


def _job_data(job: _Job) -> dict[str, Any]:
    left = None
    elapsed = time.monotonic() - job.began
    if job.state is FileState.EMBEDDING and 0 < job.done < job.total and elapsed > 1:
        left = round(elapsed / job.done * (job.total - job.done))
    return {
        "id": job.id,
        "name": job.upload.path.name,
        "state": job.state.value,
        "ended": job.state in _ENDED,
        "reason": job.reason,
        "done": job.done,
        "total": job.total,
        "seconds_left": left,
    }
