"""Divide a source into documents: where each begins, its title, date, time and place."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from qa.language.datelines import Dateline
from qa.language.dates import parse_date
from qa.language.offices import is_heading_word
from qa.records import BlockKind, Boundary, Document, SourceText
from qa.structure.boilerplate import is_section_term
from qa.structure.head_fields import FieldKind, is_genre
from qa.structure.headers import (
    Anchor,
    find_anchors,
    header_start,
    is_boilerplate,
    is_title_like,
)
from qa.structure.labels import Form, read_label
from qa.structure.lines import MESSAGES, SUBTITLES, Line, read_lines, split_glued
from qa.structure.running_heads import running_heads

_OPENING_LINES = 8
_OPENING_CHARACTERS = 900
_FIELDS_APART = 4
_TITLE_FIELDS = frozenset(["title", "headline", "subject", "заголовок", "тема", "titel", "titre"])


def one_document(source: SourceText) -> Document | None:
    """Return the whole source as one document, if its format leaves no doubt that it is; its title
    and date are the declared ones."""
    if source.format not in SUBTITLES | MESSAGES:
        return None
    return Document(
        ordinal=0,
        start=0,
        end=len(source.text),
        title=source.title,
        date=source.date,
        time=None,
        place=None,
        boundary=Boundary.FILE,
        evidence=f"a file of format {source.format} is one document",
    )


@dataclass(frozen=True, slots=True)
class DocumentHead:
    """Where a document begins among the lines, and how certain that is."""

    start: int
    anchors: tuple[Anchor, ...]
    boundary: Boundary
    evidence: str


def find_documents(source: SourceText) -> tuple[Document, ...]:
    """Return the documents of a source, in order; together they cover its whole text.

    A document begins at a dateline (a line that is only a date, time and place) together with
    the title before it, or where a page's first line is glued to the last one of another. In
    text whose format marks headings a dateline begins one only under a heading of the title's
    own rank, and a message or a subtitle file is one document.
    """
    if (whole := one_document(source)) is not None:
        return (whole,)
    lines = split_glued(read_lines(source))
    paged = running_heads(lines)
    lines = tuple(line for index, line in enumerate(lines) if index not in paged)
    if not lines:
        return (
            _document(
                source, 0, 0, len(source.text), (), DocumentHead(0, (), Boundary.FILE, "file")
            ),
        )
    anchors = find_anchors(lines)
    heads = _heads(source, lines, anchors)
    starts = [0] + [lines[head.start].start for head in heads[1:]]
    ends = [*starts[1:], len(source.text)]
    limits = [*(head.start for head in heads[1:]), len(lines)]
    return tuple(
        _document(source, number, starts[number], ends[number], lines[head.start : limit], head)
        for number, (head, limit) in enumerate(zip(heads, limits, strict=True))
    )


def _heads(
    source: SourceText, lines: tuple[Line, ...], anchors: tuple[Anchor, ...]
) -> tuple[DocumentHead, ...]:
    """Return the documents' heads in order; the first begins with the first line."""
    groups = _grouped(lines, anchors)
    marked_up = any(block.kind is BlockKind.HEADING for block in source.blocks)
    heads = [DocumentHead(0, (), Boundary.FILE, "beginning of the file")]
    further: list[list[Anchor]] = [[]]
    floor = 0
    templates = Counter(_template(group) for group in groups)
    for group in groups:
        first = group[0]
        if first.dateline.declared:
            further[-1].extend(group)
            floor = max(floor, group[-1].end)
            continue
        start = header_start(lines, first, floor)
        current = replace(heads[-1], anchors=heads[-1].anchors or tuple(further[-1][:1]))
        opens = _opens_document(lines, group, start, current, marked_up)
        if opens and _is_front_matter(lines, current, start, group):
            further[-1].extend(group)
        elif not opens:
            if _dates_current(lines, group, heads[-1], marked_up):
                further[-1].extend(group)
        else:
            boundary, evidence = _certainty(lines, group, start, templates[_template(group)])
            heads.append(DocumentHead(start, group, boundary, evidence))
            further.append([])
        floor = max(floor, group[-1].end)
    dated = (
        replace(head, anchors=(*head.anchors, *more))
        for head, more in zip(heads, further, strict=True)
    )
    return _with_glued(lines, tuple(dated))


def _grouped(lines: tuple[Line, ...], anchors: tuple[Anchor, ...]) -> list[tuple[Anchor, ...]]:
    """Group the anchors of one head: those with nothing between them but the title again."""
    groups: list[list[Anchor]] = []
    for anchor in anchors:
        if groups and not anchor.dateline.declared and _same_head(lines, groups[-1][-1], anchor):
            groups[-1].append(anchor)
        else:
            groups.append([anchor])
    return [tuple(group) for group in groups]


