"""The segments of one generation as one sequence of documents.

Documents are numbered through all segments. Everything that is given out is about living documents only, and nothing ever changes, so any
number of threads may read at once; what is worked out on demand is kept, and working it out twice does no harm.
"""

import math
from collections.abc import Iterator, Mapping
from functools import cached_property
from heapq import merge
from itertools import groupby
from pathlib import Path
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.documents import KEYWORD_FIELD_NAMES, TEXT_FIELD_NAMES
from indexer.engines.whoosh.manifest import Manifest
from indexer.engines.whoosh.segments import Segment, to_text

Ids: TypeAlias = NDArray[np.int64]
Scores: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]
SortKey: TypeAlias = Literal["id", "title_key", "code_key"]

POSITION_BITS: Final = 32
_MAX_CACHED: Final = 20_000

NO_IDS: Final[Ids] = np.zeros(0, dtype=np.int64)


class Values:
    """A keyword field the other way round: the values of each document, as numbers into `values` (ascending)."""

    def __init__(self, values: list[str], docs: Ids, numbers: Ids, size: int) -> None:
        order = np.lexsort((numbers, docs))
        self.values = values
        self.numbers = numbers[order]
        self.docs = docs[order]
        self.starts = np.searchsorted(self.docs, np.arange(size + 1))

    def count(self, chosen: Mask) -> tuple[tuple[str, int], ...]:
        """How many of the chosen documents ([size], bool) have each value; none zero."""
        return self._counted(self.numbers[chosen[self.docs]])

    def count_few(self, docs: Ids) -> tuple[tuple[str, int], ...]:
        """The same for a short list of documents."""
        parts = [self.numbers[self.starts[doc] : self.starts[doc + 1]] for doc in docs.tolist()]
        return self._counted(np.concatenate(parts)) if parts else ()

    def _counted(self, numbers: Ids) -> tuple[tuple[str, int], ...]:
        counts = np.bincount(numbers, minlength=len(self.values))
        return tuple((self.values[number], int(counts[number])) for number in np.flatnonzero(counts).tolist())


