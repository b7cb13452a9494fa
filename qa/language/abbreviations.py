"""Abbreviations after which a sentence goes on, beyond those that nupunkt's model knows."""

from __future__ import annotations

import re

# Before a name or a title of office, so never at a sentence's end.
_BEFORE_NAMES = """
    mr mrs ms messrs mme mlle dr prof rev hon sen gov rep gen lt col maj capt cmdr cdr adm brig sgt
    cpl pvt supt insp amb fr hr hrn frl sra srta dña vs cf viz e.g i.e
    им ул пр просп пл наб пер бул кв корп обл проф акад доц чл-корр ген полк подп св тов гр г-н
    г-жа см ср напр т.е т.к т.н т.о
"""
_BEFORE_NUMBERS = """
    no nos art arts fig figs p pp vol vols sec secs para paras ch chap cl eq nr abs bd núm
    ст гл рис табл стр п пп ч разд ум род ок
"""
_NEVER_LAST = frozenset(_BEFORE_NAMES.split())
_NUMBERED = frozenset(_BEFORE_NUMBERS.split())
_MONTHS = """
    januar jänner februar märz april mai juni juli august september oktober november dezember
    marts maj december mars
"""
# Languages that write ordinals with a full stop: "am 5. Mai".
_ORDINAL_MONTHS = frozenset(_MONTHS.split())
_LAST_WORD = re.compile(r"[^\s(«“\"'‘]+\.$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_REACH = 40


def joins(text: str, at: int, after: int) -> bool:
    """Whether the full stop before `at` only ends an abbreviation, the text going on at `after`."""
    near = text[max(0, at - _REACH) : at]
    match = _LAST_WORD.search(near)
    if not match:
        return False
    word = match[0][:-1].lower()
    if word in _NEVER_LAST:
        return True
    if word in _NUMBERED and text[after : after + 1].isdigit():
        return True
    if word.isdigit() and len(word) <= 2:
        month = _FIRST_WORD.match(text, after, after + 12)
        return month is not None and month[0].lower() in _ORDINAL_MONTHS
    return len(word) == 1 and _is_initial(near[: match.start()], match[0][0], text, after)


def _is_initial(before: str, letter: str, text: str, after: int) -> bool:
    """Whether a single letter and its full stop abbreviate what goes on: "А. Пушкин", "т. е."."""
    if not letter.isalpha():
        return False
    next_too = text[after : after + 1].isalpha() and text[after + 1 : after + 2] == "."
    if not "а" <= letter.lower() <= "ё":
        return letter.islower() and next_too
    if letter.isupper():
        return letter != "Я"  # which is also the word "I"
    before = before.rstrip()
    # "в 1990 г. Затем" and "и т. д. Затем" may end a sentence; "в г. Омске" may not.
    return next_too or not (before[-1:].isdigit() or before.endswith("т."))
