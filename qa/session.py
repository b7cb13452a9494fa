"""What an opened library holds ready: its store, its encoder, its indexes, its checker.

Each is made when it is first needed, once, and shared by threads.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from qa.answer.calibration_file import evidence_settings as saved_evidence
from qa.errors import LibraryError
from qa.index.vectors import LibraryVectors
from qa.index.words import LibraryWords
from qa.ingest import VERSIONS
from qa.records import Answer, Filters, Query, Understood
from qa.search.query import make_query, resolve_names
from qa.search.query.follow_ups import complete
from qa.search.query.speakers import SpeakerDirectory
from qa.search.query.understanding import understand as read_question
from qa.search.searcher import Searcher
from qa.settings import EvidenceSettings, Settings
from qa.store.caching import Latest
from qa.store.opening import create_library, library_exists, open_library
from qa.store.protocol import LibraryStore
from qa.store.records import SpeakerCount
from qa.store.source_names import resolve_source

if TYPE_CHECKING:
    from embeddings.encoder import Encoder, EncoderIdentity
    from qa.check.checker import Checker


@dataclass(slots=True)
class Session:
    """The parts of one library. With `create` its file is made when it is first needed;
    `given_encoder` None is the library's own model, loaded then."""

    folder: Path
    settings: Settings
    create: bool
    read_only: bool
    notify: Callable[[str], None] | None
    given_encoder: Encoder | None
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _any: LibraryStore | None = None
    _matched: LibraryStore | None = None
    _searcher: Searcher | None = None
    _vectors: LibraryVectors | None = None
    words: LibraryWords = field(default_factory=LibraryWords)
    _checker: Checker | None = None
    _roster: Latest[SpeakerDirectory] = field(default_factory=Latest)
    _closed: bool = False

    def readable(self) -> LibraryStore:
        """Return the store, whatever encoder it was made with: enough without vectors."""
        with self._lock:
            if self._matched is not None:
                return self._matched
            if self._any is None:
                self._any = self._open_store(None)
            return self._any

    def matching(self) -> LibraryStore:
        """Return the store, made with the encoder in use. Raises LibraryMismatch."""
        with self._lock:
            if self._matched is None:
                self._matched = self._open_store(self.encoder.identity)
            return self._matched

    @property
    def encoder(self) -> Encoder:
        """The encoder in use, loaded when it is first needed."""
        with self._lock:
            if self.given_encoder is None:
                from embeddings.loading import load_encoder

                named = self.settings.model
                if named is None and library_exists(self.folder):
                    named = self.readable().provenance.identity.name
                self.given_encoder = load_encoder(named, notify=self.notify)
            return self.given_encoder

    def searching(self) -> Searcher:
        with self._lock:
            if self._searcher is None:
                self._searcher = Searcher(
                    *(self.matching(), self.vectors(), self.words, self.encoder),
                    self.settings.search,
                )
            return self._searcher

    def vectors(self) -> LibraryVectors:
        with self._lock:
            if self._vectors is None:
                self._vectors = LibraryVectors(self.encoder)
            return self._vectors

    def keep_indexes(self) -> None:
        """Write a large library's indexes to its folder where they are missing or far behind."""
        self.vectors().save(self.matching())
        self.words.save(self.matching())

    def checking(self) -> Checker:
        """Return the library's checker, which keeps what it reads of the sources between checks."""
        with self._lock:
            if self._checker is None:
                from qa.check.checker import Checker
                from qa.store.opening import open_citations

                self._checker = Checker(self.readable(), open_citations(self.folder))
            return self._checker

    def speakers(self) -> tuple[SpeakerCount, ...]:
        """Return who speaks in the library, counted once a generation."""
        return self.readable().names().speakers

    def roster(self) -> SpeakerDirectory:
        """Return the speakers, to be found by name or office."""
        store = self.readable()
        with store.snapshot() as generation, self._lock:
            return self._roster.get(generation, lambda: SpeakerDirectory(self.speakers()))

    def read_query(
        self,
        question: str,
        filters: Filters,
        understand: bool,
        history: Sequence[Answer | str] = (),
        today: dt.date | None = None,
    ) -> Query:
        """Return the question as a query, completed from the history and understood.

        Raises InvalidQuery for a question without words.
        """
        if not understand:
            return make_query(question, filters=filters)
        store = self.readable()
        with store.snapshot():
            roster = self.roster()

            def is_known(term: str) -> bool:
                return self.words.term_counts(store, [term])[term] > 0

            def read(text: str) -> Understood:
                return read_question(text, roster, is_known, today)

            understood, text = read(question), question
            for earlier in history[-1:]:
                if isinstance(earlier, str):
                    before = make_query(earlier, understood=read(earlier))
                else:
                    before = earlier.query
                text = complete(question, understood, before)
            if text != question:
                understood = read(text)
        return make_query(question, filters=filters, understood=understood, completed=text)

    def named_filters(
        self,
        filters: Filters,
        speaker: str | Iterable[str] | None,
        sources: str | Iterable[str] | None,
        documents: str | Iterable[str] | None,
    ) -> Filters:
        """Return the filters with speakers, sources and documents by their stored names.

        Raises InvalidQuery or UnknownSource for a name that fits nothing.
        """
        store = self.readable()
        if speaker is not None:
            known = list(dict.fromkeys(count.name for count in self.speakers()))
            filters = replace(filters, speakers=resolve_names(as_tuple(speaker), known, "speaker"))
        if sources is not None:
            paths = tuple(resolve_source(store, name) for name in as_tuple(sources))
            filters = replace(filters, sources=paths)
        if documents is not None:
            names = resolve_names(as_tuple(documents), store.names().titles, "document")
            filters = replace(filters, documents=names)
        return filters

    def evidence_settings(self) -> EvidenceSettings:
        """Return the settings as given, else the library's own, read anew: another process may save
        them."""
        if self.settings.evidence is not None:
            return self.settings.evidence
        return saved_evidence(self.folder, self.encoder.identity.revision)

    def close(self) -> None:
        """Close the files. Closing twice does no harm."""
        with self._lock:
            self._closed = True
            if self._searcher is not None:
                self._searcher.close()
            for store in (self._any, self._matched):
                if store is not None:
                    store.close()
            self._any = self._matched = self._searcher = self._checker = None

    def _open_store(self, identity: EncoderIdentity | None) -> LibraryStore:
        """Open the library; with an identity, only if it was made with that encoder."""
        if self._closed:
            raise LibraryError(f"the library {self.folder} was closed: open it again")
        if self.create and not library_exists(self.folder):
            return create_library(self.folder, self.encoder.identity, VERSIONS)
        return open_library(
            self.folder, identity=identity, versions=VERSIONS, read_only=self.read_only
        )


def as_tuple(given: str | Iterable[str]) -> tuple[str, ...]:
    """Return a single name as a tuple of one, several as a tuple."""
    return (given,) if isinstance(given, str) else tuple(given)
