"""Subtitle files: the stored text is the words of the cues, a line each, times as locators."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from qa.errors import ReadError
from qa.lines import LINE_END
from qa.readers.encodings import decode
from qa.readers.subtitles.cue_words import Voiced, voices
from qa.readers.subtitles.cues import Cue, clock, find_cues
from qa.records import Block, BlockKind, Locator, LocatorKind, LocatorMark, SourceText

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
    """A SubRip file: the cues' words, with the time of each.

    Cues that follow one another make one paragraph, so that a sentence may run over several,
    until a label (`ANN:`) or a dash says that somebody else speaks, or nobody does for long.
    Raises ReadError for bytes that are no text and for a file without cues.
    """
    return _read(data, path, "srt")


def read_vtt(data: bytes, path: Path) -> SourceText:
    """A WebVTT file, as `read_srt`; voices (`<v Ann>`) are the speakers of their blocks.

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
    """Whether the cues begin with names, of whatever form ("dave's phone (2):")."""
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
    """The cues' words, those once that rolling captions show again above the next line.

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
    """With how many of the lines before it a cue begins that follows without a pause."""
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
        """One cue; without words it leaves no trace."""
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
        """The text and its blocks, in order."""
        self._close()
        self._pieces += ["\n"] if self._pieces else []
        return "".join(self._pieces), tuple(self._blocks)
