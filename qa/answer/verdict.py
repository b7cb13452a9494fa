"""Whether the sources answer: a probability from a logistic model of three figures.

    p = 1 / (1 + exp(−(a·interaction + b·coverage + c·cosine + d)))

`interaction` is the late-interaction score of the best passage's best sentence, `cosine` that of
its vector to the question's, `coverage` the share of the question's terms, weighted by IDF, that
the passage and its context hold. Cosines and term counts alone each tell a question that the
sources cover from one that they don't less well; together they err least (BENCHMARKS.md).

Where they do not, `report_absence` says what was searched and which words are nowhere.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping
from dataclasses import dataclass

from qa.index.words import LibraryWords
from qa.language.tokens import tokens, tokens_with_spans
from qa.records import Absence, Query, Verdict
from qa.search.searcher import SearchResult
from qa.settings import EvidenceSettings
from qa.store.protocol import LibraryReader

# How alike two spellings must be to be offered for each other (difflib's ratio, 0 to 1).
_NEAR = 0.85


@dataclass(frozen=True, slots=True)
class Evidence:
    """The figures of the best passage."""

    interaction: float
    coverage: float
    dense: float

    def probability(self, model: EvidenceSettings) -> float:
        """Return how likely the passage answers, 0 to 1, where half of all questions have an
        answer."""
        logit = (
            model.interaction * self.interaction
            + model.coverage * self.coverage
            + model.dense * self.dense
            + model.intercept
        )
        return 1 / (1 + math.exp(-logit)) if logit > -700 else 0.0


def gather_evidence(store: LibraryReader, query: Query, found: SearchResult) -> Evidence | None:
    """Return the evidence of the best-ranked passage; None if nothing was found at all."""
    if not found.ranked:
        return None
    best = found.ranked[0]
    passage = found.passages[best.passage]
    text = store.excerpt(passage.text_id, passage.start, passage.end).text
    held = frozenset(tokens(f"{passage.context}\n{text}"))
    share = coverage(query.terms, held, found.term_counts, store.size().passages)
    return Evidence(best.interaction, share, best.dense)


def coverage(
    terms: tuple[str, ...], held: frozenset[str], counts: Mapping[str, int], passages: int
) -> float:
    """Return the share of the terms' IDF, ln(1 + N / (0.5 + df)), that belongs to terms held.

    >>> round(coverage(("dam", "ox"), frozenset({"dam"}), {"dam": 10, "ox": 0}, 100), 4)
    0.3074
    """
    weights = {term: math.log1p(passages / (0.5 + counts[term])) for term in terms}
    total = sum(weights.values())
    return sum(weights[term] for term in terms if term in held) / total if total else 0.0


def decide_verdict(probability: float, model: EvidenceSettings) -> Verdict:
    """Return ANSWERED, WEAK or NOT_FOUND for the probability of an answer."""
    if probability >= model.answered:
        return Verdict.ANSWERED
    return Verdict.WEAK if probability >= model.weak else Verdict.NOT_FOUND


def report_absence(
    store: LibraryReader, words: LibraryWords, query: Query, counts: Mapping[str, int]
) -> Absence:
    """Return how much was searched under the query's filters, and the question's unknown words,
    each with the nearest spelling that the library has."""
    size = store.size(query.filters)
    missing = [
        (term, word)
        for term, word in zip(query.terms, query.words, strict=True)
        if counts[term] == 0
    ]
    return Absence(
        passages=size.passages,
        documents=size.documents,
        filters=query.filters,
        unknown_words=tuple((word, _nearest(store, words, term)) for term, word in missing),
    )


def _nearest(store: LibraryReader, words: LibraryWords, term: str) -> str | None:
    """Return the library's own spelling that is nearest to a token it does not have."""
    # A misspelling seldom begins with another letter, and is as long or nearly so; that leaves
    # few for difflib, which is slow.
    near = [
        known
        for known, _ in words.vocabulary(store)
        if known[0] == term[0] and abs(len(known) - len(term)) <= 2 and known[0].isalpha()
    ]
    best = difflib.get_close_matches(term, near, n=1, cutoff=_NEAR)
    return _spelling(store, best[0]) if best else None


def _spelling(store: LibraryReader, token: str) -> str | None:
    """Return a word of the library that has this token, as the text spells it."""
    ids, _ = store.lexical_scores([token])
    for passage in store.passages(ids[:1].tolist()).values():
        text = store.excerpt(passage.text_id, passage.start, passage.end).text
        for source in (text, passage.context):
            for found in tokens_with_spans(source):
                if found.text == token:
                    return source[found.start : found.end]
    return None
