"""Whoosh's writer, to which documents come as built segments, and the policies by which it merges segments."""

from typing import Any, Final

from indexer.engines.whoosh.bridge.codec import ArrayCodec, ArraySegment, SegmentPool
from indexer.engines.whoosh.bridge.storage import GenerationIndex
from indexer.engines.whoosh.bridge.whoosh_modules import writing
from indexer.engines.whoosh.format.segments import MAX_SEGMENT_DOCS, Segment

ALWAYS_MERGED_DOCS: Final = 64  # segments of no more are merged whenever something is written
MAX_DELETED_SHARE: Final = 0.3  # of the documents of a segment; one with more deletes is merged at once


class GenerationWriter(writing.SegmentWriter):  # type: ignore[misc]
    """Whoosh's writer; `committed` are the segments of the new generation, once it has committed."""

    def __init__(self, index: GenerationIndex, segments: list[ArraySegment] | None = None) -> None:
        super().__init__(index, codec=ArrayCodec(), compound=False, _lk=False)
        if segments is not None:
            self.segments = segments
        self.pool = SegmentPool()
        self.committed: list[ArraySegment] = []

    def add_segment(self, part: Segment) -> None:
        """Add the live documents of a segment, array by array."""
        documents, postings = part.split()
        self.perdocwriter.add_segment(documents)
        self.pool.add_segment(postings)
        self.docnum += part.live_count
        self._added = True

    def add_reader(self, reader: Any) -> None:
        """Merge a segment, as Whoosh's own merge policies ask."""
        self.add_segment(reader.segment().open(self.storage))

    def cancel(self) -> None:
        """Release everything and write no more."""
        self.perdocwriter.is_closed = self.fieldwriter.is_closed = True
        super().cancel()

    def _commit_toc(self, segments: list[ArraySegment]) -> None:
        self.committed = [segment for segment in segments if segment.doc_count()]


def merge_small(writer: GenerationWriter, segments: list[ArraySegment]) -> list[ArraySegment]:
    """Merge segments that are no larger than the new one, or small, or mostly deleted; return the segments that stay.

    Sizes at least double from one segment to the next until they are MAX_SEGMENT_DOCS, so there are about
    log2(MAX_SEGMENT_DOCS / ALWAYS_MERGED_DOCS) besides the full ones, and a document is rewritten about as often,
    however many commits there are.
    """
    remaining: list[ArraySegment] = []
    size = writer.docnum
    for segment in sorted(segments, key=lambda each: (each.doc_count(), each.segid)):
        live = segment.doc_count()
        if not live:
            continue
        wasted = segment.deleted_count() > MAX_DELETED_SHARE * segment.doc_count_all()
        if (wasted or (size and live <= max(size, ALWAYS_MERGED_DOCS))) and size + live <= MAX_SEGMENT_DOCS:
            writer.add_segment(segment.open(writer.storage))
            size += live
        else:
            remaining.append(segment)
    return remaining


def merge_nothing(writer: GenerationWriter, segments: list[ArraySegment]) -> list[ArraySegment]:
    """Merge no segments."""
    return segments
