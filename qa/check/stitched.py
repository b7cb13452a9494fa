"""Whether a quotation was stitched together from words that stand in several places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from qa.anchoring.nearest_wording import MOST_WORDS, FoldedWord

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


def is_stitched(pieces: Sequence[QuotedRun], size: int) -> bool:
    """Whether pieces from several places make up a quotation of `size` words."""
    covered = {index for piece in pieces for index in range(piece.first, piece.last)}
    return len(pieces) > 1 and size > 0 and len(covered) / size >= _STITCHED_SHARE


def pieces_of(
    quote: Sequence[FoldedWord], texts: Sequence[tuple[int, int, Sequence[FoldedWord]]]
) -> tuple[QuotedRun, ...]:
    """The longest runs of a quotation's words in several texts (text id, offset, words), greedily
    and without overlap."""
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
