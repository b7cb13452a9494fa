"""Citewell: verbatim quotes with citations that can be checked, from your own documents.

import qa

with qa.open("my-library") as library:
    library.add("speeches/")
    answer = library.ask("What was said about the harbour?")
    for quote in answer.quotes:
        print(quote.text, quote.citation.speaker, quote.citation.source, quote.citation.lines)

Public are the names in `qa.__all__`, and those in the `__all__` of the submodules `qa.api` (calls
and their plain data, for programs) and `qa.export` (files for other programs).
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from embeddings.encoder import EncodedText as EncodedText
    from embeddings.encoder import Encoder as Encoder
    from embeddings.encoder import EncoderIdentity as EncoderIdentity
    from embeddings.errors import EmbeddingError as EmbeddingError
    from embeddings.errors import ModelDamaged as ModelDamaged
    from embeddings.errors import ModelNotFound as ModelNotFound
    from qa.anchoring.citations import SavedCitation as SavedCitation
    from qa.anchoring.nearest_wording import Change as Change
    from qa.anchoring.resolving import Resolution as Resolution
    from qa.anchoring.resolving import Standing as Standing
    from qa.answer.verdict import Evidence as Evidence
    from qa.check.drift import Drift as Drift
    from qa.check.records import Attribution as Attribution
    from qa.check.records import CheckedQuotation as CheckedQuotation
    from qa.check.records import CheckReport as CheckReport
    from qa.check.records import CitedToken as CitedToken
    from qa.check.records import Claim as Claim
    from qa.check.records import Mark as Mark
    from qa.check.records import Match as Match
    from qa.check.records import Note as Note
    from qa.check.records import NoteKind as NoteKind
    from qa.check.records import Omission as Omission
    from qa.check.records import Warned as Warned
    from qa.check.records import Wording as Wording
    from qa.corrections.applying import UNSET as UNSET
    from qa.corrections.applying import Correction as Correction
    from qa.corrections.applying import CorrectionKind as CorrectionKind
    from qa.corrections.applying import Effect as Effect
    from qa.corrections.applying import ListedCorrection as ListedCorrection
    from qa.corrections.applying import StructureSelector as StructureSelector
    from qa.corrections.applying import Unset as Unset
    from qa.errors import CitewellError as CitewellError
    from qa.errors import InvalidQuery as InvalidQuery
    from qa.errors import LibraryBusy as LibraryBusy
    from qa.errors import LibraryDamaged as LibraryDamaged
    from qa.errors import LibraryError as LibraryError
    from qa.errors import LibraryMismatch as LibraryMismatch
    from qa.errors import LibraryMissing as LibraryMissing
    from qa.errors import ReadError as ReadError
    from qa.errors import UnknownSource as UnknownSource
    from qa.find.records import Clause as Clause
    from qa.find.records import DocumentCount as DocumentCount
    from qa.find.records import FindQuery as FindQuery
    from qa.find.records import FindReport as FindReport
    from qa.find.records import Near as Near
    from qa.find.records import Occurrence as Occurrence
    from qa.find.records import Order as Order
    from qa.find.records import Phrase as Phrase
    from qa.find.records import QueryWord as QueryWord
    from qa.find.records import SpeakerOccurrences as SpeakerOccurrences
    from qa.find.records import TermCount as TermCount
    from qa.find.records import Within as Within
    from qa.in_words import locator_form as locator_form
    from qa.ingest.rebuild import rebuild as rebuild
    from qa.ingest.write import AddReport as AddReport
    from qa.ingest.write import Progress as Progress
    from qa.ingest.write import ReadingNote as ReadingNote
    from qa.ingest.write import Stage as Stage
    from qa.library import Library as Library
    from qa.library import open as open
    from qa.locating import locate as locate
    from qa.notebook.records import Conversation as Conversation
    from qa.notebook.records import Exchange as Exchange
    from qa.notebook.records import Feedback as Feedback
    from qa.notebook.records import FeedbackKind as FeedbackKind
    from qa.notebook.records import Pin as Pin
    from qa.notebook.records import exchange_of as exchange_of
    from qa.records import Absence as Absence
    from qa.records import Answer as Answer
    from qa.records import Boundary as Boundary
    from qa.records import Citation as Citation
    from qa.records import ContextWarning as ContextWarning
    from qa.records import Document as Document
    from qa.records import Filters as Filters
    from qa.records import Locator as Locator
    from qa.records import LocatorKind as LocatorKind
    from qa.records import LocatorMark as LocatorMark
    from qa.records import Query as Query
    from qa.records import Quote as Quote
    from qa.records import RankedPassage as RankedPassage
    from qa.records import Span as Span
    from qa.records import Turn as Turn
    from qa.records import TurnKind as TurnKind
    from qa.records import Understood as Understood
    from qa.records import Verdict as Verdict
    from qa.settings import EvidenceSettings as EvidenceSettings
    from qa.settings import IngestSettings as IngestSettings
    from qa.settings import QuotingSettings as QuotingSettings
    from qa.settings import ReadingSettings as ReadingSettings
    from qa.settings import SearchSettings as SearchSettings
    from qa.settings import Settings as Settings
    from qa.store.opening import open_notebook as open_notebook
    from qa.store.protocol import Notebook as Notebook
    from qa.store.records import Problem as Problem
    from qa.store.records import RowCount as RowCount
    from qa.store.records import SpeakerCount as SpeakerCount
    from qa.store.records import StoredSource as StoredSource
    from qa.store.records import VerifyReport as VerifyReport
    from qa.structure.evidence import SpeakerEvidence as SpeakerEvidence
    from qa.structure.evidence import SpeakerReason as SpeakerReason

# The module that holds each public name, in the order of the modules; a test holds both lists to
# be the same, and to have every type that the library's methods take or return.
_HOMES = {
    "embeddings.encoder": "EncodedText Encoder EncoderIdentity",
    "embeddings.errors": "EmbeddingError ModelDamaged ModelNotFound",
    "qa.anchoring.citations": "SavedCitation",
    "qa.anchoring.nearest_wording": "Change",
    "qa.anchoring.resolving": "Resolution Standing",
    "qa.answer.verdict": "Evidence",
    "qa.check.drift": "Drift",
    "qa.check.records": """
        Attribution CheckReport CheckedQuotation CitedToken Claim Mark Match Note NoteKind
        Omission Warned Wording
    """,
    "qa.corrections.applying": """
        Correction CorrectionKind Effect ListedCorrection StructureSelector UNSET Unset
    """,
    "qa.errors": """
        CitewellError InvalidQuery LibraryBusy LibraryDamaged LibraryError LibraryMismatch
        LibraryMissing ReadError UnknownSource
    """,
    "qa.find.records": """
        Clause DocumentCount FindQuery FindReport Near Occurrence Order Phrase QueryWord
        SpeakerOccurrences TermCount Within
    """,
    "qa.in_words": "locator_form",
    "qa.ingest.rebuild": "rebuild",
    "qa.ingest.write": "AddReport Progress ReadingNote Stage",
    "qa.library": "Library open",
    "qa.locating": "locate",
    "qa.notebook.records": "Conversation Exchange Feedback FeedbackKind Pin exchange_of",
    "qa.records": """
        Absence Answer Boundary Citation ContextWarning Document Filters Locator LocatorKind
        LocatorMark Query Quote RankedPassage Span Turn TurnKind Understood Verdict
    """,
    "qa.settings": """
        EvidenceSettings IngestSettings QuotingSettings ReadingSettings SearchSettings Settings
    """,
    "qa.store.opening": "open_notebook",
    "qa.store.protocol": "Notebook",
    "qa.store.records": "Problem RowCount SpeakerCount StoredSource VerifyReport",
    "qa.structure.evidence": "SpeakerEvidence SpeakerReason",
}
_MODULES = {name: module for module, names in _HOMES.items() for name in names.split()}
__all__ = sorted(_MODULES)


def __dir__() -> list[str]:
    return __all__


if not TYPE_CHECKING:  # a type checker knows the names from above, and no others

    def __getattr__(name: str) -> Any:
        """Import a public name when it is first used, so that `qa --help` starts at once."""
        if name in _MODULES:
            return getattr(importlib.import_module(_MODULES[name]), name)
        raise AttributeError(f"module 'qa' has no attribute {name!r}")
