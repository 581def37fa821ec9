"""Reports of syncs to a small record beside the index: the last syncs, the last changes, and what failed.

The index holds articles, not when they came. Whoever looks after a library asks what is new, what changed and what
could not be read; that is what this file says. It is bounded, written beside the old one and renamed; whoever deletes
it loses the past and nothing else. Two syncs that end at the same moment may leave the record of one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Final, Literal, Self, TypeAlias

import msgspec

from indexer.articles.source import Failure, below
from indexer.disk import Disk, replace_file
from indexer.sync.report import Report

MAX_SYNCS: Final = 50
MAX_CHANGES: Final = 1_000
MAX_FAILURES: Final = 1_000

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
class SyncHistory:
    """The last syncs, each newest first; `changes` has each article once, `failures` are those that still stand."""

    syncs: tuple[SyncSummary, ...] = ()
    changes: tuple[ArticleChange, ...] = ()
    failures: tuple[Failure, ...] = ()

    @classmethod
    def load(cls, path: Path) -> Self:
        """The record in the file; an empty one where there is none that can be read."""
        try:
            return msgspec.json.decode(path.read_bytes(), type=cls)
        except (OSError, ValueError):  # msgspec's errors are ValueErrors
            return cls()

    def with_report(self, report: Report, roots: tuple[str, ...], generation: str) -> Self:
        """The record with a sync of the sources below the roots; itself where that changed nothing."""
        failures = tuple(_readable(failure) for failure in report.failed[:MAX_FAILURES])
        elsewhere = tuple(failure for failure in self.failures if not below(failure.source, roots))
        failures = (*failures, *elsewhere)[:MAX_FAILURES]
        if not report.written and failures == self.failures:
            return self
        time = datetime.now(UTC).isoformat(timespec="seconds")
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
            self,
            syncs=(summary, *self.syncs)[:MAX_SYNCS],
            changes=tuple(islice(_once((*_changes(report, time), *self.changes)), MAX_CHANGES)),
            failures=failures,
        )

    def save(self, path: Path) -> None:
        """Write the record; an error is logged, for the index stands without it."""
        replace_file(Disk(), path, msgspec.json.encode(self))


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
