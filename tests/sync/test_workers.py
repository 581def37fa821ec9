"""Processes that read articles: they end with the one that asked them to."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

PROC = Path("/proc")


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


@pytest.mark.skipif(not PROC.is_dir(), reason="looks at processes as Linux shows them")
def test_reading_processes_end_with_a_killed_parent(tmp_path: Path) -> None:
    with (tmp_path / "many.jsonl").open("w", encoding="utf-8") as file:
        for number in range(60_000):
            text = f"Gout {number}\n\nGout is a painful disease of the joints, case {number}.\n" * 4
            file.write(json.dumps({"id": str(number), "text": text}) + "\n")
    command = [sys.executable, "-m", "webapp.cli", "index", str(tmp_path / "many.jsonl")]
    command += ["--index", str(tmp_path / "index"), "--jobs", "2"]
    parent = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while len(session(parent.pid)) < 3 and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(3)  # until they read
    assert len(session(parent.pid)) >= 3
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    deadline = time.monotonic() + 20
    while session(parent.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert session(parent.pid) == set()
