"""Recognises what a record says of the proceedings between speeches: "The motion was carried."

Such notes follow a speech without any mark of their own, and are nobody's words.
"""

from __future__ import annotations

import re

_LONGEST = 400
_OPENED = re.compile(
    r"(?:it was\s+)?(?:resolved|ordered|agreed|carried|adjourned)\b\s?[:.]|"
    r"(?:it was\s+)?(?:resolved|ordered|agreed)\s+(?:that|to|nem|unanimously)\b|"
    r"(?:постановили|решили|решено|принято единогласно)\s?[:.]|beschlossen\s?[:.]",
    re.IGNORECASE,
)
_BODIES = (
    "council|committee|house|assembly|board|chamber|court|motions?|amendments?|resolutions?|bill|"
    "meeting|sitting|session|hearing|minutes|report|question|vote|proposal|recommendations?|clause|"
    "debate|proceedings|agenda|proposition|petition|members|jury"
)
_DONE = (
    "noted|agreed|adopted|carried|resolved|approved|adjourned|closed|rose|suspended|negatived|"
    "passed|defeated|withdrawn|lost|divided|resumed|ended|opened|began|concluded|accepted|rejected|"
    "seconded|received|voted|stood|observed|excused|put to the vote"
)
_NOTED = re.compile(
    rf"(?:the |an? |on a vote,? the )?(?:[\w’'-]+ ){{0,3}}?(?:{_BODIES})\b"
    rf"(?: [\w’',()-]+){{0,8}}? (?:{_DONE})\b",
    re.IGNORECASE,
)
_SPOKEN = re.compile(
    r"\b(?:I|we|my|our|us|me|you|your|я|мы|вы|наш|ich|wir|je|nous)\b", re.IGNORECASE
)


def opens_resolution(text: str) -> bool:
    """Whether the line begins the text of a decision ("Resolved: …"), whatever follows it."""
    return len(text) <= _LONGEST and _OPENED.match(text) is not None


def is_proceedings_note(text: str) -> bool:
    """Whether the line reports, in nobody's voice, what a body did or became of a motion.

    A speech can hold such a sentence as well, so the caller must see that it stands apart.
    """
    return (
        len(text) <= _LONGEST
        and _SPOKEN.search(text) is None
        and (_NOTED.match(text) is not None or _OPENED.match(text) is not None)
    )