def _same_head(lines: tuple[Line, ...], last: Anchor, anchor: Anchor) -> bool:
    if last.field and anchor.field and anchor.index - last.end <= _FIELDS_APART:
        return True
    near = lines[max(0, last.index - 2) : last.index]
    titles = {line.plain for line in near if is_title_like(line)}
    titles.add(last.title or "")
    between = lines[last.end : anchor.index]
    repeated = len(between) <= 2 and all(line.plain in titles for line in between)
    return repeated and (anchor.title is None or anchor.title in titles)


def _opens_document(
    lines: tuple[Line, ...],
    group: tuple[Anchor, ...],
    start: int,
    current: DocumentHead,
    marked_up: bool,
) -> bool:
    """Return whether a dateline begins a new document rather than dating the current one."""
    end = group[-1].end
    if start == 0 or not any(not is_boilerplate(line) for line in lines[end : end + 12]):
        return False
    if marked_up:
        return _under_heading(lines, start, group[0].index, current)
    if group[0].title is not None and len(group) == 1 and not _is_repeated_title(lines, group[0]):
        return lines[start].gap and _is_dated_list(lines, current)
    return bool(current.anchors) or not _is_opening(lines, start, group[0].index)


def _is_front_matter(
    lines: tuple[Line, ...], current: DocumentHead, start: int, group: tuple[Anchor, ...]
) -> bool:
    """Return whether the current document is still all front matter: title page, contents, lists of
    members, with the date on several pages."""
    dates = {anchor.dateline.date for anchor in current.anchors}
    own = {anchor.dateline.date for anchor in group}
    if group[0].dateline.time is not None or (dates and dates != own):
        return False
    before = lines[current.start : start]
    sentences = sum(
        line.text[-1] in ".!" and len(line.text) > 40 and not line.text.isupper() for line in before
    )
    return len(before) > _OPENING_LINES and sentences <= len(before) // 40


def _is_opening(lines: tuple[Line, ...], start: int, dateline: int) -> bool:
    """Return whether everything before a dateline is still the head of the first document."""
    before = lines[:dateline]
    words = sum(len(line.text) for line in before)
    sentences = sum(line.text[-1] in ".!?" and len(line.text) > 40 for line in before)
    return len(before) <= _OPENING_LINES and words <= _OPENING_CHARACTERS and sentences <= 1


def _under_heading(
    lines: tuple[Line, ...], start: int, dateline: int, current: DocumentHead
) -> bool:
    """Return whether a dateline stands under a heading as high as the file's first heading."""
    first = next((line for line in lines if line.block is BlockKind.HEADING), None)
    head = lines[start]
    return (
        first is not None
        and first.start != head.start
        and head.block is BlockKind.HEADING
        and head.level == first.level
        and dateline - start <= 2
        and bool(current.anchors)
    )


def _dates_current(
    lines: tuple[Line, ...], group: tuple[Anchor, ...], current: DocumentHead, marked_up: bool
) -> bool:
    """Return whether a dateline that begins no document dates the current one.

    In the head it does; at the very end (under a signature) too; elsewhere in marked-up text
    or after the head it may belong to a section.
    """
    at_head = group[0].index - current.start <= _OPENING_LINES
    at_end = group[-1].end >= len(lines) - 1 and group[0].title is None
    return at_head or (at_end and not marked_up)


def _is_repeated_title(lines: tuple[Line, ...], anchor: Anchor) -> bool:
    near = lines[max(0, anchor.index - 2) : anchor.index] + lines[anchor.end : anchor.end + 2]
    return any(line.plain == anchor.title for line in near)


def _is_dated_list(lines: tuple[Line, ...], current: DocumentHead) -> bool:
    """Return whether the current document began with a title ending in a date as well."""
    return bool(current.anchors) and current.anchors[0].title is not None


def _template(group: tuple[Anchor, ...]) -> tuple[bool, ...]:
    line = group[0].dateline
    return (line.declared, line.time is not None, line.place is not None, group[0].title is None)


