"""Durable file operations, and the lock that admits one writer.

A commit survives a power cut at any moment because of the order of these calls: files are written and synced, then
their folder, then the new manifest, which replaces the old one by a rename, then its folder. The tests replay every
prefix of them.

The lock is POSIX's `flock` through `fcntl`, which makes this engine run on Linux, macOS and other POSIX systems only.
`filelock` (4.3) could not take over all of it: its native lock does not name the holder, which our error does.
`indexer.engines.open_engine` says so where there is no fcntl.
"""

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from indexer.errors import EngineUnavailable, IndexLocked

_log = logging.getLogger(__name__)


class Disk:
    """The operations that change a location; every write of the engine goes through one of them."""

    def make_folder(self, path: Path) -> None:
        """Create the folder and its parents, durably; does nothing where it exists."""
        if path.is_dir():
            return
        self.make_folder(path.parent)
        path.mkdir(exist_ok=True)
        self.sync_folder(path.parent)

    def create(self, path: Path) -> BinaryIO:
        """Create a file and open it for writing; raises FileExistsError where there is one already."""
        return path.open("xb")

    def sync(self, file: BinaryIO) -> None:
        """Wait until everything written to the file is on the disk."""
        file.flush()
        _sync(file.fileno())

    def sync_folder(self, path: Path) -> None:
        """Wait until the folder's entries are on the disk."""
        descriptor = os.open(path, os.O_RDONLY)
        try:
            _sync(descriptor)
        finally:
            os.close(descriptor)

    def replace(self, source: Path, target: Path) -> None:
        """Rename a file over another, atomically: whoever opens the target gets the old file or the new one."""
        source.replace(target)

    def remove(self, path: Path) -> None:
        """Remove a file's entry; processes that have the file open or mapped go on reading."""
        path.unlink(missing_ok=True)


def try_to_remove(disk: Disk, path: Path) -> None:
    """Remove a file that nothing lists; one that cannot be removed now is left to the next writer."""
    try:
        disk.remove(path)
    except OSError as error:
        _log.warning("%s cannot be removed (%s); the next commit tries again", path, error.strerror)


def _sync(descriptor: int) -> None:
    if hasattr(fcntl, "F_FULLFSYNC"):  # macOS: fsync alone stops at the drive's cache
        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    else:
        os.fsync(descriptor)


@contextmanager
def os_errors_named(location: Path) -> Iterator[None]:
    """Turn an OSError of the block into EngineUnavailable."""
    try:
        yield
    except OSError as error:
        raise EngineUnavailable(
            f"{location} cannot be written to ({error.strerror}) and stays as it was; "
            "fix that, or choose another --index"
        ) from error


_lock_descriptors: set[int] = set()


def _close_lock_descriptors() -> None:
    for descriptor in _lock_descriptors:
        os.close(descriptor)
    _lock_descriptors.clear()


os.register_at_fork(after_in_child=_close_lock_descriptors)  # a child would hold the lock for as long as it lives


@contextmanager
def write_lock(path: Path) -> Iterator[None]:
    """Hold the lock while the block runs; a process that dies loses it. Raises IndexLocked with the holder's pid."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
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
