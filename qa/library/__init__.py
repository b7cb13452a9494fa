"""The library: a folder whose one SQLite file is the truth that every index is made from."""

from __future__ import annotations

from qa.library.entries import EncodedPassage, NewSource, PutResult, Versions
from qa.library.rebuild import Rebuild
from qa.library.relations import Problem
from qa.library.rows import SpeakerCount, StoredPassage, StoredSource
from qa.library.store import Store
from qa.library.verify import VerifyReport

__all__ = [
    "EncodedPassage",
    "NewSource",
    "Problem",
    "PutResult",
    "Rebuild",
    "SpeakerCount",
    "Store",
    "StoredPassage",
    "StoredSource",
    "VerifyReport",
    "Versions",
]
