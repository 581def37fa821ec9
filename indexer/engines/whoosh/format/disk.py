"""File operations that are on the disk when they say so, and the lock that lets one writer in.

A commit survives a power cut at any moment because of the order of these calls: files are written and synced, then their
folder, then the new manifest, which replaces the old one by a rename, then its folder. The tests replay every prefix of them.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from indexer.errors import EngineUnavailable, IndexLocked


class Disk:
    """The operations that change a location; everything an engine writes goes through one of these."""

    def make_folder(self, path: Path) -> None:
        """Create the folder and those above it, durably; nothing happens where it exists."""
        if path.is_dir():
            return
        self.make_folder(path.parent)
        path.mkdir(exist_ok=True)
        self.sync_folder(path.parent)

    def create(self, path: Path) -> BinaryIO:
        """A new file, open for writing; raises FileExistsError rather than touch an old one."""
        return path.open("xb")

    def sync(self, file: BinaryIO) -> None:
        """Return when what was written to the file is on the disk."""
        file.flush()
        _sync(file.fileno())

    def sync_folder(self, path: Path) -> None:
        """Return when the names in the folder are on the disk."""
        descriptor = os.open(path, os.O_RDONLY)
        try:
            _sync(descriptor)
        finally:
            os.close(descriptor)

    def replace(self, source: Path, target: Path) -> None:
        """Put one file in the place of another: whoever opens the target finds the one or the other."""
        source.replace(target)

    def remove(self, path: Path) -> None:
        """Remove the name of a file; what has it open can go on reading."""
        path.unlink(missing_ok=True)


def _sync(descriptor: int) -> None:
    if hasattr(fcntl, "F_FULLFSYNC"):  # macOS: fsync alone stops at the drive's cache
        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    else:
        os.fsync(descriptor)


@contextmanager
def writable(location: Path) -> Iterator[None]:
    """Turn an error of the system into EngineUnavailable."""
    try:
        yield
    except OSError as error:
        raise EngineUnavailable(
            f"{location} cannot be written to ({error.strerror}) and stays as it was; fix that, or choose another --index"
        ) from error


_held: set[int] = set()  # descriptors of lock files


def _let_go() -> None:
    for descriptor in _held:
        os.close(descriptor)
    _held.clear()


os.register_at_fork(after_in_child=_let_go)  # a child would hold the lock for as long as it lives


@contextmanager
def write_lock(path: Path) -> Iterator[None]:
    """Hold the lock file while the block runs; the system lets go of it when the process dies. Raises IndexLocked."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    _held.add(descriptor)
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
        if descriptor in _held:
            _held.remove(descriptor)
            os.close(descriptor)
