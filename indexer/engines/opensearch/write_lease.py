"""The lock that admits one writer to a library: a document that its owner renews, and that expires where it does not.

Processes on the machine of the owner need not wait for that: they see whether it still runs.
"""

import os
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from indexer.engines.opensearch.cluster import CONFLICT, MISSING, Cluster, Refused
from indexer.engines.opensearch.mapping import JsonObject
from indexer.errors import ConditionSearchError, EngineUnavailable, IndexLocked

LOCK: Final = "lock"  # id of the document
RENEWAL_S: Final = 10.0
EXPIRY_S: Final = 90.0  # longer than any request of an owner may take; clocks may differ by less


class WriteLease:
    """The lock while it is held."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._path = f"/{cluster.address.name}/_doc/{LOCK}"
        self._owner = uuid.uuid4().hex
        self._since = time.time()
        self._renewed = time.monotonic()
        self._is_lost = False
        self._stop = threading.Event()
        self._position: JsonObject = {}

    def check(self) -> None:
        """Raise EngineUnavailable where the lock may be another's by now: what is written would not be ours alone."""
        if self._is_lost or time.monotonic() - self._renewed > EXPIRY_S / 2:
            raise EngineUnavailable(
                f"{self._cluster.address}: the write lock could not be renewed in time, and nothing was changed; "
                "check that the cluster is green, then run the command again"
            )

    def acquire(self) -> None:
        """Take the lock, or that of an owner that is gone. Raises IndexLocked."""
        try:
            self._write({"op_type": "create"})
        except Refused as error:
            if error.status != CONFLICT:
                raise
        else:
            return
        try:
            found = self._cluster.get(self._path)
        except Refused as error:
            if error.status != MISSING:
                raise
            found = {}  # it was released meanwhile
        holder = found.get("_source", {})
        if holder and not _is_gone(holder):
            raise self._locked(holder)
        if holder:
            expected = {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}
        else:
            expected = {"op_type": "create"}
        try:
            self._write(expected)
        except Refused as error:
            if error.status != CONFLICT:
                raise
            raise self._locked(holder) from error

    def _write(self, expected: JsonObject) -> None:
        source = {
            "owner": self._owner,
            "host": socket.gethostname(),
            "boot": _boot(),
            "pid": os.getpid(),
            "started": _started(os.getpid()),
            "since": self._since,
            "expires": time.time() + EXPIRY_S,
        }
        before = time.monotonic()
        answer = self._cluster.ask("PUT", self._path, source, **expected)
        self._position = {"if_seq_no": answer["_seq_no"], "if_primary_term": answer["_primary_term"]}
        self._renewed = before

    def _locked(self, holder: JsonObject) -> IndexLocked:
        since = float(holder.get("since", time.time()))
        clock = datetime.fromtimestamp(since, UTC)
        return IndexLocked(
            f"{self._cluster.address} is being written to by process {holder.get('pid', 'unknown')} on "
            f"{holder.get('host', 'another machine')} since {clock:%Y-%m-%d %H:%M:%S} UTC; "
            "run the command again when it is done",
            time.time() - since,
        )

    def keep(self) -> None:
        """Renew the lock until it is released."""
        while not self._stop.wait(RENEWAL_S):
            try:
                self._write(self._position)
            except Refused as error:
                if error.status in (CONFLICT, MISSING):
                    self._is_lost = True
                    return
            except ConditionSearchError:
                continue  # `check` says so when it is too late

    def release(self) -> None:
        """Let go of the lock, if it is still held."""
        self._stop.set()
        with suppress(Refused, ConditionSearchError):  # it expires
            self._cluster.ask("DELETE", self._path, **self._position)


@contextmanager
def write_lease(cluster: Cluster) -> Iterator[WriteLease]:
    """Hold the lock while the block runs. Raises IndexLocked, EngineUnavailable."""
    lease = WriteLease(cluster)
    with cluster.errors_named():
        lease.acquire()
    keeper = threading.Thread(target=lease.keep, daemon=True)
    keeper.start()
    try:
        yield lease
    finally:
        lease._stop.set()
        keeper.join()
        lease.release()


def _is_gone(holder: JsonObject) -> bool:
    if float(holder.get("expires", 0)) < time.time():
        return True
    if holder.get("host") != socket.gethostname() or holder.get("boot") != _boot() or not _boot():
        return False
    return bool(holder.get("started")) and _started(int(holder["pid"])) != holder["started"]


def _boot() -> str:
    """Identifies a run of this machine, where the system tells it: containers may share a name."""
    try:
        run = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        return f"{run} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""


def _started(pid: int) -> str:
    """When a process started, in the system's own count; "" for one that does not run, or where that is not known."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(") ")[2].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]
