"""Pictures of the web chat's main states over the sample documents, for the README.

    python benchmarks/screenshots.py pictures/

needs Chromium and playwright. Every picture is made of a fresh library of the sample documents.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

import qa
import ui
from qa import sample

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DRAFT = """\
“Two people drowned at Halse,” Marta Helvane told the Council on March 4, 2024. She recalled that \
“the Orlith rose faster than any of us had thought it could.”

According to Osric Tallander, “a lock-keeper in Halse told me last week” what nobody had heard. \
“At twenty past four in the morning the gauge at Halse stood at 9.84 metres,” Helvane said, and \
closed with the words “we shall never speak of the lighthouse again”.
"""
QUESTION = "What did Osric Tallander say about the damage?"
RUSSIAN_QUESTION = "Сколько метров составила глубина канала?"


@dataclass(frozen=True, slots=True)
class Size:
    """A window, in CSS pixels."""

    name: str
    width: int
    height: int


WIDE, DESK, NARROW = Size("wide", 1600, 1000), Size("desk", 1280, 860), Size("narrow", 390, 844)


def ask(page: Page, question: str) -> None:
    before = page.locator(".cw-turn").count()
    page.fill("#cw-question textarea", question)
    page.press("#cw-question textarea", "Enter")
    page.locator(".cw-turn").nth(before).and_(page.locator(".cw-done, .cw-error")).wait_for()
    page.wait_for_timeout(700)


def states(page: Page, size: Size, folder: Path, tone: str) -> None:
    """One picture a state, in the order in which a person meets them."""

    def picture(state: str) -> None:
        page.wait_for_function("!document.querySelector('.cw-toast.cw-shown')")
        page.wait_for_timeout(250)
        page.screenshot(path=str(folder / f"{state}-{size.name}-{tone}.png"))

    picture("empty")
    ask(page, QUESTION)
    picture("answer")
    page.locator(".cw-open").first.click()
    page.locator(".cw-text mark").first.wait_for()
    picture("source")
    page.locator(".cw-outline-button").click()
    page.locator(".cw-outline li").first.wait_for()
    picture("outline")
    page.locator(".cw-close").click()
    page.locator(".cw-action", has_text="Pin").first.click()
    page.locator(".cw-action", has_text="Pin").nth(1).click()
    ask(page, "What colour is the moon's cheese?")
    picture("not-found")
    for name, shown in (("Library", ".cw-source"), ("Notebook", ".cw-pin")):
        page.get_by_role("link", name=name).click()
        page.locator(shown).first.wait_for()
        picture(name.lower())
    page.get_by_role("link", name="Check").click()
    page.fill(".cw-draft-text", DRAFT)
    picture("draft")
    page.get_by_role("button", name="Check the quotations").click()
    page.locator(".cw-check-summary").wait_for()
    picture("check")
    page.locator(".cw-quotation").nth(3).click()
    page.locator(".cw-text mark").first.wait_for()
    picture("check-source")
    page.locator(".cw-close").click()
    page.get_by_role("link", name="Ask").click()
    if size is NARROW:
        page.get_by_label("Conversations and filters").click()
        picture("side")


def take(browser: Any, url: str, folder: Path) -> None:
    for size, tone in ((WIDE, "light"), (DESK, "dark"), (NARROW, "light"), (NARROW, "dark")):
        context = browser.new_context(
            viewport={"width": size.width, "height": size.height},
            locale="en-GB",
            color_scheme=tone,
        )
        page = context.new_page()
        page.goto(url)
        page.locator(".cw-empty").wait_for()
        page.wait_for_timeout(600)
        states(page, size, folder, tone)
        context.close()
    context = browser.new_context(viewport={"width": 1280, "height": 860}, locale="ru-RU")
    page = context.new_page()
    page.goto(url)
    page.locator(".cw-empty").wait_for()
    ask(page, RUSSIAN_QUESTION)
    page.screenshot(path=str(folder / "answer-russian-light.png"))
    context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        with qa.open(scratch) as library:
            library.add(sample.documents())
        server = ui.start(scratch)
        try:
            with sync_playwright() as started:
                browser = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
                take(browser, server.url, folder)
                browser.close()
        finally:
            server.stop()


if __name__ == "__main__":
    main()
