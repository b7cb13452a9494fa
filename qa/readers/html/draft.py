"""HTML as a draft: the page's text with the links that it holds."""

from __future__ import annotations

from pathlib import Path

from qa.readers.draft_links import Link, target_of, with_links
from qa.readers.html.reader import read_html_links
from qa.records import SourceText


def read_html_draft(data: bytes, path: Path) -> SourceText:
    """The text and blocks of `read_html`, the links behind the text (`split_links`).

    Raises ReadError for bytes that are no text.
    """
    text, blocks, found = read_html_links(data, path)
    links = [
        Link(start, end, target)
        for start, end, address in found
        if (target := target_of(address)) is not None
    ]
    return SourceText(with_links(text, links), "html-draft", "html-draft/1", blocks)
