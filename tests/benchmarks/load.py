"""Costly searches on many connections at once: what everybody else notices of them, and how soon it is over.

Attackers ask the costliest searches there are (64 frequent words in every field, 100 hits, each explained), each
connection again as soon as it was answered, whatever it was told. Meanwhile `/healthz` is asked, and ordinary searches
that no cache knows. Attackers and probes are processes of their own, so that neither waits for the other; both share
the cores with the server. Recovery is counted until the last ordinary search that takes twice as long as the slowest
one before.

    python -m tests.benchmarks.corpus --articles 20000 --to library.jsonl
    conditions index library.jsonl --index var/load
    python -m tests.benchmarks.load --index var/load
"""

import asyncio
import multiprocessing
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from http.client import HTTPConnection
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final
from urllib.parse import urlencode, urlsplit

import click

from indexer.documents import TEXT_FIELD_NAMES
from tests.benchmarks.corpus import MEDICAL_WORDS
from tests.benchmarks.figures import MB, table
from tests.benchmarks.serving import Server

CONNECTIONS: Final = (16, 300)
SECONDS: Final = 10.0
QUIET_SECONDS: Final = 3.0
AFTER_SECONDS: Final = 5.0
PAUSE: Final = 0.02  # seconds between two probes
COSTLY_QUERIES: Final = 500
ORDINARY: Final = ("gout knee", "bone inflammation", "fracture of the left hand", "glaucoma", "acute pain in children")

Latencies = list[tuple[float, float]]  # when each was asked, and the seconds until it was answered


def costly_paths(seed: int = 0) -> list[str]:
    """Searches that differ, so that none is answered from a cache."""
    drawn = random.Random(seed)
    words = [word for word in MEDICAL_WORDS if len(word) > 3]
    rest = [("field", field) for field in TEXT_FIELD_NAMES] + [("size", "100"), ("explain", "1")]
    return [
        "/api/v1/search?" + urlencode([("q", " ".join(drawn.sample(words, 64))), *rest]) for _ in range(COSTLY_QUERIES)
    ]


async def _attack_once(host: str, port: int, paths: Sequence[str], until: float, outcomes: Counter[str]) -> None:
    drawn = random.Random()
    while time.time() < until:
        try:
            reader, writer = await asyncio.open_connection(host, port)
            while time.time() < until:
                asked = f"{drawn.choice(paths)}&unseen={drawn.random()}"
                writer.write(f"GET {asked} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                await reader.readexactly(int(head.partition(b"content-length: ")[2].split(b"\r\n")[0]))
                patience = " with Retry-After" if b"\nretry-after:" in head else ""
                outcomes[head[9:12].decode() + patience] += 1
            writer.close()
        except (OSError, asyncio.IncompleteReadError) as error:
            outcomes[type(error).__name__] += 1
            await asyncio.sleep(PAUSE)


def _attack(address: str, connections: int, until: float, told: Connection) -> None:
    host, port = _host_and_port(address)
    outcomes: Counter[str] = Counter()
    paths = costly_paths()

    async def all_of_them() -> None:
        once = (_attack_once(host, port, paths, until, outcomes) for _ in range(connections))
        await asyncio.gather(*once)

    asyncio.run(all_of_them())
    told.send(outcomes)


def _probe(address: str, path: Callable[[], str], until: float, found: Latencies) -> None:
    """Ask again and again, on a connection of its own each time."""
    host, port = _host_and_port(address)
    while (asked := time.time()) < until:
        connection = HTTPConnection(host, port, timeout=60)
        connection.request("GET", path())
        response = connection.getresponse()
        response.read()
        # Who is told to come back later was not answered.
        found.append((asked, time.time() - asked if response.status == 200 else float("inf")))
        connection.close()
        time.sleep(PAUSE)


def _host_and_port(address: str) -> tuple[str, int]:
    parts = urlsplit(address)
    assert parts.hostname is not None and parts.port is not None
    return parts.hostname, parts.port


def _ordinary() -> str:
    return "/api/v1/search?" + urlencode({"q": random.choice(ORDINARY), "unseen": random.random()})


def _probes(address: str, until: float) -> tuple[Latencies, Latencies]:
    """The latencies of `/healthz` and of ordinary searches."""
    health: Latencies = []
    ordinary: Latencies = []
    threads = [
        threading.Thread(target=_probe, args=(address, lambda: "/healthz", until, health)),
        threading.Thread(target=_probe, args=(address, _ordinary, until, ordinary)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return health, ordinary


def _ms(latencies: Latencies, share: float) -> str:
    ordered = sorted(seconds for _, seconds in latencies)
    return f"{ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000:.0f}"


def measure(server: Server, connections: int, seconds: float) -> list[str]:
    """A row of the table."""
    _, quiet = _probes(server.address, time.time() + QUIET_SECONDS)
    before = sum(server.workers_memory()) / MB
    until = time.time() + seconds
    told, tells = multiprocessing.Pipe(duplex=False)
    attackers = multiprocessing.Process(target=_attack, args=(server.address, connections, until, tells))
    attackers.start()
    health, ordinary = _probes(server.address, until)
    outcomes: Counter[str] = told.recv()
    attackers.join()
    _, after = _probes(server.address, until + AFTER_SECONDS)
    slow = 2 * max(taken for _, taken in quiet)
    recovered = max((asked + taken - until for asked, taken in after if taken > slow), default=0.0)
    return [
        str(connections),
        _ms(health, 1.0),
        _ms(quiet, 0.5),
        f"{_ms(ordinary, 0.5)} / {_ms(ordinary, 0.99)}",
        ", ".join(f"{count} x {outcome}" for outcome, count in outcomes.most_common()),
        f"{recovered:.1f}",
        f"{before:.0f} / {sum(server.workers_memory()) / MB:.0f}",
    ]


@click.command()
@click.option("--index", required=True, type=click.Path(path_type=Path, exists=True), help="What is served.")
@click.option("--connections", multiple=True, type=int, default=CONNECTIONS, show_default=True)
@click.option("--seconds", default=SECONDS, show_default=True, help="Of load.")
def main(index: Path, connections: tuple[int, ...], seconds: float) -> None:
    """Print what is noticed of costly searches, a row for each number of connections."""
    names = [
        "connections",
        "/healthz p100 ms",
        "ordinary p50 ms, quiet",
        "p50 / p99 under load",
        "costly",
        "recovery s",
        "workers MB, before / after",
    ]
    with Server(index) as server:
        for _ in range(3):
            _probes(server.address, time.time() + 1)  # each worker loads what its first searches need
        rows = [measure(server, each, seconds) for each in connections]
    click.echo(table(names, rows))


if __name__ == "__main__":
    main()
