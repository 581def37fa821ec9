"""Changes of a corpus to its index, while a site is served.

The watcher is a process of its own, so that no worker is forked from one that writes. It lives no longer than the
process that started it: a pipe from there is its standard input, and ends when that does.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.articles.model import RawArticle
from indexer.cli import output
from indexer.library import open_library
from indexer.sync.watch import watch


@contextmanager
def watching(location: str, corpus: Path) -> Iterator[None]:
    """Index changes below the corpus while the block runs; only the process that entered it stops the watcher."""
    command = [sys.executable, "-m", __name__, location, str(corpus)]
    watcher = subprocess.Popen(command, stdin=subprocess.PIPE)
    owner = os.getpid()
    try:
        yield
    finally:
        if os.getpid() == owner:
            watcher.terminate()
            watcher.wait()


def sync_changes(location: str, corpus: Path) -> None:
    """Sync at once and after each change, until standard input ends."""
    stop = threading.Event()
    threading.Thread(target=_set_at_end, args=(stop,), daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that serves, which then ends this one
    with open_library(location) as library:
        # Loads the tables that reading needs, which takes seconds, before the first change.
        library.reader().read(RawArticle("first", "", "text", "Gout of the hand"))
        for report in watch(library.sync, [corpus], stop):
            output.show_report(report, dry_run=False)


def _set_at_end(stop: threading.Event) -> None:
    sys.stdin.buffer.read()
    stop.set()


if __name__ == "__main__":
    sync_changes(sys.argv[1], Path(sys.argv[2]))
