"""A library as a check reads it: regions of text in which to look for words, and for each place the
speaker, the document and the lines.

A library of up to SMALL characters is held in memory, folded, and looked through whole. In a
larger one the full-text index leads to the stretches; words that it does not find are then
looked for in the letters of all texts, up to EXHAUSTIVE characters, because headings, labels and
menus are not indexed. Nothing is ever taken for found that was not compared letter by letter.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from qa.anchoring.nearest_wording import Change
from qa.check.records import Match, Omission, Wording
from qa.language.folding import Folded, fold
from qa.language.tokens import tokens
from qa.records import Document, Span, Turn, TurnKind
from qa.store.protocol import LibraryReader
from qa.store.records import SpeakerCount, StoredPassage, StoredSource
from qa.structure.lines import has_soft_lines

SMALL = 4_000_000
EXHAUSTIVE = 50_000_000
_TILE = 16_384
_KEPT_REGIONS = 256
_RARE_TERMS = 8
_MATCHES_READ = 8_000
_BEST_PASSAGES = 120
_NEAR_BEST = 0.55
_LONGEST_PHRASE = 12
_FIRST_TOKENS = 400


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """Part of a text: `folded.text` is its characters `start` … of the text `text_id`."""

    text_id: int
    start: int
    folded: Folded


@dataclass(frozen=True, slots=True, eq=False)
class TextStructure:
    """A text's documents and turns, with the places at which each begins."""

    documents: tuple[Document, ...]
    turns: tuple[Turn, ...]
    turn_starts: tuple[int, ...]

    def turn_at(self, offset: int) -> Turn | None:
        """Return the turn in which a character stands; None between turns."""
        index = bisect_right(self.turn_starts, offset) - 1
        if index < 0 or offset >= self.turns[index].end:
            return None
        return self.turns[index]

    def document_at(self, offset: int) -> Document | None:
        return next((d for d in self.documents if d.start <= offset < d.end), None)


