"""Conversations and notebooks in the forms that other programs read. Pure functions of records.

Each form is one module; `short_name` gives a source's name as it shall be shown, so that an
exported file tells nothing of where the library lies.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.export.annotations import web_annotations
from qa.export.bibtex import bibtex
from qa.export.csl import csl_json
from qa.export.markdown import conversation_markdown, notebook_markdown
from qa.export.web_page import conversation_page, notebook_page
from qa.in_words import ShortName
from qa.notebook.records import Exchange, Pin
from qa.records import Quote

__all__ = ["FORMATS", "Export", "export_conversation", "export_notebook"]

# Form → the ending of its files and their media type.
FORMATS = {
    "markdown": (".md", "text/markdown"),
    "html": (".html", "text/html"),
    "csl": (".json", "application/vnd.citationstyles.csl+json"),
    "bibtex": (".bib", "application/x-bibtex"),
    "annotations": (".jsonld", "application/ld+json"),
}
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Export:
    """One file to hand out; `name` is safe as a file name."""

    name: str
    media_type: str
    text: str


def export_conversation(
    title: str, exchanges: Sequence[Exchange], form: str, short_name: ShortName
) -> Export:
    """A conversation in one of FORMATS; the reference formats hold what was quoted in it."""
    if form == "markdown":
        return _named(title, form, conversation_markdown(title, exchanges, short_name))
    if form == "html":
        return _named(title, form, conversation_page(title, exchanges, short_name))
    quotes = [quote for exchange in exchanges for quote in exchange.quotes]
    return _named(title, form, _references(quotes, form, short_name))


def export_notebook(pins: Sequence[Pin], form: str, short_name: ShortName) -> Export:
    """The pinned quotes in one of FORMATS."""
    if form == "markdown":
        return _named("notebook", form, notebook_markdown(pins, short_name))
    if form == "html":
        return _named("notebook", form, notebook_page(pins, short_name))
    return _named("notebook", form, _references([pin.quote for pin in pins], form, short_name))


def _references(quotes: Sequence[Quote], form: str, short_name: ShortName) -> str:
    makers: dict[str, Callable[[Sequence[Quote], ShortName], str]] = {
        "csl": csl_json,
        "bibtex": bibtex,
        "annotations": web_annotations,
    }
    if form not in makers:
        raise ValueError(f"format {form!r}, expected one of {', '.join(FORMATS)}")
    return makers[form](quotes, short_name)


def _named(title: str, form: str, text: str) -> Export:
    ending, media_type = FORMATS[form]
    words = "".join(char if char.isalnum() else " " for char in title).split()
    name = "-".join(words)[:_LONGEST_NAME].strip("-").lower() or "conversation"
    return Export(name + ending, media_type, text)
