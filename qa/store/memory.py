"""A library in memory: for tests, and to show what a `LibraryStore` is with nothing in the way.

A generation is one immutable value; a write makes the next from it and puts it in its place. What
is computed (BM25, filters, lines) is computed plainly from the records, independently of SQLite.
"""

from __future__ import annotations

import math
import re
import threading
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import EncoderIdentity, FloatMatrix
from embeddings.token_codes import PassageCodes
from qa.corrections.applying import Correctable, Correction, corrected
from qa.errors import InvalidQuery, LibraryBusy, LibraryError, LibraryMismatch, UnknownSource
from qa.language.dates import days_of, period
from qa.records import NO_FILTERS, Document, Filters, LocatorMark, Passage, SourceText, Turn
from qa.store.protocol import LibraryReader, LibraryRebuild, LibraryStore, Scores, Structure
from qa.store.records import (
    EncodedPassage,
    Excerpt,
    FileFacts,
    HeldText,
    Ids,
    Inventory,
    LibrarySize,
    Names,
    NewSource,
    Problem,
    Provenance,
    PutResult,
    RowCount,
    SpeakerCount,
    StoredPassage,
    StoredSource,
    TurnPlace,
    VerifyReport,
    Versions,
)
from qa.store.source_names import unknown_path
from qa.store.validation import mismatches, require_consistent

_K1, _B, _LEAST_WEIGHT = 1.2, 0.75, 1e-6
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class _Text:
    """A text and what was made of it. `owner`: the one path whose corrections it holds. `first` is
    the id of its first passage; `changes` counts how often corrections changed its passages."""

    source: SourceText
    owner: str | None
    found: Structure
    structure: Structure
    passages: tuple[Passage, ...]
    encoded: tuple[EncodedPassage, ...]
    tokens: tuple[str, ...]
    first: int
    changes: int = 0

    @property
    def ids(self) -> range:
        return range(self.first, self.first + len(self.passages))


@dataclass(frozen=True, slots=True)
class _File:
    facts: FileFacts
    added_at: str
    text_id: int


@dataclass(frozen=True, slots=True)
class _State:
    """One generation. `next_*` are ids that nothing has had."""

    provenance: Provenance
    generation: int = 0
    texts: Mapping[int, _Text] = field(default_factory=dict)
    files: Mapping[str, _File] = field(default_factory=dict)
    corrections: Mapping[int, Correction] = field(default_factory=dict)
    next_text: int = 1
    next_passage: int = 1
    next_correction: int = 1

    def text_of(self, path: str) -> _Text:
        file = self.files.get(path)
        if file is None:
            raise unknown_path(path, sorted(self.files))
        return self.texts[file.text_id]

    def text(self, text_id: int) -> _Text:
        if text_id not in self.texts:
            raise ValueError(f"no text has the id {text_id}")
        return self.texts[text_id]

    def with_id(self, source: SourceText, owner: str | None) -> int | None:
        """Return the id of the text that was read so and belongs to that path, or to all."""
        for number, text in self.texts.items():
            if text.owner == owner and text.source == source:
                return number
        return None

    def corrections_of(self, path: str) -> tuple[Correction, ...]:
        return tuple(one for one in self.corrections.values() if one.path == path)

    def places(self) -> Iterator[tuple[int, int, _Text, int]]:
        """Yield passage id, text id, text and the passage's number in it, by ascending id."""
        found = [(i, n, t, i - t.first) for n, t in self.texts.items() for i in t.ids]
        return iter(sorted(found, key=lambda place: place[0]))


class MemoryLibrary:
    """What stores in memory share as others share a file: the generation that holds now."""

    def __init__(self, identity: EncoderIdentity, versions: Versions) -> None:
        self.state = _State(Provenance(identity, versions))
        self.lock = threading.Lock()
        self.rebuilding = threading.Lock()


class _Current(threading.local):
    state: _State | None = None


