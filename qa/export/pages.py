"""Conversations and notebooks to be read, as Markdown and as one HTML file that needs nothing else;
in both what documents hold stays text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from html import escape

from qa.in_words import (
    ShortName,
    attribution,
    conditions,
    place,
    verdict_words,
    warning_words,
)
from qa.notebook.records import Exchange, Pin
from qa.records import Quote
from qa.safe_text import one_line

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~&$:=@^\"'%])")
_STYLE = """
:root { color-scheme: light dark; --line: #d8d4c8; --mark: #fbe7a1; --soft: #66615a; }
body { max-width: 44rem; margin: 3rem auto; padding: 0 1.2rem; line-height: 1.6;
       font-family: Charter, Georgia, serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; }
blockquote { margin: 1.2rem 0; padding: .2rem 0 .2rem 1rem; border-left: 3px solid var(--line);
             white-space: pre-wrap; }
mark { background: var(--mark); color: inherit; }
.around, cite, .note { color: var(--soft); }
cite { display: block; font-style: normal; font-size: .9rem; white-space: normal; }
@media (prefers-color-scheme: dark) {
  :root { --line: #4b4740; --mark: #5c4d14; --soft: #a8a297; }
}
"""


def _remarks(
    exchange: Exchange, short_name: ShortName, escaped: Callable[[str], str]
) -> Iterator[str]:
    """Yield what stands between a question and its quotes, the names of documents escaped."""
    if narrowed := conditions(exchange.filters, short_name):
        yield f"Searched only: {escaped(narrowed)}."
    if said := verdict_words(exchange.verdict):
        yield said


def _notes(quote: Quote) -> Iterator[str]:
    for message, fuller in warning_words(quote):
        yield f"Note: {message}: “{fuller}”"


# ---- Markdown (CommonMark) --------------------------------------------------------------


def conversation_markdown(title: str, exchanges: Sequence[Exchange], short_name: ShortName) -> str:
    """Return a conversation: questions as headings, quotes as block quotes with their citations."""
    parts = [f"# {_markdown(one_line(title))}"]
    for exchange in exchanges:
        parts.append(f"## {_markdown(one_line(exchange.question))}")
        parts += _remarks(exchange, short_name, _markdown)
        parts += [_markdown_quote(quote, short_name) for quote in exchange.quotes]
    return "\n\n".join(parts) + "\n"


def notebook_markdown(pins: Sequence[Pin], short_name: ShortName) -> str:
    """Return the pinned quotes, each with the question that it answered."""
    parts = ["# Notebook"]
    for pin in pins:
        asked = f"Asked: {_markdown(one_line(pin.question))}"
        parts += [_markdown_quote(pin.quote, short_name), asked]
    return "\n\n".join(parts) + "\n"


def _markdown_quote(quote: Quote, short_name: ShortName) -> str:
    words = "\n".join(f"> {_markdown(line)}" for line in quote.text.splitlines())
    who = _markdown(attribution(quote.citation))
    where = _markdown(place(quote.citation, short_name))
    said = "".join(f"\n>\n> {_markdown(note)}" for note in _notes(quote))
    return f"{words}\n>\n> — {who}\n> ({where}){said}"


def _markdown(text: str) -> str:
    """Return the text as Markdown that shows it: a backslash before ASCII punctuation makes it
    literal (CommonMark, 2.4)."""
    return _SPECIAL.sub(r"\\\1", text.strip())


# ---- HTML: quotes marked in their passages, no script, no link --------------------------


def conversation_page(title: str, exchanges: Sequence[Exchange], short_name: ShortName) -> str:
    """Return a conversation as a page of its own."""
    parts = []
    for exchange in exchanges:
        parts.append(f'<h2 dir="auto">{_text(one_line(exchange.question))}</h2>')
        for remark in _remarks(exchange, short_name, _text):
            parts.append(f'<p class="note">{remark}</p>')
        parts += [_html_quote(quote, short_name) for quote in exchange.quotes]
    return _page(title, parts)


def notebook_page(pins: Sequence[Pin], short_name: ShortName) -> str:
    """Return the pinned quotes as a page of their own."""
    parts = []
    for pin in pins:
        parts.append(_html_quote(pin.quote, short_name))
        parts.append(f'<p class="note" dir="auto">Asked: {_text(one_line(pin.question))}</p>')
    return _page("Notebook", parts)


def _page(title: str, parts: Sequence[str]) -> str:
    name = _text(one_line(title))
    # The policy is a second wall: nothing below could load or run anything even unescaped.
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{name}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f'<h1 dir="auto">{name}</h1>\n' + "\n".join(parts) + "\n</body>\n</html>\n"
    )


def _html_quote(quote: Quote, short_name: ShortName) -> str:
    """Return the passage with the quote's exact span marked; the quote alone if it lies outside."""
    cited = quote.citation
    low, high = quote.start - cited.passage_start, quote.end - cited.passage_start
    if low >= 0 and cited.passage[low:high] == quote.text:
        before, after = cited.passage[:low], cited.passage[high:]
    else:
        before = after = ""
    return (
        f'<blockquote dir="auto">{_around(before)}<mark>{_text(quote.text)}</mark>{_around(after)}'
        f'<cite dir="auto">— {_text(attribution(cited))}<br>{_text(place(cited, short_name))}'
        "</cite></blockquote>"
        + "".join(f'<p class="note" dir="auto">{_text(note)}</p>' for note in _notes(quote))
    )


def _around(text: str) -> str:
    return f'<span class="around">{_text(text)}</span>' if text else ""


def _text(text: str) -> str:
    return escape(text, quote=True)
