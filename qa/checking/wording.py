"""The ladder: a quotation's words are exact, encoded, shortened, altered or absent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from qa.checking.altered import (
    Near,
    Word,
    nearest_wording,
    punctuation_changes,
    words_of,
)
from qa.checking.folding import fold
from qa.checking.matching import Effort, Finder, Part
from qa.checking.places import Place
from qa.checking.records import Change, Omission, Wording
from qa.checking.shelf import Region, Shelf
from qa.checking.shortened import (
    LONGEST_OMISSION,
    Chain,
    Shortened,
    find_chains,
    is_fragmented,
    is_marked,
    shown_words,
    split_at_marks,
    without_word_brackets,
)
from qa.checking.stitched import Piece, is_stitched, pieces_of
from qa.library.rows import StoredPassage

MOST_PLACES = 500
_LETTERS_ALTERED = 30_000
_NEAREST_READ = 6
_AROUND = 600


@dataclass(frozen=True, slots=True)
class Worded:
    """What was found of a quotation's words. `capped`: there may be more places."""

    wording: Wording
    places: tuple[Place, ...]
    changes: tuple[Change, ...] = ()
    edges: tuple[bool, bool] = (False, False)
    fragments: bool = False
    capped: bool = False


def find_words(shelf: Shelf, text: str) -> Worded:
    """How a quotation's words relate to the sources, and where."""
    effort = Effort()
    quote = split_at_marks(text) if is_marked(text) else None
    bare = without_word_brackets(text)
    part = Part.of(fold(text))
    if not part.letters:
        return Worded(Wording.ABSENT, ())
    anchor = _anchor(part, quote)
    reach = 2 * len(text) + LONGEST_OMISSION
    passages = shelf.nearest(anchor) if not shelf.small else ()
    for regions in _sweeps(shelf, passages, reach):
        found = _verified(regions, text, part, quote, bare, effort)
        if found is not None:
            return replace(found, capped=effort.spent or len(found.places) >= MOST_PLACES)
    found = _unverified(shelf, text, passages or shelf.nearest(anchor))
    return replace(found, capped=effort.spent)


def _anchor(part: Part, quote: Shortened | None) -> str:
    if quote is None:
        return part.folded.text
    return max(quote.segments, key=lambda segment: len(segment.letters)).folded.text


def _sweeps(
    shelf: Shelf, passages: Sequence[StoredPassage], reach: int
) -> Iterator[Iterable[Region]]:
    """Where to look, one place after the other until the words are found."""
    if shelf.small:
        yield shelf.everywhere()
        return
    yield shelf.around(passages, reach)
    if shelf.exhaustive:
        yield shelf.everywhere()


def _verified(
    regions: Iterable[Region],
    text: str,
    part: Part,
    quote: Shortened | None,
    bare: str | None,
    effort: Effort,
) -> Worded | None:
    """All places at which the words are verified; those of the best wording first."""
    kept = list(regions) if quote is not None else regions
    places = _whole_places(kept, part, effort)
    if not places and bare is not None:
        places = [
            replace(place, wording=Wording.SHORTENED) for place in _bracketed(kept, bare, effort)
        ]
    if not places and quote is not None:
        places = _chain_places(kept, quote, effort)
    if not places:
        return None
    order = list(Wording)
    if quote is not None and (quote.edges[0].omits or quote.edges[1].omits):
        # Dots that the source does not have say that words are left out at the edge.
        places = [_at_edges(place) for place in places]
    places = _distinct(places)
    best = min(order.index(place.wording) for place in places)
    edges = (quote.edges[0].omits, quote.edges[1].omits) if quote else (False, False)
    fragments = order[best] is Wording.SHORTENED and quote is not None and is_fragmented(quote)
    return Worded(order[best], tuple(places[:MOST_PLACES]), (), edges, fragments)


