"""The segments of one generation as one sequence of documents.

Documents are numbered through all segments. Everything that is given out is about living documents only, and nothing ever changes, so any
number of threads may read at once; what is worked out on demand is kept, and working it out twice does no harm.
"""

import math
import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from functools import cached_property
from heapq import merge
from itertools import groupby
from pathlib import Path
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.documents import KEYWORD_FIELD_NAMES, TEXT_FIELD_NAMES
from indexer.engines.whoosh.arrays import Numbers
from indexer.engines.whoosh.manifest import Manifest
from indexer.engines.whoosh.segments import FIELD_NUMBERS, Segment, run_lengths, to_text

Ids: TypeAlias = NDArray[np.int64]
Scores: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]
SortKey: TypeAlias = Literal["id", "title_key", "code_key"]

POSITION_BITS: Final = 32
FEW: Final = 8  # one in so many documents are worth a look at all
_MAX_CACHED: Final = 20_000

NO_IDS: Final[Ids] = np.zeros(0, dtype=np.int64)


class Chosen:
    """Some of `size` documents: their ids, ascending, and, when asked for, a mask."""

    def __init__(self, ids: Ids, size: int) -> None:
        self.ids = ids
        self._size = size

    @cached_property
    def mask(self) -> Mask:
        """Which documents they are, [size]."""
        mask = np.zeros(self._size, dtype=bool)
        mask[self.ids] = True
        return mask

    @property
    def are_few(self) -> bool:
        """Whether going from one to the next costs less than looking at all."""
        return len(self.ids) * FEW <= self._size

    def under(self, masks: Iterable[Mask]) -> "Chosen":
        """Those that all the masks allow."""
        ids = self.ids
        for mask in masks:
            ids = ids[mask[ids]]
        return self if ids is self.ids else Chosen(ids, self._size)


class Values:
    """A keyword field the other way round: the values of each document, as numbers into `values` (ascending)."""

    def __init__(self, values: list[str], docs: Ids, numbers: Ids, size: int) -> None:
        order = np.lexsort((numbers, docs))
        self.values = values
        self.numbers = numbers[order].astype(np.int32)
        self._docs = docs[order].astype(np.int32)
        self._starts = np.searchsorted(self._docs, np.arange(size + 1))

    def count(self, chosen: Chosen) -> tuple[tuple[str, int], ...]:
        """How many of the chosen documents have each value; none zero."""
        if chosen.are_few:
            starts, ends = self._starts[chosen.ids], self._starts[chosen.ids + 1]
            numbers = self.numbers[_ranges(starts, ends - starts)]
        else:
            numbers = self.numbers[chosen.mask[self._docs]]
        return self._counted(np.bincount(numbers, minlength=len(self.values)))

    def count_each(self, ids: Ids, groups: Ids, size: int) -> list[tuple[tuple[str, int], ...]]:
        """The same for each of `size` groups; groups[i] is that of the document ids[i]."""
        starts, ends = self._starts[ids], self._starts[ids + 1]
        numbers = self.numbers[_ranges(starts, ends - starts)]
        keys = np.repeat(groups, ends - starts) * len(self.values) + numbers
        counts = np.bincount(keys, minlength=size * len(self.values)).reshape(size, len(self.values))
        return [self._counted(each) for each in counts]

    def _counted(self, counts: Ids) -> tuple[tuple[str, int], ...]:
        return tuple((self.values[number], int(counts[number])) for number in np.flatnonzero(counts).tolist())


class Leaves:
    """What leaves found, for the next query that has them; the most recently used, MAX_FOUND of MAX_BYTES together."""

    MAX_BYTES: Final = 32 << 20
    MAX_FOUND: Final = 2048  # their keys are queries, which take more than the arrays of a rare word

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: OrderedDict[Hashable, tuple[Ids, Scores]] = OrderedDict()
        self._bytes = 0

    def get(self, key: Hashable) -> tuple[Ids, Scores] | None:
        """What was put under the key, if it is still there."""
        with self._lock:
            found = self._found.get(key)
            if found is not None:
                self._found.move_to_end(key)
            return found

    def put(self, key: Hashable, ids: Ids, scores: Scores) -> None:
        """Keep it, in the place of what was there; nobody may change the arrays any more."""
        with self._lock:
            if (old := self._found.pop(key, None)) is not None:
                self._bytes -= old[0].nbytes + old[1].nbytes
            self._found[key] = ids, scores
            self._bytes += ids.nbytes + scores.nbytes
            while self._bytes > self.MAX_BYTES or len(self._found) > self.MAX_FOUND:
                _, (ids, scores) = self._found.popitem(last=False)
                self._bytes -= ids.nbytes + scores.nbytes


