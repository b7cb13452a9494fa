"""The report as one self-contained HTML page: the draft beside the sources."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from qa.check.records import CheckedQuotation, CheckReport
from qa.check.reports.wording import (
    grouped,
    outcome_words,
    place_words,
    summary,
)

_STYLE = """
:root{color-scheme:light dark;--ok:#2e7d32;--warn:#9a6700;--bad:#c62828;--line:#8884}
body{font:16px/1.5 system-ui,sans-serif;margin:0;padding:1.5rem;max-width:1400px}
main{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:2rem}
pre{white-space:pre-wrap;font:inherit;overflow-wrap:anywhere}
mark{background:none;color:inherit;text-decoration:underline 3px}
mark.ok{text-decoration-color:var(--ok)}mark.warn{text-decoration-color:var(--warn)}
mark.bad{text-decoration-color:var(--bad);text-decoration-style:wavy}
article{border-left:4px solid var(--line);padding:0 1rem;margin:0 0 1.5rem}
article.ok{border-color:var(--ok)}article.warn{border-color:var(--warn)}
article.bad{border-color:var(--bad)}
blockquote{margin:.5rem 0;padding-left:.75rem;border-left:2px solid var(--line)}
.where{color:#777;font-size:.875rem;overflow-wrap:anywhere}
del{color:var(--bad)}ins{color:var(--ok)}
@media(max-width:800px){main{grid-template-columns:1fr}}
"""


def report_html(report: CheckReport, name: str) -> str:
    """Return the page. It runs no script and fetches nothing."""
    title = f"Quotations in {escape(name)}"
    return "".join(
        (
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width,initial-scale=1">',
            '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; ',
            "style-src 'unsafe-inline'\">",
            f"<title>{title}</title><style>{_STYLE}</style></head><body>",
            f"<h1>{title}</h1><p>{escape(summary(report))}</p>",
            *(f"<p><strong>Warning:</strong> {escape(w.message)}.</p>" for w in report.warnings),
            "<main>",
            f'<section aria-label="Draft"><h2>Draft</h2><pre>{_draft(report)}</pre></section>',
            '<section aria-label="Sources"><h2>Sources</h2>',
            *(_article(number, q) for number, q in enumerate(report.quotations, 1)),
            _citations(report),
            "</section></main></body></html>\n",
        )
    )


def _citations(report: CheckReport) -> str:
    """Return the draft's citation tokens and what became of them."""
    if not report.citations:
        return ""
    rows = (
        f'<li class="{"ok" if cited.ok else "bad"}"><a href="#c{number}">'
        f"<code>{escape(cited.token)}</code></a> {cited.standing.value}: "
        f"{escape(cited.message)}</li>"
        for number, cited in enumerate(report.citations, 1)
    )
    return f"<h2>Citations</h2><ul>{''.join(rows)}</ul>"


def _draft(report: CheckReport) -> str:
    """Return the draft with its outermost quotations and its citation tokens marked and linked."""
    found: list[tuple[int, int, str, str]] = [
        (
            one.start,
            one.end,
            f'<a href="#q{number}" id="d{number}">{_mark(_class(one))}',
            f"{number}",
        )
        for number, one in enumerate(report.quotations, 1)
    ]
    found += [
        (one.start, one.end, f'<a id="c{number}">{_mark("ok" if one.ok else "bad")}', "")
        for number, one in enumerate(report.citations, 1)
    ]
    parts: list[str] = []
    at = 0
    for start, end, opening, number in sorted(found, key=lambda one: (one[0], -one[1])):
        if start < at:
            continue
        sign = f"<sup>{number}</sup>" if number else ""
        parts.append(escape(report.draft[at:start]))
        parts.append(f"{opening}{escape(report.draft[start:end])}</mark>{sign}</a>")
        at = end
    parts.append(escape(report.draft[at:]))
    return "".join(parts)


def _mark(kind: str) -> str:
    return f'<mark class="{kind}">'


def _class(quotation: CheckedQuotation) -> str:
    if not quotation.ok:
        return "bad"
    return "warn" if quotation.warnings else "ok"


def _article(number: int, quotation: CheckedQuotation) -> str:
    return "".join(
        (
            f'<article id="q{number}" class="{_class(quotation)}"><h3><a href="#d{number}">',
            f"{number}. {quotation.verdict.value}</a></h3>",
            f"<blockquote>{escape(quotation.text)}</blockquote>",
            f"<p>{escape(outcome_words(quotation))}.</p>",
            *_details(quotation),
            "</article>",
        )
    )


def _details(quotation: CheckedQuotation) -> Iterator[str]:
    for note in quotation.notes:
        yield f"<p>{escape(note.message)}</p>"
    for change in quotation.changes:
        yield (
            f"<p>{escape(change.kind)}: <del>{escape(change.draft)}</del> "
            f"<ins>{escape(change.source)}</ins></p>"
        )
    for match in quotation.matches[:10]:
        yield (
            f"<blockquote><pre>{escape(match.text)}</pre></blockquote>"
            f'<p class="where">{escape(place_words(match))}</p>'
        )
    for message, words in grouped(quotation.warnings):
        fuller = f"<blockquote>{escape(words)}</blockquote>" if words else ""
        yield f"<p><strong>Warning:</strong> {escape(message)}</p>{fuller}"
