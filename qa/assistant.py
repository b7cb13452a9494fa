"""The Python API: one library of documents, and every question that can be asked of it.

This facade sequences the stages; it does no work of its own.
"""

from __future__ import annotations

import datetime as dt
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from qa.answering.answer import compose_answer
from qa.answering.calibration_file import evidence_settings
from qa.answering.evidence import Evidence, gather_evidence
from qa.checking.answers import with_warnings
from qa.checking.records import MOST_QUOTATIONS
from qa.errors import InvalidQuery, LibraryError, LibraryMissing
from qa.finding.occurrences import find_occurrences
from qa.finding.parsing import parse_find
from qa.finding.records import FindReport, Order, Within
from qa.library.corrections import (
    UNSET,
    Correctable,
    Correction,
    Given,
    ListedCorrection,
    listed,
)
from qa.library.names import ON_DISK
from qa.library.rows import SpeakerCount, StoredSource
from qa.library.store import Store
from qa.library.verify import VerifyReport
from qa.records import (
    NO_FILTERS,
    Answer,
    Document,
    Filters,
    LocatorMark,
    Query,
    Quote,
    RankedPassage,
    Span,
    Turn,
    Understood,
)
from qa.search.follow_ups import complete
from qa.search.live_index import LiveIndex
from qa.search.query import first_day, last_day, make_query, resolve_names
from qa.search.searcher import Searcher
from qa.search.understanding import understand as read_question
from qa.settings import EvidenceSettings, Settings, library_folder
from qa.versions import VERSIONS

if TYPE_CHECKING:
    from embeddings.encoder import Encoder, EncoderIdentity
    from qa.checking.check import Checker
    from qa.checking.drift import Drift
    from qa.checking.records import CheckedQuotation, CheckReport
    from qa.ingest import AddReport, Progress


def open(
    folder: str | os.PathLike[str] | None = None,
    *,
    settings: Settings | None = None,
    encoder: Encoder | None = None,
    create: bool = True,
    read_only: bool = False,
    notify: Callable[[str], None] | None = None,
) -> Library:
    """Open the library in a folder, making it when the first file is added.

    `folder` None is CITEWELL_LIBRARY, else the platform's data folder. `encoder` replaces the
    model that `settings.model` names. `notify` is told, in words, of rare long steps such as
    the first use of a model. With `create` false or `read_only` a missing library is an error.
    Raises LibraryMissing, LibraryMismatch, LibraryDamaged, LibraryBusy, EmbeddingError.
    """
    return Library(
        library_folder(folder),
        settings=settings or Settings(),
        encoder=encoder,
        create=create and not read_only,
        read_only=read_only,
        notify=notify,
    )


