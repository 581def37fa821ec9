"""Durable file operations: every write of an index and of what lies beside it goes through one of them.

A commit survives a power cut at any moment because of the order of these calls: files are written and synced, then
their folder, then the new manifest, which replaces the old one by a rename, then its folder. The tests replay every
prefix of them, and fail each of them in turn.
"""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

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
            close_quietly(descriptor)

    def make_newer(self, path: Path, other: Path) -> None:
        """Give a file a later modification time than another's, if there is another.

        The clock of a file system may stand still for milliseconds, and two files in a row must not share their times.
        """
        try:
            before = other.stat().st_mtime_ns
        except FileNotFoundError:
            return
        if path.stat().st_mtime_ns <= before:
            os.utime(path, ns=(before + 1000, before + 1000))

    def replace(self, source: Path, target: Path) -> None:
        """Rename a file over another, atomically: whoever opens the target gets the old file or the new one."""
        source.replace(target)

    def entries(self, folder: Path) -> Iterator[Path]:
        """The entries of a folder, in order of their names; none where there is no such folder."""
        return iter(sorted(folder.iterdir()) if folder.is_dir() else ())

    def open_lock(self, path: Path) -> int:
        """Open the file that a writer locks, made where there is none; its descriptor."""
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)

    def rewrite(self, descriptor: int, content: bytes) -> None:
        """Replace what is in an open file by writing over it, which needs no room where there was as much."""
        os.ftruncate(descriptor, os.pwrite(descriptor, content, 0))

    def remove(self, path: Path) -> None:
        """Remove a file's entry; processes that have the file open or mapped go on reading."""
        path.unlink(missing_ok=True)


def close_quietly(descriptor: int) -> None:
    """Close a descriptor through which nothing is written: what closing it says is no news, and it is closed."""
    with suppress(OSError):
        os.close(descriptor)


def try_to_remove(disk: Disk, path: Path) -> None:
    """Remove a file that nothing lists; one that cannot be removed now is left to the next writer."""
    try:
        disk.remove(path)
    except OSError as error:
        _log.warning("%s cannot be removed (%s); the next commit tries again", path, error.strerror)


def write_by_rename(disk: Disk, path: Path, new: Path, content: bytes) -> None:
    """Write a file by way of a new one, durably but for its name.

    Raises OSError, and then leaves the old file and no new one.
    """
    try_to_remove(disk, new)
    file = disk.create(new)
    try:
        with file:
            file.write(content)
            file.flush()
            disk.make_newer(new, path)
            disk.sync(file)
        disk.replace(new, path)
    except OSError:
        try_to_remove(disk, new)
        raise


def replace_file(disk: Disk, path: Path, content: bytes) -> bool:
    """Write a file beside the index, and say whether it is there; an error is logged.

    Without it an index is as good; what a killed run left of it is removed. Of two processes that write it at once, one
    may find its new file taken away, and leaves the file to the other.
    """
    try:
        remove_leftovers(disk, path)
        write_by_rename(disk, path, path.with_name(f"{path.name}.new"), content)
    except OSError as error:
        if not isinstance(error, (FileExistsError, FileNotFoundError)) or not path.parent.is_dir():
            _log.info("%s cannot be written (%s); the index stands without it", path, error.strerror)
        return False
    return True


def remove_leftovers(disk: Disk, path: Path) -> None:
    """Remove the files that killed runs began to write in the place of this one."""
    try:
        leftovers = [each for each in disk.entries(path.parent) if each.name.startswith(f"{path.name}.")]
    except OSError as error:
        _log.warning("%s cannot be listed (%s)", path.parent, error.strerror)
        return
    for leftover in leftovers:
        try_to_remove(disk, leftover)


def _sync(descriptor: int) -> None:
    if sys.platform == "darwin":  # fsync alone stops at the drive's cache
        import fcntl

        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    else:
        os.fsync(descriptor)
