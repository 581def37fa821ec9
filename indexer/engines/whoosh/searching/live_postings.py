"""Postings of segments to those of live documents, as doc fields and frequencies (see `scoring.keys`)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.engines.scoring.keys import FIELD_BITS, FIELD_NUMBERS, Ids, Mask, first_of_runs
from indexer.engines.whoosh.format.arrays import Numbers
from indexer.engines.whoosh.format.segments import MAX_POSTING_FREQUENCY, Segment, fields_of, frequencies_of


def live_postings(
    segment: Segment, docs: Numbers, field_frequencies: Numbers, field: str | None
) -> tuple[Numbers, Numbers]:
    """Those of the postings of a segment that are of live documents and, unless it is None, of the field."""
    rows = matching_rows(segment, docs, field_frequencies, field)
    return (docs, field_frequencies) if rows is None else (docs[rows], field_frequencies[rows])


def sum_split(doc_fields: Ids, frequencies: Numbers) -> tuple[Ids, NDArray[np.integer]]:
    """The ascending doc fields of one term without duplicates, with their term frequencies.

    A doc field has several postings only where its frequency is too great for one.
    """
    if frequencies.max(initial=0) < MAX_POSTING_FREQUENCY:
        return doc_fields, frequencies
    return sum_by_doc_field(doc_fields, frequencies.astype(np.int64))


def sum_by_doc_field(doc_fields: Ids, counts: Ids) -> tuple[Ids, Ids]:
    """Remove duplicates from ascending doc fields, and add up the counts of each."""
    first = first_of_runs(doc_fields).nonzero()[0]
    if len(first) == len(doc_fields):
        return doc_fields, counts
    return doc_fields[first], np.add.reduceat(counts, first)


def to_doc_fields(parts: Sequence[tuple[int, Numbers, Numbers]]) -> tuple[Ids, Numbers]:
    """The doc field and the term frequency of each posting of several segments, in their order.

    A part is the number of the segment's first document, and the documents, frequencies and fields of its postings.
    """
    count = sum([len(docs) for _, docs, _ in parts])
    doc_fields, field_frequencies = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.uint8)
    end = 0  # all is written in its place: a new array takes longer than an operation
    for base, docs, own in parts:
        start, end = end, end + len(docs)
        np.add(docs, base, out=doc_fields[start:end], dtype=np.int64)
        field_frequencies[start:end] = own
    frequencies = frequencies_of(field_frequencies)
    doc_fields <<= FIELD_BITS
    doc_fields |= fields_of(field_frequencies)
    return doc_fields, frequencies


def matching_rows(segment: Segment, docs: Numbers, field_frequencies: Numbers, field: str | None) -> Ids | None:
    """The rows of the postings of live documents in the field; None: all of them."""
    mask: Mask | None = None if field is None else fields_of(field_frequencies) == FIELD_NUMBERS[field]
    if segment.live_docs is not None:
        mask = segment.live_docs[docs] if mask is None else mask & segment.live_docs[docs]
    return None if mask is None else mask.nonzero()[0]
