"""ISO dates of reduced precision as the stretch of days that they may mean.

>>> period("2022-05")
Period(first='2022-05-01', last='2022-05-31')
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

_ISO_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` to `last`, both included, as YYYY-MM-DD, which sort as they are."""

    first: str
    last: str

    def within(self, since: str | None, until: str | None) -> bool:
        """Whether every day of it lies between the two days (None: no limit)."""
        return (since is None or self.first >= since) and (until is None or self.last <= until)


def period(value: str) -> Period:
    """The days that "YYYY", "YYYY-MM" or "YYYY-MM-DD" may mean. Raises ValueError."""
    match = _ISO_DATE.fullmatch(value)
    if match is None:
        raise ValueError(f"{value!r} is no date; expected YYYY, YYYY-MM or YYYY-MM-DD")
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None  # the pattern's first group always takes part
    try:
        first = date(year, month or 1, day or 1)
    except ValueError as error:
        raise ValueError(f"{value!r} is no date of the calendar: {error}") from None
    last_month = month or 12
    last = date(year, last_month, day or monthrange(year, last_month)[1])
    return Period(first.isoformat(), last.isoformat())


def days_of(since: str | None, until: str | None) -> tuple[str | None, str | None]:
    """The first and the last day of a range of dates (None: no limit). Raises ValueError.

    >>> days_of("2022-05", None)
    ('2022-05-01', None)
    """
    first = None if since is None else period(since).first
    last = None if until is None else period(until).last
    return first, last
