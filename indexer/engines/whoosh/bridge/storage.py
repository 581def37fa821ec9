"""A location as Whoosh's writer sees it: one generation to begin with, new files to write, nothing to harm.

Whoosh's own commit deletes the older table of contents and every segment that it does not list. Here it is given the
table that the manifest names, and its storage can neither remove nor rename nor replace a file.
"""

from contextlib import suppress
from typing import Any, BinaryIO, NoReturn

from indexer.disk import Disk, try_to_remove
from indexer.engines.whoosh.bridge.toc import INDEX_NAME, build_toc
from indexer.engines.whoosh.bridge.whoosh_modules import filestore, index
from indexer.engines.whoosh.format.arrays import ArrayWriter, FileChecksum
from indexer.engines.whoosh.format.manifest import SEGMENTS, Manifest


class SegmentStorage(filestore.FileStorage):  # type: ignore[misc]
    """The location of an index, for one writer of Whoosh; `created` are the segment files it wrote."""

    def __init__(self, location: Any, disk: Disk) -> None:
        super().__init__(str(location))
        self.created: list[str] = []
        self._segments = location / SEGMENTS
        self._disk = disk
        self._open: list[BinaryIO] = []

    def create_arrays(self, name: str) -> ArrayWriter:
        """Create a file of arrays."""
        file = self._disk.create(self._segments / name)
        self.created.append(name)
        self._open.append(file)
        return ArrayWriter(file)

    def finish(self, writer: ArrayWriter) -> FileChecksum:
        """Complete the file, durably."""
        checksum = writer.close()
        self._disk.sync(writer.file)
        self._open.remove(writer.file)
        writer.file.close()
        return checksum

    def abandon(self) -> None:
        """Close and remove every file that was created."""
        for file in self._open:
            with suppress(OSError):  # what a full disk did not take is written once more on closing
                file.close()
        for name in self.created:
            try_to_remove(self._disk, self._segments / name)

    def temp_storage(self, name: str | None = None) -> Any:
        """Room for the runs of a sort, which our writer has none of."""
        return filestore.RamStorage()

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise filestore.ReadOnlyError("only a commit changes the files of an index")

    create_file = delete_file = rename_file = clean = destroy = lock = _refuse


class GenerationIndex(index.FileIndex):  # type: ignore[misc]
    """One generation as a Whoosh index, for a writer; its table of contents comes from the manifest."""

    def __init__(self, storage: SegmentStorage, manifest: Manifest) -> None:
        self.storage = storage
        self.indexname = INDEX_NAME
        self._manifest = manifest

    def _read_toc(self) -> Any:
        return build_toc(self._manifest)
