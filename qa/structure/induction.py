"""Learn the form of a document's speaker labels from what recurs in it, without any word list.

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
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass
from itertools import pairwise

from qa.language import WORDS
from qa.language.lexicon import alternatives
from qa.structure.label_heads import LabelHead, LabelStyle, read_heads
from qa.structure.lines import Line

# The thresholds that were chosen on real files; `benchmarks/speakers.py` varies them.
LEAST_IF_WEAK = 3  # how often a head must recur whose last word is no name's
LEAST_TENTHS_A_HEAD = 23  # how often heads of no telling build recur on the average, in tenths
SPOKEN_PART = 3  # one in so many must speak to somebody, and as many end a sentence
_LOOKED_AT = 600
_MOST_LOOKED_AT = 12
_LEAST_FOR_A_PLACE = 6
_LEAST_TENTHS_APART = 30
_WORDS = re.compile(r"[^\W\d_]{3,}")
_TELLING_TEMPLATES = frozenset({"time", "stop and dash", "initials", "named initials"})
_MINUTES = re.compile(r"\b\d{1,2}[:.]\d(\d)\b([:.]\d{2})?")
_SENTENCE = re.compile(r"[.!?…][”\"’»)\]]?(?:\s|$)|[。！？]")
_ASKS_OR_ADDRESSES = re.compile(
    rf"\?|\b(?:{alternatives(WORDS.own_voice | WORDS.addressing)})\b", re.IGNORECASE
)
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
    """Return the labels that a document's own repetition reveals.

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


def _at_paragraphs(
    style: LabelStyle, heads: list[LabelHead], lines: tuple[Line, ...]
) -> list[LabelHead]:
    """Return the heads that begin paragraphs: in wrapped text a line may begin with the end of any
    sentence."""
    if style not in (LabelStyle.STOP, LabelStyle.DASH) or not heads:
        return heads
    counts = Counter(head.key for head in heads)
    indents = Counter(lines[head.line].indent for head in heads if counts[head.key] >= 2)
    usual = indents.most_common(1)[0][0] if indents else 0
    return [head for head in heads if lines[head.line].gap or lines[head.line].indent == usual]


def _misplaced(heads: list[LabelHead], sure: list[LabelHead], lines: tuple[Line, ...]) -> set[int]:
    """Return the lines of heads that lack what nearly all labels of the style have: a paragraph
    break before them, or a line of their own."""
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
    """Return whether a line is short, set apart and without a full stop, as labels on their own
    lines are."""
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
    """Return whether a style's certain heads show that the document labels its speakers so.

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
    said = [_words_introduced(lines, head, starts) for head in sure]
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
    """Return whether the times beside heads form a programme: all on five minutes."""
    times = [
        found for head in heads if head.stamped if (found := _MINUTES.search(lines[head.line].text))
    ]
    return len(times) >= 3 and all(found[1] in "05" and not found[2] for found in times)


def _address_each_other(heads: list[LabelHead], said: list[str]) -> bool:
    """Return whether anybody's words contain another's name, as in a conversation."""
    names = {head.key: set(_WORDS.findall(head.text.title())) for head in heads}
    for head, text in zip(heads, said, strict=True):
        words = set(_WORDS.findall(text))
        if any(words & own for key, own in names.items() if key != head.key):
            return True
    return False


def is_cyclic(keys: list[str]) -> bool:
    """Return whether three or more heads keep recurring in the same order, as form fields do."""
    period = len(set(keys))
    return period >= 3 and len(keys) >= 2 * period and keys[period:] == keys[:-period]


def _words_introduced(lines: tuple[Line, ...], head: LabelHead, starts: Set[int]) -> str:
    """Return what the label would introduce, up to the end of its paragraph or the next head."""
    parts = [head.rest]
    for at in range(head.end, min(len(lines), head.end + _MOST_LOOKED_AT)):
        if lines[at].gap or lines[at].indent > 0 or at in starts:
            break
        parts.append(lines[at].text)
    return " ".join(parts)[:_LOOKED_AT]


def is_odd(text: str) -> bool:
    """Return whether a line begins, before a colon, with what is not prose: brackets, a number, an
    address, a picture, a script without capitals. Somebody else may speak there."""
    return _ODD_HEAD.match(text) is not None
