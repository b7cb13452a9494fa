"""What follows from a source's format alone for how its text is to be read."""

from __future__ import annotations

# Subtitles: their lines are what was said, so none is a title, a dateline or a menu.
SUBTITLES = frozenset({"srt", "vtt"})
# A message is one document of its own date, whatever dates stand at the head of its text.
MESSAGES = frozenset({"eml"})
# Their readers tell paragraphs as blocks, so that a line's end inside one only wraps it.
_SOFT = SUBTITLES | MESSAGES | {"markdown", "pdf"}


def has_soft_lines(form: str) -> bool:
    """Whether in sources of this format a line's end alone ends no paragraph."""
    return form in _SOFT
