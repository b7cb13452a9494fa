"""Starting and stopping the server: environment, gate, log-in, uploads, warm-up."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import qa
from qa import CitewellError, Encoder, Library, open_notebook

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp

    from ui.additions import Additions

DEFAULT_PORT = 7860
_QUIET_ENVIRONMENT = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    # Gradio would make a table of the latest ten thousand events after each of them.
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000",
    "GRADIO_ANALYTICS_MAX_EVENTS": "1",
}
_START_SECONDS = 60.0
# Not by Gradio's `css`: it rewrites selectors, which then outweigh each other differently.
_STYLE_LINK = '<link rel="stylesheet" href="citewell/assets/page.css">'
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A server in a thread of this process. `url` ends with a slash."""

    url: str
    library: Library
    _server: uvicorn.Server
    _thread: threading.Thread
    _additions: Additions | None

    def stop(self) -> None:
        """End the server and close its library."""
        # Pages hold an event stream open; that it is cut off is no error worth a trace.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        self._server.should_exit = True
        self._thread.join(timeout=20)
        if self._additions is not None:
            self._additions.stop()
        self.library.close()

    def wait(self) -> None:
        """Wait until the server ends."""
        while self._thread.is_alive():
            self._thread.join(timeout=1)


def serve(
    library_folder: str | os.PathLike[str] | None = None,
    *,
    host: str = "127.0.0.1",
    port: int = DEFAULT_PORT,
    auth_file: str | os.PathLike[str] | None = None,
    root_path: str = "",
    read_only: bool = False,
    model: str | None = None,
    trusted_hosts: Sequence[str] = (),
) -> None:
    """Serve the web chat over a library until interrupted.

    Beyond loopback an `auth_file` is required (see ui.passwords). `trusted_hosts` are further
    host names under which people reach the server, such as that of a proxy in front of it;
    `root_path` is the path under which that proxy shows the page ("/citewell").
    Raises CitewellError, and what `qa.open` raises.
    """
    running = start(
        library_folder,
        host=host,
        port=port,
        auth_file=auth_file,
        root_path=root_path,
        read_only=read_only,
        model=model,
        trusted_hosts=trusted_hosts,
    )
    print(f"Citewell is at {running.url} (stop it with Ctrl-C)", flush=True)
    try:
        running.wait()
    except KeyboardInterrupt:
        pass
    finally:
        running.stop()


def start(
    library_folder: str | os.PathLike[str] | None = None,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    auth_file: str | os.PathLike[str] | None = None,
    root_path: str = "",
    read_only: bool = False,
    model: str | None = None,
    trusted_hosts: Sequence[str] = (),
    encoder: Encoder | None = None,
) -> RunningServer:
    """Serve in a thread, on a free port if `port` is 0; return when the page can be opened."""
    root_path = _checked_root(root_path)
    from ui.security import is_loopback

    if not is_loopback(host) and auth_file is None:
        raise CitewellError(
            f"host is {host}, which others can reach: a log-in is required. Make a file of people "
            "with `python -m ui.passwords FILE NAME` and give it as --auth-file"
        )
    for name, value in _QUIET_ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    library = qa.open(
        library_folder, settings=qa.Settings(model=model), encoder=encoder, read_only=read_only
    )
    listener = _listen(host, port)
    try:
        application, additions = _application(
            library,
            host=host,
            auth_file=None if auth_file is None else Path(auth_file),
            root_path=root_path,
            read_only=read_only,
            trusted_hosts=trusted_hosts,
        )
        server, thread = _run(application, listener)
    except BaseException:
        listener.close()
        library.close()
        raise
    threading.Thread(target=_warm_up, args=(library,), name="citewell-warm-up", daemon=True).start()
    shown = f"[{host}]" if ":" in host else host
    url = f"http://{shown}:{listener.getsockname()[1]}/"
    return RunningServer(url, library, server, thread, additions)


def _application(
    library: Library,
    *,
    host: str,
    auth_file: Path | None,
    root_path: str,
    read_only: bool,
    trusted_hosts: Sequence[str],
) -> tuple[ASGIApp, Additions | None]:
    """Build the whole application behind its gate. Gradio is imported here and not before."""
    import gradio as gr
    from fastapi import FastAPI

    from ui.additions import Additions
    from ui.app import TITLE, build_page, interface_texts
    from ui.catalogue import Catalogue
    from ui.desk import Desk
    from ui.drafts import Drafts
    from ui.login import add_login
    from ui.passwords import Accounts
    from ui.routes import add_routes
    from ui.security import Gate, trusted_names
    from ui.sessions import Sessions
    from ui.source_view import SourceView
    from ui.theme import theme

    people = None if auth_file is None else Accounts(auth_file)
    sessions = Sessions(login=people is not None)
    catalogue = Catalogue(library)
    additions = None if read_only else Additions(library, catalogue, library.folder)
    desk = Desk(
        library=library,
        catalogue=catalogue,
        view=SourceView(library, catalogue),
        sessions=sessions,
        drafts=Drafts(library),
        keeping=None if read_only else open_notebook(library.folder),
        additions=additions,
    )
    outer = FastAPI(title=TITLE, docs_url=None, redoc_url=None, openapi_url=None)
    if people is not None:
        add_login(outer, people, sessions, root_path)
    add_routes(outer, desk)
    gr.mount_gradio_app(
        outer,
        build_page(desk),
        path="",
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        root_path=root_path or None,
        auth_dependency=None
        if people is None
        else lambda request: sessions.person(request.cookies),
        show_error=True,
        enable_monitoring=False,
        max_file_size=1,  # Gradio's own upload is not used, and closed at the gate
        i18n=interface_texts(),
        theme=theme(),
        head=_STYLE_LINK,
        mcp_server=False,
        pwa=False,
    )
    gate = Gate(
        outer, sessions=sessions, names=trusted_names(host, trusted_hosts), root_path=root_path
    )
    return gate, additions


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise CitewellError(
            f"the server can't use {host}:{port} ({error.strerror or error}): is another one "
            "running there? Give another --port"
        ) from error
    listener.listen(256)
    return listener


def _run(application: ASGIApp, listener: socket.socket) -> tuple[uvicorn.Server, threading.Thread]:
    import uvicorn

    server = uvicorn.Server(
        uvicorn.Config(
            application,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=1,
            ws="none",
        )
    )
    thread = threading.Thread(
        target=server.run, kwargs={"sockets": [listener]}, name="citewell-server", daemon=True
    )
    thread.start()
    deadline = time.monotonic() + _START_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise CitewellError("the server did not start; its log says why")
        time.sleep(0.02)
    return server, thread


def _warm_up(library: Library) -> None:
    """Load the model and the index while people are still reading the page."""
    try:
        if library.sources():
            library.ask("a", understand=False, limit=1)
        else:
            library.encoder.identity  # noqa: B018
    except Exception as error:
        # Whatever is wrong will be told to whoever asks the first real question.
        _log.info("warm-up: %s", error)


def _checked_root(root_path: str) -> str:
    root = root_path.rstrip("/")
    if root and not root.startswith("/"):
        raise CitewellError(f"root_path is {root_path!r}, expected it to begin with '/'")
    return root
