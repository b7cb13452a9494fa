"""What is fuzzed, and what must hold of each result, as the design's invariants have it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from random import Random

from benchmarks.written_formats import WRITERS
from qa.anchoring.citations import citation_in_text, tokens_in
from qa.anchoring.resolving import Standing, resolve_in
from qa.check.quotations import find_quotations
from qa.errors import InvalidQuery, ReadError
from qa.find.parsing import parse_find
from qa.readers.archive import Archive
from qa.readers.files import read_bytes
from qa.readers.sandbox.wire import source_from_data, source_to_data
from qa.records import Block, BlockKind, Document, SourceText, Span, Turn
from qa.search.query import make_query
from qa.store.citation_file import decode, encode
from qa.structure.documents import find_documents
from qa.structure.passages import cut_passages
from qa.structure.turns import find_turns
from tests.fuzzing.inputs import bent, hostile_text

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_WORD = re.compile(r"\w+|[^\w\s]")
_MOST_INFLATED = 16 * 1024 * 1024
_MEMBERS = 100
# What the wire between the processes lets through.
_LABEL, _TITLE = 300, 1000


@dataclass(frozen=True, slots=True)
class Target:
    """`check` makes an input by chance, tries it, and says whether it was "taken" or "refused".
    Anything that it raises is a find."""

    name: str
    check: Callable[[Random], str]


def check_reader(suffix: str, chance: Random) -> str:
    """A bent file is read to a sound text, or refused in one line."""
    return read_soundly(bent(chance, suffix), Path(f"bent.{suffix}"))


def read_soundly(data: bytes, path: Path) -> str:
    try:
        source = read_bytes(data, path)
    except ReadError as refusal:
        reason, named = refusal.reason, refusal.path
    else:
        check_source(source)
        assert source_from_data(*source_to_data(source)) == _as_sent(source)
        check_structure(source)
        return "taken"
    assert reason.strip()
    assert reason.isprintable(), reason
    assert named == path
    return "refused"


def _as_sent(source: SourceText) -> SourceText:
    """What the reading process hands on: the same, but for names that are texts by themselves."""
    return replace(
        source,
        title=source.title[:_TITLE] if source.title else None,
        blocks=tuple(
            replace(block, speaker=block.speaker[:_LABEL]) if block.speaker else block
            for block in source.blocks
        ),
    )


def check_archive(chance: Random) -> str:
    path = Path("bent.zip")
    try:
        archive = Archive(bent(chance, "zip"), path, _MEMBERS)
        listing = archive.listing()
    except ReadError:
        return "refused"
    outcome = "refused"
    for member in listing.members:
        assert ".." not in member.name.split("/")
        assert not member.name.startswith("/")
        try:
            data = archive.inflate(member.position, path / member.name, _MOST_INFLATED)
        except ReadError:
            continue
        outcome = "taken"
        assert len(data) <= _MOST_INFLATED
    return outcome


def check_source(source: SourceText) -> None:
    """A text that can be stored, with blocks and places in order and inside it."""
    text = source.text
    assert text
    assert not text.isspace()
    assert not _UNSTORABLE.search(text)
    at = 0
    for block in source.blocks:
        assert at <= block.start < block.end <= len(text), block
        assert 0 <= block.level <= 99
        assert block.speaker is None or block.speaker.strip()
        at = block.end
    at = 0
    for link in source.links:
        assert at <= link.start <= link.end <= len(text), link
        at = link.end
        if isinstance(link.target, Span):
            assert link.start == link.end
            assert 0 <= link.target.start < link.target.end <= len(text), link
        else:
            assert link.target.strip()
            assert text[link.start : link.end].strip()
    starts = [mark.start for mark in source.locators]
    assert starts == sorted(starts)
    assert all(0 <= start <= len(text) for start in starts)
    assert len({mark.locator.kind for mark in source.locators}) <= 1
    assert all(mark.locator.label.strip() for mark in source.locators)
    assert source.title is None or source.title.strip()
    assert source.date is None or _DATE.fullmatch(source.date)


def check_structure(source: SourceText) -> None:
    """Documents cover the text, turns their documents' words, passages lie in turns."""
    text = source.text
    documents = find_documents(source)
    assert [document.ordinal for document in documents] == list(range(len(documents)))
    assert (documents[0].start, documents[-1].end) == (0, len(text))
    assert all(first.end == second.start for first, second in pairwise(documents))
    for document in documents:
        turns = find_turns(source, document)
        _check_turns(text, document, turns)
        _check_passages(source, document, turns)


def _check_turns(text: str, document: Document, turns: Sequence[Turn]) -> None:
    at = document.start
    for turn in turns:
        assert turn.document == document.ordinal
        assert at <= turn.start < turn.end <= document.end, turn
        assert not text[at : turn.start].strip(), text[at : turn.start]
        assert turn.speaker is None or turn.speaker.strip()
        at = turn.end
    assert not text[at : document.end].strip(), text[at : document.end]


