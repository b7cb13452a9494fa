"""The calls as tools of the Model Context Protocol, over standard input and output.

The only importer of `mcp` (the extra of that name). Its transport keeps standard output for the
protocol: whatever else is printed in this process goes to standard error.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import mcp_types as types
from mcp.server import Server
from mcp.server.stdio import stdio_server

import qa
from embeddings.errors import EmbeddingError
from qa.api.calls import NAMES, Calls
from qa.api.names import SourceNames
from qa.api.schemas import described, held_to, input_schema
from qa.errors import CitewellError, InvalidQuery

if TYPE_CHECKING:
    from qa.library import Library

_INSTRUCTIONS = (
    "Answers come from the person's own documents: verbatim quotes with source, speaker, date and "
    "exact position. Quote them word for word and cite them; `check` tells whether a text's "
    "quotations are right. Nothing can be changed through these tools."
)


def serve_over_stdio(library: Library) -> None:
    """Answer until standard input ends."""
    asyncio.run(_serve(Calls(library, SourceNames(library))))


async def _serve(calls: Calls) -> None:
    schemas = {name: input_schema(getattr(Calls, name)) for name in NAMES}
    tools = [
        types.Tool(
            name=name,
            description=described(getattr(Calls, name)),
            input_schema=schemas[name],
            annotations=types.ToolAnnotations(
                read_only_hint=True,
                destructive_hint=False,
                idempotent_hint=True,
                open_world_hint=False,
            ),
        )
        for name in NAMES
    ]

    async def list_tools(context: Any, asked: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=tools)

    async def call_tool(context: Any, asked: types.CallToolRequestParams) -> types.CallToolResult:
        def run() -> dict[str, Any]:
            if asked.name not in schemas:
                raise InvalidQuery(f"no tool {asked.name!r}; there are {', '.join(NAMES)}")
            given = held_to(schemas[asked.name], asked.arguments or {})
            told: dict[str, Any] = getattr(calls, asked.name)(**given)
            return told

        try:
            data = await asyncio.to_thread(run)
        except (CitewellError, EmbeddingError, ValueError) as error:
            return types.CallToolResult(content=[_text(str(error))], is_error=True)
        words = json.dumps(data, ensure_ascii=False)
        return types.CallToolResult(content=[_text(words)], structured_content=data)

    server: Server[Any] = Server(
        "citewell",
        version=qa.__version__,
        instructions=_INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())


def _text(words: str) -> types.TextContent:
    return types.TextContent(type="text", text=words)
