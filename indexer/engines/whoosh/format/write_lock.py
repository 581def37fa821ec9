"""The lock that admits one writer.

It is POSIX's `flock` through `fcntl`, which makes this engine run on Linux, macOS and other POSIX systems only.
`filelock` (4.3) could not take over all of it: its native lock does not name the holder, which our error does.
`indexer.engines.open_engine` says so where there is no fcntl.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from indexer.disk import Disk, close_quietly
from indexer.errors import IndexLocked

_lock_descriptors: set[int] = set()


def _close_lock_descriptors() -> None:
    for descriptor in _lock_descriptors:
        os.close(descriptor)
    _lock_descriptors.clear()


os.register_at_fork(after_in_child=_close_lock_descriptors)  # a child would hold the lock for as long as it lives


@contextmanager
def write_lock(disk: Disk, path: Path) -> Iterator[None]:
    """Hold the lock while the block runs; a process that dies loses it.

    Raises IndexLocked with the holder's pid, since when it writes (the file's time), and whether it was stopped.
    """
    descriptor = disk.open_lock(path)
    _lock_descriptors.add(descriptor)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _locked(path.parent, descriptor) from None
        with suppress(OSError):  # a courtesy: what a full disk lacks room for must not keep its garbage from going
            disk.rewrite(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        if descriptor in _lock_descriptors:
            _lock_descriptors.remove(descriptor)
            close_quietly(descriptor)


def _locked(location: Path, descriptor: int) -> IndexLocked:
    holder = os.read(descriptor, 32).decode("ascii", "replace").strip() or "unknown"
    since = os.fstat(descriptor).st_mtime
    state, fix = "", "run the command again when it is done"
    if _is_stopped(holder):
        state = ", and that process was stopped"
        fix = f"let it go on (kill -CONT {holder}) or end it (kill -KILL {holder}), then run the command again"
    clock = datetime.fromtimestamp(since, UTC)
    message = f"{location} is being written to by process {holder} since {clock:%Y-%m-%d %H:%M:%S} UTC{state}; {fix}"
    return IndexLocked(message, time.time() - since)


def _is_stopped(process: str) -> bool:
    """Whether the process was stopped (SIGSTOP), as Linux says it; elsewhere that is not known."""
    try:
        return Path(f"/proc/{int(process)}/stat").read_text("ascii", "replace").rpartition(") ")[2][:1] in "Tt"
    except (OSError, ValueError):
        return False
