"""The library page in a real browser: adding files, cancelling, looking inside, removing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.browser.conftest import Opened
from tests.support.hashing_encoder import HashingEncoder

Visit = Callable[..., Opened]


class HeldEncoder(HashingEncoder):
    """Encodes passages only while the gate is open."""

    gate = threading.Event()

    def passages(self, texts: Any, progress: Any = None) -> Any:
        for number, found in enumerate(super().passages(texts, progress)):
            if number:
                self.gate.wait(20)
            yield found


def test_upload_look_inside_ask_and_remove(
    tmp_path: Path, own_server: Callable[..., Any], visit: Visit
) -> None:
    server = own_server()
    note = tmp_path / "heron note.txt"
    note.write_text(
        "Heron survey\n12 May 2021\n\nThe heronry on Brill island has nine nests.\n", "utf-8"
    )
    picture = tmp_path / "picture.txt"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    opened = visit(server.url + "#library", ready=".cw-source")
    page = opened.page
    page.set_input_files("#cw-picker", [note, picture])
    page.locator(".cw-job-done", has_text="heron note.txt").wait_for()
    page.locator(".cw-job-failed", has_text="picture.txt").wait_for()
    row = page.locator(".cw-source", has_text="heron note.txt")
    row.get_by_text("Structure").click()
    row.locator(".cw-structure", has_text="Heron survey").wait_for()
    page.get_by_role("link", name="Ask").click()
    turn = opened.ask("heronry on Brill island nests")
    assert "nine nests" in turn.locator(".cw-words").first.text_content()
    page.locator("#cw-sources input").click()
    page.locator("ul[role=listbox] li", has_text="heron note.txt").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Library").click()
    row.get_by_text("Remove").click()
    row.get_by_text("Remove from the library").click()
    row.wait_for(state="detached")
    page.get_by_text("Check integrity").click()
    page.locator(".cw-good", has_text="All is well").wait_for()
    assert len(server.library.sources()) == 10


def test_an_upload_can_be_cancelled_and_leaves_nothing(
    tmp_path: Path, own_server: Callable[..., Any], visit: Visit
) -> None:
    HeldEncoder.gate.clear()
    server = own_server(tmp_path / "empty", HeldEncoder())
    long = tmp_path / "long.txt"
    paragraphs = [f"Paragraph {number}. " + "Words of it. " * 60 for number in range(30)]
    long.write_text("\n\n".join(paragraphs), "utf-8")
    opened = visit(server.url + "#library", ready=".cw-drop:not(.cw-draft-form):not([hidden])")
    page = opened.page
    page.set_input_files("#cw-picker", [long])
    page.locator(".cw-job-state", has_text="reading").wait_for()
    page.locator(".cw-job-cancel").click()
    HeldEncoder.gate.set()
    page.locator(".cw-job-failed", has_text="cancelled").wait_for()
    assert server.library.sources() == ()
    assert list((tmp_path / "empty" / "uploads").iterdir()) == []
    page.get_by_text("Nothing here yet").wait_for()
    page.get_by_role("link", name="Ask").click()
    page.get_by_role("button", name="Add documents").click()
    page.locator(".cw-drop:not(.cw-draft-form)").wait_for()
