"""Dates and ranges that a question names ("in May 2022", "since 2023", "on 19 December 2023").

A bare number is a year only after a word that makes it one ("in 2023"), and "last year" means
nothing unless today is given: nothing is guessed.

    >>> find_period("What was agreed in May 2022?")
    DatedPhrase(since='2022-05-01', until='2022-05-31', phrase='in May 2022')
    >>> find_period("What changed between 2021 and March 2022?").until
    '2022-03-31'
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from qa.language.dates import FULL_DATE, MONTH, YEAR_WORD, parse_date, parse_month, period

# A number is taken for a year of no other centuries: "in 1500 words".
_YEAR = r"(?:19|20)\d\d"
_SHORT = rf"{MONTH},?\s+(?:of\s+)?{_YEAR}{YEAR_WORD}|{_YEAR}-\d\d|{_YEAR}{YEAR_WORD}"
_DATE = rf"(?:{FULL_DATE}|{_SHORT})"


_RELATIVE = re.compile(
    r"\b(?P<which>last|this|previous|в прошлом|в этом)\s+(?P<unit>year|month|году|месяце)\b",
    re.IGNORECASE,
)
_FROM = frozenset({"since", "from", "с", "от"})
_UNTIL = frozenset({"until", "till", "by", "up to", "до"})


@cache
def _range() -> re.Pattern[str]:
    return re.compile(
        rf"\b(?:(?:between|from|с|между)\s+(?P<from>{_DATE})\s+"
        rf"(?:and|to|until|till|по|до|и)\s+(?P<to>{_DATE}))(?!\w)",
        re.IGNORECASE,
    )


@cache
def _dated() -> re.Pattern[str]:
    return re.compile(
        r"\b(?P<word>since|from|after|before|until|till|by|up to|in|on|during|throughout|dated|"
        r"в|во|с|после|до|от|за)\s+(?:the\s+(?:year|month)\s+(?:of\s+)?|начала\s+)?"
        rf"(?P<date>{_DATE})(?!\w)",
        re.IGNORECASE,
    )


@cache
def _bare() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?P<date>{FULL_DATE}|{MONTH}\s+{_YEAR})(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DatedPhrase:
    """An inclusive range of days, open where None, and the question's words that name it."""

    since: str | None
    until: str | None
    phrase: str


def find_period(question: str, today: dt.date | None = None) -> DatedPhrase | None:
    """Return the period that a question names; None if it names none, or more than one."""
    periods = list(_dated_phrases(question)) if any(map(str.isdigit, question)) else []
    if not periods and today is not None:
        periods = [_relative(found, today) for found in _RELATIVE.finditer(question)]
    return periods[0] if len(periods) == 1 else None


def _dated_phrases(question: str) -> Iterator[DatedPhrase]:
    """The phrases that name a date or a range; a bare date only where no other is found."""
    for found in _range().finditer(question):
        first, last = _days(found["from"]), _days(found["to"])
        if first and last and first[0] <= last[1]:
            yield DatedPhrase(first[0].isoformat(), last[1].isoformat(), found.group())
            return
    periods = [p for found in _dated().finditer(question) if (p := _one(found)) is not None]
    yield from periods
    if not periods:
        for found in _bare().finditer(question):
            days = _days(found["date"])
            if days is not None:
                yield DatedPhrase(days[0].isoformat(), days[1].isoformat(), found.group())


def _one(found: re.Match[str]) -> DatedPhrase | None:
    days = _days(found["date"])
    if days is None:
        return None
    word = found["word"].lower()
    first, last = days
    one_day = dt.timedelta(days=1)
    if word in _FROM:
        return DatedPhrase(first.isoformat(), None, found.group())
    if word in ("after", "после"):
        return DatedPhrase((last + one_day).isoformat(), None, found.group())
    if word == "before":
        return DatedPhrase(None, (first - one_day).isoformat(), found.group())
    if word in _UNTIL:
        return DatedPhrase(None, last.isoformat(), found.group())
    return DatedPhrase(first.isoformat(), last.isoformat(), found.group())


def _days(text: str) -> tuple[dt.date, dt.date] | None:
    """Return the first and the last day that a date means; None for a year that is likely a
    number."""
    iso = parse_date(text) or parse_month(text)
    if iso is None or not re.match(_YEAR, iso):
        return None
    days = period(iso)
    return dt.date.fromisoformat(days.first), dt.date.fromisoformat(days.last)


def _month_days(year: int, month: int) -> tuple[dt.date, dt.date]:
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return dt.date(year, month, 1), following - dt.timedelta(days=1)


def _relative(found: re.Match[str], today: dt.date) -> DatedPhrase:
    back = 0 if found["which"].lower() in ("this", "в этом") else 1
    if found["unit"].lower() in ("year", "году"):
        year = today.year - back
        days = (dt.date(year, 1, 1), dt.date(year, 12, 31))
    else:
        months = today.year * 12 + today.month - 1 - back
        days = _month_days(months // 12, months % 12 + 1)
    return DatedPhrase(days[0].isoformat(), days[1].isoformat(), found.group())
