"""Which scripts write no spaces, and where a character ends as a reader sees it."""

from __future__ import annotations

import re
import unicodedata

# For a set of characters in a pattern: the scripts written without spaces between words, which
# are Thai, Lao, Myanmar, Khmer, kana and Han.
UNSPACED = (
    "\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
CYRILLIC = re.compile("[\u0400-\u04ff]")

_JOINER = "\u200d"
_INDICATORS = range(0x1F1E6, 0x1F200)
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_TAGS = range(0xE0020, 0xE0080)


def extends(text: str, at: int) -> bool:
    """Return whether the character at `at` belongs to the one before it: a combining mark, a
    variation selector, either side of a zero-width joiner, a skin tone, a tag, the second half of a
    flag, a low vowel of a Hangul syllable, the line feed of a `\\r\\n`.

    A simplification of the grapheme clusters of Unicode Standard Annex 29 that never cuts
    where those don't, save between Indic conjuncts' parts.
    """
    if at <= 0 or at >= len(text):
        return False
    here, before = text[at], text[at - 1]
    if here < "\u0300":
        return here == "\n" and before == "\r"
    if here == _JOINER or before == _JOINER or unicodedata.category(here)[0] == "M":
        return True
    code = ord(here)
    if code in _SKIN_TONES or code in _TAGS or 0x1160 <= code <= 0x11FF:
        return True
    return code in _INDICATORS and _indicators_before(text, at) % 2 == 1


def _indicators_before(text: str, at: int) -> int:
    # Flags come in pairs; a longer run than this is no text, and where it is cut no matter.
    first = at
    while first > max(0, at - 64) and ord(text[first - 1]) in _INDICATORS:
        first -= 1
    return at - first


def whole(text: str, at: int, end: int) -> int:
    """Return the first offset in [`at`, `end`] where a cut does not split a character."""
    while at < end and extends(text, at):
        at += 1
    return at
