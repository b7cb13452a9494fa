"""From the paths a person names to the files to read."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from qa.errors import ReadError
from qa.reading.files import READERS

# Directories that hold tools' own files; those with a leading dot are skipped anyhow.
_TOOL_DIRECTORIES = frozenset({"CVS", "__pycache__", "node_modules"})


@dataclass(frozen=True, slots=True)
class FoundFiles:
    """`files` in the order they are to be read, each once; `problems` is what was passed over
    though it was named or looked like a document."""

    files: tuple[Path, ...]
    problems: tuple[ReadError, ...]


def find_files(paths: Sequence[Path], suffixes: Collection[str] = frozenset(READERS)) -> FoundFiles:
    """The files that `paths` name: a file always, a directory's files by their suffix.

    Directories are gone through in sorted order and to any depth. In them, hidden entries,
    version control's and tools' directories, and files of other suffixes are left out. A
    link to a directory is followed unless that directory has been gone through already, so
    that links can't make a loop. Nothing is raised: what is wrong stands in `problems`.
    """
    search = _Search(suffixes)
    for path in paths:
        search.named(path)
    return FoundFiles(tuple(search.files), tuple(search.problems))


@dataclass(slots=True)
class _Search:
    suffixes: Collection[str]
    files: dict[Path, None] = field(default_factory=dict)
    problems: list[ReadError] = field(default_factory=list)
    entered: set[tuple[int, int]] = field(default_factory=set)

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
        links: list[Path] = []
        pending = [root]
        while pending or links:
            # Links wait until the real directories are done, so that a file is found under
            # its own path rather than under a link's.
            directory = pending.pop() if pending else links.pop(0)
            if not self._first_visit(directory):
                continue
            inner: list[Path] = []
            for entry in self._entries(directory):
                if entry.is_dir():
                    (links if entry.is_symlink() else inner).append(entry)
                elif entry.suffix.lower() in self.suffixes:
                    self.named(entry)
            pending.extend(reversed(inner))

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

    def _entries(self, directory: Path) -> list[Path]:
        try:
            names = sorted(os.listdir(directory))  # noqa: PTH208 (bare names sort faster)
        except OSError as error:
            self._problem(directory, f"can't be listed ({error.strerror})")
            return []
        return [
            directory / name
            for name in names
            if not name.startswith(".") and name not in _TOOL_DIRECTORIES
        ]

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
    """The path with the bytes of its name that are no text written as `\\xNN`, for messages.

    Such a path (Python's surrogateescape) can be opened, but neither printed nor stored.
    """
    return Path(os.fsencode(path).decode("utf-8", "backslashreplace"))
