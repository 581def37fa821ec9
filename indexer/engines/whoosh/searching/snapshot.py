"""The segments of one generation as one sequence of documents.

Documents are numbered through all segments. Everything that is given out is about living documents only, and nothing ever changes, so any
number of threads may read at once; what is worked out on demand is kept, and working it out twice does no harm.
"""

import math
from bisect import bisect_right
from collections.abc import Hashable, Iterator, Mapping
from functools import cached_property
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.caching import BoundedCache, memoize
from indexer.documents import KEYWORD_FIELD_NAMES, LENGTH_FIELDS, Document
from indexer.engines.stored import decode_document
from indexer.engines.whoosh.format.arrays import Numbers, begin_anew, ranges
from indexer.engines.whoosh.format.manifest import Manifest
from indexer.engines.whoosh.format.segments import (
    FIELD_BITS,
    FIELD_COUNT,
    FIELD_NUMBERS,
    SEPARATOR,
    Segment,
    counts_of,
    fields_of,
    run_lengths,
    to_bytes,
    to_text,
)
from indexer.engines.whoosh.searching.doc_values import Values, number_values
from indexer.engines.whoosh.searching.docsets import NO_IDS, Found, Ids, Mask, Scores
from indexer.engines.whoosh.searching.positions import POSITION_BITS

SortKey: TypeAlias = Literal["id", "title_key", "code_key"]

LEAVES: Final = 220  # frequent words of which is kept what they found: f4 for each document
LEAST_LEAVES, MOST_LEAVES = 16 << 20, 256 << 20  # bytes
KEY: Final = 8192  # bytes of a query, about
DOCUMENTS: Final = 8 << 20  # bytes of stored documents that are kept as objects, which are two to three times as large
_FEW_IDS: Final = 64  # are put in order by themselves; the order of all takes 50 ms of a process that begins
_MAX_FACTORS: Final = 4  # rankings; a server has one