class Snapshot:
    """One generation, opened; its files are freed when the last reference to it goes."""

    def __init__(self, location: Path, manifest: Manifest) -> None:
        """Map the files. Raises ValueError or OSError where they are not what they were."""
        self.generation = manifest.name
        self.segments = tuple(Segment.open(location, entry) for entry in manifest.segments)
        self.bases = tuple(int(n) for n in np.cumsum([0, *(segment.count for segment in self.segments)]))
        self.size = self.bases[-1]
        self.document_count = sum(entry.documents - len(entry.deleted) for entry in manifest.segments)
        self.leaves = Leaves()
        self._rows: dict[bytes, tuple[int | None, ...]] = {}
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
        parts: list[Ids] = []
        for segment, base, row in self._rows_of(field, term):
            number = FIELD_NUMBERS.get(field)
            docs = segment.values(field).docs_of(row) if number is None else segment.text.docs_of(row, number)
            living = docs if segment.live is None else docs[segment.live[docs]]
            parts.append(living.astype(np.int64) + base)
        return _joined(parts)

    def postings(self, field: str, term: bytes) -> tuple[Ids, Ids]:
        """Documents that have the term in the text field, ascending, and how often."""
        parts, counts = [], []
        number = FIELD_NUMBERS[field]
        for segment, base, row in self._rows_of(field, term):
            docs = segment.text.docs_of(row, number)
            if len(docs):
                kept: slice | Mask = slice(None) if segment.live is None else segment.live[docs]
                parts.append(docs[kept].astype(np.int64) + base)
                counts.append(segment.text.counts_of(row, number)[kept].astype(np.int64))
        return _joined(parts), _joined(counts)

    def keys(self, field: str, term: bytes, within: Ids | None = None) -> Ids:
        """Every place of the term in the text field as  document << POSITION_BITS | position, ascending.

        `within`, ascending, leaves out the places in other documents.
        """
        parts = []
        number = FIELD_NUMBERS[field]
        for segment, base, row in self._rows_of(field, term):
            docs = segment.text.docs_of(row, number)
            if not len(docs):
                continue
            kept = None if segment.live is None else np.flatnonzero(segment.live[docs])
            if within is not None:
                first, last = np.searchsorted(within, (base, base + segment.count)).tolist()
                kept = _places_of(within[first:last] - base, docs)
                if not len(kept):
                    continue
            counts = segment.text.counts_of(row, number)
            positions = segment.text.positions_of(row, number)
            ends = counts.cumsum(dtype=np.int64)
            if ends[-1] != len(positions):
                raise ValueError(f"the positions of a term are not as many as its counts say in “{field}”")
            if kept is not None:
                lengths = counts[kept].astype(np.int64)
                positions = positions[_ranges(ends[kept] - lengths, lengths)]
                docs, counts = docs[kept], counts[kept]
            places = np.repeat(docs.astype(np.int64) + base << POSITION_BITS, counts)
            parts.append(np.bitwise_or(places, positions.astype(np.int64)))
        return _joined(parts)

    def _rows_of(self, field: str, term: bytes) -> Iterator[tuple[Segment, int, int]]:
        """The segments that have the term, with the number of their first document and that of the term."""
        if field in FIELD_NUMBERS:
            rows = self._text_rows(term)
        else:
            rows = tuple(segment.values(field).lexicon.find(term) for segment in self.segments)
        for segment, base, row in zip(self.segments, self.bases, rows, strict=False):
            if row is not None:
                yield segment, base, row

    def _text_rows(self, term: bytes) -> tuple[int | None, ...]:
        rows = self._rows.get(term)
        if rows is None:
            if len(self._rows) >= _MAX_CACHED:
                self._rows.clear()
            rows = self._rows[term] = tuple(segment.text.lexicon.find(term) for segment in self.segments)
        return rows

    def term_of(self, word: bytes) -> bytes | None:
        """The term of an unstemmed word."""
        return next(filter(None, (segment.term_of(word) for segment in self.segments)), None)

    def words_of(self, term: bytes) -> list[bytes]:
        """The unstemmed words of the term, ascending."""
        return sorted({word for segment in self.segments for word in segment.words_of(term)})

    def frequency(self, field: str | None, term: bytes) -> int:
        """Documents that have the term in the field; None: in any text field."""
        key = (field, term)
        known = self._frequencies.get(key)
        if known is None:
            if field is None:
                known = sum(_in_any_field(segment, row) for segment, _, row in self._rows_of(TEXT_FIELD_NAMES[0], term))
            elif field in TEXT_FIELD_NAMES or field in KEYWORD_FIELD_NAMES:
                known = len(self.docs(field, term))
            else:
                known = 0
            if len(self._frequencies) >= _MAX_CACHED:
                self._frequencies.clear()
            self._frequencies[key] = known
        return known

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
            docs = text.docs[number].astype(np.int64)
            rows = np.repeat(np.arange(len(text.lexicon)), run_lengths(text.starts[:, number]))
            alive = np.ones(len(docs), dtype=bool) if segment.live is None else segment.live[docs]
            counts = np.bincount(rows[alive], minlength=len(text.lexicon))
            terms = [(row, text.lexicon[row]) for row in np.flatnonzero(counts).tolist()]
            for row, term in terms:
                totals[term] = totals.get(term, 0) + int(counts[row])
            postings.append((rows, docs, terms))
        parts: list[Scores] = [np.zeros(0)]
        for segment, (rows, docs, terms) in zip(self.segments, postings, strict=True):
            # A term that only deleted documents have counts for none.
            idf = np.zeros(len(segment.text.lexicon))
            for row, term in terms:
                idf[row] = self.idf(totals[term])
            # bincount adds in the order of the postings, which is that of the terms.
            parts.append(np.bincount(docs, weights=idf[rows], minlength=segment.count).astype(np.float64))
        return np.concatenate(parts)

    def values(self, field: str) -> Values:
        """The values of each document in a keyword field."""
        known = self._values.get(field)
        if known is None:
            known = self._values[field] = self._gather_values(field)
        return known

    def _gather_values(self, field: str) -> Values:
        terms = sorted({term for segment in self.segments for term in segment.values(field).lexicon})
        number_of = {term: number for number, term in enumerate(terms)}
        docs, numbers = [], []
        for segment, base in zip(self.segments, self.bases, strict=False):
            postings = segment.values(field)
            own = np.fromiter((number_of[term] for term in postings.lexicon), dtype=np.int64)
            docs.append(postings.docs.astype(np.int64) + base)
            numbers.append(np.repeat(own, run_lengths(postings.starts)))
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
        return self.segments[number].stored(doc - self.bases[number])

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
    found = np.zeros(segment.count, dtype=bool)
    for number in range(len(TEXT_FIELD_NAMES)):
        found[segment.text.docs_of(row, number)] = True
    return int(np.count_nonzero(found & segment.live))


def _ranges(starts: Ids, lengths: Ids) -> Ids:
    """The numbers of several ranges, one after the other."""
    ends = np.cumsum(lengths)
    return np.repeat(starts - (ends - lengths), lengths) + np.arange(int(ends[-1]) if len(ends) else 0)


def _places_of(wanted: Ids, docs: Numbers) -> Ids:
    """Where those of the ascending wanted documents stand that are among the ascending docs."""
    # Numbers that the narrow type of docs cannot hold must not be made to fit; equal types spare a copy of all docs.
    wanted = wanted[: np.searchsorted(wanted, docs[-1], side="right")]
    narrowed = wanted.astype(docs.dtype)
    places = np.searchsorted(docs, narrowed)
    there: Mask = docs[places] == narrowed
    return places[there]


def _joined(parts: list[Ids]) -> Ids:
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else NO_IDS
