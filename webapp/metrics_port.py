"""The counters of all workers to an address of their own, so that who can reach the site cannot reach them.

A thread of the process that starts the workers answers there. What asks is one scraper every few seconds: werkzeug's
server is enough for that, with a limit on how long a client may keep a thread.
"""

import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.exceptions import NotFound
from werkzeug.serving import WSGIRequestHandler, make_server

from indexer.errors import SourceError
from indexer.settings import Settings
from webapp import create_app
from webapp.metrics import Metrics, SharedFile

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

CLIENT_TIMEOUT_S: Final = 10


class _SilentRequest(WSGIRequestHandler):
    """Logs no request and no address."""

    timeout = CLIENT_TIMEOUT_S

    def log(self, type: str, message: str, *args: Any) -> None:
        """Nothing: what fails is logged by the application."""


def metrics_address(text: str) -> tuple[str, int]:
    """The host and port of CONDITIONS_METRICS. Raises SourceError."""
    try:
        parts = urlsplit(f"//{text}")
        if parts.hostname and parts.port is not None and text == parts.netloc and not parts.username:
            return parts.hostname, parts.port
    except ValueError:
        pass
    raise SourceError("CONDITIONS_METRICS", f"“{text}” is no address and port; write 127.0.0.1:9100")


@contextmanager
def metrics_at(bound: socket.socket, settings: Settings, counts: SharedFile) -> Iterator[None]:
    """Answer `/metrics` at the bound socket while the block runs."""
    app: Flask = create_app(replace(settings, metrics="", hosts="", prefix=""))
    app.extensions["metrics"] = Metrics(app.url_map.iter_rules(), counts)
    bound.listen()
    host, port = bound.getsockname()[:2]

    def only_metrics(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        return (app if environ["PATH_INFO"] == "/metrics" else NotFound())(environ, start_response)

    server = make_server(host, port, only_metrics, threaded=True, request_handler=_SilentRequest, fd=bound.fileno())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
