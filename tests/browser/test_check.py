"""The check page in a real browser: verdicts in words, the exact source, hostile drafts, files."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import OpenPage
from tests.browser.hostile_payloads import PAYLOADS

Visit = Callable[..., OpenPage]
EXACT = "the Orlith rose faster than any of us had thought it could."
ALTERED = "At twenty past four in the morning the gauge at Halse stood at 9.84 metres."
REAL = "At twenty past four in the morning the gauge at Halse stood at 7.84 metres"
ABSENT = "Purple umbrellas hum quietly beneath forgotten saxophones."
PAYLOAD = "${1+1} {{x}} <img src=x onerror=window.pwned=1> `${window.pwned=1}`"
DRAFT = (
    f"😀🏴‍☠️ {PAYLOAD}\n\nMarta Helvane said on March 4, 2024: “{EXACT}” She went on: "
    f"“{ALTERED}” And: “{ABSENT}” {PAYLOAD}"
)


def check(opened: OpenPage, draft: str) -> None:
    opened.page.fill(".cw-draft-text", draft)
    opened.page.get_by_role("button", name="Check the quotations").click()
    opened.page.locator(".cw-check-summary").wait_for()


def shown_draft(page: Any) -> str:
    """The marked draft's own words: all but the labels."""
    text: str = page.locator(".cw-draft-shown").evaluate(
        "node => [...node.childNodes].filter(n => !n.classList?.contains('cw-label'))"
        ".map(n => n.textContent).join('')"
    )
    return text


def test_each_quotation_has_its_verdict_and_opens_its_words(served: Any, visit: Visit) -> None:
    opened = visit(served.url + "#check", ready=".cw-draft-text")
    page = opened.page
    check(opened, DRAFT)
    assert shown_draft(page) == DRAFT
    marks = page.locator("mark.cw-quotation")
    assert marks.all_text_contents() == [EXACT, ALTERED, ABSENT]
    labels = page.locator(".cw-draft-shown .cw-label").all_text_contents()
    assert labels == ["1 exact", "2 altered", "3 not found"]
    heads = page.locator(".cw-finding h2").all_text_contents()
    assert heads[0].startswith("1. Word for word in the sources")
    assert heads[1:] == ["2. Altered", "3. Not in the library"]
    second = page.locator(".cw-finding").nth(1)
    assert second.locator("del").all_text_contents() == ["9.84"]
    assert second.locator("ins").all_text_contents() == ["7.84"]
    marks.nth(0).click()
    assert opened.marked() == EXACT
    for shown in (".cw-close", ".cw-text mark"):
        box = page.locator(shown).bounding_box()
        assert box["x"] + box["width"] <= 1280
        assert 0 <= box["y"] <= 860
    page.get_by_role("button", name="Quotation 2").click()
    page.wait_for_function(
        "text => document.querySelector('.cw-text mark')?.textContent === text", arg=REAL
    )
    assert page.locator(".cw-draft-shown").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator(".cw-viewer").is_visible()
    assert page.evaluate("document.activeElement.textContent") == "2 altered"
    marks.nth(2).click()
    assert not page.locator(".cw-viewer").is_visible()
    page.get_by_role("button", name="Edit the draft").click()
    assert page.input_value(".cw-draft-text") == DRAFT


def test_by_keyboard_alone_in_a_narrow_window(served: Any, visit: Visit) -> None:
    opened = visit(
        served.url + "#check", ready=".cw-draft-text", viewport={"width": 390, "height": 844}
    )
    page = opened.page
    page.focus(".cw-draft-text")
    page.keyboard.insert_text(DRAFT)
    page.keyboard.press("Control+Enter")
    page.locator(".cw-check-summary").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".cw-label").first.focus()
    page.keyboard.press("Enter")
    assert opened.marked() == EXACT
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent") == "1 exact"


def test_hostile_drafts_are_shown_as_they_are(served: Any, visit: Visit) -> None:
    opened = visit(served.url + "#check", ready=".cw-draft-text")
    page = opened.page
    # A text field has one kind of line end, and no place for NUL.
    payloads = [p.replace("\r", " ").replace("\0", "") for p in PAYLOADS]
    draft = "\n".join(f"{payload} “the river {payload} rose” {payload}" for payload in payloads)
    check(opened, draft)
    assert shown_draft(page) == page.input_value(".cw-draft-text")
    assert shown_draft(page) == draft
    tags = page.evaluate("[...document.querySelectorAll('.cw-check *')].map(n => n.localName)")
    assert not {"script", "style", "img", "iframe", "object", "form", "link", "math"} & set(tags)


def test_a_word_file_is_read_and_not_kept(served: Any, visit: Visit, tmp_path: Path) -> None:
    name = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    file = tmp_path / "<img src=x onerror=window.pwned=1>.docx"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{name}"><w:body><w:p><w:r><w:t>She said “{EXACT}”</w:t></w:r>'
            "</w:p></w:body></w:document>",
        )
    before = sorted(served.library.folder.rglob("*.docx"))
    opened = visit(served.url + "#check", ready=".cw-draft-text")
    opened.page.set_input_files("#cw-draft-picker", [file])
    opened.page.locator(".cw-check-summary", has_text="1 quotation").wait_for()
    assert shown_draft(opened.page).rstrip("\n") == f"She said “{EXACT}”"
    assert sorted(served.library.folder.rglob("*.docx")) == before == []


@pytest.mark.parametrize("name", ["picture.png", "broken.docx"])
def test_what_is_no_draft_is_refused_in_words(
    served: Any, visit: Visit, tmp_path: Path, name: str
) -> None:
    file = tmp_path / name
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    opened = visit(served.url + "#check", ready=".cw-draft-text")
    opened.page.set_input_files("#cw-draft-picker", [file])
    problem = opened.page.locator(".cw-check .cw-error:not([hidden])")
    problem.wait_for()
    assert name in problem.text_content()
    opened.faults[:] = [f for f in opened.faults if "422" not in f]  # the refusal itself


def test_too_long_a_draft_is_told_before_it_is_sent(served: Any, visit: Visit) -> None:
    opened = visit(served.url + "#check", ready=".cw-draft-text")
    page = opened.page
    page.evaluate(
        "() => { const field = document.querySelector('.cw-draft-text');"
        " field.value = 'x'.repeat(150001); field.dispatchEvent(new Event('input')); }"
    )
    assert "150,001 characters; at most 150,000" in page.locator("#cw-draft-size").text_content()
    assert page.get_by_role("button", name="Check the quotations").is_disabled()


def test_the_page_in_russian(served: Any, visit: Visit) -> None:
    opened = visit(served.url + "#check", ready=".cw-draft-text", locale="ru-RU")
    page = opened.page
    page.fill(".cw-draft-text", f"«{ABSENT}»")
    page.get_by_role("button", name="Проверить цитаты").click()
    page.locator(".cw-check-summary", has_text="1 цитата").wait_for()
    assert page.locator(".cw-label").text_content() == "1 не найдено"
