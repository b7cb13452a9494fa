"""Files that attack whoever reads them: each has its named reason or its right reading, in bounded
time and memory, nothing is written outside the library, and the good files beside them are added."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import qa
from qa.ingest.discover import FoundFiles, find_files
from qa.ingest.write import AddReport
from qa.readers import files
from tests.support.corpora import ROOT
from tests.support.hashing_encoder import HashingEncoder
from tests.support.hostile_files import ADDED, QUICK, Hostile

GOOD = {
    "0-first.txt": "The first good file says that the quay has seven cranes.",
    "m-between.md": "# Between\n\nThe good file in the middle is about seven cranes, too.",
    "zz-last.txt": "The last good file repeats that there are seven cranes.",
}
# Processor seconds of the reading process for a file, beside one for each MiB.
SECONDS = 10
MIB = 1024 * 1024
# Whatever else the machine is doing: no file of a few MB may hold the others up for longer.
LONGEST_WAIT = 2 * SECONDS + 10
NAMES = """
    Ελληνικά кириллица עברית العربية हिन्दी ไทย 中文 日本語 한국어 ქართული አማርኛ தமிழ்
    naïve-é e\u0301 😀👩‍👩‍👧 İstanbul ß ǅ \ufb01 \U0001d54f
""".split()
ODD_NAMES = (
    *("\u202egnp.txt", "a\u2066b\u2069.txt", "\ufeff.txt", "zero\u200bwidth.txt", "\u0085next.txt"),
    *(
        "new\nline.txt",
        "car\rriage.txt",
        "tab\t.txt",
        "bell\x07.txt",
        "\x1b[31mred.txt",
        "\x7f.txt",
    ),
    *(
        "..txt.txt",
        "...md",
        "a..%2f..b.txt",
        "-rf.txt",
        "~.txt",
        "$HOME.txt",
        "`id`.txt",
        "a;b|c.txt",
    ),
    *(
        "'quote\".txt",
        "<b>.html",
        "back\\slash.txt",
        "*.txt",
        "?.txt",
        "[a].md",
        "{x}.txt",
        "%s%n.txt",
    ),
    *("CON.txt", "nul.txt", "con .txt", "two.txt.txt", " space .txt", "x" * 251 + ".txt"),
)


@dataclass(frozen=True)
class Outcome:
    """What one `add` of the whole folder came to."""

    folder: Path
    report: dict
    files_outside: dict[str, bytes | None]

    def of(self, name: str) -> dict[str, set[str]]:
        """What was reported of a file, and of the members below it."""
        found: dict[str, set[str]] = {}
        told = [(path, ADDED) for path in self.report["added"]]
        for path, reason in [*told, *self.report["failed"]]:
            inside = path.removeprefix(f"{self.folder}/")
            if inside == name or inside.startswith(f"{name}/"):
                found.setdefault(inside[len(name) + 1 :], set()).add(reason)
        return found


def tree(folder: Path) -> dict[str, bytes | None]:
    """Every file below a folder with its bytes; None for what is no regular file."""
    found: dict[str, bytes | None] = {}
    for path in sorted(folder.rglob("*")):
        regular = path.is_file() and not path.is_symlink()
        found[str(path.relative_to(folder))] = path.read_bytes() if regular else None
    return found


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """All hostile files and three good ones, added at once by a process of its own."""
    place = tmp_path_factory.mktemp("hostile")
    folder = place / "files"
    folder.mkdir()
    for name, text in GOOD.items():
        (folder / name).write_text(text, encoding="utf-8")
    for hostile in QUICK:
        (folder / hostile.name).write_bytes(hostile.make())
    before = tree(place)
    limits = [f"seconds={SECONDS}", "seconds_per_mib=1", f"archive_bytes={128 * MIB}"]
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.support.hostile_run",
            str(folder),
            str(place / "library"),
            *limits,
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    after = {
        name: content for name, content in tree(place).items() if not name.startswith("library")
    }
    changed = {
        name: after.get(name) for name in before | after if before.get(name) != after.get(name)
    }
    return Outcome(folder, json.loads(done.stdout), changed)


def means(reason: str, pattern: str) -> bool:
    """Whether a reason is the expected one, where "*" stands for any words."""
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), reason) is not None


def test_there_are_at_least_sixty_of_them() -> None:
    names = [hostile.name for hostile in QUICK]
    assert len(names) == len(set(names)) >= 200


@pytest.mark.parametrize("hostile", QUICK, ids=lambda hostile: hostile.name)
def test_a_hostile_file_has_its_one_outcome(hostile: Hostile, outcome: Outcome) -> None:
    found = outcome.of(hostile.name)
    assert set(found) == set(hostile.expected)
    for path, told in hostile.expected.items():
        assert all(any(means(one, pattern) for pattern in told) for one in found[path]), found
        assert all(any(means(one, pattern) for one in found[path]) for pattern in told), found


def test_the_good_files_are_added(outcome: Outcome) -> None:
    assert all(outcome.of(name) == {"": {ADDED}} for name in GOOD)
    assert outcome.report["others"] == []


def test_every_reason_is_one_line_of_bounded_length(outcome: Outcome) -> None:
    for path, reason in outcome.report["failed"]:
        assert reason.isprintable(), (path, reason)
        assert reason.strip() == reason
        assert 0 < len(reason) <= 300
        # An address of memory or a class of Python tells nobody what to do.
        assert not re.search(r"0x[0-9a-f]{6}|\d{12}|IndirectObject|object has no", reason), reason


def test_memory_and_time_are_bounded(outcome: Outcome) -> None:
    assert outcome.report["readers_mib"] <= 512
    assert outcome.report["own_mib"] <= 512
    longest, where = outcome.report["waits"][0]
    assert longest <= LONGEST_WAIT, where


def test_nothing_is_written_outside_the_library(outcome: Outcome) -> None:
    assert outcome.files_outside == {}
    assert not Path("/tmp/escaped.txt").exists()


def test_no_file_of_the_machine_comes_in(outcome: Outcome) -> None:
    assert "root:" not in json.dumps(outcome.report)
    added = outcome.report["characters"]
    assert all(not path.endswith("passwd.txt") for path in added)


# ---- places: links, pipes, names, and files that change ------------------------------------


@contextmanager
def library(place: Path) -> Iterator[qa.Library]:
    with qa.open(place, encoder=HashingEncoder(dimension=8, max_tokens=8)) as opened:
        yield opened


def add(folder: Path, place: Path) -> AddReport:
    with library(place) as opened:
        return opened.add(folder)


def reasons(report: AddReport, folder: Path) -> dict[str, str]:
    return {str(error.path.relative_to(folder)): error.reason for error in report.failed}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "files"
    made.mkdir()
    for name, text in GOOD.items():
        (made / name).write_text(text, encoding="utf-8")
    return made


def test_links_pipes_and_devices(folder: Path, tmp_path: Path) -> None:
    deep = folder / "deep"
    deep.mkdir()
    (deep / "up").symlink_to(folder)
    (deep / "self").symlink_to("self")
    (folder / "round-a.txt").symlink_to("round-b.txt")
    (folder / "round-b.txt").symlink_to("round-a.txt")
    (folder / "dangling.txt").symlink_to("nowhere.txt")
    (folder / "zero.txt").symlink_to("/dev/zero")
    (folder / "alias.txt").symlink_to("0-first.txt")
    os.mkfifo(folder / "pipe.txt")
    (folder / "folder.txt").mkdir()
    report = add(folder, tmp_path / "library")
    added = {Path(path).name for path in report.added}
    assert added == {*GOOD, "alias.txt"}
    assert reasons(report, folder) == {
        "dangling.txt": "is a link to something that does not exist",
        "pipe.txt": "is not a regular file",
        "round-a.txt": "can't be read (Too many levels of symbolic links)",
        "round-b.txt": "can't be read (Too many levels of symbolic links)",
        "zero.txt": "is not a regular file",
    }


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs Linux's /proc")
def test_files_that_are_none(folder: Path, tmp_path: Path) -> None:
    (folder / "mem.txt").symlink_to("/proc/self/mem")
    (folder / "maps.txt").symlink_to("/proc/self/pagemap")
    report = add(folder, tmp_path / "library")
    assert len(report.added) == len(GOOD)
    told = reasons(report, folder)
    assert told["mem.txt"] == "can't be read (Input/output error)"
    assert means(told["maps.txt"], "is too large (67,108,865 bytes, at most 67,108,864); *")


def test_a_line_of_a_gigabyte_is_refused_unread(folder: Path, tmp_path: Path) -> None:
    with (folder / "line.txt").open("wb") as file:
        file.truncate(1024 * MIB)
    with (folder / "archive.zip").open("wb") as file:
        file.truncate(1024 * MIB)
    report = add(folder, tmp_path / "library")
    assert len(report.added) == len(GOOD)
    assert reasons(report, folder) == {
        "archive.zip": "is too large (1,073,741,824 bytes, at most 134,217,728); split it into parts",
        "line.txt": "is too large (1,073,741,824 bytes, at most 67,108,864); split it into parts",
    }


def test_names_in_every_script(folder: Path, tmp_path: Path) -> None:
    for name in NAMES:
        (folder / f"{name}.txt").write_text(f"{name}: there are seven cranes.", encoding="utf-8")
    with library(tmp_path / "library") as opened:
        report = opened.add(folder)
        assert report.failed == ()
        assert {Path(path).stem for path in report.added} >= set(NAMES)
        for name in NAMES:
            assert opened.text(str(folder / f"{name}.txt")).startswith(name)


def test_names_with_controls_directions_and_ways_out(folder: Path, tmp_path: Path) -> None:
    written = []
    for name in ODD_NAMES:
        try:
            (folder / name).write_text(f"File {len(written)} knows seven cranes.", encoding="utf-8")
        except OSError:
            continue  # a file system that takes no such names
        written.append(name)
    with library(tmp_path / "library") as opened:
        report = opened.add(folder)
        expected = {name for name in written if not name.startswith(".")}
        assert {Path(path).name for path in report.added} == {*GOOD, *expected}
        assert report.failed == ()
        for name in expected:
            assert "knows seven cranes" in opened.text(str(folder / name))


def test_a_name_that_is_no_text(folder: Path, tmp_path: Path) -> None:
    try:
        (folder / os.fsdecode(b"caf\xe9\xff.txt")).write_text("Seven cranes.")
    except OSError:
        pytest.skip("this file system takes no such names")
    report = add(folder, tmp_path / "library")
    assert len(report.added) == len(GOOD)
    assert reasons(report, folder) == {
        "caf\\xe9\\xff.txt": "has a name that is not valid text; rename it"
    }


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read(folder: Path, tmp_path: Path) -> None:
    (folder / "secret.txt").write_text("Seven cranes.")
    (folder / "secret.txt").chmod(0)
    report = add(folder, tmp_path / "library")
    assert len(report.added) == len(GOOD)
    assert reasons(report, folder) == {"secret.txt": "may not be read (permission denied)"}


def test_a_file_that_vanishes_between_being_found_and_read(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    going = folder / "going.txt"
    going.write_text("Seven cranes, soon none.")

    def find(*arguments: Any, **named: Any) -> FoundFiles:
        found = find_files(*arguments, **named)
        going.unlink()
        return found

    monkeypatch.setattr("qa.ingest.write.find_files", find)
    report = add(folder, tmp_path / "library")
    assert len(report.added) == len(GOOD)
    assert reasons(report, folder) == {"going.txt": "does not exist"}


def test_files_that_change_while_they_are_read(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the moment between asking how large a file is and reading it."""
    for name in ("grows.txt", "shrinks.txt", "vanishes.txt"):
        (folder / name).write_text(f"{name} held seven cranes at first. " * 50)
    ask = os.fstat
    changed = []

    def fstat(number: int) -> os.stat_result:
        status = ask(number)
        for name in ("grows.txt", "shrinks.txt", "vanishes.txt"):
            path = folder / name
            if path.exists() and path.stat().st_ino == status.st_ino and name not in changed:
                changed.append(name)
                if name == "grows.txt":
                    with path.open("a") as file:
                        file.write("More and more. " * 1000)
                elif name == "shrinks.txt":
                    path.write_text("Few.")
                else:
                    path.unlink()
        return status

    monkeypatch.setattr(files.os, "fstat", fstat)
    report = add(folder, tmp_path / "library")
    assert len(report.added) == len(GOOD)
    assert set(changed) == {"grows.txt", "shrinks.txt", "vanishes.txt"}
    told = reasons(report, folder)
    again = "changed while it was read; add it again when it is finished"
    assert told == {
        "grows.txt": again,
        "shrinks.txt": again,
        "vanishes.txt": "vanished while it was read",
    }


def test_a_file_that_is_being_written_all_the_time(folder: Path, tmp_path: Path) -> None:
    growing = folder / "growing.txt"
    growing.write_text("The log of seven cranes.\n")
    finished = threading.Event()

    def write() -> None:
        with growing.open("a") as file:
            for number in range(10_000):
                if finished.is_set():
                    return
                file.write(f"Line {number} of the log.\n")
                file.flush()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with library(tmp_path / "library") as opened:
            report = opened.add(folder)
            for source in opened.sources():
                text = opened.text(source.path)
                assert "seven cranes" in text
                assert not text.startswith("Line")
    finally:
        finished.set()
        writer.join()
    assert {Path(path).name for path in report.added} >= set(GOOD)


def test_a_pattern_that_costs_exponential_time_elsewhere(folder: Path, tmp_path: Path) -> None:
    (folder / ".citewellignore").write_text("*a" * 40 + "b\n" + "**/" * 200 + "x\n[" * 100 + "\n")
    (folder / ("a" * 250 + ".txt")).write_text("Seven cranes.")
    report = add(folder, tmp_path / "library")
    assert report.failed == ()
    assert len(report.added) == len(GOOD) + 1
