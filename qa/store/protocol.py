"""The library protocol: what can be read from and written to a library, wherever it is stored.

A library is a row of generations: every write makes the next one, whole. Whoever reads sees one
generation at a time, and within `snapshot` the same one throughout. `LibraryReader` reads,
`LibraryWriter` writes, `LibraryMaintenance` checks and remakes; `LibraryStore` is all three.
What people save beside the sources (`SavedCitations`, `Notebook`) belongs to no generation.

Passages have ids that are never given to another passage. Methods take sets of ids and return
records; ids come as arrays (n,) int64, ascending where they are returned.

Any method may raise LibraryBusy, LibraryDamaged or LibraryError, and LibraryMismatch once another
process has rebuilt the library with something else than was expected on opening.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import EncoderIdentity, FloatMatrix
from embeddings.token_codes import PassageCodes
from qa.records import NO_FILTERS, Document, Filters, LocatorMark, Quote, SourceText, Turn
from qa.store.records import (
    Excerpt,
    FileFacts,
    Ids,
    Inventory,
    LibrarySize,
    Names,
    NewSource,
    Provenance,
    PutResult,
    StoredPassage,
    StoredSource,
    TurnPlace,
    VerifyReport,
    Versions,
)

if TYPE_CHECKING:
    from qa.anchoring.citations import SavedCitation
    from qa.corrections.applying import Correctable, Correction
    from qa.notebook.records import Conversation, Exchange, Feedback, FeedbackKind, Pin

Scores = NDArray[np.float32]
Structure = tuple[tuple[Document, ...], tuple[Turn, ...]]


class LibraryReader(Protocol):
    """Reads a library. Safe to share by threads."""

    @property
    def read_only(self) -> bool:
        """Whether nothing may be written, not even beside the library."""
        ...

    @property
    def index_folder(self) -> Path | None:
        """Where indexes made from the library may be kept between runs; None: nowhere."""
        ...

    @property
    def provenance(self) -> Provenance:
        """The encoder, the versions and the token mean that the library was made with."""
        ...

    def snapshot(self) -> AbstractContextManager[int]:
        """Within it, all that the thread reads is of one generation, whose number it gives.

        Snapshots nest; a thread can't write within one.
        """
        ...

    # ---- sources and their texts ------------------------------------------------------

    def paths(self) -> tuple[str, ...]:
        """Return the paths of all sources, sorted."""
        ...

    def sources(self, paths: Collection[str] | None = None) -> tuple[StoredSource, ...]:
        """Return all sources, or those under exactly these paths, sorted by path."""
        ...

    def source_text(self, path: str) -> SourceText:
        """Return all that the reader took from a source's file. Raises UnknownSource."""
        ...

    def structure(self, path: str, *, as_found: bool = False) -> Structure:
        """Return a source's documents and turns in text order, with the corrections made by hand
        or as they were found. Raises UnknownSource."""
        ...

    def corrections(self, path: str | None = None) -> tuple[Correction, ...]:
        """Return all corrections by hand, or those of one source, in the order they were made."""
        ...

    def excerpt(self, text_id: int, start: int, end: int) -> Excerpt:
        """Return characters start … end of a text, fewer where it ends before.

        Raises ValueError for a text that there is not, for a span with start > end, and for an
        empty span outside the text.
        """
        ...

    def locators(self, text_id: int) -> tuple[LocatorMark, ...]:
        """Return where in a text each page, time or chapter begins. Raises ValueError."""
        ...

    # ---- passages ---------------------------------------------------------------------

    def size(self, filters: Filters = NO_FILTERS) -> LibrarySize:
        """Count the passages that satisfy all filters, and their documents. Without filters
        documents that have no passages count too. Raises InvalidQuery."""
        ...

    def passage_ids(self, filters: Filters = NO_FILTERS) -> Ids:
        """Return the passages that satisfy all filters.

        Names are compared exactly. A document satisfies a range of dates if every day that its
        own date may mean lies in the range: one of "2022-05" is not known to be from 10 May on.
        Raises InvalidQuery for a date that is none.
        """
        ...

    def passages(self, ids: Iterable[int]) -> dict[int, StoredPassage]:
        """Return id → passage, in the order asked for; an unknown id is left out."""
        ...

    def turn_places(self, ids: Iterable[int]) -> dict[int, TurnPlace]:
        """Return passage id → the turn that it stands in; an unknown id is left out."""
        ...

    def corrected(self, text_id: int, document: Document, turn: Turn) -> tuple[str, ...]:
        """Return which of "document" (its title), "date" and "speaker" were corrected by hand
        there."""
        ...

    def names(self) -> Names:
        """Return the speakers, titles and dates of all documents."""
        ...

    # ---- what indexes are made of -----------------------------------------------------

    def inventory(self) -> Inventory:
        """Return which texts the generation holds, so that an index of an earlier one is brought
        up to date by what changed alone."""
        ...

    def vectors(self, ids: Ids) -> FloatMatrix:
        """Return the (n, d) float32 vectors of (n,) passages, in their order. Raises KeyError if
        one has none."""
        ...

    def codes(self, ids: Iterable[int]) -> dict[int, PassageCodes]:
        """Return id → token codes; an unknown id is left out."""
        ...

    def token_counts(self, token_ids: Sequence[int]) -> Ids:
        """Return for each token id in how many passages' codes it occurs: (n,) int64."""
        ...

    def tokens(self, ids: Ids) -> list[str]:
        """Return the lexical tokens of (n,) passages, in their order, each passage's joined by
        single spaces. Raises KeyError if a passage is not there."""
        ...

    # ---- words ------------------------------------------------------------------------

    def lexical_scores(
        self, terms: Sequence[str], *, phrase: bool = False, among: Ids | None = None
    ) -> tuple[Ids, Scores]:
        """Score the passages that hold any of some lexical tokens; with `phrase`, all of them in
        this order, one after the other.

        The score is Robertson's BM25 (k₁ 1.2, b 0.75) with the statistics of the whole library,
        whatever `among` limits the passages to; higher is better.

        Returns:
            Ascending ids (n,) and their scores (n,) float32.
        """
        ...

    def term_counts(self, terms: Collection[str] | None = None) -> dict[str, int]:
        """Return lexical token → in how many passages it occurs, 0 for none; without `terms`, of
        all that occur, in code-point order."""
        ...


