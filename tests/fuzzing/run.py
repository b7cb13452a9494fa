"""Fuzzes every reader, the segmenter, the query parsers, and the parsers of drafts and citations.

    python -m tests.fuzzing.run [--inputs 10000] [--only NAME ...] [--first SEED] [--processes N]

Each input follows from its number: a valid file changed in a few places, or text put together of
what such texts are made of (`inputs.py`); what must hold of the result stands in
`targets.py`. Readers run in this program's own workers, without the reading process around
them, so that a fault is seen and not survived. A worker may hold 1.5 GiB. What is raised beside
`ReadError` and `InvalidQuery` is a crash, as is a worker's end; more than five seconds for an
input is a hang. Finds are told on standard error with the number that makes them again, and make
the exit status 1.
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import os
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from random import Random
from types import FrameType
from typing import Any

from benchmarks.measuring import header, machine, row, tell, usable_cores, versions
from tests.fuzzing.targets import TARGETS, Target

_CHUNK = 1000
_HANG_SECONDS = 5.0
# For what never comes back to Python to be interrupted there.
_STUCK_SECONDS = 4 * _HANG_SECONDS
_MEMORY = 1536 * 1024 * 1024
_TOLD = 5
_LINES = 3


class Hang(BaseException):
    """An input took too long. No `except Exception` of a reader keeps it back."""


@dataclass(slots=True)
class Find:
    """What went wrong with one input."""

    number: int
    kind: str
    what: str


@dataclass(slots=True)
class Tally:
    """What a number of inputs came to; `slowest` is in seconds, `slow` the input that took it."""

    taken: int = 0
    refused: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    slow: int = 0
    finds: list[Find] = field(default_factory=list)

    @property
    def inputs(self) -> int:
        return self.taken + self.refused + len(self.finds)

    def add(self, other: Tally) -> None:
        self.taken += other.taken
        self.refused += other.refused
        self.seconds += other.seconds
        if other.slowest > self.slowest:
            self.slowest, self.slow = other.slowest, other.slow
        self.finds.extend(other.finds)


def chance_of(target: Target, number: int) -> Random:
    """All chance of one input."""
    return Random(f"{target.name}:{number}")


def try_inputs(target: Target, numbers: range, report: Any = None) -> Tally:
    """Try these inputs here, one after the other; `report` is told each one's number first."""
    tally = Tally()
    for number in numbers:
        if report is not None:
            report.value = number
        chance = chance_of(target, number)
        start = time.perf_counter()
        signal.setitimer(signal.ITIMER_REAL, _HANG_SECONDS)
        try:
            outcome = target.check(chance)
            signal.setitimer(signal.ITIMER_REAL, 0)
            tally.taken += outcome == "taken"
            tally.refused += outcome != "taken"
        except Hang:
            tally.finds.append(Find(number, "hang", f"more than {_HANG_SECONDS:.0f} s"))
        except Exception as error:
            signal.setitimer(signal.ITIMER_REAL, 0)
            tally.finds.append(Find(number, "crash", _told(error)))
        took = time.perf_counter() - start
        tally.seconds += took
        if took > tally.slowest:
            tally.slowest, tally.slow = took, number
    return tally


def _told(error: Exception) -> str:
    """An exception with the last places that it came through."""
    places = traceback.extract_tb(error.__traceback__)[-_LINES:]
    way = " < ".join(f"{os.path.basename(p.filename)}:{p.lineno}" for p in reversed(places))  # noqa: PTH119
    return f"{type(error).__name__}: {str(error)[:200]} [{way}]"


def _hang(number: int, frame: FrameType | None) -> None:
    raise Hang


def _prepare() -> None:
    """Limit this worker, and keep libraries from talking."""
    signal.signal(signal.SIGALRM, _hang)
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def _work(place: int, numbers: range, report: Any, pipe: Connection) -> None:
    _prepare()
    pipe.send(try_inputs(TARGETS[place], numbers, report))
    pipe.close()


@dataclass(slots=True)
class Worker:
    """A process at work on a stretch of one target's inputs."""

    place: int
    numbers: range
    process: Any
    pipe: Connection
    report: Any
    seen: int = -1
    since: float = 0.0


