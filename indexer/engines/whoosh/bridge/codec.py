"""Whoosh's segments to files of arrays, and back for Whoosh's own readers.

`codec.base.Codec` is Whoosh's extension point for what a segment looks like on the disk. Ours writes the two files that
`segments` describes, with no pickle in them. The methods are Whoosh's, and documented there.
"""

# ruff: noqa: D102

from array import array
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from indexer.documents import TEXT_FIELD_NAMES
from indexer.engines.whoosh.bridge.posting_pool import Posting, PostingPool
from indexer.engines.whoosh.bridge.readers import DocumentReader, TermsReader
from indexer.engines.whoosh.bridge.whoosh_modules import codec
from indexer.engines.whoosh.format.arrays import Seal
from indexer.engines.whoosh.format.manifest import SegmentEntry
from indexer.engines.whoosh.format.segment_builder import document_arrays
from indexer.engines.whoosh.format.segment_merger import write_documents, write_postings
from indexer.engines.whoosh.format.segments import COLUMNS, DOCUMENTS, POSTINGS, Segment


class ArrayCodec(codec.Codec):  # type: ignore[misc]
    """Segments as files of arrays; works on a `storage.SegmentStorage`."""

    length_stats = False

    def per_document_writer(self, storage: Any, segment: Any) -> "DocumentWriter":
        return DocumentWriter(storage, segment)

    def field_writer(self, storage: Any, segment: Any) -> "PostingsWriter":
        return PostingsWriter(storage, segment)

    def per_document_reader(self, storage: Any, segment: Any) -> DocumentReader:
        return DocumentReader(storage.open_segment(segment.entry), segment)

    def terms_reader(self, storage: Any, segment: Any) -> TermsReader:
        return TermsReader(storage.open_segment(segment.entry))

    def new_segment(self, storage: Any, indexname: str) -> "ArraySegment":
        return ArraySegment(indexname)


class ArraySegment(codec.Segment):  # type: ignore[misc]
    """Whoosh's record of a segment; `entry` is ours."""

    def __init__(self, indexname: str, entry: SegmentEntry | None = None) -> None:
        super().__init__(indexname)
        if entry is not None:
            self.segid = entry.id
        self._count = entry.documents if entry else 0
        self._deleted = set(entry.deleted) if entry else set()
        self.files: dict[str, Seal] = dict(entry.files) if entry else {}

    @property
    def entry(self) -> SegmentEntry:
        """The segment as a manifest lists it."""
        return SegmentEntry(self.segid, self._count, tuple(sorted(self._deleted)), self.files)

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


class DocumentWriter(codec.PerDocumentWriter):  # type: ignore[misc]
    """Writes the columns and lengths: those of documents that Whoosh adds, and those of segments that come whole."""

    def __init__(self, storage: Any, segment: ArraySegment) -> None:
        self._storage = storage
        self._segment = segment
        self._parts: list[Segment] = []
        self._begin()
        self.is_closed = False

    def _begin(self) -> None:
        self._count = 0
        self._columns: dict[str, list[bytes]] = {name: [] for name in COLUMNS}
        self._lengths = {name: array("I") for name in TEXT_FIELD_NAMES}

    def start_doc(self, doc: int) -> None:
        self._count += 1

    def add_field(self, name: str, field: Any, value: object, length: int) -> None:
        if name in self._lengths:
            self._lengths[name].append(length)

    def add_column_value(self, name: str, column: Any, value: bytes) -> None:
        self._columns[name].append(value)

    def finish_doc(self) -> None:
        for lengths in self._lengths.values():
            if len(lengths) < self._count:
                lengths.append(0)

    def take(self, part: Segment) -> None:
        """The living documents of a segment, behind those that were added so far."""
        self._end()
        self._parts.append(part)

    def _end(self) -> None:
        if self._count:
            arrays = document_arrays(self._columns)
            arrays |= {f"{name}.lengths": np.array(lengths, dtype=np.uint32) for name, lengths in self._lengths.items()}
            self._parts.append(Segment(self._count, arrays, {}))
            self._begin()

    def close(self) -> None:
        self.is_closed = True
        self._end()
        if self._parts:
            self._segment.set_doc_count(sum(part.living for part in self._parts))
            name = self._segment.segid + DOCUMENTS
            writer = self._storage.create_arrays(name)
            write_documents(writer, self._parts)
            self._segment.files[name] = self._storage.finish(writer)
            self._parts.clear()


class PostingsWriter(codec.FieldWriter):  # type: ignore[misc]
    """Writes the terms and postings of a segment."""

    def __init__(self, storage: Any, segment: ArraySegment) -> None:
        self._storage = storage
        self._segment = segment
        self.is_closed = False

    def add_postings(self, schema: Any, lengths: object, postings: Iterable[Posting]) -> None:
        pool = postings if isinstance(postings, PostingPool) else PostingPool(postings)
        name = self._segment.segid + POSTINGS
        writer = self._storage.create_arrays(name)
        write_postings(writer, pool.parts(self._segment.doc_count_all()))
        self._segment.files[name] = self._storage.finish(writer)

    def close(self) -> None:
        self.is_closed = True
