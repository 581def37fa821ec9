"""A disk that fails: the n-th call of any kind raises OSError, or writes only a part, once or from then on."""

import errno
from pathlib import Path
from typing import Any, BinaryIO

from indexer.disk import Disk

KINDS = ("make_folder", "create", "open_lock", "write", "sync", "close", "sync_folder", "replace", "remove", "entries")


class FaultyFile:
    """A file on a faulty disk."""

    def __init__(self, file: BinaryIO, disk: "FaultyDisk") -> None:
        self._file, self._disk = file, disk

    def write(self, content: bytes) -> int:
        try:
            self._disk.step("write")
        except OSError:
            self._file.write(content[: len(content) // 2])
            raise
        return self._file.write(content)

    def close(self) -> None:
        self._file.close()
        self._disk.step("close")

    def __enter__(self) -> "FaultyFile":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


class FaultyDisk(Disk):
    """Fails at the call of number `at`, counted over all kinds, and at all later ones where it is `broken`."""

    def __init__(self, at: int = -1, error: int = errno.EIO, *, broken: bool = False) -> None:
        self.calls: list[str] = []
        self._at, self._error, self._broken = at, error, broken

    def step(self, kind: str) -> None:
        self.calls.append(kind)
        number = len(self.calls) - 1
        if number == self._at or (self._broken and 0 <= self._at < number):
            raise OSError(self._error, "the disk failed")

    def make_folder(self, path: Path) -> None:
        self.step("make_folder")
        super().make_folder(path)

    def create(self, path: Path) -> Any:
        self.step("create")
        return FaultyFile(super().create(path), self)

    def open_lock(self, path: Path) -> int:
        self.step("open_lock")
        return super().open_lock(path)

    def sync(self, file: Any) -> None:
        self.step("sync")
        super().sync(file)

    def sync_folder(self, path: Path) -> None:
        self.step("sync_folder")
        super().sync_folder(path)

    def replace(self, source: Path, target: Path) -> None:
        self.step("replace")
        super().replace(source, target)

    def remove(self, path: Path) -> None:
        self.step("remove")
        super().remove(path)

    def entries(self, folder: Path) -> Any:
        self.step("entries")
        return super().entries(folder)
