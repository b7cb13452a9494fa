"""One HTML file that needs nothing else: quotes marked in their passages, no script, no link."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from qa.in_words import ShortName, attribution, conditions, place, warning_words
from qa.notebook.records import Exchange, Pin
from qa.records import Quote, Verdict
from qa.safe_text import one_line

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


def conversation_page(title: str, exchanges: Sequence[Exchange], short_name: ShortName) -> str:
    """A conversation as a page of its own."""
    parts = []
    for exchange in exchanges:
        parts.append(f'<h2 dir="auto">{_text(one_line(exchange.question))}</h2>')
        if narrowed := conditions(exchange.filters, short_name):
            parts.append(f'<p class="note">Searched only: {_text(narrowed)}.</p>')
        if exchange.verdict is Verdict.NOT_FOUND:
            parts.append("<p>Not found: no passage of the sources answers this.</p>")
        elif exchange.verdict is Verdict.WEAK:
            parts.append('<p class="note">Weak evidence: these passages may not answer it.</p>')
        parts += [_quote(quote, short_name) for quote in exchange.quotes]
    return _page(title, parts)


def notebook_page(pins: Sequence[Pin], short_name: ShortName) -> str:
    """The pinned quotes as a page of their own."""
    parts = []
    for pin in pins:
        parts.append(_quote(pin.quote, short_name))
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


def _quote(quote: Quote, short_name: ShortName) -> str:
    """The passage with the quote's exact span marked; the quote alone if it lies outside."""
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
        + "".join(
            f'<p class="note" dir="auto">{_text(f"Note: {message}: “{fuller}”")}</p>'
            for message, fuller in warning_words(quote)
        )
    )


def _around(text: str) -> str:
    return f'<span class="around">{_text(text)}</span>' if text else ""


def _text(text: str) -> str:
    return escape(text, quote=True)
