"""An application and a socket to a running site: granian with worker processes that map one index.

The socket is bound before anything else is done, so that a taken port is known at once, and handed to every worker.
Workers are spawned, not forked: nothing that an open index or another thread holds is copied. Requests are read in
granian's own threads, so that a slow client keeps none of ours; who is answered when, `admission` decides.
"""

import gc
import math
import multiprocessing
import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing, nullcontext, suppress
from functools import partial
from multiprocessing.process import parent_process
from typing import Final

from flask import Flask
from granian._granian import SocketHolder
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from indexer.articles.section_cues import evidence
from indexer.errors import ConditionSearchError
from indexer.library import Library
from indexer.query.request import Page
from indexer.settings import Settings
from webapp import create_app
from webapp.admission import MAX_THREADS, Lanes
from webapp.logs import LOG_CONFIG, log_in_lines
from webapp.metrics import Metrics, SharedFile
from webapp.metrics_port import metrics_at
from webapp.overview import overview

SWITCH_INTERVAL_S: Final = 0.0005  # that a thread may keep others waiting
REFRESH_INTERVAL_S: Final = 1.0  # until a commit is noticed where no request waits for it
COLLECTION_INTERVAL_S: Final = 600.0  # between two collections of all garbage, where nothing is committed
# Objects that are made between two collections of the young ones; and never of all of them while requests are answered.
COLLECTION_THRESHOLDS: Final = (10_000, 10, 1_000_000)
BACKLOG: Final = 1024  # connections that wait to be accepted
KEEP_THREAD_S: Final = 600  # that a thread waits for a request; many that begin at once hold up all others
KILL_TIMEOUT_S: Final = 5  # that a request may still take when the site stops


class BoundServer(MPServer):
    """granian's server of worker processes, over a socket that is bound already."""

    def __init__(self, bound: socket.socket, *, workers: int) -> None:
        host, port = bound.getsockname()[:2]
        super().__init__(
            "webapp",
            host,
            port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=MAX_THREADS,
            blocking_threads_idle_timeout=KEEP_THREAD_S,
            http=HTTPModes.http1,
            log_level=LogLevels.error,
            log_dictconfig=LOG_CONFIG,
            respawn_failed_workers=True,
            workers_kill_timeout=KILL_TIMEOUT_S,
        )
        self._bound = bound

    def _init_shared_socket(self) -> None:
        """Does as granian for one socket shared by all workers, but with ours instead of a new one."""
        self._shd = SocketHolder(self._bound.fileno(), False, self.backlog)  # type: ignore[assignment, call-arg]
        self._sso = self._bound


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
    settings: Settings,
    bound: socket.socket,
    *,
    workers: int,
    threads: int,
    when_ready: Callable[[], None],
    metrics: socket.socket | None = None,
) -> None:
    """Serve the index of the settings until SIGTERM or SIGINT; `when_ready` is called once it can be stopped.

    `metrics` is a bound socket where the counters are served, where they have one of their own.
    """
    log_in_lines()
    multiprocessing.set_start_method("spawn", force=True)
    # For the workers: glibc gives every thread an arena of its own, and memory that one has freed no other can use.
    # NumPy's arrays come and go with each query; the interpreter lets one thread in at a time anyway. Measured: 20 MB
    # less, no pauses of 50 ms.
    os.environ.setdefault("MALLOC_ARENA_MAX", "1")
    bound.listen(BACKLOG)
    server = BoundServer(bound, workers=workers)
    server.on_startup(when_ready)
    with closing(SharedFile()) as counts, metrics_at(metrics, settings, counts) if metrics else nullcontext():
        server.serve(target_loader=partial(load, settings, counts, threads), wrap_loader=False)


def load(settings: Settings, counts: SharedFile, threads: int) -> Flask:
    """The application of one worker, which loads what its first search needs, and ends when its parent does."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    log_in_lines()
    app = create_app(settings)
    with closing(counts):
        app.extensions["metrics"] = Metrics(app.url_map.iter_rules(), counts)
    app.extensions["lanes"] = Lanes(threads)
    # NumPy lets go of the interpreter at every larger step: a request must not wait 5 ms, the default, to get it back.
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    gc.set_threshold(*COLLECTION_THRESHOLDS)
    _exempt_from_collection()
    threading.Thread(target=_keep_warm, args=(app, settings.prefix), daemon=True).start()
    return app


def _keep_warm(app: Flask, prefix: str) -> None:
    """Compute what the first requests would wait for, and again after each commit; requests go first."""
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    library: Library = app.extensions["library"]
    evidence("a warm start")  # loads what the first answer needs
    warm, collected = "", time.monotonic()
    while True:
        with suppress(ConditionSearchError):  # where there is no index yet, its pages say so
            with library.searcher() as searcher:
                newest = searcher.generation
            if newest != warm:
                library.search("a warm start", page=Page(limit=1))
                library.renew()
                with app.test_request_context(base_url=f"http://localhost{prefix}"):
                    overview()
                warm, collected = newest, -math.inf
        if time.monotonic() > collected + COLLECTION_INTERVAL_S:
            _exempt_from_collection()
            collected = time.monotonic()
        time.sleep(REFRESH_INTERVAL_S)


def _exempt_from_collection() -> None:
    """Collect garbage, and let the collector forget what stays.

    Looking through all of that stops every thread, for 60 ms with 20,000 articles.
    """
    gc.collect()
    gc.freeze()


def _end_with_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)
