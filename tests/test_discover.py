from __future__ import annotations

import os
from pathlib import Path

import pytest

from qa.reading.discover import FoundFiles, find_files, printable


def make(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")


def names(found: FoundFiles, root: Path) -> list[str]:
    return [path.relative_to(root).as_posix() for path in found.files]


def test_directories_are_searched_in_order_by_suffix(tmp_path: Path) -> None:
    make(tmp_path, "b.txt", "a.md", "c/z.HTML", "c/d/y.txt", "c.txt", "data.csv", "README")
    make(tmp_path, ".hidden.txt", ".git/x.txt", "CVS/x.txt", "c/.cache/x.txt")
    found = find_files([tmp_path])
    assert names(found, tmp_path) == ["a.md", "b.txt", "c.txt", "c/z.HTML", "c/d/y.txt"]
    assert found.problems == ()


def test_named_files_are_taken_whatever_their_name(tmp_path: Path) -> None:
    make(tmp_path, "README", ".hidden.txt", "data.csv")
    paths = [tmp_path / "data.csv", tmp_path / "README", tmp_path / ".hidden.txt"]
    assert find_files(paths).files == tuple(paths)


def test_each_file_is_found_once(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", "b/c.txt")
    found = find_files([tmp_path / "b", tmp_path, tmp_path / "a.txt"])
    assert names(found, tmp_path) == ["b/c.txt", "a.txt"]


def test_what_is_wrong_is_reported_and_the_rest_found(tmp_path: Path) -> None:
    make(tmp_path, "a.txt")
    (tmp_path / "dangling.txt").symlink_to("nothing")
    os.mkfifo(tmp_path / "pipe.txt")
    found = find_files([tmp_path / "none", tmp_path])
    assert names(found, tmp_path) == ["a.txt"]
    assert [(problem.path.name, problem.reason) for problem in found.problems] == [
        ("none", "does not exist"),
        ("dangling.txt", "is a link to something that does not exist"),
        ("pipe.txt", "is not a regular file"),
    ]


def test_links_make_no_loop_and_real_paths_are_preferred(tmp_path: Path) -> None:
    make(tmp_path, "real/a.txt", "real/deep/b.txt")
    (tmp_path / "alias").symlink_to("real")
    (tmp_path / "real/deep/up").symlink_to(tmp_path)
    (tmp_path / "self").symlink_to("self")
    found = find_files([tmp_path])
    assert names(found, tmp_path) == ["real/a.txt", "real/deep/b.txt"]


def test_a_link_to_a_directory_elsewhere_is_followed(tmp_path: Path) -> None:
    make(tmp_path, "elsewhere/a.txt", "root/b.txt")
    (tmp_path / "root/link").symlink_to(tmp_path / "elsewhere")
    assert names(find_files([tmp_path / "root"]), tmp_path) == ["root/b.txt", "root/link/a.txt"]


def test_names_that_are_no_text_are_reported_printably(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    try:
        Path(os.fsdecode(raw)).write_text("x")
    except OSError:
        pytest.skip("this file system takes no such names")
    make(tmp_path, "naïve 文.txt")
    found = find_files([tmp_path])
    assert names(found, tmp_path) == ["naïve 文.txt"]
    (problem,) = found.problems
    assert problem.path.name == "caf\\xe9.txt"
    assert "not valid text" in str(problem)
    assert str(problem).encode()


def test_printable_leaves_ordinary_paths() -> None:
    assert printable(Path("a/naïve 文.txt")) == Path("a/naïve 文.txt")
