"""A session of processes, as Linux shows them, to what each is, what it holds and whether it still runs."""

import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
SECONDS = 120  # a machine that is busy may take; each test takes far less


def wait_until(question: Callable[[], bool]) -> None:
    """Ask until the answer is yes; fails after SECONDS."""
    deadline = time.monotonic() + SECONDS
    while not question():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@dataclass(frozen=True, slots=True)
class Usage:
    """What one process holds: resident memory in MB, what of it is its own, and open files.

    `segments` are those of an index, which are mapped and come and go with its generations; `files` are the others.
    """

    kind: str
    resident: float
    own: float
    files: int
    sockets: int
    segments: int


def session(leader: int) -> set[int]:
    """The processes of a session that run."""
    found = set()
    for path in PROC.iterdir():
        if path.name.isdigit():
            try:
                state, *_ = (path / "stat").read_text().rpartition(")")[2].split()
                if state != "Z" and os.getsid(int(path.name)) == leader:
                    found.add(int(path.name))
            except OSError:
                continue  # it has just ended
    return found


def kind(process: int, leader: int) -> str:
    """What a process of a site is: server, watcher, worker, tracker (of what multiprocessing shares); "" if gone."""
    try:
        command = (PROC / str(process) / "cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""
    for name, sign in (("watcher", "webapp.watching"), ("tracker", "resource_tracker"), ("worker", "spawn_main")):
        if sign in command:
            return name
    return "server" if process == leader else "other"


def usage(process: int, leader: int) -> Usage | None:
    """What the process holds; None where it has ended."""
    folder = PROC / str(process)
    try:
        status = dict(re.findall(r"^(\w+):\s+(\d+) kB$", (folder / "status").read_text(), re.MULTILINE))
        opened = [str(each.readlink()) for each in (folder / "fd").iterdir()]
        sockets = sum(each.startswith("socket:") for each in opened)
        segments = sum("/segments/" in each for each in opened)
        return Usage(
            kind(process, leader),
            int(status["VmRSS"]) / 1024,
            int(status["RssAnon"]) / 1024,
            len(opened) - sockets - segments,
            sockets,
            segments,
        )
    except (OSError, KeyError):
        return None
