"""The records of exact search: what to look for, and every place where it occurs."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from qa.records import Citation, Filters, Span


class Within(StrEnum):
    """The scope that must contain all the words of a search, and no excluded ones."""

    SENTENCE = "sentence"
    TURN = "turn"
    DOCUMENT = "document"


class Order(StrEnum):
    """How occurrences are ordered."""

    DATE = "date"
    RELEVANCE = "relevance"


# ---- query → FindQuery ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class QueryWord:
    """One word to be found.

    `key` is its folded spelling and `token` its lexical token; `prefix`: words that begin with
    `key` are meant. `possessive`: "'s" must follow. `gap` is what must stand between it and the
    word before, folded; None: anything but a word may. `unspaced`: one character of a script
    without spaces between words.
    """

    text: str = field(compare=False)
    key: str
    token: str
    prefix: bool = False
    possessive: bool = False
    gap: str | None = None
    unspaced: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """One word, or several that follow each other. `lead` and `trail` are symbols that must
    touch it ("$5", "C++")."""

    text: str = field(compare=False)
    words: tuple[QueryWord, ...]
    lead: str = ""
    trail: str = ""


@dataclass(frozen=True, slots=True)
class Near:
    """Phrases in any order, the last word of them at most `distance` words after the first."""

    text: str = field(compare=False)
    phrases: tuple[Phrase, ...]
    distance: int


Term = Phrase | Near


def phrases_of(term: Term) -> tuple[Phrase, ...]:
    """Return the phrases that a term is made of."""
    return term.phrases if isinstance(term, Near) else (term,)


@dataclass(frozen=True, slots=True)
class Clause:
    """A scope must hold one of the terms, or, if `excluded`, none of them."""

    terms: tuple[Term, ...]
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class FindQuery:
    """All clauses must hold. With `stem`, inflected forms of a word count as the word."""

    text: str
    clauses: tuple[Clause, ...]
    stem: bool = False

    @property
    def wanted(self) -> tuple[Term, ...]:
        """The terms whose occurrences are counted, each once."""
        return tuple(
            dict.fromkeys(
                term for clause in self.clauses if not clause.excluded for term in clause.terms
            )
        )


# ---- search → FindReport --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One place where a term stands: `library.text(citation.source)[start:end] == text`.

    `spans` are the words themselves, several where NEAR found them apart. `citation` is that of
    the sentence (or sentences) around them, whose words are `sentence`; `places` are the same
    place in other sources with the same text.
    """

    term: str
    text: str
    start: int
    end: int
    spans: tuple[Span, ...]
    sentence: str
    citation: Citation
    places: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class TermCount:
    """How often one term occurs, in how many documents."""

    term: str
    occurrences: int
    documents: int


@dataclass(frozen=True, slots=True)
class DocumentCount:
    """How many occurrences one document has. `sources` are all paths that hold it."""

    sources: tuple[str, ...]
    ordinal: int
    title: str | None
    date: str | None
    occurrences: int


@dataclass(frozen=True, slots=True)
class SpeakerOccurrences:
    """How many occurrences are in one speaker's words; None: in words without a known speaker."""

    speaker: str | None
    occurrences: int


@dataclass(frozen=True, slots=True)
class FindReport:
    """What a complete search found.

    The counts are always those of all occurrences, and a text that several sources share is
    counted once; only `occurrences` may be cut off at a limit. `passages` and `documents` are
    how many were searched under the filters. `unknown_words` are words that occur nowhere in
    the library, each with the nearest spelling that does, or None.
    """

    query: FindQuery
    filters: Filters
    within: Within
    order: Order
    everywhere: bool
    count: int
    passages: int
    documents: int
    by_term: tuple[TermCount, ...]
    by_document: tuple[DocumentCount, ...]
    by_speaker: tuple[SpeakerOccurrences, ...]
    occurrences: tuple[Occurrence, ...]
    unknown_words: tuple[tuple[str, str | None], ...] = ()
