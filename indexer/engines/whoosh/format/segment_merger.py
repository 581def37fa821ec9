"""Segments, mapped or in memory, to the files of one segment: array by array, without handling single postings.

The term dictionaries of all parts are merged into one. A part's postings of a term are a block; the blocks, in the
order of the merged dictionary and within a term in that of the parts, are the postings of the new segment, since
documents are numbered through the parts. Postings of deleted documents are left out on the way, and terms that only
deleted documents had.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import accumulate, chain
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from zstandard import ZstdCompressionDict, ZstdCompressor, ZstdError, train_dictionary

from indexer.documents import TEXT_FIELD_NAMES
from indexer.engines.scoring.keys import distinct_sorted, ranges, to_text
from indexer.engines.whoosh.format.arrays import BYTES, ArrayWriter, Numbers, narrow
from indexer.engines.whoosh.format.segment_builder import rows_by_term, table_arrays
from indexer.engines.whoosh.format.segments import (
    COLUMNS,
    UNTOKENIZED_FIELDS,
    Segment,
    Table,
    TermDictionary,
    frequencies_of,
    run_lengths,
)

MAX_DICTIONARY_BYTES: Final = 1 << 18
MAX_DICTIONARY_SHARE: Final = 0.05  # of the bytes of the documents
SAMPLE_DOCS: Final = 2_500  # documents that a compression dictionary is trained on
LEVEL: Final = 5  # of zstandard
CHUNK_SIZE: Final = 1 << 20  # postings, or positions, that are reordered at a time

Integers = NDArray[np.int64]


def write_postings(writer: ArrayWriter, parts: Sequence[Segment]) -> None:
    """Write the merged postings of the parts."""
    _write_text(writer, parts)
    for name in UNTOKENIZED_FIELDS:
        _write_untokenized(writer, name, parts)


def write_documents(writer: ArrayWriter, parts: Sequence[Segment]) -> None:
    """Write the merged columns and field lengths of the parts; documents are compressed anew, with a new dictionary."""
    _write_stored(writer, parts)
    for name in COLUMNS[1:]:
        rows = [row for part in parts for row in _live_rows(part, part.column(name))]
        _write_table(writer, f"{name}.rows", f"{name}.offsets", rows)
    for name in TEXT_FIELD_NAMES:
        lengths = [
            part.field_lengths(name) if part.live_docs is None else part.field_lengths(name)[part.live_docs]
            for part in parts
        ]
        writer.add(f"{name}.lengths", _concatenate(lengths))


def _write_text(writer: ArrayWriter, parts: Sequence[Segment]) -> None:
    terms, numbers = _merge_dictionaries([part.text.terms for part in parts])
    doc_frequencies = np.zeros(len(terms), dtype=np.int64)
    docs, field_frequencies, positions = [], [], []
    lengths, position_lengths = [], []  # postings and positions of each term of each part
    for part, own, base in zip(parts, numbers, _bases(parts), strict=True):
        text = part.text
        doc_frequencies += np.bincount(own, weights=_doc_frequencies(part), minlength=len(terms)).astype(np.int64)
        live, counted = _live_postings(part, text.docs, text.starts)
        docs.append(_renumber(part, text.docs, base)[live])
        field_frequencies.append(text.field_frequencies[live])
        lengths.append(counted)
        if isinstance(live, slice):
            positions.append(text.positions)
            position_lengths.append(run_lengths(text.position_starts))
        else:
            frequencies = frequencies_of(text.field_frequencies).astype(np.int64)
            positions.append(text.positions[np.repeat(live, frequencies)])
            position_lengths.append(run_lengths(_sums(frequencies * live)[text.starts]))
    rows = _concatenate(numbers)
    order = np.argsort(narrow(rows), kind="stable")
    live_terms = np.flatnonzero(doc_frequencies)
    _write_table(writer, "text.terms", "text.offsets", [terms[row] for row in live_terms.tolist()])
    writer.add("text.documents", doc_frequencies[live_terms])
    of_terms, of_positions = _concatenate(lengths), _concatenate(position_lengths)
    writer.add("text.starts", _starts(rows, of_terms, live_terms))
    writer.add("text.docs", _reorder_blocks(_concatenate(docs), of_terms, order))
    writer.add("text.occurrences", _reorder_blocks(_concatenate(field_frequencies), of_terms, order))
    writer.add("text.position_starts", _starts(rows, of_positions, live_terms))
    writer.add("text.positions", _reorder_blocks(_concatenate(positions), of_positions, order))


def _write_untokenized(writer: ArrayWriter, name: str, parts: Sequence[Segment]) -> None:
    terms, numbers = _merge_dictionaries([part.untokenized(name).terms for part in parts])
    docs, lengths = [], []
    for part, base in zip(parts, _bases(parts), strict=True):
        postings = part.untokenized(name)
        live, counted = _live_postings(part, postings.docs, postings.starts)
        docs.append(_renumber(part, postings.docs, base)[live])
        lengths.append(counted)
    rows, of_terms = _concatenate(numbers), _concatenate(lengths)
    live_terms = np.flatnonzero(np.bincount(rows, weights=of_terms, minlength=len(terms)))
    values = [terms[row] for row in live_terms.tolist()]
    _write_table(writer, f"{name}.terms", f"{name}.offsets", values)
    writer.add(f"{name}.starts", _starts(rows, of_terms, live_terms))
    writer.add(f"{name}.docs", _reorder_blocks(_concatenate(docs), of_terms, np.argsort(narrow(rows), kind="stable")))
    if name == "word":
        writer.add("word.by_term", rows_by_term([to_text(value) for value in values]))


def _write_stored(writer: ArrayWriter, parts: Sequence[Segment]) -> None:
    dictionary = _train_dictionary(parts)
    compress = ZstdCompressor(
        level=LEVEL, dict_data=ZstdCompressionDict(dictionary) if dictionary else None, write_checksum=True
    ).compress
    lengths = []
    for document in _stored(parts):
        row = compress(document)
        writer.append(row)
        lengths.append(len(row))
    writer.end("document.rows", BYTES, checksum=False)
    writer.add("document.offsets", np.array(list(accumulate(lengths, initial=0)), dtype=np.int64))
    writer.add("dictionary", np.frombuffer(dictionary, dtype=np.uint8))


def _train_dictionary(parts: Sequence[Segment]) -> bytes:
    """Train a compression dictionary on a sample of the documents; empty where they are too few."""
    every = max(1, sum(part.live_count for part in parts) // SAMPLE_DOCS)
    sample: list[bytes | bytearray | memoryview] = [*_stored(parts, every)]
    size = min(MAX_DICTIONARY_BYTES, int(MAX_DICTIONARY_SHARE * every * sum(map(len, sample))))
    with suppress(ZstdError):
        return train_dictionary(size, sample, level=LEVEL).as_bytes()
    return b""


def _stored(parts: Sequence[Segment], every: int = 1) -> Iterator[bytes]:
    """The stored live documents of the parts, or one of every so many."""
    for part in parts:
        docs = np.arange(part.doc_count) if part.live_docs is None else np.flatnonzero(part.live_docs)
        yield from part.stored_each(docs[::every].tolist())


def _live_rows(part: Segment, rows: Table) -> Iterator[bytes]:
    if part.live_docs is None:
        return iter(rows)
    return (row for row, live in zip(rows, part.live_docs.tolist(), strict=True) if live)


def _bases(parts: Sequence[Segment]) -> list[int]:
    return list(accumulate((part.live_count for part in parts[:-1]), initial=0))


def _merge_dictionaries(dictionaries: Sequence[TermDictionary]) -> tuple[list[bytes], list[Integers]]:
    """All terms in order, and for each dictionary the numbers of its terms among them."""
    merged = sorted(set(chain.from_iterable(dictionaries)))
    number_of = {term: number for number, term in enumerate(merged)}
    # Each dictionary is read a second time: as lists, those of many parts would take more memory than all their
    # postings.
    numbers = (map(number_of.__getitem__, dictionary) for dictionary in dictionaries)
    return merged, [
        np.fromiter(own, dtype=np.int64, count=len(each)) for own, each in zip(numbers, dictionaries, strict=True)
    ]


def _doc_frequencies(part: Segment) -> Integers:
    """The number of live documents that have each term in any text field."""
    text = part.text
    if part.live_docs is None:
        return text.doc_frequencies.astype(np.int64)
    live = part.live_docs[text.docs]
    rows = np.repeat(np.arange(len(text.terms)), run_lengths(text.starts))[live]
    return np.bincount(distinct_sorted(rows << 32 | text.docs[live]) >> 32, minlength=len(text.terms))


def _live_postings(part: Segment, docs: Numbers, starts: Numbers) -> tuple[NDArray[np.bool_] | slice, Integers]:
    """Which of the postings belong to live documents, and how many of them each term has."""
    if part.live_docs is None:
        return slice(None), run_lengths(starts)
    live = part.live_docs[docs]
    return live, run_lengths(_sums(live)[starts])


def _renumber(part: Segment, docs: Numbers, base: int) -> Numbers:
    """The numbers of documents in the new segment; those of deleted ones mean nothing."""
    own = docs if part.live_docs is None else (np.cumsum(part.live_docs) - 1)[docs]
    return own.astype(np.uint32) + np.uint32(base)


def _sums(counts: NDArray[Any]) -> Integers:
    """The sum of all counts before each one, and of all, [counts + 1]."""
    return np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))


def _reorder_blocks(elements: NDArray[Any], lengths: Integers, order: Integers) -> NDArray[Any]:
    """Put blocks of elements, given by their lengths, into another order."""
    starts = _sums(lengths)
    reordered = np.empty_like(elements)
    end = 0
    # In chunks: the index of an element takes more memory than the element.
    for blocks in np.array_split(order, 1 + len(elements) // CHUNK_SIZE):
        chunk = elements[ranges(starts[blocks], lengths[blocks])]
        reordered[end : end + len(chunk)] = chunk
        end += len(chunk)
    return reordered


def _starts(rows: Integers, lengths: Integers, live_terms: Integers) -> Integers:
    """Where the elements of each live term begin and where the last end, [live_terms + 1]; other terms have none."""
    return _sums(np.bincount(rows, weights=lengths, minlength=int(live_terms.max(initial=-1)) + 1)[live_terms])


def _concatenate(arrays: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate(arrays) if arrays else np.zeros(0, dtype=np.int64)


def _write_table(writer: ArrayWriter, rows_name: str, offsets_name: str, rows: Sequence[bytes]) -> None:
    blob, offsets = table_arrays(rows)
    writer.add(rows_name, blob)
    writer.add(offsets_name, offsets)