def _check_passages(source: SourceText, document: Document, turns: Sequence[Turn]) -> None:
    by_ordinal = {turn.ordinal: turn for turn in turns}
    at = document.start
    for passage in cut_passages(source, document, turns, _count):
        turn = by_ordinal[passage.turn]
        assert turn.kind.quotable
        assert turn.start <= passage.start < passage.end <= turn.end
        assert at <= passage.start
        at = passage.end
        inside = passage.start
        for sentence in passage.sentences:
            assert inside <= sentence.start < sentence.end <= passage.end
            inside = sentence.end
        assert source.text[passage.start : passage.end].strip()


def _count(texts: Sequence[str]) -> list[int]:
    return [len(_WORD.findall(text)) for text in texts]


def check_segmenter(chance: Random) -> str:
    """The structure of any text with any blocks."""
    text = _UNSTORABLE.sub("\ufffd", hostile_text(chance))
    if not text.strip():
        return "refused"
    check_structure(SourceText(text, "text", "text/1", _any_blocks(chance, text)))
    return "taken"


def _any_blocks(chance: Random, text: str) -> tuple[Block, ...]:
    if not chance.randrange(2):
        return ()
    cuts = sorted({chance.randint(0, len(text)) for _ in range(chance.randint(2, 12))})
    kinds = list(BlockKind)
    speakers = (None, None, "Ada Brandt", "Ö'Neil; --")
    return tuple(
        Block(chance.choice(kinds), start, end, chance.randint(0, 6), chance.choice(speakers))
        for start, end in pairwise(cuts)
        if chance.randrange(4) and text[start:end].strip()
    )


def check_question(chance: Random) -> str:
    question = hostile_text(chance)
    try:
        query = make_query(question)
    except InvalidQuery:
        return "refused"
    assert query.question == question
    assert query.terms
    assert len(query.terms) == len(set(query.terms)) == len(query.words)
    assert all(word in query.text for word in query.words)
    query.text.encode()
    return "taken"


def check_search(chance: Random) -> str:
    text = hostile_text(chance)
    try:
        query = parse_find(text, stem=bool(chance.randrange(2)))
    except InvalidQuery:
        return "refused"
    assert query.clauses
    assert not all(clause.excluded for clause in query.clauses)
    assert all(clause.terms for clause in query.clauses)
    return "taken"


def check_quotations(chance: Random) -> str:
    draft = hostile_text(chance)
    cuts = sorted(chance.randint(0, len(draft)) for _ in range(2))
    found = find_quotations(draft, [Span(*cuts)] if cuts[0] < cuts[1] else [])
    at = 0
    for quotation in found:
        assert at <= quotation.start
        at = quotation.start
        assert 0 <= quotation.outer.start <= quotation.start < quotation.end <= quotation.outer.end
        assert quotation.outer.end <= len(draft)
        assert draft[quotation.start : quotation.end] == quotation.text
        assert quotation.text.strip()
    return "taken" if found else "refused"


def check_citations(chance: Random) -> str:
    """Tokens are found where they stand; a kept citation is found again, also after an edit, or is
    said to be gone or changed, and never elsewhere in silence."""
    text = _UNSTORABLE.sub("\ufffd", hostile_text(chance))
    for match in tokens_in(text):
        assert len(match.group()) == len("cw:") + 10
        assert text[match.start() : match.end()] == match.group()
    start = chance.randint(0, len(text) - 1)
    end = min(len(text), start + chance.randint(1, 80))
    kept = citation_in_text(text, "a.txt", start, end)
    assert decode(encode(kept)) == kept
    _check_damaged(chance, encode(kept))
    same = resolve_in(text, kept)
    assert (same.start, same.end) == (start, end)
    at, cut = chance.randint(0, len(text)), chance.randint(0, 20)
    edited = text[:at] + hostile_text(chance)[:50].replace("\x00", "") + text[at + cut :]
    now = resolve_in(edited, kept)
    if now.standing in (Standing.INTACT, Standing.MOVED):
        assert edited[now.start : now.end] == kept.exact
    return "taken"


def _check_damaged(chance: Random, line: str) -> None:
    at = chance.randint(0, len(line))
    damaged = line[:at] + chance.choice(("", "{", '"', "0", "null", "\\ud800")) + line[at + 1 :]
    try:
        decode(damaged)
    except ValueError:
        return


TARGETS = (
    *(Target(suffix, partial(check_reader, suffix)) for suffix in WRITERS),
    Target("zip", check_archive),
    Target("segmenter", check_segmenter),
    Target("question", check_question),
    Target("search", check_search),
    Target("quotations", check_quotations),
    Target("citations", check_citations),
)
