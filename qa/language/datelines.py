"""Read datelines: lines that are nothing but a date, a time and a place, or that end in a date.

A date in running text is nobody's dateline, so everything here looks at whole lines: either
the line is a date (with a time and a place perhaps), or its last words are one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.language import WORDS
from qa.language.dates import full_date_at, full_dates
from qa.language.offices import is_heading_word

_TIME = re.compile(
    r"(?:at\s+|в\s+)?(?P<h>\d{1,2})(?:[:.](?P<m>\d{2}))(?::\d{2})?\s?(?P<half>[ap]\.?\s?m\.?)?"
    r"(?:\s?(?:uhr|hrs?|h|z|gmt|utc|bst|cet|cest|e[sd]t|p[sd]t|msk|мск|local time)"
    r"(?:[+-]\d{1,2})?\b)?$",
    re.IGNORECASE,
)
_HOUR = re.compile(r"(?:at\s+)?(?P<h>\d{1,2})\s?(?P<half>[ap]\.?m\.?)$", re.IGNORECASE)
_DECLARED = re.compile(
    r"(?P<publication>publication date|date of publication|published(?: on)?|posted(?: on)?|"
    r"release date|date released|released(?: on)?|дата публикации|опубликовано|"
    r"veröffentlicht(?: am)?|publié le)\s?:?\s+|"
    r"(?P<dateline>(?:meeting |session )?date(?: of meeting)?(?:\s?(?:/|and)\s?time)?|дата|datum|"
    r"fecha|data)\s?:\s*",
    re.IGNORECASE,
)
_TIMES = re.compile(r"(?P<first>\d{1,2}[:.]\d{2})\s?[-–—]\s?\d{1,2}[:.]\d{2}(?:\s[A-Z]{2,5})?")
_SEPARATORS = " \t\u00a0,;|·•–—-"
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Dateline:
    """What a dateline says; `date` is None where it is ambiguous.

    `declared` marks a date that a label of the page gives ("Publication date: …"), which says
    when the page was published rather than when the document was made.
    """

    date: str | None
    time: str | None = None
    place: str | None = None
    declared: bool = False


@dataclass(frozen=True, slots=True)
class DatedTitle:
    """A title line that ends in a date, cut in two."""

    title: str
    date: str | None


def read_time(text: str) -> str | None:
    """Return the time of day ("HH:MM") that is all of `text`, or None."""
    stripped = text.strip()
    if len(stripped) > 24:
        return None
    between = _TIMES.fullmatch(stripped)
    if between is not None:
        stripped = between["first"]
    found = _TIME.match(stripped) or _HOUR.match(stripped)
    if found is None:
        return None
    hour = int(found["h"])
    minute = int(found.groupdict().get("m") or 0)
    half = (found["half"] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return f"{hour:02d}:{minute:02d}" if hour < 24 and minute < 60 else None


def read_dateline(text: str) -> Dateline | None:
    """Return what the line says if it is a dateline: a date, possibly with a time and a place."""
    if len(text) > _LONGEST or not any(character.isdigit() for character in text):
        return None
    label = _DECLARED.match(text)
    rest = text[label.end() :] if label else text
    declared = bool(label and label["publication"])
    found = full_date_at(rest)
    if found is not None:
        details = _details(rest[found.end :])
        if details is None:
            return None
        return Dateline(found.date, details.time, details.place, declared)
    if label is not None:
        return None
    return _date_last(rest)


def read_dated_title(text: str) -> DatedTitle | None:
    """Return the title and the date of a line that ends in a separate date, or None.

    A date that the words need ("the invasion of 24 February 2022") is no date of the title.
    """
    if len(text) > 400 or not any(character.isdigit() for character in text[-12:]):
        return None
    for found in full_dates(text, max(0, len(text) - 40)):
        if text[found.end :].strip(" )]") or found.start == 0:
            continue
        before = text[: found.start].rstrip()
        title = before.rstrip(_SEPARATORS + "([")
        last = title.rsplit(None, 1)[-1] if title else ""
        apart = title != before or found.in_figures
        if len(title.split()) >= 2 and apart and last.casefold() not in WORDS.before_dates:
            return DatedTitle(title, found.date)
    return None


def looks_like_place(text: str) -> bool:
    """Return whether the words have the form of a place: a few capitalised words without a stop."""
    words = text.replace(",", " ").split()
    if not 1 <= len(words) <= 7 or text[-1] in ".:;!?" or any(c.isdigit() for c in text):
        return False
    if any(is_heading_word(word) for word in words):
        return False
    return text[0].isupper() and all(
        word[0].isupper() or word.casefold() in WORDS.place_particles or word[0] in "("
        for word in words
    )


def _details(rest: str) -> Dateline | None:
    """Return the time and place that follow a date; None if neither does (so it is no dateline)."""
    trimmed = rest.strip(_SEPARATORS + "()")
    if not trimmed:
        return Dateline(None)
    time = read_time(trimmed)
    if time is not None:
        return Dateline(None, time)
    if rest.strip()[0] not in ",;|·•–—-(":
        first, _, after = trimmed.partition(" ")
        time = read_time(first)
        if time is None or not looks_like_place(after.strip(_SEPARATORS) or "-"):
            return None
        return Dateline(None, time, after.strip(_SEPARATORS))
    head, comma, tail = trimmed.partition(",")
    time = read_time(head)
    if time is not None and comma and looks_like_place(tail.strip() or "-"):
        return Dateline(None, time, tail.strip())
    head, comma, tail = trimmed.rpartition(",")
    time = read_time(tail)
    if time is not None and comma and looks_like_place(head.strip() or "-"):
        return Dateline(None, time, head.strip())
    return Dateline(None, None, trimmed) if looks_like_place(trimmed) else None


def _date_last(text: str) -> Dateline | None:
    """Read a dateline whose date comes last: "Geneva, 3 March 2021", "21:20, 16 May 2022"."""
    for found in full_dates(text):
        if text[found.end :].strip(" )"):
            continue
        before = text[: found.start].rstrip()
        words = before.rstrip(_SEPARATORS + "(")
        if words == before or not words:
            return None
        time = read_time(words)
        if time is not None:
            return Dateline(found.date, time)
        if len(words.split()) <= 4 and looks_like_place(words):
            return Dateline(found.date, None, words)
    return None
