"""Store a text in pieces, so that a slice or a line number needs only one or two of them.

A line ends at a line feed, a carriage return, or the pair of them, which no piece divides.
"""

from __future__ import annotations

from collections.abc import Iterator

from qa.store.records import Excerpt

CHUNK_CHARACTERS = 8192


def split_text(text: str, size: int = CHUNK_CHARACTERS) -> Iterator[Excerpt]:
    """Return the pieces of a text in order, of at most `size` (≥ 2) characters; none of an empty
    text.

    >>> [chunk.text for chunk in split_text("ab\\r\\ncd", 3)]
    ['ab', '\\r\\nc', 'd']
    """
    start, line = 0, 1
    while start < len(text):
        end = min(start + size, len(text))
        if end < len(text) and text[end - 1] == "\r" and text[end] == "\n":
            end -= 1
        piece = text[start:end]
        yield Excerpt(piece, start, line)
        line += line_ends(piece)
        start = end


def line_ends(text: str) -> int:
    """Return how many lines end in a text.

    >>> line_ends("a\\nb\\r\\nc\\rd")
    3
    """
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def line_of(chunk: Excerpt, offset: int) -> int:
    """Return the line on which the text's character `offset`, of this chunk or its end, stands."""
    position = offset - chunk.start
    ends = line_ends(chunk.text[:position])
    within_pair = position > 0 and chunk.text[position - 1 : position + 1] == "\r\n"
    return chunk.line + ends - within_pair
