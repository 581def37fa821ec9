"""A process id to what the process and everything that it started use: memory and time.

Memory is the proportional set size: what is shared or mapped counts by its share.
"""

import os
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

SAMPLING: Final = 0.25  # seconds


def family(pid: int) -> tuple[int, ...]:
    """The process and everything that it started."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError, ValueError):
            continue  # gone meanwhile
        children.setdefault(parent, []).append(int(path.parent.name))
    found = [pid]
    for each in found:
        found += children.get(each, [])
    return tuple(found)


def proportional_memory(pids: Sequence[int]) -> int:
    """Bytes of memory of the processes, each page divided by the number of processes that have it mapped."""
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    return total


def busy_seconds(pids: Sequence[int]) -> dict[int, float]:
    """The seconds of a core that each process has used."""
    found = {}
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        found[pid] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return found


class Watch:
    """What a process and its children use while the block runs: `peak` bytes at once, `busy` seconds of a core."""

    def __init__(self, pid: int) -> None:
        self.peak = 0
        self._pid = pid
        self._busy: dict[int, float] = {}
        self._before = sum(busy_seconds(family(pid)).values())
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    @property
    def busy(self) -> float:
        """Seconds of a core, all processes together."""
        return sum(self._busy.values()) - self._before

    def _watch(self) -> None:
        while not self._stop.wait(SAMPLING):
            self._look()

    def _look(self) -> None:
        pids = family(self._pid)
        self.peak = max(self.peak, proportional_memory(pids))
        self._busy.update(busy_seconds(pids))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
        self._look()


def size_of(folder: Path) -> int:
    """Bytes of all files below the folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
