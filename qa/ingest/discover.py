"""Find the files to read under the given paths, and the sources whose files are gone."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from qa.errors import ReadError
from qa.readers.excludes import (
    IGNORE_FILE,
    MOST_IGNORE_BYTES,
    Rules,
    is_excluded,
    is_passed_over,
    parse_rules,
)
from qa.readers.files import load
from qa.readers.formats import BY_SUFFIX
from qa.store.protocol import LibraryStore


@dataclass(frozen=True, slots=True)
class FoundFiles:
    """`files` in the order they are to be read, each once; `problems` is what was passed over
    though it was named or looked like a document; `skipped` counts files of unknown kinds."""

    files: tuple[Path, ...]
    problems: tuple[ReadError, ...]
    skipped: int = 0


def find_files(
    paths: Sequence[Path],
    suffixes: Collection[str] = frozenset(BY_SUFFIX),
    exclude: Sequence[str] = (),
) -> FoundFiles:
    """Return the files that `paths` name: a file always, a directory's files by their suffix.

    Directories are gone through in sorted order and to any depth. In them, hidden entries,
    version control's and tools' directories, files of other suffixes, and what `exclude` or a
    directory's `.citewellignore` exclude are left out; both hold patterns as `.gitignore` does
    (which itself is not looked at: what a repository doesn't track may well be a document).
    `exclude` counts from each directory of `paths` and is stronger than any file. A link to a
    directory is followed unless that directory has been gone through already, so that links
    can't make a loop. Nothing is raised: what is wrong stands in `problems`.
    """
    search = _Search(suffixes, parse_rules(exclude))
    for path in paths:
        search.named(path)
    return FoundFiles(tuple(search.files), tuple(search.problems), search.skipped)


@dataclass(frozen=True, slots=True)
class _Directory:
    """A directory to go through: `inside` is its path from the named one, "" or ending in "/";
    `layers` are the rules that hold in it, weakest first."""

    path: Path
    inside: str
    layers: tuple[Rules, ...]


@dataclass(slots=True)
class _Search:
    suffixes: Collection[str]
    exclude: Rules
    files: dict[Path, None] = field(default_factory=dict)
    problems: list[ReadError] = field(default_factory=list)
    entered: set[tuple[int, int]] = field(default_factory=set)
    skipped: int = 0

    def named(self, path: Path) -> None:
        try:
            mode = path.stat().st_mode
        except FileNotFoundError:
            dangling = "is a link to something that does not exist"
            self._problem(path, dangling if path.is_symlink() else "does not exist")
        except (OSError, ValueError) as error:
            self._problem(path, f"can't be read ({getattr(error, 'strerror', None) or error})")
        else:
            if stat.S_ISDIR(mode):
                self._directory(path)
            else:
                self._take(path, mode)

    def _directory(self, root: Path) -> None:
        links: list[_Directory] = []
        pending = [_Directory(root, "", ())]
        while pending or links:
            # Links wait until the real directories are done, so that a file is found under
            # its own path rather than under a link's.
            directory = pending.pop() if pending else links.pop(0)
            if not self._first_visit(directory.path):
                continue
            names = self._names(directory.path)
            layers = directory.layers
            if IGNORE_FILE in names:
                layers = (*layers, self._ignored(directory))
            inner: list[_Directory] = []
            for name in names:
                if is_passed_over(name):
                    continue
                entry, inside = directory.path / name, directory.inside + name
                is_directory = entry.is_dir()
                if is_excluded(inside, is_directory, (*layers, self.exclude)):
                    continue
                if is_directory:
                    found = _Directory(entry, inside + "/", layers)
                    (links if entry.is_symlink() else inner).append(found)
                elif entry.suffix.lower() in self.suffixes:
                    self.named(entry)
                else:
                    self.skipped += 1
            pending.extend(reversed(inner))

    def _ignored(self, directory: _Directory) -> Rules:
        """Return the rules of a directory's own file."""
        try:
            data = load(directory.path / IGNORE_FILE, MOST_IGNORE_BYTES)
        except ReadError as error:
            self._problem(error.path, error.reason)
            return Rules(directory.inside, ())
        # Names that are no text come from the system escaped in the same way.
        lines = data.decode("utf-8", "surrogateescape").removeprefix("\ufeff").split("\n")
        return parse_rules(lines, directory.inside)

    def _first_visit(self, directory: Path) -> bool:
        try:
            status = directory.stat()
        except OSError:
            return True  # listing it will say what is wrong
        identity = (status.st_dev, status.st_ino)
        if identity in self.entered:
            return False
        self.entered.add(identity)
        return True

    def _names(self, directory: Path) -> list[str]:
        try:
            return sorted(os.listdir(directory))  # noqa: PTH208 (bare names sort faster)
        except OSError as error:
            self._problem(directory, f"can't be listed ({error.strerror})")
            return []

    def _take(self, path: Path, mode: int) -> None:
        if not stat.S_ISREG(mode):
            self._problem(path, "is not a regular file")
        elif printable(path) != path:
            self._problem(path, "has a name that is not valid text; rename it")
        else:
            self.files[path] = None

    def _problem(self, path: Path, reason: str) -> None:
        self.problems.append(ReadError(printable(path), reason))


def printable(path: Path) -> Path:
    """Return the path with the bytes of its name that are no text written as `\\xNN`, for messages.

    Such a path (Python's surrogateescape) can be opened, but neither printed nor stored.
    """
    return Path(os.fsencode(path).decode("utf-8", "backslashreplace"))


def missing_sources(
    store: LibraryStore, paths: Sequence[Path], archives: Collection[str], members: Collection[str]
) -> Iterator[str]:
    """Yield the sources under `paths` whose file is gone, or is no member any more of the archive
    it was in. `archives` are those that could be listed, `members` the paths of what they hold: of
    any other archive it isn't known, and nothing is missing.
    """
    # A folder that is not there at all may be an unmounted disk: nothing of it is missing.
    roots = [path.absolute() for path in paths if path.exists()]
    for source in store.sources():
        path = Path(source.path)
        if not any(path == root or root in path.parents for root in roots) or path.exists():
            continue
        there = next((parent for parent in path.parents if parent.exists()), path)
        listed = there.as_posix() in archives
        if not there.is_file() or (listed and source.path not in members):
            yield source.path
