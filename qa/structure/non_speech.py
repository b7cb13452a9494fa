"""Mark lines that are not a document's text (menus, datelines, captions, headings), and recognise
what a record says of the proceedings between speeches: "The motion was carried.".

Such notes follow a speech without any mark of their own, and are nobody's words.
"""

from __future__ import annotations

import re

from qa.language import WORDS
from qa.language.lexicon import alternatives
from qa.records import BlockKind, Document, TurnKind
from qa.structure.boilerplate import (
    is_button,
    is_caption,
    is_picture_counter,
    is_section_term,
    is_separator,
    opens_link_list,
)
from qa.structure.headers import find_anchors, is_boilerplate, is_title_like, link_list_end
from qa.structure.labels import read_label
from qa.structure.lines import Line
from qa.structure.single_speaker import is_salutation, question_start

_HEAD_LINES = 12
_LONGEST_CAPTION = 800
_LONGEST_HEADING = 160
_LONGEST_SPOKEN_HEADING = 80
_LONGEST_NOTE = 400
_OPENED = re.compile(
    r"(?:it was\s+)?(?:resolved|ordered|agreed|carried|adjourned)\b\s?[:.]|"
    r"(?:it was\s+)?(?:resolved|ordered|agreed)\s+(?:that|to|nem|unanimously)\b|"
    r"(?:постановили|решили|решено|принято единогласно)\s?[:.]|beschlossen\s?[:.]",
    re.IGNORECASE,
)
_BODIES = (
    "council|committee|house|assembly|board|chamber|court|motions?|amendments?|resolutions?|bill|"
    "meeting|sitting|session|hearing|minutes|report|question|vote|proposal|recommendations?|clause|"
    "debate|proceedings|agenda|proposition|petition|members|jury|clerk"
)
_DONE = (
    "noted|agreed|adopted|carried|resolved|approved|adjourned|closed|rose|suspended|negatived|"
    "passed|defeated|withdrawn|lost|divided|resumed|ended|opened|began|concluded|accepted|rejected|"
    "seconded|received|voted|stood|observed|excused|proceeded|called the roll|put to the vote"
)
_NOTED = re.compile(
    rf"(?:the |an? |on a vote,? the )?(?:[\w’'-]+ ){{0,3}}?(?:{_BODIES})\b"
    rf"(?: [\w’',()-]+){{0,8}}? (?:{_DONE})\b",
    re.IGNORECASE,
)
_SPOKEN = re.compile(rf"\b(?:{alternatives(WORDS.own_voice)}|you|your|вы)\b", re.IGNORECASE)
_MOST_LINES_OF_A_DIRECTION = 12
_AROUND = ".… *_"
_CLOSES = {"(": ")", "[": "]"}


def mark_non_speech(lines: tuple[Line, ...], document: Document) -> dict[int, TurnKind]:
    """Return, by index, the kind of each line that is neither speech nor narration."""
    marks: dict[int, TurnKind] = {}
    at = 0
    while at < len(lines):
        line = lines[at]
        end = at + 1
        if opens_link_list(line.text) and line.block is not BlockKind.HEADING:
            end = link_list_end(lines, at)
            marks.update(dict.fromkeys(range(at, end), TurnKind.BOILERPLATE))
        elif line.block in (BlockKind.NAVIGATION, BlockKind.METADATA):
            marks[at] = TurnKind.BOILERPLATE
        elif line.block is BlockKind.NOTE:
            # A footnote in somebody's speech is the text's, not the speaker's, who then goes on.
            marks[at] = TurnKind.NARRATION
        elif line.block is BlockKind.HEADING:
            marks[at] = TurnKind.HEADING
        elif is_picture_counter(line.text) and at + 1 < len(lines):
            marks[at] = TurnKind.BOILERPLATE
            if _is_caption_after_counter(lines, at + 1):
                marks[at + 1] = TurnKind.CAPTION
                end = at + 2
        elif is_button(line.text) or is_section_term(line.text) or is_separator(line.text):
            marks[at] = TurnKind.BOILERPLATE
        elif is_caption(line.text):
            marks[at] = TurnKind.CAPTION
        at = end
    _mark_head(lines, document, marks)
    return marks


