"""Read what could be a label at the beginning of a line, in each style of setting it off.

Only the build is judged here, not whom the words name: whether a style is the document's own is for
`induction` to see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from qa.language.names import has_office_word
from qa.language.offices import is_conversation_role, is_honorific
from qa.records import BlockKind
from qa.structure.lines import Line

_LONGEST_HEAD = 120
_LONGEST_LABEL = 400
_MOST_WORDS = 8
_MOST_WORDS_WITH_ASIDES = 40
_MOST_SMALL = 2
_MOST_WORDS_IF_SMALL = 5
# Beside names, what a label holds in small letters: particles, and the little words of offices.
_SMALL = re.compile(r"[^\W\d_]{1,3}\.?$")
_WORD = re.compile(r"[^\W\d_][\w'’ʼ‑-]*\.?(?:[^\W\d_]+\.)*[,]?$")
_INITIAL = re.compile(r"(?:[^\W\d_]\.?){1,3}$")
_TIME = (
    r"[\[(]?(?:\d{1,4}[-./]\d{1,2}[-./]\d{1,4},?\s+(?:-\s+)?)?"
    r"\d{1,2}[:.]\d{2}(?:[:.,]\d{2,3}){0,2}(?:\s?[ap]\.?m\.?)?[\])]?"
)
_LINKED_TIME = re.compile(rf"\[?{_TIME}\]?\(https?://[^\s)]+\)|(?<=\s){_TIME}$", re.IGNORECASE)
_LEAD = re.compile(
    rf"(?:>+\s*|[*_]{{1,3}}(?=\S)|\[\d{{1,5}}\]\s*|"
    rf"[A-Z]?\d{{1,4}}[.)]\s+|[^\W\d_]{{1,5}}\.\s+\d{{1,4}}[.)]?\s+|\d{{1,4}}\s{{2,}}|[-–—•]\s+|{_TIME}\s*[-–—]?\s+)*",
    re.IGNORECASE,
)
_ONLY_TIME = re.compile(_TIME, re.IGNORECASE)
_LEAST_BELOW_A_GAP = 30
_NICK = re.compile(r"<[\s@+%&~]*(?P<nick>[^<>\s]{1,40})>\s+(?=\S)")
_ENDS_LOOKING = frozenset('!?;…“”«»"')
_TELLING = re.compile(r"[:：.—–()\[\]!?;…“”«»\"]| (?=--\s|[—–])")
_DASH = re.compile(r"\s?(?:—|–)\s?|\s--\s")
_INITIALS_LAST = re.compile(r"[^\W\d_]{3,}(?:-[^\W\d_]+)? [^\W\d_]\.\s?[^\W\d_]")
_HYPHENATED = re.compile(r"(?<=[^\W\d_])- (?=[^\W\d_])")
_LEADERS = "...."  # of a table of contents
# What markup calls no prose of a person's.
_NO_SPEECH = frozenset({BlockKind.TABLE, BlockKind.CODE, BlockKind.NAVIGATION, BlockKind.METADATA})


class LabelStyle(StrEnum):
    """What sets a label off from the words after it."""

    COLON = "colon"
    STOP = "stop"
    DASH = "dash"
    NICK = "nick"
    ALONE = "alone"


@dataclass(frozen=True, slots=True)
class LabelHead:
    """What a label in one style would be at the beginning of a line.

    `text` is the head without marks, times and the `aside` in brackets or after a comma; the words
    spoken begin at the offset `speech`. `end` is the index of the line after the label's last;
    `stamped` says that a time stands beside it, `dashed` that a dash follows its stop.
    """

    line: int
    style: LabelStyle
    text: str
    aside: str | None
    speech: int
    rest: str
    end: int
    stamped: bool = False
    dashed: bool = False
    bracketed: bool = False

    @property
    def template(self) -> str:
        """What in its build hardly any words but a label's have; empty where there is nothing."""
        if self.stamped:
            return "time"
        if self.dashed:
            return "stop and dash"
        if self.bracketed and " " in self.text:
            first = "".join(word[0] for word in self.text.split())
            return "named initials" if first == self.aside else "brackets"
        if _INITIALS_LAST.fullmatch(self.text):
            return "initials"
        return "capitals" if self.text.isupper() and " " in self.text else ""

    @property
    def is_weak(self) -> bool:
        """Whether the last word is no name's ("De voorzitter"), as prose before a colon goes."""
        last = self.text.split()[-1]
        return not last.isdigit() and not any(character.isupper() for character in last[:3])

    @property
    def is_loose(self) -> bool:
        """Whether longer words in small letters are in it, as in prose before a colon."""
        return any(
            not any(character.isupper() for character in word[:3]) and not _SMALL.match(word)
            for word in self.text.split()
            if not word.isdigit()
        )

    @property
    def key(self) -> str:
        return " ".join(self.text.casefold().split())


