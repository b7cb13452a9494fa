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
from qa.answer.verdict import Evidence, gather_evidence
from qa.check.records import MOST_QUOTATIONS
from qa.check.sentence_context import with_warnings
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
from qa.search.query import date_filters
from qa.session import Session, as_tuple
from qa.settings import Settings, library_folder
from qa.store.opening import library_bytes, library_exists
from qa.store.records import SpeakerCount, StoredSource, VerifyReport
from qa.store.source_names import resolve_source, short_name_of, sources_in, text_of

if TYPE_CHECKING:
    from embeddings.encoder import Encoder
    from qa.check.drift import Drift
    from qa.check.records import CheckedQuotation, CheckReport
    from qa.ingest.write import AddReport, Progress
    from qa.structure.evidence import SpeakerEvidence


Names = str | Iterable[str] | None
Day = str | dt.date | None


def open(
    folder: str | os.PathLike[str] | None = None,
    *,
    settings: Settings | None = None,
    encoder: Encoder | None = None,
    create: bool = True,
    read_only: bool = False,
    notify: Callable[[str], None] | None = None,
) -> Library:
    """Open the library in a folder; the first `add` makes it if there is none.

    Without a folder it is CITEWELL_LIBRARY's, else the platform's data folder. `encoder` takes
    the place of the model that `settings.model` names. `notify` is called with a line of text
    before rare long steps, such as the first use of a model.

    Raises LibraryMissing if there is no library and `create` is false or `read_only` is true.
    Raises LibraryMismatch, LibraryDamaged, LibraryBusy, EmbeddingError.
    """
    place, create = library_folder(folder), create and not read_only
    session = Session(place, settings or Settings(), create, read_only, notify, encoder)
    if not create and not library_exists(place):
        raise LibraryMissing(
            f"there is no library in {place}: add files with `qa add`, "
            "or name another folder with --library"
        )
    if library_exists(place):
        named = session.settings.model is not None or encoder is not None
        _ = session.matching() if named else session.readable()
    return Library(session)


