"""Induces a document's own form of speakers' labels from what recurs in it, without any word list.

A transcript prints its labels in one form throughout, and its speakers speak again. So for each
form of head (before a colon, a full stop or a dash, in angle brackets, alone on a line) the heads
of lines are gathered; a form is the document's own if at least two of its heads recur, take turns
and make up most of its lines. Then its recurring heads are labels; a head that occurs once is one
if it is built as they are; and any other line of that form may be somebody's, so that nobody's
turn goes on across it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from qa.language import WORDS
from qa.language.lexicon import alternatives
from qa.language.names import has_office_word
from qa.language.offices import is_conversation_role, is_honorific
from qa.records import BlockKind
from qa.structure.lines import Line

# The thresholds that were chosen on real files; `benchmarks/speakers.py` varies them.
LEAST_IF_WEAK = 3  # how often a head must recur whose last word is no name's
LEAST_TENTHS_A_HEAD = 23  # how often heads of no telling build recur on the average, in tenths
SPOKEN_PART = 3  # one in so many must speak to somebody, and as many end a sentence
_LONGEST_HEAD = 120
_LONGEST_LABEL = 400
_MOST_WORDS = 8
_MOST_WORDS_WITH_ASIDES = 40
_MOST_SMALL = 2
_MOST_WORDS_IF_SMALL = 5
_LOOKED_AT = 600
_MOST_LOOKED_AT = 12
_LEAST_FOR_A_PLACE = 6
_LEAST_TENTHS_APART = 30
_WORDS = re.compile(r"[^\W\d_]{3,}")
_TELLING_TEMPLATES = frozenset({"time", "stop and dash", "initials", "named initials"})
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
_MINUTES = re.compile(r"\b\d{1,2}[:.]\d(\d)\b([:.]\d{2})?")
_ONLY_TIME = re.compile(_TIME, re.IGNORECASE)
_LEAST_BELOW_A_GAP = 30
_NICK = re.compile(r"<[\s@+%&~]*(?P<nick>[^<>\s]{1,40})>\s+(?=\S)")
_ENDS_LOOKING = frozenset('!?;…“”«»"')
_TELLING = re.compile(r"[:：.—–()\[\]!?;…“”«»\"]| (?=--\s|[—–])")
_DASH = re.compile(r"\s?(?:—|–)\s?|\s--\s")
_SENTENCE = re.compile(r"[.!?…][”\"’»)\]]?(?:\s|$)|[。！？]")
_ASKS_OR_ADDRESSES = re.compile(
    rf"\?|\b(?:{alternatives(WORDS.own_voice | WORDS.addressing)})\b", re.IGNORECASE
)
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


@dataclass(frozen=True, slots=True)
class Induced:
    """The labels of a document by their line, and the lines where somebody else may begin.

    `misplaced` are lines that begin as a label would, but not where the document's labels stand.
    """

    labels: dict[int, LabelHead]
    barriers: frozenset[int]
    misplaced: frozenset[int]


def induce_labels(
    lines: tuple[Line, ...], skip: frozenset[int], names_speaker: Callable[[LabelHead], bool | None]
) -> Induced:
    """The labels that a document's own repetition shows.

    `skip` are lines that hold none. `names_speaker` tells whether a head's words alone name a
    speaker ("Mr. Doe", "The Chairman") or surely none ("Note"); None: they don't tell. One that
    does counts as one that recurs, so that a record in which many speak once is seen too.
    """
    by_style: dict[LabelStyle, list[LabelHead]] = {style: [] for style in LabelStyle}
    for index in range(len(lines)):
        if index not in skip:
            for head in read_heads(lines, index):
                by_style[head.style].append(head)
    labels: dict[int, LabelHead] = {}
    barriers: set[int] = set()
    misplaced: set[int] = set()
    for style, heads in by_style.items():
        heads = _at_paragraphs(style, heads, lines)
        counts = Counter(head.key for head in heads)
        told = {id(head): names_speaker(head) for head in heads}
        built = Counter(head.template for head in heads)
        sure = [
            head
            for head in heads
            if told[id(head)] is not False
            and (
                counts[head.key] >= (LEAST_IF_WEAK if head.is_weak else 2)
                or (head.template in _TELLING_TEMPLATES and built[head.template] >= 2)
                or style is LabelStyle.NICK
                or told[id(head)]
            )
        ]
        formal = {
            head.line for head in sure if told[id(head)] or head.template not in ("", "capitals")
        }
        chosen = {head.line for head in sure}
        shown = [head for head in heads if head.line in chosen or not head.is_loose]
        if _is_agenda(sure, lines):
            misplaced |= {head.line for head in heads}
            continue
        if not _is_own_style(style, shown, sure, formal, lines):
            continue
        templates = Counter(head.template for head in sure)
        sure += [
            head
            for head in heads
            if head.template and templates[head.template] >= 2
            if head.line not in chosen and told[id(head)] is not False
        ]
        chosen = {head.line for head in sure}
        outside = _misplaced(heads, sure, lines)
        misplaced |= outside
        if _nearly_all(head.speech >= lines[head.line].end for head in sure):
            barriers |= {at for at in range(len(lines)) if _is_short_and_apart(lines, at)} - skip
        if style is not LabelStyle.NICK:
            odd = {at for at, line in enumerate(lines) if is_odd(line.text)}
            barriers |= odd - skip
        for head in heads:
            if head.line in labels or head.line in outside:
                continue
            if head.line in chosen:
                labels[head.line] = head
            elif not head.is_loose or head.bracketed:
                barriers.add(head.line)
    misplaced -= labels.keys()
    return Induced(labels, frozenset(barriers - labels.keys() - misplaced), frozenset(misplaced))


def read_heads(lines: tuple[Line, ...], index: int) -> Iterator[LabelHead]:
    """What could be a label at the beginning of a line, at most one a style."""
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
    """Heads before a colon, a stop or a dash, the first place of each that leaves a label; a
    bracket that the line leaves open is closed on the next."""
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
        if style in (LabelStyle.STOP, LabelStyle.DASH) and not _ends_in_words(
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


def _ends_in_words(name: str, after: str) -> bool:
    """Whether words before a stop or a dash are more than a short sentence ("Right."): several,
    in capitals, an officer, or with a dash after the stop ("President. – …")."""
    dashed = after.strip()[:1] in ("–", "—")
    return " " in name or (len(name) > 3 and name.isupper()) or is_conversation_role(name) or dashed


def _leaves_open(text: str) -> bool:
    return text.count("(") > text.count(")") or text.count("[") > text.count("]")


def _mark(text: str, at: int) -> tuple[LabelStyle | None, int]:
    """The mark that stands at a place and could end a label, and its width."""
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
    """Whether an office may follow a name after a comma: in prose a full stop ends such words too,
    so that there the name begins with a form of address, or what is shortened as one ("M.")."""
    first = name.split()[0]
    return style is LabelStyle.COLON or is_honorific(first) or first.endswith(".")


def _is_abbreviated(name: str) -> bool:
    """Whether a stop after the words is an abbreviation's ("Mr.", "J.", "STATEMENT OF DR.")."""
    last = name.split()[-1:] or [""]
    bare = last[0].rstrip(".")
    if _INITIALS_LAST.fullmatch(name):  # "BRASK I.P."
        return False
    consonants = not any(character in "aeiouyаеиоуыэюя" for character in bare.casefold())
    return is_honorific(bare) or len(bare) < 2 or "." in bare or (len(bare) <= 3 and consonants)


