"""Text → lexical tokens: the one tokeniser that indexing, questions and matching share.

Words are case-folded, stripped of diacritics (Latin script) and stemmed by Snowball: English
for Latin script, Russian for Cyrillic, so that a question and a text meet whatever language
either is taken for. Chinese, Japanese and Thai runs, which have no spaces, become bigrams.

    >>> tokens("The Côte’s 15,000 troops, 1.5 per cent; книгами; 東京都")
    ['the', 'cote', '15000', 'troop', '1·5', 'per', 'cent', 'книг', '東京', '京都']

A word with a hyphen at a line's end is three tokens: its parts, and both as one word, since
only a dictionary knows which is meant ("infor-/mation", "well-/known").

TOKENS_VERSION changes whenever the same text would give other tokens: the library must then
be rebuilt.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from qa.library.lexical import any_of

TOKENS_VERSION = 2
_LONGEST = 64
_DIGITS = frozenset("0123456789")

# Scripts written without spaces between words: kana, Han, Thai, Lao, Khmer, Myanmar.
_UNSPACED = (
    "\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_TOKEN = re.compile(
    rf"(?P<unspaced>[{_UNSPACED}]+)"
    r"|(?P<number>\d+(?:[.,]\d+)*)"
    # A word takes in combining marks and soft hyphens, which `\w` leaves out.
    rf"|(?P<word>(?:[^\W\d_{_UNSPACED}][\u0300-\u036f\u00ad]*)+)"
)
_POSSESSIVE = re.compile(r"['’]s\b", re.IGNORECASE)
_BROKEN = re.compile(r"[-\u2010\u00ad][ \t]*\r?\n[ \t]*(?=[^\W\d_])")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")


@dataclass(frozen=True, slots=True)
class Token:
    """A token and the characters of the text it was made from."""

    text: str
    start: int
    end: int


def tokens(text: str) -> list[str]:
    """The lexical tokens of a text, in order."""
    return [token.text for token in tokens_with_spans(text)]


def tokens_with_spans(text: str) -> list[Token]:
    """The lexical tokens of a text with their places in it, by where they begin.

    Bigrams overlap, and so does a word that a line end breaks with its parts, the first of
    which stands before it.
    """
    # Blanked rather than cut out, so that offsets stay those of the text.
    bare = _POSSESSIVE.sub("  ", text)
    found: list[Token] = []
    for match in _TOKEN.finditer(bare):
        start, end = match.span()
        if match.lastgroup == "unspaced":
            found.extend(_bigrams(match.group(), start))
        elif match.lastgroup == "number":
            found.append(Token(_number(match.group()), start, end))
        else:
            found.append(Token(stem(match.group()[:_LONGEST]), start, end))
    return _with_broken(bare, found) if _BROKEN.search(bare) else found


def _with_broken(text: str, found: list[Token]) -> list[Token]:
    """The tokens, and after the first part of each word that a line end breaks the whole word."""
    breaks = {match.end(): match.start() for match in _BROKEN.finditer(text)}
    result: list[Token] = []
    for number, token in enumerate(found):
        result.append(token)
        after = found[number + 1] if number + 1 < len(found) else None
        if after is None or after.start not in breaks or not text[after.start].islower():
            continue
        # A soft hyphen is part of the word before it.
        hyphen = breaks[after.start]
        if token.end - hyphen in (0, 1) and text[token.end - 1] not in _DIGITS:
            whole = text[token.start : hyphen] + text[after.start : after.end]
            result.append(Token(stem(whole[:_LONGEST]), token.start, after.end))
    return result


def match_any(terms: tuple[str, ...]) -> str:
    """The FTS5 expression for passages with any of the terms; each is quoted, so that a
    term is never taken for syntax."""
    return any_of(terms)


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """One word's token."""
    folded = word.replace("\u00ad", "").casefold()
    if _CYRILLIC.search(folded):
        # й must stay: the Russian stemmer knows it. ё is written е as often as not.
        plain = unicodedata.normalize("NFC", folded).replace("ё", "е")
        return _ascii_safe(str(_stemmer("russian").stemWord(plain)))
    decomposed = unicodedata.normalize("NFKD", folded)
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _ascii_safe(str(_stemmer("english").stemWord(plain)) if plain.isascii() else plain)


def _ascii_safe(token: str) -> str:
    """FTS5's ascii tokenizer splits at ASCII punctuation, which folding may bring in (½ → 1⁄2
    does not, ﷺ and the like may bring spaces)."""
    return re.sub(r"[\x00-\x2f\x3a-\x60\x7b-\x7f\s]+", "·", token) or "·"


def _number(text: str) -> str:
    """15,000 and 15000 are one number; 1.5 keeps its point, written so that FTS5 does too."""
    grouped = re.fullmatch(r"\d{1,3}(?:,\d{3})+", text)
    plain = text.replace(",", "") if grouped else text
    return re.sub(r"[.,]", "·", unicodedata.normalize("NFKC", plain))[:_LONGEST]


def _bigrams(run: str, start: int) -> list[Token]:
    if len(run) == 1:
        return [Token(run, start, start + 1)]
    return [Token(run[i : i + 2], start + i, start + i + 2) for i in range(len(run) - 1)]


@lru_cache
def _stemmer(language: str) -> Any:
    import Stemmer

    # No cache of its own: `stem` has one, and PyStemmer's is not safe between threads.
    return Stemmer.Stemmer(language, 0)