def is_plain_heading(lines: tuple[Line, ...], index: int, speaking: bool = False) -> bool:
    """Return whether a line of plain text is a heading: short, without a stop, standing alone.

    While somebody speaks more is asked for, as speeches hold short lines too ("Dear friends"):
    capitals throughout, or blank lines on both sides.
    """
    line = lines[index]
    limit = _LONGEST_SPOKEN_HEADING if speaking else _LONGEST_HEADING
    if len(line.text) > limit or not is_title_like(line) or is_salutation(line.text):
        return False
    if line.block is not None or question_start(line.text) or any(c in line.text for c in "?:"):
        return False
    letters = [character for character in line.text if character.isalpha()]
    if index + 1 >= len(lines) or not letters:
        return False
    follows = lines[index + 1]
    if follows.text[0].islower() or follows.text[0] == ":" or is_boilerplate(follows):
        return False
    if len(letters) > 3 and all(character.isupper() for character in letters):
        return speaking is False or line.gap or len(letters) > 6
    alone = line.gap and follows.gap
    if speaking:
        before = lines[index - 1].text if index else ""
        return alone and before[-1:] in ".!?…”»)" and len(line.text.split()) >= 2
    return line.gap and (alone or len(line.text) <= _LONGEST_SPOKEN_HEADING or index == 0)


def _is_caption_after_counter(lines: tuple[Line, ...], index: int) -> bool:
    line = lines[index]
    if len(line.text) > _LONGEST_CAPTION or is_separator(line.text) or is_button(line.text):
        return False
    label = read_label(lines, index)
    return label is None or is_caption(line.text)


def _mark_head(lines: tuple[Line, ...], document: Document, marks: dict[int, TurnKind]) -> None:
    """Mark datelines as boilerplate, and the title and its repetitions near the top as headings."""
    dated_titles = set()
    for anchor in find_anchors(lines):
        for index in range(anchor.index, anchor.end):
            marks[index] = TurnKind.BOILERPLATE
        if anchor.title is not None:
            marks[anchor.index] = TurnKind.HEADING
            dated_titles.add(anchor.title)
    for index, line in enumerate(lines[:_HEAD_LINES]):
        if index not in marks and document.title and line.plain in {document.title, *dated_titles}:
            marks[index] = TurnKind.HEADING


def opens_resolution(text: str) -> bool:
    """Return whether the line begins the text of a decision ("Resolved: …")."""
    return len(text) <= _LONGEST_NOTE and _OPENED.match(text) is not None


def is_proceedings_note(text: str) -> bool:
    """Return whether the line reports impersonally what a body did or what became of a motion.

    A speech can hold such a sentence as well, so the caller must see that it stands apart.
    """
    return (
        len(text) <= _LONGEST_NOTE
        and _SPOKEN.search(text) is None
        and (_NOTED.match(text) is not None or _OPENED.match(text) is not None)
    )


def stage_directions(lines: tuple[Line, ...]) -> frozenset[int]:
    """Return the lines of bracketed paragraphs, wrapped ones too: applause, calls, notes. They are
    nobody's words; the current speaker goes on after them."""
    found: set[int] = set()
    at = 0
    while at < len(lines):
        end = _direction_end(lines, at)
        found.update(range(at, end))
        at = max(end, at + 1)
    return frozenset(found)


def _direction_end(lines: tuple[Line, ...], start: int) -> int:
    """Return the index after the last line of the direction that begins at a line; that line's
    index if none does."""
    text = lines[start].text.lstrip(_AROUND)
    if text[:1] not in _CLOSES or not text:
        return start
    depth = 0
    for index in range(start, min(len(lines), start + _MOST_LINES_OF_A_DIRECTION)):
        line = lines[index]
        if index > start and line.gap:
            return start
        last = len(line.text.rstrip(_AROUND)) - 1
        for at, character in enumerate(line.text):
            depth += (character in _CLOSES) - (character in _CLOSES.values())
            if depth == 0 and character in _CLOSES.values():
                return index + 1 if at >= last else start
    return start
