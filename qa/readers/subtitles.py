"""Subtitle files: the stored text is the words of the cues, a line each, times as locators.

SubRip and WebVTT are both read by the lines with "-->": what people keep in these files is often
broken (blank lines missing or too many, no numbers, numbers of any order), and those hardly ever
are.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from qa.errors import ReadError
from qa.locating import LINE_END
from qa.readers.declared import collapsed
from qa.readers.encodings import decode
from qa.records import Block, BlockKind, Locator, LocatorKind, LocatorMark, SourceText

_TIME = r"(?:(\d{1,9}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?"
_TIMES = re.compile(rf"\s{{0,9}}{_TIME}\s{{0,9}}-{{1,3}}>\s{{0,9}}(?:{_TIME})?")
# A line of that place and form that isn't a time any more begins a cue all the same.
_ARROW = re.compile(r"[\s\d:.,;]{0,60}-{1,3}>")
_NUMBER = re.compile(r"\d{1,9}")
# WebVTT (W3C, 2019), 4.1: blocks of a file that are no cues, by their first line.
_NO_CUE = re.compile(r"(?:NOTE|STYLE|REGION)(?=[ \t]|$)")


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue; `start` and `end` in milliseconds, None where its times can't be read."""

    start: int | None
    end: int | None
    lines: tuple[str, ...]


def is_webvtt(lines: Sequence[str]) -> bool:
    """Return whether a file's first line is WebVTT's signature."""
    return re.match(r"WEBVTT(?=[ \t]|$)", lines[0]) is not None


def find_cues(lines: Sequence[str]) -> Iterator[Cue]:
    """Yield the cues in the order of the file, those without words too; none where there is no line
    that begins with an arrow or with a time and an arrow."""
    webvtt = is_webvtt(lines)
    timed = [at for at, line in enumerate(lines) if _ARROW.match(line)]
    number: int | None = None
    for at, after in pairwise([*timed, len(lines)]):
        number = _number_before(lines, at, number)
        last = after
        if after < len(lines) and _is_heading(lines, at, after, number, webvtt):
            last -= 1
        body = _until_blank(lines[at + 1 : last]) if webvtt else lines[at + 1 : last]
        yield Cue(*_times(lines[at]), tuple(body))


def _number_before(lines: Sequence[str], at: int, last: int | None) -> int | None:
    """Return the number that the cue with its times at `at` has, or would have."""
    if at and _NUMBER.fullmatch(lines[at - 1].strip()):
        return int(lines[at - 1])
    return None if last is None else last + 1


def _is_heading(
    lines: Sequence[str], at: int, after: int, number: int | None, webvtt: bool
) -> bool:
    """Return whether the line above the times at `after` is that cue's number or name, and no words
    of the cue at `at`: it stands after a blank line, or counts on where the blank line is
    missing."""
    above = after - 1
    if above <= at:
        return False
    if above - 1 > at and not lines[above - 1].strip():
        return webvtt or bool(_NUMBER.fullmatch(lines[above].strip()))
    count = _NUMBER.fullmatch(lines[above].strip())
    return bool(count) and number is not None and int(lines[above]) == number + 1


def _until_blank(lines: Sequence[str]) -> Sequence[str]:
    """In WebVTT a blank line ends a cue, and what follows it is a comment, a style or nothing;
    a comment counts as one even where the blank line is missing."""
    for at, line in enumerate(lines):
        if not line or _NO_CUE.match(line):
            return lines[:at]
    return lines


def _times(line: str) -> tuple[int | None, int | None]:
    match = _TIMES.match(line)
    if match is None:
        return None, None
    start = _milliseconds(match.groups()[:4])
    return start, _milliseconds(match.groups()[4:]) if match[6] else None


def _milliseconds(parts: Sequence[str | None]) -> int:
    hours, minutes, seconds, fraction = parts
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    return whole * 1000 + int((fraction or "").ljust(3, "0"))