class Library:
    """Documents that can be asked. Made by `qa.open`; safe to share by threads."""

    def __init__(
        self,
        folder: Path,
        *,
        settings: Settings,
        encoder: Encoder | None,
        create: bool,
        read_only: bool,
        notify: Callable[[str], None] | None,
    ) -> None:
        self.folder = folder
        self._settings = settings
        self._encoder = encoder
        self._create = create
        self._read_only = read_only
        self._notify = notify
        self._lock = threading.RLock()
        self._any: Store | None = None
        self._matched: Store | None = None
        self._searcher: Searcher | None = None
        self._index: LiveIndex | None = None
        self._checker: Checker | None = None
        self._known_speakers: tuple[int, tuple[SpeakerCount, ...]] | None = None
        self._closed = False
        if not create and not Store.exists(folder):
            raise LibraryMissing(
                f"there is no library in {folder}: add files with `qa add`, "
                "or name another folder with --library"
            )
        if Store.exists(folder):
            named = settings.model is not None or encoder is not None
            _ = self._matching() if named else self._readable()

    # ---- writing ---------------------------------------------------------------------

    def add(
        self,
        *paths: str | os.PathLike[str],
        progress: Callable[[Progress], None] | None = None,
        sync: bool = False,
        exclude: Iterable[str] = (),
    ) -> AddReport:
        """Add files, folders and ZIP archives, or bring them up to date.

        Unchanged files are skipped, changed ones replaced; with `sync`, sources under the given
        folders whose file is gone are removed. `exclude` are patterns as in `.gitignore`, counted
        from each of the folders, of what in them is left out; a `.citewellignore` in any of them
        says the same. A member of an archive is a source of its own, `ARCHIVE.zip/NAME`. A file
        that can't be read is in the report's `failed`, with the reason; the others are added
        all the same. `progress` is called from this thread, and what it raises ends the `add`.
        """
        from qa.ingest import Ingest
        from qa.reading.isolation import warm_up

        warm_up(self._settings.reading)  # while the model is loaded
        ingest = Ingest(self._matching(), self.encoder, self._settings, progress)
        report = ingest.run([Path(path) for path in paths], sync=sync, exclude=_several(exclude))
        self._keep_indexes()
        return report

    def remove(self, source: str) -> str:
        """Remove a source, and what was corrected in it by hand; its path. Raises
        UnknownSource."""
        store = self._readable()
        path = store.resolve(source)
        store.remove(path)
        return path

    def correct(
        self,
        source: str,
        *,
        document: int | None = None,
        title: Given = UNSET,
        date: Given = UNSET,
        person: str | None = None,
        seen: tuple[Given, Given] = (UNSET, UNSET),
    ) -> tuple[Correction, ...]:
        """Correct a document's title or date by hand; None: it has none.

        `document` is its ordinal, which a source of one document needs not have named; the date
        is YYYY-MM-DD, YYYY-MM or YYYY. The correction is kept when the file is added again,
        changed or not, as long as the document can be told by its first words; see
        `corrections`. `person` is who corrects. Where the title and date are no longer those
        `seen` nothing is kept. Raises UnknownSource, InvalidQuery.
        """
        from qa.correcting.making import correct_document

        return self._correct(
            source, lambda found: correct_document(found, document, title, date, person, seen)
        )

    def correct_speaker(
        self,
        source: str,
        *,
        speaker: str | None,
        found: str | None = None,
        at: int | None = None,
        role: str | None = None,
        person: str | None = None,
        seen: Given = UNSET,
    ) -> Correction:
        """Correct by hand who speaks; None: nobody is known to.

        `found` corrects all turns of a source in which that name was found, `at` the one turn in
        which that character stands; give one of them. `role` None keeps the role found with the
        name, and gives a single turn none; "" is none. A turn is told by its own words when the
        file is added again. Raises UnknownSource, InvalidQuery.
        """
        from qa.correcting.making import correct_name, correct_turn

        if (found is None) == (at is None):
            raise InvalidQuery("expected either the name that was found or a place in the text")

        def make(subject: Correctable) -> list[Correction]:
            if at is None:
                return correct_name(subject, found or "", speaker, role, person, seen)
            return correct_turn(subject, at, speaker, role, person, seen)

        return self._correct(source, make)[0]

    def uncorrect(self, id: int) -> Correction:
        """Take back a correction, so that what was found holds again; it. Raises InvalidQuery."""
        from qa.correcting.naming import name_passages

        return self._readable().uncorrect(id, name_passages)

    def _correct(
        self, source: str, make: Callable[[Correctable], Sequence[Correction]]
    ) -> tuple[Correction, ...]:
        from qa.correcting.naming import name_passages

        return self._readable().correct(self.path(source), make, name_passages)

    # ---- reading ---------------------------------------------------------------------

    def ask(
        self,
        question: str,
        *,
        speaker: str | Iterable[str] | None = None,
        since: str | dt.date | None = None,
        until: str | dt.date | None = None,
        sources: str | Iterable[str] | None = None,
        documents: str | Iterable[str] | None = None,
        limit: int = 5,
        understand: bool = True,
        history: Sequence[Answer | str] = (),
        today: dt.date | None = None,
    ) -> Answer:
        """Answer a question with at most `limit` verbatim quotes, best first.

        Filters apply before ranking. A speaker, source or document may be named by any of its
        words that are enough; dates are YYYY-MM-DD, YYYY-MM or YYYY, inclusive. With
        `understand` false nothing about speakers or dates is read out of the question itself.
        `history` are the earlier answers (or questions) of a conversation, oldest first: a
        question that leans on them is completed. `today` gives "last year" a meaning.
        Raises InvalidQuery for a question without words or a filter that fits nothing.
        """
        if limit < 1:
            raise ValueError(f"limit is {limit}, expected at least 1")
        filters = Filters(since=first_day(since, "since"), until=last_day(until, "until"))
        searcher = self._searching()
        query = self._query(question, filters, understand, history, today)
        with self._readable().snapshot():
            query = replace(query, filters=self._named(filters, speaker, sources, documents))
            found = searcher.search(query)
            quoting, model = self._settings.quoting, self._evidence_settings()
            store = self._readable()
            answer = compose_answer(store, query, found, limit, quoting, model)
            return with_warnings(store, answer, found.stored.values())

    def rank(
        self,
        question: str,
        *,
        filters: Filters = NO_FILTERS,
        understand: bool = True,
    ) -> tuple[RankedPassage, ...]:
        """The ranked passages that an answer would be quoted from, best first."""
        searcher = self._searching()
        query = self._query(question, filters, understand)
        with self._readable().snapshot():
            return searcher.search(query).ranked

    def evidence(
        self,
        question: str,
        *,
        filters: Filters = NO_FILTERS,
        understand: bool = True,
    ) -> Evidence | None:
        """The figures that an answer's verdict would be decided on; None if nothing is found."""
        searcher = self._searching()
        query = self._query(question, filters, understand)
        with self._readable().snapshot():
            return gather_evidence(self._readable(), query, searcher.search(query))

    def find(
        self,
        query: str,
        *,
        speaker: str | Iterable[str] | None = None,
        since: str | dt.date | None = None,
        until: str | dt.date | None = None,
        sources: str | Iterable[str] | None = None,
        documents: str | Iterable[str] | None = None,
        order: Order = Order.DATE,
        within: Within = Within.TURN,
        stem: bool = False,
        everywhere: bool = False,
        limit: int | None = None,
    ) -> FindReport:
        """Every occurrence of words, "phrases", NEAR(a b, 10), without -words; complete, never a
        best few.

        `stem` finds inflected forms too; `everywhere` searches headings, labels and menus as
        well as what may be quoted. `limit` cuts the list, never the counts. Filters are those
        of `ask`. Raises InvalidQuery.
        """
        wanted = parse_find(query, stem=stem)
        store = self._readable()
        with store.snapshot():
            filters = Filters(since=first_day(since, "since"), until=last_day(until, "until"))
            filters = self._named(filters, speaker, sources, documents)
            return find_occurrences(
                store,
                wanted,
                filters,
                order=order,
                within=within,
                everywhere=everywhere,
                limit=limit,
            )

    def check(
        self,
        text: str,
        *,
        blocks: Iterable[Span] = (),
        most: int = MOST_QUOTATIONS,
    ) -> CheckReport:
        """Check every quotation and citation token of a draft against the sources.

        Needs no model. `blocks` are the stretches that the draft's format marks as block
        quotes. Of more than `most` quotations the first are checked, and the report says how
        many were not. `report.ok` says whether all is in order.
        """
        return self._checking().draft(text, blocks=tuple(blocks), most=most)

    def check_quote(
        self,
        quote: str,
        *,
        source: str | None = None,
        speaker: str | None = None,
        date: str | dt.date | None = None,
    ) -> CheckedQuotation:
        """Check one quotation, and what is claimed of it: its source, who says it, and when.

        `date` is YYYY-MM-DD, YYYY-MM or YYYY. Raises InvalidQuery for a quotation without words
        or a date of another form, UnknownSource for a source that is not in the library.
        """
        return self._checking().quote(quote, source=source, speaker=speaker, date=date)

    def drift(self, *files: str | os.PathLike[str]) -> tuple[Drift, ...]:
        """What became of every citation that was kept: intact, moved, changed or gone.

        Without files, of all that the library keeps: citations kept by token, and the quotes in
        conversations, notebooks and feedback. With files, of those in them: tokens in drafts,
        exported annotations, evidence packs. Each citation once, with where it is kept.
        Raises ReadError for a file that can't be read.
        """
        from qa.checking.drift import Found, find_drift_of
        from qa.checking.kept import kept_of_quote
        from qa.checking.kept_files import citations_in
        from qa.checking.registry import Registry
        from qa.keeping import Keeping

        store, registry = self._readable(), Registry(self.folder)
        if files:
            tokens = {kept.token: kept for kept in registry}
            found = [one for file in files for one in citations_in(Path(file), tokens)]
            return find_drift_of(store, found)
        found = [Found(kept, "citations") for kept in registry]
        if Keeping.exists(self.folder):  # to look leaves no file behind
            for where, quote in Keeping(self.folder).quotes():
                found.extend(Found(kept, where) for kept in kept_of_quote(quote))
        return find_drift_of(store, found)

    def standing(self, quotes: Iterable[Quote]) -> tuple[Drift, ...]:
        """What became of quotes of earlier answers, one for each."""
        from qa.checking.drift import find_drift
        from qa.checking.kept import kept_of

        return find_drift(
            self._readable(), [kept_of(quote.citation, quote.text) for quote in quotes]
        )

    def sources(self) -> tuple[StoredSource, ...]:
        """What the library holds, in order of path."""
        return self._readable().sources()

    def text(self, source: str) -> str:
        """The stored text of a source, as every citation's offsets count it."""
        return self._readable().text(self.path(source))

    def structure(
        self, source: str, *, as_found: bool = False
    ) -> tuple[tuple[Document, ...], tuple[Turn, ...]]:
        """The documents and turns of a source; `as_found`: without what was corrected by hand."""
        store = self._readable()
        return (store.found_structure if as_found else store.structure)(self.path(source))

    def corrections(self, source: str | None = None) -> tuple[ListedCorrection, ...]:
        """What was corrected by hand, in one source or in all, and where each correction applies.

        One whose document or turn can no longer be told applies nowhere (`applies` is false),
        and is kept until it is taken back. Raises UnknownSource.
        """
        store = self._readable()
        with store.snapshot():
            path = None if source is None else store.resolve(source)
            by_path: dict[str, list[Correction]] = {}
            for correction in store.corrections(path):
                by_path.setdefault(correction.path, []).append(correction)
            return tuple(
                one
                for path, made in by_path.items()
                for one in listed(made, store.found_structure(path), store.text(path))
            )

    def speakers(self) -> tuple[SpeakerCount, ...]:
        """Who speaks in the library, each in each role, with the number of their passages,
        the most often heard first."""
        return self._speakers()

    def titles(self) -> tuple[str, ...]:
        """The titles that documents have, each once, sorted."""
        return self._readable().document_titles()

    def dates(self) -> tuple[str, ...]:
        """The dates that documents have (YYYY-MM-DD, YYYY-MM or YYYY), each once, sorted."""
        return self._readable().document_dates()

    def size(self) -> int:
        """How many bytes the library takes up on the disk."""
        return sum(file.stat().st_size for file in self.folder.glob(f"{ON_DISK.database}*"))

    def generation(self) -> int:
        """A number that grows with every change of the library."""
        return self._readable().generation()

    def locators(self, source: str) -> tuple[LocatorMark, ...]:
        """Where in a source's text each page, time or chapter begins. Raises UnknownSource."""
        return self._readable().locators(self.path(source))

    def path(self, source: str) -> str:
        """The full path of the source that a name (its path, or the end of it) stands for."""
        return self._readable().resolve(source)

    def paths_in(self, folder: str) -> tuple[str, ...]:
        """The paths of all sources in a folder or archive, by its path or the end of it; none
        where there is no such folder. Raises UnknownSource where several are meant."""
        return self._readable().paths_in(folder)

    def short_name(self, path: str) -> str:
        """The shortest end of a source's path that no other source shares."""
        return self._readable().short_name(path)

    def verify(self) -> VerifyReport:
        """Check every row against its checksum, and all that must agree with each other."""
        return self._readable().verify()

    @property
    def encoder(self) -> Encoder:
        """The encoder in use, loaded when it is first needed."""
        with self._lock:
            if self._encoder is None:
                from embeddings.loading import load_encoder

                named = self._settings.model
                if named is None and Store.exists(self.folder):
                    named = self._readable().making.identity.name
                self._encoder = load_encoder(named, notify=self._notify)
            return self._encoder

    def close(self) -> None:
        """Let go of the files. To close twice does no harm."""
        with self._lock:
            self._closed = True
            if self._searcher is not None:
                self._searcher.close()
            for store in (self._any, self._matched):
                if store is not None:
                    store.close()
            self._any = self._matched = self._searcher = self._checker = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # ---- inside ----------------------------------------------------------------------

    def _open_store(self, identity: EncoderIdentity | None) -> Store:
        """Open the library; with an identity, only if it was made with that encoder."""
        if self._closed:
            raise LibraryError(f"the library {self.folder} was closed: open it again")
        if self._create and not Store.exists(self.folder):
            return Store.create(self.folder, self.encoder.identity, VERSIONS)
        return Store.open(
            self.folder, identity=identity, versions=VERSIONS, read_only=self._read_only
        )

    def _readable(self) -> Store:
        """The store, whatever encoder it was made with: enough for all that needs no vectors."""
        with self._lock:
            if self._matched is not None:
                return self._matched
            if self._any is None:
                self._any = self._open_store(None)
            return self._any

    def _matching(self) -> Store:
        """The store, known to have been made with the encoder in use."""
        with self._lock:
            if self._matched is None:
                self._matched = self._open_store(self.encoder.identity)
            return self._matched

    def _searching(self) -> Searcher:
        with self._lock:
            if self._searcher is None:
                self._searcher = Searcher(
                    self._matching(), self._live_index(), self.encoder, self._settings.search
                )
            return self._searcher

    def _live_index(self) -> LiveIndex:
        with self._lock:
            if self._index is None:
                self._index = LiveIndex(self.encoder.identity.dimension)
            return self._index

    @property
    def index_kind(self) -> str:
        """What the vectors are searched by, in words; their number decides it."""
        index = self._live_index()
        index.refresh(self._matching())
        return index.kind

    def _keep_indexes(self) -> None:
        """Write a large library's indexes to its folder where they are missing or far behind."""
        self._live_index().keep(self._matching())
        self._matching().keep_postings()

    def _checking(self) -> Checker:
        """One for the library's life: what it reads of the sources is kept between checks."""
        with self._lock:
            if self._checker is None:
                from qa.checking.check import Checker
                from qa.checking.registry import Registry

                self._checker = Checker(self._readable(), Registry(self.folder))
            return self._checker

    def _evidence_settings(self) -> EvidenceSettings:
        """As given, else the library's own: read each time, for another process may save it."""
        if self._settings.evidence is not None:
            return self._settings.evidence
        return evidence_settings(self.folder, self.encoder.identity.revision)

    def _query(
        self,
        question: str,
        filters: Filters,
        understand: bool,
        history: Sequence[Answer | str] = (),
        today: dt.date | None = None,
    ) -> Query:
        """The question as a query, completed from the history and understood."""
        if not understand:
            return make_query(question, filters=filters)
        store = self._readable()
        with store.snapshot():
            speakers = self._speakers()

            def read(text: str) -> Understood:
                return read_question(
                    text, speakers, lambda term: store.term_counts([term])[term] > 0, today
                )

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

    def _speakers(self) -> tuple[SpeakerCount, ...]:
        """Who speaks in the library, counted once a generation."""
        generation = self._readable().generation()
        with self._lock:
            if self._known_speakers is None or self._known_speakers[0] != generation:
                self._known_speakers = (generation, self._readable().speakers())
            return self._known_speakers[1]

    def _named(
        self,
        filters: Filters,
        speaker: str | Iterable[str] | None,
        sources: str | Iterable[str] | None,
        documents: str | Iterable[str] | None,
    ) -> Filters:
        """The filters with names as the library stores them."""
        store = self._readable()
        if speaker is not None:
            known = list(dict.fromkeys(count.name for count in self._speakers()))
            filters = replace(filters, speakers=resolve_names(_several(speaker), known, "speaker"))
        if sources is not None:
            paths = tuple(store.resolve(name) for name in _several(sources))
            filters = replace(filters, sources=paths)
        if documents is not None:
            titles = store.document_titles()
            filters = replace(
                filters, documents=resolve_names(_several(documents), titles, "document")
            )
        return filters


def _several(given: str | Iterable[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)
