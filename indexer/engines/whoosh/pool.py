"""Postings as they come to postings in order, in memory: a few bytes each, nothing to sort but the terms.

Whoosh's own pool keeps a tuple for each posting, sorts them all, and pickles them to files where they are many. A writer numbers
its documents upwards, so the postings of a term are in order as they are.
"""

from array import array
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.arrays import NUMBERS, Offsets
from indexer.engines.whoosh.segments import Segment

Posting: TypeAlias = tuple[str, bytes, int, float, bytes]  # field, term, document, weight, value


class TermPostings(NamedTuple):
    """One term of a field: its documents, ascending, how often each has it, and the u4 positions of all."""

    docs: "array[int]"
    counts: "array[int]"
    positions: bytearray


class PostingPool:
    """What a writer collects for one segment; Whoosh calls `add`, `iter_postings` and `cleanup`."""

    def __init__(self, postings: Iterable[Posting] = ()) -> None:
        self._fields: dict[str, dict[bytes, TermPostings]] = {}
        for posting in postings:
            self.add(posting)

    def add(self, posting: Posting) -> None:
        """One posting; its document is no lower than any before it of the same term."""
        field, term, doc, _, value = posting
        entry = self._entry(field, term)
        entry.docs.append(doc)
        if value:
            entry.counts.append(len(value) // 4)
            entry.positions.extend(value)

    def _entry(self, field: str, term: bytes) -> TermPostings:
        terms = self._fields.get(field)
        if terms is None:
            terms = self._fields[field] = {}
        entry = terms.get(term)
        if entry is None:
            entry = terms[term] = TermPostings(array("I"), array("I"), bytearray())
        return entry

    def add_segment(self, segment: Segment, first: int) -> None:
        """All postings of the living documents of a segment, which are numbered from `first` on; array by array."""
        living = np.ones(segment.count, dtype=bool) if segment.live is None else segment.live
        renumbered = (np.cumsum(living) - 1 + first).astype(NUMBERS)
        for field in segment.field_names:
            postings = segment.field(field)
            kept = living[postings.docs]
            docs = renumbered[postings.docs[kept]].tobytes()
            starts = _starts(kept, postings.starts)
            counts = positions = b""
            position_starts = [0] * len(starts)
            if postings.has_positions:
                counts = postings.counts[kept].tobytes()
                kept_positions = np.repeat(kept, postings.counts)
                positions = postings.positions[kept_positions].tobytes()
                position_starts = _starts(kept_positions, postings.position_starts)
            for row, term in enumerate(postings.lexicon):
                start, end = starts[row], starts[row + 1]
                if start < end:
                    entry = self._entry(field, term)
                    entry.docs.frombytes(docs[start:end])
                    entry.counts.frombytes(counts[start:end])
                    entry.positions.extend(positions[position_starts[row] : position_starts[row + 1]])

    def terms(self, field: str) -> list[tuple[bytes, TermPostings]]:
        """The terms of a field in ascending order."""
        return sorted(self._fields.get(field, {}).items())

    def iter_postings(self) -> "PostingPool":
        """The pool itself, which `codec.PostingsWriter` takes."""
        return self

    def __iter__(self) -> Iterator[Posting]:
        for field in sorted(self._fields):
            for term, (docs, counts, positions) in self.terms(field):
                start = 0
                for doc, count in zip(docs, counts or array("I", bytes(4 * len(docs))), strict=True):
                    yield field, term, doc, float(count or 1), bytes(positions[start : start + 4 * count])
                    start += 4 * count

    def cleanup(self) -> None:
        """Forget everything."""
        self._fields.clear()


def _starts(kept: NDArray[np.bool_], starts: Offsets) -> list[int]:
    """Where each run of four-byte elements begins when only the kept elements remain, in bytes."""
    before = np.concatenate(([0], np.cumsum(kept)))
    offsets: list[int] = (4 * before[starts]).tolist()
    return offsets
