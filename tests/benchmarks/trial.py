"""One engine in a process of its own: build, open, search; with the times, and the memory of the process and its children.

A trial is spawned, not forked, so that nothing is in memory but what its engine needs. Its memory is the proportional set size: what is
shared or mapped counts by its share, and children count too.
"""

import os
import random
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
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
SAMPLING: Final = 0.1  # seconds

_P = ParamSpec("_P")
_R = TypeVar("_R")


class Timing(NamedTuple):
    """One search: the number of its query in the mix, the seconds it took and the matches it found."""

    number: int
    seconds: float
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


def search(name: str, folder: Path, asks: Sequence[Ask], round: int, budget: float) -> list[Timing]:
    """Every query that the engine can do, once, in an order of the round's own; fewer where the seconds are up."""
    peer = opened(name, folder)
    order = [number for number, ask in enumerate(asks) if peer.can(ask)]
    random.Random(round).shuffle(order)
    timings: list[Timing] = []
    end = time.perf_counter() + budget
    for number in order:
        started = time.perf_counter()
        if started > end:
            break
        total = peer.search(asks[number]).total
        timings.append(Timing(number, time.perf_counter() - started, total))
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


def family(pid: int) -> tuple[int, ...]:
    """The process and everything that it started."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError, ValueError):
            continue  # gone meanwhile
        children.setdefault(parent, []).append(int(path.parent.name))
    found = [pid]
    for each in found:
        found += children.get(each, [])
    return tuple(found)


def proportional_memory(pids: Sequence[int]) -> int:
    """Bytes of memory of the processes, each page divided by the number of processes that have it mapped."""
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    return total


@contextmanager
def peak_memory(pid: int) -> Iterator[Callable[[], int]]:
    """A function that tells the most memory, in bytes, that the process and its children had since the block began."""
    peak = 0
    stop = threading.Event()

    def sample() -> None:
        nonlocal peak
        while not stop.wait(SAMPLING):
            peak = max(peak, proportional_memory(family(pid)))

    thread = threading.Thread(target=sample, daemon=True)
    thread.start()
    try:
        yield lambda: peak
    finally:
        stop.set()
        thread.join()


def size_of(folder: Path) -> int:
    """Bytes of all files below the folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
