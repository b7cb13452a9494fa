"""Where the corpora are, and a clear reason to skip where they are not."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"


def acceptance_corpus() -> Path:
    """The folder of the acceptance corpus."""
    folder = SHARED / "corpus"
    if not folder.is_dir():
        pytest.skip("the acceptance corpus is not beside the project (../shared/corpus)")
    return folder


def acceptance_file(number: int) -> Path:
    """One of its files, by the number its name begins with."""
    return next(acceptance_corpus().glob(f"{number:03d}_*.txt"))
