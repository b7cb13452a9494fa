"""Adds a folder of hostile files in a process of its own, and prints what happened as JSON.

    python -m tests.support.hostile_run FOLDER LIBRARY [NAME=VALUE ...]

The pairs are reading settings. A process of its own, so that what it and its reading processes held
at most is known, and that no other test's threads or files are in the way.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import qa
from qa.ingest.write import Progress
from qa.readers.sandbox.process import POOL
from qa.settings import ReadingSettings, Settings
from tests.support.hashing_encoder import HashingEncoder

_SHOWN = 20


def run(folder: Path, library: Path, reading: ReadingSettings) -> dict[str, object]:
    """Add the folder. Times are in seconds, memory in MiB.

    `waits` are the longest times between two files' ends, with the later one's path.
    """
    ends: list[tuple[float, str]] = []

    def watch(progress: Progress) -> None:
        if len(ends) <= progress.files_done:
            ends.append((time.monotonic(), progress.source))

    # Six words of a passage are enough for its vector: what is tested here is not the encoder.
    encoder = HashingEncoder(dimension=8, max_tokens=8)
    start = time.monotonic()
    with qa.open(library, encoder=encoder, settings=Settings(reading=reading)) as opened:
        report = opened.add(folder, progress=watch)
        elapsed = time.monotonic() - start
        stored = {source.path: opened.text(source.path) for source in opened.sources()}
    # The processes that are idle end now, and are counted.
    POOL.close()
    waits = [later - sooner for (sooner, _), (later, _) in pairwise(ends)]
    longest = sorted(range(len(waits)), key=lambda at: -waits[at])
    return {
        "added": list(report.added),
        "others": [*report.replaced, *report.unchanged, *report.removed],
        "failed": [[str(error.path), error.reason] for error in report.failed],
        "characters": {path: len(text) for path, text in stored.items()},
        "good": [path for path, text in stored.items() if "seven cranes" in text[:100_000]],
        "seconds": elapsed,
        "waits": [[waits[at], ends[at + 1][1]] for at in longest[:_SHOWN]],
        "own_mib": _peak_mib(),
        "readers_mib": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    }


def _peak_mib() -> float:
    """The most that this process held; `ru_maxrss` would count the one that started it, too."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    raise AssertionError("this system does not say how much memory a process held")


def main(arguments: Sequence[str]) -> None:
    folder, library, *pairs = arguments
    given = {name: float(value) for name, _, value in (pair.partition("=") for pair in pairs)}
    whole = {n: v if n.startswith("seconds") else int(v) for n, v in given.items()}
    reading = ReadingSettings(**whole)  # type: ignore[arg-type]
    print(json.dumps(run(Path(folder), Path(library), reading)))


if __name__ == "__main__":
    main(sys.argv[1:])
