"""A session of processes, as Linux shows them, to what each is, what it holds and whether it still runs."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Usage:
    """What one process holds: resident memory in MB, what of it is its own, open files, mapped files of an index."""

    kind: str
    resident: float
    own: float
    files: int
    mapped: int


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
        maps = re.findall(r"/segments/\S+", (folder / "maps").read_text())
        return Usage(
            kind(process, leader),
            int(status["VmRSS"]) / 1024,
            int(status["RssAnon"]) / 1024,
            len(list((folder / "fd").iterdir())),
            len(set(maps)),
        )
    except (OSError, KeyError):
        return None
