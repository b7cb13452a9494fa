"""Over a hundred hostile texts, everywhere a text can stand: nothing runs, loads or is changed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import qa
from qa.notebook.records import Exchange
from qa.records import Filters, Understood, Verdict
from qa.store.opening import open_notebook
from tests.browser.conftest import OpenPage
from tests.browser.hostile_payloads import PAYLOADS
from tests.support.hashing_encoder import HashingEncoder
from tests.support.quotes import make_quote

Visit = Callable[..., OpenPage]


def file_name(payload: str) -> str:
    return payload.replace("/", "∕").replace("\0", "")[:60].strip() + ".txt"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A library whose files, titles, speakers and texts are payloads."""
    import ui

    root = tmp_path_factory.mktemp("hostile")
    papers = root / "papers"
    papers.mkdir()
    for number, payload in enumerate(PAYLOADS[::4]):
        title = " ".join(payload.split())
        text = f"{title}\nMay 3, 2021\n\n{title}: The wickerwork {number} said {payload} twice.\n"
        (papers / f"{number}{file_name(payload)}").write_text(text, encoding="utf-8")
    everything = "\n\n".join(f"Wickerwork {payload} ends." for payload in PAYLOADS)
    (papers / "everything.txt").write_text(everything, encoding="utf-8", newline="")
    with qa.open(root / "library", encoder=HashingEncoder()) as library:
        library.add(papers)
    running = ui.start(root / "library", encoder=HashingEncoder())
    yield running
    running.stop()
    shutil.rmtree(papers)


def test_there_are_enough_payloads() -> None:
    assert len(PAYLOADS) >= 100


def test_cards_show_every_payload_as_it_is(hostile: Any, visit: Visit) -> None:
    keeping = open_notebook(hostile.library.folder)
    quotes = tuple(
        make_quote(
            payload,
            source=f"/gone/{file_name(payload)}",
            document=payload,
            date=None,
            speaker=payload,
            role=payload,
            page=payload,
            matched=(payload,),
        )
        for payload in PAYLOADS
    )
    asked = PAYLOADS[0]
    conversation = None
    for id, verdict, shown, missed in [
        ("h1", Verdict.ANSWERED, quotes, ()),
        ("h2", Verdict.NOT_FOUND, (), quotes[:20]),
    ]:
        exchange = Exchange(
            id=id,
            asked_at="2024-05-01T10:00:00+00:00",
            question=asked,
            verdict=verdict,
            filters=Filters(speakers=PAYLOADS),
            understood=Understood(speakers=PAYLOADS[:20], unknown_speaker=PAYLOADS[1]),
            quotes=shown,
            misses=missed,
            unknown_words=tuple((payload, payload) for payload in PAYLOADS),
            passages=1,
            documents=1,
        )
        conversation = keeping.keep_exchange("local", conversation, exchange)
    for quote in quotes:
        keeping.pin("local", quote.text, quote)
    opened = visit(hostile.url)
    page = opened.page
    page.locator(".cw-conversation").first.click()
    page.locator(".cw-turn").nth(1).wait_for()
    first = page.locator(".cw-turn").first

    def texts(place: Any, selector: str) -> list[str]:
        return place.locator(selector).evaluate_all("nodes => nodes.map(n => n.textContent)")

    assert texts(first, ".cw-words") == list(PAYLOADS)
    assert texts(first, ".cw-speaker") == list(PAYLOADS)
    assert texts(first, ".cw-role") == list(PAYLOADS)
    assert texts(first, ".cw-document") == list(PAYLOADS)
    assert texts(first, ".cw-file") == [file_name(payload) for payload in PAYLOADS]
    assert texts(page, ".cw-asked")[:2] == [asked, asked]
    assert texts(first, ".cw-chip bdi")[: len(PAYLOADS)] == list(PAYLOADS)
    unknown = texts(page.locator(".cw-turn").nth(1), ".cw-not-found .cw-note bdi")
    assert unknown == [payload for payload in PAYLOADS for _ in range(2)]
    page.get_by_role("link", name="Notebook").click()
    page.locator(".cw-pin").nth(len(PAYLOADS) - 1).wait_for()
    assert texts(page, ".cw-pin .cw-asked") == list(PAYLOADS)
    foreign = page.evaluate(
        "[...document.querySelectorAll('.cw-surface *')].map(n => n.localName)"
        ".filter(n => ['script','style','img','iframe','object','embed','form','link','base',"
        "'meta','video','audio','math'].includes(n))"
    )
    assert foreign == []


