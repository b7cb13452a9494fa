"""Quotes made by hand, for tests of what is done with quotes."""

from __future__ import annotations

from qa.records import Citation, Locator, LocatorKind, Quote, TurnKind


def make_quote(
    text: str,
    *,
    source: str = "/srv/papers/minutes.txt",
    document: str | None = "Minutes",
    date: str | None = "2024-05-01",
    speaker: str | None = "Olav Brandt",
    role: str | None = "Chairman",
    page: str | None = None,
    start: int = 100,
    before: str = "Before. ",
    after: str = " After.",
    matched: tuple[str, ...] = ("pier",),
) -> Quote:
    """A quote at `start`, within a passage that holds `before` and `after` around it."""
    citation = Citation(
        source=source,
        document=document,
        date=date,
        speaker=speaker,
        role=role,
        kind=TurnKind.SPEECH,
        start=start,
        end=start + len(text),
        lines=(7, 8),
        locator=Locator(LocatorKind.PAGE, page) if page else None,
        prefix=before,
        suffix=after,
        passage=before + text + after,
        passage_start=start - len(before),
    )
    return Quote(text, start, start + len(text), citation, 1.5, matched)
