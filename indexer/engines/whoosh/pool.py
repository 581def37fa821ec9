"""Postings one by one, as Whoosh adds them, to segments in memory; and segments that come whole, behind one another.

Whoosh's own pool keeps a tuple for each posting, sorts them all, and pickles them to files where they are many. A writer numbers
its documents upwards, so the postings of a term are in order as they are.
"""

from array import array
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeAlias

import numpy as np

from indexer.documents import TEXT_FIELD_NAMES
from indexer.engines.whoosh.packing import FieldTokens, text_arrays, value_arrays
from indexer.engines.whoosh.segments import VALUE_FIELDS, Segment, to_text

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
        self._first = 0  # the number of the first document of what is being collected
        self._parts: list[Segment] = []
        for posting in postings:
            self.add(posting)

    def add(self, posting: Posting) -> None:
        """One posting; its document is no lower than any before it of the same term."""
        field, term, doc, _, value = posting
        entry = self._fields.setdefault(field, {}).get(term)
        if entry is None:
            entry = self._fields[field][term] = TermPostings(array("I"), array("I"), bytearray())
        entry.docs.append(doc)
        if value:
            entry.counts.append(len(value) // 4)
            entry.positions.extend(value)

    def take(self, part: Segment, first: int) -> None:
        """The living documents of a segment, which are numbered from `first` on."""
        self._end(first)
        self._parts.append(part)
        self._first = first + part.living

    def parts(self, end: int) -> list[Segment]:
        """Everything so far, as segments; documents are numbered to `end`, exclusive."""
        self._end(end)
        return self._parts

    def _end(self, end: int) -> None:
        count = end - self._first
        if not count:
            return
        terms: list[str] = []
        arrays = text_arrays([self._tokens(name, terms) for name in TEXT_FIELD_NAMES], terms)
        for name in VALUE_FIELDS:
            rows: list[list[str]] = [[] for _ in range(count)]
            for term, entry in self._fields.get(name, {}).items():
                for doc in entry.docs:
                    rows[doc - self._first].append(to_text(term))
            arrays |= value_arrays(name, rows)
        self._parts.append(Segment(count, {}, arrays))
        self._fields.clear()
        self._first = end

    def _tokens(self, name: str, terms: list[str]) -> FieldTokens:
        """The tokens of a field; its terms are appended to those known, once more where another field has them."""
        lengths: list[int] = []
        docs, counts, positions = array("I"), array("I"), bytearray()
        first = len(terms)
        for term, entry in self._fields.get(name, {}).items():
            terms.append(to_text(term))
            lengths.append(sum(entry.counts))
            docs += entry.docs
            counts += entry.counts
            positions += entry.positions
        return FieldTokens(
            name,
            np.repeat(np.arange(first, len(terms)), np.array(lengths, dtype=np.int64)),
            np.repeat(np.array(docs, dtype=np.int64) - self._first, np.array(counts, dtype=np.int64)),
            np.frombuffer(positions, dtype="<u4").astype(np.int64),
        )

    def iter_postings(self) -> "PostingPool":
        """The pool itself, which `codec.PostingsWriter` takes."""
        return self

    def __iter__(self) -> Iterator[Posting]:
        for field in sorted(self._fields):
            for term, (docs, counts, positions) in sorted(self._fields[field].items()):
                start = 0
                for doc, count in zip(docs, counts or array("I", bytes(4 * len(docs))), strict=True):
                    yield field, term, doc, float(count or 1), bytes(positions[start : start + 4 * count])
                    start += 4 * count

    def cleanup(self) -> None:
        """Forget everything."""
        self._fields.clear()
        self._parts.clear()
