"""Citewell: verbatim quotes with citations that can be checked, from your own documents.

import qa

with qa.open("my-library") as library:
    library.add("speeches/")
    answer = library.ask("What was said about the harbour?")
    for quote in answer.quotes:
        print(quote.text, quote.citation.speaker, quote.citation.source, quote.citation.lines)
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from qa.check.records import CheckReport as CheckReport
    from qa.errors import CitewellError as CitewellError
    from qa.find.records import FindReport as FindReport
    from qa.find.records import Order as Order
    from qa.find.records import Within as Within
    from qa.ingest.rebuild import rebuild as rebuild
    from qa.ingest.write import AddReport as AddReport
    from qa.ingest.write import Progress as Progress
    from qa.ingest.write import ReadingNote as ReadingNote
    from qa.library import Library as Library
    from qa.library import open as open
    from qa.records import Answer as Answer
    from qa.records import Citation as Citation
    from qa.records import Filters as Filters
    from qa.records import Quote as Quote
    from qa.records import Verdict as Verdict
    from qa.settings import Settings as Settings

_HOMES = {
    "AddReport": "qa.ingest.write",
    "Answer": "qa.records",
    "CheckReport": "qa.check.records",
    "Citation": "qa.records",
    "CitewellError": "qa.errors",
    "Filters": "qa.records",
    "Within": "qa.find.records",
    "Order": "qa.find.records",
    "FindReport": "qa.find.records",
    "Library": "qa.library",
    "Progress": "qa.ingest.write",
    "Quote": "qa.records",
    "ReadingNote": "qa.ingest.write",
    "Settings": "qa.settings",
    "Verdict": "qa.records",
    "open": "qa.library",
    "rebuild": "qa.ingest.rebuild",
}
__all__ = [
    "AddReport",
    "Answer",
    "CheckReport",
    "Citation",
    "CitewellError",
    "Filters",
    "FindReport",
    "Library",
    "Order",
    "Progress",
    "Quote",
    "ReadingNote",
    "Settings",
    "Verdict",
    "Within",
    "open",
    "rebuild",
]


def __getattr__(name: str) -> Any:
    """Public names are imported when they are first used, so that `qa --help` starts at once."""
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'qa' has no attribute {name!r}")
