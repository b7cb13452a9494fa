"""Pages and times beside the lines of the source viewer and on the cards."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

import qa
from qa.records import (
    Block,
    BlockKind,
    Boundary,
    Document,
    Locator,
    LocatorKind,
    LocatorMark,
    SourceText,
)
from qa.store.records import NewSource
from tests.support.hashing_encoder import HashingEncoder

pytestmark = pytest.mark.browser

TALK = """WEBVTT

00:12:01.000 --> 00:12:04.000
<v Ann Lee>The harbour wall was built

00:12:04.000 --> 00:12:07.000
<v Ann Lee>in nineteen weeks.

00:12:30.500 --> 00:12:33.000
<v Bob Ray>Nobody counted the heron nests.
"""
PAGES = "The first page.\nThe sea rose.\nIt fell again.\nThe last page.\n"


def put_pages(library: Any) -> None:
    """A source of three pages with labels, as a reader of PDF files would give it."""
    marks = [(0, "xii"), (PAGES.index("The sea"), "1"), (PAGES.index("The last"), "2")]
    text = SourceText(
        PAGES,
        "pdf",
        "test/1",
        blocks=(Block(BlockKind.PARAGRAPH, 0, len(PAGES)),),
        locators=tuple(LocatorMark(at, Locator(LocatorKind.PAGE, label)) for at, label in marks),
    )
    digest = hashlib.sha256(PAGES.encode()).hexdigest()
    whole = Document(0, 0, len(PAGES), "Tides", None, None, None, Boundary.FILE, "a test")
    library._session.matching().put(
        [NewSource("/tides.pdf", digest, len(PAGES), 0, text, (whole,), (), (), (), ())]
    )


@pytest.fixture
def located(tmp_path: Path) -> Path:
    """A library of a subtitle file and a source with pages."""
    talk = tmp_path / "talk.vtt"
    talk.write_text(TALK, encoding="utf-8")
    with qa.open(tmp_path / "located", encoder=HashingEncoder()) as library:
        library.add(talk)
        put_pages(library)
    return tmp_path / "located"


def test_times_on_the_card_and_beside_the_lines(
    located: Path, own_server: Callable[..., Any], visit: Callable[..., Any]
) -> None:
    opened = visit(own_server(located).url)
    turn = opened.ask("How was the harbour wall built?")
    card = turn.locator(".cw-card").first
    assert card.locator(".cw-at").text_content() == "at 00:12:01"
    assert card.locator(".cw-speaker").text_content() == "Ann Lee"
    card.locator(".cw-open").click()
    assert opened.marked() == "The harbour wall was built\nin nineteen weeks."
    page = opened.page
    assert page.locator(".cw-time").all_text_contents() == ["00:12:01", "00:12:04", "00:12:30"]
    assert page.locator(".cw-view-title .cw-note").text_content().endswith("· at 00:12:01")
    left = [box.bounding_box() for box in page.locator(".cw-time, .cw-line-text").all()[:2]]
    assert left[0]["x"] + left[0]["width"] <= left[1]["x"]
    assert abs(left[0]["y"] - left[1]["y"]) < 3


def test_pages_in_the_head_and_above_their_first_lines(
    located: Path, own_server: Callable[..., Any], visit: Callable[..., Any]
) -> None:
    start = PAGES.index("rose")
    where = {"source": "tides.pdf", "start": start, "end": PAGES.index("last page") + 4}
    opened = visit(f"{own_server(located).url}?{urlencode(where)}")
    assert opened.marked() == PAGES[start : PAGES.index("last page") + 4]
    page = opened.page
    assert page.locator(".cw-row-place").all_text_contents() == ["page xii", "page 1", "page 2"]
    assert page.locator(".cw-view-title .cw-note").text_content().endswith("· pages 1–2")
    assert "".join(page.locator(".cw-line-text").all_text_contents()) == PAGES
