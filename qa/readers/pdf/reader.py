"""PDF: the text of its pages in reading order, with the pages' labels."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect

from qa.errors import ReadError
from qa.readers.pdf.columns import Column, Gutters, find_columns
from qa.readers.pdf.document import PdfDocument, open_document
from qa.readers.pdf.drawing import PageRuns, read_runs
from qa.readers.pdf.encodings import UNKNOWN
from qa.readers.pdf.fonts import Fonts
from qa.readers.pdf.kinds import PdfParagraph, Placed, measure
from qa.readers.pdf.lines import make_pieces
from qa.readers.pdf.pages import Lack, Page, declared_title, page_labels, reading_notes, why_no_text
from qa.readers.pdf.paragraphs import PageColumns, find_paragraphs
from qa.readers.pdf.running_heads import running_lines
from qa.readers.pdf.syntax import Damaged
from qa.records import Block, BlockKind, Locator, LocatorKind, LocatorMark, SourceText

_MOST_PAGES = 20_000
_MOST_CHARACTERS = 64 * 1024 * 1024
# Of a page whose fonts don't tell so many of its letters that is told; a page of which they tell
# no more than the rest is as good as a picture.
_MANY_UNKNOWN, _MOST_UNKNOWN = 0.3, 0.6
# A character of a fixed pitch is about so wide, in ems.
_PITCH = 0.6
_DEEPEST_INDENT = 60


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
    with _quiet():
        try:
            return _read(data, path)
        except (ReadError, MemoryError):
            raise
        except RecursionError as error:
            raise ReadError(path, "is nested too deeply to be a sound PDF") from error
        except Exception as error:
            # A damaged file makes pdfminer raise nearly anything, not its own errors alone.
            raise ReadError(path, f"is damaged, cut off or no PDF ({_said(error)})") from error


def _read(data: bytes, path: Path) -> SourceText:
    document = _opened(data, path)
    found = document.pages(_MOST_PAGES)
    count = len(found)
    if not count:
        raise ReadError(path, "is damaged, cut off or no PDF (it has no pages)")
    if count > _MOST_PAGES:
        raise ReadError(path, f"has {count:,} pages, more than {_MOST_PAGES:,}; split it")
    pages = _pages(found, path)
    labels = page_labels(document, count)
    if not any(page.columns or page.turned for page in pages):
        raise ReadError(path, why_no_text(pages))
    columns = _without_running(pages)
    paragraphs = find_paragraphs(
        columns, measure([one for page in columns for one in (*page.columns, *page.turned)])
    )
    text, blocks, marks = _written(paragraphs, labels)
    return SourceText(
        text=text,
        format="pdf",
        reader="pdf/2",
        blocks=blocks,
        title=declared_title(document, path),
        locators=marks,
        notes=reading_notes(pages, labels),
    )


def _opened(data: bytes, path: Path) -> PdfDocument:
    if b"%PDF-" not in data[:1024]:
        raise ReadError(path, "is no PDF: it does not begin as one")
    try:
        return open_document(data)
    except PDFPasswordIncorrect as error:
        raise ReadError(
            path, "is encrypted with a password; save a copy without a password"
        ) from error
    except PDFEncryptionError as error:
        raise ReadError(
            path, "is encrypted in a way that is not known here; save a copy without a password"
        ) from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Within it pdfminer's warnings about files go nowhere."""
    logger = logging.getLogger("pdfminer")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(level)


# ---- pages -----------------------------------------------------------------------------


def _pages(found: list[dict[str, Any]], path: Path) -> list[Page]:
    fonts, gutters = Fonts(), Gutters()
    pages: list[Page] = []
    characters = 0
    for entries in found:
        page = _one_page(entries, fonts, gutters)
        for column in (*page.columns, *page.turned):
            characters += sum(len(line.text) for line in column.lines)
        if characters > _MOST_CHARACTERS:
            raise ReadError(path, f"holds more than {_MOST_CHARACTERS:,} characters; split it")
        pages.append(page)
    return pages


def _one_page(entries: dict[str, Any], fonts: Fonts, gutters: Gutters) -> Page:
    try:
        found = read_runs(entries, fonts)
    except MemoryError:
        raise
    except Exception as error:
        # One damaged page costs that page; what pdfminer raises for it may be anything.
        return Page(lack=Lack.DAMAGED, failure=_said(error))
    words = "".join(run.text for run in found.runs)
    if not words:
        return Page(lack=Lack.PICTURES if found.pictures else Lack.BLANK)
    unknown = words.count(UNKNOWN) / len(words)
    page = Page() if unknown > _MOST_UNKNOWN else _laid_out(found, gutters)
    page.lack = Lack.LETTERS if unknown > _MANY_UNKNOWN else None
    return page


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


# ---- text ------------------------------------------------------------------------------


def _written(
    paragraphs: Sequence[PdfParagraph], labels: Sequence[str]
) -> tuple[str, tuple[Block, ...], tuple[LocatorMark, ...]]:
    """The text, with a line end where the page has one.

    An empty line stands between paragraphs that the page sets apart by space, indentation or
    type; a line end alone where only a short last line shows that one ends.

    `labels` are the pages' labels by their position in the file. A mark stands where the text
    of a page begins, also inside a paragraph.
    """
    pieces: list[str] = []
    blocks: list[Block] = []
    marks: list[LocatorMark] = []
    at = 0
    page: int | None = None
    for paragraph in paragraphs:
        if paragraph.apart and pieces:
            pieces.append("\n")
            at += 1
        start = at
        for placed in paragraph.lines:
            words = _words(placed, paragraph)
            if placed.page != page:
                page = placed.page
                marks.append(LocatorMark(at, Locator(LocatorKind.PAGE, labels[page])))
            pieces.append(words + "\n")
            at += len(words) + 1
        blocks.append(Block(paragraph.kind, start, at - 1, paragraph.level))
    return "".join(pieces), tuple(blocks), tuple(marks)


def _words(placed: Placed, paragraph: PdfParagraph) -> str:
    line = placed.line
    if paragraph.kind is BlockKind.TABLE:
        return "\t".join(cell for cell, _, _ in line.cells)
    if paragraph.kind is BlockKind.CODE:
        first = paragraph.lines[0].line
        left = min(one.line.x0 for one in paragraph.lines if one.page == placed.page)
        indent = int((line.x0 - left) / (_PITCH * first.size) + 0.5)
        return " " * min(indent, _DEEPEST_INDENT) + line.text
    return line.text


def _said(error: Exception) -> str:
    """What went wrong, in one short line."""
    if isinstance(error, RecursionError):
        return "nested too deeply"
    # What Python or pdfminer says of their own parts tells nobody anything about their file.
    return str(error) if isinstance(error, Damaged) else "its parts contradict each other"
