"""What programs may ask of a library: the same five calls over HTTP (the page) and over MCP.

Public are the names of `__all__`: the calls, their bounds, drafts as files, and the parts of a
checking report as plain data.
"""

from __future__ import annotations

from qa.api.calls import (
    LONGEST_DRAFT,
    MOST_QUOTATIONS,
    NAMES,
    Calls,
    bounded_draft,
    kept_places,
)
from qa.check.drafts import DraftText, draft_of
from qa.check.reports.data import claim_data, counts, note_data
from qa.readers.formats import FORMATS

__all__ = [
    "DRAFT_SUFFIXES",
    "LONGEST_DRAFT",
    "MOST_QUOTATIONS",
    "NAMES",
    "Calls",
    "DraftText",
    "bounded_draft",
    "claim_data",
    "counts",
    "draft_of",
    "kept_places",
    "note_data",
]

# The suffixes of files that a draft may come in.
DRAFT_SUFFIXES = tuple(suffix for format in FORMATS for suffix in format.suffixes)