class MemoryStore(LibraryStore):
    """A `LibraryStore` of a `MemoryLibrary`."""

    def __init__(
        self,
        library: MemoryLibrary,
        *,
        identity: EncoderIdentity | None = None,
        versions: Versions | None = None,
        read_only: bool = False,
    ) -> None:
        self._library = library
        self._identity = identity
        self._versions = versions
        self._read_only = read_only
        self._closed = False
        self._current = _Current()
        with self.snapshot():
            pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._closed = True

    @property
    def read_only(self) -> bool:
        return self._read_only

    @property
    def index_folder(self) -> Path | None:
        return None

    @property
    def provenance(self) -> Provenance:
        return self._state.provenance

    @property
    def _state(self) -> _State:
        """The generation that the thread sees."""
        if self._current.state is not None:
            return self._current.state
        if self._closed:
            raise LibraryError("This library was closed.")
        return self._as_expected(self._library.state)

    def _as_expected(self, state: _State) -> _State:
        differences = mismatches(state.provenance, self._identity, self._versions)
        if differences:
            raise LibraryMismatch(f"The library was made with {'; '.join(differences)}.")
        return state

    def snapshot(self) -> AbstractContextManager[int]:
        known = self._current.state
        return self._snapshot() if known is None else nullcontext(known.generation)

    @contextmanager
    def _snapshot(self) -> Iterator[int]:
        state = self._current.state = self._state
        try:
            yield state.generation
        finally:
            self._current.state = None

    # ---- sources and their texts ------------------------------------------------------

    def paths(self) -> tuple[str, ...]:
        return tuple(sorted(self._state.files))

    def sources(self, paths: Collection[str] | None = None) -> tuple[StoredSource, ...]:
        state = self._state
        wanted = state.files if paths is None else set(paths) & state.files.keys()
        return tuple(_stored(state.files[path], state) for path in sorted(wanted))

    def source_text(self, path: str) -> SourceText:
        return self._state.text_of(path).source

    def structure(self, path: str, *, as_found: bool = False) -> Structure:
        text = self._state.text_of(path)
        return text.found if as_found else text.structure

    def corrections(self, path: str | None = None) -> tuple[Correction, ...]:
        state = self._state
        return tuple(state.corrections.values()) if path is None else state.corrections_of(path)

    def corrected(self, text_id: int, document: Document, turn: Turn) -> tuple[str, ...]:
        documents, turns = self._state.text(text_id).found
        was = next(one for one in documents if one.ordinal == document.ordinal)
        spoken = next(
            one for one in turns if (one.document, one.ordinal) == (turn.document, turn.ordinal)
        )
        differs = {
            "document": was.title != document.title,
            "date": was.date != document.date,
            "speaker": (spoken.speaker, spoken.role) != (turn.speaker, turn.role),
        }
        return tuple(name for name, differing in differs.items() if differing)

    def excerpt(self, text_id: int, start: int, end: int) -> Excerpt:
        if not 0 <= start <= end:
            raise ValueError(f"span {start}-{end}: expected 0 ≤ start ≤ end")
        text = self._state.text(text_id).source.text
        if start == end and start > len(text):
            raise ValueError(f"offset {start}: text {text_id} has {len(text)} characters")
        ends = [match.end() for match in _LINE_END.finditer(text)]
        return Excerpt(text[start:end], start, bisect_right(ends, start) + 1)

    def locators(self, text_id: int) -> tuple[LocatorMark, ...]:
        return self._state.text(text_id).source.locators

    # ---- passages -----------------------------------------------------------------------

    def size(self, filters: Filters = NO_FILTERS) -> LibrarySize:
        with self.snapshot():
            ids, state = self.passage_ids(filters), self._state
            if filters.empty:
                documents = sum(len(text.structure[0]) for text in state.texts.values())
            else:
                found = self.passages(ids.tolist()).values()
                documents = len({(one.text_id, one.document.ordinal) for one in found})
            return LibrarySize(len(ids), documents)

    def passage_ids(self, filters: Filters = NO_FILTERS) -> Ids:
        try:
            days = days_of(filters.since, filters.until)
        except ValueError as error:
            raise InvalidQuery(f"A filter's date can't be understood: {error}.") from None
        with self.snapshot():
            every = [place[0] for place in self._state.places()]
            if not filters.empty:
                passages = self.passages(every)
                every = [n for n in every if _satisfies(passages[n], filters, days)]
        return np.array(every, np.int64)

    def passages(self, ids: Iterable[int]) -> dict[int, StoredPassage]:
        state = self._state
        places = {place[0]: place for place in state.places()}
        found = {}
        for number in ids:
            if int(number) in places:
                found[int(number)] = _stored_passage(*places[int(number)], state)
        return found

    def turn_places(self, ids: Iterable[int]) -> dict[int, TurnPlace]:
        return {
            number: TurnPlace(one.text_id, one.document.ordinal, one.turn.ordinal, one.turn.kind)
            for number, one in self.passages(ids).items()
        }

    def names(self) -> Names:
        texts = self._state.texts.values()
        turns = Counter(
            (turn.speaker, turn.role)
            for text in texts
            for turn in text.structure[1]
            if turn.speaker is not None and turn.kind.quotable
        )
        speakers = [SpeakerCount(name, role, n) for (name, role), n in turns.items() if name]
        speakers.sort(key=lambda one: (-one.turns, one.name, one.role is not None, one.role or ""))
        documents = [document for text in texts for document in text.structure[0]]
        return Names(
            tuple(speakers),
            tuple(sorted({one.title for one in documents if one.title is not None})),
            tuple(sorted({one.date for one in documents if one.date is not None})),
        )

    # ---- what indexes are made of -------------------------------------------------------

    def inventory(self) -> Inventory:
        return {
            number: HeldText(
                f"{number} {text.changes}", text.first, text.ids[-1], len(text.passages)
            )
            for number, text in self._state.texts.items()
            if text.passages
        }

    def vectors(self, ids: Ids) -> FloatMatrix:
        held = {i: text.encoded[at].vector for i, _, text, at in self._state.places()}
        dimension = self.provenance.identity.dimension
        found = [held[number] for number in ids.tolist()]
        return np.array(found, np.float32).reshape(-1, dimension)

    def codes(self, ids: Iterable[int]) -> dict[int, PassageCodes]:
        held = {i: text.encoded[at].codes for i, _, text, at in self._state.places()}
        return {int(number): held[int(number)] for number in ids if int(number) in held}

    def token_counts(self, token_ids: Sequence[int]) -> Ids:
        counts = Counter(
            token
            for _, _, text, at in self._state.places()
            for token in set(text.encoded[at].codes.token_ids.tolist())
        )
        return np.array([counts[int(token)] for token in token_ids], np.int64)

    def tokens(self, ids: Ids) -> list[str]:
        held = {i: text.tokens[at] for i, _, text, at in self._state.places()}
        return [held[number] for number in ids.tolist()]

    # ---- words --------------------------------------------------------------------------

    def lexical_scores(
        self, terms: Sequence[str], *, phrase: bool = False, among: Ids | None = None
    ) -> tuple[Ids, Scores]:
        held = {i: text.tokens[at].split() for i, _, text, at in self._state.places()}
        _require_characters(*terms, error=InvalidQuery)
        phrases = [list(terms)] if phrase and terms else [[term] for term in dict.fromkeys(terms)]
        scores = _bm25(held, phrases)
        ids = sorted(scores if among is None else scores.keys() & set(among.tolist()))
        return np.array(ids, np.int64), np.array([scores[n] for n in ids], np.float32)

    def term_counts(self, terms: Collection[str] | None = None) -> dict[str, int]:
        counts = Counter(
            term for _, _, text, at in self._state.places() for term in set(text.tokens[at].split())
        )
        return {term: counts[term] for term in (sorted(counts) if terms is None else terms)}

    # ---- writing ------------------------------------------------------------------------

    @contextmanager
    def _writing(self) -> Iterator[_Draft]:
        if self._read_only:
            raise LibraryError("The library was opened for reading only.")
        if self._current.state is not None:
            raise LibraryError("A snapshot only reads. Write before it or after it.")
        with self._library.lock:
            draft = _Draft(self._state)
            yield draft
            self._library.state = draft.finished()

    def has_text(self, source: SourceText) -> bool:
        return self._state.with_id(source, None) is not None

    def put(self, entries: Sequence[NewSource]) -> list[PutResult]:
        if self._identity is None or self._versions is None:
            raise LibraryError("The library was opened without naming an encoder and versions.")
        for entry in entries:
            require_consistent(entry, self._identity.dimension)
        with self._writing() as draft:
            return [draft.put(entry) for entry in entries]

    def attach(self, file: FileFacts, source: SourceText) -> PutResult | None:
        with self._writing() as draft:
            owner = file.path if draft.corrections_of(file.path) else None
            text_id = draft.with_id(source, owner)
            return None if text_id is None else draft.settle(file, text_id, reused=True)

    def remove(self, paths: Collection[str]) -> None:
        with self._writing() as draft:
            for path in dict.fromkeys(paths):
                draft.remove(path)

    def correct(
        self, path: str, change: Callable[[Correctable], Sequence[Correction]]
    ) -> tuple[Correction, ...]:
        with self._writing() as draft:
            return draft.correct(path, change)

    def keep_token_mean(self, mean: NDArray[np.float32]) -> NDArray[np.float32]:
        with self._writing() as draft:
            known = draft.provenance.token_mean
            if known is not None:
                return known
            dimension = draft.provenance.identity.dimension
            if mean.shape != (dimension,) or not np.isfinite(mean).all():
                raise ValueError(f"token mean {mean.shape}, expected {dimension} finite numbers")
            kept = mean.astype(np.float32)
            draft.provenance = replace(draft.provenance, token_mean=kept)
            return kept

    # ---- maintenance --------------------------------------------------------------------

    def verify(self) -> VerifyReport:
        state = self._state
        dimension = state.provenance.identity.dimension
        problems = [
            Problem("sources", path, "refers to a text that is not there")
            for path, file in state.files.items()
            if file.text_id not in state.texts
        ]
        used = {file.text_id for file in state.files.values()}
        problems += [
            Problem("texts", str(n), "belongs to no source") for n in state.texts.keys() - used
        ]
        for number, text in state.texts.items():
            entry = NewSource(
                *("text", "", 0, 0, text.source, *text.structure, text.passages),
                *(text.encoded, text.tokens),
            )
            try:
                require_consistent(entry, dimension)
            except ValueError as error:
                problems.append(Problem("texts", str(number), str(error)))
        sizes = {
            "texts": len(state.texts),
            "sources": len(state.files),
            "passages": sum(len(text.passages) for text in state.texts.values()),
            "corrections": len(state.corrections),
        }
        return VerifyReport(tuple(problems), tuple(RowCount(*size) for size in sizes.items()))

    @contextmanager
    def rebuild(self, identity: EncoderIdentity, versions: Versions) -> Iterator[LibraryRebuild]:
        if not self._library.rebuilding.acquire(blocking=False):
            raise LibraryBusy("Another rebuild is running. Wait for it.")
        try:
            with self.snapshot():
                before = self._state
            beside = MemoryLibrary(identity, versions)
            beside.state = replace(
                beside.state,
                corrections=before.corrections,
                next_text=before.next_text,
                next_passage=before.next_passage,
                next_correction=before.next_correction,
            )
            new = MemoryStore(beside, identity=identity, versions=versions)
            yield _Rebuild(self, new, self._library, beside, before)
        finally:
            self._library.rebuilding.release()


