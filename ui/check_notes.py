"""The check's notes on attribution, which are sentences, as keys that a page has words for."""

from __future__ import annotations

import re

# As qa.checking.attribution words them; of a note that is none of these the sentence is shown.
_KINDS = (
    ("document", r"cited from “(?P<claimed>.+)”, but stands in “(?P<found>.+)”"),
    ("source", r"cited from (?P<claimed>.+), but stands in (?P<found>.+)"),
    ("date", r"dated (?P<claimed>.+) in the draft, (?P<found>.+) in the source"),
    ("date_only", r"dated (?P<claimed>.+) in the draft; the source gives only (?P<found>.+)"),
    ("date_none", r"dated (?P<claimed>.+) in the draft; the source gives no date"),
    ("not_speech", r"the draft gives them to (?P<claimed>.+); they are an? (?P<found>\w+), not .+"),
    ("interviewer", r"the draft gives them to (?P<claimed>.+); they are the interviewer’s .+"),
    ("nobody", r"the draft gives them to (?P<claimed>.+); the source names nobody"),
    (
        "office",
        r"the draft gives them to (?P<claimed>.+); the source gives (?P<found>.+) no office",
    ),
    ("speaker", r"the draft gives them to (?P<claimed>.+); in the source (?P<found>.+) speaks"),
    ("reported", r"(?P<found>.+) says them as somebody else’s words"),
    ("places", r"not every place was looked at: there are too many"),
)
_LONGEST = 2_000


def note_data(note: str) -> dict[str, str]:
    """{"kind", "message"} and what the sentence names, "claimed" in the draft and "found".

    >>> note_data("dated 2024 in the draft; the source gives no date")["kind"]
    'date_none'
    """
    if len(note) <= _LONGEST:
        for kind, pattern in _KINDS:
            match = re.fullmatch(pattern, note)
            if match is not None:
                return {"kind": kind, "message": note, **match.groupdict()}
    return {"kind": "", "message": note}
