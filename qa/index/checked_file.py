"""Arrays on disk under checksums that are verified before anything is made of them.

    8 bytes   what the file is, and the layout's version
    8 bytes   how long the header is, little-endian
    header    JSON: the owner's own entries; of each array its name, type, shape and SHA-256
    32 bytes  SHA-256 of all before
    arrays    each from the next multiple of 64 bytes on, in the header's order

What is kept in such a file can be made anew: it is written without a sync, and whatever is
wrong with it is one error, CheckedFileDamaged. The bytes that are verified are the bytes that are
handed out: they are read into memory once, never mapped.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from qa.errors import LibraryError

Arrays = Mapping[str, NDArray[Any]]

_MAGIC = b"CWARR\x00\x00\x01"
_ALIGNED = 64
_DIGEST = 32
_LONGEST_HEADER = 1 << 28
_ABANDONED_SECONDS = 3_600.0
_TYPES = frozenset({"|u1", "<u2", "<u4", "<i8", "<f4"})
# Hashing lets go of the interpreter's lock: two arrays are verified at once.
_THREADS = 2


class CheckedFileDamaged(LibraryError):
    """A file is not the one that was written there; what it held can be made again."""


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """What a file holds: its owner's entries and the arrays by name, in memory."""

    entries: Mapping[str, Any]
    arrays: Arrays


def write_checked(path: Path, entries: Mapping[str, Any], arrays: Arrays) -> None:
    """Write a file in one step: readers see the old one or the new. Raises OSError."""
    listing = []
    plain = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    for name, array in plain.items():
        kind = array.dtype.newbyteorder("<").str
        if kind not in _TYPES:
            raise ValueError(f"array {name} is of type {array.dtype}, expected {sorted(_TYPES)}")
        digest = hashlib.sha256(_bytes_of(array)).hexdigest()
        listing.append([name, kind, list(array.shape), digest])
    header = json.dumps({"entries": entries, "arrays": listing}, separators=(",", ":")).encode()
    head = _MAGIC + len(header).to_bytes(8, "little") + header
    prefix = f".{path.name}-"
    _sweep(path.parent, prefix)
    handle, made = tempfile.mkstemp(prefix=prefix, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(head + hashlib.sha256(head).digest())
            for array in plain.values():
                file.write(bytes(-file.tell() % _ALIGNED))
                file.write(_bytes_of(array))
        Path(made).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(made).unlink()
        raise


def _sweep(folder: Path, prefix: str) -> None:
    """Remove what a process that was killed while writing left behind."""
    for left in folder.glob(f"{prefix}*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _ABANDONED_SECONDS:
                left.unlink()


def read_entries(path: Path) -> Mapping[str, Any]:
    """Return the owner's entries alone, verified. Raises CheckedFileDamaged, FileNotFoundError."""
    with _opened(path) as file:
        return _header(file, path)[0]


def read_checked(path: Path) -> CheckedFile:
    """Return all of a file, verified. Raises CheckedFileDamaged, FileNotFoundError."""
    with _opened(path) as file:
        entries, listing = _header(file, path)
        size = os.fstat(file.fileno()).st_size
        arrays: dict[str, NDArray[Any]] = {}
        with ThreadPoolExecutor(_THREADS, "citewell-verify") as pool:
            waiting = []
            for name, kind, shape, digest in listing:
                array = _read_array(file, size, kind, shape, path)
                waiting.append(pool.submit(_verify, array, digest, f"{path}, {name}"))
                arrays[name] = array
            for one in waiting:
                one.result()
    return CheckedFile(entries, arrays)


@contextlib.contextmanager
def _opened(path: Path) -> Any:
    try:
        with path.open("rb") as file:
            yield file
    except FileNotFoundError:
        raise
    except (OSError, ValueError, LookupError, TypeError, RecursionError, MemoryError) as error:
        raise CheckedFileDamaged(f"{path} can't be read ({error!r})") from error


def _header(file: BinaryIO, path: Path) -> tuple[dict[str, Any], list[Any]]:
    start = file.read(16)
    length = int.from_bytes(start[8:], "little")
    if start[:8] != _MAGIC or length > _LONGEST_HEADER:
        raise CheckedFileDamaged(f"{path} is no file of this kind")
    text = file.read(length)
    if hashlib.sha256(start + text).digest() != file.read(_DIGEST):
        raise CheckedFileDamaged(f"the header of {path} does not match its checksum")
    header = json.loads(text)
    return header["entries"], header["arrays"]


def _read_array(file: BinaryIO, size: int, kind: str, shape: list[int], path: Path) -> NDArray[Any]:
    if kind not in _TYPES:
        raise CheckedFileDamaged(f"{path} has an array of type {kind!r}")
    file.seek(-file.tell() % _ALIGNED, os.SEEK_CUR)
    count = int(np.prod(shape, dtype=np.int64))
    if count < 0 or count * np.dtype(kind).itemsize > size - file.tell():
        raise CheckedFileDamaged(f"{path} is shorter than its header says")
    array: NDArray[Any] = np.empty(shape, kind)
    if array.size and file.readinto(_bytes_of(array)) != array.nbytes:  # type: ignore[attr-defined]
        raise CheckedFileDamaged(f"{path} ends too early")
    return array


def _verify(array: NDArray[Any], digest: str, what: str) -> None:
    if hashlib.sha256(_bytes_of(array)).hexdigest() != digest:
        raise CheckedFileDamaged(f"{what}: the data does not match its checksum")


def _bytes_of(array: NDArray[Any]) -> memoryview:
    return array.reshape(-1).view(np.uint8).data
