"""Finds a kept citation's words in the source as it is now. Never a wrong place without saying so.

The words must stand there character for character, and what stands around them must tell the
place from all others; otherwise the citation has changed, or is gone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.anchoring.citations import WIDE, SavedCitation, hash_of, is_unique
from qa.anchoring.nearest_wording import MOST_WORDS, nearest_wording, words_of
from qa.check.records import Change, Standing
from qa.errors import UnknownSource
from qa.records import Span
from qa.store.sqlite.reader import LibraryReader

_MOST_PLACES = 10_000
# Words of this length that stood once and stand once need nothing around them to be known.
_TELLING_LENGTH = 40
_NEAR_CONTEXT = 32
_RUN = 8
_MOST_COMPARED = 200
# Of the surroundings, how much must still be there, and how much more than at any other place.
_LEAST_LIKE = 0.6
_CLEARLY = 0.3
_LEAST_WORDS = 4
_LEAST_CONTEXT = 12
_LEAST_SHARED = 0.6


@dataclass(frozen=True, slots=True)
class Resolution:
    """What became of a citation. INTACT, MOVED, CHANGED: `text` stands at [start:end) of
    `source` now; GONE: nothing stands for it. `changes` are those of CHANGED."""

    standing: Standing
    message: str
    source: str | None = None
    start: int | None = None
    end: int | None = None
    text: str | None = None
    changes: tuple[Change, ...] = ()


def resolve(store: LibraryReader, kept: SavedCitation) -> Resolution:
    """Where a kept citation stands now."""
    with store.snapshot():
        source = store.source_by_path(kept.source)
        if source is None:
            return resolve_elsewhere(store, kept)
        text = store.text(source.path)
    return resolve_in(text, kept)


def resolve_in(text: str, kept: SavedCitation, digest: str | None = None) -> Resolution:
    """Where a kept citation stands in a text; `digest` is the text's hash, if it is known."""
    if kept.source_hash is not None and (digest or hash_of(text)) == kept.source_hash:
        return Resolution(
            Standing.INTACT,
            "the source is unchanged",
            *(kept.source, kept.start, kept.end, kept.exact),
        )
    if kept.source_hash is None and _stands_as_kept(text, kept):
        return Resolution(
            Standing.INTACT,
            "the words stand where they stood",
            *(kept.source, kept.start, kept.end, kept.exact),
        )
    at = _place(text, kept)
    if at is not None:
        end = at + len(kept.exact)
        said = "stands where it stood" if at == kept.start else f"moved from {kept.start} to {at}"
        return Resolution(
            Standing.MOVED, f"the source has changed; {said}", kept.source, at, end, kept.exact
        )
    return _changed(text, kept)


def resolve_elsewhere(store: LibraryReader, kept: SavedCitation) -> Resolution:
    """The source is gone from its path: perhaps the same text is there under another."""
    # Without its hash a text can't be known again.
    for source in store.sources() if kept.source_hash else ():
        if source.characters < kept.end:
            continue
        try:
            text = store.text(source.path)
        except UnknownSource:
            continue
        if text[kept.start : kept.end] == kept.exact and hash_of(text) == kept.source_hash:
            return Resolution(
                Standing.MOVED,
                f"the source is now {source.path}",
                *(source.path, kept.start, kept.end, kept.exact),
            )
    return Resolution(Standing.GONE, f"the source {kept.source} is no longer in the library")


def _stands_as_kept(text: str, kept: SavedCitation) -> bool:
    before = text[max(0, kept.start - len(kept.prefix)) : kept.start]
    after = text[kept.end : kept.end + len(kept.suffix)]
    same = text[kept.start : kept.end] == kept.exact
    return same and before == kept.prefix and after == kept.suffix


def _place(text: str, kept: SavedCitation) -> int | None:
    """The one place that the words surely mean now.

    What stands next to the words must be what stood there, and what stands further around them
    must not show another place to be likelier: a copy can have the same next to it.
    """
    places = list(_places(text, kept.exact))
    at = _by_context(text, kept, places)
    if at is None:
        return None
    likeness = {place: _likeness(text, kept, place) for place in _worth_a_look(text, kept, places)}
    own = likeness.pop(at, None)
    if own is None:
        own = _likeness(text, kept, at)
    rival = max(likeness.values(), default=0.0)
    return at if own >= _LEAST_LIKE and own >= rival + _CLEARLY else None


