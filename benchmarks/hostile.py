"""Adds large hostile files one by one, each beside a good one, and prints what became of it.

    python benchmarks/hostile.py [--only NAME ...]

The files are those that `tests/hostile_files.py` keeps out of the everyday tests for their cost:
lines of 60 MB, ten million lines, bombs and nesting at full size. Each is made when it is its turn
and added, with the limits that are the default, by a process of its own with an encoder that costs
next to nothing; told are the outcome, the time (all stages but embedding), and the most memory that
a reading process and the adding one held. The exit status is 1 where an outcome is not the expected
one or the good file was not added.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from measuring import ROOT, header, machine, row, tell

sys.path.insert(0, str(ROOT))

from tests.support.hostile_files import ADDED, SLOW, Hostile

_GOOD = "zz-good.txt"
_LIMIT_SECONDS = 900


def measure(hostile: Hostile) -> bool:
    """Add one file, print its row; whether all was as expected."""
    with tempfile.TemporaryDirectory(prefix="citewell-hostile-") as place:
        folder = Path(place) / "files"
        folder.mkdir()
        (folder / _GOOD).write_text("The quay has seven cranes.", encoding="utf-8")
        path = folder / hostile.name
        path.write_bytes(hostile.make())
        size = path.stat().st_size
        command = [
            sys.executable,
            "-m",
            "tests.support.hostile_run",
            str(folder),
            f"{place}/library",
        ]
        try:
            done = subprocess.run(
                command, cwd=ROOT, capture_output=True, check=True, timeout=_LIMIT_SECONDS
            )
        except subprocess.TimeoutExpired:
            row(hostile.name, f"{size / 1e6:.1f}", f"more than {_LIMIT_SECONDS} s", "", "", "")
            return False
        report = json.loads(done.stdout)
    told: dict[str, list[str]] = {}
    for name, outcome in [*((one, ADDED) for one in report["added"]), *report["failed"]]:
        told.setdefault(name.removeprefix(str(folder)).lstrip("/"), []).append(outcome)
    good = told.pop(_GOOD, []) == [ADDED]
    outcomes = {outcome for several in told.values() for outcome in several}
    wanted = {pattern for several in hostile.expected.values() for pattern in several}
    right = good and all(any(_means(one, pattern) for pattern in wanted) for one in outcomes)
    row(
        *(hostile.name, f"{size / 1e6:.1f}", " / ".join(sorted(outcomes))),
        *(f"{report['seconds']:.1f}", f"{report['readers_mib']:.0f}", f"{report['own_mib']:.0f}"),
    )
    if not right:
        tell(f"{hostile.name}: expected {sorted(wanted)}; good file added: {good}")
    return right and bool(outcomes)


def _means(reason: str, pattern: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), reason) is not None


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    names = [hostile.name for hostile in SLOW]
    parser.add_argument("--only", nargs="+", choices=names, default=names, metavar="NAME")
    given = parser.parse_args(arguments)
    print(f"{machine()}.\n")
    header("file", "MB", "outcome", "seconds", "reader's peak, MiB", "adder's peak, MiB")
    results = [measure(hostile) for hostile in SLOW if hostile.name in given.only]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
