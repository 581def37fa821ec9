"""Processes that read articles: they end with the one that asked them to."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer import open_library
from tests.faults.processes import PROC, session, usage, wait_until


@pytest.fixture
def indexing(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """`conditions index --jobs 2` whose reading processes read."""
    with (tmp_path / "many.jsonl").open("w", encoding="utf-8") as file:
        for number in range(60_000):
            text = f"Gout {number}\n\nGout is a painful disease of the joints, case {number}.\n" * 4
            file.write(json.dumps({"id": str(number), "text": text}) + "\n")
    command = [sys.executable, "-m", "webapp.cli", "index", str(tmp_path / "many.jsonl")]
    command += ["--index", str(tmp_path / "index"), "--jobs", "2"]
    with subprocess.Popen(
        command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as parent:
        try:
            wait_until(lambda: len(readers(parent)) == 2)
            yield parent
        finally:
            for process in session(parent.pid):
                os.kill(process, signal.SIGKILL)


def readers(parent: subprocess.Popen[str]) -> list[int]:
    """The reading processes that have begun: they hold the tables of reading."""
    used = {each: usage(each, parent.pid) for each in session(parent.pid) - {parent.pid}}
    return [each for each, held in used.items() if held and held.own > 100]


@pytest.mark.skipif(not PROC.is_dir(), reason="looks at processes as Linux shows them")
def test_reading_processes_end_with_a_killed_parent(indexing: subprocess.Popen[str]) -> None:
    indexing.send_signal(signal.SIGKILL)
    indexing.wait()
    wait_until(lambda: not session(indexing.pid))


@pytest.mark.skipif(not PROC.is_dir(), reason="looks at processes as Linux shows them")
def test_a_killed_reading_process_is_one_line_and_exit_code_2(indexing: subprocess.Popen[str], tmp_path: Path) -> None:
    os.kill(readers(indexing)[0], signal.SIGKILL)  # as the system does where memory runs out
    assert indexing.stderr
    said = indexing.stderr.read()
    assert indexing.wait() == 2
    assert said.startswith("conditions: a process that reads articles was ended")
    assert said.count("\n") == 1
    wait_until(lambda: not session(indexing.pid))
    with open_library(tmp_path / "index") as library:
        failing = library.history().failing
    assert failing is not None
    assert failing.kind == "WorkerEnded"