def read_heads(lines: tuple[Line, ...], index: int) -> Iterator[LabelHead]:
    """Yield the possible labels at the beginning of a line, at most one per style."""
    line = lines[index]
    if line.block in _NO_SPEECH or _LEADERS in line.text:
        return
    text = line.text
    lead = _LEAD.match(text)
    begin = lead.end() if lead else 0
    timed = begin > 0 and re.search(_TIME, text[:begin]) is not None
    nick = _NICK.match(text, begin)
    if nick is not None:
        speech = line.start + nick.end()
        yield LabelHead(
            index, LabelStyle.NICK, nick["nick"], None, speech, text[nick.end() :], index + 1
        )
        return
    yield from _set_off(lines, index, begin, timed)
    if not text[:begin].strip("*_ ") and (alone := _alone(lines, index)) is not None:
        yield alone


def _set_off(lines: tuple[Line, ...], index: int, begin: int, timed: bool) -> Iterator[LabelHead]:
    """Yield heads that end at the first colon, stop or dash that leaves a label; an open bracket
    may close on the next line."""
    line = lines[index]
    text = line.text
    follows = lines[index + 1] if index + 1 < len(lines) else None
    wraps = follows is not None and not follows.gap and _leaves_open(text)
    if wraps and follows is not None:
        text = f"{text} {follows.text}"
    seen: set[LabelStyle] = set()
    depth = 0
    for found in _TELLING.finditer(text, begin, begin + _LONGEST_LABEL):
        at, character = found.start(), found.group()
        depth += (character in "([") - (character in ")]")
        if depth > 0 or at == begin:
            continue
        style, width = _mark(text, at)
        if style is None or style in seen:
            if character in _ENDS_LOOKING or at - begin > _LONGEST_HEAD:
                return
            continue
        if text.count(" ", begin, at) > _MOST_WORDS_WITH_ASIDES:
            return
        head, office_after = text[begin:at], None
        dashed = style is LabelStyle.STOP and text[at + 1 : at + 3].strip()[:1] in ("–", "—")
        name, aside = _without_asides(_HYPHENATED.sub("", head) if wraps else head)
        if style is LabelStyle.STOP and _is_abbreviated(name):
            continue
        if not is_label_built(name) and aside is None and ", " in name:
            first, _, office = name.partition(", ")
            named = sum(word[0].isupper() and len(word) > 1 for word in first.split()) >= 2
            if named and (dashed or (has_office_word(office) and _may_hold(style, first))):
                name, office_after = first, office
        if style in (LabelStyle.STOP, LabelStyle.DASH) and not _is_more_than_sentence(
            name, text[at + 1 : at + 3]
        ):
            continue
        if not is_label_built(name):
            if style is not LabelStyle.STOP:
                seen.add(style)
            continue
        seen.add(style)
        last = follows if follows is not None and at >= len(line.text) else line
        after = text[at + width :] if last is follows else line.text[at + width :]
        rest = after.lstrip("*_ \t\u00a0" + ("–—" if style is LabelStyle.STOP else ""))
        speech = last.end - len(rest)
        end = index + 1 + (last is follows)
        if not rest:
            if style is not LabelStyle.COLON or end >= len(lines):
                continue
            rest = lines[end].text
        stamped = timed or _LINKED_TIME.search(head.strip().strip("*_")) is not None
        after_name = aside or office_after
        yield LabelHead(
            index, style, name, after_name, speech, rest, end, stamped, dashed, bool(aside)
        )


def _is_more_than_sentence(name: str, after: str) -> bool:
    """Return whether words before a stop or dash are more than a short sentence ("Right."):
    several, in capitals, an officer, or with a dash after the stop ("President. – …")."""
    dashed = after.strip()[:1] in ("–", "—")
    return " " in name or (len(name) > 3 and name.isupper()) or is_conversation_role(name) or dashed


def _leaves_open(text: str) -> bool:
    return text.count("(") > text.count(")") or text.count("[") > text.count("]")