@dataclass(frozen=True, slots=True)
class _Rebuild:
    old: LibraryReader
    new: LibraryStore
    _library: MemoryLibrary
    _beside: MemoryLibrary
    _before: _State

    def finish(self) -> int:
        with self._library.lock:
            if self._library.state is not self._before:
                raise LibraryBusy("The library was changed while it was rebuilt.")
            generation = self._before.generation + 1
            self._library.state = replace(self._beside.state, generation=generation)
        return generation


class _Draft:
    """The next generation while it is made."""

    def __init__(self, before: _State) -> None:
        self._before = before
        self.provenance = before.provenance
        self._texts = dict(before.texts)
        self._files = dict(before.files)
        self._corrections = dict(before.corrections)
        self._text_ids = count(before.next_text)
        self._passage = before.next_passage
        self._correction_ids = count(before.next_correction)

    def finished(self) -> _State:
        used = {file.text_id for file in self._files.values()}
        return _State(
            provenance=self.provenance,
            generation=self._before.generation + 1,
            texts={number: text for number, text in self._texts.items() if number in used},
            files=self._files,
            corrections=self._corrections,
            next_text=next(self._text_ids),
            next_passage=self._passage,
            next_correction=next(self._correction_ids),
        )

    def corrections_of(self, path: str) -> tuple[Correction, ...]:
        return tuple(one for one in self._corrections.values() if one.path == path)

    def with_id(self, source: SourceText, owner: str | None) -> int | None:
        return _State(self.provenance, texts=self._texts).with_id(source, owner)

    def put(self, entry: NewSource) -> PutResult:
        _require_characters(entry.source_text.text, *entry.tokens, error=ValueError)
        kept = self.corrections_of(entry.path)
        owner = entry.path if kept else None
        text_id = self.with_id(entry.source_text, owner)
        reused = text_id is not None
        if text_id is None:
            found = (entry.documents, entry.turns)
            text_id = self._add(
                _Text(
                    *(entry.source_text, owner, found, found, entry.passages),
                    *(tuple(entry.encoded), tuple(entry.tokens), self._passage),
                )
            )
            self._apply(text_id, kept)
        file = FileFacts(entry.path, entry.file_sha256, entry.size, entry.mtime_ns)
        return self.settle(file, text_id, reused=reused)

    def _add(self, text: _Text) -> int:
        text_id = next(self._text_ids)
        self._texts[text_id] = text
        self._passage += len(text.passages)
        return text_id

    def settle(self, file: FileFacts, text_id: int, *, reused: bool) -> PutResult:
        before = self._files.get(file.path)
        added_at = datetime.now(UTC).isoformat(timespec="seconds")
        self._files[file.path] = _File(file, added_at, text_id)
        replaced = before is not None and before.text_id != text_id
        passages = len(self._texts[text_id].passages)
        generation = self._before.generation + 1
        return PutResult(file.path, text_id, passages, replaced, reused, generation)

    def remove(self, path: str) -> None:
        if path not in self._files:
            raise UnknownSource(f"No source has the path {path!r}; `qa sources` lists them.")
        del self._files[path]
        for one in self.corrections_of(path):
            del self._corrections[one.id]

    def correct(
        self, path: str, change: Callable[[Correctable], Sequence[Correction]]
    ) -> tuple[Correction, ...]:
        if path not in self._files:
            raise UnknownSource(f"No source has the path {path!r}; `qa sources` lists them.")
        text_id = self._files[path].text_id
        text, kept = self._texts[text_id], self.corrections_of(path)
        now = corrected(*text.found, text.source.text, kept)
        subject = Correctable(path, text.source.text, *text.found, now, kept)
        wanted = list(change(subject))
        for one in kept:
            if one.id not in {new.id for new in wanted}:
                del self._corrections[one.id]
        made = [replace(one, id=next(self._correction_ids)) for one in wanted if not one.id]
        self._corrections.update({one.id: one for one in made})
        self._own(path, text_id)
        return tuple(made)

    def _own(self, path: str, text_id: int) -> None:
        """Give a path with corrections a text of its own, and one without them the shared one."""
        text, kept = self._texts[text_id], self.corrections_of(path)
        owner = path if kept else None
        if owner != text.owner:
            other = self.with_id(text.source, owner)
            alone = sum(file.text_id == text_id for file in self._files.values()) == 1
            if other is not None:
                text_id = other
            elif alone:
                self._texts[text_id] = replace(text, owner=owner)
            else:
                text_id = self._add(replace(text, owner=owner, first=self._passage))
        self._files[path] = replace(self._files[path], text_id=text_id)
        self._apply(text_id, kept)

    def _apply(self, text_id: int, kept: Sequence[Correction]) -> None:
        """Let a text say what was found with the corrections on top, and no other ones."""
        from qa.structure.passages import name_passages

        text = self._texts[text_id]
        new = corrected(*text.found, text.source.text, kept)
        passages, tokens = list(text.passages), list(text.tokens)
        for document in new.documents:
            turns = [turn for turn in new.turns if turn.document == document.ordinal]
            if (document, turns) == _part(text.structure, document.ordinal):
                continue
            own = [n for n, one in enumerate(passages) if one.document == document.ordinal]
            named = name_passages(text.source, document, turns, [passages[n] for n in own])
            for n, (context, words) in zip(own, named, strict=True):
                if context != passages[n].context:
                    passages[n] = replace(passages[n], context=context)
                    tokens[n] = words
        self._texts[text_id] = replace(
            text,
            structure=(new.documents, new.turns),
            passages=tuple(passages),
            tokens=tuple(tokens),
            changes=text.changes + (tuple(passages) != text.passages),
        )


