"""`qa mcp`: serve a library to a program that speaks the Model Context Protocol."""

from __future__ import annotations

import argparse


def add_mcp_parser(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
) -> None:
    """Add `mcp` to the commands; `common` has --library and --model."""
    commands.add_parser(
        "mcp",
        parents=[common],
        help="serve the library to programs over MCP (stdio)",
        description="Serves the library as tools (ask, find, check, source, sources) of the Model "
        "Context Protocol, over standard input and output. It reads only, and needs no network. "
        "Needs the extra `mcp`: pip install 'citewell[mcp]'.",
    )


def run_mcp(given: argparse.Namespace) -> int:
    """Serve until standard input ends; 0. Raises CitewellError without the extra `mcp`."""
    import importlib.util

    import qa
    from qa.cli.terminal.progress import notify
    from qa.errors import CitewellError
    from qa.settings import Settings, model_setting

    if importlib.util.find_spec("mcp") is None:
        raise CitewellError(
            "`qa mcp` needs the package mcp, which is not installed: pip install 'citewell[mcp]'"
        )
    from qa.api.mcp_server import serve_over_stdio

    settings = Settings(model=model_setting(given.model))
    with qa.open(given.library, settings=settings, read_only=True, notify=notify) as library:
        serve_over_stdio(library)
    return 0
