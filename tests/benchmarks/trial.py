"""One engine in a process of its own: build, open, search, with the times.

A trial is spawned, not forked, so that nothing is in memory but what its engine needs.
"""

import gc
import os
import random
import shutil
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple, ParamSpec, Self, TypeVar

from tests.benchmarks.mix import Ask
from tests.benchmarks.peers.peer import Peer

PEERS: Final = {
    "ours, engine": "ours:Engine",
    "ours, everything on": "ours:Everything",
    "tantivy-py": "tantivy_index:Tantivy",
    "SQLite FTS5": "fts5:Fts5",
    "bm25s": "bm25s_index:Bm25s",
    "stock Whoosh": "stock_whoosh:StockWhoosh",
}

_P = ParamSpec("_P")
_R = TypeVar("_R")


class Timing(NamedTuple):
    """One search: the number of its query in the mix, its seconds of wall time and of CPU time, and its matches."""

    number: int
    seconds: float
    busy: float
    total: int


def create(name: str) -> Peer:
    """The engine of that name; raises ImportError where it is not installed."""
    module, _, kind = PEERS[name].partition(":")
    peer: Peer = getattr(import_module(f"tests.benchmarks.peers.{module}"), kind)()
    return peer


def build(name: str, source: Path, folder: Path) -> float:
    """Seconds to build an index in a new folder, without importing what builds it."""
    peer = create(name)
    shutil.rmtree(folder, ignore_errors=True)
    started = time.perf_counter()
    peer.build(source, folder)
    return time.perf_counter() - started


@cache
def opened(name: str, folder: Path) -> Peer:
    """The engine over its index."""
    peer = create(name)
    peer.open(folder)
    return peer


def warm_up(name: str, folder: Path, asks: Sequence[Ask]) -> None:
    """Search what is not timed, so that everything is loaded that an engine loads once."""
    peer = opened(name, folder)
    for ask in filter(peer.can, asks):
        peer.search(ask)
    # As our server does after warming up: what is loaded for good is looked through no more.
    gc.collect()
    gc.freeze()


def search(name: str, folder: Path, asks: Sequence[Ask], round: int, budget: float) -> list[Timing]:
    """Every query that the engine can do, once, in an order of the round's own; fewer where the seconds are up."""
    peer = opened(name, folder)
    order = [number for number, ask in enumerate(asks) if peer.can(ask)]
    random.Random(round).shuffle(order)
    timings: list[Timing] = []
    end = time.perf_counter() + budget
    for number in order:
        started, busy = time.perf_counter(), time.process_time()
        if started > end:
            break
        total = peer.search(asks[number]).total
        timings.append(Timing(number, time.perf_counter() - started, time.process_time() - busy, total))
    return timings


class Trial:
    """A process that runs the functions of this module for one engine."""

    def __init__(self) -> None:
        self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))

    def run(self, function: Callable[_P, _R], *args: _P.args, **kwargs: _P.kwargs) -> _R:
        """What the function gives there."""
        return self._pool.submit(function, *args, **kwargs).result()

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self.run(os.getpid)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown()