def _without_asides(text: str) -> tuple[str, str | None]:
    """A head without the brackets at its end, nested ones too, and what stands in the first."""
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
    """Whether words have the build of a label: a few, capitalised but for little ones and, in a
    short one, a form of address or an office.

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
    """A name alone on its line with the words below it."""
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


def _at_paragraphs(
    style: LabelStyle, heads: list[LabelHead], lines: tuple[Line, ...]
) -> list[LabelHead]:
    """The heads that stand where paragraphs begin: in wrapped text a line may begin with the end
    of any sentence."""
    if style not in (LabelStyle.STOP, LabelStyle.DASH) or not heads:
        return heads
    counts = Counter(head.key for head in heads)
    indents = Counter(lines[head.line].indent for head in heads if counts[head.key] >= 2)
    usual = indents.most_common(1)[0][0] if indents else 0
    return [head for head in heads if lines[head.line].gap or lines[head.line].indent == usual]


def _misplaced(heads: list[LabelHead], sure: list[LabelHead], lines: tuple[Line, ...]) -> set[int]:
    """The lines of heads that lack what nearly all labels of the style have: a paragraph's
    beginning before them, or a line of their own."""
    outside: set[int] = set()
    if len(sure) < _LEAST_FOR_A_PLACE:
        return outside
    opening = {at for at, line in enumerate(lines) if line.gap or line.indent > 0}
    if _nearly_all(head.line in opening for head in sure):
        outside.update(set(range(len(lines))) - opening)
    own_line = {head.line for head in heads if head.speech >= lines[head.line].end}
    if _nearly_all(head.line in own_line for head in sure):
        outside.update({head.line for head in heads} - own_line)
    return outside


def _is_short_and_apart(lines: tuple[Line, ...], at: int) -> bool:
    """Whether a line is short, set apart and without a sentence's end, as labels on lines of their
    own are."""
    line = lines[at]
    below = lines[at + 1] if at + 1 < len(lines) else None
    words = len(line.text.split())
    return line.gap and below is not None and words <= 4 and line.text[-1].isalnum()


def _nearly_all(having: Iterable[bool]) -> bool:
    every = list(having)
    return 10 * sum(every) >= 9 * len(every)


def _is_own_style(
    style: LabelStyle,
    heads: list[LabelHead],
    sure: list[LabelHead],
    formal: set[int],
    lines: tuple[Line, ...],
) -> bool:
    """Whether the sure heads of a style show that it is how the document labels its speakers.

    Where most are built as only labels are (`formal`), what is said needs no words of speaking to
    each other, whose list can't know every language.
    """
    counts = Counter(head.key for head in sure)
    capitals = all(head.text.isupper() for head in sure)
    plain = style is LabelStyle.ALONE and not capitals and len(formal) < len(sure)
    least = 3 if plain or style is LabelStyle.NICK else 2
    if len(counts) < 2 or len(sure) < 4 or max(counts.values()) < least:
        return False
    turns = sum(one.key != other.key for one, other in pairwise(heads))
    if 2 * len(sure) < len(heads) or 5 * turns < len(heads) - 1:
        return False
    if style is LabelStyle.NICK:
        return True
    if is_cyclic([head.key for head in heads]):
        return False
    starts = {head.line for head in heads}
    said = [_said(lines, head, starts) for head in sure]
    spoken = sum(_ASKS_OR_ADDRESSES.search(text) is not None for text in said)
    ended = sum(_SENTENCE.search(text) is not None for text in said)
    if (style is LabelStyle.ALONE and capitals) or 3 * len(formal) >= 2 * len(sure):
        return 2 * ended >= len(sure)
    # Terms of a list recur too, but hardly three times, and none turns to another by its name.
    apart = style is LabelStyle.ALONE and all(lines[head.end].gap for head in sure)
    least = _LEAST_TENTHS_APART if apart else LEAST_TENTHS_A_HEAD
    seldom = 10 * len(sure) < least * len(counts)
    if 3 * len(formal) < len(sure) and seldom and not _address_each_other(sure, said):
        return False
    # Minutes report rather than quote, but then the same few names return throughout.
    often = sum(count >= 3 and " " in key for key, count in counts.items()) >= 3
    part = 8 if often and 5 * len(sure) >= 4 * len(heads) else SPOKEN_PART
    return part * spoken >= len(sure) and part * ended >= len(sure)


def _is_agenda(heads: list[LabelHead], lines: tuple[Line, ...]) -> bool:
    """Whether the times beside heads are a programme's: all of them on five minutes."""
    times = [
        found for head in heads if head.stamped if (found := _MINUTES.search(lines[head.line].text))
    ]
    return len(times) >= 3 and all(found[1] in "05" and not found[2] for found in times)


