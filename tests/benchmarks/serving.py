"""Searches over HTTP: `conditions serve` under load from wrk, on loopback, with the queries of the mix.

wrk shares the cores with the server. Memory is the proportional set size of each worker after the load.

    python -m tests.benchmarks.serving --index var/index
"""

import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import urlopen

import click

from tests.benchmarks.corpus import SEED
from tests.benchmarks.figures import MB, table
from tests.benchmarks.mix import mix
from tests.benchmarks.processes import family, proportional_memory

CONNECTIONS: Final = (1, 4, 16, 64)
SECONDS: Final = 5
ROUTES: Final = {"JSON": "/api/v1/search", "HTML": "/search"}
PATIENCE: Final = 60.0  # seconds until a server that does not answer is given up

_SCRIPT: Final = """
local paths = {%s}
local number = 0
function request()
  number = number %% #paths + 1
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
    """`conditions serve` in a process of its own; the block runs once it is ready."""

    def __init__(self, index: Path, workers: int | None = None) -> None:
        words = ["serve", "--index", str(index), "--no-sync", "--port", "0"]
        words += ["--workers", str(workers)] if workers else []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "webapp.cli", *words], stdout=subprocess.PIPE, text=True
        )
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

    def workers_memory(self) -> list[int]:
        """Bytes of each process that answers, its share of what they share included."""
        master, *workers = family(self._process.pid)
        return [proportional_memory([pid]) for pid in workers or [master]]


def measure(index: Path, seed: int = SEED) -> str:
    """A table of requests a second and latencies, for JSON and HTML and each number of connections."""
    if shutil.which("wrk") is None:
        return "serving was not measured: there is no `wrk` on this machine (Debian: apt-get install wrk)."
    rows = []
    with Server(index) as server, tempfile.TemporaryDirectory() as scratch:
        for name, route in ROUTES.items():
            script = Path(scratch) / f"{name}.lua"
            paths = ", ".join(json.dumps(path) for path in _paths(route, seed))
            script.write_text(_SCRIPT % paths, encoding="utf-8")
            for connections in CONNECTIONS:
                found = _load(server.address, script, connections)
                rows.append(
                    (
                        f"{name}, {connections} connections",
                        f"{found['requests'] / found['microseconds'] * 1e6:,.0f}",
                        f"{found['p50'] / 1000:,.1f}",
                        f"{found['p99'] / 1000:,.1f}",
                        f"{found['errors']}",
                    )
                )
        memory = ", ".join(f"{each / MB:,.0f}" for each in server.workers_memory())
    measured = table(("serving", "requests/s", "median ms", "p99 ms", "errors"), rows)
    return f"{measured}\n\nMemory of each worker after it, MB: {memory}."


def _paths(route: str, seed: int) -> list[str]:
    paths = []
    for ask in mix(seed):
        asked = {"q": ask.text, "site": ask.site, "chapter": ask.chapter}
        paths.append(f"{route}?{urlencode({name: value for name, value in asked.items() if value})}")
    return paths


def _load(address: str, script: Path, connections: int) -> dict[str, Any]:
    threads = min(2, connections)
    command = ["wrk", f"-t{threads}", f"-c{connections}", f"-d{SECONDS}s", "-s", str(script), address]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, Any] = json.loads(output.strip().splitlines()[-1])
    return found


@click.command()
@click.option("--index", required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--seed", default=SEED, show_default=True)
def main(index: Path, seed: int) -> None:
    """Measure a server under load."""
    click.echo(measure(index, seed))


if __name__ == "__main__":
    main()
