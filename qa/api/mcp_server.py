"""The calls as tools of the Model Context Protocol, over standard input and output.

The only importer of `mcp` (the extra of that name). Its transport keeps standard output for the
protocol: whatever else is printed in this process goes to standard error.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.tools import Tool
from mcp_types import ToolAnnotations
from pydantic import create_model

import qa
from embeddings.errors import EmbeddingError
from qa.api.calls import NAMES, Calls, SourceNames
from qa.errors import CitewellError

if TYPE_CHECKING:
    from qa.library import Library

_Call = Callable[..., dict[str, Any]]
_INSTRUCTIONS = (
    "Answers come from the person's own documents: verbatim quotes with source, speaker, date and "
    "exact position. Quote them word for word and cite them; `check` tells whether a text's "
    "quotations are right. Nothing can be changed through these tools."
)


def serve_over_stdio(library: Library) -> None:
    """Answer until standard input ends."""
    MCPServer(
        "citewell",
        version=qa.__version__,
        instructions=_INSTRUCTIONS,
        tools=tools(Calls(library, SourceNames(library))),
        log_level="WARNING",
    ).run()


def tools(calls: Calls) -> list[Tool]:
    """Return each call as a tool, its schema made of the call's own signature."""
    return [_strict(_tool(getattr(calls, name))) for name in NAMES]


def _tool(call: _Call) -> Tool:
    return Tool.from_function(
        _told(call),
        description=inspect.getdoc(call),
        annotations=ToolAnnotations(
            read_only_hint=True,
            destructive_hint=False,
            idempotent_hint=True,
            open_world_hint=False,
        ),
    )


def _strict(tool: Tool) -> Tool:
    """Return the tool refusing what its schema does not have.

    An argument that is dropped (a filter under another name) or converted would be answered as
    another question than was asked.
    """
    made = tool.fn_metadata.arg_model
    strict = {"extra": "forbid", "strict": True}
    model = create_model(made.__name__, __base__=made, __cls_kwargs__=strict)
    tool.fn_metadata.arg_model = model
    tool.parameters = model.model_json_schema()
    return tool


def _told(call: _Call) -> _Call:
    """Return the call with what Citewell raises on purpose told to the program that calls; of
    anything else the SDK tells it nothing."""

    @wraps(call)
    def run(**given: Any) -> dict[str, Any]:
        try:
            return call(**given)
        except (CitewellError, EmbeddingError, ValueError) as error:
            raise ToolError(str(error)) from error

    return run
