"""What is nearest to a quotation that can't be verified: other wording, pieces, or passages."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from qa.anchoring.nearest_wording import (
    MOST_WORDS,
    FoldedWord,
    NearWording,
    nearest_wording,
    punctuation_changes,
    words_of,
)
from qa.check.corpus_view import CorpusView
from qa.check.places import Place, WordingResult
from qa.check.records import Change, Wording
from qa.check.shortened import shown_words
from qa.check.stitched import QuotedRun, is_stitched, pieces_of
from qa.store.records import StoredPassage

_LETTERS_ALTERED = 30_000
_NEAREST_READ = 6
_AROUND = 600


def unverified(corpus: CorpusView, text: str, passages: Sequence[StoredPassage]) -> WordingResult:
    """The nearest real wording with the changes, or the nearest passages."""
    nearest = passages[:_NEAREST_READ]
    if len(text) > _LETTERS_ALTERED:
        return _absent(nearest)
    words = words_of(shown_words(text))
    best: tuple[NearWording, Place] | None = None
    texts: list[tuple[int, int, Sequence[FoldedWord]]] = []
    for passage in nearest:
        start = max(0, passage.start - _AROUND - len(text))
        around = corpus.text(passage.text_id, start, passage.end + _AROUND + len(text))
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
        changes = punctuation_changes(text, corpus.text(place.text_id, place.start, place.end))
    return WordingResult(Wording.ALTERED, (place,), changes or (Change("word", text, ""),))


def _is_spread(near: NearWording, words: Sequence[object], pieces: Sequence[QuotedRun]) -> bool:
    """Whether several places explain the quotation better than the nearest one."""
    covered = sum(piece.last - piece.first for piece in pieces) / len(words)
    apart = any(
        one.text_id != two.text_id or not -5 <= two.start - one.end <= 40
        for one, two in pairwise(pieces)
    )
    return apart and covered > near.shared


def _stitched(pieces: Sequence[QuotedRun], text: str, words: Sequence[FoldedWord]) -> WordingResult:
    places = tuple(
        Place(piece.text_id, piece.start, piece.end, Wording.ALTERED) for piece in pieces
    )
    drafts = [text[words[p.first].start : words[p.last - 1].end] for p in pieces]
    changes = (Change("stitched", " | ".join(drafts), f"{len(pieces)} places"),)
    return WordingResult(Wording.ALTERED, places, changes)


def _absent(passages: Sequence[StoredPassage]) -> WordingResult:
    places = tuple(
        Place(passage.text_id, passage.start, passage.end, Wording.ABSENT)
        for passage in passages[:3]
    )
    return WordingResult(Wording.ABSENT, places)
