"""BibTeX: one `@misc` entry a document that was quoted, special characters escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.export.csl import Work, works
from qa.in_words import ShortName, by_hand_words, locator_words
from qa.records import LocatorKind, Quote
from qa.safe_text import one_line

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    '"': r"{''}",
}
_SPECIAL = re.compile("[" + re.escape("".join(_ESCAPES)) + "]")


def bibtex(quotes: Sequence[Quote], short_name: ShortName) -> str:
    """The entries, in order of first mention; UTF-8, for biber or a modern BibTeX."""
    entries = [_entry(number, work, short_name) for number, work in enumerate(works(quotes), 1)]
    return "\n".join(entries)


def _entry(number: int, work: Work, short_name: ShortName) -> str:
    cited = work.citation
    name = short_name(cited.source)
    fields = {"title": "{" + _escape(cited.document or name) + "}"}
    if cited.speaker:
        # The inner braces keep "and" and commas within a name from being read as syntax.
        fields["author"] = "{" + _escape(cited.speaker) + "}"
    if cited.date:
        year, *rest = cited.date.split("-")
        fields["year"] = year
        if rest:
            fields["month"] = _MONTHS[int(rest[0]) - 1]
        fields["date"] = cited.date
    labels = [_escape(place.label) for place in work.places]
    if labels and cited.locator and cited.locator.kind is not LocatorKind.TIME:
        field = "pages" if cited.page else "chapter"
        # BibTeX writes a range with two hyphens.
        fields[field] = ", ".join(label.replace("–", "--") for label in labels)
    fields["howpublished"] = _escape(name)
    noted = [*(_noted(quote) for quote in work.quotes), by_hand_words(work.corrected)]
    fields["note"] = _escape("; ".join(filter(None, noted)))
    body = "".join(
        f"  {key} = {value},\n" if key == "month" else f"  {key} = {{{value}}},\n"
        for key, value in fields.items()
    )
    return f"@misc{{citewell-{number},\n{body}}}\n"


def _noted(quote: Quote) -> str:
    place = quote.citation.locator
    return f"“{quote.text}”" + (f" ({locator_words(place)})" if place else "")


def _escape(text: str) -> str:
    return _SPECIAL.sub(lambda match: _ESCAPES[match[0]], one_line(text))