def test_the_viewer_shows_every_payload_as_it_is(hostile: Any, visit: Visit) -> None:
    text = hostile.library.text("everything.txt")
    start = text.index(PAYLOADS[60])
    end = start + len(PAYLOADS[60])
    opened = visit(f"{hostile.url}?source=everything.txt&start={start}&end={end}")
    page = opened.page
    assert opened.marked() == PAYLOADS[60]
    for _ in range(12):
        page.locator(".cw-text").evaluate("node => { node.scrollTop = 0 }")
        page.wait_for_timeout(120)
        if page.locator(".cw-row").first.get_attribute("data-start") == "0":
            break
    for _ in range(12):
        page.locator(".cw-text").evaluate("node => { node.scrollTop = node.scrollHeight }")
        page.wait_for_timeout(120)
    shown = page.locator(".cw-line-text").evaluate_all("n => n.map(x => x.textContent).join('')")
    assert shown == text
    page.locator(".cw-outline-button").click()
    page.locator(".cw-outline li").first.wait_for()


def test_the_library_page_and_filters_show_hostile_names(hostile: Any, visit: Visit) -> None:
    opened = visit(hostile.url)
    page = opened.page
    page.get_by_role("link", name="Library").click()
    page.locator(".cw-source").first.wait_for()
    shown = page.locator(".cw-source h2").evaluate_all("nodes => nodes.map(n => n.textContent)")
    assert sorted(shown) == sorted(Path(source.path).name for source in hostile.library.sources())
    for number in range(3):
        page.get_by_role("button", name="Structure").nth(number).click()
    page.locator(".cw-structure li").first.wait_for()
    # All turns of each, and payloads as what people correct.
    for turns in page.locator(".cw-all-turns summary").all():
        turns.click()
    for payload in PAYLOADS[:3]:
        form = page.locator(".cw-structure .cw-found-item").first
        form.locator(".cw-found-actions .cw-quiet").click()
        form.locator("input[name=title]").fill(payload[:300])
        form.get_by_text("Save").click()
        title = " ".join(payload[:300].split())
        page.locator(".cw-structure .cw-found-title").get_by_text(title, exact=True).wait_for()
    page.get_by_role("link", name="Ask").click()
    for name in ("#cw-speakers", "#cw-sources"):
        page.locator(f"{name} input").click()
        page.wait_for_timeout(200)
        page.keyboard.press("Escape")


def test_hostile_questions_come_back_as_text(hostile: Any, visit: Visit) -> None:
    opened = visit(hostile.url)
    for payload in (PAYLOADS[0], "${1+1} {{value}} \\ `x` wickerwork", "<img onerror=x src=x>"):
        turn = opened.ask(payload)
        assert turn.locator(".cw-asked").text_content() == payload
    turn = opened.ask("wickerwork said twice")
    words = turn.locator(".cw-words").evaluate_all("nodes => nodes.map(n => n.textContent)")
    sources = [hostile.library.text(source.path) for source in hostile.library.sources()]
    assert words
    assert all(any(quoted in text for text in sources) for quoted in words)
    turn.locator(".cw-open").first.click()
    assert opened.marked() == words[0]


def test_a_hostile_address_is_only_looked_up(hostile: Any, visit: Visit) -> None:
    address = "?source=%3Cimg%20src=x%20onerror=window.pwned=1%3E&start=0&end=5#<script>"
    opened = visit(hostile.url + address)
    opened.page.locator(".cw-changed").wait_for()
    assert opened.page.locator(".cw-text mark").count() == 0