def _part(structure: Structure, ordinal: int) -> tuple[Document, list[Turn]]:
    document = next(one for one in structure[0] if one.ordinal == ordinal)
    return document, [turn for turn in structure[1] if turn.document == ordinal]


def _require_characters(*texts: str, error: type[ValueError] | type[InvalidQuery]) -> None:
    """Raise `error` for a lone surrogate, which is no character."""
    if any("\ud800" <= char <= "\udfff" for text in texts for char in text):
        raise error("It can't be stored: a lone surrogate is no character; replace it on reading.")


def _stored(file: _File, state: _State) -> StoredSource:
    text, facts = state.texts[file.text_id], file.facts
    return StoredSource(
        *(facts.path, facts.sha256, facts.size, facts.mtime_ns, file.added_at, file.text_id),
        *(text.source.format, text.source.reader, text.source.title, len(text.source.text)),
        *(len(text.structure[0]), len(text.structure[1]), len(text.passages)),
    )


def _stored_passage(id: int, text_id: int, text: _Text, at: int, state: _State) -> StoredPassage:
    passage = text.passages[at]
    document, turns = _part(text.structure, passage.document)
    turn = next(one for one in turns if one.ordinal == passage.turn)
    paths = tuple(sorted(p for p, file in state.files.items() if file.text_id == text_id))
    return StoredPassage(
        *(id, text_id, paths, document, turn, passage.start, passage.end),
        *(passage.sentences, passage.context),
    )


