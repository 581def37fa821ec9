"""The lock that admits one writer.

It is POSIX's `flock` through `fcntl`, which makes this engine run on Linux, macOS and other POSIX systems only.
`filelock` (4.3) could not take over all of it: its native lock does not name the holder, which our error does.
`indexer.engines.open_engine` says so where there is no fcntl.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.disk import Disk
from indexer.errors import IndexLocked

_lock_descriptors: set[int] = set()


def _close_lock_descriptors() -> None:
    for descriptor in _lock_descriptors:
        os.close(descriptor)
    _lock_descriptors.clear()


os.register_at_fork(after_in_child=_close_lock_descriptors)  # a child would hold the lock for as long as it lives


@contextmanager
def write_lock(disk: Disk, path: Path) -> Iterator[None]:
    """Hold the lock while the block runs; a process that dies loses it. Raises IndexLocked with the holder's pid."""
    descriptor = disk.open_lock(path)
    _lock_descriptors.add(descriptor)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 32).decode("ascii", "replace").strip() or "unknown"
            raise IndexLocked(
                f"{path.parent} is being written to by process {holder}; run the command again when it is done"
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        if descriptor in _lock_descriptors:
            _lock_descriptors.remove(descriptor)
            os.close(descriptor)
