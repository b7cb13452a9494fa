"""/find and /check as programs call them: by the official client, with no path of the server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import ui
from qa import sample
from tests.support.hashing_encoder import HashingEncoder

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
EXACT = "the Orlith rose faster than any of us had thought it could."
DRAFT = f"😀 As Marta Helvane said on March 4, 2024: “{EXACT}” And: “Nobody polished the zebras.”"


@pytest.fixture(scope="module")
def server(sample_library: Path) -> Iterator[Any]:
    running = ui.start(sample_library, encoder=HashingEncoder(), read_only=True)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def program(server: Any) -> Iterator[Any]:
    from gradio_client import Client

    made = Client(server.url, verbose=False, analytics_enabled=False)
    yield made
    made.close()


def test_check_tells_the_verdicts_and_the_exact_places(server: Any, program: Any) -> None:
    told = program.predict(text=DRAFT, api_name="/check")
    exact, absent = told["quotations"]
    assert (exact["verdict"], absent["verdict"], told["ok"]) == ("exact", "absent", False)
    assert exact["attribution"] == "right"
    assert DRAFT[exact["start"] : exact["end"]] == EXACT
    (match,) = exact["matches"]
    assert match["source"] == "events-transcripts.txt"
    assert server.library.text(match["source"])[match["start"] : match["end"]] == EXACT
    assert Path(sample.__file__).parent.name not in json.dumps(told)


def test_a_draft_may_have_so_many_characters_and_quotations(program: Any) -> None:
    for draft, hint in [
        ("x" * 150_001, "150,001 characters, at most 150,000"),
        (" \n", "the draft is empty"),
    ]:
        with pytest.raises(Exception, match=hint):
            program.predict(text=draft, api_name="/check")
    told = program.predict(text="“the” " * 502, api_name="/check")
    assert (len(told["quotations"]), len(told["unchecked"]), told["ok"]) == (500, 2, False)
    assert [one["kind"] for one in told["warnings"]] == ["too_many_quotations"]


def test_find_counts_every_occurrence(server: Any, program: Any) -> None:
    told = program.predict(query="river", limit=2, api_name="/find")
    assert told["count"] == server.library.find("river").count > 2
    assert len(told["occurrences"]) == 2
    for one in told["occurrences"]:
        text = server.library.text(one["citation"]["source"])
        assert text[one["start"] : one["end"]] == one["text"]
        assert "/" not in one["citation"]["source"]
    assert all("/" not in name for one in told["by_document"] for name in one["sources"])


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ({"query": '"river'}, "quotation mark at character 1 is not closed"),
        ({"query": "river", "limit": 501}, "limit is 501, expected 1 to 500"),
        ({"query": "river", "order": "size"}, "expected one of date, relevance"),
        ({"query": "river", "within": "page"}, "expected one of sentence, turn, document"),
    ],
)
def test_bad_searches_are_told_in_words(program: Any, options: Any, hint: str) -> None:
    with pytest.raises(Exception, match=hint):
        program.predict(**options, api_name="/find")


def test_both_are_documented(server: Any) -> None:
    named = httpx.get(f"{server.url}gradio_api/info").json()["named_endpoints"]
    for name in ("/find", "/check"):
        assert named[name]["description"]
        assert named[name]["parameters"]


@pytest.mark.parametrize(
    ("name", "data", "status"),
    [
        ("draft.txt", "Says “so”.\r\n".encode(), 200),
        ("draft.exe", b"Says", 422),
        ("../../draft.md", b"# Head\n\n> quoted words\n", 200),
        ("empty.txt", b"", 422),
        ("large.txt", b"x" * (8 * 1024 * 1024 + 1), 413),
    ],
)
def test_a_drafts_file_is_read_and_bounded(
    server: Any, name: str, data: bytes, status: int
) -> None:
    answer = httpx.post(f"{server.url}citewell/draft", params={"name": name}, content=data)
    assert answer.status_code == status, answer.text
    if status == 200:
        assert answer.json()["text"] == data.decode()
        assert answer.json()["name"] == name.rsplit("/")[-1]
    from_elsewhere = httpx.post(
        f"{server.url}citewell/draft",
        params={"name": name},
        content=b"x",
        headers={"Origin": "http://elsewhere.invalid"},
    )
    assert from_elsewhere.status_code == 403
