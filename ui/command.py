"""`qa serve`: its options, and what it does with them."""

from __future__ import annotations

import argparse

from qa.settings import model_setting


def add_serve_parser(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
) -> None:
    """Add `serve` to the command line's commands; `common` has --library and --model."""
    parser = commands.add_parser(
        "serve",
        parents=[common],
        help="open the web chat",
        description="Serves the web chat over a library, on this machine alone unless --host "
        "says otherwise; beyond it people must log in (--auth-file).",
    )
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


def run_serve(given: argparse.Namespace) -> int:
    """Serve until interrupted; the exit status."""
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
