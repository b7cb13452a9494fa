"""Tell whether letters in a source are whole words, and what stands at their ends."""

from __future__ import annotations

import re

from qa.language.folding import Folded
from qa.language.punctuation import DASHES, INVISIBLE, QUOTE_MARKS, is_bare, plain_gap
from qa.language.scripts import UNSPACED

_HYPHENS = "-‐‑"
_APOSTROPHES = "'’‘ʼ＇"
_DIGIT_JOINS = ".,:/٫٬’'"
_THIN_SPACES = " \u00a0\u2009\u202f\u2007"
# Scripts without spaces between words, where a quotation may begin anywhere.
_UNSPACED = re.compile(f"[{UNSPACED}]")
# What a quotation's own end may add or lack without changing the words.
_CLOSING = re.compile(r"""["\s.,;:)\]}>*_-]*""")
_OPENING = re.compile(r"""["\s(\[{<*_¿¡.-]*""")


def whole_at_start(text: Folded, index: int) -> bool:
    """Return whether a word (or number) begins with letter `index`."""
    if index == 0:
        return True
    before = text.gap(index - 1)
    left, right = text.letters[index - 1], text.letters[index]
    if text.starts[index - 1] == text.starts[index]:
        return False
    if is_bare(before):
        return bool(_UNSPACED.match(left) or _UNSPACED.match(right)) and not before
    if len(before) == 1 and left.isdigit() and right.isdigit():
        return not (before in _DIGIT_JOINS or (before in _THIN_SPACES and _group(text, index)))
    if before in _HYPHENS:
        return False
    if len(before) == 1 and before in _APOSTROPHES:
        return _word_length(text, index, 1) >= 3
    return True


def whole_at_end(text: Folded, index: int) -> bool:
    """Return whether a word (or number) ends with letter `index`."""
    if index == len(text.letters) - 1:
        return True
    after = text.gap(index)
    left, right = text.letters[index], text.letters[index + 1]
    if text.starts[index] == text.starts[index + 1]:
        return False
    if is_bare(after):
        return bool(_UNSPACED.match(left) or _UNSPACED.match(right)) and not after
    if len(after) == 1 and left.isdigit() and right.isdigit():
        return not (after in _DIGIT_JOINS or (after in _THIN_SPACES and _group(text, index + 1)))
    if after in _HYPHENS:
        return False
    if len(after) == 1 and after in _APOSTROPHES:
        return right == "s" and _word_length(text, index + 1, 1) == 1
    return True


def _group(text: Folded, index: int) -> bool:
    """Return whether three digits follow, as in a number written with spaces ("15 000")."""
    return _word_length(text, index, 1) == 3 and text.letters[index : index + 3].isdigit()


def _word_length(text: Folded, index: int, step: int) -> int:
    """Return how many letters the word has from `index` on, at most 4."""
    count = 1
    while count < 4 and 0 <= index + count * step < len(text.letters):
        if not is_bare(text.gap(index + (count - 1) * step)):
            break
        count += 1
    return count


def match_start(source: Folded, first: int, leading: str) -> int | None:
    """Return where the match begins in the source, including the draft's `leading` marks as far as
    they agree; None if the draft adds a sign that changes the words ("$", "−")."""
    start = int(source.starts[first])
    if _is_negative(source, first) and not leading.endswith(tuple(DASHES)):
        return None
    before = source.text[max(0, start - len(leading)) : start]
    if leading and before == leading:
        return start - len(leading)
    leading = INVISIBLE.sub("", leading)
    plain = plain_gap(leading)
    theirs = source.text[max(0, start - 8) : start]
    changes = not _OPENING.fullmatch(plain) or _is_sign(leading)
    if changes and not (plain.strip() and plain_gap(theirs).endswith(plain.strip())):
        return None
    _, taken = _agreeing(leading[::-1], source.text[max(0, start - len(leading) - 8) : start][::-1])
    return start - taken


def match_end(source: Folded, last: int, trailing: str) -> tuple[int, str] | None:
    """Return where the match ends in the source, with the draft's `trailing` marks as far as they
    stand there, and what is different about its end: "", "final punctuation" or "final mark" (a
    question or an exclamation made or unmade). None if the draft adds another sign ("%")."""
    end = int(source.ends[last])
    if source.text.startswith(trailing, end):
        return end + len(trailing), ""
    trailing = INVISIBLE.sub("", trailing)
    following = source.text[end : end + len(trailing) + 8]
    ours, taken = _agreeing(trailing, following)
    rest = plain_gap(trailing[ours:]).strip()
    if not rest:
        return end + taken, ""
    asked = bool(set("?!") & set(rest)) != (following[taken : taken + 1] in ("?", "!"))
    if not _CLOSING.fullmatch(rest.replace("?", "").replace("!", "")):
        return None
    return end + taken, "final mark" if asked else "final punctuation"


def _agreeing(draft: str, source: str) -> tuple[int, int]:
    """Return how many marks agree from the first on in draft and source; white space of any length
    counts as the same, as do marks of one class."""
    ours = theirs = 0
    while ours < len(draft) and theirs < len(source):
        if _class(draft[ours]) != _class(source[theirs]):
            break
        blank = draft[ours].isspace()
        ours, theirs = ours + 1, theirs + 1
        while blank and ours < len(draft) and draft[ours].isspace():
            ours += 1
        while blank and theirs < len(source) and source[theirs].isspace():
            theirs += 1
    return ours, theirs


def _is_negative(source: Folded, first: int) -> bool:
    """Return whether letter `first` is a digit right after a minus sign that follows a space."""
    start = int(source.starts[first])
    before = source.text[max(0, start - 2) : start]
    minus = len(before) == 2 and before[0].isspace() and before[1] in "-−–"
    return minus and source.letters[first].isdigit()


def _is_sign(leading: str) -> bool:
    """Return whether the last of the marks before a quotation's first letter is a minus sign."""
    return len(leading) == 1 and leading in "-−–"


def _class(char: str) -> str:
    if char in QUOTE_MARKS:
        return '"'
    if char in DASHES:
        return "-"
    return " " if char.isspace() else char
