"""A page, time or chapter in words, as the terminal and the exports say it."""

from __future__ import annotations

from qa.records import Locator, LocatorKind

# A chapter whose own label says what it is: "Chapter 2", "Preface".
_DIVISIONS = frozenset(
    """
    chapter part section book appendix annex preface foreword introduction prologue epilogue
    afterword conclusion contents notes bibliography index глава часть раздел книга приложение
    предисловие введение пролог эпилог послесловие заключение содержание kapitel teil abschnitt
    anhang vorwort einleitung chapitre partie préface annexe capítulo parte prólogo capitolo
    """.split()
)


def place_form(locator: Locator) -> str:
    """What words a place needs beside its label: "page", "pages", "time", "chapter", or "named"
    for a chapter whose label needs none."""
    label = locator.label
    if locator.kind is LocatorKind.PAGE:
        return "pages" if "–" in label else "page"
    if locator.kind is LocatorKind.CHAPTER and _names_itself(label):
        return "named"
    return locator.kind.value


def place_words(locator: Locator) -> str:
    """Such as "page 12", "pages 12–13", "at 00:12:04" and "chapter II. The Sea"."""
    form = place_form(locator)
    if form == "named":
        return locator.label
    return f"{'at' if form == 'time' else form} {locator.label}"


def _names_itself(label: str) -> bool:
    first = label.split(None, 1)[:1]
    return bool(first) and first[0].strip(".,:;-–—").casefold() in _DIVISIONS