def _whole_places(regions: Iterable[Region], part: Part, effort: Effort) -> list[Place]:
    places: list[Place] = []
    for region in regions:
        for found in Finder(region.folded, effort).all(part):
            wording = Wording.ENCODED if found.differences else Wording.EXACT
            start, end = region.start + found.start, region.start + found.end
            places.append(Place(region.text_id, start, end, wording, found.differences))
            if len(places) > MOST_PLACES:
                return places
    return places


def _bracketed(regions: Iterable[Region], bare: str, effort: Effort) -> list[Place]:
    """Places of words with bracketed letters, ellipses and other brackets allowed."""
    places = _whole_places(regions, Part.of(fold(bare)), effort)
    quote = split_at_marks(bare) if not places and is_marked(bare) else None
    return _chain_places(regions, quote, effort) if quote else places


def _chain_places(regions: Iterable[Region], quote: Shortened, effort: Effort) -> list[Place]:
    places: list[Place] = []
    for region in regions:
        for chain in find_chains(quote, Finder(region.folded, effort)):
            place = _chain_place(region, quote, chain)
            # Brackets of the source's own are quoted, not put in: others are other words.
            if not any(_replaces_brackets(gone) for gone in place.omissions):
                places.append(place)
            if len(places) > MOST_PLACES:
                return places
    return places


def _chain_place(region: Region, quote: Shortened, chain: Chain) -> Place:
    omissions = []
    for joint, (left, right) in zip(quote.joints, pairwise(chain.places), strict=True):
        text = region.folded.text[left.end : right.start]
        start = region.start + left.end
        if joint.inserted and fold(joint.inserted).letters == fold(text).letters:
            continue  # the source has these brackets itself
        omissions.append(Omission(start, start + len(text), text, joint.inserted))
    for joint, at in ((quote.edges[0], chain.start), (quote.edges[1], chain.end)):
        if joint.inserted:
            omissions.append(Omission(region.start + at, region.start + at, "", joint.inserted))
    names = dict.fromkeys(name for place in chain.places for name in place.differences)
    return Place(
        region.text_id,
        region.start + chain.start,
        region.start + chain.end,
        Wording.SHORTENED,
        tuple(names),
        tuple(omissions),
    )


def _at_edges(place: Place) -> Place:
    exact = place.wording is Wording.EXACT
    return place if exact else replace(place, wording=Wording.SHORTENED)


def _replaces_brackets(gone: Omission) -> bool:
    """Whether words in brackets stand for other words that the source has in brackets."""
    if not gone.inserted or "[" not in gone.text:
        return False
    return fold(gone.inserted).letters not in fold(gone.text).letters


def _distinct(places: Sequence[Place]) -> list[Place]:
    """Places without those found twice in overlapping regions, best wording first."""
    order = list(Wording)
    seen: dict[tuple[int, int, int], Place] = {}
    for place in places:
        seen.setdefault((place.text_id, place.start, place.end), place)

    def rank(place: Place) -> tuple[int, int, int, int]:
        # Of the ways to complete a shortened quotation, that which leaves out least.
        length = place.end - place.start if place.wording is Wording.SHORTENED else 0
        return order.index(place.wording), length, place.text_id, place.start

    return sorted(seen.values(), key=rank)


# ---- what can't be verified ----------------------------------------------------------


def _unverified(shelf: Shelf, text: str, passages: Sequence[StoredPassage]) -> Worded:
    """The nearest real wording with the changes, or the nearest passages."""
    nearest = passages[:_NEAREST_READ]
    if len(text) > _LETTERS_ALTERED:
        return _absent(nearest)
    words = words_of(shown_words(text))
    best: tuple[Near, Place] | None = None
    texts: list[tuple[int, int, str]] = []
    for passage in nearest:
        start = max(0, passage.start - _AROUND - len(text))
        around = shelf.text(passage.text_id, start, passage.end + _AROUND + len(text))
        texts.append((passage.text_id, start, around))
        near = nearest_wording(words, around)
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
