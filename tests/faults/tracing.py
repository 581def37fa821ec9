"""A run of the command under strace: its system calls as they were, or one of them failed or killed on the way."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.faults.ground import Outcome, Run

ATTACH_S = 30


class SystemCall(NamedTuple):
    """A call that succeeded, as strace prints it; `number` counts those of its name, from 1."""

    name: str
    arguments: str
    number: int
    result: int


def require_strace() -> None:
    """Say where strace does not work, and end without an error: not every container allows it."""
    if not shutil.which("strace"):
        print("skipped: strace is not installed (a package of that name has it)")
    elif subprocess.run(["strace", "-qq", "-o", os.devnull, "true"], check=False, capture_output=True).returncode:
        print("skipped: strace may not trace a process here")
    else:
        return
    sys.exit(0)


def trace(arguments: Sequence[str], calls: Sequence[str], log: Path, *options: str) -> Outcome:
    """Run `conditions` with the arguments under strace, which writes the calls to the log; `options` are its own."""
    read_end, write_end = os.pipe()

    def wait() -> None:
        os.close(write_end)
        os.read(read_end, 1)

    run = Run(arguments, before=wait)
    os.close(read_end)
    command = ["strace", "-f", "-qq", "-y", "-o", str(log), "-e", f"trace={','.join(calls)}", *options]
    with subprocess.Popen([*command, "-p", str(run.pid)], stderr=subprocess.PIPE) as tracer:
        deadline = time.monotonic() + ATTACH_S
        while f"TracerPid:\t{tracer.pid}\n" not in Path(f"/proc/{run.pid}/status").read_text("utf-8"):
            assert tracer.poll() is None and time.monotonic() < deadline, "strace may not attach to a process"
            time.sleep(0.002)
        os.close(write_end)  # the run begins
        return run.end()


def read_log(log: Path) -> list[SystemCall]:
    """The calls of a log that succeeded, in order."""
    counts: dict[str, int] = {}
    found = []
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        match = re.match(r"\d+ +(\w+)\((.*)\) += (-?\d+)", line)
        if match:
            name, arguments, result = match[1], match[2], int(match[3])
            counts[name] = counts.get(name, 0) + 1
            if result >= 0:
                found.append(SystemCall(name, arguments, counts[name], result))
    return found
