"""An application and a socket to a running site: granian with worker processes that map one index.

The socket is bound before anything else is done, so that a taken port is known at once. Each worker listens on one of
its own, which outlives it, for the kernel spreads connections over sockets, not over those who wait at the same one.
Workers are spawned, not forked: nothing that an open index or another thread holds is copied. Requests are read in
granian's own threads, so that a slow client keeps none of ours; who is answered when, `admission` decides.
"""

import atexit
import gc
import math
import multiprocessing
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing, nullcontext, suppress
from functools import partial
from multiprocessing.process import parent_process
from typing import Any, Final

from flask import Flask
from granian._granian import SocketHolder
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer, WorkerProcess

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
    """granian's server of worker processes, over sockets that are bound already: one for each worker."""

    def __init__(self, sockets: Sequence[socket.socket]) -> None:
        host, port = sockets[0].getsockname()[:2]
        super().__init__(
            "webapp",
            host,
            port,
            interface=Interfaces.WSGI,
            workers=len(sockets),
            blocking_threads=MAX_THREADS,
            blocking_threads_idle_timeout=KEEP_THREAD_S,
            http=HTTPModes.http1,
            log_level=LogLevels.error,
            log_dictconfig=LOG_CONFIG,
            respawn_failed_workers=True,
            workers_kill_timeout=KILL_TIMEOUT_S,
        )
        self._sockets = sockets

    def _init_shared_socket(self) -> None:
        """Makes none: there are sockets."""

    def _spawn_worker(self, idx: int, **others: Any) -> WorkerProcess:  # type: ignore[override]
        """Does as granian for one socket shared by all workers, but with that of this worker."""
        self._sso = self._sockets[idx]
        self._shd = SocketHolder(self._sso.fileno(), False, self.backlog)  # type: ignore[assignment, call-arg]
        return super()._spawn_worker(idx, **others)


def bind(host: str, port: int) -> socket.socket:
    """A socket of that address, not yet listening; port 0 takes any that is free. Raises OSError."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    return _bound(socket.socket(family, kind, protocol), address)


def _bound(unbound: socket.socket, address: tuple[Any, ...]) -> socket.socket:
    try:
        unbound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        unbound.bind(address)
    except OSError:
        unbound.close()
        raise
    return unbound


def listening(bound: socket.socket, number: int) -> list[socket.socket]:
    """So many sockets of the address of the first, all listening; where no kernel spreads connections, that one alone.

    The option that lets them share an address is set when the first has it: no second site gets the port unnoticed.
    """
    sockets = [bound] * number
    if sys.platform == "linux":
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        for place in range(1, number):
            sockets[place] = socket.socket(bound.family, bound.type, bound.proto)
            sockets[place].setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            _bound(sockets[place], bound.getsockname())
    for each in sockets:
        each.listen(BACKLOG)
    return sockets


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
    server = BoundServer(listening(bound, workers))
    server.on_startup(when_ready)
    with closing(SharedFile()) as counts, metrics_at(metrics, settings, counts) if metrics else nullcontext():
        server.serve(target_loader=partial(load, settings, counts, threads), wrap_loader=False)


def load(settings: Settings, counts: SharedFile, threads: int) -> Flask:
    """The application of one worker, which loads what its first search needs, and ends when its parent does."""
    # A thread of granian that still computes for who has left would abort the process, in an interpreter that ended.
    atexit.register(os._exit, 0)
    os.setpgrp()  # Ctrl-C reaches the parent alone, which lets workers finish; a second signal hinders them
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
