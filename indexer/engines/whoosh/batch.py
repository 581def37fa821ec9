"""A batch of changes to a new generation, or to nothing.

Documents become segments in memory; a Whoosh writer merges these into segments on the disk, and into them the older
ones that its merge policy names. What results is new, and visible only when the manifest that names it has replaced the
old one. Whatever goes wrong before leaves the old manifest, and files that the next commit's garbage collection
removes.
"""

import logging
import secrets
from dataclasses import replace
from pathlib import Path
from typing import Final

from indexer.disk import Disk, try_to_remove
from indexer.documents import Document
from indexer.engines.whoosh.bridge.codec import ArraySegment
from indexer.engines.whoosh.bridge.storage import GenerationIndex, SegmentStorage
from indexer.engines.whoosh.bridge.toc import NEW_TABLE, has_toc, is_stale_toc, latest_toc, write_toc
from indexer.engines.whoosh.bridge.writer import GenerationWriter, merge_nothing, merge_small
from indexer.engines.whoosh.format.manifest import (
    NEW_MANIFEST,
    SEGMENTS,
    Manifest,
    damage_named,
    os_errors_named,
    write_manifest,
)
from indexer.engines.whoosh.format.segment_builder import BuiltSegment, build_segment
from indexer.engines.whoosh.format.segments import DOCUMENTS, POSTINGS, Segment
from indexer.errors import EngineUnavailable

MAX_BUFFERED_DOCS: Final = 25_600  # documents that are collected in memory, some 150 MB, before they are written
MAX_PENDING_DOCS: Final = 64  # put one by one, then built into one segment: many small ones merge slowly

_log = logging.getLogger(__name__)


class WhooshBatch:
    """The Batch of the engine protocol: changes collected by a Whoosh writer that exists once there is one."""

    def __init__(self, location: Path, disk: Disk, base: Manifest, existing: tuple[Segment, ...], *, fresh: bool):
        self._location = location
        self._disk = disk
        self._base = base
        self._existing = () if fresh else existing
        self._properties = {} if fresh else dict(base.properties)
        self._changed = fresh
        self._fresh = fresh
        self._storage = SegmentStorage(location, disk)
        self._writer: GenerationWriter | None = None
        self._records: list[ArraySegment] = []  # Whoosh's, of the existing segments
        self._added: dict[str, tuple[ArraySegment, int]] = {}
        self._pending: dict[str, Document] = {}
        self._committed = False

    def put(self, document: Document) -> None:
        """See `indexer.engine.Batch`."""
        self._pending.pop(document.id, None)
        self._pending[document.id] = document
        if len(self._pending) >= MAX_PENDING_DOCS:
            self._add_pending()

    def add_segment(self, segment: object) -> None:
        """See `indexer.engine.Batch`."""
        if not isinstance(segment, BuiltSegment):
            raise TypeError(f"{type(segment).__name__} is not what WhooshEngine.segment_builder makes")
        self._add_pending()
        self._add(segment)

    def _add_pending(self) -> None:
        if self._pending:
            segment = build_segment(tuple(self._pending.values()))
            self._pending.clear()
            self._add(segment)

    def _add(self, segment: BuiltSegment) -> None:
        for id in segment.ids:
            self.delete(id)
        self._changed = True
        with os_errors_named(self._location):
            writer = self._make_room(len(segment.ids))
            first = writer.docnum
            writer.add_segment(segment.segment)
            self._added.update((id, (writer.newsegment, first + number)) for number, id in enumerate(segment.ids))

    def _make_room(self, count: int) -> GenerationWriter:
        """Open a writer with room for that many more documents."""
        writer = self._open_writer()
        if writer.docnum + count > MAX_BUFFERED_DOCS and writer.docnum:
            writer.commit(mergetype=merge_nothing)
            # The records of the segments go on: more may be deleted in them.
            writer = GenerationWriter(GenerationIndex(self._storage, self._base), writer.committed)
            self._writer = writer
        return writer

    def delete(self, id: str) -> None:
        """See `indexer.engine.Batch`."""
        self._pending.pop(id, None)
        added = self._added.pop(id, None)
        if added is not None:
            record, number = added
            record.delete_document(number)
            return
        for number, existing in enumerate(self._existing):
            with damage_named(self._location):
                doc = existing.find(id)
            if doc is not None:
                with os_errors_named(self._location):
                    self._open_writer()
                self._records[number].delete_document(doc)
                self._changed = True

    def describe(self, name: str, value: str) -> None:
        """See `indexer.engine.Batch`."""
        if self._properties.get(name) != value:
            self._properties[name] = value
            self._changed = True

    def _open_writer(self) -> GenerationWriter:
        if self._writer is None:
            self._disk.make_folder(self._location / SEGMENTS)
            base = replace(self._base, segments=()) if self._fresh else self._base
            self._writer = GenerationWriter(GenerationIndex(self._storage, base))
            self._records = list(self._writer.segments)
        return self._writer

    def commit(self) -> None:
        """Make the changes the current generation, durably; nothing is written where there are none."""
        self._add_pending()
        if self._changed:
            with os_errors_named(self._location):
                manifest = self._publish()
            finish_commit(self._location, self._disk, manifest)

    def _publish(self) -> Manifest:
        segments = () if self._fresh else self._base.segments
        if self._writer is not None:
            with damage_named(self._location):
                self._writer.commit(mergetype=merge_small)
            segments = tuple(segment.entry for segment in self._writer.committed)
            self._disk.sync_folder(self._location / SEGMENTS)
        number = 1 + max(self._base.number, latest_toc(self._disk, self._location))
        manifest = Manifest(
            number,
            f"{number}-{secrets.token_hex(4)}",
            segments,
            self._properties,
            previous=self._base.files,
            previous_number=self._base.number,
        )
        try:
            write_manifest(self._disk, self._location, manifest)
        except EngineUnavailable:
            self._committed = True  # its files are listed now
            raise
        self._committed = True
        return manifest

    def close(self) -> None:
        """Let go of the writer; what was not committed is as if it had never been."""
        if self._committed:
            return
        if self._writer is not None and not self._writer.is_closed:
            self._writer.cancel()
        self._storage.abandon()


def finish_commit(location: Path, disk: Disk, manifest: Manifest) -> None:
    """Write Whoosh's table of contents if it is not there or damaged, then collect garbage.

    Every writer begins with this too, for the one before it may have been killed. An error is logged, for the commit
    stands already.
    """
    try:
        if not has_toc(location, manifest):
            write_toc(disk, location, manifest)
        for path in _garbage(location, disk, manifest):
            try_to_remove(disk, path)
    except OSError as error:
        _log.warning(
            "%s: the commit stands, but until the next one Whoosh opens the one before, and old files stay (%s)",
            location,
            error.strerror,
        )


def is_finished(location: Path, disk: Disk, manifest: Manifest) -> bool:
    """Whether `finish_commit` has nothing to do."""
    return has_toc(location, manifest) and not _garbage(location, disk, manifest)


def _garbage(location: Path, disk: Disk, manifest: Manifest) -> list[Path]:
    """The files that neither this generation nor the one before has, and what a killed run left half written."""
    listed = {*manifest.files, *manifest.previous}
    unfinished = [
        path
        for path in disk.entries(location)
        if path.name in {NEW_MANIFEST, NEW_TABLE} or is_stale_toc(path, manifest)
    ]
    return unfinished + [
        path
        for path in disk.entries(location / SEGMENTS)
        if path.suffix in {DOCUMENTS, POSTINGS} and path.name not in listed
    ]
