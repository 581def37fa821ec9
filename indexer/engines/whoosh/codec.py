"""Whoosh's segments to files of arrays, and back for Whoosh's own readers.

`codec.base.Codec` is Whoosh's extension point for what a segment looks like on the disk. Ours writes the two files that
`segments` describes, with no pickle in them. The methods are Whoosh's, and documented there.
"""

# ruff: noqa: D102

from array import array
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Any

from indexer.documents import TEXT_FIELD_NAMES
from indexer.engines.whoosh.arrays import BYTES, NUMBERS, OFFSETS, ArrayWriter, Seal
from indexer.engines.whoosh.manifest import SegmentEntry
from indexer.engines.whoosh.pool import Posting, PostingPool, TermPostings
from indexer.engines.whoosh.readers import DocumentReader, TermsReader
from indexer.engines.whoosh.segments import COLUMNS, DOCUMENTS, POSTINGS
from indexer.engines.whoosh.stock import codec


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
    """Writes the columns and lengths. Stored documents go to the disk as they come; the rest is small."""

    def __init__(self, storage: Any, segment: ArraySegment) -> None:
        self._storage = storage
        self._segment = segment
        self._writer: ArrayWriter | None = None
        self._offsets = array("q", [0])
        self._columns: dict[str, list[bytes]] = {name: [] for name in COLUMNS[1:]}
        self._lengths = {name: array("I") for name in TEXT_FIELD_NAMES}
        self._count = 0
        self.is_closed = False

    def start_doc(self, doc: int) -> None:
        if self._writer is None:
            self._writer = self._storage.create_arrays(self._segment.segid + DOCUMENTS)
        self._count += 1

    def add_field(self, name: str, field: Any, value: object, length: int) -> None:
        if name in self._lengths:
            self._lengths[name].append(length)

    def add_column_value(self, name: str, column: Any, value: bytes) -> None:
        if name == COLUMNS[0] and self._writer is not None:
            self._writer.append(value)
            self._offsets.append(self._offsets[-1] + len(value))
        else:
            self._columns[name].append(value)

    def finish_doc(self) -> None:
        for lengths in self._lengths.values():
            if len(lengths) < self._count:
                lengths.append(0)

    def close(self) -> None:
        self.is_closed = True
        writer = self._writer
        if writer is None:
            return
        writer.end(f"{COLUMNS[0]}.rows", BYTES)
        writer.add(f"{COLUMNS[0]}.offsets", OFFSETS, self._offsets)
        for name, rows in self._columns.items():
            _add_table(writer, f"{name}.rows", f"{name}.offsets", rows)
        for name, lengths in self._lengths.items():
            writer.add(f"{name}.lengths", NUMBERS, lengths)
        self._segment.files[self._segment.segid + DOCUMENTS] = self._storage.finish(writer)


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
        for field, each in schema.items():
            if each.indexed:
                _add_field(writer, field, pool.terms(field), counted=each.format.supports("positions"))
        self._segment.files[name] = self._storage.finish(writer)

    def close(self) -> None:
        self.is_closed = True


def _add_field(writer: ArrayWriter, field: str, terms: list[tuple[bytes, TermPostings]], *, counted: bool) -> None:
    _add_table(writer, f"{field}.terms", f"{field}.offsets", [term for term, _ in terms])
    starts = accumulate((len(entry.docs) for _, entry in terms), initial=0)
    writer.add(f"{field}.starts", OFFSETS, array("q", starts))
    for _, entry in terms:
        writer.append(entry.docs.tobytes())
    writer.end(f"{field}.docs", NUMBERS)
    if counted:
        for _, entry in terms:
            writer.append(entry.counts.tobytes())
        writer.end(f"{field}.counts", NUMBERS)
        starts = accumulate((len(entry.positions) // 4 for _, entry in terms), initial=0)
        writer.add(f"{field}.position_starts", OFFSETS, array("q", starts))
        for _, entry in terms:
            writer.append(entry.positions)
        writer.end(f"{field}.positions", NUMBERS)


def _add_table(writer: ArrayWriter, rows_name: str, offsets_name: str, rows: list[bytes]) -> None:
    offsets = array("q", [0])
    for row in rows:
        offsets.append(offsets[-1] + len(row))
    writer.append(b"".join(rows))
    writer.end(rows_name, BYTES)
    writer.add(offsets_name, OFFSETS, offsets)