def _by_context(text: str, kept: SavedCitation, places: Sequence[int]) -> int | None:
    """The one place with the words' own context on both sides, or on a side that is unique."""
    before = {at for at in places if _has_prefix(text, kept, at)}
    after = {at for at in places if _has_suffix(text, kept, at)}
    around = len(kept.prefix) + len(kept.exact) + len(kept.suffix)
    telling = len(kept.exact) >= _TELLING_LENGTH
    if before & after and around >= _TELLING_LENGTH:
        return next(iter(before & after)) if len(before | after) == 1 else None
    one = (before if kept.unique_prefix else set()) | (after if kept.unique_suffix else set())
    if one and (telling or len(kept.prefix) >= _NEAR_CONTEXT <= len(kept.suffix)):
        return next(iter(one)) if len(one) == 1 else None
    if kept.unique and len(places) == 1 and (telling or _shares_context(text, kept, places[0])):
        return places[0]
    return None


def _worth_a_look(text: str, kept: SavedCitation, places: Sequence[int]) -> Sequence[int]:
    """The places that could be the right one; of very many, those with something in common."""
    if len(places) <= _MOST_COMPARED:
        return places
    near = [at for at in places if _shares_context(text, kept, at)]
    return near[:_MOST_COMPARED]


def _likeness(text: str, kept: SavedCitation, at: int, to: int | None = None) -> float:
    """The share of runs of eight characters around the words that still stand around a place."""
    before, after = kept.surroundings
    end = at + len(kept.exact) if to is None else to
    now = _runs(text[max(0, at - WIDE) : at]) | _runs(text[end : end + WIDE])
    then = _runs(before) | _runs(after)
    return len(now & then) / len(then) if then else 1.0


def _runs(text: str) -> set[str]:
    return {text[index : index + _RUN] for index in range(len(text) - _RUN + 1)}


def _places(text: str, words: str) -> Iterator[int]:
    at = text.find(words)
    count = 0
    while at >= 0 and count < _MOST_PLACES:
        yield at
        count += 1
        at = text.find(words, at + 1)


def _has_prefix(text: str, kept: SavedCitation, at: int) -> bool:
    return text.endswith(kept.prefix, 0, at) if kept.prefix else at == 0


def _has_suffix(text: str, kept: SavedCitation, at: int) -> bool:
    end = at + len(kept.exact)
    return text.startswith(kept.suffix, end) if kept.suffix else end == len(text)


def _shares_context(text: str, kept: SavedCitation, at: int) -> bool:
    """Whether the characters next to short words are, on either side, those that were there."""
    near_before, near_after = kept.prefix[-_LEAST_CONTEXT:], kept.suffix[:_LEAST_CONTEXT]
    end = at + len(kept.exact)
    return (len(near_before) == _LEAST_CONTEXT and text.endswith(near_before, 0, at)) or (
        len(near_after) == _LEAST_CONTEXT and text.startswith(near_after, end)
    )


def _changed(text: str, kept: SavedCitation) -> Resolution:
    """The words are not surely there: what stands in their place, if that can be told."""
    words = words_of(kept.exact)
    span = _between_contexts(text, kept)
    if span is not None and len(words) >= _LEAST_WORDS and kept.exact not in text:
        part = text[span.start : span.end]
        near = nearest_wording(words, part, words_of(part, 40 * MOST_WORDS))
        start, end = (span.start + near.start, span.start + near.end) if near else (0, 0)
        alike = near is not None and near.shared >= _LEAST_SHARED
        if near is not None and alike and _likeness(text, kept, start, end) >= _LEAST_LIKE:
            return _with_diff(text, kept, start, end, near.changes)
    again = kept.exact in text
    said = (
        "the words stand in the source, but not surely as those that were cited"
        if again
        else "the words are no longer in the source"
    )
    return Resolution(Standing.GONE, said)


def _between_contexts(text: str, kept: SavedCitation) -> Span | None:
    """What stands between, or next to, the characters that stood around the words."""
    prefix, suffix = kept.prefix[-_NEAR_CONTEXT:], kept.suffix[:_NEAR_CONTEXT]
    longest = 3 * len(kept.exact) + 200
    start = text.find(prefix) + len(prefix) if _is_telling(text, prefix) else None
    end = text.find(suffix) if _is_telling(text, suffix) else None
    if start is not None and end is not None:
        return Span(start, end) if start < end <= start + longest else None
    if start is not None:
        return Span(start, min(len(text), start + longest))
    return Span(max(0, end - longest), end) if end is not None else None


def _is_telling(text: str, context: str) -> bool:
    return len(context) == _NEAR_CONTEXT and is_unique(text, context)


def _with_diff(
    text: str, kept: SavedCitation, start: int, end: int, changes: tuple[Change, ...]
) -> Resolution:
    found = changes or (Change("punctuation", kept.exact, text[start:end]),)
    return Resolution(
        Standing.CHANGED,
        "the words have changed",
        *(kept.source, start, end, text[start:end]),
        found,
    )
