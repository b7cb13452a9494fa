"""How texts tie speakers to quotations: verbs of saying, credits, introductions.

Sources and drafts are read with the same verbs, those of the lexicons.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from qa.language import WORDS
from qa.language.lexicon import alternatives

SPEECH_VERBS = WORDS.speech_verbs | WORDS.writing_verbs
VERB = re.compile(rf"\b(?:{alternatives(SPEECH_VERBS)})\b", re.IGNORECASE)
ACCORDING = re.compile(
    rf"\b(?:{alternatives(WORDS.according | WORDS.in_words_of)})\s+(?P<who>[^,:;()\n]{{2,90}})",
    re.IGNORECASE,
)
CREDIT = re.compile(r"^[\s,.;]*[—–-]{1,3}\s*(?P<who>[^\W\d_][^\n;()]{1,160})")
PARENTHESIS = re.compile(r"^[\s.,;]*[(\[](?P<inside>[^()\[\]\n]{2,240})[)\]]")
MARKUP = " \t\r\n*_>"
_ENDS_SAYING = re.compile(
    rf"\b(?:{alternatives(SPEECH_VERBS)})(?:\s+(?:it|up|out))?(?:\s+(?:that|what|что))?\Z",
    re.IGNORECASE,
)
_LAST_WORD = re.compile(r"[^\W_]+(?=\W*\Z)")


def verbs_in(text: str, start: int = 0, end: int = sys.maxsize) -> Iterator[re.Match[str]]:
    """Yield the speech verbs of a text in order, without those used as nouns ("her remarks")."""
    for verb in VERB.finditer(text, start, end):
        if verb.group().casefold() in WORDS.noun_like_verbs:
            before = _LAST_WORD.search(text, max(0, verb.start() - 24), verb.start())
            if before is not None and before.group().casefold() in WORDS.before_nouns:
                continue
        yield verb


def is_naming(verb: str) -> bool:
    """Return whether a verb may name the one spoken of: "the Lion, called Jane Doe"."""
    return verb.casefold() in WORDS.naming_verbs


def introduction(text: str) -> str:
    """Return how a text introduces a quotation right after it: "colon", "verb" (said, said that),
    "comma" (said X,), or "" if it does not."""
    lead = text.rstrip(MARKUP)
    if lead.endswith(":"):
        return "colon"
    if lead[-1:] in (",", "—", "–", "-"):
        return "comma" if VERB.search(lead) or ACCORDING.search(lead) else ""
    return "verb" if _ENDS_SAYING.search(lead[-60:]) else ""
