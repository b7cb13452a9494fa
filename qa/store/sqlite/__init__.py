"""The library: a folder whose one SQLite file is the truth that every index is made from."""

from __future__ import annotations

from qa.store.entries import EncodedPassage, NewSource, PutResult, Versions
from qa.store.rows import SpeakerCount, StoredPassage, StoredSource
from qa.store.sqlite.rebuild import Rebuild
from qa.store.sqlite.relations import Problem
from qa.store.sqlite.store import Store
from qa.store.sqlite.verify import VerifyReport

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
