"""Prints how long whole processes take from nothing to their end, and the most memory they hold.

    python benchmarks/cold_start.py [--passages N] [--rounds N] [--library FOLDER]

`qa --help`, `qa ask` on a library of generated documents, and for comparison a Python that does
nothing and one that only imports sentence_transformers. Every process is started anew; their files
are in the system's cache, and the model is compiled, as on any day but the first. Each runs once
unmeasured, then in turns; figures are medians. Time is wall time, memory the peak resident set
that the system reports when it ends (`wait4`).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

# A process inherits the peak memory of the one that starts it, so nothing large is imported here,
# and whatever takes memory is done by processes of its own.
from measuring import header, machine, maxrss_mib, row, tell, versions

_HERE = Path(__file__).resolve().parent
_OFFLINE = {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}


def run(command: Sequence[str]) -> tuple[float, float]:
    """Run a command to its end: seconds, and peak memory in MiB.

    Raises CalledProcessError if it fails: a crash is no fast start.
    """
    start = time.perf_counter()
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | _OFFLINE,
    )
    _, status, usage = os.wait4(process.pid, 0)
    spent = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return spent, maxrss_mib(usage)


def qa_command() -> list[str]:
    """The installed `qa`, else the module it starts."""
    script = Path(sys.executable).with_name("qa")
    return [str(script)] if script.exists() else [sys.executable, "-m", "qa"]


def build(place: Path, passages: int) -> None:
    """Make a library, with the questions to it, unless it is there."""
    if (place / "questions.json").exists():
        return
    tell(f"building a library of about {passages:,} passages")
    generator = [sys.executable, str(_HERE / "generated_text.py"), str(place / "documents")]
    partly = place / "questions.part"
    wanted = ["--passages", str(passages), "--questions", str(partly)]
    subprocess.run([*generator, *wanted], check=True)
    adding = [*qa_command(), "add", "--library", str(place / "library"), str(place / "documents")]
    subprocess.run(adding, check=True, stdout=subprocess.DEVNULL)
    partly.rename(place / "questions.json")


def commands(place: Path) -> dict[str, list[str]]:
    """What is measured, by the words it is listed under."""
    planted = json.loads((place / "questions.json").read_text(encoding="utf-8"))
    asking = [*qa_command(), "ask", "--library", str(place / "library"), planted[0]["question"]]
    return {
        "Python that does nothing": [sys.executable, "-c", "pass"],
        "`qa --help`": [*qa_command(), "--help"],
        "`qa ask`": asking,
        '`python -c "import sentence_transformers"`': [
            sys.executable,
            "-c",
            "import sentence_transformers",
        ],
    }


def passages_in(library: Path) -> int:
    listed = subprocess.run(
        [*qa_command(), "sources", "--json", "--library", str(library)],
        check=True,
        capture_output=True,
    )
    return sum(source["passages"] for source in json.loads(listed.stdout)["sources"])


def report(place: Path, rounds: int) -> None:
    """Measure, and print the table."""
    runs = commands(place)
    for command in runs.values():
        run(command)
    measured: dict[str, list[tuple[float, float]]] = {name: [] for name in runs}
    for number in range(rounds):
        tell(f"round {number + 1} of {rounds}")
        for name, command in runs.items():
            measured[name].append(run(command))
    print(f"\n{machine()}.")
    print(f"{versions('openvino', 'sentence-transformers', 'torch')}.")
    print(f"A library of {passages_in(place / 'library'):,} passages; medians of {rounds}.\n")
    header("process", "wall time, s", "peak memory, MiB")
    for name, pairs in measured.items():
        spent = statistics.median(pair[0] for pair in pairs)
        row(name, f"{spent:.2f}", f"{statistics.median(pair[1] for pair in pairs):,.0f}")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--passages", type=int, default=10_000, metavar="N", help="(10,000)")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="(5)")
    parser.add_argument("--library", type=Path, metavar="FOLDER", help="keep it, or use it again")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="citewell-cold-start-") as scratch:
        place = given.library or Path(scratch)
        build(place, given.passages)
        report(place, given.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
