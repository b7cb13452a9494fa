"""Twenty people at once, ten questions each, against the served chat: errors, mix-ups, latency.

    python benchmarks/load.py [--people 20] [--questions 10]

Each person is a client of its own with a session of its own and asks, as the page does, over
Gradio's queue. Every answer is compared with what the library answers to that question in this
process, so that an answer delivered to somebody else is seen. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

import qa
import ui
from qa import sample


@dataclass
class Outcome:
    """What all people met with, put together."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    mixed_up: int = 0


def expected(library: Any, questions: list[str]) -> list[list[str]]:
    """The words that answer each question of one conversation, follow-ups understood."""
    words, earlier = [], []
    for question in questions:
        answer = library.ask(question, history=earlier)
        earlier = [answer.query.text]
        words.append([quote.text for quote in answer.quotes])
    return words


class Person:
    """Asks by the page's own event, reads the event stream, as Gradio's client in a browser."""

    def __init__(self, url: str, number: int) -> None:
        self._client = httpx.Client(base_url=url, timeout=120)
        self._session = f"person{number}"
        config = self._client.get("/config").json()
        submits = [
            dependency["id"]
            for dependency in config["dependencies"]
            if any(target[1] == "submit" for target in dependency["targets"])
        ]
        self._event = submits[0]
        (dependency,) = (item for item in config["dependencies"] if item["id"] == self._event)
        self._inputs = len(dependency["inputs"])

    def ask(self, question: str) -> dict[str, Any]:
        """The turn as the page would show it."""
        data: list[Any] = [question, None, [], [], "", ""][: self._inputs]
        joined = self._client.post(
            "/gradio_api/queue/join",
            json={"data": data, "fn_index": self._event, "session_hash": self._session},
        )
        joined.raise_for_status()
        turn: dict[str, Any] = {}
        with self._client.stream(
            "GET", "/gradio_api/queue/data", params={"session_hash": self._session}
        ) as stream:
            for line in stream.iter_lines():
                if not line.startswith("data: "):
                    continue
                message = json.loads(line[6:])
                if message["msg"] == "process_completed":
                    if not message["success"]:
                        raise RuntimeError(str(message["output"]))
                    turn = _latest(message, turn)
                    return turn
                if message["msg"] == "process_generating":
                    turn = _latest(message, turn)
        raise RuntimeError("the stream ended before the answer")


def _latest(message: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """The turn of a message; after the first, Gradio sends differences, the last one whole."""
    data = message["output"].get("data") or []
    shown = data[0] if data else None
    return shown["turn"] if isinstance(shown, dict) and "turn" in shown else before


def visit(
    url: str,
    number: int,
    questions: list[str],
    right: list[list[str]],
    outcome: Outcome,
    lock: threading.Lock,
) -> None:
    """One person's conversation."""
    try:
        person = Person(url, number)
        for question, words in zip(questions, right, strict=True):
            began = time.perf_counter()
            answer = person.ask(question)
            took = time.perf_counter() - began
            shown = [quote["text"] for quote in answer.get("quotes", [])]
            with lock:
                outcome.seconds.append(took)
                if answer.get("question") != question or shown != words:
                    outcome.mixed_up += 1
    except Exception as error:
        with lock:
            outcome.errors.append(f"{type(error).__name__}: {error}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--questions", type=int, default=10)
    given = parser.parse_args()
    asked = json.loads(sample.questions().read_text(encoding="utf-8"))["answerable"]
    questions = [item["question"] for item in asked][: given.questions]
    with tempfile.TemporaryDirectory() as folder:
        with qa.open(folder) as library:
            library.add(sample.documents())
        began = time.perf_counter()
        server = ui.start(folder)
        started = time.perf_counter() - began
        began = time.perf_counter()
        httpx.get(server.url, timeout=60).raise_for_status()
        page = time.perf_counter() - began
        try:
            turned = [
                questions[n % len(questions) :] + questions[: n % len(questions)]
                for n in range(given.people)
            ]
            right = [expected(server.library, own) for own in turned]
            outcome, lock = Outcome(), threading.Lock()
            people = [
                threading.Thread(
                    target=visit, args=(server.url, n, turned[n], right[n], outcome, lock)
                )
                for n in range(given.people)
            ]
            began = time.perf_counter()
            for thread in people:
                thread.start()
            for thread in people:
                thread.join()
            elapsed = time.perf_counter() - began
        finally:
            server.stop()
    cuts = statistics.quantiles(outcome.seconds, n=100) if len(outcome.seconds) > 1 else [0.0] * 99
    print(
        json.dumps(
            {
                "people": given.people,
                "answers": len(outcome.seconds),
                "errors": outcome.errors[:10],
                "error_count": len(outcome.errors),
                "mixed_up": outcome.mixed_up,
                "p50_s": round(cuts[49], 3),
                "p95_s": round(cuts[94], 3),
                "answers_per_s": round(len(outcome.seconds) / elapsed, 1),
                "server_start_s": round(started, 2),
                "page_s": round(page, 3),
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