class Snapshot:
    """One generation, opened; its files are freed when the last reference to it goes."""

    def __init__(self, location: Path, manifest: Manifest) -> None:
        """Map the files. Raises ValueError or OSError where they are not what they were."""
        self.generation = manifest.name
        self.segments = tuple(Segment.open(location, entry) for entry in manifest.segments)
        self.bases = tuple(int(n) for n in np.cumsum([0, *(segment.count for segment in self.segments)]))
        self.size = self.bases[-1]
        self.document_count = sum(entry.documents - len(entry.deleted) for entry in manifest.segments)
        # What leaves found, for the next query that has them. Their keys are queries, which take more than a rare word's arrays.
        most = min(max(4 * LEAVES * self.size, LEAST_LEAVES), MOST_LEAVES)
        self.leaves = BoundedCache[Found](most, lambda found: found.nbytes + KEY)
        self._documents = BoundedCache[tuple[Document, int]](DOCUMENTS, itemgetter(1))
        self._rows: dict[bytes, tuple[int | None, ...]] = {}
        self._words: dict[bytes, list[bytes]] = {}
        self._frequencies: dict[tuple[str | None, bytes], int] = {}
        self._values: dict[str, Values] = {}
        self._lengths: dict[tuple[str, ...], tuple[Scores, float]] = {}
        self._factors: dict[Hashable, NDArray[np.float32]] = {}
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

    def docs(self, field: str, value: bytes) -> Ids:
        """Documents that have the value in the keyword field, ascending."""
        parts: list[Ids] = []
        for segment, base in zip(self.segments, self.bases, strict=False):
            postings = segment.values(field)
            row = postings.lexicon.find(value)
            if row is not None:
                docs = postings.docs_of(row)
                living = docs if segment.live is None else docs[segment.live[docs]]
                parts.append(living.astype(np.int64) + base)
        return _joined(parts)

    def postings(self, term: bytes, field: str | None = None) -> tuple[Ids, Ids]:
        """The slots (see `positions`) where the term stands in the text field, or in any, ascending, and how often."""
        parts = [
            _summed(*_occurrences(segment, *segment.text.of(row), base, field))
            for segment, base, row in self._rows_of(term)
        ]
        return _joined([slots for slots, _ in parts]), _joined([counts for _, counts in parts])

    def prefixed(self, prefix: bytes, field: str | None = None) -> tuple[Ids, Ids]:
        """The same of all terms one of whose words begins with the prefix, together."""
        separator = to_bytes(SEPARATOR)
        words = (pair for segment in self.segments for pair in _counted_terms(segment, "word", prefix))
        terms = {word.partition(separator)[2] for word, count in words if count}
        parts = []
        for segment, base in zip(self.segments, self.bases, strict=False):
            text = segment.text
            # Most terms begin as their words do, and stand side by side.
            rows = [row for row in text.lexicon.beginning_with(prefix) if text.lexicon[row] in terms]
            others = (text.lexicon.find(term) for term in terms if not term.startswith(prefix))
            numbers = np.array([*rows, *(row for row in others if row is not None)], dtype=np.int64)
            starts = text.starts[numbers].astype(np.int64)
            found = ranges(starts, text.starts[numbers + 1].astype(np.int64) - starts)
            slots, counts = _occurrences(segment, text.docs[found], text.occurrences[found], base, field)
            order = np.argsort(slots, kind="stable")
            parts.append(_summed(slots[order], counts[order]))
        return _joined([slots for slots, _ in parts]), _joined([counts for _, counts in parts])

    def keys(self, term: bytes, field: str | None = None, within: Ids | None = None) -> Ids:
        """Every place of the term in the text field, or in any, as a key (see `positions`), ascending.

        `within`, ascending, leaves out the places in other documents.
        """
        parts = []
        for segment, base, row in self._rows_of(term):
            docs, occurrences = segment.text.of(row)
            positions = segment.text.positions_of(row)
            counts = counts_of(occurrences)
            ends = counts.cumsum(dtype=np.int32)
            if ends[-1] != len(positions):
                raise ValueError("the positions of a term are not as many as its counts say")
            kept = None
            if within is not None:
                first, last = np.searchsorted(within, (base, base + segment.count)).tolist()
                kept = _places_of(within[first:last] - base, docs)
                docs, occurrences = docs[kept], occurrences[kept]
            rest = _kept(segment, docs, occurrences, field)
            if rest is not None:
                kept = rest if kept is None else kept[rest]
                docs, occurrences = docs[rest], occurrences[rest]
            if kept is not None:
                counts = counts[kept]
                lengths = counts.astype(np.int64)
                positions = positions[ranges(ends[kept] - lengths, lengths)]
            slots = np.repeat(_slots(docs, occurrences, base) << POSITION_BITS, counts)
            parts.append(np.bitwise_or(slots, positions))
        return _joined(parts)

    def _rows_of(self, term: bytes) -> Iterator[tuple[Segment, int, int]]:
        """The segments that have the term in a text field, with the number of their first document and that of the term."""
        for segment, base, row in zip(self.segments, self.bases, self._text_rows(term), strict=False):
            if row is not None:
                yield segment, base, row

    def _text_rows(self, term: bytes) -> tuple[int | None, ...]:
        return memoize(self._rows, term, lambda: tuple(segment.text.lexicon.find(term) for segment in self.segments))

    def term_of(self, word: bytes) -> bytes | None:
        """The term of an unstemmed word."""
        return next(filter(None, (segment.term_of(word) for segment in self.segments)), None)

    def words_of(self, term: bytes) -> list[bytes]:
        """The unstemmed words of the term, ascending."""
        return memoize(
            self._words, term, lambda: sorted({word for segment in self.segments for word in segment.words_of(term)})
        )

    def frequency(self, field: str | None, term: bytes) -> int:
        """Documents that have the term in the field; None: in any text field."""
        return memoize(self._frequencies, (field, term), lambda: self._counted(field, term))

    def _counted(self, field: str | None, term: bytes) -> int:
        if field in KEYWORD_FIELD_NAMES:
            return len(self.docs(field, term))
        if field is None:
            return sum(_in_any_field(segment, row) for segment, _, row in self._rows_of(term))
        return len(self.postings(term, field)[0]) if field in FIELD_NUMBERS else 0

    def terms(self, field: str, prefix: bytes = b"") -> Iterator[tuple[bytes, int]]:
        """Values of the field that begin with the prefix, ascending, with the number of documents that have them."""
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

    def factors(self, weights: tuple[tuple[str, float], ...], b: tuple[tuple[str, float], ...]) -> NDArray[np.float32]:
        """What one occurrence in each slot adds to a term frequency (see `Ranking`), [size << FIELD_BITS]."""
        known = self._factors.get((weights, b))
        if known is None:
            # Narrow, since it is looked up in at random for every posting; what is rounded, all documents alike have rounded.
            known = np.zeros((self.size, FIELD_COUNT), dtype=np.float32)
            of_fields = dict(b)
            for field, weight in weights:
                if field in FIELD_NUMBERS:
                    (lengths, mean), own = self.lengths(LENGTH_FIELDS[field]), of_fields.get(field, 0.0)
                    norm = 1 - own + own * lengths / (mean or 1.0)
                    known[:, FIELD_NUMBERS[field]] = weight / np.where(norm > 0, norm, np.inf)
            if len(self._factors) >= _MAX_FACTORS:
                self._factors.clear()
            known = self._factors[weights, b] = known.ravel()
        return known

    def idf_sums(self, field: str) -> Scores:
        """The idf of the different terms of each document's field, added up in ascending order of the terms, [size]."""
        known = self._idf_sums.get(field)
        if known is None:
            known = self._idf_sums[field] = self._gather_idf_sums(field)
        return known

    def _gather_idf_sums(self, field: str) -> Scores:
        number = FIELD_NUMBERS[field]
        postings = []
        totals: dict[bytes, int] = {}
        for segment in self.segments:
            text = segment.text
            own = np.flatnonzero(fields_of(text.occurrences) == number)
            docs = text.docs[own].astype(np.int64)
            rows = np.repeat(np.arange(len(text.lexicon)), run_lengths(np.searchsorted(own, text.starts)))
            if segment.live is not None:
                rows, docs = rows[segment.live[docs]], docs[segment.live[docs]]
            anew = begin_anew(rows << 32 | docs)
            rows, docs = rows[anew], docs[anew]
            counts = np.bincount(rows, minlength=len(text.lexicon))
            terms = [(row, text.lexicon[row]) for row in np.flatnonzero(counts).tolist()]
            for row, term in terms:
                totals[term] = totals.get(term, 0) + int(counts[row])
            postings.append((rows, docs, terms))
        parts: list[Scores] = [np.zeros(0)]
        for segment, (rows, docs, terms) in zip(self.segments, postings, strict=True):
            idf = np.zeros(len(segment.text.lexicon))
            for row, term in terms:
                idf[row] = self.idf(totals[term])
            # bincount adds in the order of the postings, which is that of the terms.
            parts.append(np.bincount(docs, weights=idf[rows], minlength=segment.count).astype(np.float64))
        return np.concatenate(parts)

    def values(self, field: str) -> Values:
        """The values of each document in a keyword field that has few."""
        known = self._values.get(field)
        if known is None:
            known = self._values[field] = Values(self.segments, field)
        return known

    @cached_property
    def conditions(self) -> Ids:
        """The number of each document's condition, [size]."""
        return number_values(self.segments, "condition")

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

    def id_order(self, docs: Ids) -> Ids:
        """The places of some documents in the order of their ids."""
        if "id" in self._orders or len(docs) > _FEW_IDS:
            return self.order("id")[docs]
        ids = [self._cell("id", doc) for doc in docs.tolist()]
        places = np.empty(len(docs), dtype=np.int64)
        places[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids))
        return places

    def column(self, name: str) -> list[bytes]:
        """The column of every document, deleted ones too."""
        return [row for segment in self.segments for row in segment.column(name)]

    def stored(self, doc: int) -> bytes:
        """The stored form of a document."""
        segment, own = self._whose(doc)
        return segment.stored(own)

    def _cell(self, column: str, doc: int) -> bytes:
        segment, own = self._whose(doc)
        return segment.column(column)[own]

    def _whose(self, doc: int) -> tuple[Segment, int]:
        number = bisect_right(self.bases, doc) - 1
        return self.segments[number], doc - self.bases[number]

    def document(self, doc: int) -> Document:
        """A document."""
        return self._documents.get_or_compute(doc, lambda: self._decoded(doc))[0]

    def _decoded(self, doc: int) -> tuple[Document, int]:
        stored = self.stored(doc)
        return decode_document(stored), len(stored)

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
    postings = segment.values(field)
    rows = postings.lexicon.beginning_with(prefix)
    starts = postings.starts[rows.start : rows.stop + 1].astype(np.int64)
    if segment.live is not None:
        alive = segment.live[postings.docs[starts[0] : starts[-1]]]
        starts = np.concatenate(([0], np.cumsum(alive)))[starts - starts[0]]
    for row, count in zip(rows, np.diff(starts).tolist(), strict=True):
        yield postings.lexicon[row], count


