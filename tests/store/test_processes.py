"""Several processes on one library: whole generations, kills, races, and missing permissions."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from qa.store.source_names import text_of
from tests.support.library_samples import child_environment, generation_of, open_new, reopen, sample

WRITER = """
import sys
from pathlib import Path
from tests.support.library_samples import reopen, sample
first = int(sys.argv[2])
with reopen(Path(sys.argv[1])) as store:
    for number in range(first, first + int(sys.argv[3])):
        # Each source is put, then put again with another text, and every fourth is removed.
        for version in (1, 2):
            store.put([sample(f"/{number}.txt", 10 * number + version)])
            print("put", number, version, flush=True)
        if number % 4 == 0:
            store.remove([f"/{number}.txt"])
            print("remove", number, 0, flush=True)
"""


def start(code: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        env=child_environment(),
    )


def test_what_was_acknowledged_survives_kills_and_nothing_is_half_there(tmp_path: Path) -> None:
    folder = tmp_path / "lib"
    open_new(folder).close()
    chance = random.Random(3)
    state: dict[int, int] = {}  # number → version, 0 for removed
    for kill in range(12):
        with start(WRITER, folder, 1000 * kill, 1000) as writer:
            assert writer.stdout is not None
            lines = [writer.stdout.readline()]  # it is at work
            time.sleep(chance.uniform(0, 0.12))
            writer.kill()
            lines += writer.stdout.readlines()
        last = 1000 * kill
        for line in lines:
            if line.endswith("\n"):
                _, number, version = line.split()
                state[int(number)] = int(version)
                last = max(last, int(number))
        with reopen(folder) as store:
            found = {source.path: source for source in store.sources()}
            for number, version in state.items():
                path = f"/{number}.txt"
                # The write after the last acknowledged one may have been done all the same.
                allowed = {version}
                if number == last:
                    if version == 1:
                        allowed.add(2)
                    elif number % 4 == 0:
                        allowed.add(0)
                there = 0
                if path in found:
                    text = text_of(store, path)
                    texts = {v: sample(path, 10 * number + v).source_text.text for v in (1, 2)}
                    (there,) = (v for v, known in texts.items() if known == text)
                assert there in allowed, (number, version, there)
                state[number] = there
            for path in found.keys() - {f"/{number}.txt" for number in state}:
                assert path == f"/{last + 1}.txt"
                state[int(path[1:-4])] = 1
            if kill % 4 == 3:
                assert store.verify().problems == ()
    assert len(state) > 12


GROUP_WRITER = """
import sys
from pathlib import Path
from tests.support.library_samples import reopen, sample
with reopen(Path(sys.argv[1])) as store:
    for group in range(int(sys.argv[2]), 10**6):
        store.put([sample(f"/{group}-{n}.txt", 10 * group + n) for n in range(8)])
        print(group, flush=True)
"""


def test_a_kill_loses_sources_put_together_whole_and_none_that_was_acknowledged(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "lib"
    open_new(folder).close()
    chance = random.Random(5)
    acknowledged: set[int] = set()
    for kill in range(6):
        with start(GROUP_WRITER, folder, 1000 * kill) as writer:
            assert writer.stdout is not None
            lines = [writer.stdout.readline()]
            time.sleep(chance.uniform(0, 0.12))
            writer.kill()
            lines += writer.stdout.readlines()
        acknowledged |= {int(line) for line in lines if line.endswith("\n")}
        with reopen(folder) as store:
            sources = store.sources()
            groups = {int(source.path[1:].partition("-")[0]) for source in sources}
            assert len(sources) == 8 * len(groups)
            assert acknowledged <= groups
            assert len(groups - acknowledged) <= kill + 1  # written, and killed before it said so
            assert sum(source.passages for source in sources) == store.size().passages
    with reopen(folder) as store:
        assert store.verify().ok


def test_a_reader_sees_whole_generations_while_another_process_writes(tmp_path: Path) -> None:
    folder = tmp_path / "lib"
    open_new(folder).close()
    seen = set()
    with start(WRITER, folder, 1, 25) as writer, reopen(folder, read_only=True) as reader:
        while writer.poll() is None:
            with reader.snapshot() as generation:
                sources = reader.sources()
                count = reader.size().passages
                ids = reader.passage_ids()
                assert count == len(ids) == sum(source.passages for source in sources)
                assert len(reader.codes(ids)) == count
                assert len(reader.vectors(reader.passage_ids())) == count
                assert len(sources) == expected_sources(generation)
                assert generation_of(reader) == generation
            seen.add(generation)
    assert writer.returncode == 0
    with reopen(folder) as store:
        assert generation_of(store) == 56  # 25 sources put twice, 6 removed
        assert store.verify().ok
    assert len(seen) > 1


def expected_sources(generation: int) -> int:
    """How many sources the writer has left after so many writes, counting from source 1."""
    present, done = 0, 0
    for number in range(1, 26):
        for step in ("put", "again", "remove") if number % 4 == 0 else ("put", "again"):
            if done == generation:
                return present
            done += 1
            present += {"put": 1, "again": 0, "remove": -1}[step]
    return present


CREATOR = """
import sys
from pathlib import Path
from tests.support.library_samples import open_new, sample
sys.stdin.readline()
with open_new(Path(sys.argv[1])) as store:
    store.put([sample(f"/{sys.argv[2]}.txt", int(sys.argv[2]))])
"""


def test_processes_that_create_at_once_all_succeed(tmp_path: Path) -> None:
    folder = tmp_path / "lib"
    creators = [
        subprocess.Popen(
            [sys.executable, "-c", CREATOR, str(folder), str(number)],
            stdin=subprocess.PIPE,
            env=child_environment(),
        )
        for number in range(4)
    ]
    for creator in creators:
        assert creator.stdin is not None
        creator.stdin.write(b"\n")
        creator.stdin.flush()
    for creator in creators:
        creator.communicate()
        assert creator.returncode == 0
    with reopen(folder) as store:
        assert [source.path for source in store.sources()] == [f"/{n}.txt" for n in range(4)]
        assert store.verify().ok
    assert not list(folder.glob("new-*"))


UNPRIVILEGED = """
import os, sys
from pathlib import Path
from tests.support.library_samples import open_new, reopen
from qa.store.source_names import text_of
from qa.errors import LibraryError
if os.geteuid() == 0:
    os.setuid(65534)
folder = Path(sys.argv[1])
for attempt in (reopen, lambda place: open_new(place / "inside")):
    try:
        attempt(folder)
    except LibraryError as error:
        print(type(error).__name__, error)
with reopen(folder, read_only=True) as store:
    print(len(text_of(store, "/a.txt")), store.verify().ok)
"""


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_a_folder_that_may_not_be_written_can_be_read() -> None:
    # Not under tmp_path, whose parents other users may not enter.
    folder = Path(tempfile.mkdtemp())
    try:
        with open_new(folder) as store:
            store.put([sample("/a.txt", 1)])
        for path in folder.iterdir():
            path.chmod(0o444)
        folder.chmod(0o555)
        with start(UNPRIVILEGED, folder) as child:
            output, _ = child.communicate()
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)
    assert child.returncode == 0
    first, second, third = output.splitlines()
    assert first.startswith("LibraryError")
    assert "may not be written" in first
    assert second.startswith("LibraryError No library can be made in")
    assert third == f"{len(sample('', 1).source_text.text)} True"