def clock(milliseconds: int) -> str:
    """Return a time as "hh:mm:ss", which is how players show it; whole seconds, rounded down."""
    seconds = milliseconds // 1000
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


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
    """Return a cue's lines as they are read, blank ones left out, by whose voice the tags say they
    are.

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
    """Return the line's text between voice tags, with the voice of each; the last is never left
    out."""
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
        speaker = None if tag[1] else collapsed(_resolved(tag[4] or ""))
    words.append(line[at:])
    pieces.append((_resolved("".join(words)), speaker))
    return pieces


def _resolved(words: str) -> str:
    """Return the words with entities as the characters they stand for; none may break the line."""
    return _ENTITY.sub(lambda match: _BREAKS.sub(" ", html.unescape(match[0])), words)


# After a silence of this many milliseconds it may be anybody who speaks, so a paragraph ends.
_SILENCE = 5_000
# Automatic captions show a line again while the next is spoken: at once, or after an instant.
_INSTANT = 100
_ROLLING_SHARE = 0.25

# Somebody else begins to speak: a dash, ">>", or a name in capitals or of capitalised words,
# perhaps with a title or in brackets or with something in brackets after it, and a colon.
_TURN = re.compile(
    r"[-‐‑–—][ \t\u00a0]?(?=[^\s\d-])|>>|"
    r"[\[(]?[^\W\d_a-zа-яё][\w.,'’-]{0,30}(?:[ \t](?:[^\W_a-zа-яё]|(?:of|the|and|de|von|van)[ ])"
    r"[\w.,'’-]{0,30}){0,12}(?:[ \t][\[(][^()\[\]:]{1,60})?[\])]?[:：](?=\s|$)"
)
# Where most cues begin so, programs for meetings wrote whose words each cue is.
_NAMED = re.compile(r"[^\s:：.!?…][^:：!?…]{0,60}[:：](?=\s|$)")
_NAMED_SHARE = 0.5
# What is heard and no words: "[applause]", "(door slams)", "♪". Longer ones may be speech.
_SOUND = re.compile(r"\[[^\[\].!?…]{1,40}\]|\([^().!?…]{1,40}\)|[♪♫#*\s]{1,9}")


def read_srt(data: bytes, path: Path) -> SourceText:
    """Return a SubRip file: the cues' words, with the time of each.

    Cues that follow one another make one paragraph, so that a sentence may run over several,
    until a label (`ANN:`) or a dash says that somebody else speaks, or nobody does for long.
    Raises ReadError for bytes that are no text and for a file without cues.
    """
    return _read(data, path, "srt")


def read_vtt(data: bytes, path: Path) -> SourceText:
    """Return a WebVTT file, as `read_srt`; voices (`<v Ann>`) are the speakers of their blocks.

    Comments, styles, regions, settings and the cues' names are left out. Raises ReadError.
    """
    return _read(data, path, "vtt")


def _read(data: bytes, path: Path, form: str) -> SourceText:
    lines = LINE_END.split(decode(data, path))
    cues = list(find_cues(lines))
    if all(cue.start is None for cue in cues):
        raise ReadError(
            path,
            "has no subtitles: expected lines such as 00:01:02,500 --> 00:01:04,000, each with "
            "words below it; name it .txt if it is plain text",
        )
    spoken = list(_unrolled(cues))
    writing = _Writing(named=_are_named(spoken))
    for cue in spoken:
        writing.add(cue)
    text, blocks = writing.finish()
    return SourceText(text, form, f"{form}/1", blocks, locators=tuple(writing.marks))


def _are_named(cues: Sequence[_Spoken]) -> bool:
    """Return whether the cues begin with names, of whatever form ("dave's phone (2):")."""
    named = sum(bool(cue.said) and bool(_NAMED.match(cue.said[0].lines[0])) for cue in cues)
    return named >= _NAMED_SHARE * len(cues)


# ---- what automatic captions repeat ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A cue's words by voice."""

    start: int | None
    end: int | None
    said: tuple[Voiced, ...]


