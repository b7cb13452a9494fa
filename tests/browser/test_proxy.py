"""The page behind a reverse proxy, beneath a path: everything that has an address still works."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import OpenPage
from tests.support.hashing_encoder import HashingEncoder
from tests.support.stripping_proxy import proxied
from ui.passwords import set_password

PASSWORD = "correct horse battery"


# "/citewell" is also how the page's own addresses begin; "/a/b" has two parts.
@pytest.fixture(params=["/citewell", "/tools/quotes"])
def address(request: pytest.FixtureRequest, sample_library: Path, tmp_path: Path) -> Iterator[str]:
    import ui

    folder = tmp_path / "library"
    shutil.copytree(sample_library, folder)
    people = tmp_path / "people.txt"
    set_password(people, "anna", PASSWORD)
    running = ui.start(
        folder, encoder=HashingEncoder(), auth_file=people, root_path=request.param + "/"
    )
    try:
        with proxied(running.url, request.param) as url:
            yield url
    finally:
        running.stop()


def test_page_events_files_links_and_login(
    address: str, tmp_path: Path, visit: Callable[..., OpenPage]
) -> None:
    opened = visit(address, ready="input[name=password]")
    page = opened.page
    assert page.url == f"{address}login"
    page.fill("input[name=name]", "anna")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.locator(".cw-empty").wait_for()
    assert page.url == address
    (cookie,) = page.context.cookies()
    assert cookie["path"] == urlsplit(address).path
    turn = opened.ask("How high did the river rise at Halse?")
    turn.locator(".cw-card").first.get_by_text("Open source").click()
    marked = opened.marked()
    assert marked == turn.locator(".cw-words").first.text_content()
    page.evaluate(
        "() => { window.copied = []; navigator.clipboard.writeText = async (text) => window.copied.push(text); }"
    )
    turn.get_by_label("Copy a link to this quote").first.click()
    page.wait_for_function("() => window.copied.length")
    link = page.evaluate("window.copied[0]")
    assert link.startswith(f"{address}?source=")
    page.goto(link)
    assert opened.marked() == marked
    page.goto(address + "#library")
    note = tmp_path / "heron note.txt"
    note.write_text("The heronry on Brill island has nine nests.\n", "utf-8")
    page.set_input_files("#cw-picker", [note])
    page.locator(".cw-job-done", has_text="heron note.txt").wait_for()
    answer = page.request.post(f"{address}gradio_api/call/sources", data={"data": []})
    event = answer.json()["event_id"]
    told = page.request.get(f"{address}gradio_api/call/sources/{event}").text()
    assert "event: complete" in told
    assert "heron note.txt" in told
    draft = page.request.post(f"{address}citewell/draft?name=a.txt", data="He said: “Nine nests.”")
    assert draft.ok, draft.text()
    page.get_by_label("Log out").or_(page.get_by_text("Log out")).first.click()
    page.locator("input[name=password]").wait_for()
    assert page.url == f"{address}login"