def _address_each_other(heads: list[LabelHead], said: list[str]) -> bool:
    """Whether anybody's words hold another's name, as those of people who talk do."""
    names = {head.key: set(_WORDS.findall(head.text.title())) for head in heads}
    for head, text in zip(heads, said, strict=True):
        words = set(_WORDS.findall(text))
        if any(words & own for key, own in names.items() if key != head.key):
            return True
    return False


def is_cyclic(keys: list[str]) -> bool:
    """Whether three or more heads come in the same order again and again, as a form's fields do."""
    period = len(set(keys))
    return period >= 3 and len(keys) >= 2 * period and keys[period:] == keys[:-period]


def _said(lines: tuple[Line, ...], head: LabelHead, starts: Set[int]) -> str:
    """What the label would introduce, as far as the end of its paragraph or the next head."""
    parts = [head.rest]
    for at in range(head.end, min(len(lines), head.end + _MOST_LOOKED_AT)):
        if lines[at].gap or lines[at].indent > 0 or at in starts:
            break
        parts.append(lines[at].text)
    return " ".join(parts)[:_LOOKED_AT]


_ODD_HEAD = re.compile(
    r"[\[(][^\[\]()]{1,60}[\])]\s?[:：]|"  # [Mr. Dane]:
    r"[^\W\d_]{2,}(?:-[^\W\d_]+)?\s[^\W\d_]\.\s?[^\W\d_]\.,\s|"  # Brask I. P., office.
    r"\d{1,3}[.)]\s(?:[A-ZÀ-ÞА-Я][\w’'.-]*\s){1,5}\([^()]{1,60}\)[^:(]{1,60}:\s|"
    r"[^\W\d_][^:.!?]{2,60}\([^()]{1,40}\),?\s[^:.!?]{2,30}\.\s[–—]\s|"
    r"[^\W\d_A-ZÀ-Þ]['’][A-ZÀ-Þ][^:.!?]{0,40}:\s|"  # d'Arcy:
    r"[@+#]\S{1,40}(?:\s\S{1,20}){0,3}:\s|\S+@\S+\.\w+:\s|"  # @pilot:
    r"[^\W\d_]+(?:\s[^\W\d_]+){0,3}\s?#?\d{1,3}\s?:\s|"  # Speaker #2:
    r"[A-ZÀ-Þ]\.\s[A-ZÀ-Þ][\w’'-]+(?:[/\s][A-ZÀ-Þ][\w’'-]+){0,3}:\s|"  # K. Eastman/Trust:
    r"[^:：\x00-\u04ff]{1,20}[:：]|[^:]{1,40}[\u2190-\U0010ffff]\s?:\s"  # no capitals, pictures
)


def is_only_time(text: str) -> bool:
    """Whether a line is nothing but a time of day."""
    return _ONLY_TIME.fullmatch(text) is not None


def is_odd(text: str) -> bool:
    """Whether a line begins with something before a colon that is no words of prose: brackets, a
    number, an address, a picture, a script without capitals. Somebody else may speak there."""
    return _ODD_HEAD.match(text) is not None


_MOST_LINES_OF_A_DIRECTION = 12
_AROUND = ".… *_"
_CLOSES = {"(": ")", "[": "]"}


def stage_directions(lines: tuple[Line, ...]) -> frozenset[int]:
    """The lines of paragraphs that are nothing but words in brackets, also wrapped over several:
    applause, calls, notes of the record. They are nobody's words, and whoever spoke goes on."""
    found: set[int] = set()
    at = 0
    while at < len(lines):
        end = _direction_end(lines, at)
        found.update(range(at, end))
        at = max(end, at + 1)
    return frozenset(found)


def _direction_end(lines: tuple[Line, ...], start: int) -> int:
    """The index after the last line of the direction that begins at a line; the line's own index
    where none does."""
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
