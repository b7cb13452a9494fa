"""Cite spans of stored passages, so that a person can check them."""

from __future__ import annotations

from dataclasses import dataclass

from qa.locating import LINE_END, locate
from qa.records import Citation, Span
from qa.store.protocol import LibraryReader
from qa.store.records import StoredPassage

# Characters of prefix and suffix, enough to tell repeated phrases apart
# (W3C Web Annotation, TextQuoteSelector, leaves the length open).
CONTEXT_LENGTH = 64


@dataclass(frozen=True, slots=True)
class PassageExcerpt:
    """A passage's words with the characters on either side; `start` is where they begin."""

    passage: StoredPassage
    text: str
    start: int

    def slice(self, start: int, end: int) -> str:
        """Return characters start … end of the source, as far as they are within."""
        return self.text[max(0, start - self.start) : max(0, end - self.start)]


def read_passage(store: LibraryReader, passage: StoredPassage) -> PassageExcerpt:
    """Return the words of a passage, and enough around them for any citation within it."""
    start = max(0, passage.start - CONTEXT_LENGTH)
    text = store.excerpt(passage.text_id, start, passage.end + CONTEXT_LENGTH).text
    return PassageExcerpt(passage, text, start)


def cite(store: LibraryReader, within: PassageExcerpt, span: Span) -> tuple[Citation, ...]:
    """Return one citation for each source that holds the passage's text, in order of path."""
    passage = within.passage
    first_line = store.excerpt(passage.text_id, span.start, span.start).line
    corrected = store.corrected(passage.text_id, passage.document, passage.turn)
    # The quote's own last character is no line end, so only those before it count.
    inner = sum(1 for _ in LINE_END.finditer(within.slice(span.start, span.end)))
    return tuple(
        Citation(
            source=path,
            document=passage.document.title,
            date=passage.document.date,
            speaker=passage.turn.speaker,
            role=passage.turn.role,
            kind=passage.turn.kind,
            start=span.start,
            end=span.end,
            lines=(first_line, first_line + inner),
            locator=locate(store.locators(passage.text_id), span.start, span.end),
            prefix=within.slice(span.start - CONTEXT_LENGTH, span.start),
            suffix=within.slice(span.end, span.end + CONTEXT_LENGTH),
            passage=within.slice(passage.start, passage.end),
            passage_start=passage.start,
            corrected=corrected,
        )
        for path in passage.paths
    )
