"""Changed raw files to an index that follows them, and an article to whether what is searched is what its file says."""

import logging
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from indexer.editing.raw_files import RawFile
from indexer.errors import IndexLocked, IndexMissing
from indexer.library import Library
from indexer.sync.sync_history import in_one_line

LOCKED_S: Final = 1.0  # until a writer that was in the way is tried again
POLL_S: Final = 0.05
RECORD_S: Final = 0.5  # that a sync may need, once it is live, to be recorded

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LiveState:
    """Whether the newest generation has what a raw file says: since when, or why not; each "" where unknown."""

    live: bool
    generation: str = ""
    since: str = ""
    problem: str = ""
    recorded: bool = True  # whether the record of syncs is as new as the generation


class IndexUpdater:
    """Has the index follow the corpus: by a sync in a thread of this process, or by whoever watches the corpus."""

    def __init__(self, library: Library, corpus: Path, *, watched: bool) -> None:
        self._library = library
        self._corpus = corpus
        self._watched = watched
        self._lock = threading.Lock()
        self._due = self._runs = False
        self._problem = ""

    def update(self) -> None:
        """Begin to index what changed, unless another process does; returns at once."""
        with self._lock:
            self._due = True
            if self._watched or self._runs:
                return
            self._runs = True
        threading.Thread(target=self._sync_while_due, daemon=True).start()

    def state(self, id: str, file: RawFile | None) -> LiveState:
        """Whether the newest generation has the article as its raw file is, or lacks it where there is no file."""
        document, generation = None, ""
        with suppress(IndexMissing), self._library.searcher() as searcher:
            document, generation = searcher.get(id), searcher.generation
        digest = self._library.reader().digest(file.raw.digest) if file else None
        history = self._library.history()
        if (document.digest if document else None) == digest and not (file and file.problem):
            since = next((change.time for change in history.changes if change.id == id), "")
            recorded = not history.syncs or history.syncs[0].generation == generation
            return LiveState(True, generation, since, recorded=recorded)
        failures = (each for each in history.failures if each.id == id or (file and each.source == file.raw.source))
        problem = (file.problem if file else "") or next((each.reason for each in failures), self._problem)
        return LiveState(False, generation, problem=problem)

    def wait(self, id: str, file: RawFile | None, seconds: float) -> LiveState:
        """The state once the change is live, or after that many seconds."""
        deadline = time.monotonic() + seconds
        while not (state := self.state(id, file)).live and time.monotonic() < deadline:
            time.sleep(POLL_S)
        deadline = time.monotonic() + RECORD_S
        while state.live and not state.recorded and time.monotonic() < deadline:
            time.sleep(POLL_S)
            state = self.state(id, file)
        return state

    def _sync_while_due(self) -> None:
        while self._is_due():
            try:
                self._library.sync([self._corpus], jobs=1)
                self._problem = ""
            except IndexLocked:
                self._due = True
                time.sleep(LOCKED_S)
            except Exception as error:  # noqa: BLE001 -- this thread must go on: nobody else starts another one
                self._problem = in_one_line(error)
                _log.warning("the index does not follow the corpus: %s", self._problem)

    def _is_due(self) -> bool:
        with self._lock:
            self._runs = self._due
            self._due = False
            return self._runs
