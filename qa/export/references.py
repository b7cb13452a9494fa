"""The documents that were quoted, for reference managers: CSL-JSON and BibTeX, one item a document
and speaker."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qa.in_words import ShortName, by_hand_words, locator_words
from qa.records import Citation, Locator, LocatorKind, Quote
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


@dataclass(frozen=True, slots=True)
class Work:
    """One document of a source, by one speaker where that is known; `quotes` from it."""

    citation: Citation
    quotes: tuple[Quote, ...]

    @property
    def places(self) -> tuple[Locator, ...]:
        """The pages, times or chapters of the quotes, each once, in order of first mention."""
        found = (quote.citation.locator for quote in self.quotes)
        return tuple(dict.fromkeys(place for place in found if place is not None))

    @property
    def corrected(self) -> tuple[str, ...]:
        """Which of its names were corrected by hand for any of the quotes."""
        return tuple(name for quote in self.quotes for name in quote.citation.corrected)


def works(quotes: Sequence[Quote]) -> list[Work]:
    """Return the documents that the quotes come from, in order of first mention."""
    found: dict[tuple[str, str | None, str | None, str | None], list[Quote]] = {}
    for quote in quotes:
        cited = quote.citation
        key = (cited.source, cited.document, cited.date, cited.speaker)
        if quote not in found.setdefault(key, []):
            found[key].append(quote)
    return [Work(group[0].citation, tuple(group)) for group in found.values()]


# ---- CSL-JSON, the input of citation processors --------------------------------------


def csl_json(quotes: Sequence[Quote], short_name: ShortName) -> str:
    """Return an array of CSL items; the quoted words stand in `note`."""
    items = [_csl_item(number, work, short_name) for number, work in enumerate(works(quotes), 1)]
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def _csl_item(number: int, work: Work, short_name: ShortName) -> dict[str, Any]:
    cited = work.citation
    name = one_line(short_name(cited.source))
    noted = [*(_csl_note(quote) for quote in work.quotes), by_hand_words(work.corrected)]
    item: dict[str, Any] = {
        "id": f"citewell-{number}",
        "type": "speech" if cited.speaker else "document",
        "title": one_line(cited.document) if cited.document else name,
        "source": name,
        "note": "\n".join(filter(None, noted)),
    }
    if cited.speaker:
        # The parts of a name can't be told apart for sure; a literal is not taken apart.
        item["author"] = [{"literal": one_line(cited.speaker)}]
    if cited.date:
        item["issued"] = {"date-parts": [[int(part) for part in cited.date.split("-")]]}
    labels = ", ".join(one_line(place.label) for place in work.places)
    if labels:
        # An item has no field for the kind of its locator (CSL-JSON 1.0.2): the note says it.
        item["page" if cited.page else "locator"] = labels
    return item


def _csl_note(quote: Quote) -> str:
    place = quote.citation.locator
    at = f"{one_line(locator_words(place))}, " if place else ""
    return f"“{quote.text}” ({at}characters {quote.start}–{quote.end})"


# ---- BibTeX: an `@misc` entry each, special characters escaped ---------------------------


def bibtex(quotes: Sequence[Quote], short_name: ShortName) -> str:
    """Return the entries, in order of first mention; UTF-8, for biber or a modern BibTeX."""
    entries = [
        _bibtex_entry(number, work, short_name) for number, work in enumerate(works(quotes), 1)
    ]
    return "\n".join(entries)


def _bibtex_entry(number: int, work: Work, short_name: ShortName) -> str:
    cited = work.citation
    name = short_name(cited.source)
    fields = {"title": "{" + _bibtex(cited.document or name) + "}"}
    if cited.speaker:
        # The inner braces keep "and" and commas within a name from being read as syntax.
        fields["author"] = "{" + _bibtex(cited.speaker) + "}"
    if cited.date:
        year, *rest = cited.date.split("-")
        fields["year"] = year
        if rest:
            fields["month"] = _MONTHS[int(rest[0]) - 1]
        fields["date"] = cited.date
    labels = [_bibtex(place.label) for place in work.places]
    if labels and cited.locator and cited.locator.kind is not LocatorKind.TIME:
        field = "pages" if cited.page else "chapter"
        # BibTeX writes a range with two hyphens.
        fields[field] = ", ".join(label.replace("–", "--") for label in labels)
    fields["howpublished"] = _bibtex(name)
    noted = [*(_bibtex_note(quote) for quote in work.quotes), by_hand_words(work.corrected)]
    fields["note"] = _bibtex("; ".join(filter(None, noted)))
    body = "".join(
        f"  {key} = {value},\n" if key == "month" else f"  {key} = {{{value}}},\n"
        for key, value in fields.items()
    )
    return f"@misc{{citewell-{number},\n{body}}}\n"


def _bibtex_note(quote: Quote) -> str:
    place = quote.citation.locator
    return f"“{quote.text}”" + (f" ({locator_words(place)})" if place else "")


def _bibtex(text: str) -> str:
    return _SPECIAL.sub(lambda match: _ESCAPES[match[0]], one_line(text))
