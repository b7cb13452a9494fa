"""Line ends that only wrap a paragraph, shown as spaces.

For the terminal's lines alone: what is stored, counted, exported and given as JSON keeps them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from qa.structure.lines import has_soft_lines

if TYPE_CHECKING:
    from qa.library import Library

# Of a source's path, whether its line ends say nothing.
Wraps = Callable[[str], bool]


def wraps_in(library: Library) -> Wraps:
    """By the sources' formats, which are looked up when it is first asked."""

    @cache
    def formats() -> dict[str, str]:
        return {source.path: source.format for source in library.sources()}

    return lambda path: has_soft_lines(formats().get(path, ""))


def unwrapped(text: str) -> str:
    """Each paragraph on one line; blank lines still part them.

    >>> unwrapped("At\\ntwenty past four.\\n\\nIt rained.")
    'At twenty past four.\\n\\nIt rained.'
    """
    lines = groupby(text.split("\n"), key=lambda line: bool(line.strip()))
    return "\n\n".join(
        " ".join(line.strip() for line in paragraph) for filled, paragraph in lines if filled
    )
