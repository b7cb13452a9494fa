"""Save citations of a library, and report which still hold: intact, moved, changed or gone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from qa.anchoring.citations import SavedCitation, as_annotation, citation_in_text
from qa.anchoring.resolving import Resolution, Standing, resolve_in, stands_at
from qa.anchoring.selectors import hash_of
from qa.errors import CitewellError, UnknownSource
from qa.store.protocol import LibraryReader
from qa.store.source_names import resolve_source, source_at, text_of


def citation_of(store: LibraryReader, source: str, start: int, end: int) -> SavedCitation:
    """Return a citation of characters start … end of a source, ready to be saved.

    Raises UnknownSource, and CitewellError for a span that the text does not have.
    """
    with store.snapshot():
        path = resolve_source(store, source)
        text = text_of(store, path)
        if not 0 <= start < end <= len(text):
            raise CitewellError(
                f"span {start}-{end}: {path} has {len(text)} characters; "
                "expected 0 ≤ start < end ≤ that"
            )
        documents, turns = store.structure(path)
    turn = next((t for t in turns if t.start <= start and end <= t.end), None)
    document = next((d for d in documents if d.start <= start < d.end), None)
    return citation_in_text(
        *(text, path, start, end),
        speaker=turn.speaker if turn else None,
        date=document.date if document else None,
        document=document.title if document else None,
    )


def resolve(store: LibraryReader, citation: SavedCitation) -> Resolution:
    """Find where a saved citation's words are now, under its own path only."""
    with store.snapshot():
        source = source_at(store, citation.source)
        if source is None:
            return _resolve_elsewhere(store, citation)
        text = text_of(store, source.path)
    return resolve_in(text, citation)


def _resolve_elsewhere(store: LibraryReader, citation: SavedCitation) -> Resolution:
    """Find a citation whose source left its path: the same text may be under another."""
    # Without its hash a text can't be known again.
    for source in store.sources() if citation.source_hash else ():
        if source.characters < citation.end:
            continue
        try:
            text = text_of(store, source.path)
        except UnknownSource:
            continue
        same = text[citation.start : citation.end] == citation.exact
        if same and hash_of(text) == citation.source_hash:
            return _moved_to(source.path, citation)
    return _gone(citation)


def _moved_to(path: str, citation: SavedCitation) -> Resolution:
    return stands_at(Standing.MOVED, f"the source is now {path}", citation, path)


def _gone(citation: SavedCitation) -> Resolution:
    return Resolution(Standing.GONE, f"the source {citation.source} is no longer in the library")


@dataclass(frozen=True, slots=True)
class FoundCitation:
    """A saved citation and where it was found: "notebook", "draft.md, line 3"."""

    kept: SavedCitation
    where: str


@dataclass(frozen=True, slots=True)
class Drift:
    """A saved citation, what became of it, and where it is kept. `lines` are those of the words now
    (1-based, both inclusive), if they have moved or changed."""

    kept: SavedCitation
    now: Resolution
    kept_in: tuple[str, ...] = ()
    lines: tuple[int, int] | None = None

    @property
    def ok(self) -> bool:
        return self.now.standing.stands


def find_drift(store: LibraryReader, citations: Iterable[SavedCitation]) -> tuple[Drift, ...]:
    """Return what became of each citation, all against one state of the library."""
    texts = _Texts(store)
    with store.snapshot():
        return tuple(_drift(texts, kept) for kept in citations)


def find_drift_of(store: LibraryReader, found: Iterable[FoundCitation]) -> tuple[Drift, ...]:
    """Return each citation once, with every place where it is kept, in order of the first."""
    places: dict[SavedCitation, dict[str, None]] = {}
    for one in found:
        places.setdefault(one.kept, {})[one.where] = None
    drifts = find_drift(store, places)
    return tuple(
        replace(drift, kept_in=tuple(where))
        for drift, where in zip(drifts, places.values(), strict=True)
    )


@dataclass(slots=True)
class _Texts:
    """Reads sources for many citations; keeps the last text, as citations come in runs."""

    store: LibraryReader
    paths: dict[str, str | None] = field(default_factory=dict)
    twins: dict[tuple[str, str | None], str | None] = field(default_factory=dict)
    last: tuple[str, str, str] = ("", "", "")

    def path(self, name: str) -> str | None:
        """Return the path of the source that a citation names by path or by the end of one."""
        if name not in self.paths:
            try:
                known = source_at(self.store, name) is not None
                self.paths[name] = name if known else resolve_source(self.store, name)
            except UnknownSource:
                self.paths[name] = None
        return self.paths[name]

    def text(self, path: str) -> tuple[str, str]:
        """Return a source's text and its hash."""
        if self.last[0] != path:
            text = text_of(self.store, path)
            self.last = (path, text, hash_of(text))
        return self.last[1:]

    def elsewhere(self, kept: SavedCitation) -> Resolution:
        """Return where the words of a source that left its path stand now; searched once per
        source."""
        key = (kept.source, kept.source_hash)
        twin = self.twins.get(key)
        if key in self.twins:
            return _gone(kept) if twin is None else _moved_to(twin, kept)
        now = _resolve_elsewhere(self.store, kept)
        self.twins[key] = now.source
        return now

    def stands(self, path: str, kept: SavedCitation) -> bool:
        """Return whether the words and their saved surroundings still stand in place; False proves
        nothing."""
        source = source_at(self.store, path)
        if kept.source_hash is not None or source is None or source.characters < kept.end:
            return False
        start = max(0, kept.start - len(kept.prefix))
        end = min(source.characters, kept.end + len(kept.suffix))
        return self.store.excerpt(source.text_id, start, end).text == (
            kept.prefix + kept.exact + kept.suffix
        )


def _drift(texts: _Texts, kept: SavedCitation) -> Drift:
    if not kept.source:
        return Drift(kept, Resolution(Standing.GONE, "no citation is kept under this token"))
    path = texts.path(kept.source)
    if path is None:
        return Drift(kept, texts.elsewhere(kept))
    known = kept if kept.source == path else replace(kept, source=path)
    if texts.stands(path, known):
        said = "the words stand where they stood"
        return Drift(kept, stands_at(Standing.INTACT, said, kept, path))
    text, digest = texts.text(path)
    now = resolve_in(text, known, digest)
    if now.start is None or now.end is None or now.standing is Standing.INTACT:
        return Drift(kept, now)
    first = text.count("\n", 0, now.start) + 1
    return Drift(kept, now, (), (first, first + text.count("\n", now.start, now.end)))


def drift_data(drift: Drift) -> dict[str, Any]:
    """Return the report as plain data for JSON, with every key always present."""
    now = drift.now
    return {
        "token": drift.kept.token or None,
        "kept_in": list(drift.kept_in),
        "standing": now.standing.value,
        "message": now.message,
        "source": now.source,
        "start": now.start,
        "end": now.end,
        "text": now.text,
        "changes": [
            {"kind": change.kind, "kept": change.draft, "source": change.source}
            for change in now.changes
        ],
        "annotation": as_annotation(drift.kept),
    }
