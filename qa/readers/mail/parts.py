"""Which parts of a message are its text, and which are files that came with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from qa.readers.encodings import decode
from qa.readers.mail.mime import Entity, parts_of

_DEEPEST = 10
_MOST_PARTS = 1_000
_LONGEST_NAME = 100
_MOST_NAMES = 20
# Parts that belong to the sending, not to what was sent.
_SEALS = {
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
}


@dataclass(slots=True)
class Body:
    """The texts of a message in order, and the names of the files that came with it."""

    texts: list[Entity] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    parts: int = 0

    def collect(self, entity: Entity, depth: int) -> None:
        """Take in a message or part, and what is nested in it."""
        self.parts += 1
        kind = entity.kind
        within = parts_of(entity) if kind.startswith("multipart/") else []
        if within and (depth == _DEEPEST or self.parts > _MOST_PARTS):
            self.left_out.append("parts nested too deep or too many")
        elif kind == "multipart/alternative" and within:
            self._choose(within, depth)
        elif within:
            for part in within:
                self.collect(part, depth + 1)
        elif depth == 0 and kind.startswith("multipart/"):
            self.texts.append(entity)  # a multipart without parts: its boundary was lost
        elif entity.attached or kind not in ("text/plain", "text/html"):
            if not (kind in _SEALS or _is_picture_of_text(entity)):
                name = entity.name or entity.words("subject") or kind
                # A file's name may hold what turns a terminal's line round.
                shown = "".join(c if c.isprintable() else "\ufffd" for c in name[:_LONGEST_NAME])
                self.left_out.append(shown)
        else:
            self.texts.append(entity)

    @property
    def note(self) -> str | None:
        """What was not read, in words."""
        many = len(self.left_out)
        if not many:
            return None
        names = ", ".join(self.left_out[:_MOST_NAMES]) + (", …" if many > _MOST_NAMES else "")
        return f"{many} attachment{'s were' if many > 1 else ' was'} not read: {names}"

    def _choose(self, within: Sequence[Entity], depth: int) -> None:
        """Of alternatives the first that is plain text, else the first that has any text."""
        found = []
        for part in within:
            body = Body(parts=self.parts)
            body.collect(part, depth + 1)
            self.parts = body.parts
            if any(text.content().strip() for text in body.texts):
                found.append(body)
        plain = [body for body in found if body.texts[0].kind != "text/html"]
        for body in (plain or found)[:1]:
            self.texts += body.texts
            self.left_out += body.left_out


def _is_picture_of_text(entity: Entity) -> bool:
    """Whether a part is a picture that the HTML text shows: a logo, a sign."""
    return entity.kind.startswith("image/") and "content-id" in entity.fields


def characters(part: Entity, path: Path) -> str:
    """A part's text, by its own charset where that fits."""
    data = part.content()
    charset = (part.parameter("charset") or "").lower()
    if charset.startswith("iso-2022-jp") and data.isascii():
        try:
            return data.decode("iso2022_jp")
        except UnicodeError:
            pass  # its bytes are ASCII's too, which is what they are read as then
    return decode(data, path, lambda _: charset or None)
