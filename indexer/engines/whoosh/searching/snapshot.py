"""The segments of one generation as one sequence of documents, with everything that is cached for its queries.

Documents are numbered through all segments. All results are about live documents only, and nothing ever changes, so any
number of threads may read at once; what is computed on demand is cached, and computing it twice does no harm.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.caching import ENTRY_BYTES, BoundedCache, deep_size, memoize
from indexer.documents import KEYWORD_FIELD_NAMES, Document
from indexer.engines.scoring.docsets import DocSet
from indexer.engines.scoring.evaluator import PartialScores
from indexer.engines.scoring.keys import (
    FIELD_NUMBERS,
    Ids,
    Mask,
    concatenate,
    first_of_runs,
    ranges,
    to_bytes,
    to_text,
)
from indexer.engines.scoring.postings import FieldTerm, LeafKey
from indexer.engines.stored import decode_document
from indexer.engines.whoosh.format.manifest import Manifest
from indexer.engines.whoosh.format.segments import SEPARATOR, Segment
from indexer.engines.whoosh.searching.doc_values import SetDocValues, value_ordinals
from indexer.engines.whoosh.searching.live_postings import (
    live_postings,
    sum_by_doc_field,
    sum_split,
    to_doc_fields,
)
from indexer.engines.whoosh.searching.statistics import Statistics
from indexer.engines.whoosh.searching.term_positions import TermPositions
from indexer.query.nodes import Prefix, Term
from indexer.results import SIDES

SortKey: TypeAlias = Literal["id", "title_key", "code_key"]

CACHED_LEAVES: Final = 220  # frequent words whose doc sets are cached: f4 for each document
MIN_LEAF_CACHE_BYTES, MAX_LEAF_CACHE_BYTES = 16 << 20, 256 << 20
DOCUMENT_CACHE_BYTES: Final = (
    8 << 20
)  # of stored documents that are cached as objects, which are two to three times as large
PARTIAL_SCORES_BYTES: Final = 8 << 20  # some six plans over 75,000 documents, for the plans that add to these
_MAX_SORTED_IDS: Final = 64  # are sorted by themselves; the order of all takes 50 ms of a process that begins


class Snapshot:
    """One generation, opened; its files are freed when the last reference to it goes."""

    def __init__(self, location: Path, manifest: Manifest) -> None:
        """Map the files. Raises ValueError or OSError where they are not what was written."""
        self.generation = manifest.name
        self.segments = tuple(Segment.open(location, entry) for entry in manifest.segments)
        self.bases = tuple(int(n) for n in np.cumsum([0, *(segment.doc_count for segment in self.segments)]))
        self.size = self.bases[-1]
        self.document_count = sum(entry.documents - len(entry.deleted) for entry in manifest.segments)
        # Doc sets of leaves, for the next query that has them.
        max_bytes = min(max(4 * CACHED_LEAVES * self.size, MIN_LEAF_CACHE_BYTES), MAX_LEAF_CACHE_BYTES)
        self.leaf_cache = BoundedCache[LeafKey, DocSet](max_bytes, _size_of_leaf)
        self.partial_scores = BoundedCache[LeafKey, PartialScores](PARTIAL_SCORES_BYTES, _size_of_scores)
        self._positions = TermPositions(self.segments, self.bases)
        self._documents = BoundedCache[int, tuple[Document, int]](DOCUMENT_CACHE_BYTES, lambda _, cached: cached[1])
        self._rows: dict[bytes, tuple[int | None, ...]] = {}
        self._words: dict[bytes, list[bytes]] = {}
        self._frequency_memos: defaultdict[str | None, dict[bytes, int]] = defaultdict(dict)
        self._doc_values: dict[str, SetDocValues] = {}
        self._orders: dict[SortKey, Ids] = {}

    def check_sizes(self) -> None:
        """Raise ValueError where a file was cut since it was opened."""
        for segment in self.segments:
            segment.check_sizes()

    @cached_property
    def live_docs(self) -> Mask:
        """Which documents are not deleted, [size]."""
        parts = [
            segment.live_docs if segment.live_docs is not None else np.ones(segment.doc_count, dtype=bool)
            for segment in self.segments
        ]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=bool)

    @cached_property
    def live_ids(self) -> Ids:
        """The numbers of the documents that are not deleted, ascending."""
        return self.live_docs.nonzero()[0]

    @cached_property
    def statistics(self) -> Statistics:
        """The statistics that ranking needs."""
        return Statistics(self.segments, self.live_docs)

    def keyword_docs(self, field: str, value: bytes) -> Ids:
        """The documents that have the value in the untokenized field, ascending."""
        parts: list[Ids] = []
        for segment, base in zip(self.segments, self.bases, strict=False):
            postings = segment.untokenized(field)
            row = postings.terms.find(value)
            if row is not None:
                docs = postings.docs_of(row)
                live = docs if segment.live_docs is None else docs[segment.live_docs[docs]]
                parts.append(live.astype(np.int64) + base)
        return concatenate(parts)

    def postings(self, term: bytes, field: str | None = None) -> tuple[Ids, NDArray[np.integer]]:
        """The doc fields (see `positions`) of the term, ascending, and its frequency in each; None: any text field."""
        parts = [
            (base, *live_postings(segment, *segment.text.postings(row), field))
            for segment, base, row in self._rows_of(term)
        ]
        return sum_split(*to_doc_fields(parts))

    def prefix_postings(self, prefix: bytes, field: str | None = None) -> tuple[Ids, Ids]:
        """The postings of all terms one of whose words begins with the prefix, as those of one term."""
        separator = to_bytes(SEPARATOR)
        words = (pair for segment in self.segments for pair in _doc_frequencies(segment, "word", prefix))
        terms = {word.partition(separator)[2] for word, count in words if count}
        parts = []
        for segment, base in zip(self.segments, self.bases, strict=False):
            text = segment.text
            # Most terms begin as their words do, and stand side by side.
            rows = [row for row in text.terms.with_prefix(prefix) if text.terms[row] in terms]
            others = (text.terms.find(term) for term in terms if not term.startswith(prefix))
            numbers = np.array([*rows, *(row for row in others if row is not None)], dtype=np.int64)
            starts = text.starts[numbers].astype(np.int64)
            postings = ranges(starts, text.starts[numbers + 1].astype(np.int64) - starts)
            docs, field_frequencies = text.docs[postings], text.field_frequencies[postings]
            parts.append((base, *live_postings(segment, docs, field_frequencies, field)))
        doc_fields, counts = to_doc_fields(parts)
        order = np.argsort(doc_fields, kind="stable")
        return sum_by_doc_field(doc_fields[order], counts[order].astype(np.int64))

    def position_keys(self, term: bytes, field: str | None = None) -> Ids:
        """See `scoring.postings`."""
        return self._positions.everywhere(self._rows_of(term), field)

    def positions_within(self, terms: Sequence[FieldTerm], docs: Ids) -> list[Ids]:
        """The position keys of each of the terms in the documents, live ones and ascending, alone."""
        rows = [self._text_rows(term) for term, _ in terms]
        return self._positions.within(docs, rows, [field for _, field in terms])

    def docs_with(self, term: bytes, docs: Sequence[int]) -> list[int]:
        """Those of the documents, ascending, a text field of which has the term."""
        found = []
        for segment, base, row in self._rows_of(term):
            own = np.array([doc - base for doc in docs if base <= doc < base + segment.doc_count])
            if len(own):
                having, _ = segment.text.postings(row)
                # Of the type of those that have it, so that these need not be copied to be compared.
                rows = having.searchsorted(own.astype(having.dtype))
                found += (own[having.take(rows, mode="clip") == own] + base).tolist()
        return found

    def _rows_of(self, term: bytes) -> Iterator[tuple[Segment, int, int]]:
        """The segments that have the term in a text field, each with its first document's number and the term's row."""
        for segment, base, row in zip(self.segments, self.bases, self._text_rows(term), strict=False):
            if row is not None:
                yield segment, base, row

    def _text_rows(self, term: bytes) -> tuple[int | None, ...]:
        return memoize(self._rows, term, lambda: tuple(segment.text.terms.find(term) for segment in self.segments))

    def term_of(self, word: bytes) -> bytes | None:
        """The term of an unstemmed word."""
        return next(filter(None, (segment.term_of(word) for segment in self.segments)), None)

    def words_of(self, term: bytes) -> list[bytes]:
        """The unstemmed words of the term, ascending."""
        return memoize(
            self._words, term, lambda: sorted({word for segment in self.segments for word in segment.words_of(term)})
        )

    def doc_frequency(self, field: str | None, term: bytes) -> int:
        """The number of documents that have the term in the field; None: in any text field."""
        return memoize(self._frequency_memos[field], term, lambda: self._count_docs(field, term))

    def leaf_frequency(self, leaf: Term | Prefix, count: int) -> int:
        """The number of documents that match a leaf: all that do are counted here."""
        return count

    def _count_docs(self, field: str | None, term: bytes) -> int:
        if field in KEYWORD_FIELD_NAMES:
            return len(self.keyword_docs(field, term))
        if field is None:
            return sum(_count_in_any_field(segment, row) for segment, _, row in self._rows_of(term))
        return len(self.postings(term, field)[0]) if field in FIELD_NUMBERS else 0

    def terms(self, field: str, prefix: bytes = b"") -> Iterator[tuple[bytes, int]]:
        """The values of an untokenized field that begin with the prefix, ascending, with their document frequencies."""
        counts: dict[bytes, int] = {}
        for segment in self.segments:
            for term, count in _doc_frequencies(segment, field, prefix):
                counts[term] = counts.get(term, 0) + count
        return ((term, counts[term]) for term in sorted(counts) if counts[term])

    def doc_values(self, field: str) -> SetDocValues:
        """The values of each document in a keyword field that has few values."""
        cached = self._doc_values.get(field)
        if cached is None:
            cached = self._doc_values[field] = SetDocValues(self.segments, field)
        return cached

    @cached_property
    def conditions(self) -> Ids:
        """The ordinal of each document's condition, [size]."""
        return value_ordinals(self.segments, "condition")

    @cached_property
    def sites_by_side(self) -> Ids:
        """The ordinals of the documents' sites, grouped by the indexes of their sides in SIDES, [size]."""
        indexes = np.zeros(self.size, dtype=np.int64)
        for index, side in enumerate(SIDES):
            if side:
                indexes[self.keyword_docs("side", to_bytes(side))] = index
        return self.doc_values("site").grouped(indexes)

    def sort_order(self, key: SortKey) -> Ids:
        """The rank of each document, [size], in the order of a column, then of the id."""
        cached = self._orders.get(key)
        if cached is None:
            ids = self.column("id")
            rows = ids if key == "id" else list(zip(self.column(key), ids, strict=True))
            cached = np.empty(self.size, dtype=np.int64)
            cached[sorted(range(self.size), key=rows.__getitem__)] = np.arange(self.size)
            self._orders[key] = cached
        return cached

    def id_order(self, docs: Ids) -> Ids:
        """The ranks of some documents in the order of their ids."""
        if "id" in self._orders or len(docs) > _MAX_SORTED_IDS:
            return self.sort_order("id")[docs]
        ids = [self._cell("id", doc) for doc in docs.tolist()]
        ranks = np.empty(len(docs), dtype=np.int64)
        ranks[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids))
        return ranks

    def column(self, name: str) -> list[bytes]:
        """The column of every document, deleted ones too."""
        return [row for segment in self.segments for row in segment.column(name)]

    def stored(self, doc: int) -> bytes:
        """The stored form of a document."""
        number, own = self._place_of(doc)
        return self.segments[number].stored(own)

    def _cell(self, column: str, doc: int) -> bytes:
        number, own = self._place_of(doc)
        return self.segments[number].column(column)[own]

    def _place_of(self, doc: int) -> tuple[int, int]:
        """The number of the document's segment, and its own number there."""
        number = bisect_right(self.bases, doc) - 1
        return number, doc - self.bases[number]

    def document(self, doc: int) -> Document:
        """The document of a number."""
        return self._documents.get_or_compute(doc, lambda: self._decode(doc))[0]

    def _decode(self, doc: int) -> tuple[Document, int]:
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
        """Document id to the document's row in a column."""
        rows = zip(self.column("id"), self.column(name), self.live_docs.tolist(), strict=True)
        return {to_text(id): to_text(row) for id, row, live in rows if live}


