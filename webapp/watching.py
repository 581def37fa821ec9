"""Changes of a corpus to its index, while a site is served.

The watcher is a process of its own, so that no worker is forked from one that writes. A thread of the process that
serves starts it again when it dies, after a pause that doubles while it dies soon. It lives no longer than that
process: a pipe from there is its standard input, and ends when that does.
"""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from indexer.articles.model import RawArticle
from indexer.cli import output
from indexer.errors import ConditionSearchError
from indexer.library import open_library
from indexer.sync.article_reader import ArticleReader
from indexer.sync.sync_history import record_failure
from indexer.sync.watch import watch

FIRST_PAUSE_S: Final = 1.0  # between the end of a watcher and the start of the next one
LONGEST_PAUSE_S: Final = 60.0
HEALTHY_S: Final = 60.0  # a watcher that lived so long was not ended by what it did first
KILL_TIMEOUT_S: Final = 5.0  # that a watcher may take to end when it is told to; one that is stopped takes for ever

_log = logging.getLogger(__name__)


class WatcherDied(ConditionSearchError):
    """The process that indexes changes has ended, and not because it was told to."""


class _Supervisor:
    """Runs the watcher, again and again, until it is told to stop."""

    def __init__(self, location: str, corpus: Path) -> None:
        self._location = location
        self._command = [sys.executable, "-m", __name__, location, str(corpus)]
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._watcher: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        with self._lock:
            watcher = self._watcher
        if watcher:
            watcher.terminate()
            self._thread.join(KILL_TIMEOUT_S)
            watcher.kill()
        self._thread.join()

    def _run(self) -> None:
        pause = FIRST_PAUSE_S
        while not self._stopping.is_set():
            started = time.monotonic()
            why = self._watch_until_end()
            if time.monotonic() - started > HEALTHY_S:
                pause = FIRST_PAUSE_S
            if not self._stopping.is_set():
                self._say(WatcherDied(f"the watcher of the corpus {why}; it is started again in {pause:g} s"))
            self._stopping.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)

    def _watch_until_end(self) -> str:
        """Start the watcher and wait for its end; how it ended, or why it could not be started."""
        try:
            with self._lock:
                if self._stopping.is_set():
                    return ""
                self._watcher = subprocess.Popen(self._command, stdin=subprocess.PIPE)
        except OSError as error:
            return f"cannot be started ({error.strerror})"
        with self._watcher as watcher:
            code = watcher.wait()
        return f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"

    def _say(self, died: WatcherDied) -> None:
        _log.error("%s", died)
        with suppress(ConditionSearchError), open_library(self._location) as library:
            record_failure(library.history_path, died)


@contextmanager
def watching(location: str, corpus: Path) -> Iterator[None]:
    """Index changes below the corpus while the block runs."""
    supervisor = _Supervisor(location, corpus)
    supervisor.start()
    try:
        yield
    finally:
        supervisor.stop()


def sync_changes(location: str, corpus: Path) -> None:
    """Sync at once and after each change, until standard input ends."""
    threading.Thread(target=_end_with_input, daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that serves, which then ends this one
    # Loads the tables that reading needs, which takes seconds, before the first change.
    ArticleReader().read(RawArticle("first", "", "text", "Gout of the hand"))
    with open_library(location) as library:
        for report in watch(library.sync, [corpus]):
            with suppress(OSError):  # where nobody reads what is printed, or the disk of a log is full
                output.show_report(report, dry_run=False)


def _end_with_input() -> None:
    """Ends this process with the one that serves, in the middle of a commit too: it is all or nothing."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    sync_changes(sys.argv[1], Path(sys.argv[2]))
