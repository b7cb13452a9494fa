"""From a question and filters in a person's words to a query in the library's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from qa.records import Answer, Filters, Query, Understood
from qa.search.query.follow_ups import complete
from qa.search.query.query import make_query, resolve_names
from qa.search.query.understanding import understand as read_question

if TYPE_CHECKING:
    from qa.session import Opened


def read_query(
    opened: Opened,
    question: str,
    filters: Filters,
    understand: bool,
    history: Sequence[Answer | str] = (),
    today: dt.date | None = None,
) -> Query:
    """The question as a query, completed from the history and understood."""
    if not understand:
        return make_query(question, filters=filters)
    store = opened.readable()
    with store.snapshot():
        roster = opened.roster()

        def read(text: str) -> Understood:
            return read_question(
                text, roster, lambda term: store.term_counts([term])[term] > 0, today
            )

        understood, text = read(question), question
        for earlier in history[-1:]:
            if isinstance(earlier, str):
                before = make_query(earlier, understood=read(earlier))
            else:
                before = earlier.query
            text = complete(question, understood, before)
        if text != question:
            understood = read(text)
    return make_query(question, filters=filters, understood=understood, completed=text)


def named_filters(
    opened: Opened,
    filters: Filters,
    speaker: str | Iterable[str] | None,
    sources: str | Iterable[str] | None,
    documents: str | Iterable[str] | None,
) -> Filters:
    """The filters with names as the library stores them."""
    store = opened.readable()
    if speaker is not None:
        known = list(dict.fromkeys(count.name for count in opened.speakers()))
        filters = replace(filters, speakers=resolve_names(several(speaker), known, "speaker"))
    if sources is not None:
        paths = tuple(store.resolve(name) for name in several(sources))
        filters = replace(filters, sources=paths)
    if documents is not None:
        titles = store.document_titles()
        filters = replace(filters, documents=resolve_names(several(documents), titles, "document"))
    return filters


def several(given: str | Iterable[str]) -> tuple[str, ...]:
    """One name or many as many."""
    return (given,) if isinstance(given, str) else tuple(given)
