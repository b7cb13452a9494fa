"""What passes between a reading process and the one that asked: frames, and texts as plain data.

A frame is the length of its header (4 bytes) and of its body (8), then the header, a JSON
object, and the body. Nothing in a frame is ever code, and nothing that a reading process says is
taken for true: it has been in touch with a stranger's bytes.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, BinaryIO

from qa.readers.declared import LONGEST_ADDRESS, MOST_LINKS
from qa.readers.formats import BY_NAME
from qa.records import (
    Block,
    BlockKind,
    Link,
    Locator,
    LocatorKind,
    LocatorMark,
    SourceText,
    Span,
)
from qa.safe_text import storable

Header = dict[str, Any]

_LENGTHS = struct.Struct(">IQ")
# What a reading process says as soon as it has a request.
RECEIVED = b"+"
# JSON takes up to 40 times its length when it has become objects.
MOST_HEADER = 16 * 1024 * 1024
MOST_BLOCKS = 1_000_000
_TITLE = 1000
_LABEL = 300
_MOST_NOTES = 100
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_KINDS = {kind: chr(ord("a") + at) for at, kind in enumerate(BlockKind)}
_KIND_OF = {code: kind for kind, code in _KINDS.items()}


class BrokenFrame(Exception):
    """The other side ended, or sent what no frame may be."""


def write_frame(pipe: BinaryIO, header: Header, body: bytes = b"") -> None:
    """Send one frame. Raises OSError where the other side has gone."""
    head = json.dumps(header, separators=(",", ":")).encode("ascii")
    pipe.write(_LENGTHS.pack(len(head), len(body)))
    pipe.write(head)
    pipe.write(body)
    pipe.flush()


def read_frame(pipe: BinaryIO, most_body: int) -> tuple[Header, bytes]:
    """Receive one frame, waiting for it. Raises BrokenFrame."""
    lengths = pipe.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        raise BrokenFrame("ended")
    head_length, body_length = _LENGTHS.unpack(lengths)
    if head_length > MOST_HEADER or body_length > most_body:
        raise BrokenFrame(f"too long ({head_length:,} and {body_length:,} bytes)")
    head = pipe.read(head_length)
    body = pipe.read(body_length) if body_length else b""
    if len(head) < head_length or len(body) < body_length:
        raise BrokenFrame("ended")
    try:
        header = json.loads(head)
    except (ValueError, RecursionError) as error:
        raise BrokenFrame("no JSON") from error
    if not isinstance(header, dict):
        raise BrokenFrame("no JSON object")
    return header, body


def source_to_data(source: SourceText) -> tuple[Header, bytes]:
    """Return a text as plain data. Blocks and links are the gaps before them and their lengths, so
    that no numbers can say that they overlap. Raises ValueError where a text breaks its own rules.
    """
    text = storable(source.text)
    blocks = source.blocks
    if len(blocks) > MOST_BLOCKS:
        raise ValueError(f"has more than {MOST_BLOCKS:,} blocks; split it into parts")
    marks = source.locators
    ends = [0, *(block.end for block in blocks)]
    places = [0, *(mark.start for mark in marks)]
    header: Header = {
        "format": source.format,
        "reader": source.reader,
        "title": source.title[:_TITLE] if source.title else None,
        "date": source.date,
        "characters": len(text),
        "kinds": "".join([_KINDS[block.kind] for block in blocks]),
        "gaps": [block.start - end for block, end in zip(blocks, ends, strict=False)],
        "lengths": [block.end - block.start for block in blocks],
        "levels": [[at, block.level] for at, block in enumerate(blocks) if block.level],
        "speakers": [[at, b.speaker[:_LABEL]] for at, b in enumerate(blocks) if b.speaker],
        "places": marks[0].locator.kind.value if marks else None,
        "steps": [there - here for here, there in pairwise(places)],
        "labels": [mark.locator.label[:_LABEL] for mark in marks],
        "notes": [note[:_LABEL] for note in source.notes[:_MOST_NOTES]],
        "links": _links_to_data(source.links),
    }
    if min((*header["gaps"], *header["lengths"], *header["steps"]), default=0) < 0:
        raise ValueError("was read into blocks that overlap")
    return header, text.encode("utf-8")


def _links_to_data(links: Sequence[Link]) -> list[list[Any]]:
    ends = [0, *(link.end for link in links)]
    data: list[list[Any]] = []
    for link, end in zip(links, ends, strict=False):
        target = link.target
        place = target if isinstance(target, str) else [target.start, target.end]
        data.append([link.start - end, link.end - link.start, place])
    if min((min(gap, length) for gap, length, _ in data), default=0) < 0:
        raise ValueError("was read into links that overlap")
    return data


def source_from_data(header: Header, body: bytes) -> SourceText:
    """Return the text that plain data describes. Raises BrokenFrame for anything that no reader of
    the table gives, whatever it is."""
    try:
        return _Checked(header, body.decode("utf-8")).source()
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise BrokenFrame(f"{type(error).__name__}: {error}"[:200]) from error


class _Checked:
    """Takes each field of a header only as what it must be."""

    def __init__(self, header: Header, text: str) -> None:
        self.header = header
        self.text = text

    def source(self) -> SourceText:
        format = BY_NAME[self._string("format", 40)]
        if self.header["reader"] != format.reader:
            raise ValueError("another reader")
        if self.header["characters"] != len(self.text) or "\x00" in self.text:
            raise ValueError("another text")
        if not self.text or self.text.isspace():
            raise ValueError("a blank text")
        date = self.header["date"]
        if date is not None and not _DATE.fullmatch(date):
            raise ValueError("no date")
        return SourceText(
            text=self.text,
            format=format.name,
            reader=format.reader,
            blocks=self._blocks(),
            title=self._string("title", _TITLE) if self.header["title"] is not None else None,
            date=date,
            locators=self._locators(),
            notes=self._notes(),
            links=self._links(),
        )

    def _notes(self) -> tuple[str, ...]:
        notes = self.header["notes"]
        if type(notes) is not list or len(notes) > _MOST_NOTES:
            raise ValueError("too many notes")
        return tuple(plain_line(_plain(note, _LABEL)) for note in notes)

    def _string(self, key: str, most: int) -> str:
        return _plain(self.header[key], most)

    def _numbers(self, key: str, most: int) -> list[int]:
        values = self.header[key]
        if type(values) is not list or len(values) > most:
            raise ValueError(f"too many {key}")
        if not all(type(value) is int and value >= 0 for value in values):
            raise ValueError(f"{key} that are no offsets")
        return values

    def _blocks(self) -> tuple[Block, ...]:
        gaps = self._numbers("gaps", MOST_BLOCKS)
        lengths = self._numbers("lengths", MOST_BLOCKS)
        kinds = self._string("kinds", MOST_BLOCKS)
        if sum(gaps) + sum(lengths) > len(self.text):
            raise ValueError("blocks beyond the text")
        levels: dict[int, int] = self._sparse("levels", int)
        speakers: dict[int, str] = self._sparse("speakers", str)
        blocks = []
        end = 0
        for at, (kind, gap, length) in enumerate(zip(kinds, gaps, lengths, strict=True)):
            start, end = end + gap, end + gap + length
            blocks.append(
                Block(
                    _KIND_OF[kind], start, end, min(max(levels.get(at, 0), 0), 99), speakers.get(at)
                )
            )
        return tuple(blocks)

    def _sparse(self, key: str, kind: type) -> dict[int, Any]:
        """Return the values by position, of those that have one."""
        pairs = self.header[key]
        if type(pairs) is not list or len(pairs) > MOST_BLOCKS:
            raise ValueError(f"too many {key}")
        found = {}
        for at, value in pairs:
            if type(at) is not int or type(value) is not kind:
                raise ValueError(f"{key} of another type")
            found[at] = _plain(value, _LABEL) if kind is str else value
        return found

    def _locators(self) -> tuple[LocatorMark, ...]:
        if self.header["places"] is None:
            return ()
        kind = LocatorKind(self._string("places", 40))
        steps = self._numbers("steps", MOST_BLOCKS)
        labels = self.header["labels"]
        if type(labels) is not list or sum(steps) > len(self.text):
            raise ValueError("places beyond the text")
        marks = []
        start = 0
        for step, label in zip(steps, labels, strict=True):
            start += step
            marks.append(LocatorMark(start, Locator(kind, _plain(label, _LABEL))))
        return tuple(marks)

    def _links(self) -> tuple[Link, ...]:
        entries = self.header["links"]
        if type(entries) is not list or len(entries) > MOST_LINKS:
            raise ValueError("too many links")
        links = []
        end = 0
        for gap, length, place in entries:
            if not all(type(count) is int and count >= 0 for count in (gap, length)):
                raise ValueError("links that are at no offsets")
            start, end = end + gap, end + gap + length
            if end > len(self.text):
                raise ValueError("links beyond the text")
            links.append(Link(start, end, self._target(place, length)))
        return tuple(links)

    def _target(self, place: object, length: int) -> str | Span:
        """Return an address of words, or the place of a note that is referred to between two."""
        if type(place) is str:
            if not place or not length:
                raise ValueError("a link that is none")
            return _plain(place, LONGEST_ADDRESS)
        if type(place) is not list or length:
            raise ValueError("a link to nothing")
        start, end = place
        if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(self.text):
            raise ValueError("a note beyond the text")
        return Span(start, end)


def _plain(value: object, most: int) -> str:
    """Return a string of bounded length that can be stored and written."""
    if type(value) is not str or len(value) > most:
        raise ValueError("a string that is none")
    return storable(value)


def plain_reason(value: object) -> str:
    """Return why something could not be read, in one bounded line without control characters."""
    return (plain_line(value) if isinstance(value, str) else "") or "can't be read"


def plain_line(words: str) -> str:
    """Return at most so much of it, in one line without control characters."""
    return "".join(c if c.isprintable() else " " for c in words[:_LABEL]).strip()
