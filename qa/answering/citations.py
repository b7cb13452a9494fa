"""A span of a stored passage → the citation that lets a person check it."""

from __future__ import annotations

from qa.library.rows import StoredPassage
from qa.library.store import Store
from qa.records import Citation

# Characters of prefix and suffix, enough to tell repeated phrases apart
# (W3C Web Annotation, TextQuoteSelector, leaves the length open).
CONTEXT_LENGTH = 64


def cite(store: Store, passage: StoredPassage, start: int, end: int) -> tuple[Citation, ...]:
    """One citation for each source that holds the passage's text, in order of path."""
    text_id = passage.text_id
    before = store.slice(text_id, max(0, start - CONTEXT_LENGTH), start)
    after = store.slice(text_id, end, end + CONTEXT_LENGTH)
    lines = (store.line_at(text_id, start), store.line_at(text_id, max(start, end - 1)))
    page = store.page_at(text_id, start)
    whole = store.slice(text_id, passage.start, passage.end)
    return tuple(
        Citation(
            source=path,
            document=passage.document.title,
            date=passage.document.date,
            speaker=passage.turn.speaker,
            role=passage.turn.role,
            kind=passage.turn.kind,
            start=start,
            end=end,
            lines=lines,
            page=page,
            prefix=before,
            suffix=after,
            passage=whole,
            passage_start=passage.start,
        )
        for path in passage.paths
    )
