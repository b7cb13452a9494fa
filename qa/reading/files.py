"""A file by its name to the text it holds: which reader, and what is refused."""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from qa.errors import ReadError
from qa.reading import html, markdown, plain
from qa.records import SourceText

Reader = Callable[[bytes, Path], SourceText]

MAX_BYTES = 64 * 1024 * 1024

# Suffix, in lower case, to reader. A new format is a module and a line here.
READERS: Mapping[str, Reader] = MappingProxyType(
    dict.fromkeys(plain.SUFFIXES, plain.read_plain)
    | dict.fromkeys(markdown.SUFFIXES, markdown.read_markdown)
    | dict.fromkeys(html.SUFFIXES, html.read_html)
)


def read_file(path: Path, *, max_bytes: int = MAX_BYTES) -> SourceText:
    """Read one file with the reader for its suffix; one of unknown suffix is read as text.

    Raises ReadError where there is no such file, it is a directory, can't be opened, is
    larger than `max_bytes`, or holds no text.
    """
    return read_bytes(load(path, max_bytes), path)


def read_bytes(data: bytes, path: Path) -> SourceText:
    """Read a file's bytes; `path` decides the reader and stands in errors, and isn't opened.

    Raises ReadError where the bytes are empty, binary, blank, or fit no encoding.
    """
    if not data:
        raise ReadError(path, "is empty")
    source = READERS.get(path.suffix.lower(), plain.read_plain)(data, path)
    if not source.text.strip():
        raise ReadError(path, "holds no text, only white space or markup")
    return source


def load(path: Path, max_bytes: int = MAX_BYTES) -> bytes:
    """The bytes of a regular file, at most `max_bytes`, never more held than one beyond that.

    Raises ReadError for what can't be opened, is no regular file, or is larger.
    """
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise ReadError(path, "is a directory, not a file")
        if not stat.S_ISREG(status.st_mode):
            raise ReadError(path, "is not a regular file")
        if status.st_size > max_bytes:
            raise ReadError(path, _too_large(status.st_size, max_bytes))
        with path.open("rb") as file:
            # The size is asked again by reading: a file may grow, and some report none.
            data = file.read(max_bytes + 1)
    except FileNotFoundError as error:
        raise ReadError(path, "does not exist") from error
    except PermissionError as error:
        raise ReadError(path, "may not be read (permission denied)") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ReadError(path, f"can't be read ({reason})") from error
    if len(data) > max_bytes:
        raise ReadError(path, _too_large(len(data), max_bytes))
    return data


def _too_large(size: int, max_bytes: int) -> str:
    return f"is too large ({size:,} bytes, at most {max_bytes:,}); split it into parts"