def _in_any_field(segment: Segment, row: int) -> int:
    """The living documents that have the term in a text field."""
    if segment.live is None:
        return int(segment.text.documents[row])
    docs, _ = segment.text.of(row)
    return int(np.count_nonzero(segment.live[docs] & begin_anew(docs)))


def _occurrences(
    segment: Segment, docs: Numbers, occurrences: Numbers, base: int, field: str | None
) -> tuple[Ids, Ids]:
    """The slots of the postings that are wanted, and how often each counts."""
    kept = _kept(segment, docs, occurrences, field)
    if kept is not None:
        docs, occurrences = docs[kept], occurrences[kept]
    return _slots(docs, occurrences, base), counts_of(occurrences).astype(np.int64)


def _summed(slots: Ids, counts: Ids) -> tuple[Ids, Ids]:
    """The different ones of ascending slots, and the sum of the counts of each."""
    first = np.flatnonzero(begin_anew(slots))
    return (slots, counts) if len(first) == len(slots) else (slots[first], np.add.reduceat(counts, first))


def _slots(docs: Numbers, occurrences: Numbers, base: int) -> Ids:
    return docs.astype(np.int64) + base << FIELD_BITS | fields_of(occurrences)


def _kept(segment: Segment, docs: Numbers, occurrences: Numbers, field: str | None) -> Ids | None:
    """Which of the postings are of living documents and of the field; None: all."""
    kept: Mask | None = None if field is None else fields_of(occurrences) == FIELD_NUMBERS[field]
    if segment.live is not None:
        kept = segment.live[docs] if kept is None else kept & segment.live[docs]
    return None if kept is None else np.flatnonzero(kept)


def _places_of(wanted: Ids, docs: Numbers) -> Ids:
    """Where the ascending wanted documents stand among the ascending docs, which have some of them, some more than once."""
    # Numbers that the narrow type of docs cannot hold must not be made to fit; equal types spare a copy of all docs.
    wanted = wanted[: np.searchsorted(wanted, docs[-1], side="right")]
    narrowed = wanted.astype(docs.dtype)
    first = np.searchsorted(docs, narrowed)
    return ranges(first, np.searchsorted(docs, narrowed, side="right") - first)


def _joined(parts: list[Ids]) -> Ids:
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else NO_IDS
