"""Split text into words as exact search compares them: the lexical index's words, unstemmed.

Two words are the same when their folded spellings agree (case, diacritics, width, soft hyphens
and the commas of thousands do not count) and so do their lexical tokens. The second makes the
lexical index a pre-filter without false negatives whatever its tokeniser does: a passage that
holds the word holds its token.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from qa.language.tokens import tokens, tokens_with_spans

_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
_POSSESSIVE = re.compile(r"['’‘´`′]s\b", re.IGNORECASE)
_BREAK = re.compile(r"[-\u2010\u00ad]?[ \t]*\r?\n[ \t]*")
_SPACES = re.compile(r"\s+")
_DASHES = re.compile(r"[-‐‑‒–—―−]+")
APOSTROPHES = str.maketrans(dict.fromkeys("’‘´`′", "'"))
_ALIKE = {**APOSTROPHES, **str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))}
# Invisible: soft hyphen, zero-width space and joiners, byte order mark.
_UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]+")
_LEADING = frozenset({"Sc"})
_TRAILING = frozenset({"Sc", "So", "Mc", "Mn", "Me"})


@dataclass(frozen=True, slots=True)
class TextWord:
    """A word of a text, or one character of a script without spaces."""

    start: int
    end: int
    key: str
    token: str
    unspaced: bool = False


def words_in(text: str, *, mended: bool = False) -> list[TextWord]:
    """Return the words of a text in order, without overlap.

    `mended`: a word with a hyphen at a line's end is one word, not two.

    >>> [word.key for word in words_in("Côte’s 15,000 東京")]
    ['cote', '15000', '東', '京']
    """
    found: list[TextWord] = []
    done = 0
    for token in tokens_with_spans(text):
        raw = text[token.start : token.end]
        if token.start < done and _BREAK.search(raw):
            if mended:
                found[-1] = TextWord(
                    token.start, token.end, fold_word(_BREAK.sub("", raw)), token.text
                )
                done = token.end
        elif is_unspaced(text[token.start]):
            # Bigrams overlap: each character once.
            for at in range(max(token.start, done), token.end):
                char = unicodedata.normalize("NFKC", text[at])
                found.append(TextWord(at, at + 1, char, char, True))
            done = token.end
        elif token.start >= done:
            found.append(TextWord(token.start, token.end, fold_word(raw), token.text))
            done = token.end
    return found


@lru_cache(maxsize=8192)
def is_unspaced(char: str) -> bool:
    """Return whether the index cuts runs of this character into bigrams."""
    return len(tokens(char * 3)) == 2


@lru_cache(maxsize=65536)
def fold_word(word: str) -> str:
    """Return a word's spelling without the differences that exact search ignores.

    >>> fold_word("Schlo\u00adßÉ"), fold_word("Чёрный")
    ('schlosse', 'черный')
    """
    if word[:1].isdigit():
        plain = unicodedata.normalize("NFKC", word)
        return plain.replace(",", "") if _THOUSANDS.fullmatch(plain) else plain
    folded = word.replace("\u00ad", "").casefold()
    if _CYRILLIC.search(folded):
        # й is a letter of its own, not an и with a mark.
        return unicodedata.normalize("NFC", folded).replace("ё", "е")
    decomposed = unicodedata.normalize("NFKD", folded)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


def possessive_end(text: str, end: int) -> int | None:
    """Return where a "'s" after a word ends, if there is one."""
    match = _POSSESSIVE.match(text, end)
    return match.end() if match else None


def fold_gap(gap: str) -> str:
    """Return what stands between two words: dashes, apostrophes and quotation marks of every shape
    are one, white space and invisible characters are nothing."""
    plain = _UNSEEN.sub("", _SPACES.sub("", gap)).translate(_ALIKE)
    return _DASHES.sub("-", plain)


def same_gap(wanted: str | None, gap: str, *, unspaced: bool) -> bool:
    """Return whether what stands between two words of a text fits the query."""
    if wanted is None:
        return True
    if wanted == "" and not unspaced:
        # "H2O" is not "H 2 O"; but a line of Chinese may be broken anywhere.
        return _UNSEEN.sub("", gap) == ""
    return fold_gap(gap) == wanted


def leading_symbols(text: str, start: int) -> str:
    """Return the symbols that touch a word from before: a currency sign, "#", "@", "§"."""
    at = start
    while at > 0 and _is_symbol(text[at - 1], _LEADING, "#@§"):
        at -= 1
    return text[at:start]


def trailing_symbols(text: str, end: int) -> str:
    """Return the symbols that touch a word from behind: "%", "++", "°", a currency sign, marks that
    spell a vowel."""
    at = end
    while at < len(text) and _is_symbol(text[at], _TRAILING, "%‰#+"):
        at += 1
    return text[end:at]


def _is_symbol(char: str, categories: frozenset[str], others: str) -> bool:
    return char in others or unicodedata.category(char) in categories