def _satisfies(
    passage: StoredPassage, filters: Filters, days: tuple[str | None, str | None]
) -> bool:
    date = passage.document.date
    dated = filters.since is not None or filters.until is not None
    return (
        (filters.speakers is None or passage.turn.speaker in filters.speakers)
        and (filters.documents is None or passage.document.title in filters.documents)
        and (filters.sources is None or bool(set(passage.paths) & set(filters.sources)))
        and (not dated or (date is not None and period(date).within(*days)))
    )


def _bm25(held: Mapping[int, list[str]], phrases: Iterable[Sequence[str]]) -> dict[int, float]:
    """Return the score of each passage that holds any of the phrases."""
    mean = sum(map(len, held.values())) / max(len(held), 1)
    scores: dict[int, float] = {}
    for phrase in phrases:
        often = {number: _occurrences(tokens, phrase) for number, tokens in held.items()}
        there = {number: n for number, n in often.items() if n}
        rarity = (len(held) - len(there) + 0.5) / (len(there) + 0.5)
        weight = max(math.log(rarity), _LEAST_WEIGHT)
        for number, n in there.items():
            length = _K1 * (1 - _B + _B * len(held[number]) / mean)
            scores[number] = scores.get(number, 0.0) + weight * n * (_K1 + 1) / (n + length)
    return scores


def _occurrences(tokens: Sequence[str], phrase: Sequence[str]) -> int:
    size = len(phrase)
    return sum(list(tokens[i : i + size]) == list(phrase) for i in range(len(tokens) - size + 1))
