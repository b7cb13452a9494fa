"""Titles and dates that a format's own metadata declares, made uniform or refused."""

from __future__ import annotations

import re
from datetime import date
from email.utils import parsedate_tz

_ISO = re.compile(
    r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?"
    r"(?:[T ][\d:.]+ *(?:Z|[A-Z]{3}|[+-][\d:]+)?)?"
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?\d{4,6}Z?)?")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_DAY_FIRST = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)? +{_MONTH},? +(\d{{4}})", re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"{_MONTH} +(\d{{1,2}})(?:st|nd|rd|th)?,? +(\d{{4}})", re.IGNORECASE)


def declared_date(value: str) -> str | None:
    """A metadata date as ISO 8601, of the precision it was given in; None where it isn't clear.

    `2022-05-16T21:20:00+03:00`, `2022/5/16`, `20220516`, `16 May 2022`, `May 16, 2022`, an
    RFC 5322 date, `2022-05` and `2022` are clear. `03/04/2022` is not: it may be either.
    """
    value = value.strip()
    if len(value) > 60:
        return None
    if match := _COMPACT.fullmatch(value) or _ISO.fullmatch(value):
        return _iso(*(int(part) if part else None for part in match.groups()))
    if match := _DAY_FIRST.fullmatch(value):
        return _iso(int(match[3]), _MONTHS.index(match[2].lower()) + 1, int(match[1]))
    if match := _MONTH_FIRST.fullmatch(value):
        return _iso(int(match[3]), _MONTHS.index(match[1].lower()) + 1, int(match[2]))
    if re.match(r"[A-Za-z]{3}, \d", value) and (parts := parsedate_tz(value)):
        return _iso(*parts[:3])
    return None


def _iso(year: int | None, month: int | None = None, day: int | None = None) -> str | None:
    if year is None or not 1000 <= year <= 2999:
        return None
    try:
        whole = date(year, month or 1, day or 1).isoformat()
    except ValueError:
        return None
    return whole if day else whole[:7] if month else whole[:4]


def one_line(value: str) -> str | None:
    """A title's words with single spaces between them; None for a blank one."""
    return " ".join(value.split()) or None