def _size_of_scores(key: LeafKey, partial: PartialScores) -> int:
    arrays = partial.must.nbytes + (0 if partial.sums is None else partial.sums.nbytes)
    return ENTRY_BYTES + deep_size(key[0]) + deep_size(partial.clauses) + arrays


def _size_of_leaf(key: LeafKey, docs: DocSet) -> int:
    return ENTRY_BYTES + deep_size(key[0]) + docs.nbytes


def _doc_frequencies(segment: Segment, field: str, prefix: bytes) -> Iterator[tuple[bytes, int]]:
    postings = segment.untokenized(field)
    rows = postings.terms.with_prefix(prefix)
    starts = postings.starts[rows.start : rows.stop + 1].astype(np.int64)
    if segment.live_docs is not None:
        live = segment.live_docs[postings.docs[starts[0] : starts[-1]]]
        starts = np.concatenate(([0], np.cumsum(live)))[starts - starts[0]]
    return zip(postings.terms[rows.start : rows.stop], np.diff(starts).tolist(), strict=True)


def _count_in_any_field(segment: Segment, row: int) -> int:
    """The number of live documents that have the term in a text field."""
    if segment.live_docs is None:
        return int(segment.text.doc_frequencies[row])
    docs, _ = segment.text.postings(row)
    return int(np.count_nonzero(segment.live_docs[docs] & first_of_runs(docs)))
