"""A batch of changes to a new generation, or to nothing.

Whoosh collects, sorts, deletes and merges; the segment that results is new, and visible only when the manifest that names it
has replaced the old one. Whatever goes wrong before leaves the old manifest, and files that the next commit sweeps away.
"""

import secrets
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from indexer.documents import Document
from indexer.engines.whoosh.bridge.codec import ArrayCodec, ArraySegment
from indexer.engines.whoosh.bridge.posting_pool import PostingPool
from indexer.engines.whoosh.bridge.schema import build_row
from indexer.engines.whoosh.bridge.storage import GenerationIndex, SegmentStorage
from indexer.engines.whoosh.bridge.whoosh_modules import writing
from indexer.engines.whoosh.format.disk import Disk, writable
from indexer.engines.whoosh.format.manifest import SEGMENTS, Manifest, write_manifest
from indexer.engines.whoosh.format.segment_builder import Pack
from indexer.engines.whoosh.format.segments import DOCUMENTS, MAX_DOCUMENTS, POSTINGS, Segment

SMALL: Final = 64  # documents; segments that are merged whenever something is written
FULL: Final = 25_600  # documents that are collected in memory, some 150 MB, before they are written
DEAD_SHARE: Final = 0.3  # of the documents of a segment; more deleted ones than that are worth writing it anew


class GenerationWriter(writing.SegmentWriter):  # type: ignore[misc]
    """Whoosh's writer; instead of writing a table of contents it keeps the segments of the new generation."""

    def __init__(self, index: GenerationIndex, segments: list[ArraySegment] | None = None) -> None:
        super().__init__(index, codec=ArrayCodec(), compound=False, _lk=False)
        if segments is not None:
            self.segments = segments
        self.pool = PostingPool()
        self.committed: list[ArraySegment] = []

    def take(self, part: Segment) -> None:
        """Add the living documents of a segment, array by array."""
        documents, postings = part.halves()
        self.perdocwriter.take(documents)
        self.pool.take(postings, self.docnum)
        self.docnum += part.living
        self._added = True

    def add_reader(self, reader: Any) -> None:
        """Merge a segment, as Whoosh's own merge policies ask."""
        self.take(self.storage.open_segment(reader.segment().entry))

    def cancel(self) -> None:
        """Let go of everything without writing any more."""
        self.perdocwriter.is_closed = self.fieldwriter.is_closed = True
        super().cancel()

    def _commit_toc(self, segments: list[ArraySegment]) -> None:
        self.committed = [segment for segment in segments if segment.doc_count()]


def merge_small(writer: Any, segments: list[ArraySegment]) -> list[ArraySegment]:
    """Take into the new segment what is no larger than it, or small, or mostly deleted; the segments that stay.

    Sizes at least double from one segment to the next until they are MAX_DOCUMENTS, so there are about log2(MAX_DOCUMENTS / SMALL) besides
    the full ones, and a document is rewritten about as often, however many commits there are.
    """
    kept: list[ArraySegment] = []
    size = writer.docnum
    for segment in sorted(segments, key=lambda each: (each.doc_count(), each.segid)):
        living = segment.doc_count()
        if not living:
            continue
        wasted = segment.deleted_count() > DEAD_SHARE * segment.doc_count_all()
        if (wasted or (size and living <= max(size, SMALL))) and size + living <= MAX_DOCUMENTS:
            writer.take(writer.storage.open_segment(segment.entry))
            size += living
        else:
            kept.append(segment)
    return kept


def merge_nothing(writer: Any, segments: list[ArraySegment]) -> list[ArraySegment]:
    """All segments stay."""
    return segments


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
        self._writer: Any = None
        self._records: list[ArraySegment] = []  # Whoosh's, of the existing segments
        self._added: dict[str, tuple[ArraySegment, int]] = {}
        self._committed = False

    def put(self, document: Document) -> None:
        """See `indexer.engine.Batch`."""
        row = build_row(document)
        with writable(self._location):
            writer = self._make_room(document.id)
            writer.add_document(**row)
            self._added[document.id] = writer.newsegment, writer.docnum - 1

    def add_segment(self, packed: object) -> None:
        """See `indexer.engine.Batch`."""
        if not isinstance(packed, Pack):
            raise TypeError(f"{type(packed).__name__} is not what WhooshEngine.segment_builder makes")
        with writable(self._location):
            writer = self._make_room(*packed.ids)
            first = writer.docnum
            writer.take(packed.segment)
            self._added.update((id, (writer.newsegment, first + place)) for place, id in enumerate(packed.ids))

    def _make_room(self, *ids: str) -> Any:
        """A writer for documents of these ids."""
        for id in ids:
            self.delete(id)
        self._changed = True
        writer = self._open_writer()
        if writer.docnum + len(ids) > FULL and writer.docnum:
            writer.commit(mergetype=merge_nothing)
            # The records of the segments go on: more may be deleted in them.
            self._writer = GenerationWriter(GenerationIndex(self._storage, self._base), writer.committed)
        return self._writer

    def delete(self, id: str) -> None:
        """See `indexer.engine.Batch`."""
        added = self._added.pop(id, None)
        if added is not None:
            record, place = added
            record.delete_document(place)
            return
        for number, existing in enumerate(self._existing):
            doc = existing.find(id)
            if doc is not None:
                self._open_writer()
                self._records[number].delete_document(doc)
                self._changed = True

    def describe(self, name: str, value: str) -> None:
        """See `indexer.engine.Batch`."""
        if self._properties.get(name) != value:
            self._properties[name] = value
            self._changed = True

    def _open_writer(self) -> Any:
        if self._writer is None:
            self._disk.make_folder(self._location / SEGMENTS)
            base = replace(self._base, segments=()) if self._fresh else self._base
            self._writer = GenerationWriter(GenerationIndex(self._storage, base))
            self._records = list(self._writer.segments)
        return self._writer

    def commit(self) -> None:
        """Make the changes the current generation, durably; nothing is written where there are none."""
        if self._changed:
            with writable(self._location):
                self._publish()

    def _publish(self) -> None:
        segments = () if self._fresh else self._base.segments
        if self._writer is not None:
            self._writer.commit(mergetype=merge_small)
            segments = tuple(segment.entry for segment in self._writer.committed)
            self._disk.sync_folder(self._location / SEGMENTS)
        number = self._base.number + 1
        manifest = Manifest(
            number, f"{number}-{secrets.token_hex(4)}", segments, self._properties, previous=self._base.files
        )
        self._committed = True  # from here on the files may be listed: an error leaves them to the next commit's sweep
        write_manifest(self._disk, self._location, manifest)
        sweep(self._location, self._disk, manifest)

    def close(self) -> None:
        """Let go of the writer; what was not committed is as if it had never been."""
        if self._committed:
            return
        try:
            if self._writer is not None and not self._writer.is_closed:
                self._writer.cancel()
        finally:
            self._storage.abandon()


def sweep(location: Path, disk: Disk, manifest: Manifest) -> None:
    """Remove segment files that neither this generation nor the one before has."""
    listed = {*manifest.files, *manifest.previous}
    folder = location / SEGMENTS
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if path.suffix in {DOCUMENTS, POSTINGS} and path.name not in listed:
            disk.remove(path)
