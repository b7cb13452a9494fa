"""The sample corpus that Citewell carries, for the demo, the tests and a first look.

Ten documents about invented bodies, places and people in the shapes that people paste, and
questions to them, with and without an answer. README.md in this folder describes both.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from qa.errors import CitewellError

__all__ = ["documents", "questions"]


def documents() -> Path:
    """The folder that holds the sample documents, to be given to `add` as it is.

    Raises CitewellError where the package is not installed as plain files.
    """
    return _installed("documents")


def questions() -> Path:
    """The JSON file of questions to the sample documents (UTF-8; keys in README.md).

    Raises CitewellError where the package is not installed as plain files.
    """
    return _installed("questions.json")


def _installed(name: str) -> Path:
    # A library records the path of each source, so a copy unpacked from a zip into a
    # temporary folder would leave citations that point nowhere.
    path = files(__name__).joinpath(name)
    if not isinstance(path, Path) or not path.exists():
        raise CitewellError(
            f"sample data: got {path}, expected a file or folder on disk; "
            "install citewell with pip rather than running it from a zip archive"
        )
    return path
