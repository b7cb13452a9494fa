"""Find quotations that were openly shortened ("We will … sign", "[the model] works", "[t]he") or
are interrupted to name the speaker, as in Russian («Да, — сказал он, — и нет»).

The segments between the marks must stand in the source in order, each whole, near enough to
each other. What lies between them is given back, for the reader and for the warnings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.check.matching import Finder, MatchedWords, Part
from qa.language.discourse import WORD
from qa.language.folding import Folded, fold
from qa.language.speech import VERB

# Most characters that an ellipsis, and that a bracket, may stand for.
LONGEST_OMISSION = 2_000
LONGEST_REPLACEMENT = 160
_MOST_SEGMENTS = 400
_ALTERNATIVES = 6
_STEPS = 4_000

_ELLIPSIS = r"(?:…|\.(?:[ \u00a0]?\.){2,})"
_MARKS = re.compile(
    rf"[\[(<]\s{{0,8}}{_ELLIPSIS}\s{{0,8}}[\])>]|{_ELLIPSIS}|\[(?P<inside>[^\[\]]{{1,200}})\]"
)
_IN_WORD = re.compile(r"\[([^\W_]{1,2})\](?=[^\W_])|(?<=[^\W_])\[([^\W_]{1,4})\]")


@dataclass(frozen=True, slots=True)
class Joint:
    """What joins two segments. `omits`: an ellipsis; `inserted`: words in brackets; `in_word`: a
    bracket touches a letter."""

    omits: bool = False
    inserted: str = ""
    in_word: bool = False

    @property
    def reach(self) -> int:
        return LONGEST_OMISSION if self.omits else LONGEST_REPLACEMENT


@dataclass(frozen=True, slots=True)
class Shortened:
    """A quotation in segments; `joints[i]` stands between segments i and i + 1. `edges` are
    the marks before the first and after the last segment."""

    segments: tuple[Part, ...]
    joints: tuple[Joint, ...]
    edges: tuple[Joint, Joint]


@dataclass(frozen=True, slots=True)
class Chain:
    """The places of all segments, in order."""

    places: tuple[MatchedWords, ...]

    @property
    def start(self) -> int:
        return self.places[0].start

    @property
    def end(self) -> int:
        return self.places[-1].end


def is_marked(text: str) -> bool:
    """Return whether a text contains an ellipsis or brackets."""
    return _MARKS.search(text) is not None


def without_word_brackets(text: str) -> str | None:
    """Return `[T]he work[s]` as "The works"; None if no bracket is inside a word."""
    bare = _IN_WORD.sub(lambda match: match[1] or match[2], text)
    return bare if bare != text else None


def shown_words(text: str) -> str:
    """Return a quotation with ellipses and bracketed words replaced by spaces, so that every other
    word keeps its place."""
    return _MARKS.sub(lambda match: " " * len(match.group()), text)


def split_at_marks(text: str) -> Shortened | None:
    """Return the segments of a marked quotation; None without marks or words, or with too many
    marks."""
    pieces: list[str] = []
    marks: list[Joint] = []
    at = 0
    for match in _MARKS.finditer(text):
        if len(marks) >= _MOST_SEGMENTS:
            return None
        pieces.append(text[at : match.start()])
        marks.append(_joint(text, match))
        at = match.end()
    pieces.append(text[at:])
    return _assembled(pieces, marks) if marks else None


def is_fragmented(quote: Shortened) -> bool:
    """Return whether a quotation is pieced together from single words."""
    single = [part for part in quote.segments if len(WORD.findall(part.folded.text[:200])) == 1]
    return len(quote.segments) > 2 and 2 * len(single) > len(quote.segments)


def _joint(text: str, match: re.Match[str]) -> Joint:
    inside = match["inside"]
    if inside is None:
        return Joint(omits=True)
    start, end = match.span()
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    return Joint(inserted=inside, in_word=before.isalnum() or after.isalnum())


def _assembled(pieces: Sequence[str], marks: Sequence[Joint]) -> Shortened | None:
    """Join pieces with words into segments, merging the marks around a piece without words."""
    folded = [fold(piece) for piece in pieces]
    segments: list[tuple[Folded, Joint]] = []
    pending = Joint()
    for index, piece in enumerate(folded):
        if index:
            pending = _merged(pending, marks[index - 1])
        if piece.letters:
            segments.append((piece, pending))
            pending = Joint()
    if not segments:
        return None
    befores = [joint for _, joint in segments] + [pending]
    parts = tuple(
        Part.of(piece, befores[index].in_word, befores[index + 1].in_word)
        for index, (piece, _) in enumerate(segments)
    )
    return Shortened(parts, tuple(befores[1:-1]), (befores[0], befores[-1]))


def _merged(one: Joint, other: Joint) -> Joint:
    inserted = " ".join(part for part in (one.inserted, other.inserted) if part)
    return Joint(one.omits or other.omits, inserted, one.in_word or other.in_word)


def find_chains(quote: Shortened, finder: Finder) -> Iterator[Chain]:
    """Yield all places where the segments stand in order, found from the longest segment."""
    anchor = max(range(len(quote.segments)), key=lambda i: len(quote.segments[i].letters))
    for found in finder.all(quote.segments[anchor]):
        steps = [_STEPS]
        after = _from_anchor(quote, finder, anchor, found, steps, 1)
        if after is None:
            continue
        before = _from_anchor(quote, finder, anchor, found, steps, -1)
        if before is not None:
            yield Chain((*reversed(before), found, *after))


def _from_anchor(
    quote: Shortened, finder: Finder, index: int, found: MatchedWords, steps: list[int], way: int
) -> tuple[MatchedWords, ...] | None:
    """Return places of the segments after (`way` 1) or before (-1) segment `index`, the nearest
    first; None unless all are found."""
    wanted = len(quote.segments) - 1 - index if way > 0 else index
    places = _following if way > 0 else _preceding
    # A stack of its own, because a draft may have hundreds of segments.
    stack = [places(quote, finder, index, found)]
    chain: list[MatchedWords] = []
    while stack:
        if len(chain) == wanted:
            return tuple(chain)
        steps[0] -= 1
        place = next(stack[-1], None) if steps[0] > 0 else None
        if place is None:
            stack.pop()
            if chain:
                chain.pop()
            continue
        chain.append(place)
        stack.append(places(quote, finder, index + way * len(chain), place))
    return None


def _following(
    quote: Shortened, finder: Finder, index: int, found: MatchedWords
) -> Iterator[MatchedWords]:
    if index >= len(quote.segments) - 1:
        return
    part = quote.segments[index + 1]
    end = finder.text.index_from(found.end + quote.joints[index].reach) + len(part.letters)
    for number, place in enumerate(finder.all(part, found.last + 1, end)):
        if number == _ALTERNATIVES:
            return
        yield place


def _preceding(
    quote: Shortened, finder: Finder, index: int, found: MatchedWords
) -> Iterator[MatchedWords]:
    if index == 0:
        return
    part = quote.segments[index - 1]
    begin = finder.text.index_from(found.start - quote.joints[index - 1].reach)
    begin = max(0, begin - len(part.letters))
    places = list(finder.all(part, begin, found.first))
    yield from reversed(places[-_ALTERNATIVES:])


# ---- who speaks, said inside the quotation marks ---------------------------------------


_INTERRUPTION = re.compile(
    r"(?P<mark>[,!?…])\s{0,4}[—–-]{1,2}\s{1,4}(?P<words>[^«»“”„\"\n—–]{3,160}?)\s{0,4}[,.:;]\s{0,4}"
    r"[—–-]{1,2}\s{1,4}(?=[^\W_])"
)
# The verb stands first, or after "как" and the like.
_LEAD = 12


def interruptions_in(text: str) -> Iterator[str]:
    """Yield the words that name the speaker: "сказал он"."""
    for match in _found(text):
        yield match["words"]


def without_interruptions(text: str) -> tuple[str, str] | None:
    """Return a quotation with an ellipsis and spaces instead of its interruptions, so that every
    other word keeps its place; None without any."""
    found = list(_found(text))
    if not found:
        return None
    joined, blanked, at = [], [], 0
    for match in found:
        # A comma is the interruption's own; a question or an exclamation is the speaker's.
        start = match.start() if match["mark"] == "," else match.start() + 1
        kept = text[at:start]
        joined += [kept, " … "]
        blanked += [kept, " " * (match.end() - start)]
        at = match.end()
    return "".join((*joined, text[at:])), "".join((*blanked, text[at:]))


def _found(text: str) -> Iterator[re.Match[str]]:
    for match in _INTERRUPTION.finditer(text):
        verb = VERB.search(match["words"])
        if verb is not None and verb.start() <= _LEAD:
            yield match
