"""Changes of files to syncs: the system's notifier watches the paths, and each burst of changes is one sync."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from os import PathLike
from pathlib import Path

import watchfiles

from indexer.errors import ConditionSearchError
from indexer.sync.report import Report

QUIET_MS = 400  # a burst ends when nothing has happened for so long

_log = logging.getLogger(__name__)


def watch(
    sync: Callable[[Sequence[str | PathLike[str]]], Report],
    paths: Sequence[str | PathLike[str]],
    stop: threading.Event | None = None,
) -> Iterator[Report]:
    """Syncs after each burst of changes below the paths and yields the report, until `stop` is set or Ctrl-C pressed.

    The first sync runs as soon as the notifier does, for what changed before; it is reported if it wrote anything. A
    sync that fails is logged and retried until it succeeds.
    """
    is_first, is_due, last_error = True, True, ""
    for changes in watchfiles.watch(
        *map(Path, paths), step=100, debounce=QUIET_MS, rust_timeout=QUIET_MS, yield_on_timeout=True, stop_event=stop,
        raise_interrupt=False,
    ):  # fmt: skip
        is_due = is_due or bool(changes)
        if not is_due:
            continue
        try:
            report = sync(paths)
        except ConditionSearchError as error:
            if str(error) != last_error:
                _log.warning("%s", error)
            last_error = str(error)
            continue
        if report.written or not is_first:
            yield report
        is_first, is_due, last_error = False, False, ""
