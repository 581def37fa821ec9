"""The statistics of a generation that ranking needs: idf, field lengths, norms, and the sums of idf by document.

Each is computed on demand and then stays. Computing one twice in two threads does no harm: both get the same numbers.
"""

import math
from collections.abc import Hashable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.documents import LENGTH_FIELDS
from indexer.engines.scoring.bm25f import norms
from indexer.engines.scoring.keys import FIELD_NUMBERS, Mask, Scores, first_of_runs
from indexer.engines.whoosh.format.segments import Segment, fields_of, run_lengths

_MAX_NORMS: Final = 4  # rankings; a server has one


class Statistics:
    """Statistics over the live documents of segments; `size` counts deleted ones too."""

    def __init__(self, segments: Sequence[Segment], live_docs: Mask) -> None:
        self._segments = segments
        self._live_docs = live_docs
        self._size = len(live_docs)
        self._document_count = int(np.count_nonzero(live_docs))
        self._field_lengths: dict[tuple[str, ...], tuple[Scores, float]] = {}
        self._norms: dict[Hashable, NDArray[np.float32]] = {}
        self._idf_sums: dict[str, Scores] = {}

    def idf(self, doc_frequency: int) -> float:
        """The inverse document frequency of what so many documents have; see `Ranking`."""
        return math.log(1 + (self._document_count - doc_frequency + 0.5) / (doc_frequency + 0.5))

    def field_lengths(self, fields: tuple[str, ...]) -> tuple[Scores, float]:
        """The tokens of each document in the fields, [size], and their mean over the live documents."""
        cached = self._field_lengths.get(fields)
        if cached is None:
            lengths = np.zeros(self._size)
            for field in fields:
                parts = [segment.field_lengths(field) for segment in self._segments]
                lengths += np.concatenate(parts) if parts else 0.0
            total = int(lengths[self._live_docs].sum())
            mean = total / self._document_count if self._document_count else 0.0
            cached = self._field_lengths[fields] = (lengths, mean)
        return cached

    def norms(self, weights: tuple[tuple[str, float], ...], b: tuple[tuple[str, float], ...]) -> NDArray[np.float32]:
        """What one occurrence of a term in each doc field adds to its weighted term frequency (see `bm25f.norms`)."""
        cached = self._norms.get((weights, b))
        if cached is None:
            cached = norms(weights, b, lambda field: self.field_lengths(LENGTH_FIELDS[field]), self._size)
            if len(self._norms) >= _MAX_NORMS:
                self._norms.clear()
            self._norms[weights, b] = cached
        return cached

    def idf_sums(self, field: str) -> Scores:
        """The sum of the idf of the terms of each document's field, each once, added in ascending order, [size]."""
        cached = self._idf_sums.get(field)
        if cached is None:
            cached = self._idf_sums[field] = self._sum_idf(field)
        return cached

    def _sum_idf(self, field: str) -> Scores:
        number = FIELD_NUMBERS[field]
        postings = []
        doc_frequencies: dict[bytes, int] = {}
        for segment in self._segments:
            text = segment.text
            own = np.flatnonzero(fields_of(text.field_frequencies) == number)
            docs = text.docs[own].astype(np.int64)
            rows = np.repeat(np.arange(len(text.terms)), run_lengths(np.searchsorted(own, text.starts)))
            if segment.live_docs is not None:
                rows, docs = rows[segment.live_docs[docs]], docs[segment.live_docs[docs]]
            first = first_of_runs(rows << 32 | docs)
            rows, docs = rows[first], docs[first]
            counts = np.bincount(rows, minlength=len(text.terms))
            every = text.terms[:]
            terms = [(row, every[row]) for row in np.flatnonzero(counts).tolist()]
            for row, term in terms:
                doc_frequencies[term] = doc_frequencies.get(term, 0) + int(counts[row])
            postings.append((rows, docs, terms))
        parts: list[Scores] = [np.zeros(0)]
        for segment, (rows, docs, terms) in zip(self._segments, postings, strict=True):
            idf = np.zeros(len(segment.text.terms))
            for row, term in terms:
                idf[row] = self.idf(doc_frequencies[term])
            # bincount adds in the order of the postings, which is that of the terms.
            parts.append(np.bincount(docs, weights=idf[rows], minlength=segment.doc_count).astype(np.float64))
        return np.concatenate(parts)
