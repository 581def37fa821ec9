"""The tallies of a library beside its head: written in parts, read as far as they are not in memory yet."""

import base64
import threading
from collections.abc import Iterator
from typing import Final

from indexer.engines.opensearch.cluster import MISSING, Cluster, Refused
from indexer.engines.opensearch.head import REBUILD, Head
from indexer.engines.opensearch.tally import Tally
from indexer.errors import IndexDamaged

MAX_PART_BYTES: Final = 4_000_000  # of a stored tally in one document
MAX_TALLIES: Final = 12  # differences since the last whole tally, each of which a new reader fetches
MAX_DIFFERENCE: Final = 0.25  # of the counts of the whole, in all differences together

_Chain = tuple[tuple[int, int], ...]


class TallyStore:
    """Reads and writes tallies; holds the last that was read. Safe in any thread."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._lock = threading.Lock()
        self._loaded: tuple[str, _Chain, Tally] = ("", (), Tally())

    def load(self, head: Head) -> Tally:
        """The tally of a generation, which nobody may change. Raises IndexDamaged, EngineUnavailable."""
        with self._lock:
            index, chain, tally = self._loaded
            if index == head.index and chain == head.tallies:
                return tally
            if index == head.index and chain and head.tallies[: len(chain)] == chain:
                tally, missing = tally.copy(), head.tallies[len(chain) :]
            else:
                tally, missing = Tally(), head.tallies
            for number, parts in missing:
                tally.merge(self._read(head.index, number, parts))
            self._loaded = (head.index, head.tallies, tally)
            return tally

    def _read(self, index: str, number: int, parts: int) -> Tally:
        address = self._cluster.address
        try:
            with self._cluster.errors_named():
                stored = b"".join(self._parts(index, number, parts))
            return Tally.decode(stored)
        except (ValueError, KeyError, TypeError) as error:
            raise IndexDamaged(f"the tally {number} of {address} cannot be read ({error}); run: {REBUILD}") from error

    def _parts(self, index: str, number: int, parts: int) -> Iterator[bytes]:
        for part in range(parts):
            try:
                answer = self._cluster.get(f"/{self._cluster.address.name}/_doc/{tally_id(index, number, part)}")
            except Refused as error:
                if error.status != MISSING:
                    raise
                raise KeyError(f"part {part} is missing") from error
            yield base64.b64decode(answer["_source"]["tally"])

    def write(self, index: str, number: int, tally: Tally) -> tuple[int, int]:
        """Store a tally under a number that no generation has yet: what `Head.tallies` says of it."""
        stored = tally.encode()
        starts = range(0, len(stored), MAX_PART_BYTES)
        for part, start in enumerate(starts):
            encoded = base64.b64encode(stored[start : start + MAX_PART_BYTES]).decode("ascii")
            with self._cluster.errors_named():
                path = f"/{self._cluster.address.name}/_doc/{tally_id(index, number, part)}"
                self._cluster.ask("PUT", path, {"index": index, "number": number, "tally": encoded})
        return number, len(starts)

    def hold(self, head: Head, tally: Tally) -> None:
        """Hold the tally of a generation that this process wrote."""
        with self._lock:
            self._loaded = (head.index, head.tallies, tally)


def tally_id(index: str, number: int, part: int) -> str:
    """The id of a part of a tally."""
    return f"tally-{index}-{number}-{part}"
