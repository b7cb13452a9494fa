"""Dates as running text writes them, and how a claimed date stands to a source's.

A date without a year is kept as ISO's truncated form, "--05-16" or "--05".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date as calendar_date

_MONTHS = (
    "january jan января январь январе",
    "february feb февраля февраль феврале",
    "march mar марта март марте",
    "april apr апреля апрель апреле",
    "may мая май мае",
    "june jun июня июнь июне",
    "july jul июля июль июле",
    "august aug августа август августе",
    "september sep sept сентября сентябрь сентябре",
    "october oct октября октябрь октябре",
    "november nov ноября ноябрь ноябре",
    "december dec декабря декабрь декабре",
)
_NUMBERS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_MONTH = "(?:" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + r")\b\.?"
_YEAR = r"(?:1[5-9]|20|21)\d\d"
_DATE = re.compile(
    rf"(?<![\w./-])(?:"
    rf"(?P<iso>(?P<iy>{_YEAR})-(?P<im>\d\d)(?:-(?P<id>\d\d))?)|"
    rf"(?P<dotted>(?P<dd>\d{{1,2}})\.(?P<dm>\d{{1,2}})\.(?P<dy>{_YEAR}))|"
    rf"(?P<dmy>(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m1>{_MONTH})(?:,?\s+(?P<y1>{_YEAR}))?)|"
    rf"(?P<mdy>(?P<m2>{_MONTH})\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?!\d|\s*:)(?:,?\s+(?P<y2>{_YEAR}))?)|"
    rf"(?P<my>(?P<m3>{_MONTH}),?\s+(?P<y3>{_YEAR}))|"
    rf"(?P<year>{_YEAR})"
    r")(?![\w/-]|\.\d)(?:\s?(?:г\.|года?|году)(?!\w))?",
    re.IGNORECASE,
)
# "on Monday", "later that week", between a name and its verb.
_WHEN = re.compile(
    r"(?:[\s,](?:on|in|at|early|late|earlier|later|this|last|that|next|в|во|на|этой|этом|прошлой|"
    r"прошлом)){0,3}[\s,]+(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|yesterday|"
    r"today|week|month|year|morning|afternoon|evening|понедельник|вторник|среду|четверг|пятницу|"
    r"субботу|воскресенье|вчера|сегодня|неделе|месяце|году)[\s,]*\Z",
    re.IGNORECASE,
)
_BEFORE_DATE = re.compile(r"[\s,]*(?:\b(?:on|in|at|of|в|во|на))?[\s,]*\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DateInText:
    """A date and the characters that write it. `year_only`: it may be of something else."""

    date: str
    start: int
    end: int
    year_only: bool


def dates_in(text: str) -> Iterator[DateInText]:
    """The dates that a text writes, in order; those that no calendar has are left out."""
    for match in _DATE.finditer(text):
        iso = _iso(match)
        if iso is not None:
            yield DateInText(iso, match.start(), match.end(), match["year"] is not None)


def _iso(match: re.Match[str]) -> str | None:
    if match["year"]:
        return match["year"]
    if match["my"]:
        return _checked(match["y3"], _month(match["m3"]), None)
    if match["iso"]:
        day = int(match["id"]) if match["id"] else None
        return _checked(match["iy"], int(match["im"]), day)
    if match["dotted"]:
        return _checked(match["dy"], int(match["dm"]), int(match["dd"]))
    if match["dmy"]:
        return _checked(match["y1"], _month(match["m1"]), int(match["d1"]))
    return _checked(match["y2"], _month(match["m2"]), int(match["d2"]))


def _month(name: str) -> int:
    return _NUMBERS[name.rstrip(".").casefold()]


def _checked(year: str | None, month: int, day: int | None) -> str | None:
    try:
        calendar_date(int(year) if year else 2000, month, day or 1)
    except ValueError:
        return None
    prefix = year if year else "-"
    return f"{prefix}-{month:02d}" + (f"-{day:02d}" if day else "")


def agrees(claimed: str, known: str | None) -> bool | None:
    """Whether a claimed date fits the source's; None where the source says too little.

    >>> agrees("2022-05", "2022-05-16"), agrees("2022-05-17", "2022-05-16"), agrees("2022", None)
    (True, False, None)
    """
    if known is None:
        return None
    if claimed.startswith("--"):
        tail = known[5:]
        shorter = min(len(claimed) - 2, len(tail))
        return claimed[2 : 2 + shorter] == tail[:shorter] if tail else None
    shorter = min(len(claimed), len(known))
    if claimed[:shorter] != known[:shorter]:
        return False
    return True if len(claimed) <= len(known) else None


def without_dates(text: str) -> str:
    """A text without the dates that it writes."""
    for date in reversed(list(dates_in(text))):
        text = text[: date.start] + text[date.end :]
    return text


def without_time_at_end(text: str) -> str:
    """A text without the date or the day with which it ends.

    >>> without_time_at_end("Ada Brandt on 4 May 2022"), without_time_at_end("Ada Brandt on Monday")
    ('Ada Brandt', 'Ada Brandt')
    """
    when = _WHEN.search(text[-80:])
    if when is not None:
        return text[: len(text) - len(when.group())]
    end = text[-60:]
    dates = list(dates_in(end))
    if not dates or dates[-1].end != len(end):
        return text
    text = text[: len(text) - len(end) + dates[-1].start]
    before = _BEFORE_DATE.search(text[-20:])
    return text[: len(text) - len(before.group())] if before is not None else text
