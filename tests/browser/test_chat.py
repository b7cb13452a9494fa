"""Asking in a real browser: cards, the source beside them, reload, permalinks, keyboard, sizes."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import qa
from tests.browser.conftest import OpenPage
from tests.browser.long_source import put_without_passages
from tests.support.hashing_encoder import HashingEncoder

Visit = Callable[..., OpenPage]
QUESTION = "What did Osric Tallander say about damage in crowns?"


def test_every_card_opens_its_source_at_exactly_its_words(served: Any, visit: Visit) -> None:
    opened = visit(served.url)
    turn = opened.ask(QUESTION)
    cards = turn.locator(".cw-card")
    assert cards.count() >= 2
    for number in range(cards.count()):
        card = cards.nth(number)
        card.locator(".cw-open").click()
        opened.page.wait_for_function(
            "number => document.querySelector('.cw-view-place').textContent.startsWith(number)",
            arg=str(number + 1),
        )
        assert opened.marked() == card.locator(".cw-words").text_content()
        box = opened.page.locator(".cw-text mark").first.bounding_box()
        assert 56 <= box["y"] <= 860, "the quote is not in sight"


def test_next_quote_find_and_outline(served: Any, visit: Visit) -> None:
    opened = visit(served.url)
    turn = opened.ask(QUESTION)
    page = opened.page
    turn.locator(".cw-open").first.click()
    opened.marked()
    page.get_by_label("Next quote").click()
    page.locator(".cw-view-place", has_text="2 of").wait_for()
    assert opened.marked() == turn.locator(".cw-words").nth(1).text_content()
    page.fill(".cw-find", "THE")
    page.press(".cw-find", "Enter")
    page.wait_for_function("document.querySelector('.cw-text mark')?.textContent.length === 3")
    assert opened.marked().lower() == "the"
    page.locator(".cw-outline-button").click()
    page.locator(".cw-outline .cw-documents > li").first.wait_for()
    page.keyboard.press("Escape")
    page.locator(".cw-viewer").wait_for(state="hidden")


def test_a_conversation_survives_reload_and_can_be_renamed_exported_deleted(
    own_server: Callable[..., Any], visit: Visit
) -> None:
    opened = visit(own_server().url)
    page = opened.page
    words = opened.ask(QUESTION).locator(".cw-words").first.text_content()
    page.reload()
    page.locator(".cw-turn.cw-done").wait_for()
    assert page.locator(".cw-asked").first.text_content() == QUESTION
    assert page.locator(".cw-words").first.text_content() == words
    item = page.locator(".cw-conversations li").first
    item.hover()
    item.locator("summary").click()
    item.get_by_text("Rename").click()
    page.fill(".cw-conversations input", "Flood damage")
    page.press(".cw-conversations input", "Enter")
    page.locator(".cw-conversation", has_text="Flood damage").wait_for()
    for label, ending, found in [
        ("Export as Markdown", ".md", "## What did Osric"),
        ("Export as web page", ".html", "<mark>"),
        ("References as CSL-JSON", ".json", '"type": "'),
        ("References as BibTeX", ".bib", "@misc{"),
        ("Quotes as Web Annotations", ".jsonld", "TextPositionSelector"),
    ]:
        item.hover()
        item.locator("summary").click()
        with page.expect_download() as download:
            item.get_by_text(label).click()
        name = download.value.suggested_filename
        assert name == "flood-damage" + ending
        assert found in Path(download.value.path()).read_text(encoding="utf-8")
    item.hover()
    item.locator("summary").click()
    item.get_by_text("Delete").click()
    page.locator(".cw-empty").wait_for()
    page.reload()
    page.locator(".cw-empty").wait_for()
    assert page.locator(".cw-conversation").all_text_contents() == []


def test_pins_gather_in_the_notebook(own_server: Callable[..., Any], visit: Visit) -> None:
    server = own_server()
    opened = visit(server.url)
    page = opened.page
    turn = opened.ask(QUESTION)
    words = turn.locator(".cw-words").first.text_content()
    turn.get_by_text("Pin", exact=True).first.click()
    page.locator(".cw-toast", has_text="Pinned").wait_for()
    turn.locator(".cw-card .cw-menu summary").first.click()
    turn.get_by_text("Wrong speaker").first.click()
    page.locator(".cw-toast", has_text="Thank you").wait_for()
    page.get_by_role("link", name="Notebook").click()
    assert page.locator(".cw-pin .cw-words").text_content() == words
    page.locator(".cw-pin .cw-open").click()
    assert opened.marked() == words
    page.get_by_role("link", name="Notebook").click()
    page.get_by_text("Unpin").click()
    page.get_by_text("Nothing is pinned yet").wait_for()
    from qa.store.opening import open_notebook

    (given,) = open_notebook(server.library.folder).feedback()
    assert (given.kind, given.quote.text, given.person) == ("wrong_speaker", words, "local")


def test_a_permalink_opens_its_quote_and_tells_of_a_change(served: Any, visit: Visit) -> None:
    quote = served.library.ask(QUESTION).quotes[0]
    opened = visit(served.url)
    opened.ask(QUESTION)
    opened.page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text }")
    opened.page.get_by_label("Copy a link").first.click()
    link = opened.page.evaluate("window.copied")
    wanted = {key: value[0] for key, value in parse_qs(urlsplit(link).query).items()}
    assert (int(wanted["start"]), int(wanted["end"])) == (quote.start, quote.end)
    page = opened.page
    page.goto(link)
    assert opened.marked() == quote.text
    page.goto(link.replace(f"check={wanted['check']}", "check=0000000000000000"))
    page.locator(".cw-changed", has_text="has changed").wait_for()
    assert page.locator(".cw-text mark").count() == 0


def test_chips_take_filters_and_readings_away(served: Any, visit: Visit) -> None:
    opened = visit(served.url)
    page = opened.page
    page.locator("#cw-speakers input").click()
    page.locator("ul[role=listbox] li", has_text="Marta Helvane").click()
    page.keyboard.press("Escape")
    turn = opened.ask("the gauge at the river")
    assert set(turn.locator(".cw-card .cw-speaker").all_text_contents()) <= {"Marta Helvane"}
    turn.get_by_label("Search without this filter").click()
    again = page.locator(".cw-turn").nth(1)
    again.and_(page.locator(".cw-done")).wait_for()
    assert again.locator(".cw-chip").count() == 0
    assert page.locator("#cw-speakers .token").count() == 0
    page.fill("#cw-dates textarea >> nth=0", "not a date")
    missing = opened.ask("the gauge at the river")
    assert "expected a date" in missing.locator(".cw-error").text_content()


def test_not_found_says_what_was_searched(served: Any, visit: Visit) -> None:
    opened = visit(served.url)
    opened.page.fill("#cw-dates textarea >> nth=0", "2031")
    turn = opened.ask("the gauge at the river")
    text = turn.locator(".cw-not-found").text_content()
    assert "Not found in the sources" in text
    assert "Remove a condition above" in text
    assert turn.locator(".cw-chip").text_content().startswith("dated")
    assert turn.locator(".cw-card:not(.cw-miss)").count() == 0


def test_a_follow_up_is_completed_and_says_so(own_server: Callable[..., Any], visit: Visit) -> None:
    opened = visit(own_server().url)
    opened.ask("What did Osric Tallander say about the damage?")
    turn = opened.ask("And Marta Helvane?")
    chips = turn.locator(".cw-chip").all_text_contents()
    assert any(chip.startswith("understood as") and "damage" in chip for chip in chips), chips
    assert any(chip.endswith("Marta Helvane") for chip in chips), chips


class HeldQuestions(HashingEncoder):
    """Encodes questions only while the gate is open."""

    gate = threading.Event()

    def question(self, text: str) -> Any:
        self.gate.wait(20)
        return super().question(text)


def test_a_question_can_be_stopped(
    tmp_path: Path, sample_library: Path, own_server: Callable[..., Any], visit: Visit
) -> None:
    folder = tmp_path / "held"
    shutil.copytree(sample_library, folder)
    HeldQuestions.gate.clear()
    try:
        opened = visit(own_server(folder, HeldQuestions()).url)
        page = opened.page
        page.fill("#cw-question textarea", QUESTION)
        page.press("#cw-question textarea", "Enter")
        page.locator(".cw-pending .cw-searching").wait_for()
        page.locator("#cw-send").wait_for(state="hidden")
        page.locator("#cw-stop").click()
        page.locator(".cw-answer", has_text="Stopped.").wait_for()
        page.locator("#cw-send").wait_for()
        HeldQuestions.gate.set()
        turn = opened.ask("the gauge at the river")
        assert turn.locator(".cw-card").count() >= 1
        assert page.locator(".cw-turn").count() == 2
    finally:
        HeldQuestions.gate.set()


def test_keyboard_alone(served: Any, visit: Visit) -> None:
    opened = visit(served.url)
    page = opened.page
    opened.ask(QUESTION)
    page.locator(".cw-card .cw-open").first.focus()
    page.keyboard.press("Enter")
    words = opened.marked()
    assert words == page.locator(".cw-words").first.text_content()
    page.keyboard.press("Escape")
    page.locator(".cw-viewer").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.classList.contains('cw-open')")
    for _ in range(3):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.cw-card') !== null")
    unnamed = page.evaluate(
        "[...document.querySelectorAll('button, a, input, textarea, summary')].filter(node =>"
        " node.checkVisibility() && !(node.ariaLabel || node.textContent.trim() ||"
        " node.labels?.length || node.title)).map(node => node.outerHTML)"
    )
    assert unnamed == []


def test_nothing_scrolls_sideways(served: Any, visit: Visit) -> None:
    opened = visit(served.url)
    page = opened.page
    opened.ask(QUESTION)
    sideways = "document.scrollingElement.scrollWidth - innerWidth"
    cut = """[...document.querySelectorAll('.cw-surface *, #cw-composer *')].filter(node => {
      const box = node.getBoundingClientRect();
      return node.checkVisibility() && box.width > 1 && box.right > innerWidth + 1
        && !node.closest('.cw-skip') }).map(node => node.className)"""
    for width in (390, 768, 1600):
        page.set_viewport_size({"width": width, "height": 800})
        page.locator(".cw-open").first.click()
        opened.marked()
        assert (page.evaluate(sideways), page.evaluate(cut)) == (0, []), width
        page.keyboard.press("Escape")
        for name in ("Library", "Notebook", "Ask"):
            page.get_by_role("link", name=name).click()
            page.locator(
                f"body[data-cw-page={'chat' if name == 'Ask' else name.lower()}]"
            ).wait_for()
            assert (page.evaluate(sideways), page.evaluate(cut)) == (0, []), (width, name)


def test_dark_mode_is_kept_and_russian_is_spoken(served: Any, visit: Visit) -> None:
    opened = visit(served.url, locale="ru-RU")
    page = opened.page
    assert page.locator(".cw-empty h1").text_content() == "Что было сказано?"
    assert page.locator("#cw-send").text_content().strip() == "Спросить"
    assert "Только эти люди" in page.locator("#cw-speakers").text_content()
    light = page.evaluate("getComputedStyle(document.querySelector('.cw-topbar')).backgroundColor")
    page.get_by_label("Светлая или тёмная").click()
    page.reload()
    page.locator(".cw-empty").wait_for()
    dark = page.evaluate("getComputedStyle(document.querySelector('.cw-topbar')).backgroundColor")
    assert (light, dark) == ("rgb(255, 255, 255)", "rgb(30, 29, 26)")


TRICKY = {
    "emoji.txt": "😀😀👨‍👩‍👧 Notes\n\nThe pierwork 😀 began 🏳️‍🌈. It ended never.\n",
    "rtl.txt": "שלום עולם\n\nהגשר pierwork נבנה מחדש בשנת. זה היה יקר.\n",
    "cjk.txt": "日本語の記録\n\n桟橋 pierwork の工事は終わりました。費用は高かったです。\n",
    "template.txt": "Notes\n\nThe pierwork cost ${1+1} and {{x}} in C:\\`new`. Nobody paid.\n",
    "crlf.txt": "Notes\r\n\r\nThe pierwork went on\r\nfor two lines. Then it stopped.\r\n",
}


def test_offsets_hold_for_every_writing(
    tmp_path: Path, own_server: Callable[..., Any], visit: Visit
) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    for name, text in TRICKY.items():
        (papers / name).write_bytes(text.encode("utf-8"))
    with qa.open(tmp_path / "tricky", encoder=HashingEncoder()) as library:
        library.add(papers)
    server = own_server(tmp_path / "tricky")
    found = {name: server.library.ask("pierwork", sources=name).quotes for name in TRICKY}
    page = visit(server.url)
    for name, quotes in found.items():
        assert quotes, name
        for quote in quotes[:2]:
            page.page.goto(f"{server.url}?source={name}&start={quote.start}&end={quote.end}")
            assert page.marked() == quote.text


def test_a_source_of_five_megabytes_opens_by_windows(
    tmp_path: Path, own_server: Callable[..., Any], visit: Visit
) -> None:
    line = "The clerk noted that the tide table of day {} was read aloud and approved.\n"
    text = "".join(line.format(number) for number in range(70_000))
    assert len(text) > 5_000_000
    path = tmp_path / "long.txt"
    path.write_text(text, encoding="utf-8")
    server = own_server(tmp_path / "long")
    put_without_passages(server.library, path)
    start = text.index("day 65000 ")
    opened = visit(f"{server.url}?source=long.txt&start={start}&end={start + 9}")
    page = opened.page
    assert opened.marked() == "day 65000"
    assert page.locator(".cw-row").count() < 400
    row = page.locator(".cw-row", has=page.locator("mark"))
    assert row.locator(".cw-number").text_content() == "65001"
    page.locator(".cw-text").evaluate("node => node.scrollTop = node.scrollHeight")
    page.wait_for_function("document.querySelectorAll('.cw-row').length > 150")
    shown = page.locator(".cw-line-text").evaluate_all(
        "nodes => nodes.map(node => node.textContent).join('')"
    )
    assert shown in text
