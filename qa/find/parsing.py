"""Parse the query language: words, "phrases", -exclusions, OR, NEAR(…, n), prefix* → FindQuery."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from qa.errors import InvalidQuery
from qa.find.records import Clause, FindQuery, Near, Phrase, QueryWord, Term
from qa.find.words import (
    APOSTROPHES,
    TextWord,
    fold_gap,
    leading_symbols,
    possessive_end,
    trailing_symbols,
    words_in,
)

LONGEST_QUERY = 4_000
DEFAULT_DISTANCE = 10
FARTHEST = 1_000
_QUOTES = '"“”„‟«»＂'
_SPACE = re.compile(r"\s+")
_CHUNK = re.compile(rf"[^\s{_QUOTES}]+")
_NEAR_OPENS = "NEAR("
_NEAR_BODY = re.compile(rf"(?:[^(){_QUOTES}]|[{_QUOTES}][^{_QUOTES}]*[{_QUOTES}])*+\)")
_DISTANCE = re.compile(r",\s*(\d{1,9})\s*$", re.ASCII)
_NEAR_FORM = "NEAR(one two, 10)"


class _Join(Enum):
    AND = auto()
    OR = auto()
    NOT = auto()


@dataclass(frozen=True, slots=True)
class _Item:
    """A term of the query, or an operator between terms (`term` is then None)."""

    term: Term | None
    excluded: bool = False
    join: _Join = _Join.AND


def parse_find(text: str, *, stem: bool = False) -> FindQuery:
    """Return what a query asks for.

    Words that stand beside each other must all occur; "…" holds words that follow each other;
    `-` (or NOT) before a term excludes it; OR joins the terms on its two sides; NEAR(a b, 10)
    wants its terms within 10 words, in any order; a `*` ends a word's beginning. Operators are
    in capitals. Whatever else is neither letter nor digit is read as punctuation.

    Raises InvalidQuery for a query that means nothing, with what to write instead.
    """
    if len(text) > LONGEST_QUERY:
        raise InvalidQuery(
            f"the search has {len(text):,} characters, expected at most {LONGEST_QUERY:,}"
        )
    clauses = tuple(dict.fromkeys(_clauses(list(_items(text)))))
    if not clauses:
        raise InvalidQuery('the search has no word in it: give a word or a "phrase" to find')
    if all(clause.excluded for clause in clauses):
        raise InvalidQuery(
            "the search only says what to leave out: give a word to find as well, as in wheat -corn"
        )
    return FindQuery(text, clauses, stem)


def _clauses(items: list[_Item]) -> Iterator[Clause]:
    group: list[Term] = []
    joining = negating = False
    for item in items:
        if item.term is None:
            if item.join is _Join.OR and (not group or joining or negating):
                raise _misplaced("OR")
            if negating or (joining and item.join is not _Join.OR):
                raise _misplaced("NOT" if negating else "OR")
            joining = item.join is _Join.OR
            negating = item.join is _Join.NOT
            continue
        excluded = item.excluded or negating
        if joining and excluded:
            raise InvalidQuery(
                "OR joins words to be found, got one to be left out: write a OR b -c"
            )
        if group and not joining:
            yield Clause(tuple(dict.fromkeys(group)))
            group = []
        if excluded:
            yield Clause((item.term,), excluded=True)
        else:
            group.append(item.term)
        joining = negating = False
    if joining or negating:
        raise _misplaced("OR" if joining else "NOT")
    if group:
        yield Clause(tuple(dict.fromkeys(group)))


def _misplaced(word: str) -> InvalidQuery:
    place = "between two words to be found" if word == "OR" else "before a word to leave out"
    return InvalidQuery(
        f"{word} stands {place}; to search for the word itself write it small: {word.lower()}"
    )


def _items(text: str) -> Iterator[_Item]:
    at = 0
    while at < len(text):
        space = _SPACE.match(text, at)
        if space is not None:
            at = space.end()
            continue
        excluded = text[at] == "-" and not text[at + 1 : at + 2].isspace() and at + 1 < len(text)
        body = at + excluded
        item, at = _item(text, body, excluded)
        if item is not None:
            yield item


def _item(text: str, at: int, excluded: bool) -> tuple[_Item | None, int]:
    """Return the item at `at`, unless it is only punctuation, and where it ends."""
    if text.startswith(_NEAR_OPENS, at):
        body = _NEAR_BODY.match(text, at + len(_NEAR_OPENS))
        if body is None:
            raise InvalidQuery(f"NEAR( is not closed, or holds brackets: write {_NEAR_FORM}")
        near = _near(text[at : body.end()], body.group()[:-1])
        return _Item(near, excluded), body.end()
    if text[at] in _QUOTES:
        end = _closing_quote(text, at)
        phrase = _phrase(text[at + 1 : end], quoted=True)
        if phrase is None:
            raise InvalidQuery("there is no word between two quotation marks")
        return _Item(phrase, excluded), end + 1
    if text[at] == "(":
        raise InvalidQuery(
            "brackets group nothing here: OR already binds the words beside it, and NEAR (in "
            "capitals) has its own; put text with brackets in quotation marks"
        )
    chunk = _CHUNK.match(text, at)
    assert chunk is not None  # neither white space nor a quotation mark stands here
    word = chunk.group()
    if not excluded and word in _Join.__members__:
        return _Item(None, join=_Join[word]), chunk.end()
    if word == "NEAR" or word.startswith("NEAR/"):
        raise InvalidQuery(f"NEAR takes its words in brackets: write {_NEAR_FORM}")
    phrase = _phrase(word, quoted=False)
    return (None if phrase is None else _Item(phrase, excluded)), chunk.end()


def _closing_quote(text: str, at: int) -> int:
    end = next((i for i in range(at + 1, len(text)) if text[i] in _QUOTES), None)
    if end is None:
        raise InvalidQuery(
            f"the quotation mark at character {at + 1} is not closed: add one, or leave it out"
        )
    return end


def _near(text: str, body: str) -> Near:
    distance = DEFAULT_DISTANCE
    given = _DISTANCE.search(body)
    if given is not None:
        distance, body = int(given.group(1)), body[: given.start()]
    phrases: list[Phrase] = []
    for item in _items(body):
        if item.term is None or item.excluded or not isinstance(item.term, Phrase):
            raise InvalidQuery(f"NEAR holds words and phrases only: write {_NEAR_FORM}")
        phrases.append(item.term)
    different = tuple(dict.fromkeys(phrases))
    if len(different) < 2:
        raise InvalidQuery(f"NEAR needs two different words or more: write {_NEAR_FORM}")
    longest = max(len(phrase.words) for phrase in different)
    if not max(1, longest - 1) <= distance <= FARTHEST:
        raise InvalidQuery(
            f"NEAR has the distance {distance}, expected {max(1, longest - 1)} to {FARTHEST} words"
        )
    return Near(text, different, distance)


def _phrase(text: str, *, quoted: bool) -> Phrase | None:
    """Return the words of a phrase; None if there are none."""
    shown = f"“{text}”" if quoted else text
    text = text.translate(APOSTROPHES)
    found = words_in(text)
    _check_stars(text, found, quoted=quoted)
    if not found:
        return None
    words: list[QueryWord] = []
    before: int | None = None
    for word in found:
        end = word.end if word.unspaced else possessive_end(text, word.end) or word.end
        between = None if before is None else text[before : word.start]
        prefix = text[end : end + 1] == "*" and end == word.end
        words.append(_word(text, word, end, between, prefix))
        before = end + prefix
    assert before is not None  # there is a word
    lead = leading_symbols(text, found[0].start)
    return Phrase(shown, tuple(words), lead, trailing_symbols(text, before))


def _word(text: str, word: TextWord, end: int, between: str | None, prefix: bool) -> QueryWord:
    spaced = between is None or _SPACE.search(between) is not None
    return QueryWord(
        text=text[word.start : end],
        key=word.key,
        token=word.token,
        prefix=prefix and not word.unspaced,
        possessive=end > word.end,
        gap=None if spaced or between is None else fold_gap(between),
        unspaced=word.unspaced,
    )


def _check_stars(text: str, words: list[TextWord], *, quoted: bool) -> None:
    ends = {word.end for word in words}
    starts = {word.start for word in words}
    for at, char in enumerate(text):
        if char != "*":
            continue
        alone = text[at - 1 : at].isspace() or at == 0
        if quoted and alone and at + 1 not in starts:
            continue
        if at not in ends or at + 1 in starts:
            raise InvalidQuery(
                "a * may only end the beginning of a word, as in secur*; elsewhere leave it out"
            )
