"""The one reader of dates, as sources, drafts, questions and metadata write them.

A date is ISO 8601's, of the precision it was written in: "2022-05-16", "2022-05", "2022"; without
a year it is ISO's truncated form, "--05-16" or "--05". None is guessed: 3/4/2021 is no date.

>>> [date.date for date in dates_in("on 16 May 2022, in 2021")]
['2022-05-16', '2021']
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date as calendar_date
from functools import cache

from qa.language import WORDS
from qa.language.english import ENGLISH
from qa.language.lexicon import Words, alternatives, merged
from qa.language.russian import RUSSIAN

_NUMBERS = {name: number for number, names in enumerate(WORDS.months, start=1) for name in names}


def _any_month(months: tuple[Words, ...]) -> str:
    return rf"(?:{alternatives(Words().union(*months))})\b\.?"


# Patterns of the parts of a date, without groups that have names.
MONTH = _any_month(WORDS.months)
YEAR_WORD = rf"(?:\s?(?:{alternatives(WORDS.year_words)})(?!\w))?"
_ENDING = rf"(?:{alternatives(WORDS.day_endings)})?"
_TH = rf"(?:{alternatives(WORDS.day_endings)}|\.)?"
_OF = rf"(?:(?:{alternatives(WORDS.date_joiners)})\s+)?"
_WEEKDAY = rf"(?:{alternatives(WORDS.weekdays | WORDS.short_weekdays)})\.?,?\s+"
_ARTICLE = rf"(?:{alternatives(WORDS.date_articles)})\s+"
# Where a date can begin: it saves trying every month's name at every letter.
_BEGINS = r"(?=\d|\b[^\W\d_])"
_FULL = (
    rf"(?:{_ARTICLE})?(?:{_WEEKDAY})?(?:{_ARTICLE})?(?:"
    r"(?P<iso>(?P<iy>\d{4})-(?P<im>\d{2})-(?P<id>\d{2}))(?:T[\d:.]{4,15}(?:Z|[+-]\d\d:?\d\d)?)?|"
    r"(?P<sy>\d{4})[/.](?P<sm>\d{1,2})[/.](?P<sd>\d{1,2})|"
    r"(?P<dd>\d{1,2})\.(?P<dm>\d{1,2})\.(?P<dy>\d{4})|"
    r"(?P<a>\d{1,2})[/-](?P<b>\d{1,2})[/-](?P<ny>\d{4})|"
    r"(?P<cy>\d{4})年(?P<cm>\d{1,2})月(?P<cd>\d{1,2})日|"
    rf"(?P<m1>{MONTH})\s+(?P<d1>\d{{1,2}}){_TH},?\s+(?P<y1>\d{{4}})|"
    rf"(?P<d2>\d{{1,2}}){_TH}\s+{_OF}(?P<m2>{MONTH}),?\s+{_OF}(?P<y2>\d{{4}})"
    rf"){YEAR_WORD}"
)
FULL_DATE = re.sub(r"\?P<\w+>", "?:", _FULL)
_YEAR = r"(?:1[5-9]|20|21)\d\d"
_TRUNCATED = re.compile(r"(?:1[5-9]|2[01])\d\d(?:-(?:0[1-9]|1[0-2]))?")
# Names of the groups that hold a year, a month and a day, form by form; "" where it has none.
_FORMS = (
    ("iy", "im", "id"),
    ("sy", "sm", "sd"),
    ("dy", "dm", "dd"),
    ("cy", "cm", "cd"),
    ("y1", "m1", "d1"),
    ("y2", "m2", "d2"),
    ("ty", "tm", ""),
    ("", "m3", "d3"),
    ("", "m4", "d4"),
    ("y5", "m5", ""),
    ("year", "", ""),
)
_LONGEST = 120
_ISO_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
# "on Monday", "later that week", between a name and its verb.
_WHEN = re.compile(
    rf"(?:[\s,](?:{alternatives(WORDS.date_prepositions | WORDS.before_times)})){{0,3}}"
    rf"[\s,]+(?:{alternatives(WORDS.weekdays | WORDS.times)})[\s,]*\Z",
    re.IGNORECASE,
)
_BEFORE_DATE = re.compile(
    rf"[\s,]*(?:\b(?:{alternatives(WORDS.date_prepositions)}))?[\s,]*\Z", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date and the characters that write it; `date` is None where it isn't clear which."""

    date: str | None
    start: int
    end: int
    in_figures: bool

    @property
    def year_only(self) -> bool:
        """Whether it is a year alone, which may be of something else."""
        return self.date is not None and len(self.date) == 4


@cache
def _full_date() -> re.Pattern[str]:
    # Patterns with every month's names take milliseconds to make, and few questions hold a date.
    return re.compile(rf"{_BEGINS}{_FULL}(?![\w/])", re.IGNORECASE)


