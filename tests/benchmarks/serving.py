"""Searches over HTTP: a site under load from wrk, on loopback, with the queries of the mix.

Queries are either asked again and again, once each worker has answered each, or all differ, so that no cache knows the
answer: on one connection that is the first answer that a reader waits for. For the latter every row has a site that
was just started, and the same queries in the same order. Other engines are served by the same web server with as many
processes (`tests.benchmarks.peers.site`), and do the work of `tests.benchmarks.peers.peer`.

wrk shares the cores with the site. Core milliseconds are those of the site alone, which a busy machine does not
lengthen. Memory is the proportional set size of each worker after the load.

    python -m tests.benchmarks.serving --index var/index
"""

import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import urlopen

import click

from tests.benchmarks.corpus import SEED
from tests.benchmarks.figures import MB, table
from tests.benchmarks.mix import Ask, mix
from tests.benchmarks.processes import Watch, family, proportional_memory

CONNECTIONS: Final = (1, 4, 16, 64)
DISTINCT_CONNECTIONS: Final = (1, 8, 16)
SECONDS: Final = 5
DRAWS: Final = 40  # of the mix, for queries that all differ: some 5,000
ROUTES: Final = {"JSON": "/api/v1/search", "HTML": "/search"}
WARM_UP: Final = 40  # queries, before any is timed
PATIENCE: Final = 60.0  # seconds until a server that does not answer is given up

_SCRIPT: Final = """
local paths = {%s}
local again = %s
local number = 0
function request()
  number = number + 1
  if number > #paths then
    number = again and 1 or #paths
    if not again then wrk.thread:stop() end
  end
  return wrk.format("GET", paths[number])
end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '{"requests": %%d, "microseconds": %%d, "p50": %%d, "p99": %%d, "errors": %%d}\\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    e.connect + e.read + e.write + e.status + e.timeout))
end
"""


class Server:
    """`conditions serve`, or another engine as a site, in a process of its own; the block runs once it is ready."""

    def __init__(self, index: Path, workers: int | None = None, engine: str | None = None) -> None:
        words = (
            ["tests.benchmarks.peers.site", engine] if engine else ["webapp.cli", "serve", "--no-sync", "--port", "0"]
        )
        words += ["--index", str(index)]
        words += ["--workers", str(workers)] if workers else []
        self._process = subprocess.Popen([sys.executable, "-m", *words], stdout=subprocess.PIPE, text=True)
        self.address = ""

    def __enter__(self) -> Self:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if " at http://" in line:
                self.address = line.partition(" at ")[2].split()[0].rstrip("/")
                break
        end = time.perf_counter() + PATIENCE
        while time.perf_counter() < end:
            try:
                with urlopen(f"{self.address}/readyz", timeout=PATIENCE):
                    return self
            except (HTTPError, URLError, ConnectionError):
                time.sleep(0.005)
        self._process.kill()
        raise TimeoutError(f"{self.address} was not ready after {PATIENCE:.0f} s")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(PATIENCE)
        if self._process.stdout:
            self._process.stdout.close()

    @property
    def pid(self) -> int:
        """The process that started the others."""
        return self._process.pid

    def workers_memory(self) -> list[int]:
        """Bytes of each process that answers, its share of what they share included."""
        master, *workers = family(self._process.pid)
        return [proportional_memory([pid]) for pid in workers or [master]]


def measure(index: Path, seed: int = SEED, peers: Mapping[str, Path] | None = None) -> str:
    """Tables of requests a second and latencies, for JSON and HTML; `peers` are other engines with their indexes."""
    if shutil.which("wrk") is None:
        return "serving was not measured: there is no `wrk` on this machine (Debian: apt-get install wrk)."
    rows = [row for name, route in ROUTES.items() for row in _distinct(f"ours, {name}", route, index, seed)]
    for engine, folder in (peers or {}).items():
        rows += _distinct(f"{engine}, JSON", "/search", folder, seed, engine)
    return f"{_table('queries that all differ', rows)}\n\n{_again(index, seed)}"


def _distinct(name: str, route: str, index: Path, seed: int, engine: str | None = None) -> Iterable[Sequence[str]]:
    """A row for each number of connections, each with a site of its own."""
    warm_up, *draws = (mix(seed, draw) for draw in range(DRAWS + 1))
    asks = [ask for ask in dict.fromkeys(ask for draw in draws for ask in draw) if ask not in warm_up]
    for connections in DISTINCT_CONNECTIONS:
        with Server(index, engine=engine) as server:
            _load(server, route, warm_up[:WARM_UP], connections)
            yield _row(name, connections, _load(server, route, asks, connections))


def _again(index: Path, seed: int) -> str:
    rows = []
    with Server(index) as server:
        for name, route in ROUTES.items():
            for connections in CONNECTIONS:
                rows.append(_row(name, connections, _load(server, route, mix(seed), connections, again=True)))
        memory = ", ".join(f"{each / MB:,.0f}" for each in server.workers_memory())
    return f"{_table('the same queries in turn', rows)}\n\nMemory of each worker after it, MB: {memory}."


def _table(title: str, rows: Iterable[Sequence[str]]) -> str:
    return table((title, "connections", "answers/s", "median ms", "p99 ms", "core ms", "errors"), rows)


def _row(name: str, connections: int, found: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        name,
        str(connections),
        f"{found['requests'] / found['microseconds'] * 1e6:,.0f}",
        f"{found['p50'] / 1000:,.1f}",
        f"{found['p99'] / 1000:,.1f}",
        f"{found['busy'] / max(1, found['requests']) * 1000:,.1f}",
        f"{found['errors']}",
    )


def path_of(route: str, ask: Ask) -> str:
    """The address of a query, the same at all sites: ours takes no notice of the mode."""
    asked = {"q": ask.text, "mode": ask.mode, "site": ask.site, "chapter": ask.chapter}
    return f"{route}?{urlencode({name: value for name, value in asked.items() if value})}"


def _load(server: Server, route: str, asks: Sequence[Ask], connections: int, *, again: bool = False) -> dict[str, Any]:
    """Ask for some seconds; where it is not `again`, no longer than there are queries."""
    paths = ", ".join(json.dumps(path_of(route, ask)) for ask in asks)
    with tempfile.NamedTemporaryFile("w", suffix=".lua", encoding="utf-8") as script:
        script.write(_SCRIPT % (paths, str(again).lower()))
        script.flush()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "-s", script.name, server.address]
        with Watch(server.pid) as watch:
            output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, Any] = json.loads(output.strip().splitlines()[-1])
    return found | {"busy": watch.busy}


@click.command()
@click.option("--index", required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--seed", default=SEED, show_default=True)
def main(index: Path, seed: int) -> None:
    """Measure a server under load."""
    click.echo(measure(index, seed))


if __name__ == "__main__":
    main()
