"""The library page: adding files with progress and cancel, removing sources, verifying."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from embeddings.errors import EmbeddingError
from qa.errors import CitewellError
from ui.catalogue import Catalogue
from ui.desk import Call, Desk
from ui.uploads import FOLDER_NAME

if TYPE_CHECKING:
    from qa.assistant import Library
    from qa.ingest import Progress

_MOST_JOBS = 500
_MOST_PROBLEMS = 50


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


_ENDED = (FileState.ADDED, FileState.UNCHANGED, FileState.FAILED, FileState.CANCELLED)


@dataclass(slots=True)
class _Job:
    """One uploaded file on its way into the library."""

    id: str
    person: str
    path: Path
    fresh: bool
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

    def submit(self, path: Path, person: str, *, fresh: bool) -> str:
        """Queue a file of the uploads folder; the job's id."""
        job = _Job(secrets.token_urlsafe(9), person, path, fresh)
        with self._lock:
            self._jobs[job.id] = job
            while len(self._jobs) > _MOST_JOBS:
                self._jobs.popitem(last=False)
        self._waiting.put(job)
        return job.id

    def status(self, person: str, ids: list[str]) -> list[dict[str, Any]]:
        """How far the person's jobs are; an unknown one is left out."""
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
            self._add(job)
            if job.state in (FileState.FAILED, FileState.CANCELLED) and job.fresh:
                job.path.unlink(missing_ok=True)

    def _add(self, job: _Job) -> None:
        def progress(step: Progress) -> None:
            if job.cancel.is_set():
                raise _Cancelled
            job.state = FileState(step.stage.value)
            job.done, job.total = step.passages_done, step.passages_total

        try:
            if job.cancel.is_set():
                raise _Cancelled
            report = self._library.add(job.path, progress=progress)
            if report.failed:
                job.state, job.reason = FileState.FAILED, report.failed[0].reason
            else:
                job.state = FileState.UNCHANGED if report.unchanged else FileState.ADDED
            self._catalogue.holdings(fresh=True)
        except _Cancelled:
            job.state = FileState.CANCELLED
        except (CitewellError, EmbeddingError, OSError) as error:
            job.state, job.reason = FileState.FAILED, str(error)


def _job_data(job: _Job) -> dict[str, Any]:
    left = None
    elapsed = time.monotonic() - job.began
    if job.state is FileState.EMBEDDING and 0 < job.done < job.total and elapsed > 1:
        left = round(elapsed / job.done * (job.total - job.done))
    return {
        "id": job.id,
        "name": job.path.name,
        "state": job.state.value,
        "ended": job.state in _ENDED,
        "reason": job.reason,
        "done": job.done,
        "total": job.total,
        "seconds_left": left,
    }


def library_calls(desk: Desk) -> dict[str, Call]:
    """Name → function."""
    return {
        "library_list": lambda data, person: _list(desk),
        "library_outline": lambda data, person: desk.view.outline(data["source"]),
        "library_remove": lambda data, person: _remove(data, desk),
        "library_verify": lambda data, person: _verify(desk),
        "upload_status": lambda data, person: {
            "jobs": _additions(desk).status(person, [str(id) for id in data["ids"]][:200])
        },
        "upload_cancel": lambda data, person: _cancel(data, person, desk),
    }


def _additions(desk: Desk) -> Additions:
    if desk.additions is None:
        raise CitewellError("this library is served for reading only")
    return desk.additions


def _cancel(data: dict[str, Any], person: str, desk: Desk) -> dict[str, Any]:
    _additions(desk).cancel(person, str(data["id"]))
    return {}


def _list(desk: Desk) -> dict[str, Any]:
    holdings = desk.catalogue.holdings(fresh=True)
    return {
        "can_change": desk.additions is not None,
        "documents": holdings.documents,
        "passages": holdings.passages,
        "characters": sum(source.characters for source in holdings.sources),
        "sources": [
            {
                "name": holdings.names[source.path],
                "title": source.title,
                "format": source.format,
                "size": source.size,
                "added_at": source.added_at,
                "characters": source.characters,
                "documents": source.documents,
                "turns": source.turns,
                "passages": source.passages,
            }
            for source in holdings.sources
        ],
    }


def _remove(data: dict[str, Any], desk: Desk) -> dict[str, Any]:
    additions = _additions(desk)
    path = desk.library.remove(desk.catalogue.path(data["source"]))
    # Only what was uploaded here is deleted from the disk; people's own files are theirs.
    if Path(path).parent == additions.folder.absolute():
        Path(path).unlink(missing_ok=True)
    desk.catalogue.holdings(fresh=True)
    return {}


def _verify(desk: Desk) -> dict[str, Any]:
    report = desk.library.verify()
    return {
        "ok": report.ok,
        "rows": sum(count.rows for count in report.rows),
        "problems": [
            f"{problem.table} {problem.row or ''}: {problem.what}"
            for problem in report.problems[:_MOST_PROBLEMS]
        ],
    }
