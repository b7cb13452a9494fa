"""The gate before the page: which hosts, paths and origins are served, and with which headers.

Gradio serves more than this page needs (a proxy, files by path or address, code generation);
only what is listed here reaches it.
"""

from __future__ import annotations

import ipaddress
import re
import secrets
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.api import NAMES
from ui.sessions import Sessions

# Paths that the page and the named endpoints need, below the root path.
_OPEN_PATHS = re.compile(
    r"/(login|citewell/login\.css|citewell/assets/icon\.svg|favicon\.ico|robots\.txt)"
)
_PATHS = re.compile(
    r"/(|logout|theme\.css|manifest\.json|config/?|(assets|static|svelte)/[^?]*"
    r"|citewell/(assets/[\w.-]+|upload|draft)"
    r"|gradio_api/(info|openapi\.json|config|startup-events|theme\.css|app_id/?|user/?|login_check/?"
    r"|heartbeat/[\w-]+|queue/(join|data|status)|cancel|reset/?|component_server/?"
    rf"|call/(v2/)?({'|'.join(NAMES)})(/[\w-]+)?/?))"
)
_SCRIPT = re.compile(rb"<script(?=[\s>])")
# Gradio's template asks for files at the root of the host, where a proxy may show another server;
# without an icon of its own in the page's head a browser does the same.
_MANIFEST = b'<link rel="manifest" href="/manifest.json" />'
_ICON = b'<link rel="icon" type="image/svg+xml" href="citewell/assets/icon.svg">'
# Gradio compiles templates and handlers with `Function`, hence 'unsafe-eval'; no template and no
# handler of this page holds text of a document. Inline scripts run by nonce alone.
_POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; media-src 'none'; object-src 'none'; worker-src 'self' blob:; "
    "frame-src 'none'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not "no-referrer": browsers would then send the log-in form as from nowhere (Origin: null).
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
LARGEST_REQUEST = 1024 * 1024
# Files come here, and are bounded as they are read.
_FILE_PATHS = ("/citewell/upload", "/citewell/draft")


def trusted_names(host: str, named: Iterable[str]) -> frozenset[str]:
    """Return the host names under which the page may be asked for."""
    return frozenset({"localhost", host.lower(), *(name.lower() for name in named)})


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach a server on that host."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Gate:
    """ASGI middleware around the whole application."""

    def __init__(
        self, app: ASGIApp, *, sessions: Sessions, names: frozenset[str], root_path: str = ""
    ) -> None:
        self._app = app
        self._sessions = sessions
        self._names = names
        self._root_path = root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # no part of the page uses a web socket
        nonce = secrets.token_urlsafe(16)
        guarded = _HeaderSender(send, nonce)
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, guarded)
        elif scope["method"] == "GET" and self._path(scope) in ("/", ""):
            await self._app(scope, receive, _NonceSender(guarded, nonce))
        else:
            await self._app(scope, receive, guarded)

    def _path(self, scope: Scope) -> str:
        """Return the path below the root, which the proxy strips: some of the page's own paths
        may well begin as the root does."""
        path: str = scope["path"]
        return path

    def _refusal(self, scope: Scope) -> Response | None:
        """Return why the request goes no further, None if it may."""
        headers = Headers(scope=scope)
        if not self._trusted(headers.get("host", "")):
            return PlainTextResponse("This server does not go by that name.", 400)
        path = self._path(scope)
        opened = _OPEN_PATHS.fullmatch(path) is not None
        if not opened and _PATHS.fullmatch(path) is None:
            return PlainTextResponse("Not found", 404)
        if scope["method"] not in ("GET", "HEAD", "OPTIONS") and not _same_origin(headers):
            return PlainTextResponse("Requests from other sites are refused.", 403)
        length = headers.get("content-length", "0")
        bounded = path in _FILE_PATHS or (length.isdecimal() and int(length) <= LARGEST_REQUEST)
        if not bounded or ("transfer-encoding" in headers and path not in _FILE_PATHS):
            return PlainTextResponse("The request is too large.", 413)
        if not opened and self._sessions.person(Request(scope).cookies) is None:
            if path in ("/", "") and scope["method"] == "GET":
                return RedirectResponse(f"{self._root_path}/login", 303)
            return PlainTextResponse("Log in first.", 401)
        return None

    def _trusted(self, host: str) -> bool:
        # A page of another site can only reach this server under a name it makes resolve here
        # (DNS rebinding); an address literal can't be rebound.
        name = urlsplit(f"//{host}").hostname
        if name is None:
            return False
        if name in self._names:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True


def _same_origin(headers: Headers) -> bool:
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    if origin is None:
        return True
    forwarded = headers.get("x-forwarded-host", headers.get("host", ""))
    return urlsplit(origin).netloc.lower() in (forwarded.lower(), headers.get("host", "").lower())


class _HeaderSender:
    """Sends a response with the security headers."""

    def __init__(self, send: Send, nonce: str) -> None:
        self._send = send
        self._policy = _POLICY.format(nonce=nonce)

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Content-Security-Policy"] = self._policy
            for name, value in _HEADERS.items():
                headers[name] = value
            if "server" in headers:
                del headers["server"]
        await self._send(message)


class _NonceSender:
    """Gives the inline scripts of Gradio's own page the nonce that lets them run.

    The page's text comes from Gradio's template, in which all values stand as JSON with `<`
    escaped, so that every `<script` is the template's own.
    """

    def __init__(self, send: _HeaderSender, nonce: str) -> None:
        self._send = send
        self._tag = f'<script nonce="{nonce}"'.encode("ascii")
        self._start: Message | None = None
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        if message["type"] != "http.response.body" or self._start is None:
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        headers = MutableHeaders(scope=self._start)
        body = bytes(self._body)
        if headers.get("content-type", "").startswith("text/html"):
            body = _SCRIPT.sub(self._tag, body).replace(_MANIFEST, _ICON)
            headers["content-length"] = str(len(body))
        headers["Cache-Control"] = "no-store"
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": body})
