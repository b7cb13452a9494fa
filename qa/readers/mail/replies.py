"""Tell the lines that a message's sender wrote from quoted and forwarded ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from qa.language import WORDS
from qa.language.lexicon import alternatives

_LONGEST = 1_000
_LONGEST_NOTE = 3
_FOOTER_LINES = 12
_SEALED = "-----BEGIN PGP SIGNED MESSAGE-----"
_SEAL = "-----BEGIN PGP SIGNATURE-----"

_QUOTED = re.compile(r"[ \t]{0,3}>")
_RULE = re.compile(r"[_=*-]{5,}\s*$")
_FOOTER_RULE = re.compile(r"_{20,}\s*$")
# "On 3 May 2024, at 10:00, Ann Lee wrote:" as mail programs put it, in one to three lines.
_VERBS = alternatives(WORDS.writing_verbs)
_INTRODUCED = re.compile(
    rf"(?=[^\n]{{0,400}}[\d@<])\S[^\n]{{2,400}}\b(?:{_VERBS})[^\w\n][^\n]{{0,120}}[:：]\s*$"
    rf"|(?=[^\n]{{0,400}}[\d@<])\S[^\n]{{2,400}}\b(?:{_VERBS})\s?[:：]\s*$"
    r"|[^\n]{0,400}\d[^\n]{0,300}<[^<>\s]{1,200}@[^<>\s]{1,200}>\s?[:：]\s*$",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"-{2,}\s*(?:(?:begin )?forwarded message|forwarded by\b.{0,100}|original message|"
    r"original appointment|weitergeleitete nachricht|ursprüngliche nachricht|"
    r"message transféré|message d['’]origine|mensaje reenviado|mensaje original|"
    r"messaggio inoltrato|messaggio originale|mensagem encaminhada|mensagem original|"
    r"doorgestuurd bericht|oorspronkelijk bericht|пересылаемое сообщение|"
    r"исходное сообщение|пересланное сообщение|переслане повідомлення)\s*-{2,}\s*$"
    r"|begin forwarded message\s?:\s*$|anfang der weitergeleiteten nachricht\s?:\s*$"
    r"|начало переадресованного сообщения\s?:\s*$|début du message réexpédié\s?:\s*$",
    re.IGNORECASE,
)
_SENDER = re.compile(r"\W{0,3}(?:From|Von|De|Da|Van|От|От кого|Від)\*{0,2}\s?:\*{0,2}\s*\S")
_FIELD = re.compile(
    r"\W{0,3}(?:Sent|Date|To|Cc|Subject|Gesendet|Datum|An|Betreff|Envoyé|À|Objet|Enviado|Fecha|"
    r"Para|Asunto|Assunto|Inviato|Data|A|Oggetto|Verzonden|Aan|Onderwerp|Отправлено|Дата|Кому|"
    r"Копия|Тема|Надіслано)\*{0,2}\s?:"
)
_FIELD_REACH = 6
_LONGEST_HEAD = 16
# Nobody but a program gives the time or the address of what follows.
_EXACT = re.compile(r"\d[:.h]\d\d\b|@")


class Origin(Enum):
    """Whose a line of a message is."""

    SENDER = "sender"
    OTHER = "other"
    FRAME = "frame"  # a signature, a footer, what introduces another's words


def is_quoted(line: str) -> bool:
    """Return whether a line of plain text is marked as quoted."""
    return _QUOTED.match(line) is not None


def origins(lines: Sequence[str], quoted: Sequence[bool]) -> list[Origin]:
    """Return for each line of a message whose it is; `quoted` are those that the format marks as
    such.

    Another's are the quoted lines, and all that comes after a forwarded message's head or after
    an introduction ("On 3 May at 10:00 Ann Lee wrote:") to words that aren't marked: where they
    end can't be told. A signature begins with a line of two dashes and a space.
    """
    found = [Origin.OTHER if mark else Origin.SENDER for mark in quoted]
    last = shown = len(lines)
    following = _following(lines)
    for at in range(len(lines)):
        if found[at] is not Origin.SENDER:
            continue
        if _heads_forwarded(lines, at):
            last, shown = _with_rule(lines, at), _head_end(lines, at)
            break
        first = _introduction(lines, at)
        if first is None:
            continue
        after = following[at]
        if after is not None and quoted[after]:
            found[first:after] = [Origin.FRAME] * (after - first)
        elif after is not None and _EXACT.search("".join(lines[first : at + 1])):
            last, shown = first, at + 1
            break
    found[last:shown] = [Origin.FRAME] * (shown - last)
    found[shown:] = [Origin.OTHER] * (len(lines) - shown)
    _mark_signature(lines, found)
    return found


def _following(lines: Sequence[str]) -> list[int | None]:
    """Return for each line the next after it that is not blank."""
    following: list[int | None] = [None] * len(lines)
    after: int | None = None
    for at in range(len(lines) - 1, -1, -1):
        following[at] = after
        if lines[at].strip():
            after = at
    return following


def _heads_forwarded(lines: Sequence[str], at: int) -> bool:
    line = lines[at][:_LONGEST].strip()
    if _FORWARDED.match(line):
        return True
    if not _SENDER.match(line):
        return False
    head = [one[:_LONGEST].strip() for one in lines[at + 1 : at + 1 + _FIELD_REACH]]
    return sum(_FIELD.match(one) is not None for one in head) >= 2


def _with_rule(lines: Sequence[str], at: int) -> int:
    """Return the line before a forwarded message's head, where it is a rule that parts the two."""
    above = at - 1
    while above >= 0 and not lines[above].strip():
        above -= 1
    return above if above >= 0 and _RULE.match(lines[above].strip()[:_LONGEST]) else at


