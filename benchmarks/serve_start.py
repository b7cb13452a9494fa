"""Prints how long `qa serve` takes to serve, its page to be usable, and a first answer to show.

    python benchmarks/serve_start.py [--rounds N] [--library FOLDER] [--chromium PATH]

Real processes and a real browser. Seconds from the command to the first answered HTTP request,
from there to a page in which a question can be typed (a browser started beforehand, with an empty
profile each time), from pressing Enter to the first quote of the first question, and to that of
the second. The library is the sample's unless another is named. One round goes unmeasured: the
model is compiled and files are in the system's cache, as on any day but the first.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from measuring import header, machine, row, tell, versions

QUESTIONS = ("How high did the river rise at Halse?", "Who should pay into the common reserve?")
_STEPS = (
    "command → first HTTP answer",
    "→ a question can be typed",
    "first question → first quote",
    "second question → first quote",
)
_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
_PATIENCE = 120.0


def qa(*words: str) -> list[str]:
    return [sys.executable, "-m", "qa", *words]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Until the address answers. Raises RuntimeError if the process ends or nothing answers."""
    end = time.perf_counter() + _PATIENCE
    while time.perf_counter() < end:
        if process.poll() is not None:
            raise RuntimeError(f"`qa serve` ended with status {process.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=_PATIENCE) as answer:
                answer.read()
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.02)
    raise RuntimeError(f"{url} did not answer within {_PATIENCE:.0f} s")


def one_round(library: str, browser: Any) -> list[float]:
    """The seconds of each step, in their order."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    started = time.perf_counter()
    process = subprocess.Popen(
        qa("serve", "--library", library, "--port", str(port)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(url, process)
        spent = [time.perf_counter() - started]
        context = browser.new_context()
        page = context.new_page()
        page.set_default_timeout(_PATIENCE * 1000)
        started = time.perf_counter()
        page.goto(url)
        page.locator(".cw-empty, .cw-turn").first.wait_for()
        page.locator("#cw-question textarea:enabled").wait_for()
        spent.append(time.perf_counter() - started)
        for number, question in enumerate(QUESTIONS):
            page.fill("#cw-question textarea", question)
            started = time.perf_counter()
            page.press("#cw-question textarea", "Enter")
            page.locator(".cw-turn").nth(number).locator("blockquote, .cw-quote").first.wait_for()
            spent.append(time.perf_counter() - started)
        context.close()
        return spent
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=_PATIENCE)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="(5)")
    parser.add_argument("--library", metavar="FOLDER", help="instead of the sample's")
    parser.add_argument("--chromium", default="/usr/bin/chromium", metavar="PATH")
    given = parser.parse_args(arguments)
    if not Path(given.chromium).exists():
        parser.error(f"no Chromium at {given.chromium}: install it, or name it with --chromium")
    from playwright.sync_api import sync_playwright

    os.environ |= {"HF_HUB_OFFLINE": "1", "GRADIO_ANALYTICS_ENABLED": "False"}
    with tempfile.TemporaryDirectory(prefix="citewell-serve-start-") as scratch:
        library = given.library or str(Path(scratch) / "library")
        if given.library is None:
            making = qa("demo", "--library", library)
            subprocess.run(making, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=given.chromium, args=list(_FLAGS))
            one_round(library, browser)
            rounds = []
            for number in range(given.rounds):
                tell(f"round {number + 1} of {given.rounds}")
                rounds.append(one_round(library, browser))
            browser.close()
    print(f"\n{machine()}.\n{versions('gradio', 'openvino')}; medians of {given.rounds}.\n")
    header("step", "median, s", "slowest, s")
    for step, times in zip(_STEPS, zip(*rounds, strict=True), strict=True):
        row(step, f"{statistics.median(times):.2f}", f"{max(times):.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
