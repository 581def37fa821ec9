"""Answered requests to counters in the text format of Prometheus, summed over all worker processes.

The counters are one array in a file that all workers map. The file has no name (workers inherit it), so that nothing is
left of it however a site ends. Each process adds to a row of its own, so that none waits for another: the row is its
process id modulo ROWS. Two live workers on one row (one chance in 64) might lose a count now and then; nothing else can
happen. Format: https://prometheus.io/docs/instrumenting/exposition_formats/
"""

import math
import mmap
import os
import tempfile
import threading
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.reduction import DupFd
from typing import Any, Final

import numpy as np
from werkzeug.routing import Rule

ROWS: Final = 64
STATUSES: Final = (200, 304, 308, 400, 404, 405, 413, 414, 500, 503)
OTHER: Final = "other"  # a route or a status that is not in the table
BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)  # seconds, inclusive upper bounds


class SharedFile:
    """A file without a name; handed to a process that is being spawned, it is the same file there."""

    def __init__(self, descriptor: int | None = None) -> None:
        """Make the file, or take over an open one by its number."""
        if descriptor is None:
            with tempfile.TemporaryFile() as made:
                descriptor = os.dup(made.fileno())
        self.descriptor = descriptor

    def close(self) -> None:
        """Let go of the file; what is mapped of it stays."""
        os.close(self.descriptor)

    def __reduce__(self) -> tuple[Callable[..., "SharedFile"], tuple[Any]]:
        return _inherited, (DupFd(self.descriptor),)


def _inherited(duplicate: Any) -> SharedFile:
    return SharedFile(duplicate.detach())


def _make_room(descriptor: int, size: int) -> None:
    """Give the file its length, with room on the disk: without, a process that counts would be ended by SIGBUS."""
    if hasattr(os, "posix_fallocate"):  # not on macOS
        os.posix_fallocate(descriptor, 0, size)
    else:
        os.truncate(descriptor, size)


class Metrics:
    """Requests by route and status, and their latencies by route; counted together with all that map the same file."""

    def __init__(self, rules: Iterable[Rule], file: SharedFile | None = None) -> None:
        self._routes = (*sorted({rule.rule for rule in rules}), OTHER)
        self._route_numbers = {route: number for number, route in enumerate(self._routes)}
        self._status_numbers = {status: number for number, status in enumerate(STATUSES)}
        shape = (ROWS, len(self._routes), len(STATUSES) + 1 + len(BUCKETS) + 1 + 1)  # statuses, buckets, sum of seconds
        size = 8 * math.prod(shape)
        if file is None:
            memory = mmap.mmap(-1, size)
        else:
            _make_room(file.descriptor, size)
            memory = mmap.mmap(file.descriptor, size)
        self._counts = np.frombuffer(memory, dtype=np.float64).reshape(shape)
        self._lock = threading.Lock()

    def count(self, route: str | None, status: int, seconds: float) -> None:
        """Add one request."""
        row = self._counts[os.getpid() % ROWS, self._route_numbers.get(route or OTHER, len(self._routes) - 1)]
        with self._lock:
            row[self._status_numbers.get(status, len(STATUSES))] += 1
            row[len(STATUSES) + 1 + bisect_left(BUCKETS, seconds)] += 1
            row[-1] += seconds

    def lines(self) -> Iterator[str]:
        """Requests and latencies of all processes, a line each; routes that were never requested are left out."""
        total = self._counts.sum(axis=0)
        requested = [(route, row) for route, row in zip(self._routes, total, strict=True) if row.any()]
        yield "# HELP condition_search_requests_total Requests by route and status."
        yield "# TYPE condition_search_requests_total counter"
        for route, row in requested:
            for status, count in zip((*STATUSES, OTHER), row, strict=False):
                if count:
                    yield f'condition_search_requests_total{{route="{route}",status="{status}"}} {count:.0f}'
        name = "condition_search_request_seconds"
        yield f"# HELP {name} Seconds from the request to the answer, by route."
        yield f"# TYPE {name} histogram"
        for route, row in requested:
            cumulative = np.cumsum(row[len(STATUSES) + 1 : -1])
            for bound, count in zip((*BUCKETS, "+Inf"), cumulative, strict=True):
                yield f'{name}_bucket{{route="{route}",le="{bound}"}} {count:.0f}'
            yield f'{name}_sum{{route="{route}"}} {row[-1]:.6f}'
            yield f'{name}_count{{route="{route}"}} {cumulative[-1]:.0f}'
