"""Find the wording nearest to a quotation that is not in the sources, and what was changed.

Found words only explain; nothing here makes a quotation a verified one.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from functools import lru_cache

from qa.language.discourse import WORD, is_hedge, is_negation, is_number
from qa.language.folding import fold_char
from qa.language.punctuation import DASHES, QUOTE_MARKS
from qa.language.tokens import STOP_TOKENS, stem
from qa.records import Span

# Share of the quotation's words, in order, that must stand in the nearest wording.
LEAST_SHARED = 0.5
LEAST_WORDS = 2
_GROUPED = r"\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?![^\W_])"
_WORD_OR_NUMBER = re.compile(rf"{_GROUPED}|\d+(?:[.,:]\d+)+(?![^\W_])|{WORD.pattern}")
MOST_WORDS = 300


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between an altered quotation and the source; "" on a side without words."""

    kind: str
    draft: str
    source: str


@dataclass(frozen=True, slots=True)
class FoldedWord:
    """A word of a text, folded, with its place."""

    key: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class NearWording:
    """A wording near a quotation: `text[start:end]`, the share of words both have, the changes."""

    start: int
    end: int
    shared: float
    changes: tuple[Change, ...]


def words_of(text: str, most: int = MOST_WORDS) -> list[FoldedWord]:
    """Return the first words of a text. Hyphens separate words, so that "long-term" matches "long
    term"; a number with its decimals is one word."""
    found: list[FoldedWord] = []
    for match in _WORD_OR_NUMBER.finditer(text):
        if len(found) >= most:
            break
        found.append(FoldedWord(_key(match.group()), match.group(), *match.span()))
    return found


@lru_cache(maxsize=1 << 15)
def _key(word: str) -> str:
    """Return a word's letters, or the first of them if it is very long."""
    return "".join(fold_char(char) for char in word[:200]) or word


def nearest_wording(
    quote: Sequence[FoldedWord], text: str, source: Sequence[FoldedWord]
) -> NearWording | None:
    """Return the part of a text nearest to a quotation's words, if it shares enough of them;
    `source` holds the text's words."""
    if not quote:
        return None
    window = _best_window([word.key for word in quote], [word.key for word in source])
    if window is None:
        return None
    part = source[window.start : window.end]
    matcher = SequenceMatcher(
        None, [word.key for word in quote], [word.key for word in part], autojunk=False
    )
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    count = sum(block.size for block in blocks)
    shared = count / len(quote)
    if count < min(LEAST_WORDS, len(quote)) or shared < LEAST_SHARED:
        return None
    common = {index for block in blocks for index in range(block.a, block.a + block.size)}
    if not _shares_content_words(quote, common):
        return None
    first, last = _compared_range(len(quote), blocks, part, text)
    chosen = part[first:last]
    opcodes = SequenceMatcher(
        None, [w.key for w in quote], [w.key for w in chosen], autojunk=False
    ).get_opcodes()
    return NearWording(
        chosen[0].start, chosen[-1].end, shared, tuple(_changes(opcodes, quote, chosen, text))
    )


def _shares_content_words(quote: Sequence[FoldedWord], common: Collection[int]) -> bool:
    """Return whether the common words include at least half of the content words."""
    telling = [i for i, word in enumerate(quote) if stem(word.text) not in STOP_TOKENS]
    return 2 * sum(index in common for index in telling) >= len(telling)


def _compared_range(
    size: int, blocks: Sequence[Match], part: Sequence[FoldedWord], text: str
) -> tuple[int, int]:
    """Return the range of source words to compare with the quotation: from the first to the last
    shared word, plus on either side as many as the quotation has beyond them, within the sentence.
    """
    first, last = blocks[0].b, blocks[-1].b + blocks[-1].size
    for _ in range(blocks[0].a):
        if first == 0 or _parts_sentences(text, part[first - 1], part[first]):
            break
        first -= 1
    for _ in range(size - blocks[-1].a - blocks[-1].size):
        if last == len(part) or _parts_sentences(text, part[last - 1], part[last]):
            break
        last += 1
    return first, last


