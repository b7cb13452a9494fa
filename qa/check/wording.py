"""Classify a quotation's words: exact, encoded, shortened, altered or absent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from qa.check.corpus_view import CorpusView, Place, Region, WordingResult
from qa.check.matching import Effort, Finder, Part
from qa.check.quotation_warnings import crosses
from qa.check.records import Omission, Wording
from qa.check.shortened import (
    LONGEST_OMISSION,
    Chain,
    Shortened,
    find_chains,
    is_fragmented,
    is_marked,
    split_at_marks,
    without_interruptions,
    without_word_brackets,
)
from qa.check.unverified import unverified
from qa.language.folding import fold
from qa.store.records import StoredPassage

MOST_PLACES = 500


def find_words(corpus: CorpusView, text: str) -> WordingResult:
    """Return how a quotation's words relate to the sources, and where."""
    effort = Effort()
    found, passages = _searched(corpus, text, effort)
    shown = text
    interruption = without_interruptions(text) if found is None else None
    if interruption is not None:
        joined, shown = interruption
        found, passages = _searched(corpus, joined, effort)
        found = (
            _around_interruptions(corpus, found, not is_marked(text)) if found is not None else None
        )
    if found is not None:
        return replace(found, capped=effort.spent or len(found.places) >= MOST_PLACES)
    if not fold(text).letters:
        return WordingResult(Wording.ABSENT, ())
    return replace(unverified(corpus, shown, passages), capped=effort.spent)


def _searched(
    corpus: CorpusView, text: str, effort: Effort
) -> tuple[WordingResult | None, Sequence[StoredPassage]]:
    """Return the places that verify the words, if any, and the passages nearest to them."""
    quote = split_at_marks(text) if is_marked(text) else None
    bare = without_word_brackets(text)
    part = Part.of(fold(text))
    if not part.letters:
        return None, ()
    anchor = _anchor(part, quote)
    reach = 2 * len(text) + LONGEST_OMISSION
    passages = corpus.nearest_passages(anchor) if not corpus.small else ()
    for regions in _places_to_search(corpus, passages, reach, _alternatives(part, quote, bare)):
        found = _verified(regions, text, part, quote, bare, effort)
        if found is not None:
            return found, passages
    return None, passages or corpus.nearest_passages(anchor)


def _around_interruptions(
    corpus: CorpusView, found: WordingResult, whole: bool
) -> WordingResult | None:
    """Return the words around an interruption where one voice says them; None if none does.
    `whole`: nothing else is left out, so that words without a gap are the same words."""
    places = [place for place in found.places if not crosses(corpus, place)]
    if not places:
        return None
    if whole:
        places = [_unbroken(place) for place in places]
    order = list(Wording)
    places.sort(key=lambda place: order.index(place.wording))
    return replace(found, wording=places[0].wording, places=tuple(places))


def _unbroken(place: Place) -> Place:
    if any(fold(gone.text).letters or gone.inserted for gone in place.omissions):
        return place
    differences = (*place.differences, "attribution inside")
    return replace(place, wording=Wording.ENCODED, differences=differences, omissions=())


def _anchor(part: Part, quote: Shortened | None) -> str:
    if quote is None:
        return part.folded.text
    return max(quote.segments, key=lambda segment: len(segment.letters)).folded.text


def _alternatives(part: Part, quote: Shortened | None, bare: str | None) -> list[list[str]]:
    """Return alternative sets of letters; a text with the words contains all of one of them."""
    found = [[part.letters]]
    if quote is not None:
        found.append([segment.letters for segment in quote.segments])
    if bare is not None:
        found.append([fold(bare).letters])
        inner = split_at_marks(bare) if is_marked(bare) else None
        if inner is not None:
            found.append([segment.letters for segment in inner.segments])
    return found


def _places_to_search(
    corpus: CorpusView,
    passages: Sequence[StoredPassage],
    reach: int,
    wanted: Sequence[Sequence[str]],
) -> Iterator[Iterable[Region]]:
    """Yield where to look, one place after another until the words are found."""
    if corpus.small:
        yield corpus.all_regions(wanted)
        return
    yield corpus.regions_near(passages, reach, wanted)
    if corpus.exhaustive:
        yield corpus.all_regions(wanted)


def _verified(
    regions: Iterable[Region],
    text: str,
    part: Part,
    quote: Shortened | None,
    bare: str | None,
    effort: Effort,
) -> WordingResult | None:
    """Return all places that verify the words; those of the best wording first."""
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
    fragments = order[best] is Wording.SHORTENED and quote is not None and is_fragmented(quote)
    return WordingResult(order[best], tuple(places[:MOST_PLACES]), (), fragments)


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
    """Return places of words, allowing bracketed letters, ellipses and other brackets."""
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
        gone = (start, start + len(text), text)
        omissions.append(Omission(*gone, joint.inserted, joint.in_word))
    for joint, at in ((quote.edges[0], chain.start), (quote.edges[1], chain.end)):
        if joint.inserted:
            edge = region.start + at
            omissions.append(Omission(edge, edge, "", joint.inserted, joint.in_word))
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
    """Return whether bracketed words replace other words that the source has in brackets."""
    if not gone.inserted or "[" not in gone.text:
        return False
    return fold(gone.inserted).letters not in fold(gone.text).letters


def _distinct(places: Sequence[Place]) -> list[Place]:
    """Return places without those found again in overlapping regions, best wording first."""
    order = list(Wording)
    seen: dict[tuple[int, int, int], Place] = {}
    for place in places:
        seen.setdefault((place.text_id, place.start, place.end), place)

    def rank(place: Place) -> tuple[int, int, int, int]:
        # Of the ways to complete a shortened quotation, that which leaves out least.
        length = place.end - place.start if place.wording is Wording.SHORTENED else 0
        return order.index(place.wording), length, place.text_id, place.start

    return sorted(seen.values(), key=rank)
