"""Progress of long work on standard error, so that standard output holds the answer alone."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

from qa.safe_text import one_line

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from qa.ingest.write import Progress


def notify(message: str) -> None:
    """Say that something takes long, in one line."""
    print(f"qa: {one_line(message)}", file=sys.stderr)


def started_bar() -> Bar | None:
    """A started bar on standard error, whose tasks have a field `rate`; None if nobody watches."""
    if not sys.stderr.isatty():
        return None
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    bar = Progress(
        # Text from file names is never markup.
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}", markup=False),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
    bar.start()
    return bar


class AddProgress:
    """Shows an `add`: files, passages, rate and time left. Silent when nobody watches."""

    def __init__(self) -> None:
        self._bar: Bar | None = None
        self._files: TaskID | None = None
        self._passages: TaskID | None = None

    def __enter__(self) -> Self:
        self._bar = started_bar()
        if self._bar is not None:
            self._files = self._bar.add_task("files", total=None, rate="")
            self._passages = self._bar.add_task("passages", total=None, rate="")
        return self

    def __call__(self, progress: Progress) -> None:
        if self._bar is None or self._files is None or self._passages is None:
            return
        name = one_line(progress.source.rsplit("/", 1)[-1])[:40]
        self._bar.update(
            self._files,
            total=progress.files_total,
            completed=progress.files_done,
            description=f"{progress.stage.value} {name}",
        )
        speed = self._bar.tasks[1].speed
        self._bar.update(
            self._passages,
            total=progress.passages_total,
            completed=progress.passages_done,
            rate=f"{speed:,.0f}/s" if speed else "",
        )

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