def _unrolled(cues: Iterable[Cue]) -> Iterator[_Spoken]:
    """Yield the cues' words, those once that rolling captions show again above the next line.

    A single line that is shown twice for a while may have been said twice, and is kept.
    """
    spoken = [_Spoken(cue.start, cue.end, voices(cue.lines)) for cue in cues]
    repeated = [0, *(_repeated(last, cue) for last, cue in pairwise(spoken))]
    rolling = sum(map(bool, repeated)) >= _ROLLING_SHARE * (len(spoken) - 1)
    for cue, again in zip(spoken, repeated, strict=True):
        if not (rolling and again):
            yield cue
        elif rest := cue.said[0].lines[again:]:
            yield _Spoken(cue.start, cue.end, (Voiced(cue.said[0].speaker, rest), *cue.said[1:]))
        elif cue.said[1:]:
            yield _Spoken(cue.start, cue.end, cue.said[1:])


def _repeated(last: _Spoken, cue: _Spoken) -> int:
    """Return with how many of the lines before it a cue begins that follows without a pause."""
    if last.end is None or cue.start is None or not last.said or not cue.said:
        return 0
    before, now = last.said[-1].lines, cue.said[0].lines
    if cue.start > last.end + _INSTANT or last.said[-1].speaker != cue.said[0].speaker:
        return 0
    flash = cue.end is not None and cue.end - cue.start <= _INSTANT
    for many in range(min(len(before), len(now)), 0, -1):
        if before[-many:] == now[:many]:
            grows = many < len(now) or many < len(before) or len(cue.said) > 1
            return many if grows or flash else 0
    return 0


# ---- paragraphs -----------------------------------------------------------------------


@dataclass(slots=True)
class _Writing:
    """Writes the cues one after another; `marks` tell when each is shown. With `named` whatever
    may be a name at a cue's beginning is one."""

    named: bool
    marks: list[LocatorMark] = field(default_factory=list)
    _pieces: list[str] = field(default_factory=list)
    _blocks: list[Block] = field(default_factory=list)
    _at: int = 0
    _kind: BlockKind | None = None
    _speaker: str | None = None
    _opened: int = 0
    _heard_until: int | None = None

    def add(self, cue: _Spoken) -> None:
        """Write one cue; without words it leaves no trace."""
        if not cue.said:
            return
        if None not in (cue.start, self._heard_until) and self._silent(cue):
            self._close()
        first = True
        for voiced in cue.said:
            for line, after in zip(voiced.lines, (*voiced.lines[1:], ""), strict=True):
                label = self.named and first and _NAMED.match(line)
                # Only a label is capitals up to a colon on the next line.
                opening = f"{line} {after}" if line.isupper() else line
                self._line(line, voiced.speaker, bool(label or _TURN.match(opening)))
                if first and cue.start is not None:
                    self._mark(clock(cue.start), self._at - len(line))
                first = False
        self._heard_until = cue.end if cue.end is not None else cue.start

    def _silent(self, cue: _Spoken) -> bool:
        return (cue.start or 0) - (self._heard_until or 0) >= _SILENCE

    def _line(self, line: str, speaker: str | None, turns: bool) -> None:
        kind = BlockKind.PARAGRAPH
        if _SOUND.fullmatch(line):
            kind, speaker = BlockKind.METADATA, None
        turns = turns and speaker is None and kind is BlockKind.PARAGRAPH
        if turns or kind is not self._kind or speaker != self._speaker:
            self._close()
        if self._kind is None:
            lead = "\n\n" if self._pieces else ""
            self._kind, self._speaker = kind, speaker
            self._opened = self._at + len(lead)
        else:
            lead = "\n"
        self._pieces += (lead, line)
        self._at += len(lead) + len(line)

    def _mark(self, label: str, start: int) -> None:
        if not self.marks or self.marks[-1].locator.label != label:
            self.marks.append(LocatorMark(start, Locator(LocatorKind.TIME, label)))

    def _close(self) -> None:
        if self._kind is not None:
            block = Block(self._kind, self._opened, self._at, speaker=self._speaker)
            self._blocks.append(block)
            self._kind = None

    def finish(self) -> tuple[str, tuple[Block, ...]]:
        """Return the text and its blocks, in order."""
        self._close()
        self._pieces += ["\n"] if self._pieces else []
        return "".join(self._pieces), tuple(self._blocks)
