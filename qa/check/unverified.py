"""Find what is nearest to an unverified quotation: other wording, pieces, or passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from qa.anchoring.nearest_wording import (
    MOST_WORDS,
    Change,
    FoldedWord,
    NearWording,
    nearest_wording,
    words_of,
)
from qa.check.corpus_view import CorpusView, Place, WordingResult
from qa.check.matching import differing_gaps
from qa.check.records import Wording
from qa.check.shortened import shown_words
from qa.language.folding import fold
from qa.store.records import StoredPassage

_LETTERS_ALTERED = 30_000
_NEAREST_READ = 6
_AROUND = 600
_STITCH_WORDS = 3
_STITCHED_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class QuotedRun:
    """A run of the quotation's words, `first` … `last` (exclusive), that stands in a text."""

    first: int
    last: int
    text_id: int
    start: int
    end: int


def unverified(corpus: CorpusView, text: str, passages: Sequence[StoredPassage]) -> WordingResult:
    """Return the nearest real wording with the changes, or the nearest passages."""
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
    pieces = _pieces_of(words, texts)
    if _is_stitched(pieces, len(words)) and (best is None or _is_spread(best[0], words, pieces)):
        return _stitched(pieces, text, words)
    if best is None:
        return _absent(nearest)
    near, place = best
    changes = near.changes
    if not changes:
        changes = _punctuation_changes(text, corpus.text(place.text_id, place.start, place.end))
    return WordingResult(Wording.ALTERED, (place,), changes or (Change("word", text, ""),))


def _is_stitched(pieces: Sequence[QuotedRun], size: int) -> bool:
    """Return whether a quotation of `size` words is made of pieces from several places."""
    covered = {index for piece in pieces for index in range(piece.first, piece.last)}
    return len(pieces) > 1 and size > 0 and len(covered) / size >= _STITCHED_SHARE


def _pieces_of(
    quote: Sequence[FoldedWord], texts: Sequence[tuple[int, int, Sequence[FoldedWord]]]
) -> tuple[QuotedRun, ...]:
    """Return the longest runs of a quotation's words in several texts (text id, offset, words),
    chosen greedily and without overlap."""
    keys = [word.key for word in quote]
    runs: list[QuotedRun] = []
    for text_id, offset, words in texts:
        source = words[: 4 * MOST_WORDS]
        matcher = SequenceMatcher(None, keys, [word.key for word in source], autojunk=False)
        for block in matcher.get_matching_blocks():
            if block.size >= _STITCH_WORDS:
                last = source[block.b + block.size - 1]
                start = source[block.b].start
                runs.append(
                    QuotedRun(
                        block.a, block.a + block.size, text_id, offset + start, offset + last.end
                    )
                )
    runs.sort(key=lambda piece: (piece.first - piece.last, piece.first, piece.start))
    chosen: list[QuotedRun] = []
    for run in runs:
        if all(run.last <= other.first or run.first >= other.last for other in chosen):
            chosen.append(run)
    return tuple(sorted(chosen, key=lambda piece: piece.first))


def _is_spread(near: NearWording, words: Sequence[object], pieces: Sequence[QuotedRun]) -> bool:
    """Return whether several places explain the quotation better than the nearest one does."""
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


def _punctuation_changes(draft: str, source: str) -> tuple[Change, ...]:
    """Return the changes in a quotation that differs from `source` only between letters."""
    ours, theirs = fold(draft), fold(source)
    first = theirs.letters.find(ours.letters)
    if first < 0:
        return ()
    found = []
    for index in differing_gaps(ours, theirs, first)[:20]:
        found.append(
            Change(
                "punctuation",
                _with_words(draft, int(ours.ends[index]), int(ours.starts[index + 1])),
                _with_words(
                    source, int(theirs.ends[first + index]), int(theirs.starts[first + index + 1])
                ),
            )
        )
    return tuple(found) or (Change("punctuation", draft[:40], source[:40]),)


def _with_words(text: str, start: int, end: int) -> str:
    """Return a gap with the word on either side of it."""
    left, right = start, end
    while left > 0 and text[left - 1].isalnum() and start - left < 30:
        left -= 1
    while right < len(text) and text[right].isalnum() and right - end < 30:
        right += 1
    return text[left:right]
