"""The library page in a real browser: adding files, cancelling, looking inside, removing."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.browser.conftest import OpenPage
from tests.support.hashing_encoder import HashingEncoder

Visit = Callable[..., OpenPage]


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


TALK = """Talk on the harbour
4 March 2024

Speaker A: The pilot boats cost nine million crowns a year, and the council has paid for them.

Clerk Ada Brandt: Who will pay for the dredging of the northern channel next spring?

Speaker A: The dredging is paid for by the shipping companies themselves.
"""


def add_talk(server: Any, folder: Path) -> Path:
    """The talk as a file, which the server's library has."""
    talk = folder / "talk.txt"
    talk.write_text(TALK, "utf-8")
    server.library.add(talk)
    return talk


def test_a_corrected_speaker_stays_when_the_changed_file_is_uploaded_again(
    tmp_path: Path, own_server: Callable[..., Any], visit: Visit
) -> None:
    server = own_server(tmp_path / "empty")
    talk = tmp_path / "talk.txt"
    talk.write_text(TALK, "utf-8")
    opened = visit(server.url + "#library", ready=".cw-drop:not(.cw-draft-form):not([hidden])")
    page = opened.page
    page.set_input_files("#cw-picker", [talk])
    page.locator(".cw-job-done", has_text="talk.txt").wait_for()
    row = page.locator(".cw-source", has_text="talk.txt")
    row.get_by_text("Structure").click()
    # The keyboard alone corrects a speaker.
    page.get_by_role("button", name="Correct Speaker A").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Speaker", exact=True).wait_for()
    page.keyboard.type("Alice Munro")
    page.keyboard.press("Enter")
    row.locator(".cw-by-hand", has_text="found: Speaker A").wait_for()
    page.get_by_role("button", name="Correct Talk on the harbour").click()
    page.get_by_label("Date").fill("yesterday")
    page.keyboard.press("Enter")
    page.locator(".cw-correction [role=alert]", has_text="expected YYYY").wait_for()
    page.get_by_label("Date").fill("2024-03-05")
    page.keyboard.press("Enter")
    row.locator(".cw-by-hand", has_text="found: 2024-03-04").wait_for()
    # The changed file, under the same name: it is asked what it is.
    talk.write_text(TALK.replace("nine million", "ten million"), "utf-8")
    page.set_input_files("#cw-picker", [talk])
    page.get_by_text("Yes, replace it").click()
    page.locator(".cw-job-done .cw-job-state", has_text="added").nth(1).wait_for()
    assert len(server.library.sources()) == 1
    assert "ten million" in server.library.text("talk.txt")
    row.locator(".cw-by-hand", has_text="found: Speaker A").wait_for()
    assert {one.name for one in server.library.speakers()} == {"Alice Munro", "Ada Brandt"}
    page.get_by_role("link", name="Ask").click()
    turn = opened.ask("ten million crowns for pilot boats")
    assert "Alice Munro" in turn.locator(".cw-card").first.text_content()
    assert "Speaker A" not in turn.locator(".cw-card").first.text_content()
    # The card and the source beside it say what is not as the source has it.
    card = turn.locator(".cw-card").first
    marks = card.locator(".cw-who .cw-corrected").all_text_contents()
    assert marks == ["corrected by hand", "corrected by hand"]
    assert card.locator(".cw-where .cw-corrected").count() == 0
    card.locator(".cw-open").click()
    page.locator(".cw-row-document .cw-corrected").wait_for()
    marked = page.locator(".cw-row-speaker:has(.cw-corrected) bdi").all_text_contents()
    assert set(marked) == {"Alice Munro"}
    assert "Ada Brandt" in page.locator(".cw-row-speaker").all_text_contents()[1]
    page.keyboard.press("Escape")
    page.locator("#cw-speakers input").click()
    page.locator("ul[role=listbox] li", has_text="Alice Munro").wait_for()
    assert page.locator("ul[role=listbox] li", has_text="Speaker A").count() == 0
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Library").click()
    page.get_by_role("button", name="Undo the correction “Alice Munro”").click()
    row.locator(".cw-found-title", has_text="Speaker A").wait_for()
    assert "Alice Munro" not in {one.name for one in server.library.speakers()}


