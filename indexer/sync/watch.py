"""Changes of files to syncs: the system's notifier watches the paths, and each burst of changes is one sync.

Nothing that goes wrong ends the watching: a sync that fails is tried again, after a pause that doubles each time, and
the notifier is made anew where it cannot be had, or where the paths have become other folders.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from os import PathLike
from pathlib import Path
from typing import Final

import watchfiles

from indexer.errors import IndexLocked
from indexer.sync.report import Report
from indexer.sync.sync_history import in_one_line

QUIET_MS: Final = 400  # a burst ends when nothing has happened for so long
FIRST_PAUSE_S: Final = 0.4  # between a sync that failed and the next one
LONGEST_PAUSE_S: Final = 30.0
LOCKED_PAUSE_S: Final = 2.0  # the longest where another process writes, which is soon over
WITHOUT_NOTIFIER_S: Final = 5.0  # between two syncs where there is no notifier: every file is looked at

_log = logging.getLogger(__name__)


def watch(
    sync: Callable[[Sequence[str | PathLike[str]]], Report],
    paths: Sequence[str | PathLike[str]],
    stop: threading.Event | None = None,
) -> Iterator[Report]:
    """Syncs after each burst of changes below the paths and yields the report, until `stop` is set or Ctrl-C pressed.

    The first sync runs as soon as the notifier does, for what changed before; it is reported if it wrote anything. A
    sync that fails is logged, if not for the same reason as the one before, and tried again until one succeeds.
    """
    is_first, is_due, last_error, pause, next_at = True, True, "", FIRST_PAUSE_S, 0.0
    for has_changed in _bursts(paths, stop or threading.Event()):
        is_due = is_due or has_changed
        if not is_due or time.monotonic() < next_at:
            continue
        try:
            report = sync(paths)
        except Exception as error:  # noqa: BLE001 -- whatever it was, the next sync may succeed
            line = in_one_line(error)
            if line != last_error:
                _log.warning("%s (it is tried again)", line)
            last_error, next_at = line, time.monotonic() + pause
            pause = min(2 * pause, LOCKED_PAUSE_S if isinstance(error, IndexLocked) else LONGEST_PAUSE_S)
            continue
        if report.written or not is_first:
            yield report
        is_first, is_due, last_error, pause = False, False, "", FIRST_PAUSE_S


def _bursts(paths: Sequence[str | PathLike[str]], stop: threading.Event) -> Iterator[bool]:
    """Whether anything may have changed, twice a second; every WITHOUT_NOTIFIER_S where there is no notifier."""
    last_error = ""
    while not stop.is_set():
        watched, is_new = _identities(paths), True
        try:
            for changes in watchfiles.watch(
                *map(Path, paths), step=100, debounce=QUIET_MS, rust_timeout=QUIET_MS, yield_on_timeout=True,
                stop_event=stop, raise_interrupt=False, ignore_permission_denied=True,
            ):  # fmt: skip
                yield is_new or bool(changes)  # what changed before there was a notifier, it has not seen
                is_new = False
                if _identities(paths) != watched:
                    break
            else:
                return
        except KeyboardInterrupt:
            return
        except FileNotFoundError:  # which the sync says
            stop.wait(WITHOUT_NOTIFIER_S)
            yield True
        except (OSError, RuntimeError) as error:  # the system has limits, of inotify's instances for example
            if str(error) != last_error:
                _log.warning("no notifier of changes (%s): looking every %g s", error, WITHOUT_NOTIFIER_S)
            last_error = str(error)
            stop.wait(WITHOUT_NOTIFIER_S)
            yield True


def _identities(paths: Sequence[str | PathLike[str]]) -> list[tuple[int, int]]:
    """Device and inode of each path that is there: others say that the notifier watches what is there no more."""
    found = []
    for path in paths:
        with suppress(OSError):
            status = os.stat(path)  # noqa: PTH116 -- a path of any kind
            found.append((status.st_dev, status.st_ino))
    return found
