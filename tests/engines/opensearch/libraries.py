"""Libraries in a cluster of tests: each with a name of its own, and deleted when it is not needed any more."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count

from indexer.engine import Engine
from indexer.engines import open_engine
from tests.engines.opensearch.servers import Servers

DELETED_TOGETHER = 12  # deleting several costs as much as deleting one

_numbers = count(1)
_left: list[str] = []


@contextmanager
def new_location(servers: Servers) -> Iterator[str]:
    """A location where nothing is yet."""
    name = f"test-{next(_numbers)}"
    try:
        yield f"opensearch://{servers.hosts}/{name}"
    finally:
        _left.append(name)
        if len(_left) >= DELETED_TOGETHER:
            names = ",".join(f"{each},{each}.*" for each in _left)
            _left.clear()
            servers.ask("DELETE", f"/{names}?ignore_unavailable=true")


@contextmanager
def open_new(servers: Servers) -> Iterator[Engine]:
    """An engine where nothing is yet."""
    with new_location(servers) as location:
        engine = open_engine(location)
        yield engine
        engine.close()


@contextmanager
def open_emptied(servers: Servers) -> Iterator[Engine]:
    """An engine without documents, the same each time: what it had died, and lies beside what comes.

    Making an index with its copies takes a second, and a property has a hundred examples.
    """
    engine = _shared(servers.hosts)
    with engine.batch() as batch:
        for id in engine.digests():
            batch.delete(id)
    yield engine


@cache
def _shared(hosts: str) -> Engine:
    return open_engine(f"opensearch://{hosts}/shared")