def _certainty(
    lines: tuple[Line, ...], group: tuple[Anchor, ...], start: int, alike: int
) -> tuple[Boundary, str]:
    """Return how certain a boundary at a dateline is, and why, in words."""
    first = group[0]
    head = [line.plain for line in lines[start : first.index]]
    after = lines[group[-1].end].plain if group[-1].end < len(lines) else ""
    if lines[start].glued:
        return Boundary.STRONG, "the last line of one page is glued to the first of the next"
    if head and is_section_term(head[0]) and first.dateline.time:
        return Boundary.STRONG, "section name, title, date and time of a page's head"
    if head and (after in head or len(set(head)) < len(head) or first.title in head):
        return Boundary.STRONG, "a repeated title with its date"
    if alike > 1 and lines[start].gap:
        return Boundary.STRONG, f"{alike} datelines of the same form, each set apart"
    if lines[start].gap and head and is_title_like(lines[start]):
        return Boundary.STRONG, "a title and its dateline, set apart by a blank line"
    return Boundary.WEAK, "a line that is only a date; nothing else shows a new document"


def _with_glued(
    lines: tuple[Line, ...], heads: tuple[DocumentHead, ...]
) -> tuple[DocumentHead, ...]:
    """Add documents that begin at a glued line and have no dateline in their head."""
    evidence = "the last line of one page is glued to the first of the next"
    near = {head.start - back for head in heads if head.start for back in range(5)}
    extra = [
        DocumentHead(index, (), Boundary.STRONG, evidence)
        for index, line in enumerate(lines)
        if line.glued and index and index not in near
    ]
    return tuple(sorted((*heads, *extra), key=lambda head: head.start))


def _document(
    source: SourceText,
    number: int,
    start: int,
    end: int,
    lines: tuple[Line, ...],
    head: DocumentHead,
) -> Document:
    published = {FieldKind.PUBLISHED}
    datelines = [
        replace(anchor.dateline, declared=True) if anchor.field in published else anchor.dateline
        for anchor in head.anchors
    ]
    alone = start == 0 and end == len(source.text)
    declared = parse_date(source.date[:10]) if alone and source.date else None
    shown = [line for line in datelines if not line.declared]
    return Document(
        ordinal=number,
        start=start,
        end=end,
        title=_title(source, lines, head) if not alone or not source.title else source.title,
        date=_date(datelines, declared or (parse_date(source.date or "") if alone else None)),
        time=next((line.time for line in shown if line.time), None),
        place=next((line.place for line in shown if line.place), None),
        boundary=head.boundary,
        evidence=head.evidence,
    )


def _date(datelines: list[Dateline], declared: str | None) -> str | None:
    """Return the date on which all the datelines agree.

    The date of publication (from a label or the format) counts where there is no other; it may
    be later than the document's own, but an earlier one contradicts it.
    """
    own = {line.date for line in datelines if not line.declared}
    published = {line.date for line in datelines if line.declared} | ({declared} - {None})
    if own:
        only = own.pop() if len(own) == 1 else None
        early = [date for date in published if date and only and date < only[: len(date)]]
        return None if early else only
    return published.pop() if len(published) == 1 else None


def _title(source: SourceText, lines: tuple[Line, ...], head: DocumentHead) -> str | None:
    """Return the title in the head; if the head begins with its date, the line after it."""
    if not lines:
        return source.title
    headings = [line for line in lines[:40] if line.block is BlockKind.HEADING]
    if headings:
        return headings[0].plain
    own = [anchor for anchor in head.anchors if not anchor.dateline.declared]
    near = [anchor for anchor in own if anchor.index - head.start <= _OPENING_LINES]
    skipped = {index - head.start for anchor in near for index in range(anchor.index, anchor.end)}
    titled = {anchor.index - head.start: anchor.title for anchor in near if anchor.title}
    for index, line in enumerate(lines[: _OPENING_LINES + 2]):
        if index in titled:
            return titled[index]
        if (
            index in skipped
            or is_boilerplate(line)
            or is_genre(lines, index)
            or (line.text[0] in "[(" and line.text[-1] in "])")
            or "www." in line.text
        ):
            continue
        return _as_title(lines, index) if len(lines) > 1 else None
    return None


def _as_title(lines: tuple[Line, ...], index: int) -> str | None:
    """Return the line as a title, unless it is a form's field or something said."""
    line = lines[index]
    before, colon, after = line.plain.partition(":")
    if colon and before.casefold() in _TITLE_FIELDS:
        return after.strip() or None
    if not is_title_like(line) or (colon and before.count(" ") == 0 and is_heading_word(before)):
        return None
    label = read_label(lines, index)
    if label is not None:
        dialogue = any(read_label(lines, other) for other in range(index + 1, index + 12)
                       if other < len(lines))  # fmt: skip
        if label.apart or label.form in (Form.PART, Form.ADDRESSED, Form.OFFICE) or dialogue:
            return None
    return line.plain
