"""Who speaks, said inside the quotation marks as Russian prints it: «Да, — сказал он, — и нет»."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.language.speech import VERB

_ASIDE = re.compile(
    r"(?P<mark>[,!?…])\s{0,4}[—–-]{1,2}\s{1,4}(?P<words>[^«»“”„\"\n—–]{3,160}?)\s{0,4}[,.:;]\s{0,4}"
    r"[—–-]{1,2}\s{1,4}(?=[^\W_])"
)
# The verb stands first, or after "как" and the like.
_LEAD = 12


def asides_in(text: str) -> Iterator[str]:
    """The words that say who speaks: "сказал он"."""
    for match in _found(text):
        yield match["words"]


def without_asides(text: str) -> tuple[str, str] | None:
    """A quotation with an ellipsis for each of them, and with spaces for them, so that every
    other word keeps its place; None if there is none."""
    found = list(_found(text))
    if not found:
        return None
    joined, blanked, at = [], [], 0
    for match in found:
        # A comma is the aside's own; a question or an exclamation is the speaker's.
        start = match.start() if match["mark"] == "," else match.start() + 1
        kept = text[at:start]
        joined += [kept, " … "]
        blanked += [kept, " " * (match.end() - start)]
        at = match.end()
    return "".join((*joined, text[at:])), "".join((*blanked, text[at:]))


def _found(text: str) -> Iterator[re.Match[str]]:
    for match in _ASIDE.finditer(text):
        verb = VERB.search(match["words"])
        if verb is not None and verb.start() <= _LEAD:
            yield match
