"""E-mail messages: the sender's own words as theirs, and quoted or forwarded text as nobody's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from email.utils import parsedate_tz
from pathlib import Path

from qa.errors import ReadError
from qa.locating import LINE_END, line_starts
from qa.readers.html.reader import read_html
from qa.readers.mail.mime import Body, Entity, characters, read_entity, storable_line
from qa.readers.mail.replies import Origin, is_quoted, origins
from qa.records import Block, BlockKind, SourceText

# Columns to which mail is wrapped by the programs that write it.
_NARROWEST = 60
_WIDEST = 100
_SHOWN = ("From", "To", "Cc", "Date", "Subject")
_KNOWN = {"from", "to", "date", "subject", "received", "message-id", "mime-version", "sender"}


def read_eml(data: bytes, path: Path) -> SourceText:
    """Return a message: a few fields of its head (METADATA), then its text, blocks by paragraph.

    The sender's own words have the sender as speaker. Quoted and forwarded words are QUOTE
    blocks of nobody, a signature is METADATA. Of alternatives the plain text is read, else the
    HTML. Title and date are the message's subject and date, the day where it was sent.
    Attachments are named in `notes`. Raises ReadError for what is no message or has no text.
    """
    message = _message(data, path)
    body = Body()
    body.collect(message, 0)
    writing = _Writing(_sender(message))
    writing.head(message)
    for part in body.texts:
        text = characters(part, path)
        if not text.strip():
            continue
        if part.kind == "text/html":
            page = read_html(b"\xef\xbb\xbf" + text.encode(), path)
            writing.marked_up(page.text, page.blocks)
        else:
            writing.plain(text, flowed=(part.parameter("format") or "").lower() == "flowed")
    if not writing.has_text:
        raise ReadError(path, f"is a message without text{f'; {body.note}' if body.note else ''}")
    return SourceText(
        text="".join([*writing.pieces, "\n"]),
        format="eml",
        reader="eml/1",
        blocks=tuple(writing.blocks),
        title=message.words("subject"),
        date=_day(message),
        notes=(body.note,) if body.note else (),
    )


def _message(data: bytes, path: Path) -> Entity:
    start = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    if data.startswith(b"From ", start):
        if b"\nFrom " in data:
            raise ReadError(path, "holds several messages (mbox); save each as an .eml file")
        start = data.find(b"\n", start) + 1
    message = read_entity(data, start, len(data))
    if _KNOWN.isdisjoint(message.fields):
        raise ReadError(
            path, "is no e-mail message: expected fields such as From:, Date: and Subject: first"
        )
    return message


def _sender(message: Entity) -> str | None:
    """Return the name of the one who wrote the message, or else the address; None for several."""
    addresses = list(getattr(message.header("from"), "addresses", []))
    if len(addresses) != 1:
        return None
    return storable_line(addresses[0].display_name) or storable_line(addresses[0].addr_spec)


def _day(message: Entity) -> str | None:
    """Return the day in the zone where the message was sent, which its date field gives."""
    parts = parsedate_tz(message.fields.get("date", "")[:200])
    if parts is None or not 1970 <= parts[0] <= 2999:
        return None
    try:
        return date(parts[0], parts[1], parts[2]).isoformat()
    except ValueError:
        return None


# ---- the stored text -----------------------------------------------------------------------


@dataclass(slots=True)
class _Writing:
    """Writes the parts one after another; `sender` is whose the unquoted words are."""

    sender: str | None
    pieces: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    _at: int = 0
    _more: bool = False

    def _put(self, text: str) -> int:
        """Return where the text begins, a blank line after what was written before."""
        lead = "\n\n" if self.pieces else ""
        self.pieces += (lead, text)
        start = self._at + len(lead)
        self._at = start + len(text)
        return start

    @property
    def has_text(self) -> bool:
        """Whether anything was written besides the head."""
        return any(block.kind is not BlockKind.METADATA for block in self.blocks)

    def head(self, message: Entity) -> None:
        """Write the fields that say who wrote what to whom and when."""
        shown = [(name, message.words(name.lower())) for name in _SHOWN]
        text = "\n".join(f"{name}: {value}" for name, value in shown if value)
        if text:
            start = self._put(text)
            self.blocks.append(Block(BlockKind.METADATA, start, start + len(text)))

    def plain(self, raw: str, *, flowed: bool) -> None:
        """Write a part of plain text; its line ends are the transport's and become line feeds."""
        lines = LINE_END.split(raw)
        while lines and not lines[-1].strip():
            lines.pop()
        while lines and not lines[0].strip():
            del lines[0]
        at = self._put("\n".join(lines))
        whose = origins(lines, [is_quoted(line) for line in lines])
        for line, after, origin in zip(lines, [*lines[1:], ""], whose, strict=True):
            if line.strip("> \t"):
                self._line(BlockKind.PARAGRAPH, origin, at, at + len(line))
                self._more = not _ends_hard(line, after, flowed)
            else:
                self._more = False
            at += len(line) + 1

    def marked_up(self, text: str, blocks: Sequence[Block]) -> None:
        """Write a part that was HTML, with its blocks."""
        text = text.rstrip("\n")
        if not text:
            return
        start = self._put(text)
        lines = text.split("\n")
        starts = line_starts(text)
        inside = list(_blocks_of(starts, blocks))
        quoted = [block is not None and block.kind is BlockKind.QUOTE for block in inside]
        whose = origins(lines, quoted)
        last: Block | None = None
        rows = zip(starts, lines, [*lines[1:], ""], inside, whose, strict=True)
        for at, line, after, block, origin in rows:
            if block is not None and line.strip():
                self._more = self._more and block is last
                low, high = max(at, block.start), min(at + len(line), block.end)
                self._line(block.kind, origin, start + low, start + high, block.level)
            rows_apart = block is not None and block.kind in (BlockKind.TABLE, BlockKind.CODE)
            self._more, last = rows_apart or not _ends_hard(line, after, False), block

    def _line(self, kind: BlockKind, origin: Origin, start: int, end: int, level: int = 0) -> None:
        """Write one line; with `_more` it goes on with the block before it, if that is of its
        kind."""
        if origin is Origin.FRAME:
            kind, level = BlockKind.METADATA, 0
        elif origin is Origin.OTHER and kind is BlockKind.PARAGRAPH:
            kind = BlockKind.QUOTE
        own = origin is Origin.SENDER and kind not in _NOBODYS
        block = Block(kind, start, end, level, self.sender if own else None)
        last = self.blocks[-1] if self.blocks else None
        more = self._more or (kind is BlockKind.METADATA and last and last.end + 1 == start)
        if more and last and (last.kind, last.speaker) == (block.kind, block.speaker):
            self.blocks[-1] = replace(last, end=end)
        else:
            self.blocks.append(block)


_NOBODYS = {BlockKind.HEADING, BlockKind.NAVIGATION, BlockKind.METADATA, BlockKind.QUOTE}


def _ends_hard(line: str, after: str, flowed: bool) -> bool:
    """Return whether a line of plain text ends because its writer ended it. In text that flows (RFC
    3676) a space at the end says that it goes on; else it does if the next word would not have
    fitted into the narrowest width that mail is wrapped to."""
    if flowed:
        return not line.endswith(" ")
    word = after.lstrip("> ").split(None, 1)[:1]
    room = len(line) + 1 + len("".join(word)) <= _NARROWEST
    return room or len(line) > _WIDEST


def _blocks_of(starts: Sequence[int], blocks: Sequence[Block]) -> Iterator[Block | None]:
    """Yield for each line the block that it is in or that begins in it."""
    at = 0
    for start, after in zip(starts, [*starts[1:], starts[-1] + 1], strict=True):
        while at < len(blocks) and blocks[at].end <= start:
            at += 1
        yield blocks[at] if at < len(blocks) and blocks[at].start < after else None
