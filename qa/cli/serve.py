"""`qa serve` and `qa mcp`: the library served to people, and to programs."""

from __future__ import annotations

import argparse

from qa.cli.command import Command, open_library
from qa.errors import CitewellError


def _serve_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=7860, help="port to listen on (7860)")
    parser.add_argument(
        "--auth-file", metavar="FILE", help="names and password hashes of those who may log in"
    )
    parser.add_argument(
        "--root-path", default="", metavar="PATH", help="path under which a proxy shows the page"
    )
    parser.add_argument(
        "--read-only", action="store_true", help="nobody may add, correct or remove sources"
    )
    parser.add_argument(
        "--trusted-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a further host name under which the page may be reached (repeatable)",
    )


def _serve(given: argparse.Namespace) -> int:
    from qa.settings import model_setting
    from ui.serving import serve

    serve(
        given.library,
        host=given.host,
        port=given.port,
        auth_file=given.auth_file,
        root_path=given.root_path,
        read_only=given.read_only,
        model=model_setting(given.model),
        trusted_hosts=given.trusted_host,
    )
    return 0


def _mcp(given: argparse.Namespace) -> int:
    import importlib.util

    if importlib.util.find_spec("mcp") is None:
        raise CitewellError(
            "`qa mcp` needs the package mcp, which is not installed: pip install 'citewell[mcp]'"
        )
    from qa.api.mcp_server import serve_over_stdio

    with open_library(given, read_only=True) as library:
        serve_over_stdio(library)
    return 0


COMMANDS = (
    Command(
        "mcp",
        "serve the library to programs over MCP (stdio)",
        _mcp,
        description="Serves the library as tools (ask, find, check, source, sources) of the Model "
        "Context Protocol, over standard input and output. It reads only, and needs no network. "
        "Needs the extra `mcp`: pip install 'citewell[mcp]'.",
    ),
    Command(
        "serve",
        "open the web chat",
        _serve,
        _serve_options,
        "Serves the web chat over a library, on this machine alone unless --host says otherwise; "
        "beyond it people must log in (--auth-file).",
    ),
)
