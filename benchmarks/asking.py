"""Prints how long a question takes on a large library, stage by stage, and the peak memory.

    python benchmarks/asking.py [FOLDER ...] [--passages N] [--questions FILE] [--library FOLDER]

The library is built of generated documents and of the files in the folders that are given; with
`--library` it is kept there, and used as it is the next time. Questions are those planted in the
generated documents, and the lines of FILE. The library is asked in a process of its own, so that
its peak memory is that of asking. What is timed is `Library.ask`; its stages are timed by wrapping
the functions that it calls for each. The first question, which loads the model and the vectors, is
told apart.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from generated_text import Planted, write_documents
from measuring import apart, header, machine, peak_memory_mib, percentile, row, tell, versions

_QUESTIONS = "questions.json"
_TOTAL = "question to answer"
_STAGES = ("encoding the question", "candidates", "re-ranking", "quoting")
_REST = "the rest: reading the question, filters, transaction"
# Asked first and not counted: caches of the processor and of SQLite fill up.
_WARM_UP = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """What one process measured. `times`: stage → milliseconds, one a question."""

    passages: int
    encoder: str
    first_ms: float
    idle_mib: float
    peak_mib: float
    found: int
    planted: int
    times: dict[str, list[float]]


class Stopwatch:
    """Adds up what calls take, by stage, until it is read."""

    def __init__(self) -> None:
        self._spent = dict.fromkeys(_STAGES, 0.0)

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, watched."""

        def watched(*arguments: Any, **named: Any) -> Any:
            start = time.perf_counter()
            try:
                return function(*arguments, **named)
            finally:
                self._spent[stage] += time.perf_counter() - start

        return watched

    def read(self) -> dict[str, float]:
        """Seconds by stage since the last reading."""
        spent, self._spent = self._spent, dict.fromkeys(_STAGES, 0.0)
        return spent


@contextmanager
def stages_watched() -> Iterator[Stopwatch]:
    """While this lasts, the stages of every `Library.ask` are timed."""
    from qa import library as assistant
    from qa.search.searcher import Searcher

    watch = Stopwatch()
    places = (
        ("encoding the question", Searcher, "encode"),
        ("candidates", Searcher, "_candidates"),
        ("re-ranking", Searcher, "_rank"),
        ("quoting", assistant, "compose_answer"),
    )
    with ExitStack() as patched:
        for stage, owner, name in places:
            watched = watch.timed(stage, getattr(owner, name))
            patched.enter_context(mock.patch.object(owner, name, watched))
        yield watch


def build(library_folder: str, folders: Sequence[str], passages: int) -> float:
    """Make the library, with the generated documents and their questions beside it; the peak
    memory of doing so, in MiB."""
    import qa

    place = Path(library_folder)
    planted = write_documents(place / "documents", passages)
    with qa.open(place / "library", notify=tell) as library:
        report = library.add(place / "documents", *folders)
    for error in report.failed:
        tell(f"left out: {error}")
    # Written last: where it stands, the library is whole.
    text = json.dumps([asdict(item) for item in planted])
    (place / _QUESTIONS).write_text(text, encoding="utf-8")
    return peak_memory_mib()


def ask(library_folder: str, more: Sequence[str], count: int) -> Asked:
    """Ask the questions one after the other, as a program that keeps the library open."""
    import qa

    place = Path(library_folder)
    stored = json.loads((place / _QUESTIONS).read_text(encoding="utf-8"))
    planted = [Planted(**item) for item in stored][:count]
    questions = [item.question for item in planted] + list(more)
    times: dict[str, list[float]] = {name: [] for name in (_TOTAL, *_STAGES, _REST)}
    with qa.open(place / "library", create=False) as library, stages_watched() as watch:
        idle = peak_memory_mib()
        start = time.perf_counter()
        library.ask(questions[0])
        first = time.perf_counter() - start
        for question in questions[:_WARM_UP]:
            library.ask(question)
        found = 0
        for number, question in enumerate(questions):
            watch.read()
            start = time.perf_counter()
            answer = library.ask(question)
            total = time.perf_counter() - start
            spent = watch.read()
            times[_TOTAL].append(total * 1000)
            times[_REST].append((total - sum(spent.values())) * 1000)
            for stage, value in spent.items():
                times[stage].append(value * 1000)
            if number < len(planted) and answer.quotes:
                found += planted[number].answer in answer.quotes[0].text
        size = sum(source.passages for source in library.sources())
        encoder = library.encoder.runs_on
    return Asked(size, encoder, first * 1000, idle, peak_memory_mib(), found, len(planted), times)


def report(asked: Asked, added_mib: float | None) -> None:
    """Print the tables. `added_mib`: peak memory of adding, None if nothing was added."""
    count = len(asked.times[_TOTAL])
    print(f"\n{machine()}.")
    print(f"{versions('openvino', 'faiss-cpu')}; {asked.encoder}.")
    print(
        f"{asked.passages:,} passages, {count} questions after {_WARM_UP} to warm up; of "
        f"{asked.planted} planted facts the first quote holds {asked.found}.\n"
    )
    header("stage", "p50 ms", "p95 ms", "share of the time")
    total = sum(asked.times[_TOTAL])
    for stage, values in asked.times.items():
        share = f"{sum(values) / total:.0%}"
        row(stage, f"{percentile(values, 0.5):.2f}", f"{percentile(values, 0.95):.2f}", share)
    print()
    header("of the process that asks", "measured")
    row("first question, which loads the model and the vectors", f"{asked.first_ms:,.0f} ms")
    row("peak memory once the library is open", f"{asked.idle_mib:,.0f} MiB")
    row("peak memory after all questions", f"{asked.peak_mib:,.0f} MiB")
    if added_mib is not None:
        row("peak memory of the process that added the documents", f"{added_mib:,.0f} MiB")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", nargs="*", metavar="FOLDER", help="documents to add")
    parser.add_argument("--passages", type=int, default=10_000, metavar="N", help="(10,000)")
    parser.add_argument("--count", type=int, default=300, metavar="N", help="planted questions")
    parser.add_argument("--questions", type=Path, metavar="FILE", help="more, one a line")
    parser.add_argument("--library", type=Path, metavar="FOLDER", help="keep it, or use it again")
    given = parser.parse_args(arguments)
    more = given.questions.read_text(encoding="utf-8").splitlines() if given.questions else []
    more = [line for line in more if line.strip()]
    with tempfile.TemporaryDirectory(prefix="citewell-asking-") as scratch:
        place = str(given.library or scratch)
        added = None
        if not (Path(place) / _QUESTIONS).exists():
            tell(f"building a library of about {given.passages:,} passages")
            added = apart(build, place, given.folders, given.passages)
        tell("asking")
        report(apart(ask, place, more, given.count), added)
    return 0


if __name__ == "__main__":
    sys.exit(main())
