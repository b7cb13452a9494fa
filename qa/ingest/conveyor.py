"""Run an iterator in a thread of its own, a bounded amount ahead of whoever consumes it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator
from typing import Generic, Self, TypeVar

T = TypeVar("T")


class Conveyor(Generic[T]):
    """Runs `items` in a thread, for one other thread to take from. Use it in a `with`.

    The thread waits while what was not taken yet weighs `most` or more, so that a fast producer
    fills no memory; one item is let through whatever it weighs. What `items` raises is raised
    where it would have been taken. On leaving, `stop` is called, which must let the thread come
    to an end soon, and the thread is joined.
    """

    def __init__(
        self,
        items: Iterator[T],
        weigh: Callable[[T], int],
        most: int,
        stop: Callable[[], None],
        name: str = "preparing",
    ) -> None:
        self._items = items
        self._weigh = weigh
        self._most = most
        self._stop = stop
        self._changed = threading.Condition()
        self._ready: deque[tuple[T, int]] = deque()
        self._weight = 0
        self._ended = False
        self._stopped = False
        self._error: BaseException | None = None
        # A daemon: a second Ctrl-C need not wait for it.
        self._thread = threading.Thread(target=self._run, name=f"citewell-{name}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        self._stop()
        self._thread.join()

    def take(self, seconds: float) -> T | None:
        """Return the next item; None if there is none yet after waiting so long, or none any
        more."""
        with self._changed:
            if not self._ready and not self._ended and seconds > 0:
                self._changed.wait(seconds)
            if self._ready:
                item, weight = self._ready.popleft()
                self._weight -= weight
                self._changed.notify_all()
                return item
            if self._error is not None:
                raise self._error
            return None

    @property
    def ended(self) -> bool:
        """Whether there is nothing more to take."""
        with self._changed:
            return self._ended and not self._ready and self._error is None

    def _run(self) -> None:
        try:
            for item in self._items:
                if not self._put(item):
                    return
        except BaseException as error:
            # After a stop the thread's own end, however it comes about, is nobody's concern.
            self._error = None if self._stopped else error
        finally:
            if isinstance(self._items, Generator):
                self._items.close()  # lets go of what it holds here, not wherever it is forgotten
            with self._changed:
                self._ended = True
                self._changed.notify_all()

    def _put(self, item: T) -> bool:
        """Offer an item; return whether the thread is to go on."""
        weight = self._weigh(item)
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or self._weight < self._most)
            if self._stopped:
                return False
            self._ready.append((item, weight))
            self._weight += weight
            self._changed.notify_all()
            return True
