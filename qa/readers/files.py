"""A file by its name to the text it holds, and what is refused."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from qa.errors import ReadError
from qa.readers.formats import Format
from qa.readers.sniffing import format_of
from qa.records import SourceText
from qa.settings import ReadingSettings

MAX_BYTES = ReadingSettings().max_bytes


def read_file(
    path: Path, *, settings: ReadingSettings | None = None, max_bytes: int | None = None
) -> SourceText:
    """Read one file, in a process of its own (isolation.py), within `settings`.

    Raises ReadError where there is no such file, it is a directory, can't be opened, is
    larger than `max_bytes`, holds no text, or is more than its reader can bear.
    """
    from qa.readers.sandbox.isolation import read_isolated

    settings = settings or ReadingSettings()
    return read_isolated(load(path, max_bytes or settings.max_bytes), path, settings)


def read_bytes(data: bytes, path: Path, format: Format | None = None) -> SourceText:
    """Read a file's bytes here, in this process and without limits: what the reading process
    does. `format` None: the one that the bytes and the path tell. The path stands in errors,
    and isn't opened.

    Raises ReadError where the bytes are empty, binary, blank, or fit no encoding.
    """
    if not data:
        raise ReadError(path, "is empty")
    source = (format or format_of(data, path)).load()(data, path)
    if not source.text or source.text.isspace():
        raise ReadError(path, "holds no text, only white space or markup")
    return source


def load(path: Path, max_bytes: int = MAX_BYTES) -> bytes:
    """The bytes of a regular file, at most `max_bytes`, never more held than one beyond that.

    Raises ReadError for what can't be opened, is no regular file, is larger, or is being
    written to while it is read.
    """
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise ReadError(path, "is a directory, not a file")
        if not stat.S_ISREG(status.st_mode):
            raise ReadError(path, "is not a regular file")
        if status.st_size > max_bytes:
            raise too_large(path, status.st_size, max_bytes)
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            # The size is asked again by reading: a file may grow, and some report none.
            data = file.read(max_bytes + 1)
            after = os.fstat(file.fileno())
    except FileNotFoundError as error:
        raise ReadError(path, "does not exist") from error
    except PermissionError as error:
        raise ReadError(path, "may not be read (permission denied)") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ReadError(path, f"can't be read ({reason})") from error
    if len(data) > max_bytes:
        raise too_large(path, len(data), max_bytes)
    if (status.st_size, status.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise ReadError(path, "changed while it was read; add it again when it is finished")
    return data


def too_large(path: Path, size: int, max_bytes: int) -> ReadError:
    """The error that a file of so many bytes is met with."""
    reason = f"is too large ({size:,} bytes, at most {max_bytes:,}); split it into parts"
    return ReadError(path, reason)
