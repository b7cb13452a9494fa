"""From a file to its bytes, and from its bytes to the text that they hold."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from qa.errors import ReadError
from qa.readers.formats import format_of
from qa.records import SourceText
from qa.settings import ReadingSettings

MAX_BYTES = ReadingSettings().max_bytes


def read_bytes(data: bytes, path: Path) -> SourceText:
    """Return the text in a file's bytes, read in this process and without limits.

    That is what the reading process does; everybody else calls `read_isolated`. `path` stands in
    errors and is not opened. Raises ReadError where the bytes are empty, binary, blank, of a kind
    that is refused, or fit no encoding.
    """
    if not data:
        raise ReadError(path, "is empty")
    source = format_of(data, path).load()(data, path)
    if not source.text or source.text.isspace():
        raise ReadError(path, "holds no text, only white space or markup")
    return source


def load(path: Path, max_bytes: int = MAX_BYTES) -> bytes:
    """Return the bytes of a regular file of at most `max_bytes`, holding one more at most.

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
    """Return the error for a file of so many bytes."""
    reason = f"is too large ({size:,} bytes, at most {max_bytes:,}); split it into parts"
    return ReadError(path, reason)