class CorpusView:
    """One snapshot of a library, for one check. Not shared by threads."""

    def __init__(
        self, store: LibraryReader, *, small: int = SMALL, exhaustive: int = EXHAUSTIVE
    ) -> None:
        self.store = store
        self.sources: tuple[StoredSource, ...] = store.sources()
        self.speakers: tuple[SpeakerCount, ...] = store.names().speakers
        self._paths: dict[int, list[str]] = {}
        self._lengths: dict[int, int] = {}
        self._soft: set[int] = set()
        for source in self.sources:
            self._paths.setdefault(source.text_id, []).append(source.path)
            self._lengths[source.text_id] = source.characters
            if has_soft_lines(source.format):
                self._soft.add(source.text_id)
        total = sum(self._lengths.values())
        self.small = total <= small
        self.exhaustive = total <= exhaustive
        self._regions: OrderedDict[tuple[int, int, int], Region] = OrderedDict()
        self._letters: dict[int, str] = {}
        self._asked: tuple[Sequence[Sequence[str]], dict[int, bool]] = ((), {})
        self._structures: dict[int, TextStructure] = {}
        self._spans: dict[tuple[int, int], tuple[Span, ...]] = {}
        self._counts: dict[str, int] = {}
        self._passages: OrderedDict[int, StoredPassage] = OrderedDict()

    def paths(self, text_id: int) -> tuple[str, ...]:
        """Return the sources that have this text, sorted."""
        return tuple(sorted(self._paths[text_id]))

    def roles(self, speaker: str) -> tuple[str, ...]:
        """Return the offices that the library gives a speaker, in any of its documents."""
        return tuple(one.role for one in self.speakers if one.name == speaker and one.role)

    def is_soft(self, text_id: int) -> bool:
        """Return whether a line break alone ends no paragraph of a text."""
        return text_id in self._soft

    def length(self, text_id: int) -> int:
        return self._lengths[text_id]

    def text(self, text_id: int, start: int, end: int) -> str:
        """Return characters start … end of a text, as far as there are any."""
        return self.store.excerpt(text_id, max(0, start), min(end, self._lengths[text_id])).text

    def structure(self, text_id: int) -> TextStructure:
        found = self._structures.get(text_id)
        if found is None:
            documents, turns = self.store.structure(self._paths[text_id][0])
            ordered = tuple(sorted(turns, key=lambda turn: turn.start))
            found = TextStructure(documents, ordered, tuple(turn.start for turn in ordered))
            self._structures[text_id] = found
        return found

    def once(
        self, find: Callable[[CorpusView, int, Turn], tuple[Span, ...]], text_id: int, turn: Turn
    ) -> tuple[Span, ...]:
        """Return what `find` says about a turn, calling it only once per turn."""
        key = (text_id, turn.start)
        if key not in self._spans:
            self._spans[key] = find(self, text_id, turn)
        return self._spans[key]

    def all_regions(self, wanted: Sequence[Sequence[str]]) -> Iterator[Region]:
        """Yield all texts, one region each; in a large library only those that contain all the
        letters of one of the alternatives in `wanted`."""
        for text_id, length in self._lengths.items():
            if self.small or self._holds(text_id, wanted):
                yield self.region(text_id, 0, length)

    def _holds(self, text_id: int, wanted: Sequence[Sequence[str]]) -> bool:
        if self._asked[0] is not wanted:
            self._asked = (wanted, {})
        answers = self._asked[1]
        if text_id not in answers:
            letters = self._letters.get(text_id)
            if letters is None:
                # Without their places: a tenth of the memory that a region takes.
                text = self.store.excerpt(text_id, 0, self._lengths[text_id]).text
                letters = self._letters[text_id] = fold(text).letters
            answers[text_id] = any(all(part in letters for part in parts) for parts in wanted)
        return answers[text_id]

    def region(self, text_id: int, start: int, end: int) -> Region:
        """Return a region that holds characters start … end, widened to whole tiles."""
        first = max(0, start) // _TILE * _TILE
        last = min(-(-end // _TILE) * _TILE, self._lengths[text_id])
        key = (text_id, first, last)
        found = self._regions.get(key)
        if found is None:
            found = Region(text_id, first, fold(self.store.excerpt(text_id, first, last).text))
            if self.small or last - first <= 16 * _TILE:
                self._regions[key] = found
        self._regions.move_to_end(key) if key in self._regions else None
        while not self.small and len(self._regions) > _KEPT_REGIONS:
            self._regions.popitem(last=False)
        return found

    def regions_near(
        self, passages: Sequence[StoredPassage], reach: int, wanted: Sequence[Sequence[str]]
    ) -> Iterator[Region]:
        """Yield the regions around passages, each once; of texts already read, only those that
        contain what is `wanted`, as in `all_regions`."""
        seen: set[tuple[int, int]] = set()
        for passage in passages:
            if passage.text_id in self._letters and not self._holds(passage.text_id, wanted):
                continue
            region = self.region(passage.text_id, passage.start - reach, passage.end + reach)
            key = (region.text_id, region.start)
            if key not in seen:
                seen.add(key)
                yield region

    def nearest_passages(self, words: str, most: int = _BEST_PASSAGES) -> tuple[StoredPassage, ...]:
        """Return the passages that share a text's rarest words, best first: the first few and those
        about as near."""
        terms = tokens(words[:20_000])[:_FIRST_TOKENS]
        chosen_terms, phrase = self._searched(terms)
        ids, scores = self.store.lexical_scores(chosen_terms, phrase=phrase)
        if not ids.size:
            return ()
        order = scores.argsort(kind="stable")[::-1][:most]
        best = float(scores[order[0]])
        chosen = [int(ids[i]) for i in order if float(scores[i]) >= _NEAR_BEST * best]
        missing = [number for number in chosen if number not in self._passages]
        self._passages.update(self.store.passages(missing))
        found = tuple(self._passages[number] for number in chosen if number in self._passages)
        while len(self._passages) > 20_000:
            self._passages.popitem(last=False)
        return found

    def _searched(self, terms: Sequence[str]) -> tuple[list[str], bool]:
        """Return the rarest terms, to search for any of them; where all are common, the words, to
        search for as a phrase."""
        unknown = [term for term in dict.fromkeys(terms) if term not in self._counts]
        self._counts.update(self.store.term_counts(unknown))
        known = sorted({term for term in terms if self._counts[term]}, key=self._rarity)
        chosen: list[str] = []
        read = 0
        for term in known[:_RARE_TERMS]:
            read += self._counts[term]
            if read > _MATCHES_READ and chosen:
                break
            chosen.append(term)
        if chosen and self._counts[chosen[0]] > _MATCHES_READ and len(terms) > 1:
            return list(terms[:_LONGEST_PHRASE]), True
        return chosen, False

    def _rarity(self, term: str) -> tuple[int, str]:
        return self._counts[term], term


# ---- a span of a text → matches --------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quotation's words stand in a stored text, and how."""

    text_id: int
    start: int
    end: int
    wording: Wording
    differences: tuple[str, ...] = ()
    omissions: tuple[Omission, ...] = ()


@dataclass(frozen=True, slots=True)
class WordingResult:
    """What was found of a quotation's words. `capped`: there may be more places."""

    wording: Wording
    places: tuple[Place, ...]
    changes: tuple[Change, ...] = ()
    fragments: bool = False
    capped: bool = False


def turns_at(corpus: CorpusView, place: Place) -> tuple[Turn | None, Turn | None]:
    """Return the turns in which a place begins and ends."""
    structure = corpus.structure(place.text_id)
    return structure.turn_at(place.start), structure.turn_at(max(place.start, place.end - 1))


def document_of(corpus: CorpusView, place: Place) -> Document | None:
    return corpus.structure(place.text_id).document_at(place.start)


def matches_at(corpus: CorpusView, place: Place) -> tuple[Match, ...]:
    """Return one match for each source that has the text."""
    turn, last = turns_at(corpus, place)
    document = document_of(corpus, place)
    voices = {(one.speaker, one.kind) if one is not None else None for one in (turn, last)}
    known = turn if len(voices) == 1 else None
    first_line, last_line = (
        corpus.store.excerpt(place.text_id, at, at).line
        for at in (place.start, max(place.start, place.end - 1))
    )
    text = corpus.text(place.text_id, place.start, place.end)
    return tuple(
        Match(
            source=path,
            start=place.start,
            end=place.end,
            text=text,
            speaker=known.speaker if known else None,
            date=document.date if document else None,
            document=document.title if document else None,
            wording=place.wording,
            kind=turn.kind if turn else TurnKind.BOILERPLATE,
            role=known.role if known else None,
            lines=(first_line, last_line),
            differences=place.differences,
            omissions=place.omissions,
        )
        for path in corpus.paths(place.text_id)
    )
