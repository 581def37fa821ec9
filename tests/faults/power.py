"""A disk that remembers what was done to it, and what of that a power cut would leave.

The model is the meanest that POSIX allows: the contents of a file are safe once it was synced, a name once its folder
was; of what was not, any part may have reached the disk, in any order.
"""

import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from indexer.disk import Disk


@dataclass
class Inode:
    """A file or (`folder`) a folder; `safe` is what was synced, `written` what will have been written in the end."""

    folder: bool = False
    safe: bytes = b""
    written: bytes = b""


@dataclass
class State:
    """What is on the disk for sure, and by folder the changes of names that are not."""

    names: dict[Path, Inode] = field(default_factory=dict)
    pending: dict[Path, list[tuple[Path, Inode | None]]] = field(default_factory=dict)


class RecordingDisk(Disk):
    """A disk that records its operations."""

    def __init__(self) -> None:
        self.log: list[tuple[str, Path, Path | None]] = []
        self.inodes: dict[Path, Inode] = {}
        self.state = State()

    def _rename(self, path: Path, inode: Inode | None) -> None:
        self.state.pending.setdefault(path.parent, []).append((path, inode))

    def step(self) -> None:
        """Called after every operation."""

    def make_folder(self, path: Path) -> None:
        if not path.is_dir():
            self.make_folder(path.parent)
            path.mkdir()
            self._rename(path, Inode(folder=True))
            self.step()
            self.sync_folder(path.parent)

    def create(self, path: Path) -> BinaryIO:
        file = super().create(path)
        self.inodes[path] = Inode()
        self._rename(path, self.inodes[path])
        self.step()
        return file

    def sync(self, file: BinaryIO) -> None:
        self.step()
        super().sync(file)
        path = Path(file.name)
        self.inodes[path].safe = self.inodes[path].written = path.read_bytes()
        self.step()

    def sync_folder(self, path: Path) -> None:
        super().sync_folder(path)
        for name, inode in self.state.pending.pop(path, []):
            apply(self.state.names, name, inode)
        self.step()

    def replace(self, source: Path, target: Path) -> None:
        super().replace(source, target)
        inode = self.inodes.pop(source)
        self.inodes[target] = inode
        self._rename(target, inode)
        self._rename(source, None)
        self.step()

    def remove(self, path: Path) -> None:
        if path.exists():
            super().remove(path)
            self._rename(path, None)
            self.step()


def apply(names: dict[Path, Inode], path: Path, inode: Inode | None) -> None:
    """Give the path to the inode, or to nothing."""
    if inode is None:
        names.pop(path, None)
    else:
        names[path] = inode


def cut_power(disk: RecordingDisk, root: Path, target: Path, chance: float, dice: random.Random) -> None:
    """Make below `target` what a power cut now might leave of `root`; each unsafe change happens with that chance."""
    names = dict(disk.state.names)
    for changes in disk.state.pending.values():
        for path, inode in changes:
            if dice.random() < chance:
                apply(names, path, inode)
    target.mkdir()
    for path in sorted(names):
        if path.is_relative_to(root):
            place, inode = target / path.relative_to(root), names[path]
            if inode.folder and place.parent.is_dir():
                place.mkdir(exist_ok=True)
            elif not inode.folder and place.parent.is_dir():
                rest = inode.written[len(inode.safe) :]
                place.write_bytes(inode.safe + rest[: int(len(rest) * chance * dice.random())])
