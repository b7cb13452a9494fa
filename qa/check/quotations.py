"""Find a draft's quotations: what stands in quotation marks, nested or not, and block quotes.

Marks are read as people use them: “…”, "…", «…», „…“, »…«, ”…”, ‘…’, '…', 「…」. An apostrophe
is no mark, nor is a mark that nothing closes. A quotation of several paragraphs, each opened
anew, is several quotations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.check.records import Mark, Quotation
from qa.records import Span

_MARKS = re.compile("[\"“”„‟«»‹›‘’‚'「」『』＂]|\n[ \t\r]*\n")
_CLOSERS = {
    "“": '”"“',
    "„": '“”"',
    "‟": "”",
    "”": "”",
    "«": "»",
    "»": "«",
    "‹": "›",
    "›": "‹",
    "‘": "’‘",
    "‚": "‘’",
    "'": "'",
    '"': '"',
    "＂": "＂",
    "「": "」",
    "『": "』",
}
_SINGLE = "‘’‚'‹›"
_DEEPEST = 6
_LONGEST_SINGLE = 2_000
_OPENS_AFTER = set("([{<—–-/=>\"“„«‹‘‚'»”’…:;,¿¡*_|「『")
_CONTRACTION = re.compile(
    r"(?:tis|twas|twere|em|til|till|cause|cos|bout|round|n|\d0s|\d\ds?)\b", re.IGNORECASE
)
_SINGLE_END = re.compile(r"(?<=[^\s(\[{])['’](?![^\W_])")
# A block quote may stand in an item of a list: its first line then has the item's mark.
_ITEM = r"(?:(?:[-*+]|\d{1,3}[.)])[ \t]{1,3})?"
_BLOCK = re.compile(
    rf"^[ \t]{{0,3}}{_ITEM}>[^\n]*(?:\n|\Z)(?:[ \t]{{0,8}}>[^\n]*(?:\n|\Z))*", re.MULTILINE
)
_BLOCK_MARK = re.compile(rf"^[ \t]{{0,8}}{_ITEM}>(?:[ \t]?>)*[ \t]?", re.MULTILINE)
_CREDIT_LINE = re.compile(r"\n[ \t]{0,8}>[ \t]*[—–-]{1,2}[ \t]?[^\W\d_][^\n]*\Z")
_FENCE = re.compile(r"^[ \t]{0,3}(```|~~~)[^\n]*$", re.MULTILINE)
_LETTER = re.compile(r"[^\W_]")


@dataclass(slots=True)
class _OpenMark:
    """An opening mark not yet closed."""

    mark: str
    at: int


def find_quotations(draft: str, blocks: Sequence[Span] = ()) -> tuple[Quotation, ...]:
    """Return the quotations of a draft, in order. `blocks` are what its format marks as block
    quotes; lines that begin with ">" are block quotes as well. Time grows with the draft's
    length."""
    found = list(_in_marks(draft))
    for block in (*blocks, *_quoted_lines(draft)):
        quotation = _block(draft, block)
        if quotation is None:
            continue
        inside = [q for q in found if block.start <= q.start and q.end <= block.end]
        covered = sum(q.outer.end - q.outer.start for q in inside if q.depth == 0)
        # A block that is one quotation in marks is that quotation.
        if 10 * covered < 8 * (quotation.end - quotation.start):
            found.append(quotation)
    found.sort(key=lambda q: (q.start, -q.end))
    return tuple(_with_depths(found))


def spoken(quotation: Quotation) -> str:
    """Return the quoted words, without the marks that begin the lines of a block quote."""
    if quotation.mark is not Mark.BLOCK:
        return quotation.text
    return _BLOCK_MARK.sub("", quotation.text)


def unclosed(draft: str) -> tuple[int, ...]:
    """Return the opening marks that nothing closes, so that their words are not checked. Single
    marks are left out, as they may be apostrophes."""
    lost: list[_OpenMark] = []
    for _ in _in_marks(draft, lost):
        pass
    return tuple(sorted(opened.at for opened in lost if opened.mark not in _SINGLE))


def _in_marks(draft: str, lost: list[_OpenMark] | None = None) -> Iterator[Quotation]:
    """Yield what is in quotation marks; append opening marks that nothing closes to `lost`."""
    stack: list[_OpenMark] = []
    lost = [] if lost is None else lost
    skipped = _fences(draft)
    fence = 0
    for match in _MARKS.finditer(draft):
        at, mark = match.start(), match.group()
        while fence < len(skipped) and skipped[fence].end <= at:
            fence += 1
        if fence < len(skipped) and skipped[fence].start <= at:
            continue
        if mark[0] == "\n":
            yield from _at_paragraph_end(draft, stack, at, match.end(), lost)
            continue
        level = _closed_level(draft, stack, mark, at)
        if level is not None:
            opened = stack[level]
            lost.extend(stack[level + 1 :])
            del stack[level:]
            quotation = _quotation(draft, opened.at, at)
            if quotation is not None:
                yield quotation
        elif _opens(draft, stack, mark, at):
            if mark in "“«„‘" and any(o.mark == mark for o in stack) and _starts_line(draft, at):
                lost.extend(stack)
                stack.clear()
            if len(stack) < _DEEPEST:
                stack.append(_OpenMark(mark, at))
    lost.extend(stack)


def _closed_level(draft: str, stack: list[_OpenMark], mark: str, at: int) -> int | None:
    """Return which open mark this one closes, if any."""
    for level in range(len(stack) - 1, -1, -1):
        opened = stack[level]
        if mark not in _CLOSERS[opened.mark]:
            continue
        if mark == opened.mark and mark in "“‘":
            continue  # a second opening mark, not a closing one
        if mark == "“" and opened.mark != "„":
            continue
        if mark == "‘" and opened.mark != "‚":
            continue
        if mark in "'’" and not _closes_single(draft, opened, at):
            return None
        if mark in '"”»«' and mark == opened.mark and _only_opens(draft, at):
            continue
        return level
    return None


def _closes_single(draft: str, opened: _OpenMark, at: int) -> bool:
    before, after = draft[at - 1 : at], draft[at + 1 : at + 2]
    if after.isalnum() or before.isspace() or at == opened.at + 1:
        return False
    if before in "sS" and after.isspace() and draft[at + 2 : at + 3].islower():
        # "the governments’ plan": a later mark may be the end.
        stop = _paragraph_end(draft, at, _LONGEST_SINGLE)
        later = _SINGLE_END.search(draft, at + 1, stop)
        return later is None or _MARKS_SINGLE_OPEN.search(draft, at + 1, later.start()) is not None
    return True


_MARKS_SINGLE_OPEN = re.compile(r"(?:^|(?<=[\s(\[—–]))[‘'](?=[^\W_])")


def _only_opens(draft: str, at: int) -> bool:
    """Return whether a mark can only open, as white space precedes it and a letter follows."""
    before, after = draft[at - 1 : at], draft[at + 1 : at + 2]
    return before.isspace() and bool(after) and not after.isspace() and after not in ".,;:!?)"


def _opens(draft: str, stack: list[_OpenMark], mark: str, at: int) -> bool:
    before, after = draft[at - 1 : at] if at else "", draft[at + 1 : at + 2]
    if mark not in _CLOSERS or not after:
        return False
    if mark in "“„‟«‹‚「『":
        return True
    free = not before or before.isspace() or before in _OPENS_AFTER
    if not free or after.isspace():
        return False
    if mark in "'‘’":
        if mark == "’" or not (after.isalnum() or after in '…[(“"«'):
            return False
        if _CONTRACTION.match(draft, at + 1):
            return False
        stop = _paragraph_end(draft, at, _LONGEST_SINGLE)
        return _SINGLE_END.search(draft, at + 1, stop) is not None
    return True


def _at_paragraph_end(
    draft: str, stack: list[_OpenMark], end: int, after: int, lost: list[_OpenMark]
) -> Iterator[Quotation]:
    """Yield a quotation that the next paragraph continues, and drop all other open marks."""
    following = draft[after : after + 4].lstrip()[:1]
    level = next((i for i, opened in enumerate(stack) if opened.mark == following), None)
    if level is not None:
        quotation = _quotation(draft, stack[level].at, end)
        if quotation is not None:
            yield quotation
        lost.extend(opened for opened in stack if opened is not stack[level])
        stack.clear()
        return
    # Marks that have a direction may close in a later paragraph, others are likelier typos.
    kept = [opened for opened in stack if opened.mark in "“«„「『" and end - opened.at < 8_000]
    lost.extend(opened for opened in stack if opened not in kept)
    stack[:] = kept


def _starts_line(draft: str, at: int) -> bool:
    return at == 0 or draft[at - 1] == "\n"


def _paragraph_end(draft: str, at: int, most: int) -> int:
    end = draft.find("\n\n", at, at + most)
    return min(len(draft), at + most) if end < 0 else end


def _quotation(draft: str, opening: int, closing: int) -> Quotation | None:
    inner = draft[opening + 1 : closing]
    stripped = inner.strip()
    if not _LETTER.search(stripped):
        return None
    start = opening + 1 + len(inner) - len(inner.lstrip())
    outer = Span(opening, min(closing + 1, len(draft)))
    return Quotation(stripped, start, start + len(stripped), outer)


def _quoted_lines(draft: str) -> Iterator[Span]:
    for match in _BLOCK.finditer(draft):
        yield Span(match.start(), match.end())


def _block(draft: str, block: Span) -> Quotation | None:
    start, end = block.start, block.end
    opening = _BLOCK_MARK.match(draft, start, end)
    if opening is not None:
        start = opening.end()
    body = draft[start:end].rstrip()
    credit = _CREDIT_LINE.search(body)
    if credit is not None:
        body = body[: credit.start()].rstrip(" \t\n>")
    lead = len(body) - len(body.lstrip())
    start, body = start + lead, body.strip()
    if not _LETTER.search(body):
        return None
    return Quotation(
        body, start, start + len(body), Span(block.start, start + len(body)), Mark.BLOCK
    )


def _with_depths(found: Sequence[Quotation]) -> Iterator[Quotation]:
    ends: list[int] = []
    for quotation in found:
        while ends and ends[-1] <= quotation.start:
            ends.pop()
        yield Quotation(
            quotation.text,
            quotation.start,
            quotation.end,
            quotation.outer,
            quotation.mark,
            len(ends),
        )
        ends.append(quotation.end)


def _fences(draft: str) -> list[Span]:
    """Return fenced code, in which marks are code."""
    marks = list(_FENCE.finditer(draft))
    return [
        Span(one.start(), two.end())
        for one, two in zip(marks[::2], marks[1::2], strict=False)
        if one[1] == two[1]
    ]