@cache
def _in_text() -> re.Pattern[str]:
    # Without a day or a year, other languages' months are too often other words: "3 mars", "Mai".
    sure_month = _any_month(merged((ENGLISH, RUSSIAN)).months)
    return re.compile(
        rf"(?<![\w./-]){_BEGINS}(?:{_FULL}|"
        rf"(?P<ty>{_YEAR})-(?P<tm>\d\d)|"
        rf"(?P<d3>\d{{1,2}}){_ENDING}\s+{_OF}(?P<m3>{sure_month})|"
        rf"(?P<m4>{sure_month})\s+(?P<d4>\d{{1,2}}){_ENDING}(?!\d|\s*:)|"
        rf"(?P<m5>{sure_month}),?\s+(?P<y5>{_YEAR})|"
        rf"(?P<year>{_YEAR})"
        rf")(?![\w/-]|\.\d){YEAR_WORD}",
        re.IGNORECASE,
    )


@cache
def _month_and_year() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<m5>{MONTH}),?\s+{_OF}(?P<y5>{_YEAR}){YEAR_WORD}|(?P<year>{_YEAR}){YEAR_WORD}",
        re.IGNORECASE,
    )


def full_date_at(text: str) -> WrittenDate | None:
    """Return the date of day, month and year with which a text begins."""
    found = _full_date().match(text)
    return _written(found) if found is not None else None


def full_dates(text: str, start: int = 0) -> Iterator[WrittenDate]:
    """Yield the dates of day, month and year in a text from an offset on."""
    return map(_written, _full_date().finditer(text, start))


def dates_in(text: str) -> Iterator[WrittenDate]:
    """Yield the dates in running text, in any precision. Impossible and ambiguous ones are left
    out."""
    return (date for date in map(_written, _in_text().finditer(text)) if date.date is not None)


def parse_date(text: str) -> str | None:
    """Return the date that is all of a text; None if it is no date, or an ambiguous one.

    Of dates without a day or a month only ISO's own are taken.
    """
    stripped = text.strip()
    if len(stripped) > _LONGEST:
        return None
    found = _full_date().fullmatch(stripped)
    if found is not None:
        return _iso(found)
    return stripped if _TRUNCATED.fullmatch(stripped) else None


def parse_month(text: str) -> str | None:
    """Return the month or year that is all of a text: "May 2022", "2022 г."."""
    found = _month_and_year().fullmatch(text.strip()) if len(text) <= _LONGEST else None
    return _iso(found) if found is not None else None


def _written(found: re.Match[str]) -> WrittenDate:
    in_figures = not any(
        found[name] for name in found.groupdict() if name[0] == "m" and found[name] is not None
    )
    return WrittenDate(_iso(found), found.start(), found.end(), in_figures)


def _iso(found: re.Match[str]) -> str | None:
    parts = found.groupdict()
    for form in _FORMS:
        year, month, day = (parts.get(name) for name in form)
        if all(parts.get(name) is not None for name in form if name):
            return _checked(year, _month(month) if month else None, day)
    first, second = int(parts["a"]), int(parts["b"])
    if first <= 12 and second <= 12 and first != second:
        return None  # 3/4/2021: March or April, depending on who writes
    in_order = second <= 12
    return _checked(parts["ny"], second if in_order else first, str(first if in_order else second))


def _month(name: str) -> int:
    return int(name) if name.isdigit() else _NUMBERS[name.rstrip(".").casefold()]


def _checked(year: str | None, month: int | None, day: str | None) -> str | None:
    if year is not None and not 1500 <= int(year) <= 2199:
        return None
    try:
        calendar_date(int(year) if year else 2000, month or 1, int(day) if day else 1)
    except ValueError:
        return None
    written = [year or "-", f"{month:02d}" if month else "", f"{int(day):02d}" if day else ""]
    return "-".join(part for part in written if part)


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` to `last`, both included, as YYYY-MM-DD, which sort as they are."""

    first: str
    last: str

    def within(self, since: str | None, until: str | None) -> bool:
        """Return whether every day of it lies between the two days (None: no limit)."""
        return (since is None or self.first >= since) and (until is None or self.last <= until)


def period(value: str) -> Period:
    """Return the days that "YYYY", "YYYY-MM" or "YYYY-MM-DD" may mean. Raises ValueError."""
    match = _ISO_DATE.fullmatch(value)
    if match is None:
        raise ValueError(f"{value!r} is no date; expected YYYY, YYYY-MM or YYYY-MM-DD")
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None  # the pattern's first group always takes part
    try:
        first = calendar_date(year, month or 1, day or 1)
    except ValueError as error:
        raise ValueError(f"{value!r} is no date of the calendar: {error}") from None
    last_month = month or 12
    last = calendar_date(year, last_month, day or monthrange(year, last_month)[1])
    return Period(first.isoformat(), last.isoformat())


def days_of(since: str | None, until: str | None) -> tuple[str | None, str | None]:
    """Return the first and the last day of a range of dates (None: no limit). Raises ValueError.

    >>> days_of("2022-05", None)
    ('2022-05-01', None)
    """
    first = None if since is None else period(since).first
    last = None if until is None else period(until).last
    return first, last


def agrees(claimed: str, known: str | None) -> bool | None:
    """Return whether a claimed date fits the source's; None where the source says too little.

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
    """Return a text without the dates in it."""
    for date in reversed(list(dates_in(text))):
        text = text[: date.start] + text[date.end :]
    return text


def without_time_at_end(text: str) -> str:
    """Return a text without the date or day at its end.

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
