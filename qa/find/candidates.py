"""The lexical index as a pre-filter: which passages can hold a query's words at all.

Every scope that satisfies a clause holds one of its terms, so all words of that term, so in
one of its passages the rarest of them; and a passage that holds a word holds its token (see
`words`). The passages with the rarest token of each term of one clause therefore miss nothing.
"""

from __future__ import annotations

import numpy as np

from qa.find.matching import phrases_of
from qa.find.records import Clause, FindQuery, Term
from qa.store.protocol import LibraryReader
from qa.store.records import Ids


def candidates(store: LibraryReader, query: FindQuery, allowed: Ids) -> Ids:
    """Among the allowed passages, ascending, at least one of every unit that can match: those
    of the clause that leaves the fewest; all of them where no clause can use the index."""
    best: tuple[int, tuple[str, ...]] | None = None
    for clause in query.clauses:
        if not clause.excluded:
            tokens = _tokens_of(store, clause)
            if tokens is not None:
                cost = sum(store.term_counts(tokens).values())
                if best is None or cost < best[0]:
                    best = (cost, tokens)
    if best is None:
        return allowed
    ids, _ = store.lexical_scores(best[1])
    return np.intersect1d(ids, allowed, assume_unique=True)


def _tokens_of(store: LibraryReader, clause: Clause) -> tuple[str, ...] | None:
    """The rarest token of each of a clause's terms; None if a term has no token that the index
    could know."""
    found = [_rarest(store, term) for term in clause.terms]
    known = [token for token in found if token is not None]
    return tuple(dict.fromkeys(known)) if len(known) == len(found) else None


def _rarest(store: LibraryReader, term: Term) -> str | None:
    # A prefix has no stem of its own, and a passage may end inside a run of characters of a
    # script without spaces, whose bigrams the index then lacks.
    tokens = [
        word.token
        for phrase in phrases_of(term)
        for word in phrase.words
        if not word.prefix and not word.unspaced
    ]
    counts = store.term_counts(dict.fromkeys(tokens))
    return min(counts, key=lambda token: counts[token]) if counts else None
