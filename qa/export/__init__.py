"""Conversations and notebooks in the forms that other programs read. Pure functions of records.

`short_name` gives a source's name as it shall be shown, so that an exported file tells nothing of
where the library lies.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.export.annotations import web_annotations
from qa.export.pages import (
    conversation_markdown,
    conversation_page,
    notebook_markdown,
    notebook_page,
)
from qa.export.references import bibtex, csl_json
from qa.in_words import ShortName
from qa.notebook.records import Exchange, Pin
from qa.records import Quote

__all__ = ["FORMATS", "Export", "export_conversation", "export_notebook"]

_Quotes = Callable[[Sequence[Quote], ShortName], str]


@dataclass(frozen=True, slots=True)
class _Form:
    """A form of export: the ending of its files, their media type, and what writes a conversation
    and a notebook in it."""

    ending: str
    media_type: str
    conversation: Callable[[str, Sequence[Exchange], ShortName], str]
    notebook: Callable[[Sequence[Pin], ShortName], str]


def _references(ending: str, media_type: str, write: _Quotes) -> _Form:
    """Return a form that holds only what was quoted."""

    def conversation(title: str, exchanges: Sequence[Exchange], short_name: ShortName) -> str:
        return write([quote for one in exchanges for quote in one.quotes], short_name)

    def notebook(pins: Sequence[Pin], short_name: ShortName) -> str:
        return write([pin.quote for pin in pins], short_name)

    return _Form(ending, media_type, conversation, notebook)


FORMATS = {
    "markdown": _Form(".md", "text/markdown", conversation_markdown, notebook_markdown),
    "html": _Form(".html", "text/html", conversation_page, notebook_page),
    "csl": _references(".json", "application/vnd.citationstyles.csl+json", csl_json),
    "bibtex": _references(".bib", "application/x-bibtex", bibtex),
    "annotations": _references(".jsonld", "application/ld+json", web_annotations),
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
    """Return a conversation in one of FORMATS; reference formats hold what was quoted in it.

    Raises ValueError for a form of another name.
    """
    chosen = _form(form)
    return _named(title, chosen, chosen.conversation(title, exchanges, short_name))


def export_notebook(pins: Sequence[Pin], form: str, short_name: ShortName) -> Export:
    """Return the pinned quotes in one of FORMATS. Raises ValueError for a form of another name."""
    chosen = _form(form)
    return _named("notebook", chosen, chosen.notebook(pins, short_name))


def _form(name: str) -> _Form:
    if name not in FORMATS:
        raise ValueError(f"format {name!r}, expected one of {', '.join(FORMATS)}")
    return FORMATS[name]


def _named(title: str, form: _Form, text: str) -> Export:
    words = "".join(char if char.isalnum() else " " for char in title).split()
    name = "-".join(words)[:_LONGEST_NAME].strip("-").lower() or "conversation"
    return Export(name + form.ending, form.media_type, text)