class Snapshot:
    """One generation, opened; its files are freed when the last reference to it goes."""

    def __init__(self, location: Path, manifest: Manifest) -> None:
        """Map the files. Raises ValueError or OSError where they are not what they were."""
        self.generation = manifest.name
        self.segments = tuple(Segment(location, entry) for entry in manifest.segments)
        self.bases = tuple(int(n) for n in np.cumsum([0, *(segment.count for segment in self.segments)]))
        self.size = self.bases[-1]
        self.document_count = sum(entry.documents - len(entry.deleted) for entry in manifest.segments)
        self._frequencies: dict[tuple[str | None, bytes], int] = {}
        self._values: dict[str, Values] = {}
        self._lengths: dict[tuple[str, ...], tuple[Scores, float]] = {}
        self._idf_sums: dict[str, Scores] = {}
        self._orders: dict[SortKey, Ids] = {}

    @cached_property
    def live(self) -> Mask:
        """Which documents are not deleted, [size]."""
        parts = [
            segment.live if segment.live is not None else np.ones(segment.count, dtype=bool)
            for segment in self.segments
        ]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=bool)

    @cached_property
    def live_ids(self) -> Ids:
        """The documents that are not deleted, ascending."""
        return np.flatnonzero(self.live)

    def docs(self, field: str, term: bytes) -> Ids:
        """Documents that have the term in the field, ascending."""
        return self.postings(field, term, counted=False)[0]

    def postings(self, field: str, term: bytes, *, counted: bool = True) -> tuple[Ids, Ids]:
        """Documents that have the term in the field, ascending, and how often; without `counted` the second is empty."""
        parts, counts = [], []
        for segment, base in zip(self.segments, self.bases, strict=False):
            postings = segment.field(field)
            row = postings.lexicon.find(term)
            if row is None:
                continue
            docs = postings.docs_of(row)
            keep = slice(None) if segment.live is None else segment.live[docs]
            parts.append(docs[keep].astype(np.int64) + base)
            if counted:
                counts.append(postings.counts_of(row)[keep].astype(np.int64))
        return _joined(parts), _joined(counts)

    def keys(self, field: str, term: bytes) -> Ids:
        """Every place of the term in the field as  document << POSITION_BITS | position, ascending."""
        parts = []
        for segment, base in zip(self.segments, self.bases, strict=False):
            postings = segment.field(field)
            row = postings.lexicon.find(term)
            if row is None:
                continue
            counts, positions = postings.counts_of(row), postings.positions_of(row)
            if counts.sum(dtype=np.int64) != len(positions):
                raise ValueError(f"the positions of a term are not as many as its counts say in “{field}”")
            docs = np.repeat(postings.docs_of(row), counts)
            keep = slice(None) if segment.live is None else segment.live[docs]
            places = positions[keep].astype(np.int64)
            parts.append((docs[keep].astype(np.int64) + base << POSITION_BITS) | places)
        return _joined(parts)

    def frequency(self, field: str | None, term: bytes) -> int:
        """Documents that have the term in the field; None: in any text field."""
        key = (field, term)
        known = self._frequencies.get(key)
        if known is None:
            if field is None:
                known = len(np.unique(np.concatenate([self.docs(name, term) for name in TEXT_FIELD_NAMES])))
            elif field in TEXT_FIELD_NAMES or field in KEYWORD_FIELD_NAMES:
                known = len(self.docs(field, term))
            else:
                known = 0
            if len(self._frequencies) >= _MAX_CACHED:
                self._frequencies.clear()
            self._frequencies[key] = known
        return known

    def terms(self, field: str, prefix: bytes = b"") -> Iterator[tuple[bytes, int]]:
        """Terms of the field that begin with the prefix, ascending, with the number of documents that have them."""
        counted = merge(*(_counted_terms(segment, field, prefix) for segment in self.segments))
        for term, group in groupby(counted, key=lambda pair: pair[0]):
            count = sum(each for _, each in group)
            if count:
                yield term, count

    def idf(self, with_leaf: int) -> float:
        """The idf of something that so many documents have; see `Ranking`."""
        return math.log(1 + (self.document_count - with_leaf + 0.5) / (with_leaf + 0.5))

    def lengths(self, fields: tuple[str, ...]) -> tuple[Scores, float]:
        """Tokens of each document in the fields, [size], and their mean over the living documents."""
        known = self._lengths.get(fields)
        if known is None:
            lengths = np.zeros(self.size)
            for field in fields:
                parts = [segment.lengths(field) for segment in self.segments]
                lengths += np.concatenate(parts) if parts else 0.0
            total = int(lengths[self.live].sum())
            known = self._lengths[fields] = (lengths, total / self.document_count if self.document_count else 0.0)
        return known

    def idf_sums(self, field: str) -> Scores:
        """The idf of the different terms of each document's field, added up in ascending order of the terms, [size]."""
        known = self._idf_sums.get(field)
        if known is None:
            known = self._idf_sums[field] = self._gather_idf_sums(field)
        return known

    def _gather_idf_sums(self, field: str) -> Scores:
        counted = dict(self.terms(field))
        idf_of = {count: self.idf(count) for count in set(counted.values())}
        parts: list[Scores] = [np.zeros(0)]
        for segment in self.segments:
            postings = segment.field(field)
            # A term that only deleted documents have counts for none.
            idf = np.fromiter((idf_of.get(counted.get(term, 0), 0.0) for term in postings.lexicon), dtype=np.float64)
            each = np.repeat(idf, np.diff(postings.starts))
            # bincount adds in the order of the postings, which is that of the terms.
            parts.append(np.bincount(postings.docs, weights=each, minlength=segment.count).astype(np.float64))
        return np.concatenate(parts)

    def values(self, field: str) -> Values:
        """The values of each document in a keyword field."""
        known = self._values.get(field)
        if known is None:
            known = self._values[field] = self._gather_values(field)
        return known

    def _gather_values(self, field: str) -> Values:
        terms = sorted({term for segment in self.segments for term in segment.field(field).lexicon})
        number_of = {term: number for number, term in enumerate(terms)}
        docs, numbers = [], []
        for segment, base in zip(self.segments, self.bases, strict=False):
            postings = segment.field(field)
            own = np.fromiter((number_of[term] for term in postings.lexicon), dtype=np.int64)
            docs.append(postings.docs.astype(np.int64) + base)
            numbers.append(np.repeat(own, np.diff(postings.starts)))
        return Values([to_text(term) for term in terms], _joined(docs), _joined(numbers), self.size)

    def order(self, key: SortKey) -> Ids:
        """The place of each document, [size], in the order of a column, then of the id."""
        known = self._orders.get(key)
        if known is None:
            ids = self.column("id")
            rows = ids if key == "id" else list(zip(self.column(key), ids, strict=True))
            known = np.empty(self.size, dtype=np.int64)
            known[sorted(range(self.size), key=rows.__getitem__)] = np.arange(self.size)
            self._orders[key] = known
        return known

    def column(self, name: str) -> list[bytes]:
        """The column of every document, deleted ones too."""
        return [row for segment in self.segments for row in segment.column(name)]

    def stored(self, doc: int) -> bytes:
        """The stored form of a document."""
        number = int(np.searchsorted(self.bases, doc, side="right")) - 1
        return self.segments[number].column("document")[doc - self.bases[number]]

    def find(self, id: str) -> int | None:
        """The number of the document of that id."""
        for segment, base in zip(self.segments, self.bases, strict=False):
            doc = segment.find(id)
            if doc is not None:
                return base + doc
        return None

    def mapping(self, name: str) -> Mapping[str, str]:
        """Document id to what it has in a column."""
        rows = zip(self.column("id"), self.column(name), self.live.tolist(), strict=True)
        return {to_text(id): to_text(row) for id, row, alive in rows if alive}


def _counted_terms(segment: Segment, field: str, prefix: bytes) -> Iterator[tuple[bytes, int]]:
    postings = segment.field(field)
    for row in postings.lexicon.beginning_with(prefix):
        docs = postings.docs_of(row)
        count = len(docs) if segment.live is None else int(np.count_nonzero(segment.live[docs]))
        yield postings.lexicon[row], count


def _joined(parts: list[Ids]) -> Ids:
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else NO_IDS
