"""Where a draft's links are and what they point at, as they pass with a text that holds none.

A reader of drafts writes them behind its text, after a character that no text has, so that they
come out of the reading process by the way that texts come, and are checked again here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

LONGEST_TARGET = 400
_MOST_LINKS = 20_000
# A code point that is assigned to no character, ever.
_BEHIND = "\ufdd0"
_LINE = re.compile(r"(\d{1,9}) (\d{1,9}) (\S{1,1200})")
# What a link in Markdown can't hold, and what ends a file's name in a text.
_RESERVED = re.compile(r"[\s()\[\]<>\"'“”„«»‘’\\\x00-\x1f\x7f\ud800-\udfff\ufdd0]")


@dataclass(frozen=True, slots=True)
class Link:
    """The words at [start:end) of a text are a link to `target`."""

    start: int
    end: int
    target: str


def target_of(address: str) -> str | None:
    """A link's address as it can stand in Markdown: letters as themselves, white space, brackets
    and quotation marks percent-encoded. None for one within the same file, or a very long one."""
    address = address.strip()
    if not address or address.startswith("#") or len(address) > 4 * LONGEST_TARGET:
        return None
    target = _RESERVED.sub(_encoded, unquote(address))
    return target if len(target) <= LONGEST_TARGET else None


def _encoded(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match.group().encode("utf-8", "replace"))


def with_links(text: str, links: Iterable[Link]) -> str:
    """A text with its links behind it, those without words left out."""
    text = text.replace(_BEHIND, "\ufffd")
    lines: list[str] = []
    for link in links:
        words = text[link.start : link.end]
        start = link.start + len(words) - len(words.lstrip())
        end = link.start + len(words.rstrip())
        if start < end and len(lines) < _MOST_LINKS:
            lines.append(f"{start} {end} {link.target}")
    return f"{text}{_BEHIND}{chr(10).join(lines)}" if lines else text


def split_links(read: str) -> tuple[str, tuple[Link, ...]]:
    """The text and its links, in order, of what `with_links` gave; what is no link, or overlaps
    another, is left out."""
    text, _, behind = read.partition(_BEHIND)
    links: list[Link] = []
    for line in behind.split("\n", _MOST_LINKS):
        if match := _LINE.fullmatch(line):
            start, end = int(match[1]), int(match[2])
            target = target_of(match[3])
            before = links[-1].end if links else 0
            if target is not None and before <= start < end <= len(text):
                links.append(Link(start, end, target))
    return text, tuple(links)
