"""Puts a draft's links into its text as Markdown has them, where they cite a document.

A quotation's words are never touched: a link that is the whole of them stands behind them, one
that is in the middle of them is about those words, and is left out.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from urllib.parse import unquote

from qa.anchoring.citations import tokens_in
from qa.check.claims import cites
from qa.check.person_names import as_name
from qa.check.quotations import find_quotations
from qa.check.records import Mark, Quotation
from qa.records import Block, BlockKind, Link, Span

LONGEST_TARGET = 400
_LONGEST_WORDS = 200
_LONGEST_CREDIT = 160
_DASHES = "—–-"
# What a link in Markdown can't hold, and what ends a file's name in a text.
_RESERVED = re.compile(r"[\s()\[\]<>\"'“”„«»‘’\\\x00-\x1f\x7f\ud800-\udfff]")


def linked(
    text: str, blocks: tuple[Span, ...], links: Sequence[Link]
) -> tuple[str, tuple[Span, ...]]:
    """The text with `[words](target)` for each link that cites a file or holds a citation token,
    and where its block quotes are then. `links` are in order and do not overlap.

    Where words can't stand in brackets (they hold some, or a quotation) it is `words[*](target)`.
    The text stays as it is where marks that nothing closes would make other quotations of it.
    """
    citing = [
        Link(link.start, link.end, target)
        for link in links
        if (target := _citing_target(link)) is not None
    ]
    if not citing:
        return text, blocks
    quotations = find_quotations(text, blocks)
    outer = [one for one in quotations if one.depth == 0]
    put = [insertion for link in citing for insertion in _insertions(text, link, outer)]
    put.sort(key=lambda insertion: insertion[0])
    new, moved = _with_insertions(text, blocks, put)
    as_before = [one.text for one in quotations] == [q.text for q in find_quotations(new, moved)]
    return (new, moved) if as_before else (text, blocks)


def _citing_target(link: Link) -> str | None:
    target = target_of(link.target) if isinstance(link.target, str) else None
    return target if target and (cites(target) or any(tokens_in(target))) else None


def target_of(address: str) -> str | None:
    """Return a link's address as it can stand in Markdown: letters as themselves, white space,
    brackets and quotation marks percent-encoded. None for a very long one."""
    target = _RESERVED.sub(_encoded, unquote(address.strip()))
    return target if len(target) <= LONGEST_TARGET else None


def _encoded(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match.group().encode("utf-8", "replace"))


def _with_insertions(
    text: str, blocks: tuple[Span, ...], put: Sequence[tuple[int, str]]
) -> tuple[str, tuple[Span, ...]]:
    """The text with words put in at places, which are in order, and where blocks are then."""
    places = [at for at, _ in put]
    grown = [0]
    for _, words in put:
        grown.append(grown[-1] + len(words))
    moved = []
    for block in blocks:
        before, after = bisect_right(places, block.start), bisect_left(places, block.end)
        # Links in a block are put in only where quotation marks in it make it none.
        if before >= after:
            moved.append(Span(block.start + grown[before], block.end + grown[before]))
    cuts = [0, *places]
    pieces = [text[start:end] for start, end in zip(cuts, [*places, len(text)], strict=True)]
    return "".join(_alternating(pieces, [words for _, words in put])), tuple(moved)


def _alternating(pieces: list[str], between: list[str]) -> list[str]:
    return [part for pair in zip(pieces, [*between, ""], strict=True) for part in pair]


def _insertions(text: str, link: Link, outer: Sequence[Quotation]) -> list[tuple[int, str]]:
    """What a link puts where."""
    first = bisect_right(outer, link.start, key=lambda quotation: quotation.outer.end)
    last = bisect_left(outer, link.end, key=lambda quotation: quotation.outer.start)
    words = text[link.start : link.end]
    behind = f"[*]({link.target})"
    if first >= last:
        if len(words) > _LONGEST_WORDS or any(mark in words for mark in "[]\n"):
            return [(link.end, behind)]
        return [(link.start, "["), (link.end, f"]({link.target})")]
    left, right = outer[first], outer[last - 1]
    if link.start <= left.outer.start and right.outer.end <= link.end:
        return [(link.end, behind)]
    # The last point of the quoted words may stand outside of the link.
    whole = link.start <= left.start and left.end - 1 <= link.end
    if left is right and left.mark is Mark.QUOTES and whole:
        return [(max(link.end, left.outer.end), behind)]
    return []


def quoted_blocks(text: str, blocks: Sequence[Block]) -> tuple[Span, ...]:
    """The block quotes, without the credit line ("— Name") that stands as the last of several
    paragraphs of one: it is no quoted words, but says whose they are."""
    quotes = [block for block in blocks if block.kind is BlockKind.QUOTE]
    kept = []
    for at, block in enumerate(quotes):
        before, after = quotes[at - 1] if at else None, quotes[at + 1 : at + 2]
        follows = before is not None and _adjoin(text, before, block)
        ends = not after or not _adjoin(text, block, after[0])
        credit = follows and ends and _is_credit(text, block)
        if credit and before is not None and text[before.start] not in _DASHES:
            continue
        kept.append(Span(block.start, block.end))
    return tuple(kept)


def _adjoin(text: str, one: Block, other: Block) -> bool:
    return other.start - one.end < 8 and not text[one.end : other.start].strip()


def _is_credit(text: str, block: Block) -> bool:
    """Whether a paragraph is a dash, and then a full name, and what may follow a name."""
    words = text[block.start : block.end].strip()
    if len(words) > _LONGEST_CREDIT or words[:1] not in (*_DASHES,) or words[-1] in "?!…:":
        return False
    name = as_name(words.lstrip(_DASHES).split(",")[0].rstrip(".").split())
    return name is not None and len(name.split()) > 1
