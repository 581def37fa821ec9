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

    Once the notifier is at work there is a sync without any change, for what happened before; it is reported if it wrote.
    A sync that fails is logged, and tried again until it succeeds.
    """
    begun, due, wrong = False, True, ""
    for changes in watchfiles.watch(
        *map(Path, paths), step=100, debounce=QUIET_MS, rust_timeout=QUIET_MS, yield_on_timeout=True, stop_event=stop,
        raise_interrupt=False,
    ):  # fmt: skip
        due = due or bool(changes)
        if not due:
            continue
        try:
            report = sync(paths)
        except ConditionSearchError as error:
            if str(error) != wrong:
                _log.warning("%s", error)
            wrong = str(error)
            continue
        if begun or report.written:
            yield report
        begun, due, wrong = True, False, ""
