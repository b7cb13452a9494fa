"""Cut a document's quotable text into the passages that are indexed, each with its title, heading
and speaker as context."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa.language.sentences import split_sentences
from qa.language.tokens import lexical_tokens
from qa.locating import LINE_END
from qa.records import BlockKind, Document, Passage, SourceText, Span, Turn, TurnKind
from qa.structure.lines import has_soft_lines
from qa.structure.packing import DEFAULT_LIMITS, PassageLimits, divide, pack, units

TokenCounter = Callable[[Sequence[str]], Sequence[int]]

# A word piece stands for four or five characters. A tokenizer that gives a run of thousands
# one piece ("unknown") must not make a passage of it.
_CHARACTERS_A_TOKEN = 12
# White space wider than this between two sentences parts passages too.
_WIDEST_GAP = 200
_BATCH = 8192

_UNQUOTED = frozenset({BlockKind.HEADING, BlockKind.NAVIGATION, BlockKind.METADATA})
_BY_LINE = frozenset({BlockKind.CODE, BlockKind.TABLE})
LONGEST_CONTEXT = 200
_LONGEST_HEADING = 70
_LONGEST_SPEAKER = 80


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence, a line of code or a row; `closes`: a paragraph ends with it."""

    span: Span
    closes: bool


@dataclass(frozen=True, slots=True)
class _Run:
    """Sentences that may share passages: of one turn, with nothing between them that may not
    be quoted."""

    turn: Turn
    sentences: tuple[_Sentence, ...]


def cut_passages(
    source: SourceText,
    document: Document,
    turns: Sequence[Turn],
    count_tokens: TokenCounter,
    limits: PassageLimits = DEFAULT_LIMITS,
) -> tuple[Passage, ...]:
    """Return the passages of a document's quotable turns, in order.

    A passage is a run of whole sentences of one turn; see `pack` for its size and `divide`
    for sentences too long for one, whose pieces count as sentences. In marked-up sources no
    heading, menu or metadata is part of one, and code and tables make passages of their own,
    by line or row. `count_tokens` gives each text's word pieces without special tokens; it is
    called with thousands of texts at once.
    """
    own = [turn for turn in turns if turn.document == document.ordinal]
    runs = [run for turn in own if turn.kind.quotable for run in _runs(source, turn)]
    spans = [sentence.span for run in runs for sentence in run.sentences]
    sizes = iter(_sizes(source.text, spans, count_tokens))
    measured = [[next(sizes) for _ in run.sentences] for run in runs]
    pieces = _long_ones(source.text, runs, measured, count_tokens, limits.high)
    context = Contexts(source, document, own)
    passages: list[Passage] = []
    for run, run_sizes in zip(runs, measured, strict=True):
        passages.extend(_packed(run, run_sizes, pieces, limits, context))
    return tuple(passages)


# ---- what may be quoted, in runs of sentences ---------------------------------------------


