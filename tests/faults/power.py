"""What a power cut would leave of a folder, and a disk that knows it of what is done to it.

The model is the meanest that POSIX allows: the contents of a file are safe once it was synced, a name once its folder
was; of what was not, any part may have reached the disk, in any order.
"""

import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Self

from indexer.disk import Disk

PAGE_BYTES = 4096


@dataclass
class Inode:
    """A file or (`folder`) a folder; `safe` is what was synced of its contents, which are `written`."""

    folder: bool = False
    safe: bytes = b""
    written: bytes = b""


@dataclass
class Power:
    """What is on the disk for sure, by folder the changes of names that are not, and what is to be seen."""

    safe: dict[Path, Inode] = field(default_factory=dict)
    pending: dict[Path, list[tuple[Path, Inode | None]]] = field(default_factory=dict)
    seen: dict[Path, Inode] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Path) -> Self:
        """The model of a folder that has been safe for long."""
        power = cls()
        for path in [root, *root.rglob("*")] if root.is_dir() else []:
            content = b"" if path.is_dir() else path.read_bytes()
            power.safe[path] = power.seen[path] = Inode(path.is_dir(), content, content)
        return power

    def name(self, path: Path, inode: Inode | None) -> None:
        """Give the path to the inode, or to nothing."""
        _apply(self.seen, path, inode)
        self.pending.setdefault(path.parent, []).append((path, inode))

    def write(self, path: Path, content: bytes) -> None:
        """Write more of a file."""
        self.seen[path].written += content

    def rename(self, source: Path, target: Path) -> None:
        """Give the file another name."""
        self.name(target, self.seen[source])
        self.name(source, None)

    def sync(self, path: Path) -> None:
        """Make what was written of a file, or the names of a folder, safe."""
        inode = self.seen.get(path)
        if inode is not None and not inode.folder:
            inode.safe = inode.written
        for name, named in self.pending.pop(path, []):
            _apply(self.safe, name, named)

    def cut(self, root: Path, target: Path, chance: float, dice: random.Random) -> None:
        """Make at `target` what a power cut now might leave of `root`; each unsafe change happens with that chance."""
        names = dict(self.safe)
        for changes in self.pending.values():
            for path, inode in changes:
                if dice.random() < chance:
                    _apply(names, path, inode)
        for path in sorted(names):
            if path.is_relative_to(root):
                place, inode = target / path.relative_to(root), names[path]
                if inode.folder and place.parent.is_dir():
                    place.mkdir(exist_ok=True)
                elif not inode.folder and place.parent.is_dir():
                    place.write_bytes(_contents(inode, chance, dice))


def _contents(inode: Inode, chance: float, dice: random.Random) -> bytes:
    """What was synced, and of the rest any length, in which any page may be missing."""
    contents = bytearray(inode.written)
    if inode.written != inode.safe:
        rest = len(inode.written) - len(inode.safe)
        del contents[len(inode.safe) + int(rest * chance * dice.choice([1, dice.random()])) :]
        for start in range(len(inode.safe), len(contents), PAGE_BYTES):
            if dice.random() > chance:
                page = slice(start, start + PAGE_BYTES)
                contents[page] = bytes(len(contents[page]))
    return bytes(contents)


def _apply(names: dict[Path, Inode], path: Path, inode: Inode | None) -> None:
    if inode is None:
        names.pop(path, None)
    else:
        names[path] = inode


class RecordingDisk(Disk):
    """A disk that keeps its `power` up to date; `step` is called after, and at a sync also before each operation."""

    def __init__(self) -> None:
        self.power = Power()

    def step(self) -> None:
        """Something has changed."""

    def make_folder(self, path: Path) -> None:
        if not path.is_dir():
            self.make_folder(path.parent)
            path.mkdir()
            self.power.name(path, Inode(folder=True))
            self.step()
            self.sync_folder(path.parent)

    def create(self, path: Path) -> BinaryIO:
        file = super().create(path)
        self.power.name(path, Inode())
        self.step()
        return file

    def sync(self, file: BinaryIO) -> None:
        path = Path(file.name)
        file.flush()
        self.power.seen[path].written = path.read_bytes()
        self.step()
        super().sync(file)
        self.power.sync(path)
        self.step()

    def sync_folder(self, path: Path) -> None:
        super().sync_folder(path)
        self.power.sync(path)
        self.step()

    def replace(self, source: Path, target: Path) -> None:
        super().replace(source, target)
        self.power.rename(source, target)
        self.step()

    def remove(self, path: Path) -> None:
        if path.exists():
            super().remove(path)
            self.power.name(path, None)
            self.step()
