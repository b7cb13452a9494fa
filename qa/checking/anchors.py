"""Finds a kept citation's words in the source as it is now. Never a wrong place without saying so.

The words must stand there character for character, and what stands around them must tell the
place from all others; otherwise the citation has changed, or is gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qa.checking.altered import nearest_wording, words_of
from qa.checking.kept import Kept, hash_of, is_unique
from qa.checking.records import Change, Standing
from qa.errors import UnknownSource
from qa.library.reader import LibraryReader

_MOST_PLACES = 10_000
# Words of this length that stood once and stand once need nothing around them to be known.
_TELLING_LENGTH = 40
_NEAR_CONTEXT = 32
_LEAST_CONTEXT = 12
_LEAST_SHARED = 0.6


@dataclass(frozen=True, slots=True)
class Resolved:
    """What became of a citation. INTACT, MOVED, CHANGED: `text` stands at [start:end) of
    `source` now; GONE: nothing stands for it. `changes` are those of CHANGED."""

    standing: Standing
    message: str
    source: str | None = None
    start: int | None = None
    end: int | None = None
    text: str | None = None
    changes: tuple[Change, ...] = ()


def resolve(store: LibraryReader, kept: Kept) -> Resolved:
    """Where a kept citation stands now."""
    with store.snapshot():
        source = store.source_by_path(kept.source)
        if source is None:
            return _elsewhere(store, kept)
        text = store.text(source.path)
    return resolve_in(text, kept)


def resolve_in(text: str, kept: Kept) -> Resolved:
    """Where a kept citation stands in a text."""
    if kept.source_hash is not None and hash_of(text) == kept.source_hash:
        return Resolved(
            Standing.INTACT,
            "the source is unchanged",
            *(kept.source, kept.start, kept.end, kept.exact),
        )
    if kept.source_hash is None and _stands_as_kept(text, kept):
        return Resolved(
            Standing.INTACT,
            "the words stand where they stood",
            *(kept.source, kept.start, kept.end, kept.exact),
        )
    at = _place(text, kept)
    if at is not None:
        end = at + len(kept.exact)
        said = "stands where it stood" if at == kept.start else f"moved from {kept.start} to {at}"
        return Resolved(
            Standing.MOVED, f"the source has changed; {said}", kept.source, at, end, kept.exact
        )
    return _changed(text, kept)


def _elsewhere(store: LibraryReader, kept: Kept) -> Resolved:
    """The source is gone from its path: perhaps the same text is there under another."""
    for source in store.sources():
        if source.characters < kept.end:
            continue
        try:
            text = store.text(source.path)
        except UnknownSource:
            continue
        if text[kept.start : kept.end] == kept.exact and hash_of(text) == kept.source_hash:
            return Resolved(
                Standing.MOVED,
                f"the source is now {source.path}",
                *(source.path, kept.start, kept.end, kept.exact),
            )
    return Resolved(Standing.GONE, f"the source {kept.source} is no longer in the library")


def _stands_as_kept(text: str, kept: Kept) -> bool:
    before = text[max(0, kept.start - len(kept.prefix)) : kept.start]
    after = text[kept.end : kept.end + len(kept.suffix)]
    same = text[kept.start : kept.end] == kept.exact
    return same and before == kept.prefix and after == kept.suffix


def _place(text: str, kept: Kept) -> int | None:
    """The one place that the words surely mean now."""
    places = list(_places(text, kept.exact))
    both = [at for at in places if _has_prefix(text, kept, at) and _has_suffix(text, kept, at)]
    around = len(kept.prefix) + len(kept.exact) + len(kept.suffix)
    if both and around >= _TELLING_LENGTH:
        return both[0] if len(both) == 1 else None
    one = [
        at
        for at in places
        if (kept.unique_prefix and _has_prefix(text, kept, at))
        or (kept.unique_suffix and _has_suffix(text, kept, at))
    ]
    telling = len(kept.exact) >= _TELLING_LENGTH
    if one and (telling or len(kept.prefix) >= _NEAR_CONTEXT <= len(kept.suffix)):
        return one[0] if len(one) == 1 else None
    if kept.unique and len(places) == 1 and (telling or _shares_context(text, kept, places[0])):
        return places[0]
    return None


def _places(text: str, words: str) -> Iterator[int]:
    at = text.find(words)
    count = 0
    while at >= 0 and count < _MOST_PLACES:
        yield at
        count += 1
        at = text.find(words, at + 1)


def _has_prefix(text: str, kept: Kept, at: int) -> bool:
    return text.endswith(kept.prefix, 0, at) if kept.prefix else at == 0


def _has_suffix(text: str, kept: Kept, at: int) -> bool:
    end = at + len(kept.exact)
    return text.startswith(kept.suffix, end) if kept.suffix else end == len(text)


def _shares_context(text: str, kept: Kept, at: int) -> bool:
    """Whether the characters next to short words are, on either side, those that were there."""
    near_before, near_after = kept.prefix[-_LEAST_CONTEXT:], kept.suffix[:_LEAST_CONTEXT]
    end = at + len(kept.exact)
    return (len(near_before) == _LEAST_CONTEXT and text.endswith(near_before, 0, at)) or (
        len(near_after) == _LEAST_CONTEXT and text.startswith(near_after, end)
    )


def _changed(text: str, kept: Kept) -> Resolved:
    """The words are not surely there: what stands in their place, if that can be told."""
    prefix, suffix = kept.prefix[-_NEAR_CONTEXT:], kept.suffix[:_NEAR_CONTEXT]
    start = text.find(prefix) + len(prefix) if prefix and is_unique(text, prefix) else None
    end = text.find(suffix) if suffix and is_unique(text, suffix) else None
    longest = 3 * len(kept.exact) + 200
    if start is not None and end is not None and start < end <= start + longest:
        near = nearest_wording(words_of(kept.exact), text[start:end])
        if near is not None and near.shared >= _LEAST_SHARED:
            return _with_diff(text, kept, start, end, near.changes)
    for low, high in _windows(start, end, longest):
        near = nearest_wording(words_of(kept.exact), text[max(0, low) : high])
        if near is not None and near.shared >= _LEAST_SHARED:
            first = max(0, low)
            return _with_diff(text, kept, first + near.start, first + near.end, near.changes)
    again = kept.exact in text
    said = (
        "the words stand in the source, but not surely as those that were cited"
        if again
        else "the words are no longer in the source"
    )
    return Resolved(Standing.GONE, said)


def _windows(start: int | None, end: int | None, longest: int) -> Iterator[tuple[int, int]]:
    if start is not None:
        yield start, start + longest
    if end is not None:
        yield end - longest, end


def _with_diff(
    text: str, kept: Kept, start: int, end: int, changes: tuple[Change, ...]
) -> Resolved:
    found = changes or (Change("punctuation", kept.exact, text[start:end]),)
    return Resolved(
        Standing.CHANGED,
        "the words have changed",
        *(kept.source, start, end, text[start:end]),
        found,
    )
