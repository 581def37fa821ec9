"""Reports of syncs to a small record beside the index: the last syncs, the last changes, and what failed.

The index holds articles, not when they came. Whoever looks after a library asks what is new, what changed and what
could not be read, how old the index is and what keeps it from being newer; that is what this file says. It is bounded,
written beside the old one and renamed; whoever deletes it loses the past and nothing else. Two syncs that end at the
same moment may leave the record of one. That syncs fail is written into the file as it is, over the spaces at its end:
what makes them fail may be a full disk.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from time import sleep
from typing import Final, Literal, Self, TypeAlias

import msgspec
from xxhash import xxh3_64_hexdigest

from indexer.articles.source import Failure, below
from indexer.disk import Disk, replace_file
from indexer.errors import ConditionSearchError, IndexLocked
from indexer.sync.report import Report

MAX_SYNCS: Final = 50
MAX_CHANGES: Final = 1_000
MAX_FAILURES: Final = 1_000
MAX_PROBLEM: Final = 400  # code points of why a sync failed
SPARE: Final = 2_048  # bytes at the end of the file for that
BLOCK: Final = 4_096  # that a file takes on the disk at least
LOCKED_S: Final = 60.0  # that another writer may take before it counts as what keeps the index from being newer
TORN_S: Final = 0.01  # until a file that was read while it was written to is read again

ChangeKind: TypeAlias = Literal["added", "changed", "deleted"]


@dataclass(frozen=True, slots=True)
class SyncSummary:
    """A sync in numbers of articles; `time` is when it ended, in UTC by ISO 8601; `generation` what it led to."""

    time: str
    generation: str
    added: int
    changed: int
    deleted: int
    kept: int
    failed: int
    seconds: float


@dataclass(frozen=True, slots=True)
class ArticleChange:
    """What a sync did with an article, and when."""

    id: str
    what: ChangeKind
    time: str


@dataclass(frozen=True, slots=True)
class FailedSyncs:
    """The syncs that failed, none having succeeded since: how many, when the first and the last, and why the last.

    `kind` is the class of the error, `problem` one line.
    """

    count: int
    since: str
    time: str
    kind: str
    problem: str

    def __str__(self) -> str:
        syncs = "1 sync failed" if self.count == 1 else f"{self.count:,} syncs in a row failed"
        return f"{syncs}, the last at {self.time[11:19]} UTC: {self.problem}"


@dataclass(frozen=True, slots=True)
class SyncHistory:
    """The last syncs, each newest first; `changes` has each article once, `failures` are those that still stand.

    `synced` is when a sync last succeeded, whether or not there was anything to do; `failing` what came after it.
    """

    syncs: tuple[SyncSummary, ...] = ()
    changes: tuple[ArticleChange, ...] = ()
    failures: tuple[Failure, ...] = ()
    synced: str = ""
    failing: FailedSyncs | None = None

    @classmethod
    def load(cls, path: Path) -> Self:
        """The record in the file; an empty one where there is none that can be read."""
        with suppress(OSError):
            for pause in (TORN_S, 0.0):
                with suppress(ValueError):  # msgspec's errors are ValueErrors
                    return cls._decode(path.read_bytes())
                sleep(pause)
        return cls()

    @classmethod
    def _decode(cls, content: bytes) -> Self:
        record = msgspec.json.decode(content, type=_CheckedHistory)
        if record.checksum != _checksum(record.history):
            raise ValueError("not what was written")
        return msgspec.json.decode(record.history, type=cls)

    def _encode(self) -> bytes:
        history = msgspec.json.encode(self)
        return msgspec.json.encode(_CheckedHistory(_checksum(history), msgspec.Raw(history)))

    @property
    def tried(self) -> str:
        """When the last sync ended, well or not; "" where that is not known."""
        return self.failing.time if self.failing else self.synced

    def with_report(self, report: Report, roots: tuple[str, ...], generation: str) -> Self:
        """The record with a sync of the sources below the roots, which is listed where it changed anything."""
        failures = tuple(_readable(failure) for failure in report.failed[:MAX_FAILURES])
        elsewhere = tuple(failure for failure in self.failures if not below(failure.source, roots))
        failures = (*failures, *elsewhere)[:MAX_FAILURES]
        time = _now()
        succeeded = replace(self, synced=time, failing=None)
        if not report.written and failures == self.failures:
            return succeeded
        summary = SyncSummary(
            time,
            generation,
            added=len(report.added),
            changed=len(report.changed),
            deleted=len(report.deleted),
            kept=len(report.kept),
            failed=len(report.failed),
            seconds=round(report.seconds, 3),
        )
        return replace(
            succeeded,
            syncs=(summary, *self.syncs)[:MAX_SYNCS],
            changes=tuple(islice(_once((*_changes(report, time), *self.changes)), MAX_CHANGES)),
            failures=failures,
        )

    def with_failure(self, error: Exception) -> Self:
        """The record with a sync that did not succeed."""
        time, before = _now(), self.failing
        count, since = (before.count + 1, before.since) if before else (1, time)
        return replace(self, failing=FailedSyncs(count, since, time, type(error).__name__, in_one_line(error)))

    def save(self, path: Path) -> None:
        """Write the record; an error is logged, for the index stands without it."""
        content = self._encode()
        replace_file(Disk(), path, content.ljust(-(-(len(content) + SPARE) // BLOCK) * BLOCK))

    def save_in_place(self, path: Path) -> None:
        """Write a record that is hardly longer than the one in the file, which needs no room on the disk."""
        content = self._encode()
        with suppress(OSError):
            size = path.stat().st_size
            if len(content) <= size:
                with path.open("r+b", buffering=0) as file:
                    file.write(content.ljust(size))
                return
        self.save(path)


class _CheckedHistory(msgspec.Struct, frozen=True):
    """What the file holds: the record, and the XXH3 of its bytes; a flipped bit must not tell another story."""

    checksum: str
    history: msgspec.Raw


def _checksum(history: bytes | msgspec.Raw) -> str:
    return xxh3_64_hexdigest(bytes(history))


@contextmanager
def failures_recorded(path: Path | None) -> Iterator[None]:
    """Record an error of the sync in the block, for whoever asks how old the index is and why; a short lock is none."""
    try:
        yield
    except Exception as error:
        if not (isinstance(error, IndexLocked) and error.held_s < LOCKED_S):
            record_failure(path, error)
        raise


def record_failure(path: Path | None, error: Exception) -> None:
    """Record that the index could not be synced."""
    if path is not None and path.parent.is_dir():
        SyncHistory.load(path).with_failure(error).save_in_place(path)


def in_one_line(error: Exception) -> str:
    """What went wrong, without line breaks and controls; errors that are not ours are called by their kind."""
    ours = isinstance(error, ConditionSearchError)
    words = " ".join((str(error) if ours else f"{type(error).__name__}: {error}").split())
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in words)[:MAX_PROBLEM]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _changes(report: Report, time: str) -> tuple[ArticleChange, ...]:
    """The changes of a sync, the last first."""
    kinds: tuple[tuple[ChangeKind, tuple[str, ...]], ...] = (
        ("deleted", report.deleted),
        ("changed", report.changed),
        ("added", report.added),
    )
    return tuple(ArticleChange(id, what, time) for what, ids in kinds for id in reversed(ids[-MAX_CHANGES:]))


def _once(changes: Iterable[ArticleChange]) -> Iterator[ArticleChange]:
    seen = set()
    for change in changes:
        if change.id not in seen:
            seen.add(change.id)
            yield change


def _readable(failure: Failure) -> Failure:
    """The failure with a reason that is valid Unicode."""
    return replace(failure, reason=failure.reason.encode("utf-8", "replace").decode())