def _mark(text: str, at: int) -> tuple[LabelStyle | None, int]:
    """Return the mark that could end a label at a place, and its width."""
    character, follows = text[at], text[at + 1 : at + 2]
    if character in ":：":
        bold = text[at + 1 :].lstrip("*_")
        return (
            (LabelStyle.COLON, 1)
            if not bold or bold[0].isspace() or character == "："
            else (None, 0)
        )
    if character == "." and (follows.isspace() or follows == "—"):
        return (LabelStyle.STOP, 1)
    dash = _DASH.match(text, at) if character in " —–" else None
    if dash is not None:
        return (LabelStyle.DASH, dash.end() - at)
    return (None, 0)


def _may_hold(style: LabelStyle, name: str) -> bool:
    """Return whether an office may follow a name after a comma. Except before a colon, the name
    must begin with a form of address or an abbreviation ("M."), as commas occur in prose too."""
    first = name.split()[0]
    return style is LabelStyle.COLON or is_honorific(first) or first.endswith(".")


def _is_abbreviated(name: str) -> bool:
    """Return whether the words end in an abbreviation ("Mr.", "J.", "STATEMENT OF DR.")."""
    last = name.split()[-1:] or [""]
    bare = last[0].rstrip(".")
    if _INITIALS_LAST.fullmatch(name):  # "BRASK I.P."
        return False
    consonants = not any(character in "aeiouyаеиоуыэюя" for character in bare.casefold())
    return is_honorific(bare) or len(bare) < 2 or "." in bare or (len(bare) <= 3 and consonants)


def _without_asides(text: str) -> tuple[str, str | None]:
    """Return a head without its final brackets, nested ones too, and the text of the first."""
    bare = _LINKED_TIME.sub("", text.strip().strip("*_").strip()).strip().strip("*_").strip()
    aside: str | None = None
    while bare.endswith((")", "]")):
        depth = 0
        for at in range(len(bare) - 1, -1, -1):
            depth += (bare[at] in ")]") - (bare[at] in "([")
            if depth == 0:
                break
        else:
            return bare, aside
        if at == 0:
            return "", bare[1:-1]
        aside = bare[at + 1 : -1].strip()
        bare = bare[:at].strip()
    return bare.rstrip(",|-–—").strip(), aside


def is_label_built(name: str) -> bool:
    """Return whether words are built like a label: few, capitalised but for little ones and, if
    short, with a form of address or an office.

    Nothing is said of whom they name: "Mr. BROWN of Ohio", "L'hon. X", "McBRASK", "De heer Brask".
    """
    words = name.split()
    if not words or len(words) > _MOST_WORDS or len(name) > _LONGEST_HEAD:
        return False
    if not any(character.isalpha() for character in words[0]) or words[-1].endswith(","):
        return False
    if len(words) > 1 and words[-1].isdigit() and len(words[-1]) <= 3:
        words.pop()  # "Speaker 1"
    small = 0
    for word in words:
        if not (_WORD.match(word) or _INITIAL.match(word.rstrip(","))):
            return False
        if not any(character.isupper() for character in word[:3]) and not _SMALL.match(word):
            small += 1
    if not words[0][0].isupper():
        return False
    return small == 0 or (small <= _MOST_SMALL and len(words) <= _MOST_WORDS_IF_SMALL)


def _alone(lines: tuple[Line, ...], index: int) -> LabelHead | None:
    """Return a name alone on its line, with the words below it."""
    line = lines[index]
    if index + 1 >= len(lines) or line.block is BlockKind.HEADING:
        return None
    follows = lines[index + 1]
    if not line.gap or len(line.text) > _LONGEST_HEAD or line.text[-1] in ":;,":
        return None
    name, aside = _without_asides(line.text)
    timed = _ONLY_TIME.fullmatch(follows.text) is not None and index + 2 < len(lines)
    if follows.gap and not timed and len(follows.text) < _LEAST_BELOW_A_GAP:
        return None
    if not is_label_built(name.replace(",", "")) or len(name.split()) > 5:
        return None
    last = name.split()[-1]
    if name[-1] in "!?…" or (name[-1] == "." and len(last) > 4):
        return None
    if timed:
        rest = lines[index + 2].text
        return LabelHead(
            index, LabelStyle.ALONE, name, aside, follows.end, rest, index + 2, stamped=True
        )
    return LabelHead(index, LabelStyle.ALONE, name, aside, line.end, follows.text, index + 1)


def is_only_time(text: str) -> bool:
    """Return whether a line is nothing but a time of day."""
    return _ONLY_TIME.fullmatch(text) is not None
