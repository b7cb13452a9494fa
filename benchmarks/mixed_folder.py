"""Adds 2,000 small files of all formats by the command line, interrupted twice on the way.

    python benchmarks/mixed_folder.py [--files N] [--bad N] [--keep FOLDER]

Of the files, 100 are bad in twelve ways (cut short, empty, blank, misnamed, binary, with entities).
`qa add` runs in a process of its own and gets a Ctrl-C (SIGINT) when a third, and again when two
thirds of the good files are stored; the third run goes to the end. Checked is that an interrupted
run ends soon and says so, that nothing stored is lost or read anew into something else, that every
good file is in the library and every bad one has its reason, and how much memory `qa add` held at
most, by the system's own count. The exit status is 1 if anything is not as it should be.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from generated_text import write_documents
from measuring import header, machine, row, tell
from written_formats import WRITERS, Written, docx_members, odt_members, packed

_DATABASE = "library.sqlite3"
_PARAGRAPHS = (2, 5)
_SENTENCE = 250
_INTERRUPTED = 130
_SOON_SECONDS = 15.0
_LOOK_SECONDS = 0.02
_SEED = 7


@dataclass(frozen=True, slots=True)
class Run:
    """One `qa add`. `stored`: sources in the library after it; `ending`: seconds from the signal
    to the process's end, None where there was none."""

    status: int
    seconds: float
    ending: float | None
    stored: int
    peak_mib: float
    report: dict[str, list[object]]


