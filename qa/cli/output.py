"""Where commands print: JSON on standard output, which holds the answer alone; notices and the
progress of long work on standard error."""

from __future__ import annotations

import json
import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

from qa.safe_text import one_line, safe_json

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from qa.ingest.write import Progress


def print_json(data: object) -> None:
    """Print plain data as one JSON object.

    What could move the cursor or reorder a line is escaped, as JSON itself does with C0
    controls only: whoever parses it gets the exact text, whoever looks at it is not fooled.
    """
    print(safe_json(json.dumps(data, ensure_ascii=False, indent=2)))


def notify(message: str) -> None:
    """Say that something takes long, in one line."""
    print(f"qa: {one_line(message)}", file=sys.stderr)


def _started_bar() -> Bar | None:
    """Return a started bar on standard error, whose tasks have a field `rate`; None if nobody
    watches."""
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


class _Progress:
    """A bar on standard error while the block runs. Silent when nobody watches."""

    _tasks: tuple[str, ...] = ()

    def __init__(self) -> None:
        self._bar: Bar | None = None

    def __enter__(self) -> Self:
        self._bar = _started_bar()
        if self._bar is not None:
            for what in self._tasks:
                self._bar.add_task(what, total=None, rate="")
        return self

    def _show(self, task: int, done: int, total: int, *, rate: bool, what: str) -> None:
        """Update the bar's task of that number."""
        if self._bar is None:
            return
        row = self._bar.tasks[task]
        speed = f"{row.speed:,.0f}/s" if rate and row.speed else ""
        self._bar.update(row.id, total=total, completed=done, description=what, rate=speed)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()


class AddProgress(_Progress):
    """Shows an `add`: files, passages, rate and time left."""

    _tasks = ("files", "passages")

    def __call__(self, progress: Progress) -> None:
        name = one_line(progress.source.rsplit("/", 1)[-1])[:40]
        what = f"{progress.stage.value} {name}"
        self._show(0, progress.files_done, progress.files_total, rate=False, what=what)
        done, total = progress.passages_done, progress.passages_total
        self._show(1, done, total, rate=True, what="passages")


class CountProgress(_Progress):
    """Shows how many of all are done, the rate and the time left."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self._tasks = (one_line(what),)

    def __call__(self, done: int, total: int) -> None:
        self._show(0, done, total, rate=True, what=self._tasks[0])