def _parts_sentences(text: str, left: FoldedWord, right: FoldedWord) -> bool:
    return any(mark in ".!?…\n" for mark in text[left.end : right.start])


def _best_window(quote: Sequence[str], source: Sequence[str]) -> Span | None:
    """Return the source window that shares most words with the quotation, weighting rare ones."""
    wanted = Counter(quote)
    frequent = Counter(word for word in source if word in wanted)
    if not frequent:
        return None
    size = min(len(source), len(quote) + max(4, len(quote) // 3))
    have: Counter[str] = Counter()
    score = best = 0.0
    best_at = 0
    for index, word in enumerate(source):
        if word in wanted:
            have[word] += 1
            if have[word] <= wanted[word]:
                score += 1 / (1 + frequent[word]) + 0.5
        gone = source[index - size] if index >= size else None
        if gone is not None and gone in wanted:
            if have[gone] <= wanted[gone]:
                score -= 1 / (1 + frequent[gone]) + 0.5
            have[gone] -= 1
        if score > best + 1e-9:
            best, best_at = score, index
    start = max(0, best_at + 1 - size)
    return Span(start, min(len(source), best_at + 1 + max(4, len(quote) // 3)))


def _changes(
    opcodes: Sequence[tuple[str, int, int, int, int]],
    quote: Sequence[FoldedWord],
    source: Sequence[FoldedWord],
    text: str,
) -> Iterator[Change]:
    edits = [(list(quote[a:b]), list(source[c:d])) for tag, a, b, c, d in opcodes if tag != "equal"]
    moved = _moved(edits)
    if moved is not None:
        yield moved
        return
    for ours, theirs in edits:
        draft = " ".join(word.text for word in ours)
        real = " ".join(word.text for word in theirs)
        yield Change(_kind(ours, theirs, text), draft, real)


def _moved(edits: Sequence[tuple[list[FoldedWord], list[FoldedWord]]]) -> Change | None:
    """Return a reordering of the same words as one change."""
    ours = [word for edit, _ in edits for word in edit]
    theirs = [word for _, edit in edits for word in edit]
    if not ours or Counter(w.key for w in ours) != Counter(w.key for w in theirs):
        return None
    names = all(word.text[:1].isupper() for word in ours)
    numbers = all(is_number(word.text) for word in ours)
    kind = "name" if names else "number" if numbers else "order"
    return Change(kind, " … ".join(w.text for w in ours), " … ".join(w.text for w in theirs))


def _kind(ours: Sequence[FoldedWord], theirs: Sequence[FoldedWord], text: str) -> str:
    if _differs(ours, theirs, is_number):
        return "number"
    if _differs(ours, theirs, is_negation):
        return "negation"
    if _differs(ours, theirs, is_hedge):
        return "hedge"
    if ours and theirs and _plain(ours) == _plain(theirs):
        return "spelling"
    if theirs and all(word.text[:1].isupper() for word in theirs) and _is_name(theirs, text):
        return "name"
    return "word"


def _differs(
    ours: Sequence[FoldedWord], theirs: Sequence[FoldedWord], test: Callable[[str], bool]
) -> bool:
    return Counter(w.key for w in ours if test(w.text)) != Counter(
        w.key for w in theirs if test(w.text)
    )


def _plain(words: Sequence[FoldedWord]) -> str:
    """Return words without accents, spaces and hyphens."""
    joined = unicodedata.normalize("NFKD", "".join(word.key for word in words))
    return "".join(fold_char(char) for char in joined if char.isalnum())


def _is_name(words: Sequence[FoldedWord], text: str) -> bool:
    """Return whether capitals occur where no sentence begins."""
    before = text[: words[0].start].rstrip(" \t" + QUOTE_MARKS + DASHES)[-1:]
    return len(words) > 1 or (bool(before) and before not in ".!?…:\n")
