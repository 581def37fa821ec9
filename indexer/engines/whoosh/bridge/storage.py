"""A folder of generations as Whoosh sees it: one generation to read, new files to write, nothing to harm.

Whoosh's own commit deletes the older table of contents and every segment that it does not list, and opens whatever has the
highest number; its table of contents is a pickle. Here it is given the table that the manifest names, and its storage
can neither remove nor rename nor replace a file.
"""

import shutil
from typing import Any, NoReturn

from indexer.engines.whoosh.bridge.codec import ArraySegment
from indexer.engines.whoosh.bridge.schema import build_schema
from indexer.engines.whoosh.bridge.whoosh_modules import filestore, index
from indexer.engines.whoosh.format.arrays import ArrayWriter, Seal
from indexer.engines.whoosh.format.disk import Disk
from indexer.engines.whoosh.format.manifest import SEGMENTS, Manifest, SegmentEntry
from indexer.engines.whoosh.format.segments import Segment

NAME = "condition"


class SegmentStorage(filestore.FileStorage):  # type: ignore[misc]
    """The segments folder of a location, for one writer or reader of Whoosh; `created` are the files it wrote."""

    def __init__(self, location: Any, disk: Disk) -> None:
        super().__init__(str(location / SEGMENTS))
        self.location = location
        self.created: list[str] = []
        self._disk = disk
        self._open: list[ArrayWriter] = []

    def create_arrays(self, name: str) -> ArrayWriter:
        """A new file of arrays."""
        writer = ArrayWriter(self._disk.create(self.location / SEGMENTS / name))
        self.created.append(name)
        self._open.append(writer)
        return writer

    def finish(self, writer: ArrayWriter) -> Seal:
        """Complete the file and put it on the disk."""
        seal = writer.close()
        self._disk.sync(writer.file)
        writer.file.close()
        self._open.remove(writer)
        return seal

    def abandon(self) -> None:
        """Close and remove every file that was created."""
        for writer in self._open:
            writer.file.close()
        for name in self.created:
            self._disk.remove(self.location / SEGMENTS / name)

    def open_segment(self, entry: SegmentEntry) -> Segment:
        """The arrays of a segment."""
        return Segment.open(self.location, entry)

    def temp_storage(self, name: str | None = None) -> Any:
        """Room for the runs of a sort; what an earlier writer left there is removed."""
        scratch = self.location / "scratch"
        shutil.rmtree(scratch, ignore_errors=True)
        return filestore.FileStorage(str(scratch)).create()

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise filestore.ReadOnlyError("only a commit changes the files of an index")

    create_file = delete_file = rename_file = clean = destroy = lock = _refuse


class GenerationIndex(index.FileIndex):  # type: ignore[misc]
    """One generation as a Whoosh index; its table of contents comes from the manifest."""

    def __init__(self, storage: SegmentStorage, manifest: Manifest) -> None:
        self.storage = storage
        self.indexname = NAME
        self._schema = build_schema()
        self._manifest = manifest

    def latest_generation(self) -> int:
        """The number of the generation."""
        return self._manifest.number

    def _read_toc(self) -> Any:
        segments = [ArraySegment(NAME, entry) for entry in self._manifest.segments]
        return index.TOC(self._schema, segments, self._manifest.number)
