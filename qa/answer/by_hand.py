"""Which names of a citation a person corrected by hand, in words."""

from __future__ import annotations

from collections.abc import Iterable

_CALLED = {"document": "title", "date": "date", "speaker": "speaker"}


def by_hand_words(corrected: Iterable[str]) -> str:
    """The names of `Citation.corrected` in words; empty if there are none.

    >>> by_hand_words(("document", "speaker"))
    'title and speaker corrected by hand'
    """
    given = set(corrected)
    names = [said for name, said in _CALLED.items() if name in given]
    if not names:
        return ""
    *most, last = names
    listed = f"{', '.join(most)} and {last}" if most else last
    return f"{listed} corrected by hand"
