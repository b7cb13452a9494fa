"""Asking a reader of files for the reason why it refuses one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from qa.errors import ReadError


def reason_of(read: Callable[[bytes, Path], object], data: bytes, path: Path) -> str:
    """Return why `read` refuses the data, in words that follow the file's name."""
    with pytest.raises(ReadError) as caught:
        read(data, path)
    assert caught.value.path == path
    return caught.value.reason
