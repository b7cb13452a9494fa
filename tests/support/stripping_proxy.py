"""A reverse proxy as people put before the page: it shows a server under a path and strips that."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

_ONE_HOP = ("connection", "keep-alive", "transfer-encoding", "host", "te", "upgrade")


@contextmanager
def proxied(server_url: str, prefix: str) -> Iterator[str]:
    """The address, with a slash at its end, under which the server is seen beneath `prefix`."""
    behind = urlsplit(server_url)

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def handle_any(self) -> None:
            if not self.path.startswith(prefix + "/"):
                self.send_error(404)
                return
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            headers = {
                name: value for name, value in self.headers.items() if name.lower() not in _ONE_HOP
            }
            # As nginx is told to by every guide: the name in the address, the real scheme.
            headers |= {
                "Host": self.headers["host"],
                "X-Forwarded-Host": self.headers["host"],
                "X-Forwarded-Proto": "http",
                "X-Forwarded-For": self.client_address[0],
            }
            upstream = http.client.HTTPConnection(behind.hostname or "", behind.port, timeout=60)
            try:
                path = self.path[len(prefix) :]
                upstream.request(self.command, path, body=body or None, headers=headers)
                self._pass_on(upstream.getresponse())
            except (OSError, http.client.HTTPException):  # one side has gone
                pass
            finally:
                upstream.close()
            self.close_connection = True

        def _pass_on(self, answer: http.client.HTTPResponse) -> None:
            self.send_response_only(answer.status, answer.reason)
            for name, value in answer.getheaders():
                if name.lower() not in _ONE_HOP:
                    self.send_header(name, value)
            self.send_header("Connection", "close")
            self.end_headers()
            # Each piece as it comes: events must not wait for the stream's end.
            while piece := answer.read1(65536):
                self.wfile.write(piece)
                self.wfile.flush()

        do_GET = do_POST = do_HEAD = handle_any

    proxy = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    proxy.daemon_threads = True
    thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.1})
    thread.start()
    try:
        yield f"http://127.0.0.1:{proxy.server_port}{prefix}/"
    finally:
        proxy.shutdown()
        thread.join()
        proxy.server_close()
