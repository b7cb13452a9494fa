"""What a PDF says besides its text: page labels, title, and which pages have no text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import Any

from pdfminer.pdfexceptions import PDFException
from pdfminer.pdftypes import dict_value, int_value, resolve1
from pdfminer.psparser import literal_name
from pdfminer.utils import format_int_roman

from qa.readers.declared import collapsed
from qa.readers.pdf.columns import Column
from qa.readers.pdf.document import PdfDocument, numbers
from qa.readers.pdf.syntax import text_string

_LONGEST_LABEL = 40
_LONGEST_TITLE = 400
_LONGEST_LIST = 12

# What programs write into the title's field when nobody has given one.
_NO_TITLE = re.compile(
    r"(?:untitled|no title|title|document|dokument|без имени|без названия|unbenannt|sans titre|"
    r"slide|layout|print|scan(?:ned document)?|blank|new document|doc)[\s_-]*\d*",
    re.IGNORECASE,
)
_FILE_NAME = re.compile(
    r"\S*[\\/]\S*[\\/].*|.*\.(?:docx?|odt|rtf|txt|tex|dvi|e?ps|pdf|indd|qxd|pptx?|xlsx?|p65|pmd|"
    r"wpd|html?|md|fm|cdr|ai|pub|pages|tmp)",
    re.IGNORECASE,
)
_FROM_PROGRAM = re.compile(r"Microsoft (?:Word|PowerPoint|Excel) ?[-–] ?", re.IGNORECASE)


class Lack(Enum):
    """Why a page has no text, or not all of it."""

    BLANK = auto()
    PICTURES = auto()
    LETTERS = auto()
    DAMAGED = auto()


@dataclass(slots=True)
class Page:
    """One page's columns, or what it lacks; `failure` is what was wrong with a damaged one."""

    columns: list[Column] = field(default_factory=list)
    turned: list[Column] = field(default_factory=list)
    height: float = 0.0
    lack: Lack | None = None
    failure: str = ""


def page_labels(document: PdfDocument, pages: int) -> list[str]:
    """The pages' labels as a viewer shows them, by position; the number where there is none."""
    try:
        ranges = numbers(document.catalog.get("PageLabels"))
    except PDFException:  # a damaged tree costs the labels, not the text
        ranges = {}
    labels = []
    style, first = {}, 0
    for page in range(pages):
        if page in ranges:
            style, first = dict_value(ranges[page]), page
        label = collapsed("".join(filter(str.isprintable, _label(style, page - first)))) or ""
        labels.append(label if 0 < len(label) <= _LONGEST_LABEL else str(page + 1))
    return labels


def _label(style: dict[str, Any], at: int) -> str:
    """The label of a page that is `at` pages after the first of its style; "" for none."""
    number = int_value(style.get("St", 1)) + at
    kind = literal_name(resolve1(style["S"])) if "S" in style else None
    prefix = text_string(style.get("P"))
    if kind is None:
        return prefix
    if kind == "D":
        return f"{prefix}{number}"
    if kind in ("R", "r") and 0 < number < 4000:
        roman = format_int_roman(number)
        return prefix + (roman.upper() if kind == "R" else roman)
    if kind in ("A", "a") and 0 < number <= 26 * _LONGEST_LABEL:
        times, letter = divmod(number - 1, 26)
        return prefix + chr(ord(kind) + letter) * (times + 1)
    return ""


def declared_title(document: PdfDocument, path: Path) -> str | None:
    """The title in the document information, unless it is a file's name or a program's filler.

    The dates there say when the file was made, not when the document was written, so a PDF
    declares no date.
    """
    value = next((text_string(info["Title"]) for info in document.info if "Title" in info), "")
    printable = "".join(c if c.isprintable() else " " for c in value[: 2 * _LONGEST_TITLE])
    title = collapsed(printable)
    if title is None or len(title) > _LONGEST_TITLE or not any(map(str.isalpha, title)):
        return None
    from_program = _FROM_PROGRAM.match(title)
    bare = title[from_program.end() :] if from_program else title
    named = bare.casefold() in (path.stem.casefold(), path.name.casefold()) and " " not in bare
    if from_program or named or "\ufffd" in bare:
        return None
    return None if _NO_TITLE.fullmatch(bare) or _FILE_NAME.fullmatch(bare) else bare


def _listed(labels: Sequence[str]) -> str:
    """Page labels in words: "page 4", "pages 2, 5-9 and 3 more"."""
    spans: list[list[str]] = []
    for label in labels:
        last = spans[-1][-1] if spans else ""
        if label.isdecimal() and last.isdecimal() and int(label) == int(last) + 1:
            spans[-1] = [spans[-1][0], label]
        else:
            spans.append([label])
    shown = ["-".join(span) for span in spans[:_LONGEST_LIST]]
    rest = len(spans) - len(shown)
    words = ", ".join(shown) + (f" and {rest} more" if rest else "")
    return f"{'page' if len(labels) == 1 else 'pages'} {words}"


def why_no_text(pages: list[Page]) -> str:
    """Why a PDF without any text has none."""
    number = "its only page is" if len(pages) == 1 else f"its {len(pages):,} pages are"
    lacks = {page.lack for page in pages}
    if Lack.DAMAGED in lacks:
        return f"is damaged: none of its pages can be read ({_first_failure(pages)})"
    if Lack.LETTERS in lacks:
        return "has no readable text: its fonts don't say which letters they draw; run OCR first"
    if Lack.PICTURES in lacks:
        pictures = "an image" if len(pages) == 1 else "images"
        return f"has no text: {number} {pictures} (scanned); run OCR first"
    return f"has no text: {number} blank or drawn without letters"


def reading_notes(pages: list[Page], labels: list[str]) -> tuple[str, ...]:
    """What of the file could not be read, page by page."""
    notes: list[str] = []
    for reason in Lack:
        found = [label for label, page in zip(labels, pages, strict=True) if page.lack is reason]
        if not found:
            continue
        verb, them = ("has", "it") if len(found) == 1 else ("have", "them")
        said = f"{_listed(found)} (of {len(pages):,} pages)"
        if reason is Lack.PICTURES:
            notes.append(
                f"{said} {verb} no text, only pictures; if scanned, run OCR to read {them}"
            )
        elif reason is Lack.LETTERS:
            notes.append(f"{said} {verb} fonts that don't say which letters they draw; run OCR")
        elif reason is Lack.DAMAGED:
            notes.append(f"{said} could not be read ({_first_failure(pages)})")
    return tuple(notes)


def _first_failure(pages: list[Page]) -> str | None:
    return next((page.failure for page in pages if page.failure), None)