def _runs(source: SourceText, turn: Turn) -> Iterator[_Run]:
    found: list[_Sentence] = []
    for group in _groups(source, turn):
        if found and (group.apart or group.start - found[-1].span.end > _WIDEST_GAP):
            yield _Run(turn, tuple(found))
            found = []
        for sentence in _sentences(source, group):
            if found and sentence.span.start - found[-1].span.end > _WIDEST_GAP:
                yield _Run(turn, tuple(found))
                found = []
            found.append(sentence)
        if found and group.apart:
            yield _Run(turn, tuple(found))
            found = []
    if found:
        yield _Run(turn, tuple(found))


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a turn of one kind; `apart`: it shares no passage with its neighbours; an empty
    one stands for something that may not be quoted, and only parts what is beside it."""

    start: int
    end: int
    kind: BlockKind | None
    apart: bool


def _groups(source: SourceText, turn: Turn) -> Iterator[_Part]:
    if not source.blocks:
        yield _Part(turn.start, turn.end, None, False)
        return
    first = bisect_right(source.blocks, turn.start, key=lambda block: block.end)
    for block in source.blocks[first:]:
        if block.start >= turn.end:
            return
        start, end = max(block.start, turn.start), min(block.end, turn.end)
        if block.kind in _UNQUOTED:
            yield _Part(start, start, block.kind, True)
        else:
            yield _Part(start, end, block.kind, block.kind in _BY_LINE)


def _sentences(source: SourceText, segment: _Part) -> list[_Sentence]:
    text = source.text
    if segment.kind in _BY_LINE:
        return [_Sentence(span, True) for span in _rows(text, segment)]
    soft = has_soft_lines(source.format)
    spans = split_sentences(text, segment.start, segment.end, soft=soft)
    return [
        _Sentence(span, after is None or _line_ends_between(text, span.end, after.start))
        for span, after in zip(spans, [*spans[1:], None], strict=False)
    ]


def _line_ends_between(text: str, start: int, end: int) -> bool:
    return LINE_END.search(text, start, end) is not None


def _rows(text: str, segment: _Part) -> Iterator[Span]:
    at = segment.start
    ends = [match.start() for match in LINE_END.finditer(text, segment.start, segment.end)]
    for end in [*ends, segment.end]:
        row = text[at:end]
        # The rule below a table's head is no row.
        worth = any(map(str.isalnum, row)) if segment.kind is BlockKind.TABLE else row.strip()
        if worth:
            stripped = row.strip()
            start = at + len(row) - len(row.lstrip())
            yield Span(start, start + len(stripped))
        at = end


# ---- sizes ---------------------------------------------------------------------------------


def _sizes(text: str, spans: Sequence[Span], count_tokens: TokenCounter) -> Iterator[int]:
    """Yield the size of each span: its word pieces, or more if it is long for them; at least 1."""
    for first in range(0, len(spans), _BATCH):
        batch = [text[span.start : span.end] for span in spans[first : first + _BATCH]]
        for piece, count in zip(batch, count_tokens(batch), strict=True):
            yield max(1, int(count), len(piece) // _CHARACTERS_A_TOKEN)


_Pieces = dict[Span, tuple[list[Span], list[int]]]


def _long_ones(
    text: str,
    runs: Sequence[_Run],
    measured: Sequence[Sequence[int]],
    count_tokens: TokenCounter,
    high: int,
) -> _Pieces:
    """Return the sentences larger than `high`, with the pieces into which each is divided."""
    long = [
        sentence.span
        for run, sizes in zip(runs, measured, strict=True)
        for sentence, size in zip(run.sentences, sizes, strict=True)
        if size > high
    ]
    parts = [units(text, span.start, span.end) for span in long]
    unit_sizes = iter(_sizes(text, [unit for sentence in parts for unit in sentence], count_tokens))
    pieces: _Pieces = {}
    for span, sentence in zip(long, parts, strict=True):
        sizes = [next(unit_sizes) for _ in sentence]
        found = divide(text, sentence, sizes, high)
        starts = [unit.start for unit in sentence]
        edges = [bisect_left(starts, piece.start) for piece in found] + [len(sizes)]
        totals = [sum(sizes[first:last]) for first, last in pairwise(edges)]
        pieces[span] = (found, totals)
    return pieces


# ---- passages ------------------------------------------------------------------------------


def _packed(
    run: _Run,
    run_sizes: Sequence[int],
    pieces: _Pieces,
    limits: PassageLimits,
    context: Contexts,
) -> Iterator[Passage]:
    spans: list[Span] = []
    sizes: list[int] = []
    ends: list[bool] = []
    for sentence, size in zip(run.sentences, run_sizes, strict=True):
        parts, part_sizes = pieces.get(sentence.span, ([sentence.span], [size]))
        spans.extend(parts)
        sizes.extend(part_sizes)
        ends.extend([False] * (len(parts) - 1) + [sentence.closes])
    first = 0
    for last in pack(sizes, ends, limits):
        start, end = spans[first].start, spans[last - 1].end
        yield Passage(
            document=run.turn.document,
            turn=run.turn.ordinal,
            start=start,
            end=end,
            sentences=tuple(spans[first:last]),
            context=context.of(run.turn, start),
        )
        first = last


class Contexts:
    """Finds the context of each passage of one document."""

    def __init__(self, source: SourceText, document: Document, turns: Sequence[Turn]) -> None:
        self._text = source.text
        self._title = _joined(document.title or "")
        self._headings = _headings(source, document, turns)
        self._starts = [heading.start for heading in self._headings]

    def of(self, turn: Turn, start: int) -> str:
        """Return the context of the passage of `turn` beginning at `start`: title, last heading,
        and speaker with role, as sentences of at most `LONGEST_CONTEXT` characters together; empty
        where nothing is known."""
        speaker = ", ".join(_joined(part) for part in (turn.speaker, turn.role) if part)
        heading = self._heading(start)
        if _same(heading, self._title):
            heading = ""
        parts = [_shortened(speaker, _LONGEST_SPEAKER), _shortened(heading, _LONGEST_HEADING)]
        # The title comes first but gives way: it is the same for the whole document.
        room = LONGEST_CONTEXT - sum(len(part) + 2 for part in parts if part) - 1
        title = _shortened(self._title, room)
        return " ".join(_closed(part) for part in (title, parts[1], parts[0]) if part)

    def _heading(self, start: int) -> str:
        at = bisect_right(self._starts, start) - 1
        if at < 0:
            return ""
        heading = self._headings[at]
        return _joined(self._text[heading.start : min(heading.end, heading.start + 500)])


def _headings(source: SourceText, document: Document, turns: Sequence[Turn]) -> list[Span]:
    """Return the document's headings in order, as its turns and the format's markup give them."""
    found = {turn.start: turn.end for turn in turns if turn.kind is TurnKind.HEADING}
    for block in source.blocks:
        inside = document.start <= block.start < document.end
        if inside and block.kind is BlockKind.HEADING:
            found.setdefault(block.start, block.end)
    return [Span(start, end) for start, end in sorted(found.items())]


def _same(heading: str, title: str) -> bool:
    """Return whether one repeats the other, perhaps with a date or a site's name after it."""
    short, long = sorted((heading.casefold(), title.casefold()), key=len)
    return bool(short) and long.startswith(short)


def _joined(words: str) -> str:
    return " ".join(words.split())


def _shortened(words: str, longest: int) -> str:
    """Return at most `longest` characters, cut between words where there are any."""
    if len(words) <= longest:
        return words
    cut = words[:longest]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut[:-1]).rstrip(" .,;:–—-") + "…"


def _closed(part: str) -> str:
    return part if part[-1] in ".!?…。！？:" else f"{part}."


def name_passages(
    source: SourceText, document: Document, turns: Sequence[Turn], passages: Sequence[Passage]
) -> list[tuple[str, str]]:
    """Return the context of each passage of a document, and its lexical tokens joined by spaces,
    as an `add` makes them; corrected names change both."""
    contexts = Contexts(source, document, turns)
    by_ordinal = {turn.ordinal: turn for turn in turns}
    named = []
    for passage in passages:
        context = contexts.of(by_ordinal[passage.turn], passage.start)
        words = source.text[passage.start : passage.end]
        named.append((context, lexical_tokens(context, words)))
    return named
