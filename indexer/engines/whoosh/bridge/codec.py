"""A Whoosh codec: segments of arrays, to be merged by Whoosh's writer and opened by Whoosh's readers.

`codec.base.Codec` is Whoosh's extension point for what a segment looks like on the disk. Ours reads and writes the two
files that `format.segments` describes, with no pickle in them. It finds them by the folder of the storage alone, so
that Whoosh's own FileStorage will do. The methods are Whoosh's, and documented there.
"""

# ruff: noqa: D102

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from indexer.engines.whoosh.bridge.readers import DocumentReader, TermsReader
from indexer.engines.whoosh.bridge.whoosh_modules import codec
from indexer.engines.whoosh.format.arrays import FileChecksum
from indexer.engines.whoosh.format.manifest import SegmentEntry
from indexer.engines.whoosh.format.segment_merger import write_documents, write_postings
from indexer.engines.whoosh.format.segments import DOCUMENTS, POSTINGS, Segment


class ArrayCodec(codec.Codec):  # type: ignore[misc]
    """Segments as files of arrays; writing needs a `storage.SegmentStorage`."""

    length_stats = False

    def per_document_writer(self, storage: Any, segment: Any) -> "DocumentWriter":
        return DocumentWriter(storage, segment)

    def field_writer(self, storage: Any, segment: Any) -> "PostingsWriter":
        return PostingsWriter(storage, segment)

    def per_document_reader(self, storage: Any, segment: Any) -> DocumentReader:
        return DocumentReader(segment.open(storage), segment)

    def terms_reader(self, storage: Any, segment: Any) -> TermsReader:
        return TermsReader(segment.open(storage))

    def new_segment(self, storage: Any, indexname: str) -> "ArraySegment":
        return ArraySegment(indexname)


class ArraySegment(codec.Segment):  # type: ignore[misc]
    """Whoosh's record of a segment, pickled into its table of contents; `entry` is ours."""

    def __init__(self, indexname: str, entry: SegmentEntry | None = None) -> None:
        super().__init__(indexname)
        if entry is not None:
            self.segid = entry.id
        self._count = entry.documents if entry else 0
        self._deleted = set(entry.deleted) if entry else set()
        self.files: dict[str, FileChecksum] = dict(entry.files) if entry else {}

    @property
    def entry(self) -> SegmentEntry:
        """The segment as a manifest lists it."""
        return SegmentEntry(self.segid, self._count, tuple(sorted(self._deleted)), self.files)

    def open(self, storage: Any) -> Segment:
        """Map the files of the segment, which lie below the storage's folder."""
        return Segment.open(Path(storage.folder), self.entry)

    def codec(self) -> ArrayCodec:
        return ArrayCodec()

    def segment_id(self) -> str:
        return str(self.segid)

    def should_assemble(self) -> bool:
        return False

    def set_doc_count(self, count: int) -> None:
        self._count = count

    def doc_count_all(self) -> int:
        return self._count

    def deleted_count(self) -> int:
        return len(self._deleted)

    def deleted_docs(self) -> Iterator[int]:
        return iter(sorted(self._deleted))

    def delete_document(self, doc: int, delete: bool = True) -> None:
        if delete:
            self._deleted.add(doc)
        else:
            self._deleted.discard(doc)

    def is_deleted(self, doc: int) -> bool:
        return doc in self._deleted


class SegmentPool:
    """Segments whose postings become one segment's, in the place of Whoosh's pool of single postings."""

    def __init__(self) -> None:
        self._parts: list[Segment] = []

    def add_segment(self, part: Segment) -> None:
        """Take the postings of a segment, behind those of all before it."""
        self._parts.append(part)

    def iter_postings(self) -> list[Segment]:
        return self._parts

    def cleanup(self) -> None:
        self._parts.clear()


class DocumentWriter(codec.PerDocumentWriter):  # type: ignore[misc]
    """Writes the columns and norms of a segment from those of other segments."""

    def __init__(self, storage: Any, segment: ArraySegment) -> None:
        self._storage = storage
        self._segment = segment
        self._parts: list[Segment] = []
        self.is_closed = False

    def add_segment(self, part: Segment) -> None:
        """Take the live documents of a segment, behind those of all before it."""
        self._parts.append(part)

    def close(self) -> None:
        self.is_closed = True
        if self._parts:
            self._segment.set_doc_count(sum(part.live_count for part in self._parts))
            name = self._segment.segid + DOCUMENTS
            writer = self._storage.create_arrays(name)
            write_documents(writer, self._parts)
            self._segment.files[name] = self._storage.finish(writer)
            self._parts.clear()


class PostingsWriter(codec.FieldWriter):  # type: ignore[misc]
    """Writes the terms and postings of a segment from those of other segments."""

    def __init__(self, storage: Any, segment: ArraySegment) -> None:
        self._storage = storage
        self._segment = segment
        self.is_closed = False

    def add_postings(self, schema: Any, lengths: object, postings: list[Segment]) -> None:
        name = self._segment.segid + POSTINGS
        writer = self._storage.create_arrays(name)
        write_postings(writer, postings)
        self._segment.files[name] = self._storage.finish(writer)

    def close(self) -> None:
        self.is_closed = True
