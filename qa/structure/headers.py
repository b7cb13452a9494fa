"""Find documents' heads: datelines, the titles around them, and what sets them apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.language import WORDS
from qa.language.datelines import (
    DatedTitle,
    Dateline,
    looks_like_place,
    read_dated_title,
    read_dateline,
    read_time,
)
from qa.language.dates import parse_date
from qa.records import BlockKind
from qa.structure.boilerplate import (
    is_button,
    is_caption,
    is_picture_counter,
    is_section_term,
    is_separator,
    opens_link_list,
)
from qa.structure.head_fields import FieldKind, field_label, is_genre
from qa.structure.lines import Line

_LONGEST_TITLE = 250
_LONGEST_LEAD = 600
_LONGEST_LINK = 160
_MOST_FIELD_LINES = 12
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Anchor:
    """A line by which a document can be dated: where it stands among the lines and what it says.

    `end` is the index after the lines of the same dateline (a time, a place); `field` the kind of
    the field whose value it is.
    """

    index: int
    end: int
    dateline: Dateline
    title: str | None = None
    field: FieldKind | None = None


def is_title_like(line: Line) -> bool:
    """Return whether the line has the form of a title: short, capitalised, no stop, no label."""
    text = line.plain
    if not 2 <= len(text) <= _LONGEST_TITLE or is_boilerplate(line):
        return False
    if line.block is not None and line.block not in (BlockKind.HEADING, BlockKind.PARAGRAPH):
        return False
    if text[-1] in ".;:,…" and not text.endswith(("...", "Inc.", "Ltd.", "U.S.")):
        return False
    if text[-1] == "!" or (text[0] in '“«"„' and text[-1] in '”»"“'):
        return line.block is BlockKind.HEADING  # a cry or a quotation, else
    if not (text[0].isupper() or text[0].isdigit() or text[0] in "“«\"'‘¿¡№"):
        return line.block is BlockKind.HEADING
    if line.block is BlockKind.HEADING:
        return True
    return (
        len(text.split()) <= 40
        and ":" not in text[:-1].replace(": ", "", 1)
        and not is_sentence(text)
        and any(character.isalpha() for character in text)
    )


def is_sentence(text: str) -> bool:
    """Return whether a full stop stands inside the text before another capital."""
    at = text.find(". ")
    while at >= 0:
        word = text[:at].rsplit(None, 1)[-1] if text[:at].split() else ""
        if len(word.strip("(“\"'")) > 3 and text[at + 2 : at + 3].isupper():
            return True
        at = text.find(". ", at + 2)
    return False


def is_boilerplate(line: Line) -> bool:
    """Return whether the line is page boilerplate: a menu term, button, separator or caption."""
    text = line.text
    if line.block in (BlockKind.NAVIGATION, BlockKind.METADATA, BlockKind.NOTE):
        return True
    return len(text) <= 1000 and (
        is_section_term(text)
        or opens_link_list(text)
        or is_button(text)
        or is_separator(text)
        or is_picture_counter(text)
        or is_caption(text)
    )


def link_list_end(lines: tuple[Line, ...], index: int) -> int:
    """Return the index after the links below the heading of a link list at `index`.

    A link is a short line without a stop, or any line of a title's length before a date line.
    """
    at = index + 1
    while at < len(lines):
        line = lines[at]
        follows = lines[at + 1].text if at + 1 < len(lines) else ""
        if line.glued or opens_link_list(line.text) or is_separator(line.text):
            break
        if follows.startswith(":"):  # a speaker's name, its colon broken off
            break
        dated = parse_date(line.text) is not None
        if dated or is_button(line.text):
            at += 1
            continue
        if at > index + 1 and line.gap and not lines[index + 1].gap:
            break
        linked = len(line.text) <= _LONGEST_LINK and parse_date(follows) is not None
        short = len(line.text) <= 60 and line.text[-1] not in '.!?:;,…”"' and ":" not in line.text
        if not (linked or short) or line.text[0].islower():
            break
        at += 1
    return at


def find_anchors(lines: tuple[Line, ...]) -> tuple[Anchor, ...]:
    """Return all datelines outside link lists and running text, and all titles ending in a date."""
    anchors: list[Anchor] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if opens_link_list(line.text):
            at = link_list_end(lines, at)
            continue
        anchor = _anchor_at(lines, at)
        if anchor is not None:
            anchors.append(anchor)
            at = anchor.end
        else:
            at += 1
    return tuple(anchors)


def _anchor_at(lines: tuple[Line, ...], at: int) -> Anchor | None:
    line = lines[at]
    if line.block in (BlockKind.CODE, BlockKind.TABLE, BlockKind.NAVIGATION, BlockKind.LIST_ITEM):
        return None
    if len(line.text) > 400 or _DIGIT.search(line.text) is None or _in_running_text(lines, at):
        return None
    text = line.plain
    kind = field_label(lines[at - 1].plain) if at else None
    if text[:1] == "[" and text[-1:] == "]" and (noted := read_dated_title(text[1:-1])):
        return Anchor(at, at + 1, Dateline(noted.date))
    dateline = read_dateline(text.partition(" (")[0] if kind else text.rstrip("."))
    if dateline is not None and kind is not None:
        return Anchor(at, at + 1, dateline, field=kind)
    if dateline is not None:
        return _with_details(lines, at, dateline)
    titled: DatedTitle | None = read_dated_title(line.plain)
    if titled is not None and is_title_like(line):
        return Anchor(at, at + 1, Dateline(titled.date), titled.title)
    return None


def _with_details(lines: tuple[Line, ...], at: int, dateline: Dateline) -> Anchor:
    """Add the time and place given on the lines after the date."""
    end, time, place = at + 1, dateline.time, dateline.place
    if dateline.declared:
        return Anchor(at, end, dateline)
    if end < len(lines) and time is None and read_time(lines[end].text) is not None:
        time = read_time(lines[end].text)
        end += 1
    if place is None and end < len(lines) and _is_place_line(lines, end):
        place = lines[end].text
        end += 1
    return Anchor(at, end, Dateline(dateline.date, time, place))


def _is_place_line(lines: tuple[Line, ...], at: int) -> bool:
    """Return whether the line is a place. Without a comma, the text must say "in Geneva" too."""
    text = lines[at].text
    # Where the dateline itself is set apart, as each paragraph is, so may be its place.
    apart = lines[at].gap and not lines[at - 1].gap
    if len(text) > 80 or not looks_like_place(text) or is_boilerplate(lines[at]) or apart:
        return False
    if "," in text:
        return all(looks_like_place(part.strip() or "-") for part in text.split(","))
    for line in lines[at + 1 : at + 40]:
        near = line.text[:4000]
        if f" in {text}" in near or f"In {text}" in near or f" at {text}" in near:
            return True
    return False


def _in_running_text(lines: tuple[Line, ...], at: int) -> bool:
    """Return whether the line breaks around a date merely fall inside a sentence."""
    line = lines[at]
    if not line.gap and at > 0:
        before = lines[at - 1].text
        last = before.rsplit(None, 1)[-1].casefold() if before.split() else ""
        if before[-1] in ",;–—-" or last in WORDS.before_dates:
            return True
    if at + 1 < len(lines) and not lines[at + 1].gap and not line.gap:
        follows = lines[at + 1].text
        return follows[0].islower() and not follows.startswith(("г. ", "г.\u00a0"))
    return False


def header_start(lines: tuple[Line, ...], anchor: Anchor, floor: int) -> int:
    """Return the index of the first line of the head that the dateline belongs to.

    Going back from the dateline: titles, one lead sentence with a title before it, the name of
    the site's section; never beyond `floor`, a footer, or what reads like text.
    """
    if anchor.field is not None:
        return _fields_start(lines, anchor.index, floor)
    at = anchor.index
    if anchor.index > floor and not lines[at].glued:
        at = _titles_before(lines, at, floor)
        lead = at - 1
        no_title = at == anchor.index
        if no_title and lead > floor and _is_lead(lines[lead]) and not lines[at].glued:
            start = _titles_before(lines, lead, floor)
            if start < lead and (_is_edge(lines, start, floor)):
                at = start
    if at > floor and not lines[at].glued and is_section_term(lines[at - 1].text):
        at -= 1
    return at


def _fields_start(lines: tuple[Line, ...], index: int, floor: int) -> int:
    """Return the first line of the head in whose fields a date stands: the fields, the lead above
    them, and before these the title with its genre."""
    at = index
    while at > max(floor, index - _MOST_FIELD_LINES) and not lines[at].gap:
        at -= 1
    at = _titles_before(lines, at, floor)
    if at > floor and is_genre(lines, at - 1):
        at -= 1
    return at


def _titles_before(lines: tuple[Line, ...], index: int, floor: int) -> int:
    """Return the index of the first title right before `index`: one, its repetition, or two."""
    at = index
    while at > floor and at > index - 3 and not lines[at].glued:
        before = lines[at - 1]
        if not is_title_like(before) or read_dateline(before.plain) is not None:
            break
        if at < index and not _belongs(lines, at - 1, at, floor):
            break
        at -= 1
    return at


def _belongs(lines: tuple[Line, ...], upper: int, lower: int, floor: int) -> bool:
    """Return whether a second title-like line above a title is part of the same head."""
    first, second = lines[upper].plain, lines[lower].plain
    if first == second or second.startswith(first) or first.startswith(second):
        return True
    return not lines[lower].gap and _is_edge(lines, upper, floor) and len(first.split()) >= 4


def _is_lead(line: Line) -> bool:
    text = line.text
    return 20 <= len(text) <= _LONGEST_LEAD and text[-1] in ".!?" and not is_boilerplate(line)


def _is_edge(lines: tuple[Line, ...], index: int, floor: int) -> bool:
    """Return whether something separates the line from what comes before it."""
    line = lines[index]
    return index <= floor or line.gap or line.glued or is_boilerplate(lines[index - 1])
