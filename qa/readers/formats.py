"""The table of formats: which reader, of which version, takes which files."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from qa.records import SourceText

Reader = Callable[[bytes, Path], SourceText]


@dataclass(frozen=True, slots=True)
class Format:
    """One format. `name` is what `SourceText.format` says and `reader` what `SourceText.reader`
    says: a library reads a file again when the table names another reader than it stored.
    `suffixes` are in lower case. `function` of `module` reads; it is imported on use.
    `marked`: such a file begins with marks by which it is known, whatever its name.
    """

    name: str
    reader: str
    suffixes: tuple[str, ...]
    module: str
    function: str
    described: str
    marked: bool = False

    def load(self) -> Reader:
        """The function that reads it."""
        reader: Reader = getattr(importlib.import_module(self.module), self.function)
        return reader


def _format(
    reader: str, suffixes: str, module: str, function: str, described: str, *, marked: bool = False
) -> Format:
    name = reader.partition("/")[0]
    return Format(
        name, reader, tuple(suffixes.split()), f"qa.readers.{module}", function, described, marked
    )


TEXT = _format("text/1", ".txt .text", "plain", "read_plain", "a text file")
MARKDOWN = _format(
    "markdown/1", ".md .markdown .mdown .mkd", "plain", "read_markdown", "a Markdown file"
)
HTML = _format("html/1", ".html .htm .xhtml", "html.reader", "read_html", "an HTML page")
PDF = _format("pdf/1", ".pdf", "pdf.reader", "read_pdf", "a PDF file", marked=True)
DOCX = _format("docx/1", ".docx", "docx.reader", "read_docx", "a Word document", marked=True)
ODT = _format("odt/1", ".odt", "odt", "read_odt", "an OpenDocument text", marked=True)
RTF = _format("rtf/1", ".rtf", "rtf.reader", "read_rtf", "an RTF document", marked=True)
EPUB = _format("epub/1", ".epub", "epub.reader", "read_epub", "an EPUB book", marked=True)
# A draft to be checked is read with its links and its footnotes' places; see docx_draft.py.
DOCX_DRAFT = _format("docx-draft/1", "", "docx.draft", "read_docx_draft", "a Word document")
HTML_DRAFT = _format("html-draft/1", "", "html.draft", "read_html_draft", "an HTML page")
EML = _format("eml/1", ".eml", "mail.reader", "read_eml", "a mail message")
SRT = _format("srt/1", ".srt", "subtitles", "read_srt", "SubRip subtitles")
VTT = _format("vtt/1", ".vtt", "subtitles", "read_vtt", "WebVTT subtitles")

# A new format is a module and a line above and here.
FORMATS = (TEXT, MARKDOWN, HTML, PDF, DOCX, ODT, RTF, EPUB, EML, SRT, VTT)

# No format of a text: each of its members is a source of its own.
ARCHIVE = _format("zip/1", ".zip", "archive", "refuse_archive", "a ZIP archive", marked=True)

BY_SUFFIX = {suffix: format for format in (*FORMATS, ARCHIVE) for suffix in format.suffixes}
BY_NAME = {format.name: format for format in (*FORMATS, DOCX_DRAFT, HTML_DRAFT)}
"""Every suffix, in lower case, of a file that is read where it is found in a folder."""
SUFFIXES = tuple(BY_SUFFIX)


def is_current(reader: str) -> bool:
    """Whether a text stored by that reader would be read by the same one today."""
    format = BY_NAME.get(reader.partition("/")[0])
    return format is not None and format.reader == reader
