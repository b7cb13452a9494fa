"""What a card says of its quote: what stands around it, and what became of it since it was kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import qa
from tests.browser.conftest import OpenPage
from tests.support.hashing_encoder import HashingEncoder

Visit = Callable[..., OpenPage]
WORDS = "The pierwork was finished before the winter storms came."
TURN = "That is false, as every diver in the harbour knew by then."
NOTES = f"Notes of the harbour clerk\n\n{WORDS} {TURN}\n"


def library_of(folder: Path, papers: Path) -> Path:
    papers.mkdir()
    (papers / "notes.txt").write_text(NOTES, encoding="utf-8")
    with qa.open(folder, encoder=HashingEncoder()) as library:
        library.add(papers)
    return folder


def test_a_card_says_what_stands_around_and_what_has_moved(
    tmp_path: Path, own_server: Callable[..., Any], visit: Visit
) -> None:
    papers = tmp_path / "papers"
    server = own_server(library_of(tmp_path / "library", papers))
    opened = visit(server.url)
    page = opened.page
    opened.ask("Was the pierwork finished before the winter storms came?")
    card = page.locator(".cw-card").first
    assert card.locator(".cw-words").text_content() == WORDS
    warned = card.locator(".cw-warned")
    assert "next sentence may take it back" in warned.text_content()
    assert warned.locator("blockquote").text_content() == TURN
    assert card.locator(".cw-standing").count() == 0
    warned.get_by_role("button").click()
    assert opened.marked() == TURN
    page.keyboard.press("Escape")
    card.get_by_text("Pin", exact=True).click()
    page.locator(".cw-toast", has_text="Pinned").wait_for()

    (papers / "notes.txt").write_text(f"A new first line.\n\n{NOTES}", encoding="utf-8")
    server.library.add(papers)
    page.reload()
    standing = page.locator(".cw-card .cw-standing").first
    standing.wait_for()
    assert "at another place" in standing.text_content()
    page.locator(".cw-card .cw-open").first.click()
    assert opened.marked() == WORDS
    page.keyboard.press("Escape")
    page.locator(".cw-card .cw-warned button").first.click()
    assert opened.marked() == TURN
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Notebook").click()
    page.locator(".cw-pin .cw-standing").wait_for()

    (papers / "notes.txt").write_text("Nothing of it is left.\n", encoding="utf-8")
    server.library.add(papers)
    page.reload()
    gone = page.locator(".cw-pin .cw-standing")
    gone.wait_for()
    assert "no longer" in gone.text_content()


def test_a_draft_of_too_many_quotations_says_what_was_not_checked(
    served: Any, visit: Visit
) -> None:
    opened = visit(served.url + "#check", ready=".cw-draft-text")
    page = opened.page
    page.fill(".cw-draft-text", "“the” " * 503)
    page.get_by_role("button", name="Check the quotations").click()
    page.locator(".cw-check-summary").wait_for()
    note = page.locator(".cw-findings > .cw-warned").text_content()
    assert note == (
        "Warning: 3 further quotations were not checked: at most 500 of a draft are. "
        "Check the rest by itself."
    )
    assert page.locator("mark.cw-quotation").count() == 500
