"""Changes of files to syncs: the paths are watched by the system's notifier, and each burst of changes is one sync."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from os import PathLike
from pathlib import Path

import watchfiles

from indexer.errors import ConditionSearchError
from indexer.sync.report import Report

QUIET_MS = 400  # a burst ends when nothing happened for so long

_log = logging.getLogger(__name__)


def watch(
    sync: Callable[[Sequence[str | PathLike[str]]], Report],
    paths: Sequence[str | PathLike[str]],
    stop: threading.Event | None = None,
) -> Iterator[Report]:
    """A report for each burst of changes below the paths, until `stop` is set or the process is interrupted.

    What goes wrong during one sync is logged, and the next change tries again.
    """
    for _ in watchfiles.watch(*map(Path, paths), step=100, debounce=QUIET_MS, stop_event=stop, raise_interrupt=False):
        try:
            yield sync(paths)
        except ConditionSearchError as error:
            _log.warning("%s", error)
