"""Lexical tokens: the one tokeniser that indexing, questions and matching share.

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
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from qa.language import WORDS
from qa.language.scripts import CYRILLIC, UNSPACED

TOKENS_VERSION = 2
_LONGEST = 64
_DIGITS = frozenset("0123456789")

_TOKEN = re.compile(
    rf"(?P<unspaced>[{UNSPACED}]+)"
    r"|(?P<number>\d+(?:[.,]\d+)*)"
    # A word takes in combining marks and soft hyphens, which `\w` leaves out.
    rf"|(?P<word>(?:[^\W\d_{UNSPACED}][\u0300-\u036f\u00ad]*)+)"
)
# What a word or number is in a text that has none of the characters in which the two patterns
# differ. Most texts have none, and this one takes a third of the time.
_PLAIN_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
_NOT_PLAIN = re.compile(rf"[{UNSPACED}\u0300-\u036f\u00ad]")
_POSSESSIVE = re.compile(r"['’]s\b", re.IGNORECASE)
_BROKEN = re.compile(r"[-\u2010\u00ad][ \t]*\r?\n[ \t]*(?=[^\W\d_])")


@dataclass(frozen=True, slots=True)
class Token:
    """A token and the characters of the text it was made from."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Words:
    """The lexical tokens of a text and the characters (start, end) that each was made from, as
    two lists of one length."""

    texts: list[str]
    spans: list[tuple[int, int]]


def tokens(text: str) -> list[str]:
    """Return the lexical tokens of a text, in order."""
    return words(text).texts


def tokens_with_spans(text: str) -> list[Token]:
    """Return the lexical tokens of a text with their places in it, by where they begin.

    Bigrams overlap, and so does a word that a line end breaks with its parts, the first of
    which stands before it.
    """
    found = words(text)
    return [
        Token(token, start, end)
        for token, (start, end) in zip(found.texts, found.spans, strict=True)
    ]


def words(text: str) -> Words:
    """Return what `tokens_with_spans` does, in two lists rather than an object for each token."""
    # Blanked rather than cut out, so that offsets stay those of the text.
    bare = _POSSESSIVE.sub("  ", text)
    if bare.isascii() or not _NOT_PLAIN.search(bare):
        spans = [match.span() for match in _PLAIN_TOKEN.finditer(bare)]
        texts = [
            _plain(bare[start:end]) if end - start <= _LONGEST else _long(bare[start:end])
            for start, end in spans
        ]
        found = Words(texts, spans)
    else:
        found = _words(bare)
    return _with_broken(bare, found) if _BROKEN.search(bare) else found


def _words(bare: str) -> Words:
    """Return the words, numbers and bigrams of a text in any script."""
    found = Words([], [])
    for match in _TOKEN.finditer(bare):
        start, end = match.span()
        if match.lastgroup == "unspaced":
            bigrams = _bigrams(start, end)
            found.texts.extend(bare[first:last] for first, last in bigrams)
            found.spans.extend(bigrams)
            continue
        token = match.group()
        number = match.lastgroup == "number"
        found.texts.append(_number(token) if number else stem(token[:_LONGEST]))
        found.spans.append((start, end))
    return found


def _with_broken(text: str, found: Words) -> Words:
    """Add, after its first part, each whole word that a line end breaks."""
    breaks = {match.end(): match.start() for match in _BROKEN.finditer(text)}
    result = Words([], [])
    for number, (token, (start, end)) in enumerate(zip(found.texts, found.spans, strict=True)):
        result.texts.append(token)
        result.spans.append((start, end))
        after = found.spans[number + 1] if number + 1 < len(found.spans) else None
        if after is None or after[0] not in breaks or not text[after[0]].islower():
            continue
        # A soft hyphen is part of the word before it.
        hyphen = breaks[after[0]]
        if end - hyphen in (0, 1) and text[end - 1] not in _DIGITS:
            whole = text[start:hyphen] + text[after[0] : after[1]]
            result.texts.append(stem(whole[:_LONGEST]))
            result.spans.append((start, after[1]))
    return result


def lexical_tokens(context: str, text: str) -> str:
    """Return what the lexical index reads of a passage, joined by spaces: who speaks under which
    heading, then the words."""
    return with_context(context, tokens(text))


def with_context(context: str, texts: Sequence[str]) -> str:
    """Return a passage's lexical tokens after those of its context, joined by spaces."""
    return " ".join([*_context_tokens(context), *texts])


@lru_cache(maxsize=1024)
def _context_tokens(context: str) -> tuple[str, ...]:
    """Return the tokens of a context that many passages share; none crosses into the text."""
    return tuple(tokens(context))


@lru_cache(maxsize=65536)
def _plain(word: str) -> str:
    """Return the token of a word or number of at most _LONGEST characters."""
    return _long(word)


def _long(word: str) -> str:
    # \d is what isdecimal() is.
    return _number(word) if word[0].isdecimal() else stem(word[:_LONGEST])


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return the token of one word."""
    folded = word.replace("\u00ad", "").casefold()
    if CYRILLIC.search(folded):
        # й must stay: the Russian stemmer knows it. ё is written е as often as not.
        plain = unicodedata.normalize("NFC", folded).replace("ё", "е")
        return _ascii_safe(str(_stemmer("russian").stemWord(plain)))
    decomposed = unicodedata.normalize("NFKD", folded)
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _ascii_safe(str(_stemmer("english").stemWord(plain)) if plain.isascii() else plain)


def _ascii_safe(token: str) -> str:
    """Replace whatever FTS5's ascii tokenizer would split at: ASCII punctuation and spaces, which
    folding may bring in (ﷺ)."""
    return re.sub(r"[\x00-\x2f\x3a-\x60\x7b-\x7f\s]+", "·", token) or "·"


def _number(text: str) -> str:
    """Return a number's token: 15,000 and 15000 are one; 1.5 keeps its point, as "·"."""
    grouped = re.fullmatch(r"\d{1,3}(?:,\d{3})+", text)
    plain = text.replace(",", "") if grouped else text
    return re.sub(r"[.,]", "·", unicodedata.normalize("NFKC", plain))[:_LONGEST]


def _bigrams(start: int, end: int) -> list[tuple[int, int]]:
    if end - start == 1:
        return [(start, end)]
    return [(first, first + 2) for first in range(start, end - 1)]


@lru_cache
def _stemmer(language: str) -> Any:
    import Stemmer

    # No cache of its own: `stem` has one, and PyStemmer's is not safe between threads.
    return Stemmer.Stemmer(language, 0)


def _tokens_of(words: frozenset[str]) -> frozenset[str]:
    # The tokeniser parts a word at its apostrophe, so the parts are what is met.
    return frozenset(stem(part) for word in words for part in word.split("'"))


# Dropped from a question before lexical search; the index keeps every token, so that phrases stay
# findable.
STOP_TOKENS = _tokens_of(WORDS.stop_words)
# Those of them that late interaction leaves out too. It keeps the others: in a transformer's last
# layer the vector of "it" or "there" carries what it stands for (measured: the right sentence is
# quoted 1 to 2 points more often than without them, for a third more bytes).
SILENT_TOKENS = _tokens_of(WORDS.silent_words)
