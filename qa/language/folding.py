"""Fold a text into comparable letters, each with the characters it came from.

Two texts with the same letters are the same words in the same order. What stands between the
letters (spaces, punctuation, soft hyphens) is compared apart, by `gaps`.

Folded away: letter case, width (ＡＢ), ligatures (ﬁ), decomposed accents, and letters of
another script that look the same. Kept apart: accents, superscripts, fractions, and whatever
else a reader can see.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

Offsets = NDArray[np.int32]

_UNKNOWN = -1
_SEVERAL = -2
# Lower-case letters that look like a Latin one in both cases, as Unicode's confusables have it.
_LOOKALIKES = dict(zip("аеорсухіјѕһԁԛԝο", "aeopcyxijshdqwo", strict=True))
# Capitals that look alike only as capitals: decided by the other letters of their word.
_CAPITALS = dict(zip("ВКМНТЗΑΒΕΖΗΙΚΜΝΡΤΥΧ", "BKMHT3ABEZHIKMNPTYX", strict=True))
_TO_CYRILLIC = dict(zip("BKMHTaeopcyxABEKMHOPCTXY", "ВКМНТаеорсухАВЕКМНОРСТХУ", strict=True))
_MARKED = re.compile(r"[^\W_][\u0300-\u036f]{1,8}|[\u3040-\u30ff][\u3099\u309a]")
_LONGEST_WORD = 64


@dataclass(frozen=True, slots=True, eq=False)
class Folded:
    """A text's letters: `letters[i]` comes from `text[starts[i]:ends[i]]`.

    starts, ends: (n,) int32 for n letters; several letters may come from one character (ﬁ).
    """

    text: str
    letters: str
    starts: Offsets
    ends: Offsets

    def gap(self, index: int) -> str:
        """Return what stands between letter `index` and the next."""
        return self.text[int(self.ends[index]) : int(self.starts[index + 1])]

    def index_from(self, offset: int) -> int:
        """Return the index of the first letter that begins at or after an offset."""
        return int(np.searchsorted(self.starts, offset, "left"))


def fold(text: str) -> Folded:
    """Return the letters of a text, in time linear in its length.

    >>> fold("The “ﬁrst” Côte").letters
    'thefirstcôte'
    """
    codes = _codes(text)
    if not text.isascii():
        codes = _with_words_of_one_script(text, codes)
    folded = _fold_codes(codes)
    ends = np.arange(1, len(codes) + 1, dtype=np.int32)
    if _has_marks(codes):
        _compose(text, folded, ends)
    starts = np.flatnonzero(folded != 0).astype(np.int32)
    letters = folded[starts]
    stops = ends[starts]
    if (letters == _SEVERAL).any():
        letters, starts, stops = _expanded(codes, letters, starts, stops)
    string = letters.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
    return Folded(text, string, starts, stops)


@lru_cache(maxsize=4096)
def fold_char(char: str) -> str:
    """Return the letters that one character stands for; "" if it is none."""
    category = unicodedata.category(char)
    if category[0] not in "LNM":
        return ""
    if "\ufb00" <= char <= "\ufb06" or "\uff00" <= char <= "\uffef":
        char = unicodedata.normalize("NFKC", char)
    plain = unicodedata.normalize("NFC", char.casefold())
    return "".join(_LOOKALIKES.get(letter, letter) for letter in plain)


def _codes(text: str) -> NDArray[np.uint32]:
    raw = text.encode("utf-32-le", "surrogatepass")
    return np.frombuffer(raw, dtype="<u4").astype(np.uint32, copy=False)


@cache
def _table() -> NDArray[np.int32]:
    """Return a table of code point → folded code point, filled as characters are met."""
    return np.full(0x110000, _UNKNOWN, np.int32)


def _fold_codes(codes: NDArray[np.uint32]) -> NDArray[np.int32]:
    table = _table()
    folded = table[codes]
    unknown = folded == _UNKNOWN
    if unknown.any():
        for code in np.unique(codes[unknown]).tolist():
            letters = fold_char(chr(code))
            table[code] = ord(letters) if len(letters) == 1 else _SEVERAL if letters else 0
        folded = table[codes]
    return folded


def _expanded(
    codes: NDArray[np.uint32], letters: NDArray[np.int32], starts: Offsets, ends: Offsets
) -> tuple[NDArray[np.int32], Offsets, Offsets]:
    several = np.flatnonzero(letters == _SEVERAL)
    counts = np.ones(len(letters), np.int64)
    words = [fold_char(chr(int(codes[starts[index]]))) for index in several.tolist()]
    counts[several] = [len(word) for word in words]
    wide = np.repeat(letters, counts)
    first = np.cumsum(counts) - counts
    for index, word in zip(several.tolist(), words, strict=True):
        at = int(first[index])
        wide[at : at + len(word)] = [ord(letter) for letter in word]
    return wide, np.repeat(starts, counts), np.repeat(ends, counts)


def _compose(text: str, folded: NDArray[np.int32], ends: Offsets) -> None:
    """Join a letter and its accents into one letter, where Unicode has one for them."""
    for match in _MARKED.finditer(text):
        composed = unicodedata.normalize("NFC", match.group())
        letter = fold_char(composed[0])
        left = len(composed) - 1
        if left < len(match.group()) - 1 and len(letter) == 1:
            start, end = match.span()
            folded[start] = ord(letter)
            # The marks that found no place in the letter are the last ones.
            folded[start + 1 : end - left] = 0
            ends[start] = end - left


def _with_words_of_one_script(text: str, codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Rewrite words that mix scripts in the script of their unmistakable letters."""
    changed: NDArray[np.uint32] | None = None
    done = 0
    for at in _script_borders(codes).tolist():
        if at < done:
            continue
        start, done = _word_around(text, at)
        swaps = _swaps(text[start:done])
        if swaps and changed is None:
            changed = codes.copy()
        for index in range(start, done):
            other = swaps.get(text[index])
            if other is not None and changed is not None:
                changed[index] = ord(other)
    return codes if changed is None else changed


def _script_borders(codes: NDArray[np.uint32]) -> NDArray[np.intp]:
    """Return where a Latin letter stands beside a Greek or Cyrillic one."""
    latin = ((codes | 32) >= ord("a")) & ((codes | 32) <= ord("z"))
    other = (codes >= 0x370) & (codes <= 0x4FF)
    return np.flatnonzero((latin[:-1] & other[1:]) | (other[:-1] & latin[1:]))


def _has_marks(codes: NDArray[np.uint32]) -> bool:
    marks = (codes >= 0x300) & (codes <= 0x36F) | (codes == 0x3099) | (codes == 0x309A)
    return bool(marks.any())


def _word_around(text: str, at: int) -> tuple[int, int]:
    start = end = at
    while start > 0 and text[start - 1].isalpha() and at - start < _LONGEST_WORD:
        start -= 1
    while end < len(text) and text[end].isalpha() and end - at < _LONGEST_WORD:
        end += 1
    return start, end


def _swaps(word: str) -> dict[str, str]:
    latin = sum(char.isascii() and char not in _TO_CYRILLIC for char in word)
    cyrillic = sum(
        "\u0400" <= char <= "\u04ff"
        and char not in _CAPITALS
        and char.casefold() not in _LOOKALIKES
        for char in word
    )
    if latin == cyrillic:
        latin, cyrillic = sum(char.isascii() for char in word), sum(not c.isascii() for c in word)
    return _CAPITALS if latin >= cyrillic else _TO_CYRILLIC