def test_one_turn_is_corrected_and_a_stale_correction_is_told(
    tmp_path: Path, own_server: Callable[..., Any], visit: Visit
) -> None:
    server = own_server(tmp_path / "empty")
    talk = add_talk(server, tmp_path)
    opened = visit(server.url + "#library", ready=".cw-source")
    page = opened.page
    page.get_by_role("button", name="Structure of talk.txt").click()
    page.locator(".cw-all-turns summary").click()
    item = page.locator(".cw-found-turns .cw-found-item", has_text="The dredging is paid")
    item.get_by_role("button", name="Correct line").click()
    item.get_by_label("Speaker", exact=True).fill("")
    item.get_by_text("Save").click()
    page.locator(".cw-found-turns .cw-by-hand", has_text="found: Speaker A").wait_for()
    # Somebody else corrects the same meanwhile: the first to save wins, the second is told.
    second = visit(server.url + "#library", ready=".cw-source").page
    second.get_by_role("button", name="Structure of talk.txt").click()
    second.get_by_role("button", name="Correct Speaker A").click()
    server.library.correct_speaker("talk.txt", found="Speaker A", speaker="Alice Munro")
    second.get_by_label("Speaker", exact=True).fill("Somebody Else")
    second.keyboard.press("Enter")
    second.locator(".cw-correction [role=alert]", has_text="meanwhile").wait_for()
    assert "Somebody Else" not in {one.name for one in server.library.speakers()}
    talk.write_text(
        TALK.replace("The dredging is paid for by the shipping companies themselves.", "Rain."),
        "utf-8",
    )
    server.library.add(talk)
    second.reload()
    second.get_by_role("button", name="Structure of talk.txt").click()
    second.locator(".cw-structure .cw-warned", has_text="no longer apply").wait_for()
    second.locator(".cw-structure .cw-warned").get_by_text("Undo").click()
    second.locator(".cw-structure .cw-warned").wait_for(state="detached")


UNSURE = """Ms. Jane Doe: Who will pay for the dredging of the northern channel next spring?

Mr. John Roe: The council has paid for the pilot boats, and I thank it.

Ms. Doe: <b>You</b> have not answered me, Mr. Roe.
7 May 2024
Mr. John Roe: I have nothing to add to that, my friend.

Ms. Doe: Then we go on.
"""


def test_each_turn_says_why_it_has_its_speaker_and_all_of_a_name_are_corrected(
    tmp_path: Path, own_server: Callable[..., Any], visit: Visit
) -> None:
    server = own_server(tmp_path / "empty")
    file = tmp_path / "unsure.txt"
    file.write_text(UNSURE, "utf-8")
    server.library.add(file)
    page = visit(server.url + "#library", ready=".cw-source").page
    page.get_by_role("button", name="Structure of unsure.txt").click()
    page.locator(".cw-weak", has_text="uncertain beginning: a line that is only a date").wait_for()
    page.locator(".cw-all-turns summary").click()
    notes = page.locator(".cw-found-turns .cw-why")
    assert notes.all_text_contents() == [
        "label: Ms. Jane Doe:",
        "label: Mr. John Roe:",
        "completed from the label: Ms. Doe:",
        "label: Mr. John Roe:",
        "label: Ms. Doe:",
    ]

    def correct(opening: str, speaker: str, choice: str) -> None:
        item = page.locator(".cw-found-turns .cw-found-item", has_text=opening)
        item.get_by_role("button", name="Correct line").click()
        item.get_by_label("Speaker", exact=True).fill(speaker)
        if choice:
            assert item.get_by_label("Correct only this one").is_checked()
            item.get_by_label(choice).check()
        item.get_by_text("Save").click()
        item.locator(f":text-is('{speaker}')").first.wait_for()

    correct("I have nothing", "Richard Roe", "Correct all 2 turns of John Roe")
    assert notes.all_text_contents().count("corrected by hand: Mr. John Roe:") == 2
    assert page.locator(".cw-found-turns bdi", has_text="Richard Roe").count() == 2
    correct("I have nothing", "Bo Day", "Correct only this one")
    spoken = [turn.speaker for turn in server.library.structure("unsure.txt")[1]]
    assert (spoken.count("Bo Day"), spoken.count("Richard Roe")) == (1, 3)


def test_a_list_drawn_anew_while_a_correction_is_kept_shows_it(
    tmp_path: Path, own_server: Callable[..., Any], visit: Visit
) -> None:
    server = own_server(tmp_path / "empty")
    add_talk(server, tmp_path)
    server.library.correct_speaker("talk.txt", found="Speaker A", speaker="Alice Munro")
    page = visit(server.url + "#library", ready=".cw-source").page
    page.get_by_role("button", name="Structure of talk.txt").click()
    held: list[Any] = []

    def hold(route: Any) -> None:
        if "uncorrect" in (route.request.post_data or ""):
            held.append(route)
        else:
            route.continue_()

    page.route(re.compile("component_server"), hold)
    page.get_by_role("button", name="Undo the correction “Alice Munro”").click()
    page.locator(".cw-found").first.evaluate("node => { node.dataset.drawn = 'before'; }")
    page.get_by_role("link", name="Ask").click()
    page.get_by_role("link", name="Library").click()
    page.locator(".cw-structure:not(:has([data-drawn])) .cw-by-hand").wait_for()
    held[0].continue_()
    page.locator(".cw-found-title", has_text="Speaker A").wait_for()
    assert page.locator(".cw-by-hand").count() == 0
