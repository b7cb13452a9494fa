"""Progress of work that is counted in one kind of thing, on standard error."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Self

from qa.cli.terminal.progress import started_bar
from qa.safe_text import one_line

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID


class CountProgress:
    """Shows how many of all are done, the rate and the time left. Silent when nobody watches."""

    def __init__(self, what: str) -> None:
        self._what = one_line(what)
        self._bar: Bar | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._bar = started_bar()
        if self._bar is not None:
            self._task = self._bar.add_task(self._what, total=None, rate="")
        return self

    def __call__(self, done: int, total: int) -> None:
        if self._bar is None or self._task is None:
            return
        speed = self._bar.tasks[0].speed
        rate = f"{speed:,.0f}/s" if speed else ""
        self._bar.update(self._task, total=total, completed=done, rate=rate)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
