"""A disk that has room for a part of what a run writes, and a limit on the size of a file.

python -m tests.faults.full_disk --sizes 100 --limits 100

The disk is a small tmpfs, which only root may mount; elsewhere that half is skipped.
"""

import os
import resource
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from tests.faults.ground import Budget, Ground, Outcome, Revisions, Run

ARTICLES = 8
DISK_BYTES = 16 << 20
SMALL_BYTES = (0, 1, 5, 7, 8, 100, 500, 1_000, 4_096, 8_192, 12_288)
CHUNK_BYTES = 1 << 16


def amounts(count: int, whole: int) -> Iterator[int]:
    """So many numbers of bytes, from none to a third more than the whole."""
    yield from SMALL_BYTES[:count]
    rest = count - len(SMALL_BYTES)
    yield from (int(whole * 1.3 * number / rest) for number in range(1, rest + 1))


def limit_files(ground: Ground, count: int, seconds: float | None) -> None:
    """Runs that may write no file larger than so much."""
    ground.build()
    budget = Budget(seconds)
    largest = max(path.stat().st_size for path in ground.index.rglob("*") if path.is_file())
    for number, limit in enumerate(amounts(count, largest)):
        if budget.is_left():
            old, outcome = change_and_run(ground, number, before=partial(bear_limit, limit))
            ground.counts["file limits"] += 1
            ground.check(f"files of {limit:,} bytes", old, outcome)


def bear_limit(limit: int) -> None:
    """Let this process write no file larger than so much; a write is an error then, as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))


def fill_disk(ground: Ground, disk: Path, count: int, seconds: float | None) -> None:
    """Runs on a disk with room for so much."""
    ground.build()
    budget = Budget(seconds)
    whole = sum(path.stat().st_size for path in ground.index.rglob("*") if path.is_file())
    ballast = disk / "ballast"
    for number, room in enumerate(amounts(count, whole)):
        if budget.is_left():
            old, outcome = change_and_run(ground, number, prepare=partial(take_all_but, room, ballast))
            ground.counts["sizes of disk"] += 1
            what = f"room for {room:,} bytes"
            ground.check_outcome(what, old, outcome)
            ballast.unlink()
            ground.check_next_run(what)


def change_and_run(
    ground: Ground,
    number: int,
    *,
    prepare: Callable[[], object] = lambda: None,
    before: Callable[[], object] = lambda: None,
) -> tuple[Revisions, Outcome]:
    """Change some articles, `prepare`, and index: each second time anew, each fifth time for the first time."""
    ground.change(ground.dice.choice([1, 3, 10]))
    if number % 5 == 4:
        shutil.rmtree(ground.index)
    old = ground.held()
    prepare()
    return old, Run(ground.arguments(*(["--rebuild"] if number % 2 else [])), before).end()


def take_all_but(room: int, ballast: Path) -> None:
    """Fill the disk up to so many bytes, as well as its blocks allow."""
    status = os.statvfs(ballast.parent)
    with ballast.open("wb") as file:
        file.truncate(0)
        os.posix_fallocate(file.fileno(), 0, max(1, status.f_bavail * status.f_frsize - room))


@contextmanager
def small_disk(folder: Path) -> Iterator[Path | None]:
    """A file system of its own; None where this user may not mount one."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or not shutil.which("mount") or subprocess.run(command, check=False).returncode:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@click.command()
@click.option("--sizes", default=100, show_default=True, help="Sizes of disk.")
@click.option("--limits", default=100, show_default=True, help="Limits on the size of a file.")
@click.option("--seconds", type=float, help="At most so long.")
@click.option("--seed", default=1, show_default=True)
def main(sizes: int, limits: int, seconds: float | None, seed: int) -> None:
    """Run the command where there is not enough room, check the index, make room and run again."""
    with TemporaryDirectory(prefix="full-disk-") as folder, small_disk(Path(folder, "disk")) as disk:
        ground = Ground(Path(folder), ARTICLES, seed)
        limit_files(ground, limits, seconds and seconds / 2)
        if disk:
            shutil.rmtree(ground.index)
            ground.index = disk / "index"
            fill_disk(ground, disk, sizes, seconds and seconds / 2)
        else:
            print("sizes of disk are skipped: only root may mount a small one")
        ground.report()


if __name__ == "__main__":
    main()
