"""An application and a socket to a running site: gunicorn's master with worker processes that share one index.

The socket is bound before anything else is done, so that a taken port is known at once. Workers are forked after the application is loaded: its code and the mapped index are in memory once.
"""

import gc
import os
import socket
from collections.abc import Callable
from typing import Any, Final

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from indexer.analysis import tokens

_OPTIONS: Final[dict[str, Any]] = {
    "worker_class": "gthread",
    "preload_app": True,
    "timeout": 30,  # seconds until a worker that hangs is replaced
    "graceful_timeout": 5,  # seconds that a request may still take when the site stops
    "keepalive": 15,
    "limit_request_line": 8190,  # gunicorn's largest; what is longer gets status 414 from it, what is shorter from us
    "loglevel": "warning",
    "control_socket_disable": True,
}


class Site(BaseApplication):  # type: ignore[misc]
    """gunicorn without its command line: options and application come from the caller."""

    def __init__(self, load: Callable[[], Flask], options: dict[str, Any]) -> None:
        self._load = load
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """The options, as gunicorn asks for them."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application, once, in the master, with what the first search would load; workers go on sharing it all."""
        app = self._load()
        tokens("A warm start.")
        for name in app.jinja_env.list_templates():
            app.jinja_env.get_template(name)
        gc.collect()
        gc.freeze()
        return app


def bind(host: str, port: int) -> socket.socket:
    """A socket of that address, not yet listening; port 0 takes any that is free. Raises OSError."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    bound = socket.socket(family, kind, protocol)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except OSError:
        bound.close()
        raise
    return bound


def run(
    load: Callable[[], Flask], bound: socket.socket, *, workers: int, threads: int, when_ready: Callable[[], None]
) -> None:
    """Serve until SIGTERM or SIGINT, then exit; `when_ready` is called once requests and signals are listened for."""
    address = f"fd://{os.dup(bound.fileno())}"  # gunicorn closes the one that it is given
    options = {"bind": address, "workers": workers, "threads": threads, "when_ready": lambda arbiter: when_ready()}
    Site(load, {**_OPTIONS, **options}).run()