class Library:
    """A library of documents, made by `qa.open`. Threads may share it."""

    def __init__(self, session: Session) -> None:
        self.folder = session.folder
        self._session = session

    # ---- writing ---------------------------------------------------------------------

    def add(
        self,
        *paths: str | os.PathLike[str],
        progress: Callable[[Progress], None] | None = None,
        sync: bool = False,
        exclude: Iterable[str] = (),
    ) -> AddReport:
        """Add files, folders and ZIP archives, or bring them up to date.

        Unchanged files are skipped and changed ones replaced; with `sync`, sources under the
        given folders whose files are gone are removed. `exclude` takes patterns as in
        `.gitignore`, relative to each given folder; a `.citewellignore` file in a folder does the
        same. Each member of an archive is a source of its own, `ARCHIVE.zip/NAME`. A file that
        can't be read is listed in the report's `failed` with the reason, and the others are added.
        `progress` is called in this thread; an exception that it raises ends the `add`.

        Raises LibraryMismatch, LibraryBusy, EmbeddingError.
        """
        from qa.ingest.write import Ingest
        from qa.readers.sandbox.isolation import warm_up

        warm_up(self._session.settings.reading)  # while the model is loaded
        ingest = Ingest(self._session.matching(), self.encoder, self._session.settings, progress)
        report = ingest.run([Path(path) for path in paths], sync=sync, exclude=as_tuple(exclude))
        self._session.keep_indexes()
        return report

    def remove(self, source: str) -> str:
        """Remove a source with the corrections made in it, and return its path.

        Raises UnknownSource.
        """
        store = self._session.readable()
        path = resolve_source(store, source)
        store.remove([path])
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
        """Correct a document's title or date by hand, and return the corrections made.

        A title or date of None says that the document has none; a date is YYYY-MM-DD, YYYY-MM or
        YYYY. `document` is the document's ordinal, needed only where a source has several. A
        correction outlives a later `add` of the file, changed or not, as long as the document is
        recognised by its first words (see `corrections`). `person` names who corrects. `seen` is
        the title and date that the person saw: if they have changed since, nothing is corrected.

        Raises UnknownSource, InvalidQuery.
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
        """Correct by hand who speaks, and return the correction.

        A speaker of None says that nobody is known to speak. Give either `found`, to correct all
        turns of the source in which that name was found, or `at`, to correct the one turn that
        holds the character at this offset. A `role` of None keeps the role that was found with
        the name (a single turn then has none); "" removes it. When the file is added again a turn
        is recognised by its own words. `person` and `seen` are as in `correct`.

        Raises UnknownSource, InvalidQuery.
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
        """Remove a correction, so that what was found holds again, and return it.

        Raises InvalidQuery.
        """
        store = self._session.readable()
        gone = next((one for one in store.corrections() if one.id == id), None)
        if gone is None:
            raise InvalidQuery(f"there is no correction {id}: `qa correct --list` lists them")
        store.correct(gone.path, lambda subject: subject.without(id))
        return gone

    def _correct(
        self, source: str, make: Callable[[Correctable], Sequence[Correction]]
    ) -> tuple[Correction, ...]:
        return self._session.readable().correct(
            self.path(source), lambda subject: subject.with_new(make(subject))
        )

    # ---- asking ----------------------------------------------------------------------

    def ask(
        self,
        question: str,
        *,
        speaker: Names = None,
        since: Day = None,
        until: Day = None,
        sources: Names = None,
        documents: Names = None,
        limit: int = 5,
        understand: bool = True,
        history: Sequence[Answer | str] = (),
        today: dt.date | None = None,
    ) -> Answer:
        """Answer a question with at most `limit` verbatim quotes, best first.

        Filters apply before ranking. A speaker, source or document is named by enough of its
        words to tell it; dates are YYYY-MM-DD, YYYY-MM or YYYY, inclusive. Speakers and dates are
        also read out of the question, unless `understand` is false. `history` holds the earlier
        answers (or questions) of a conversation, oldest first; a question that leans on them is
        completed from them. `today` is the day that "last year" is counted from.

        Raises InvalidQuery for a question without words or a filter that nothing fits, and
        UnknownSource. Raises EmbeddingError.
        """
        if limit < 1:
            raise ValueError(f"limit is {limit}, expected at least 1")
        session, dates = self._session, date_filters(since, until)
        searcher = session.searching()
        query = session.read_query(question, dates, understand, history, today)
        store = session.readable()
        with store.snapshot():
            named = session.named_filters(dates, speaker, sources, documents)
            query = replace(query, filters=named)
            found = searcher.search(query)
            quoting, model = session.settings.quoting, session.evidence_settings()
            answer = compose_answer(store, session.words, query, found, limit, quoting, model)
            return with_warnings(store, answer, found.passages.values())

    def rank(
        self,
        question: str,
        *,
        filters: Filters = NO_FILTERS,
        understand: bool = True,
    ) -> tuple[RankedPassage, ...]:
        """Return the ranked passages that an answer would be quoted from, best first."""
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
        """Return the figures that decide an answer's verdict, or None if nothing is found."""
        searcher = self._session.searching()
        query = self._session.read_query(question, filters, understand)
        with self._session.readable().snapshot():
            return gather_evidence(self._session.readable(), query, searcher.search(query))

    def find(
        self,
        query: str,
        *,
        speaker: Names = None,
        since: Day = None,
        until: Day = None,
        sources: Names = None,
        documents: Names = None,
        order: Order = Order.DATE,
        within: Within = Within.TURN,
        stem: bool = False,
        everywhere: bool = False,
        limit: int | None = None,
    ) -> FindReport:
        """Find every occurrence of words, "phrases", NEAR(a b, 10), without -words.

        `stem` finds inflected forms too; `everywhere` also searches headings, labels and menus,
        which are never quoted. `limit` shortens the list, never the counts. The filters are those
        of `ask`.

        Raises InvalidQuery, UnknownSource.
        """
        wanted = parse_find(query, stem=stem)
        store = self._session.readable()
        with store.snapshot():
            dates = date_filters(since, until)
            return find_occurrences(
                store,
                wanted,
                self._session.named_filters(dates, speaker, sources, documents),
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

        No model is needed. `blocks` are the spans that the draft's format marks as block quotes.
        Of more than `most` quotations only the first are checked, and the report says how many
        were not. `ok` of the report says whether all is in order.
        """
        return self._session.checking().draft(text, blocks=tuple(blocks), most=most)

    def check_quote(
        self,
        quote: str,
        *,
        source: str | None = None,
        speaker: str | None = None,
        date: Day = None,
    ) -> CheckedQuotation:
        """Check one quotation, and what is claimed of it: its source, who says it, and when.

        A date is YYYY-MM-DD, YYYY-MM or YYYY. Raises InvalidQuery for a quotation without words
        or a date in another form, UnknownSource for a source that is not in the library.
        """
        return self._session.checking().quote(quote, source=source, speaker=speaker, date=date)

    def drift(self, *files: str | os.PathLike[str]) -> tuple[Drift, ...]:
        """Tell what became of saved citations: intact, moved, changed or gone.

        Without files these are all that the library keeps: citations saved under a token, and the
        quotes in conversations, notebooks and feedback. With files, those in the files: tokens in
        drafts, exported annotations, evidence packs. Each citation comes once, with all the
        places where it is saved. Raises ReadError for a file that can't be read.
        """
        from qa.check.citation_files import find_library_drift

        return find_library_drift(self._session.readable(), self.folder, files)

    def standing(self, quotes: Iterable[Quote]) -> tuple[Drift, ...]:
        """Tell what became of the quotes of earlier answers, one result for each."""
        from qa.anchoring.citations import citation_of_answer
        from qa.check.drift import find_drift

        return find_drift(
            self._session.readable(),
            [citation_of_answer(quote.citation, quote.text) for quote in quotes],
        )

    # ---- what the library holds ------------------------------------------------------

    def sources(self) -> tuple[StoredSource, ...]:
        """Return all sources, in order of path."""
        return self._session.readable().sources()

    def text(self, source: str) -> str:
        """Return a source's stored text, which the offsets of citations count.

        Raises UnknownSource.
        """
        return text_of(self._session.readable(), self.path(source))

    def structure(
        self, source: str, *, as_found: bool = False
    ) -> tuple[tuple[Document, ...], tuple[Turn, ...]]:
        """Return a source's documents and turns, or those `as_found`, before corrections by hand.

        Raises UnknownSource.
        """
        store = self._session.readable()
        return store.structure(self.path(source), as_found=as_found)

    def speaker_evidence(self, source: str) -> tuple[SpeakerEvidence, ...]:
        """Return why the turns of a source have the speakers that they have, in text order.

        A turn without a speaker is left out, unless that is because somebody else may have begun
        to speak there, or because of a correction by hand. Raises UnknownSource.
        """
        from qa.structure.evidence import speaker_evidence

        store = self._session.readable()
        with store.snapshot():
            path = resolve_source(store, source)
            found = store.structure(path, as_found=True)
            text = store.source_text(path)
            corrections = listed(store.corrections(path), found, text.text)
            by_hand = {turn for one in corrections for turn in one.effect.turns}
            return speaker_evidence(text, *found, by_hand)

    def corrections(self, source: str | None = None) -> tuple[ListedCorrection, ...]:
        """Return the corrections made by hand, in one source or in all, and where each applies.

        A correction whose document or turn is no longer recognised applies nowhere (`applies` is
        false), and stays until it is removed. Raises UnknownSource.
        """
        store = self._session.readable()
        with store.snapshot():
            path = None if source is None else resolve_source(store, source)
            by_path: dict[str, list[Correction]] = {}
            for correction in store.corrections(path):
                by_path.setdefault(correction.path, []).append(correction)
            return tuple(
                one
                for path, made in by_path.items()
                for one in listed(made, store.structure(path, as_found=True), text_of(store, path))
            )

    def speakers(self) -> tuple[SpeakerCount, ...]:
        """Return each speaker in each role with the number of turns, the most frequent first."""
        return self._session.speakers()

    def titles(self) -> tuple[str, ...]:
        """Return the titles of documents, each once, sorted."""
        return self._session.readable().names().titles

    def dates(self) -> tuple[str, ...]:
        """Return the dates of documents (YYYY-MM-DD, YYYY-MM or YYYY), each once, sorted."""
        return self._session.readable().names().dates

    def size(self) -> int:
        """Return how many bytes the library's database takes up on the disk."""
        return library_bytes(self.folder)

    def generation(self) -> int:
        """Return a number that grows with every change of the library."""
        with self._session.readable().snapshot() as generation:
            return generation

    def locators(self, source: str) -> tuple[LocatorMark, ...]:
        """Return where in a source's text each page, time or chapter begins.

        Raises UnknownSource.
        """
        store = self._session.readable()
        with store.snapshot():
            (found,) = store.sources([resolve_source(store, source)])
            return store.locators(found.text_id)

    def path(self, source: str) -> str:
        """Return the path of the source that a name stands for: its path, or the end of it.

        Raises UnknownSource.
        """
        return resolve_source(self._session.readable(), source)

    def paths_in(self, folder: str) -> tuple[str, ...]:
        """Return the paths of all sources in a folder or archive, named by its path or the end
        of it; none if there is no such folder. Raises UnknownSource if several are meant."""
        return sources_in(folder, self._session.readable().paths())

    def short_name(self, path: str) -> str:
        """Return the shortest end of a source's path that no other source shares."""
        return short_name_of(path, self._session.readable().paths())

    def verify(self) -> VerifyReport:
        """Check every stored row against its checksum, and that rows agree with each other."""
        return self._session.readable().verify()

    @property
    def index_kind(self) -> str:
        """What the vectors are searched by, in words, which their number decides."""
        vectors = self._session.vectors()
        vectors.refresh(self._session.matching())
        return vectors.kind

    @property
    def encoder(self) -> Encoder:
        """The encoder in use, loaded when it is first needed. Raises EmbeddingError."""
        return self._session.encoder

    def close(self) -> None:
        """Close the library's files. Closing twice does no harm."""
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
