"""PDF: the text of its pages in reading order, with the pages' labels."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

from qa.errors import ReadError
from qa.readers.pdf.columns import Column, Gutters, find_columns
from qa.readers.pdf.drawing import Fonts
from qa.readers.pdf.edges import running_lines
from qa.readers.pdf.fonts import UNKNOWN
from qa.readers.pdf.lines import make_pieces
from qa.readers.pdf.measures import measure
from qa.readers.pdf.pages import Lack, Page, declared_title, page_labels, reading_notes, why_no_text
from qa.readers.pdf.paragraphs import PageColumns, find_paragraphs
from qa.readers.pdf.runs import PageRuns, read_runs
from qa.readers.pdf.text import write_text
from qa.records import SourceText

SUFFIXES = (".pdf",)

_MOST_PAGES = 20_000
_MOST_CHARACTERS = 64 * 1024 * 1024
# A page whose fonts don't tell more of its letters than this is as good as a picture.
_MOST_UNKNOWN = 0.3
# pypdf's own limits, lowered: a page's instructions are a few hundred kB, its largest fonts
# some MB. Sizes in bytes; a content stream's tokens take some hundred bytes each.
_LIMITS: dict[str, Any] = {
    "maximum_declared_stream_length": 64_000_000,
    "array_based_stream_maximum_output_length": 32_000_000,
    "zlib_maximum_output_length": 32_000_000,
    "lzw_maximum_output_length": 32_000_000,
    "run_length_maximum_output_length": 32_000_000,
    "brotli_maximum_output_length": 32_000_000,
    "stream_decoding_work_maximum_length": 96_000_000,
    "stream_parsing_work_maximum_count": 800_000,
    "page_tree_maximum_entries": 2 * _MOST_PAGES,
    "page_tree_maximum_page_entries": 40 * _MOST_PAGES,
}
# How pypdf names an object, with an address that is another each time.
_OBJECT = re.compile(r"IndirectObject\((\d+), \d+, \d+\)")


def read_pdf(data: bytes, path: Path) -> SourceText:
    """The text of a PDF as its pages show it.

    Lines end where they end on the page, hyphens and ligatures stay as they are; paragraphs,
    headings, bullet points and tables are blocks with an empty line between them, and one that
    goes on over the end of a column or page is one block. Running heads, running feet and page
    numbers (see `running_lines`), watermarks at a slant and what a tagged file marks as
    pagination are no part of the text; form fields and comments neither. A mark with the
    page's label stands where each page's text begins. Pages without text are told in `notes`.

    Raises ReadError for a file that is damaged, needs a password, has too many pages or text,
    or holds no text.
    """
    with _quiet_and_limited():
        try:
            return _read(data, path)
        except (ReadError, MemoryError):
            raise
        except RecursionError as error:
            raise ReadError(path, "is nested too deeply to be a sound PDF") from error
        except Exception as error:
            # A damaged file makes pypdf raise nearly anything, not its own errors alone.
            raise ReadError(path, f"is damaged, cut off or no PDF ({_said(error)})") from error


def _read(data: bytes, path: Path) -> SourceText:
    reader = _opened(data, path)
    count = len(reader.pages)
    if not count:
        raise ReadError(path, "is damaged, cut off or no PDF (it has no pages)")
    if count > _MOST_PAGES:
        raise ReadError(path, f"has {count:,} pages, more than {_MOST_PAGES:,}; split it")
    pages = _pages(reader, count, path)
    labels = page_labels(reader, count)
    if not any(page.columns or page.turned for page in pages):
        raise ReadError(path, why_no_text(pages))
    columns = _without_running(pages)
    paragraphs = find_paragraphs(
        columns, measure([one for page in columns for one in (*page.columns, *page.turned)])
    )
    text, blocks, marks = write_text(paragraphs, labels)
    return SourceText(
        text=text,
        format="pdf",
        reader="pdf/1",
        blocks=blocks,
        title=declared_title(reader, path),
        locators=marks,
        notes=reading_notes(pages, labels),
    )


def _opened(data: bytes, path: Path) -> Any:
    from pypdf import PasswordType, PdfReader
    from pypdf.errors import DependencyError

    if b"%PDF-" not in data[:1024]:
        raise ReadError(path, "is no PDF: it does not begin as one")
    reader = PdfReader(BytesIO(data))
    if reader.is_encrypted:
        try:
            opened = reader.decrypt("") != PasswordType.NOT_DECRYPTED
        except DependencyError as error:
            raise ReadError(
                path,
                "is encrypted with AES, which needs the package cryptography; install it, or "
                "save a copy without a password",
            ) from error
        if not opened:
            raise ReadError(path, "is encrypted with a password; save a copy without a password")
    return reader


@contextmanager
def _quiet_and_limited() -> Iterator[None]:
    """Within it pypdf keeps to our limits, and its warnings about files go nowhere."""
    from pypdf import apply_configuration

    logger = logging.getLogger("pypdf")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        with apply_configuration(disable_legacy_handling=True, **_LIMITS):
            yield
    finally:
        logger.setLevel(level)


# ---- pages -----------------------------------------------------------------------------


def _pages(reader: Any, count: int, path: Path) -> list[Page]:
    fonts, gutters = Fonts(), Gutters()
    pages: list[Page] = []
    characters = 0
    for number in range(count):
        page = _one_page(reader, number, fonts, gutters)
        for column in (*page.columns, *page.turned):
            characters += sum(len(line.text) for line in column.lines)
        if characters > _MOST_CHARACTERS:
            raise ReadError(path, f"holds more than {_MOST_CHARACTERS:,} characters; split it")
        pages.append(page)
    return pages


def _one_page(reader: Any, number: int, fonts: Fonts, gutters: Gutters) -> Page:
    try:
        found = read_runs(reader.pages[number], fonts)
    except MemoryError:
        raise
    except Exception as error:
        # One damaged page costs that page; what pypdf raises for it may be anything.
        return Page(lack=Lack.DAMAGED, failure=_said(error))
    words = "".join(run.text for run in found.runs)
    if words.count(UNKNOWN) > _MOST_UNKNOWN * len(words):
        return Page(lack=Lack.LETTERS)
    if not words:
        return Page(lack=Lack.PICTURES if found.pictures else Lack.BLANK)
    return _laid_out(found, gutters)


def _laid_out(found: PageRuns, gutters: Gutters) -> Page:
    """The page's columns; words that run in another direction than most make their own."""
    by_turn: dict[int, list[Any]] = {}
    for run in found.runs:
        by_turn.setdefault(run.turned, []).append(run)
    main = max(by_turn, key=lambda turn: sum(len(run.text) for run in by_turn[turn]))
    page = Page(height=found.height if main % 2 == 0 else found.width)
    for turn, runs in sorted(by_turn.items()):
        pieces = make_pieces(runs)
        if turn == main:
            page.columns = find_columns(pieces, gutters)
        else:
            page.turned += find_columns(pieces, Gutters())
    return page


def _without_running(pages: list[Page]) -> list[PageColumns]:
    lines = [[line for column in page.columns for line in column.lines] for page in pages]
    running = running_lines(lines, [page.height for page in pages])
    result: list[PageColumns] = []
    for number, page in enumerate(pages):
        at = 0
        kept: list[Column] = []
        for column in page.columns:
            left = tuple(
                line for at, line in enumerate(column.lines, at) if (number, at) not in running
            )
            at += len(column.lines)
            if left:
                kept.append(replace(column, lines=left))
        result.append(PageColumns(number, kept, page.turned))
    return result


def _said(error: Exception) -> str:
    """What went wrong, in one short line."""
    if isinstance(error, RecursionError):
        return "nested too deeply"
    from pypdf.errors import PyPdfError

    if not isinstance(error, (PyPdfError, ReadError)):
        # What Python says of pypdf's code tells nobody anything about their file.
        return "its parts contradict each other"
    words = _OBJECT.sub(r"object \1", " ".join(str(error).split()))[:160].rstrip(".")
    return words if words and not words.startswith("<") else error.__class__.__name__