def _half(suffix: str) -> Callable[[Written], bytes]:
    def cut(written: Written) -> bytes:
        whole = WRITERS[suffix](written)
        return whole[: len(whole) // 2]

    return cut


def _with_entities(written: Written) -> bytes:
    members = docx_members(written)
    part = str(members["word/document.xml"])
    declared = part.replace("?>\n", '?>\n<!DOCTYPE x [<!ENTITY a "aaaa">]>\n', 1)
    return packed({**members, "word/document.xml": declared})


def _without_content(written: Written) -> bytes:
    members = odt_members(written)
    del members["content.xml"]
    return packed(members, stored=["mimetype"])


# Suffix, and what makes such a file that must not be read.
BAD: Sequence[tuple[str, Callable[[Written], bytes]]] = (
    ("docx", _half("docx")),
    ("odt", _half("odt")),
    ("epub", _half("epub")),
    ("pdf", _half("pdf")),
    ("rtf", WRITERS["txt"]),
    ("docx", _with_entities),
    ("odt", _without_content),
    ("txt", lambda written: WRITERS["txt"](written) + bytes(50)),
    ("md", lambda written: b""),
    ("html", lambda written: b"<html><body><script>x</script> </body></html>"),
    ("pdf", WRITERS["txt"]),
    ("vtt", lambda written: b"WEBVTT\n\nNOTE nothing else\n"),
)


def write_folder(folder: Path, count: int, bad: int) -> tuple[set[str], set[str]]:
    """The files; the names of the good and of the bad ones, scattered among each other."""
    chance = random.Random(_SEED)
    words = folder.parent / "words"
    write_documents(words, count)
    lines = [
        line[: line.find(". ", _SENTENCE) + 1]
        for path in sorted(words.rglob("*.txt"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.find(". ", _SENTENCE) > 0
    ]
    suffixes = list(WRITERS)
    kinds = ["bad"] * bad + ["good"] * (count - bad)
    chance.shuffle(kinds)
    names: dict[str, set[str]] = {"good": set(), "bad": set()}
    for number, kind in enumerate(kinds):
        text = [chance.choice(lines) for _ in range(chance.randint(*_PARAGRAPHS))]
        # No two files hold the same text: that would be one text less to encode.
        text[0] = f"Number {number}. {text[0]}"
        written = Written(f"Paper {number}", f"2024-03-{number % 28 + 1:02}", text)
        if kind == "bad":
            suffix, write = BAD[len(names["bad"]) % len(BAD)]
        else:
            suffix = suffixes[number % len(suffixes)]
            write = WRITERS[suffix]
        path = folder / f"{number % 20:02}" / f"paper{number:04}.{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(write(written))
        names[kind].add(str(path.absolute()))
    return names["good"], names["bad"]


def stored(library: Path) -> int:
    """How many sources the library has now, as another process sees it."""
    if not (library / _DATABASE).exists():
        return 0
    try:
        connection = sqlite3.connect(f"file:{library / _DATABASE}?mode=ro", uri=True, timeout=1)
        try:
            return int(connection.execute("SELECT count(*) FROM sources").fetchone()[0])
        finally:
            connection.close()
    except sqlite3.Error:
        return 0  # it is being made


def add(folder: Path, library: Path, interrupt_at: int | None, scratch: Path) -> Run:
    """Run `qa add`, with a Ctrl-C once so many sources are stored."""
    command = [sys.executable, "-m", "qa", "add", "--json", "--library", str(library)]
    out, told = scratch / "out", scratch / "err"
    start = time.perf_counter()
    ending: float | None = None
    peak = 0.0
    with out.open("wb") as output, told.open("wb") as errors:
        process = subprocess.Popen([*command, str(folder)], stdout=output, stderr=errors)
        signalled: float | None = None
        while process.poll() is None:
            peak = max(peak, _peak_mib(process.pid))
            if signalled is None and interrupt_at is not None and stored(library) >= interrupt_at:
                os.kill(process.pid, signal.SIGINT)
                signalled = time.perf_counter()
            time.sleep(_LOOK_SECONDS)
    if signalled is not None:
        ending = time.perf_counter() - signalled
        tell(told.read_text(encoding="utf-8").strip().splitlines()[-1])
    text = out.read_text(encoding="utf-8")
    return Run(
        *(process.returncode, time.perf_counter() - start, ending, stored(library), peak),
        json.loads(text) if text.strip() else {},
    )


def _peak_mib(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0.0
    found = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
    return int(found[0]) / 2**10 if found else 0.0


def faults_of(runs: Sequence[Run], good: set[str], bad: set[str]) -> list[str]:
    """What is not as it should be."""
    faults = []
    last = runs[-1]
    for number, run in enumerate(runs[:-1], 1):
        if run.status != _INTERRUPTED or run.report:
            faults.append(f"run {number} was not interrupted (status {run.status})")
        if run.ending is not None and run.ending > _SOON_SECONDS:
            faults.append(f"run {number} took {run.ending:.1f} s to end")
    counts = [run.stored for run in runs]
    if counts != sorted(counts):
        faults.append(f"sources were lost: {counts}")
    added, unchanged = (set(map(str, last.report.get(name, []))) for name in ("added", "unchanged"))
    if last.report.get("replaced"):
        faults.append(f"{len(last.report['replaced'])} sources were replaced")
    if len(unchanged) != counts[-2]:
        faults.append(f"{len(unchanged)} unchanged, {counts[-2]} were stored before")
    if added | unchanged != good:
        faults.append(f"{len(good - added - unchanged)} good files are missing")
    failed = {str(item["source"]) for item in last.report.get("failed", []) if _named(item)}
    if failed != bad:
        faults.append(f"{len(bad - failed)} bad files are not named, {len(failed - bad)} good are")
    return faults


def _named(item: object) -> bool:
    return isinstance(item, dict) and bool(item["reason"]) and "\n" not in item["reason"]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--files", type=int, default=2000, metavar="N", help="(2,000)")
    parser.add_argument("--bad", type=int, default=100, metavar="N", help="of them (100)")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep files and library there")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="citewell-mixed-") as place:
        scratch = given.keep or Path(place)
        folder, library = scratch / "files", scratch / "library"
        good, bad = write_folder(folder, given.files, given.bad)
        runs = []
        for at in (len(good) // 3, 2 * len(good) // 3, None):
            tell(f"qa add, {'to the end' if at is None else f'interrupted at {at}'}")
            runs.append(add(folder, library, at, scratch))
    print(f"\n{machine()}.\n")
    header("run", "seconds", "ended after Ctrl-C, s", "stored after it", "peak, MiB", "exit status")
    for number, run in enumerate(runs, 1):
        ending = "–" if run.ending is None else f"{run.ending:.1f}"
        cells = (f"{run.seconds:.0f}", ending, f"{run.stored:,}", f"{run.peak_mib:.0f}")
        row(str(number), *cells, str(run.status))
    report = runs[-1].report
    print(
        f"\n{len(report.get('added', [])):,} added by the last run, "
        f"{len(report.get('unchanged', [])):,} unchanged, {len(report.get('failed', []))} failed."
    )
    reasons = Counter(
        str(item["reason"]) for item in report.get("failed", []) if isinstance(item, dict)
    )
    for reason, times in reasons.most_common():
        print(f"- {times} × {reason}")
    faults = faults_of(runs, good, bad)
    for fault in faults:
        print(f"WRONG: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
