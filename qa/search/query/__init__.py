"""Question → Query: what is searched for, and under which conditions."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Sequence

from qa.errors import InvalidQuery
from qa.language.dates import period
from qa.language.tokens import STOP_TOKENS, tokens, tokens_with_spans
from qa.records import NO_FILTERS, NOTHING_UNDERSTOOD, Filters, Query, Understood

# A question longer than this is a document; the encoder would cut it off unseen.
LONGEST_QUESTION = 4_000


def make_query(
    question: str,
    *,
    filters: Filters = NO_FILTERS,
    understood: Understood = NOTHING_UNDERSTOOD,
    completed: str | None = None,
) -> Query:
    """Return the question as a query. `completed` is its full form if it leaned on earlier ones.

    Terms are the question's tokens without stop words; a question of nothing else keeps them
    all ("Who is it?"). Raises InvalidQuery if it has no word at all, or is too long.
    """
    # A lone surrogate (from a terminal that sent no UTF-8) is no character to search for.
    text = re.sub("[\ud800-\udfff]", "\ufffd", completed or question)
    if len(text) > LONGEST_QUESTION:
        raise InvalidQuery(
            f"the question has {len(text):,} characters, expected at most "
            f"{LONGEST_QUESTION:,}: ask for one thing, or use `qa add` for a document"
        )
    found = tokens_with_spans(text)
    if not found:
        raise InvalidQuery("the question has no word in it: ask something")
    frame = understood.frame
    topic = [t for t in found if not any(s.start <= t.start < s.end for s in frame)]
    telling = [token for token in topic if token.text not in STOP_TOKENS] or topic or found
    words: dict[str, str] = {}
    for token in telling:
        words.setdefault(token.text, text[token.start : token.end])
    return Query(question, text, tuple(words), tuple(words.values()), filters, understood)


def date_filters(since: str | dt.date | None, until: str | dt.date | None) -> Filters:
    """Return filters from the first day that `since` names to the last that `until` does.

    Both are inclusive: "2022" is from 2022-01-01 to 2022-12-31. Raises InvalidQuery.
    """
    return Filters(
        since=_bound(since, "since", last=False), until=_bound(until, "until", last=True)
    )


def _bound(date: str | dt.date | None, name: str, *, last: bool) -> str | None:
    if date is None:
        return None
    if isinstance(date, dt.date):
        return date.isoformat()[:10]
    try:
        days = period(date.strip())
    except ValueError:
        raise InvalidQuery(
            f"{name} is {date!r}, expected a date as YYYY-MM-DD, YYYY-MM or YYYY, "
            "such as 2022-05-16"
        ) from None
    return days.last if last else days.first


def resolve_names(given: Iterable[str], known: Sequence[str], what: str) -> tuple[str, ...]:
    """Return the stored names that each given name stands for: itself, or all that hold its words.

    Raises InvalidQuery for a name that no stored one fits, naming the nearest.
    """
    resolved: dict[str, None] = {}
    for name in given:
        wanted = set(tokens(name))
        fits = [other for other in known if other == name] or [
            other for other in known if wanted and wanted <= set(tokens(other))
        ]
        if not fits:
            near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
            hint = f"the nearest: {', '.join(near)}" if near else f"{len(known)} are known"
            raise InvalidQuery(f"no {what} goes by {name!r} in this library ({hint})")
        resolved.update(dict.fromkeys(fits))
    return tuple(resolved)
