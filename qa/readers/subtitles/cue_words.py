"""The words of one cue without its markup, and whose voice the markup says they are."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.readers.declared import one_line

# WebVTT's tags; in SubRip files the same and a few of HTML's. A "<" of anything else is a word's.
_TAG = re.compile(
    r"<(/?)(v|c|i|b|u|s|ruby|rt|lang|font|em|strong)((?:\.[^\s<>]{0,80})?)"
    r"(?:[ \t]([^<>]{0,300}))?/?>|<\d{1,9}:[\d:.]{0,20}>",
    re.IGNORECASE,
)
# Commands of a format for styled subtitles that survive its conversion: "{\an8}".
_COMMAND = re.compile(r"\{\\[^{}]{0,100}\}")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_BREAKS = re.compile(r"[\r\n\x00\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Voiced:
    """Lines of a cue in one voice; `speaker` is None where the markup names none."""

    speaker: str | None
    lines: tuple[str, ...]


def voices(lines: Sequence[str]) -> tuple[Voiced, ...]:
    """A cue's lines as they are read, blank ones left out, by whose voice the tags say they are.

    `<v Ann Lee>` (WebVTT, 4.2.2) makes all up to `</v>`, the next voice or the cue's end Ann
    Lee's. Other tags, styles and time stamps within a line are dropped, entities resolved.
    """
    found: list[tuple[str | None, list[str]]] = []
    speaker: str | None = None
    for line in lines:
        begins = True
        for piece, voice in _pieces(_COMMAND.sub("", line), speaker):
            speaker = voice
            if not piece.strip():
                continue
            if not found or found[-1][0] != voice:
                found.append((voice, [piece]))
            elif begins:
                found[-1][1].append(piece)
            else:
                found[-1][1][-1] += piece
            begins = False
    return tuple(Voiced(voice, tuple(line.strip() for line in said)) for voice, said in found)


def _pieces(line: str, speaker: str | None) -> list[tuple[str, str | None]]:
    """The line's text between voice tags, with the voice of each; the last is never left out."""
    pieces: list[tuple[str, str | None]] = []
    words: list[str] = []
    at = 0
    for tag in _TAG.finditer(line):
        words.append(line[at : tag.start()])
        at = tag.end()
        if (tag[2] or "").lower() != "v":
            continue
        pieces.append((_resolved("".join(words)), speaker))
        words = []
        speaker = None if tag[1] else one_line(_resolved(tag[4] or ""))
    words.append(line[at:])
    pieces.append((_resolved("".join(words)), speaker))
    return pieces


def _resolved(words: str) -> str:
    """Entities as the characters they stand for; none may break the line."""
    return _ENTITY.sub(lambda match: _BREAKS.sub(" ", html.unescape(match[0])), words)
