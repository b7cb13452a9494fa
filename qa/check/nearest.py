"""What is nearest to a quotation that can't be verified: other wording, pieces, or passages."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from qa.check.altered import (
    MOST_WORDS,
    Near,
    Word,
    nearest_wording,
    punctuation_changes,
    words_of,
)
from qa.check.places import Place, Worded
from qa.check.records import Change, Wording
from qa.check.shelf import Shelf
from qa.check.shortened import shown_words
from qa.check.stitched import Piece, is_stitched, pieces_of
from qa.store.rows import StoredPassage

_LETTERS_ALTERED = 30_000
_NEAREST_READ = 6
_AROUND = 600


def unverified(shelf: Shelf, text: str, passages: Sequence[StoredPassage]) -> Worded:
    """The nearest real wording with the changes, or the nearest passages."""
    nearest = passages[:_NEAREST_READ]
    if len(text) > _LETTERS_ALTERED:
        return _absent(nearest)
    words = words_of(shown_words(text))
    best: tuple[Near, Place] | None = None
    texts: list[tuple[int, int, Sequence[Word]]] = []
    for passage in nearest:
        start = max(0, passage.start - _AROUND - len(text))
        around = shelf.text(passage.text_id, start, passage.end + _AROUND + len(text))
        source = words_of(around, 40 * MOST_WORDS)
        texts.append((passage.text_id, start, source))
        near = nearest_wording(words, around, source)
        if near is not None and (best is None or near.shared > best[0].shared):
            place = Place(passage.text_id, start + near.start, start + near.end, Wording.ALTERED)
            best = (near, place)
    pieces = pieces_of(words, texts)
    if is_stitched(pieces, len(words)) and (best is None or _is_spread(best[0], words, pieces)):
        return _stitched(pieces, text, words)
    if best is None:
        return _absent(nearest)
    near, place = best
    changes = near.changes
    if not changes:
        changes = punctuation_changes(text, shelf.text(place.text_id, place.start, place.end))
    return Worded(Wording.ALTERED, (place,), changes or (Change("word", text, ""),))


def _is_spread(near: Near, words: Sequence[object], pieces: Sequence[Piece]) -> bool:
    """Whether several places explain the quotation better than the nearest one."""
    covered = sum(piece.last - piece.first for piece in pieces) / len(words)
    apart = any(
        one.text_id != two.text_id or not -5 <= two.start - one.end <= 40
        for one, two in pairwise(pieces)
    )
    return apart and covered > near.shared


def _stitched(pieces: Sequence[Piece], text: str, words: Sequence[Word]) -> Worded:
    places = tuple(
        Place(piece.text_id, piece.start, piece.end, Wording.ALTERED) for piece in pieces
    )
    drafts = [text[words[p.first].start : words[p.last - 1].end] for p in pieces]
    changes = (Change("stitched", " | ".join(drafts), f"{len(pieces)} places"),)
    return Worded(Wording.ALTERED, places, changes)


def _absent(passages: Sequence[StoredPassage]) -> Worded:
    places = tuple(
        Place(passage.text_id, passage.start, passage.end, Wording.ABSENT)
        for passage in passages[:3]
    )
    return Worded(Wording.ABSENT, places)
