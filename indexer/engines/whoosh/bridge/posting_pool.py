"""Postings one by one, as Whoosh adds them, to segments in memory; and segments that come whole, behind one another.

Whoosh's own pool keeps a tuple for each posting, sorts them all, and pickles them to files where they are many. A writer numbers
its documents upwards, so the postings of a term are in order as they are.
"""

from array import array
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeAlias

import numpy as np

from indexer.engines.whoosh.format.segment_builder import Tokens, text_arrays, value_arrays
from indexer.engines.whoosh.format.segments import FIELD_NUMBERS, VALUE_FIELDS, Segment, to_text

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
        tokens, terms = self._tokens()
        arrays = text_arrays(tokens, terms)
        for name in VALUE_FIELDS:
            rows: list[list[str]] = [[] for _ in range(count)]
            for term, entry in self._fields.get(name, {}).items():
                for doc in entry.docs:
                    rows[doc - self._first].append(to_text(term))
            arrays |= value_arrays(name, rows)
        self._parts.append(Segment(count, {}, arrays))
        self._fields.clear()
        self._first = end

    def _tokens(self) -> tuple[Tokens, list[str]]:
        """The tokens, and the terms that their numbers mean, once for each field that has them."""
        terms: list[str] = []
        of_fields, lengths = array("q"), array("q")
        docs, counts, positions = array("I"), array("I"), bytearray()
        for name, number in FIELD_NUMBERS.items():
            for term, entry in self._fields.get(name, {}).items():
                terms.append(to_text(term))
                of_fields.append(number)
                lengths.append(sum(entry.counts))
                docs += entry.docs
                counts += entry.counts
                positions += entry.positions
        numbers = np.repeat(np.arange(len(terms)), lengths)
        all_docs = np.repeat(np.array(docs, dtype=np.int64) - self._first, counts)
        tokens = Tokens(
            numbers, all_docs, np.array(of_fields)[numbers], np.frombuffer(positions, "<u4").astype(np.int64)
        )
        # Fields came one after the other, but those of a document belong together.
        order = np.argsort(tokens.docs, kind="stable")
        return Tokens(*(each[order] for each in tokens)), terms

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
