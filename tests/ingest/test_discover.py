from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from qa.ingest.discover import FoundFiles, find_files, printable
from qa.readers.excludes import IGNORE_FILE, is_excluded, parse_rules


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


# ---- excludes ------------------------------------------------------------------------------


def test_files_of_unknown_kinds_are_counted(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", "b.csv", "c/d.png", "c/README", ".hidden.png", "x/e.exe")
    found = find_files([tmp_path], exclude=["x"])
    assert (names(found, tmp_path), found.skipped) == (["a.txt"], 3)


def test_patterns_given_with_the_call_hold_in_every_folder_named(tmp_path: Path) -> None:
    make(tmp_path, "one/drafts/a.txt", "one/b.txt", "one/deep/drafts/c.txt", "two/drafts.txt")
    make(tmp_path, "two/build/x.txt", "two/deep/build/y.txt", "two/notes.md")
    roots = [tmp_path / "one", tmp_path / "two"]
    found = find_files(roots, exclude=["drafts/", "/build", "*.md"])
    assert names(found, tmp_path) == ["one/b.txt", "two/drafts.txt", "two/deep/build/y.txt"]


def test_what_is_named_itself_is_taken_though_it_is_excluded(tmp_path: Path) -> None:
    make(tmp_path, "drafts/a.txt", "drafts/b.txt")
    found = find_files(
        [tmp_path / "drafts/a.txt", tmp_path / "drafts"], exclude=["drafts", "a.txt"]
    )
    assert names(found, tmp_path) == ["drafts/a.txt", "drafts/b.txt"]


def test_a_file_in_a_folder_excludes_from_there_down(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", "b.txt", "deep/a.txt", "deep/b.txt", "deep/keep.md", "other/b.txt")
    (tmp_path / IGNORE_FILE).write_text("# a comment\n\n/b.txt\n*.md\n", encoding="utf-8-sig")
    (tmp_path / "deep" / IGNORE_FILE).write_text("a.txt\r\n!keep.md\r\n", newline="")
    found = find_files([tmp_path])
    assert names(found, tmp_path) == ["a.txt", "deep/b.txt", "deep/keep.md", "other/b.txt"]
    assert found.problems == ()
    # What is given with the call is stronger.
    found = find_files([tmp_path], exclude=["!a.txt", "b.txt"])
    assert names(found, tmp_path) == ["a.txt", "deep/a.txt", "deep/keep.md"]


def test_gitignore_is_not_looked_at(tmp_path: Path) -> None:
    make(tmp_path, "a.txt")
    (tmp_path / ".gitignore").write_text("*\n")
    assert names(find_files([tmp_path]), tmp_path) == ["a.txt"]


def test_an_ignore_file_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    make(tmp_path, "a.txt")
    (tmp_path / IGNORE_FILE).mkdir()
    found = find_files([tmp_path])
    assert names(found, tmp_path) == ["a.txt"]
    assert [problem.path.name for problem in found.problems] == [IGNORE_FILE]


@pytest.mark.parametrize(
    ("pattern", "path", "excluded"),
    [
        ("*.txt", "a/b.txt", True),
        ("/*.txt", "a/b.txt", False),
        ("a/*.txt", "a/b.txt", True),
        ("a/*.txt", "x/a/b.txt", False),
        ("**/a/*.txt", "x/a/b.txt", True),
        ("a/**", "a/b/c.txt", True),
        ("a/**", "a", False),
        ("a/**/z.txt", "a/z.txt", True),
        ("a/**/z.txt", "a/b/c/z.txt", True),
        ("a**z.txt", "abz.txt", True),
        ("?.txt", "ab.txt", False),
        ("[ab].txt", "b.txt", True),
        ("[!ab].txt", "b.txt", False),
        ("[^ab].txt", "c.txt", True),
        ("[]-]x", "]x", True),
        ("[a-c]x", "bx", True),
        ("[[:digit:]]x", "7x", True),
        ("\\!x", "!x", True),
        ("\\#x", "#x", True),
        ("#x", "#x", False),
        ("x ", "x", True),
        ("x\\ ", "x ", True),
        ("a.b", "axb", False),
        ("[a", "[a", False),
        ("", "a", False),
        ("/", "a", False),
        ("naïve*", "naïve 文.txt", True),
    ],
)
def test_patterns_mean_what_git_means(pattern: str, path: str, excluded: bool) -> None:
    assert is_excluded(path, False, (parse_rules([pattern]),)) is excluded


def test_many_stars_take_no_time() -> None:
    rules = parse_rules(["*a" * 60 + "b", "**/" * 60 + "x"])
    assert not is_excluded("a" * 2000, False, (rules,))
    assert not is_excluded("a/" * 500 + "b", False, (rules,))


_PARTS = st.text(alphabet="ab.*?[]!-\\ ", min_size=1, max_size=4) | st.just("**")
_PATTERNS = st.builds(
    lambda parts, lead, tail, negated: "!" * negated + "/" * lead + "/".join(parts) + "/" * tail,
    st.lists(_PARTS, min_size=1, max_size=3),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
_TREE = [
    "a",
    "b",
    "ab",
    "a.b",
    "a/a",
    "a/b",
    "b/a.b",
    "b/ab/a",
    "a/b/ab",
    "!a",
    "b/-",
    "a b",
    "[a",
    "]",
]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("git") is None:
        pytest.skip("git is the oracle and is not installed")
    folder = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    return folder


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(patterns=st.lists(_PATTERNS, min_size=1, max_size=4))
@example(patterns=["a/", "!a/b"])
@example(patterns=["*", "!*/", "!a/b"])
@example(patterns=["**", "!ab"])
@example(patterns=["a/**", "!a/b"])
def test_git_itself_excludes_the_same(repository: Path, patterns: list[str]) -> None:
    (repository / ".git/info/exclude").write_text("\n".join(patterns) + "\n")
    # None of the paths exists: git takes what ends in a slash for a directory.
    ran = subprocess.run(
        ["git", "check-ignore", "--no-index", "--stdin", "-z"],
        cwd=repository,
        input="\0".join(_TREE),
        capture_output=True,
        text=True,
    )
    rules = (parse_rules(patterns),)

    def excluded(path: str) -> bool:
        parts = path.split("/")
        places = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
        return any(is_excluded(place, place != path, rules) for place in places)

    assert [path for path in _TREE if excluded(path)] == ran.stdout.rstrip("\0").split("\0") or (
        not ran.stdout and not any(map(excluded, _TREE))
    )
