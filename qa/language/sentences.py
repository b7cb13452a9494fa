"""Split text into sentences, with exact offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from qa.language import LEXICONS, WORDS
from qa.language.paragraphs import marker_length, paragraphs
from qa.language.scripts import whole
from qa.records import Span

if TYPE_CHECKING:
    from nupunkt import PunktSentenceTokenizer

# Punkt's time is quadratic in the length of a run of marks.
_WINDOW = 4096
_CLOSING = "\"'”’»)\\]}」』）】》〉"

# Ends that Punkt does not know: of scripts without capitals, where no space follows. After a
# closing mark the sentence around the quotation may go on without a space.
_WIDE_MARK = re.compile("[。！？｡؟۔।॥»]")
_WIDE_END = re.compile(
    rf"[。！？｡]+(?:(?![。！？｡{_CLOSING}])|[{_CLOSING}]+(?=[\s「『“（【《]))"
    rf"|[؟۔।॥።]+[{_CLOSING}]*(?=\s)"
    r"|[.!?…]\s»(?=\s+[^\W\da-zа-яё_])"
)
# "and others.The", a paste that lost its space or line end. The mark comes first, then what must
# stand before it: so a search passes over all other characters at once.
_GLUED = re.compile(
    r"[.?!](?<=[a-zа-яёà-öø-ÿ]{2}.)[\"”’»)\]]?(?=[A-ZА-ЯЁÀ-ÖØ-Þ][a-zа-яёà-öø-ÿ]*[\s,;:.!?’'”»)-])"
)
# What makes a dotted word an address, a file or code rather than two sentences.
_ADDRESS = re.compile(r"[/@_\\=<>#]|www\.|\.[^\W\d_]+\.[^\W\d_]", re.IGNORECASE)
_ADDRESS_REACH = 100
_FOOTNOTES = re.compile(r"[.!?…][\"”’»)]?(?:\[\d{1,3}\])+(?=\s+[^\W\da-zа-яё_])")
_RUSSIAN_LIST_END = re.compile(r"\bи\s+(?:т\.\s?[дп]|др)\.(?=\s+[А-ЯЁ])")
_RARE_ENDS = (
    (_WIDE_MARK, _WIDE_END),
    (re.compile(r"\["), _FOOTNOTES),
    (re.compile("и"), _RUSSIAN_LIST_END),
)
# Closing marks, and what an editor hangs on a sentence: "[3]", "[citation needed]", ":212–219".
_AND_CLOSING = re.compile(
    rf"(?:[{_CLOSING}]|\[[^\[\]\s][^\[\]\n]{{0,40}}\]|:\d[\d,:–-]*)+|\s[”’»)\]」』]+(?=\s|$)"
)
_SPEECH_GOES_ON = re.compile(r"[—–-]\s+([^\W\d_])")
_ENUMERATOR = re.compile(r"\(?(?:\d{1,3}|[^\W\d_]|[ivxlIVXL]{1,6})[.)]\s*")
_ENUMERATOR_LENGTH = 9
_WORD = re.compile(r"[^\W_]")
_NOT_SPACE = re.compile(r"\S")


def split_sentences(text: str, start: int, end: int, *, soft: bool = False) -> tuple[Span, ...]:
    """Return the sentences of `text[start:end]` in order, trimmed, without overlap, covering
    whatever is not white space.

    A paragraph's end ends a sentence; inside a paragraph, nupunkt's English model decides
    (Kiss and Strunk 2006), corrected for what it doesn't know: full stops of other scripts,
    sentences glued together by a paste, abbreviations, quotation marks. `soft`: line ends
    alone end no paragraph (Markdown).
    """
    found: list[Span] = []
    for paragraph in paragraphs(text, start, end, soft=soft):
        found.extend(_of_paragraph(text, paragraph))
    return tuple(found)


def _of_paragraph(text: str, paragraph: Span) -> Iterator[Span]:
    body = text[paragraph.start : paragraph.end]
    marker = marker_length(body, 0, len(body))
    ends = set(_punkt_ends(body, marker))
    ends.update(_wide_ends(body))
    at = 0
    for cut in [*sorted(_final_ends(body, ends, marker)), len(body)]:
        piece = body[at:cut]
        stripped = piece.strip()
        if stripped:
            first = paragraph.start + at + len(piece) - len(piece.lstrip())
            yield Span(first, first + len(stripped))
        at = cut


def _punkt_ends(body: str, marker: int) -> Iterator[int]:
    """Yield where Punkt ends sentences. Windows overlap by one sentence, so that each sentence is
    seen whole unless it is longer than a window."""
    at = marker
    while at < len(body):
        stop = _window_end(body, at)
        spans = [span for _, span in _punkt().tokenize_with_spans(body[at:stop])]
        for _, end in spans[:-1]:
            yield at + end
        last = at + spans[-1][0] if spans else at
        at = last if last > at and stop < len(body) else stop


def _window_end(body: str, at: int) -> int:
    stop = at + _WINDOW
    if stop >= len(body):
        return len(body)
    blank = max(body.rfind(" ", at + _WINDOW // 2, stop), body.rfind("\n", at + _WINDOW // 2, stop))
    return blank + 1 if blank > 0 else stop


@cache
def _punkt() -> PunktSentenceTokenizer:
    import nupunkt

    return nupunkt.load("default")


def _wide_ends(body: str) -> Iterator[int]:
    # Most paragraphs have none of these marks: looking for the marks alone costs little.
    for mark, pattern in _RARE_ENDS:
        if mark.search(body):
            for match in pattern.finditer(body):
                yield match.end()
    for match in _GLUED.finditer(body):
        if not _in_address(body, match.start(), match.end()):
            yield match.end()


def _in_address(body: str, start: int, end: int) -> bool:
    before = body[max(0, start - _ADDRESS_REACH) : start].rsplit(None, 1)
    after = body[end : end + _ADDRESS_REACH].split(None, 1)
    # With nothing but the word's own beginning in reach, rsplit gives that beginning.
    word = f"{before[-1] if before else ''}{body[start:end]}{after[0] if after else ''}"
    return bool(_ADDRESS.search(word))


def _final_ends(body: str, ends: set[int], marker: int) -> Iterator[int]:
    """Yield the ends that stand, each moved behind its sentence's closing marks.

    A piece without a letter or digit is no sentence, so it stays with its neighbour.
    """
    last_word = _last_word(body)
    at = seen = marker
    word = _next_word(body, at)
    for end in sorted(ends):
        if end <= seen:
            continue
        before = _without_space(body, at, end)
        if closing := _AND_CLOSING.match(body, before):
            before = closing.end()
            end = max(end, before)
        end = seen = whole(body, end, len(body))
        if word < end <= last_word and not _continues(body, at, before, end):
            yield end
            at = end
            word = _next_word(body, at)


def _last_word(body: str) -> int:
    at = len(body) - 1
    while at >= 0 and not body[at].isalnum():
        at -= 1
    return at


def _next_word(body: str, at: int) -> int:
    match = _WORD.search(body, at)
    return match.start() if match else len(body)


def _without_space(body: str, start: int, end: int) -> int:
    while end > start and body[end - 1].isspace():
        end -= 1
    return end


def _continues(body: str, at: int, before: int, end: int) -> bool:
    """Return whether the sentence `body[at:before]` does not end there after all."""
    if before - at <= _ENUMERATOR_LENGTH and _ENUMERATOR.fullmatch(body, at, before):
        return True
    match = _NOT_SPACE.search(body, end)
    if not match:
        return False
    after = match.start()
    if body[after] in ",;:":
        return True
    if speech := _SPEECH_GOES_ON.match(body, after):
        return speech[1].islower()
    if joins(body, before, after):
        return True
    # Edited text begins sentences with capitals, so here a full stop ended an abbreviation;
    # where this sentence begins in lower case itself, nothing can be said.
    first = body[_next_word(body, at)]
    return body[before - 1] == "." and body[after].islower() and not first.islower()


# Languages that write ordinals with a full stop: "am 5. Mai".
_ORDINAL_MONTHS = frozenset(
    name for one in LEXICONS if one.ordinal_stops for month in one.months for name in month
)
_LAST_WORD = re.compile(r"[^\s(«“\"'‘]+\.$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_REACH = 40


def joins(text: str, at: int, after: int) -> bool:
    """Return whether the stop before `at` only abbreviates; the text goes on at `after`."""
    near = text[max(0, at - _REACH) : at]
    match = _LAST_WORD.search(near)
    if not match:
        return False
    word = match[0][:-1].lower()
    if word in WORDS.abbreviations_before_names:
        return True
    if word in WORDS.abbreviations_before_numbers and text[after : after + 1].isdigit():
        return True
    if word.isdigit() and len(word) <= 2:
        month = _FIRST_WORD.match(text, after, after + 12)
        return month is not None and month[0].lower() in _ORDINAL_MONTHS
    return len(word) == 1 and _is_initial(near[: match.start()], match[0][0], text, after)


def _is_initial(before: str, letter: str, text: str, after: int) -> bool:
    """Return whether a letter and its stop abbreviate what follows: "А. Пушкин", "т. е."."""
    if not letter.isalpha():
        return False
    next_too = text[after : after + 1].isalpha() and text[after + 1 : after + 2] == "."
    if not "а" <= letter.lower() <= "ё":
        return letter.islower() and next_too
    if letter.isupper():
        return letter != "Я"  # which is also the word "I"
    before = before.rstrip()
    # "в 1990 г. Затем" and "и т. д. Затем" may end a sentence; "в г. Омске" may not.
    return next_too or not (before[-1:].isdigit() or before.endswith("т."))
