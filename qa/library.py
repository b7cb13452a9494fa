"""The Python API: one library of documents, and every question that can be asked of it.

This facade sequences the stages; it does no work of its own.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from qa.answer.compose import compose_answer
from qa.answer.evidence import Evidence, gather_evidence
from qa.check.answers import with_warnings
from qa.check.records import MOST_QUOTATIONS
from qa.corrections.applying import (
    UNSET,
    Correctable,
    Correction,
    Given,
    ListedCorrection,
    listed,
)
from qa.errors import InvalidQuery, LibraryMissing
from qa.find.occurrences import find_occurrences
from qa.find.parsing import parse_find
from qa.find.records import FindReport, Order, Within
from qa.records import (
    NO_FILTERS,
    Answer,
    Document,
    Filters,
    LocatorMark,
    Quote,
    RankedPassage,
    Span,
    Turn,
)
from qa.search.query.query import first_day, last_day
from qa.session import Session, as_tuple
from qa.settings import Settings, library_folder
from qa.store.records import SpeakerCount, StoredSource, VerifyReport
from qa.store.sqlite.names import ON_DISK
from qa.store.sqlite.store import Store

if TYPE_CHECKING:
    from embeddings.encoder import Encoder
    from qa.check.drift import Drift
    from qa.check.records import CheckedQuotation, CheckReport
    from qa.ingest.write import AddReport, Progress


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
        self._session = Session(folder, settings, create, read_only, notify, encoder)
        if not create and not Store.exists(folder):
            raise LibraryMissing(
                f"there is no library in {folder}: add files with `qa add`, "
                "or name another folder with --library"
            )
        if Store.exists(folder):
            named = settings.model is not None or encoder is not None
            _ = self._session.matching() if named else self._session.readable()

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
        from qa.ingest.write import Ingest
        from qa.readers.sandbox.isolation import warm_up

        warm_up(self._session.settings.reading)  # while the model is loaded
        ingest = Ingest(self._session.matching(), self.encoder, self._session.settings, progress)
        report = ingest.run([Path(path) for path in paths], sync=sync, exclude=as_tuple(exclude))
        self._session.keep_indexes()
        return report

    def remove(self, source: str) -> str:
        """Remove a source, and what was corrected in it by hand; its path. Raises
        UnknownSource."""
        store = self._session.readable()
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
        from qa.corrections.making import correct_document

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
        from qa.corrections.making import correct_name, correct_turn

        if (found is None) == (at is None):
            raise InvalidQuery("expected either the name that was found or a place in the text")

        def make(subject: Correctable) -> list[Correction]:
            if at is None:
                return correct_name(subject, found or "", speaker, role, person, seen)
            return correct_turn(subject, at, speaker, role, person, seen)

        return self._correct(source, make)[0]

    def uncorrect(self, id: int) -> Correction:
        """Take back a correction, so that what was found holds again; it. Raises InvalidQuery."""
        from qa.corrections.naming import name_passages

        return self._session.readable().uncorrect(id, name_passages)

    def _correct(
        self, source: str, make: Callable[[Correctable], Sequence[Correction]]
    ) -> tuple[Correction, ...]:
        from qa.corrections.naming import name_passages

        return self._session.readable().correct(self.path(source), make, name_passages)

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
        searcher = self._session.searching()
        query = self._session.read_query(question, filters, understand, history, today)
        with self._session.readable().snapshot():
            filters = self._session.named_filters(filters, speaker, sources, documents)
            query = replace(query, filters=filters)
            found = searcher.search(query)
            quoting, model = self._session.settings.quoting, self._session.evidence_settings()
            store = self._session.readable()
            words = self._session.words
            answer = compose_answer(store, words, query, found, limit, quoting, model)
            return with_warnings(store, answer, found.stored.values())

    def rank(
        self,
        question: str,
        *,
        filters: Filters = NO_FILTERS,
        understand: bool = True,
    ) -> tuple[RankedPassage, ...]:
        """The ranked passages that an answer would be quoted from, best first."""
        searcher = self._session.searching()
        query = self._session.read_query(question, filters, understand)
        with self._session.readable().snapshot():
            return searcher.search(query).ranked

    def evidence(
        self,
        question: str,
        *,
        filters: Filters = NO_FILTERS,
        understand: bool = True,
    ) -> Evidence | None:
        """The figures that an answer's verdict would be decided on; None if nothing is found."""
        searcher = self._session.searching()
        query = self._session.read_query(question, filters, understand)
        with self._session.readable().snapshot():
            return gather_evidence(self._session.readable(), query, searcher.search(query))

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
        store = self._session.readable()
        with store.snapshot():
            filters = Filters(since=first_day(since, "since"), until=last_day(until, "until"))
            filters = self._session.named_filters(filters, speaker, sources, documents)
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
        return self._session.checking().draft(text, blocks=tuple(blocks), most=most)

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
        return self._session.checking().quote(quote, source=source, speaker=speaker, date=date)

    def drift(self, *files: str | os.PathLike[str]) -> tuple[Drift, ...]:
        """What became of every citation that was kept: intact, moved, changed or gone.

        Without files, of all that the library keeps: citations kept by token, and the quotes in
        conversations, notebooks and feedback. With files, of those in them: tokens in drafts,
        exported annotations, evidence packs. Each citation once, with where it is kept.
        Raises ReadError for a file that can't be read.
        """
        from qa.anchoring.citations import kept_of_quote
        from qa.anchoring.registry import Registry
        from qa.check.citation_files import citations_in
        from qa.check.drift import FoundCitation, find_drift_of
        from qa.notebook import Keeping

        store, registry = self._session.readable(), Registry(self.folder)
        if files:
            tokens = {kept.token: kept for kept in registry}
            found = [one for file in files for one in citations_in(Path(file), tokens)]
            return find_drift_of(store, found)
        found = [FoundCitation(kept, "citations") for kept in registry]
        if Keeping.exists(self.folder):  # to look leaves no file behind
            for where, quote in Keeping(self.folder, read_only=True).quotes():
                found.extend(FoundCitation(kept, where) for kept in kept_of_quote(quote))
        return find_drift_of(store, found)

    def standing(self, quotes: Iterable[Quote]) -> tuple[Drift, ...]:
        """What became of quotes of earlier answers, one for each."""
        from qa.anchoring.citations import kept_of
        from qa.check.drift import find_drift

        return find_drift(
            self._session.readable(), [kept_of(quote.citation, quote.text) for quote in quotes]
        )

    def sources(self) -> tuple[StoredSource, ...]:
        """What the library holds, in order of path."""
        return self._session.readable().sources()

    def text(self, source: str) -> str:
        """The stored text of a source, as every citation's offsets count it."""
        return self._session.readable().text(self.path(source))

    def structure(
        self, source: str, *, as_found: bool = False
    ) -> tuple[tuple[Document, ...], tuple[Turn, ...]]:
        """The documents and turns of a source; `as_found`: without what was corrected by hand."""
        store = self._session.readable()
        return (store.found_structure if as_found else store.structure)(self.path(source))

    def corrections(self, source: str | None = None) -> tuple[ListedCorrection, ...]:
        """What was corrected by hand, in one source or in all, and where each correction applies.

        One whose document or turn can no longer be told applies nowhere (`applies` is false),
        and is kept until it is taken back. Raises UnknownSource.
        """
        store = self._session.readable()
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
        """Who speaks in the library, each in each role, with the number of their turns, the
        most often heard first."""
        return self._session.speakers()

    def titles(self) -> tuple[str, ...]:
        """The titles that documents have, each once, sorted."""
        return self._session.readable().document_titles()

    def dates(self) -> tuple[str, ...]:
        """The dates that documents have (YYYY-MM-DD, YYYY-MM or YYYY), each once, sorted."""
        return self._session.readable().document_dates()

    def size(self) -> int:
        """How many bytes the library takes up on the disk."""
        return sum(file.stat().st_size for file in self.folder.glob(f"{ON_DISK.database}*"))

    def generation(self) -> int:
        """A number that grows with every change of the library."""
        return self._session.readable().generation()

    def locators(self, source: str) -> tuple[LocatorMark, ...]:
        """Where in a source's text each page, time or chapter begins. Raises UnknownSource."""
        return self._session.readable().locators(self.path(source))

    def path(self, source: str) -> str:
        """The full path of the source that a name (its path, or the end of it) stands for."""
        return self._session.readable().resolve(source)

    def paths_in(self, folder: str) -> tuple[str, ...]:
        """The paths of all sources in a folder or archive, by its path or the end of it; none
        where there is no such folder. Raises UnknownSource where several are meant."""
        return self._session.readable().paths_in(folder)

    def short_name(self, path: str) -> str:
        """The shortest end of a source's path that no other source shares."""
        return self._session.readable().short_name(path)

    def verify(self) -> VerifyReport:
        """Check every row against its checksum, and all that must agree with each other."""
        return self._session.readable().verify()

    @property
    def encoder(self) -> Encoder:
        """The encoder in use, loaded when it is first needed."""
        return self._session.encoder

    def close(self) -> None:
        """Let go of the files. To close twice does no harm."""
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def index_kind(self) -> str:
        """What the vectors are searched by, in words; their number decides it."""
        vectors = self._session.vectors()
        vectors.refresh(self._session.matching())
        return vectors.kind