class LibraryWriter(Protocol):
    """Writes a library: each call becomes one generation, or nothing does.

    Writes wait for each other, within a process and between processes. LibraryError is raised
    where the library was opened for reading only, and within a snapshot.
    """

    def has_text(self, source: SourceText) -> bool:
        """Return whether this very text, as it was read, is stored and structured already."""
        ...

    def put(self, entries: Sequence[NewSource]) -> list[PutResult]:
        """Store sources, each in the place of what stood under its path: all of them or none.

        A text that is there already is kept as it is, and its entry's structure is not looked
        at. A path's corrections are applied to its entry's structure, which is what was found.
        Raises ValueError if an entry's parts do not agree with each other, and LibraryError
        where the library was opened without naming an encoder and versions.
        """
        ...

    def attach(self, file: FileFacts, source: SourceText) -> PutResult | None:
        """Let a path stand for a text that is stored already; None if it is not (any longer).

        A path with corrections never shares the text of another.
        """
        ...

    def remove(self, paths: Collection[str]) -> None:
        """Remove sources with their corrections, and each text that no other path has.

        Raises UnknownSource for a path that is not there; then none is removed.
        """
        ...

    def correct(
        self, path: str, change: Callable[[Correctable], Sequence[Correction]]
    ) -> tuple[Correction, ...]:
        """Let a source have the corrections that `change` makes of it as it stands in this
        generation, which tells those it has (`kept`): those left out are forgotten.

        Returns the new ones, which `change` gives the id 0, with their own. Raises UnknownSource,
        and whatever `change` raises: then nothing has changed.
        """
        ...

    def keep_token_mean(self, mean: NDArray[np.float32]) -> NDArray[np.float32]:
        """Fix what token codes are signs around, (d,) float32, unless that was done before.

        Returns what holds from now on: codes around another mean can't be compared with these.
        """
        ...


