"""Read what a draft claims about a quotation: who said it, when, in which document.

Only forms that tie a name to the quotation count ("X said in May 2022: …", "… (X, 2022)",
"…, — сказал X", "as X put it", "X: …", a credit line, a footnote, a link). A pronoun, two names
that could be meant, a date that may be of something else: no claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from qa.check.attribution_context import AttributionContext
from qa.check.claimed_speakers import KnownNames, NamedSide, claimed_speaker, plain_title
from qa.check.records import Claim
from qa.language.dates import WrittenDate, dates_in
from qa.language.speech import CREDIT, PARENTHESIS, verbs_in

_IN_NAME = r"[^\s()\[\]<>\"'“”«»]"
_ENDING = r"\.(?:txt|text|md|markdown|html?|xhtml|docx|pdf|epub)\b"
_FILE = re.compile(rf"{_IN_NAME}{{1,200}}{_ENDING}", re.I)
_NAMED = re.compile(rf"{_IN_NAME}{_ENDING}", re.I)
_RUSSIAN_DAY = re.compile(r"\d{1,2}\s+[а-яё]")
_LINK = re.compile(r"\[(?:[\d^*]{1,4}|(?P<words>[^\[\]\n]{1,200}))\]\([^()\s]{1,400}\)")
_LINK_END = re.compile(r"^\]\([^()\s]{1,400}\)")
_THAT = re.compile(r"\b(?:that|what|что|which)\b", re.IGNORECASE)
_PREPOSITION = re.compile(
    r"(?:\b(?:on|in|dated|of|at|from|during)|\b[вВ]о?|[,(—–-])\s*$", re.IGNORECASE
)


def find_claim(around: AttributionContext, known: KnownNames) -> Claim:
    """Return what the surroundings of a quotation claim about it."""
    if not any(char.isalnum() for char in f"{around.before}{around.after}{around.note}"):
        return Claim()
    source, title = _document(around, known)
    around = replace(around, before=_unlinked(around.before), after=_unlinked(around.after))
    speaker, side = claimed_speaker(around, known)
    return Claim(speaker, _date(around, side), source, title)


def cites(target: str) -> bool:
    """Return whether a link's target counts as a claim, as it names a file."""
    return _NAMED.search(target) is not None


def _unlinked(text: str) -> str:
    """Replace Markdown links by their words, including the quotation's own where it ends here. Note
    marks go."""
    return _LINK.sub(lambda link: link["words"] or "", _LINK_END.sub("", text))


# ---- when ----------------------------------------------------------------------------


def _date(around: AttributionContext, side: NamedSide) -> str | None:
    for text in (around.after, f"({around.note})" if around.note else ""):
        match = PARENTHESIS.match(text)
        found = list(dates_in(match["inside"])) if match else []
        if len(found) == 1:
            return found[0].date
        if found:
            return None
    if side is NamedSide.NONE:
        return None
    # A date beside somebody else's name is not of this speaker.
    tied = list(_tied_before(around.before)) if side is not NamedSide.AFTER else []
    tied += _tied_after(around.after) if side is not NamedSide.BEFORE else []
    dates = list(dict.fromkeys(date.date for date in tied))
    return dates[0] if len(dates) == 1 else None


def _tied_before(before: str) -> Iterator[WrittenDate]:
    """Yield dates before the verb that names the speaking, or after it and before any "that"."""
    verbs = list(verbs_in(before))
    limit = verbs[-1].end() if verbs else len(before)
    that = _THAT.search(before, limit)
    stop = that.start() if that else len(before)
    for date in dates_in(before):
        introduced = _is_introduced(before, date)
        if date.end <= stop and (introduced and (not date.year_only or date.start >= limit)):
            yield date


def _tied_after(after: str) -> Iterator[WrittenDate]:
    verb = next(verbs_in(after[:120]), None)
    credit = CREDIT.match(after)
    if verb is None and credit is None:
        return
    that = _THAT.search(after, verb.end() if verb else 0)
    stop = that.start() if that else len(after)
    for date in dates_in(after[:stop]):
        if _is_introduced(after, date):
            yield date


def _is_introduced(text: str, date: WrittenDate) -> bool:
    """Return whether a date says when: it follows a preposition, comes first, or is a Russian day,
    which its case shows."""
    if date.start == 0 or _PREPOSITION.search(text[: date.start][-12:]):
        return True
    return _RUSSIAN_DAY.match(text, date.start, date.end) is not None


# ---- where ---------------------------------------------------------------------------


def _document(around: AttributionContext, known: KnownNames) -> tuple[str | None, str | None]:
    """Return the source or document title that the sentence cites."""
    for text in (f"{around.before} {around.after} {around.note}", around.sentence):
        files = {path for mention in _FILE.findall(text) for path in _sources_named(mention, known)}
        if len(files) == 1:
            return next(iter(files)), None
        titles = _titles_in(text, known.titles)
        if files or titles:
            return None, titles[0] if len(titles) == 1 else None
    return None, None


def _sources_named(mention: str, known: KnownNames) -> list[str]:
    """Return the sources that a file name or link can mean, by its last path components."""
    wanted = [part for part in mention.split("/") if part]
    for count in range(min(4, len(wanted)), 0, -1):
        fits = [path for path in known.sources if path.split("/")[-count:] == wanted[-count:]]
        if fits:
            return fits
    return []


def _titles_in(text: str, titles: Mapping[str, str]) -> list[str]:
    plain = plain_title(text)
    fits = [title for key, title in titles.items() if key in plain]
    return [title for title in fits if not any(title != o and title in o for o in fits)]