def _head_end(lines: Sequence[str], at: int) -> int:
    """Return where the words begin below the head of a forwarded message that begins at line
    `at`."""
    fields = False
    for below in range(at, min(len(lines), at + _LONGEST_HEAD)):
        line = lines[below][:_LONGEST].strip()
        if fields and not line:
            return below
        fields = fields or bool(_SENDER.match(line) or _FIELD.match(line))
    return at + 1


def _introduction(lines: Sequence[str], at: int) -> int | None:
    """Return the first line of the introduction to a quotation that ends with line `at`, if one
    does."""
    if lines[at].rstrip()[-1:] not in (":", "："):
        return None
    joined = ""
    for first in range(at, max(-1, at - _LONGEST_NOTE), -1):
        if not lines[first].strip():
            return None
        joined = f"{lines[first].strip()} {joined}".strip()
        if len(joined) > _LONGEST:
            return None
        if _INTRODUCED.match(joined) and not _continues(lines, first):
            return first
    return None


def _continues(lines: Sequence[str], first: int) -> bool:
    """Return whether the line above belongs to the same introduction: it has no end, and this one
    no date of its own."""
    above = lines[first - 1].strip()[:_LONGEST] if first else ""
    return bool(above) and above[-1] not in ".!?…:,>" and not any(map(str.isdigit, lines[first]))


def _mark_signature(lines: Sequence[str], found: list[Origin]) -> None:
    """Mark the lines from a signature's mark to the next that is not the sender's."""
    left = sum(origin is Origin.SENDER and bool(line.strip()) for line, origin in zip(
        lines, found, strict=True))  # fmt: skip
    signing = sealing = False
    for at, line in enumerate(lines):
        if found[at] is not Origin.SENDER:
            signing = False
            continue
        bare = line.rstrip("\r\n")
        near = left <= _FOOTER_LINES
        left -= bool(line.strip())
        signing = signing or _begins_signature(bare, near)
        # OpenPGP (RFC 4880, 7) puts a few lines of its own before the words.
        sealing = bare.startswith(_SEALED) or (sealing and bool(bare.strip()))
        if signing or sealing:
            found[at] = Origin.FRAME


def _begins_signature(line: str, near: bool) -> bool:
    """Return whether a signature or footer begins; `near` the end it may have lost its trailing
    space."""
    if line == "-- " or line.startswith(_SEAL):
        return True
    return near and (line == "--" or _FOOTER_RULE.match(line) is not None)