class LibraryRebuild(Protocol):
    """A library remade beside the old one: put into `new` what `old` has, then `finish`."""

    @property
    def old(self) -> LibraryReader: ...

    @property
    def new(self) -> LibraryStore: ...

    def finish(self) -> int:
        """Put the new content in the old one's place and return the generation that makes.

        Other readers see the old content or the new, never a mixture. Raises LibraryBusy if the
        old library was written to since the rebuild began.
        """
        ...


class LibraryMaintenance(Protocol):
    """Checks a library and remakes it."""

    def verify(self) -> VerifyReport:
        """Check every row and every relation between rows; problems are reported, not raised."""
        ...

    def rebuild(
        self, identity: EncoderIdentity, versions: Versions
    ) -> AbstractContextManager[LibraryRebuild]:
        """Begin to make the library anew with another encoder or other rules.

        Ids and corrections are carried over. Nothing changes without `finish`. Raises LibraryBusy
        if another rebuild is running.
        """
        ...

    def close(self) -> None:
        """Let go of all that is held. To close twice does no harm."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


class LibraryStore(LibraryReader, LibraryWriter, LibraryMaintenance, Protocol):
    """One library, to read and to write."""


# ---- what people save beside the sources ------------------------------------------------


class SavedCitations(Protocol):
    """The citations that a library's people saved under tokens."""

    def add(self, kept: SavedCitation) -> SavedCitation:
        """Save a citation and return what is saved: one with this token stays as it is.

        Raises CitewellError should two places have one token, which 50 bits make unlikely.
        """
        ...

    def find(self, token: str) -> SavedCitation | None:
        """Return the citation that a token stands for."""
        ...

    def __iter__(self) -> Iterator[SavedCitation]:
        """Yield all citations, oldest first. Raises CitewellError where they are damaged."""
        ...


class Notebook(Protocol):
    """Conversations, pinned quotes and feedback, each of one person. Safe to share by threads.

    Methods raise LibraryError where nothing can be read or written, and KeyError for a
    conversation or exchange that the person does not have.
    """

    def conversations(self, person: str) -> tuple[Conversation, ...]:
        """Return a person's conversations, the latest first."""
        ...

    def keep_exchange(self, person: str, conversation: str | None, exchange: Exchange) -> str:
        """Append to a conversation, or begin one named after the question; return its id."""
        ...

    def exchanges(self, person: str, conversation: str) -> tuple[Exchange, ...]:
        """Return the questions and answers of a conversation, in order."""
        ...

    def last_exchange(self, person: str, conversation: str) -> Exchange | None:
        """Return the latest question of a conversation and its answer."""
        ...

    def exchange(self, person: str, exchange: str) -> Exchange:
        """Return one question and its answer."""
        ...

    def title(self, person: str, conversation: str) -> str:
        """Return a conversation's name."""
        ...

    def rename(self, person: str, conversation: str, title: str) -> str:
        """Name a conversation and return the name as kept; an empty one changes nothing."""
        ...

    def delete(self, person: str, conversation: str) -> None:
        """Forget a conversation. Pinned quotes stay."""
        ...

    def pin(self, person: str, question: str, quote: Quote) -> Pin:
        """Put a quote into the notebook; the same place is pinned once."""
        ...

    def pins(self, person: str) -> tuple[Pin, ...]:
        """Return a person's pinned quotes, in the order in which they were pinned."""
        ...

    def unpin(self, person: str, pin: str) -> None:
        """Take a quote out of the notebook; one that is not in it is no error."""
        ...

    def give_feedback(
        self, person: str, kind: FeedbackKind, question: str, quote: Quote
    ) -> Feedback:
        """Keep a person's word on one quote."""
        ...

    def feedback(self) -> tuple[Feedback, ...]:
        """Return everybody's feedback, oldest first: for whoever looks after the library."""
        ...

    def quotes(self) -> Iterator[tuple[str, Quote]]:
        """Give everybody's kept quotes, each with where it is kept, in words."""
        ...