def _started(place: int, numbers: range) -> Worker:
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else None)
    receiving, sending = context.Pipe(duplex=False)
    report = context.Value("q", numbers.start, lock=False)
    process = context.Process(target=_work, args=(place, numbers, report, sending), daemon=True)
    process.start()
    sending.close()
    return Worker(place, numbers, process, receiving, report, since=time.monotonic())


def _finished(worker: Worker) -> Tally | None:
    """What the worker found, once it is done; its end without a word is a find of its own."""
    if worker.pipe.poll():
        try:
            tally = worker.pipe.recv()
        except EOFError:
            worker.process.join()
            number = worker.report.value
            how = f"the worker ended with status {worker.process.exitcode}"
            return Tally(finds=[Find(number, "crash", how)])
        worker.process.join()
        assert isinstance(tally, Tally)
        return tally
    if worker.report.value != worker.seen:
        worker.seen, worker.since = worker.report.value, time.monotonic()
    elif time.monotonic() - worker.since > _STUCK_SECONDS:
        worker.process.kill()
        worker.process.join()
        return Tally(finds=[Find(worker.seen, "hang", "and could not be interrupted")])
    return None


def run_all(places: Sequence[int], numbers: range, processes: int) -> Iterator[tuple[int, Tally]]:
    """Try the inputs of each target in workers; gives each stretch's tally with its target."""
    waiting = [
        (place, numbers[at : at + _CHUNK])
        for place in places
        for at in range(0, len(numbers), _CHUNK)
    ]
    waiting.reverse()
    busy: list[Worker] = []
    while waiting or busy:
        while waiting and len(busy) < processes:
            busy.append(_started(*waiting.pop()))
        wait([worker.pipe for worker in busy], timeout=1)
        for worker in list(busy):
            tally = _finished(worker)
            if tally is None:
                continue
            busy.remove(worker)
            worker.pipe.close()
            yield worker.place, tally
            lost = [find.number for find in tally.finds if not tally.taken and not tally.refused]
            if lost and tally.inputs < len(worker.numbers):
                # The worker ended over one input: the others before and after it count as well.
                start = worker.numbers.start
                parts = (range(start, lost[-1]), range(lost[-1] + 1, worker.numbers.stop))
                waiting.extend((worker.place, part) for part in parts if part)


def main(arguments: Sequence[str] | None = None) -> int:
    names = [target.name for target in TARGETS]
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--inputs", type=int, default=10_000, metavar="N", help="each (10,000)")
    parser.add_argument("--only", nargs="+", choices=names, default=names, metavar="NAME")
    parser.add_argument("--first", type=int, default=0, metavar="SEED", help="first input (0)")
    parser.add_argument("--processes", type=int, default=usable_cores(), metavar="N")
    given = parser.parse_args(arguments)
    numbers = range(given.first, given.first + given.inputs)
    tallies = {names.index(name): Tally() for name in given.only}
    for place, tally in run_all(list(tallies), numbers, given.processes):
        for find in tally.finds:
            if len(tallies[place].finds) < _TOLD:
                tell(f"{names[place]} {find.number}: {find.kind}: {find.what}")
            tallies[place].finds.append(find)
        tally.finds = []
        tallies[place].add(tally)
    print(f"\n{machine()}.")
    print(f"{versions('pdfminer.six', 'selectolax', 'markdown-it-py')}.\n")
    header("what", "inputs", "taken", "refused", "crashes", "hangs", "slowest, ms", "inputs/s")
    for place, tally in tallies.items():
        kinds = [find.kind for find in tally.finds]
        row(
            *(names[place], f"{tally.inputs:,}", f"{tally.taken:,}", f"{tally.refused:,}"),
            *(str(kinds.count("crash")), str(kinds.count("hang"))),
            f"{tally.slowest * 1000:.0f} (input {tally.slow})",
            f"{tally.inputs / tally.seconds:.0f}" if tally.seconds else "–",
        )
    return 1 if any(tally.finds for tally in tallies.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
