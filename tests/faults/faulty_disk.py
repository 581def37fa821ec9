"""A disk of which one call, or every later one, fails, takes only a part of what it is given, or waits."""

import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Literal

from indexer.disk import Disk

Fault = Literal["fails", "shortens", "delays"]


class FaultyFile(io.FileIO):
    """A file on a faulty disk, as the buffer before it sees the system: each write is a call."""

    def __init__(self, path: Path, disk: "FaultyDisk") -> None:
        super().__init__(path, "xb")
        self._disk = disk

    def write(self, content: Any) -> int:
        part = memoryview(content)[: max(1, len(content) // 2)]
        try:
            is_short = self._disk.step("write")
        except OSError:
            super().write(part)  # a disk that fills takes what it has room for
            raise
        return super().write(part if is_short else content)

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._disk.step("close")


class FaultyDisk(Disk):
    """At the call of number `at`, counted over all kinds, something happens; at all later ones too if it is `broken`.

    A call that `fails` raises OSError, one that `shortens` writes half of what it is given and says so, and before one
    that `delays` somebody else (`meanwhile`) has the time to look at the disk. `calls` are the kinds of all calls.
    """

    def __init__(
        self,
        at: int = -1,
        fault: Fault = "fails",
        *,
        error: int = 0,
        broken: bool = False,
        meanwhile: Callable[[], object] = lambda: None,
    ) -> None:
        self.calls: list[str] = []
        self._at, self._fault, self._error, self._broken, self._meanwhile = at, fault, error, broken, meanwhile

    def step(self, kind: str) -> bool:
        """Count a call; whether it is to be shortened."""
        number = len(self.calls)
        self.calls.append(kind)
        if number != self._at and not (self._broken and 0 <= self._at < number):
            return False
        if self._fault == "fails":
            raise OSError(self._error, os.strerror(self._error))
        if self._fault == "delays":
            self._meanwhile()
        return self._fault == "shortens"

    def make_folder(self, path: Path) -> None:
        self.step("make_folder")
        super().make_folder(path)

    def create(self, path: Path) -> BinaryIO:
        self.step("create")
        return io.BufferedWriter(FaultyFile(path, self))

    def open_lock(self, path: Path) -> int:
        self.step("open_lock")
        return super().open_lock(path)

    def rewrite(self, descriptor: int, content: bytes) -> None:
        self.step("rewrite")
        super().rewrite(descriptor, content)

    def sync(self, file: BinaryIO) -> None:
        self.step("sync")
        super().sync(file)

    def sync_folder(self, path: Path) -> None:
        self.step("sync_folder")
        super().sync_folder(path)

    def make_newer(self, path: Path, other: Path) -> None:
        self.step("make_newer")
        super().make_newer(path, other)

    def replace(self, source: Path, target: Path) -> None:
        self.step("replace")
        super().replace(source, target)

    def remove(self, path: Path) -> None:
        self.step("remove")
        super().remove(path)

    def entries(self, folder: Path) -> Iterator[Path]:
        self.step("entries")
        return super().entries(folder)


KINDS = {name for name in vars(Disk) if not name.startswith("_")} | {"write", "close"}
