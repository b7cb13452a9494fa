"""Every error that Citewell raises on purpose; the command line and the page translate it once.

CitewellError
├── ReadError           one file could not be read; the others of the same `add` are
├── LibraryError        the library can't be opened or trusted
│   ├── LibraryMissing      there is none at that place
│   ├── LibraryMismatch     made with another schema or model
│   ├── LibraryBusy         another process is writing
│   └── LibraryDamaged      a row does not match its checksum
├── UnknownSource       no source, or several, go by that name
└── InvalidQuery        a question or filter that can't be understood
"""

from __future__ import annotations

from pathlib import Path


class CitewellError(Exception):
    """The message says what was got, what was expected and what to do."""


class ReadError(CitewellError):
    """A file that could not be read; `path` names it and `reason` says why, in one line."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class LibraryError(CitewellError):
    """The library can't be opened or trusted."""


class LibraryMissing(LibraryError):
    """No library at that place."""


class LibraryMismatch(LibraryError):
    """The library was made with another schema or model than the one in use."""


class LibraryBusy(LibraryError):
    """Another process is writing to the library and did not finish in time."""


class LibraryDamaged(LibraryError):
    """Stored data does not match its checksum."""


class UnknownSource(CitewellError):
    """No source, or more than one, goes by the name that was given."""


class InvalidQuery(CitewellError):
    """A question or a filter that can't be understood."""
