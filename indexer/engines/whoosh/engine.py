"""The Engine of the engine protocol: a folder whose manifest names the generation that is searched."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.disk import Disk
from indexer.engine import Problem, SegmentBuilder
from indexer.engines.whoosh.format.manifest import (
    LOCK,
    Manifest,
    damage_named,
    damaged,
    os_errors_named,
    read_manifest,
    signature,
)
from indexer.engines.whoosh.format.segments import Segment
from indexer.engines.whoosh.format.write_lock import write_lock
from indexer.engines.whoosh.searching.searcher import WhooshSearcher
from indexer.engines.whoosh.searching.snapshot import Snapshot
from indexer.errors import IndexDamaged, IndexLocked, IndexMissing, IndexStale

if TYPE_CHECKING:
    from indexer.engines.whoosh.batch import WhooshBatch


class WhooshEngine:
    """Documents in a folder; safe in any thread."""

    def __init__(self, location: Path, *, disk: Disk | None = None) -> None:
        self._location = location
        self._disk = disk or Disk()
        self._lock = threading.Lock()
        self._current: tuple[tuple[int, int, int] | None, Manifest, Snapshot] | None = None

    def searcher(self) -> WhooshSearcher:
        """See `indexer.engine.Engine`; costs one stat of the manifest where nothing was committed."""
        try:
            snapshot = self._open()[1]
        except IndexDamaged:
            if self._current is None:
                raise
            snapshot = self._current[2]  # its files are mapped, whatever became of the newer ones
            with damage_named(self._location):
                snapshot.check_sizes()
        return WhooshSearcher(snapshot, self._location)

    def check(self) -> None:
        """See `indexer.engine.Engine`."""
        self._open()

    def digests(self) -> Mapping[str, str]:
        """See `indexer.engine.Engine`."""
        return self._column("digest")

    def sources(self) -> Mapping[str, str]:
        """See `indexer.engine.Engine`."""
        return self._column("source")

    def properties(self) -> Mapping[str, str]:
        """See `indexer.engine.Engine`."""
        try:
            return dict(read_manifest(self._location).properties)
        except IndexMissing:
            return {}

    @contextmanager
    def batch(self, *, fresh: bool = False) -> Iterator["WhooshBatch"]:
        """See `indexer.engine.Engine`."""
        from indexer.engines.whoosh.batch import WhooshBatch, finish_commit

        with self._writing():
            manifest, existing = self._generation_to_change(fresh=fresh)
            if manifest.name:
                finish_commit(self._location, self._disk, manifest)
            batch = WhooshBatch(self._location, self._disk, manifest, existing, fresh=fresh)
            try:
                yield batch
                batch.commit()
            finally:
                batch.close()

    def collect_garbage(self) -> None:
        """See `indexer.engine.Engine`."""
        from indexer.engines.whoosh.batch import finish_commit, is_finished

        with suppress(IndexMissing, IndexLocked), os_errors_named(self._location):
            if not is_finished(self._location, self._disk, self._open()[0]):
                with self._writing():
                    finish_commit(self._location, self._disk, self._open()[0])

    @property
    def segment_builder(self) -> SegmentBuilder:
        """See `indexer.engine.Engine`."""
        from indexer.engines.whoosh.format.segment_builder import build_segment

        return build_segment

    def verify(self) -> tuple[Problem, ...]:
        """See `indexer.engine.Engine`."""
        from indexer.engines.whoosh.verification import find_problems

        return tuple(find_problems(self._location))

    def close(self) -> None:
        """See `indexer.engine.Engine`."""
        with self._lock:
            self._current = None

    def _column(self, name: str) -> Mapping[str, str]:
        try:
            with damage_named(self._location):
                return self._open()[1].mapping(name)
        except IndexMissing:
            return {}

    def _open(self) -> tuple[Manifest, Snapshot]:
        """Open the newest generation, or reuse it where it is open already."""
        current = self._current
        if current is not None and current[0] == self._signature():
            with damage_named(self._location):
                current[2].check_sizes()
            return current[1:]
        with self._lock:
            while True:
                before = self._signature()
                if self._current is not None and self._current[0] == before:
                    return self._current[1:]
                manifest = read_manifest(self._location)
                try:
                    snapshot = Snapshot(self._location, manifest)
                except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
                    if before != self._signature():
                        continue  # commits removed the files between reading the manifest and opening them
                    raise damaged(self._location, error) from error
                self._current = (before, manifest, snapshot)

    def _signature(self) -> tuple[int, int, int] | None:
        try:
            return signature(self._location)
        except OSError:
            return None  # `read_manifest` says what is wrong

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with ExitStack() as stack:
            with os_errors_named(self._location):
                self._disk.make_folder(self._location.absolute())
                stack.enter_context(write_lock(self._disk, self._location / LOCK))
            yield

    def _generation_to_change(self, *, fresh: bool) -> tuple[Manifest, tuple[Segment, ...]]:
        """The generation that a batch begins with; of it, a fresh batch needs the files that stay for late readers."""
        try:
            if fresh:
                return read_manifest(self._location), ()
            manifest, snapshot = self._open()
        except IndexMissing:
            return Manifest(), ()
        except (IndexStale, IndexDamaged):
            if not fresh:
                raise
            return Manifest(), ()
        return manifest, snapshot.segments
