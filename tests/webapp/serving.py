"""`conditions serve` as a process, and what tests ask of it."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.faults.processes import SECONDS


class Serving:
    """A running `conditions serve`."""

    def __init__(self, *words: str) -> None:
        command = [sys.executable, "-m", "webapp.cli", "serve", "--port", "0", *words]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )
        self.lines: list[str] = []
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line.strip())
            if " at http://" in line:
                self.url = line.split(" at ")[1].split()[0]
                return
        raise AssertionError(self.lines)

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(self.url + path, timeout=SECONDS) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def connected(self) -> socket.socket:
        host, port = self.url.removeprefix("http://").rstrip("/").split(":")
        return socket.create_connection((host, int(port)), timeout=SECONDS)

    def total(self, query: str) -> Any:
        status, text = self.get(f"api/v1/search?q={query}")
        return json.loads(text)["total"] if status == 200 else None

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        code = self.process.wait(SECONDS)
        assert self.process.stdout
        self.process.stdout.close()  # at once, so that no worker or watcher holds it open
        return code

    def last_words(self, number: signal.Signals) -> str:
        """What it and its workers print once they have the signal, until the last of them has ended."""
        self.process.send_signal(number)
        return self.process.communicate(timeout=SECONDS)[0]


def sockets_of(pid: int) -> int:
    """How many sockets the process has open."""
    return sum(str(file.readlink()).startswith("socket:") for file in Path(f"/proc/{pid}/fd").iterdir())


def gone(session: int) -> bool:
    """Whether no process of the session is left, of whichever group."""
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(ProcessLookupError):
            if os.getsid(int(path.name)) == session:
                return False
    return True
