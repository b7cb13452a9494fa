"""Files that come from a browser: bounded, under a name that can do no harm, none overwritten."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import unicodedata
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from qa import CitewellError

FOLDER_NAME = "uploads"
LARGEST_FILE = 64 * 1024 * 1024
_LONGEST_NAME = 180
_LEAST_FREE = 512 * 1024 * 1024


class TooLarge(CitewellError):
    """A file beyond LARGEST_FILE."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it lies in the uploads folder; `fresh` is false if the same was there already.

    `newer` is a later version of the file at `path`, which is not in its place yet.
    """

    path: Path
    fresh: bool
    newer: Path | None = None


def safe_name(given: str) -> str:
    """Return a file name of one component that stays readable: letters of every script are kept.

    Separators, control and formatting characters (bidirectional overrides among them) and what
    other systems forbid become spaces; a name of nothing else is "document.txt".
    """
    last = given.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(
        " " if unicodedata.category(char)[0] in "CZ" or char in '<>:"|?*' else char for char in last
    )
    name = " ".join(kept.split()).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    while len((stem + dot + ending).encode()) > _LONGEST_NAME:
        stem, ending = stem[: max(1, len(stem) - 8)], ending[:16]
    return (stem + dot + ending) or "document.txt"


async def receive(
    chunks: AsyncIterator[bytes], name: str, folder: Path, replaces: Path | None = None
) -> Upload:
    """Write a request's body into the folder.

    A file of the same name and content is not kept twice; one of the same name and other content
    gets a numbered name, so that nobody's file is lost, unless it `replaces` an upload: then it
    waits beside that. Raises TooLarge, CitewellError, OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free < _LEAST_FREE:
        raise CitewellError("the server's disk is nearly full: nothing can be uploaded now")
    partial = folder / f".{secrets.token_hex(8)}.partial"
    digest, size = hashlib.sha256(), 0
    try:
        with partial.open("xb") as file:
            async for chunk in chunks:
                size += len(chunk)
                if size > LARGEST_FILE:
                    raise TooLarge(
                        f"the file has more than {LARGEST_FILE // 2**20} MiB, the most that can be "
                        "uploaded; add it with `qa add` on the server"
                    )
                digest.update(chunk)
                file.write(chunk)
        if replaces is not None:
            newer = partial.with_suffix(".newer")
            partial.rename(newer)
            return Upload(replaces, fresh=False, newer=newer)
        return _settle(partial, safe_name(name), digest.hexdigest(), folder)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def in_place(upload: Upload) -> Iterator[Callable[[], None]]:
    """Put a newer version in its place while the context lasts. The earlier one comes back unless
    the function that the context gives was called, which keeps the newer."""
    if upload.newer is None:
        yield lambda: None
        return
    earlier = upload.newer.with_suffix(".earlier")
    kept = False

    def keep() -> None:
        nonlocal kept
        kept = True

    try:
        if upload.path.exists():
            upload.path.rename(earlier)
        upload.newer.rename(upload.path)
        yield keep
    finally:
        upload.newer.unlink(missing_ok=True)
        if kept:
            earlier.unlink(missing_ok=True)
        elif earlier.exists():
            earlier.rename(upload.path)
        else:
            upload.path.unlink(missing_ok=True)


def _settle(partial: Path, name: str, digest: str, folder: Path) -> Upload:
    stem, ending = Path(name).stem, Path(name).suffix
    for number in range(1, 10_000):
        path = folder / (name if number == 1 else f"{stem} ({number}){ending}")
        try:
            os.link(partial, path)  # fails if the name is taken, also by a race
            return Upload(path, fresh=True)
        except FileExistsError:
            if hashlib.sha256(path.read_bytes()).hexdigest() == digest:
                return Upload(path, fresh=False)
    raise CitewellError(f"there are thousands of files named {name!r} already: rename yours")
