"""A browser, served libraries, and pages that report whatever should not happen on them."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.support.hashing_encoder import HashingEncoder

playwright = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed: no browser tests"
)
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# Gradio leaves event loops open and uses what pandas and others have deprecated.
NOT_OURS = (
    "ignore::ResourceWarning",
    "ignore::DeprecationWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning",
)


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    """What Gradio leaves behind is collected here, not in the middle of another test."""
    yield
    gc.collect()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            for ignored in NOT_OURS:
                item.add_marker(pytest.mark.filterwarnings(ignored))


@dataclass
class OpenPage:
    """A page, and what went wrong on it. `faults` must be empty when a test ends."""

    page: Any
    url: str
    faults: list[str] = field(default_factory=list)

    def ask(self, question: str) -> Any:
        """Ask and wait for the answer; the turn's node."""
        before = self.page.locator(".cw-turn").count()
        self.page.fill("#cw-question textarea", question)
        self.page.press("#cw-question textarea", "Enter")
        turn = self.page.locator(".cw-turn").nth(before)
        turn.and_(self.page.locator(".cw-done, .cw-error")).wait_for()
        return turn

    def marked(self) -> str:
        """The highlighted words in the viewer, in order."""
        self.page.locator(".cw-text mark").first.wait_for()
        return "".join(
            self.page.locator(".cw-text mark").evaluate_all(
                "nodes => nodes.map(node => node.textContent)"
            )
        )


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}: `apt-get install chromium` to run browser tests")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield browser
        browser.close()


# Milliseconds for whatever a test waits for: a busy machine is slow, not wrong.
PATIENCE = 30_000
# What Gradio's client logs when the page asks again for what a busy server did not answer in time.
ASKED_AGAIN = (
    "AbortError: signal is aborted without reason",
    "Unexpected error Connection errored out",
)


@pytest.fixture
def visit(chromium: Any) -> Iterator[Callable[..., OpenPage]]:
    """Opens an address in a browser profile of its own and watches what happens there."""
    contexts: list[Any] = []
    visits: list[OpenPage] = []

    def open_page(url: str, *, ready: str = ".cw-empty, .cw-turn", **options: Any) -> OpenPage:
        options = {"viewport": {"width": 1280, "height": 860}, "locale": "en-GB", **options}
        context = chromium.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        opened = OpenPage(page, url)
        visits.append(opened)
        host = urlsplit(url).netloc

        def requested(request: Any) -> None:
            parts = urlsplit(request.url)
            if parts.scheme not in ("data", "blob") and parts.netloc != host:
                opened.faults.append(f"outside request: {request.url}")

        def dialog(shown: Any) -> None:
            opened.faults.append(f"dialog: {shown.message}")
            shown.dismiss()

        page.on("request", requested)
        page.on("dialog", dialog)
        page.on("pageerror", lambda error: opened.faults.append(f"page error: {error}"))

        def said(message: Any) -> None:
            if message.type == "error" and not message.text.startswith(ASKED_AGAIN):
                opened.faults.append(f"console: {message.text}")

        page.on("console", said)
        page.goto(url)
        page.locator(ready).first.wait_for()
        return opened

    yield open_page
    try:
        for opened in visits:
            assert opened.page.evaluate("window.pwned") is None, "text of a document was executed"
            assert opened.faults == []
    finally:
        for context in contexts:
            context.close()


@pytest.fixture(scope="session")
def served(sample_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A copy of the sample library, served to all tests that change no source."""
    import ui

    folder = tmp_path_factory.mktemp("served") / "library"
    shutil.copytree(sample_library, folder)
    running = ui.start(folder, encoder=HashingEncoder())
    yield running
    running.stop()


@pytest.fixture
def own_server(sample_library: Path, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Serves a folder, or else a copy of the sample library. The pages that visit it are closed
    before it ends, if a test names this fixture before `visit`."""
    import ui

    started: list[Any] = []

    def start(folder: Path | None = None, encoder: Any = None) -> Any:
        if folder is None:
            folder = tmp_path / "library"
            shutil.copytree(sample_library, folder)
        started.append(ui.start(folder, encoder=encoder or HashingEncoder()))
        return started[-1]

    yield start
    for running in started:
        running.stop()
