"""Find the words of a saved citation in a text as it is now, and never report a wrong place.

The words must stand there character for character, and what stands around them must tell the
place from all others; otherwise the citation has changed, or is gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from qa.anchoring.nearest_wording import MOST_WORDS, Change, nearest_wording, words_of
from qa.anchoring.scoring import (
    WIDE,
    Likeness,
    choose,
    runs_share,
    shared_after,
    shared_before,
)
from qa.anchoring.selectors import Selector, hash_of
from qa.records import Span

_MOST_PLACES = 10_000
_MOST_COMPARED = 200
# What a place must score, and by how much it must lead. Of exact words .89 takes three quarters of
# what stood around them, .92 four fifths: short words stand in many places. A lead of .14 is two
# thirds of one side. Chosen over 40,000 random edits (benchmarks/checking.py --edits makes them).
_LEAST = 0.89
_LEAST_SHORT = 0.92
_SHORT = 20
_LEAD = 0.14
# What words that have changed must score; they are shown with the change.
_LEAST_CHANGED = 0.75
_LEAST_WORDS = 4
# Words of this length tell their place where nothing is known of what stood around them.
_TELLING_LENGTH = 40
_NEAR_CONTEXT = 32


class Standing(StrEnum):
    """What became of a saved citation."""

    INTACT = "intact"
    MOVED = "moved"
    CHANGED = "changed"
    GONE = "gone"

    @property
    def stands(self) -> bool:
        """Whether the words stand as they were saved, at their place or at another."""
        return self in (Standing.INTACT, Standing.MOVED)


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


def stands_at(standing: Standing, message: str, selector: Selector, source: str) -> Resolution:
    """Return a citation whose words stand in a source at the place where they stood."""
    return Resolution(standing, message, source, selector.start, selector.end, selector.exact)


def resolve_in(text: str, selector: Selector, digest: str | None = None) -> Resolution:
    """Find where a citation's words stand in a text; `digest` is the text's hash, if known."""
    source = selector.source
    if selector.source_hash is None:
        if _stands_as_saved(text, selector):
            said = "the words stand where they stood"
            return stands_at(Standing.INTACT, said, selector, source)
    elif (digest or hash_of(text)) == selector.source_hash:
        return stands_at(Standing.INTACT, "the source is unchanged", selector, source)
    at = _place(text, selector)
    if at is None:
        return _changed(text, selector)
    same = at == selector.start
    said = "stands where it stood" if same else f"moved from {selector.start} to {at}"
    end = at + len(selector.exact)
    message = f"the source has changed; {said}"
    return Resolution(Standing.MOVED, message, source, at, end, selector.exact)


def _stands_as_saved(text: str, selector: Selector) -> bool:
    words = selector.prefix + selector.exact + selector.suffix
    start = selector.start - len(selector.prefix)
    return start >= 0 and text.startswith(words, start)


def _place(text: str, selector: Selector) -> int | None:
    """Return the only place that the words can mean now."""
    places = list(_places(text, selector.exact))
    if len(places) > _MOST_COMPARED:
        places.sort(key=lambda at: -_near(text, selector, at, at + len(selector.exact)))
        del places[_MOST_COMPARED:]
    scores = [_likeness(text, selector, at, at + len(selector.exact), 1.0).score for at in places]
    least = _LEAST if len(selector.exact) >= _SHORT else _LEAST_SHORT
    sure = choose(scores, least=least, lead=_LEAD).sure
    return None if sure is None else places[sure]


def _places(text: str, words: str) -> Iterator[int]:
    at = text.find(words)
    count = 0
    while at >= 0 and count < _MOST_PLACES:
        yield at
        count += 1
        at = text.find(words, at + 1)


def _near(text: str, selector: Selector, start: int, end: int) -> int:
    """Return how many characters right around the words are still the same."""
    before = shared_before(text, start, selector.prefix)
    return before + shared_after(text, end, selector.suffix)


def _likeness(text: str, selector: Selector, start: int, end: int, quote: float) -> Likeness:
    """Return how much characters start … end of a text resemble the citation."""
    size = len(selector.exact)
    wide_before, wide_after = selector.surroundings
    prefix = _side(
        size * quote,
        shared_before(text, start, selector.prefix),
        len(selector.prefix),
        runs_share(wide_before, text[max(0, start - WIDE) : start]),
    )
    suffix = _side(
        size * quote,
        shared_after(text, end, selector.suffix),
        len(selector.suffix),
        runs_share(wide_after, text[end : end + WIDE]),
    )
    if prefix is None and suffix is None:
        prefix = suffix = 1.0 if size >= _TELLING_LENGTH else 0.0
    # Where nothing stood on one side, what stands on the other counts for both.
    prefix, suffix = (suffix if prefix is None else prefix), (prefix if suffix is None else suffix)
    position = 1 - abs(start - selector.start) / max(len(text), selector.end)
    return Likeness(quote, prefix, suffix, position)


def _side(words: float, shared: int, kept: int, wide: float | None) -> float | None:
    """Return how much of the text on one side of the words is left, next to them and further away.

    Next to them it is counted as one run with the words: long words tell their place by
    themselves, short ones stand in many.
    """
    if not kept:
        return wide
    near = (words + shared) / (words + kept)
    return near if wide is None else (near + wide) / 2


# ---- words that have changed ---------------------------------------------------------------


def _changed(text: str, selector: Selector) -> Resolution:
    """Find what replaced words that are not certainly there, if that can be told."""
    if selector.exact in text:
        said = "the words stand in the source, but not surely as those that were cited"
        return Resolution(Standing.GONE, said)
    gone = Resolution(Standing.GONE, "the words are no longer in the source")
    words = words_of(selector.exact)
    span = _between_contexts(text, selector)
    if span is None or len(words) < _LEAST_WORDS:
        return gone
    part = text[span.start : span.end]
    near = nearest_wording(words, part, words_of(part, 40 * MOST_WORDS))
    if near is None:
        return gone
    start, end = span.start + near.start, span.start + near.end
    if _likeness(text, selector, start, end, near.shared).score < _LEAST_CHANGED:
        return gone
    now = text[start:end]
    changes = near.changes or (Change("punctuation", selector.exact, now),)
    said = "the words have changed"
    return Resolution(Standing.CHANGED, said, selector.source, start, end, now, changes)


def _between_contexts(text: str, selector: Selector) -> Span | None:
    """Return what now stands between, or next to, the original contexts."""
    prefix, suffix = selector.prefix[-_NEAR_CONTEXT:], selector.suffix[:_NEAR_CONTEXT]
    longest = 3 * len(selector.exact) + 200
    start = text.find(prefix) + len(prefix) if _is_telling(text, prefix) else None
    end = text.find(suffix) if _is_telling(text, suffix) else None
    if start is not None and end is not None:
        return Span(start, end) if start < end <= start + longest else None
    if start is not None:
        return Span(start, min(len(text), start + longest))
    return Span(max(0, end - longest), end) if end is not None else None


def _is_telling(text: str, context: str) -> bool:
    return len(context) == _NEAR_CONTEXT and text.find(context) == text.rfind(context) >= 0
