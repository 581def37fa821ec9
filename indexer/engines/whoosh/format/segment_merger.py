"""Segments, mapped or in memory, to the files of one segment: array by array, without taking a posting in hand.

The terms of all parts become one lexicon. A part's postings of a term are a block; the blocks, in the order of the lexicon and within
a term in that of the parts, are the postings of the whole, since documents are numbered through the parts. What deleted documents
have is left out on the way.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import accumulate, chain
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from zstandard import ZstdCompressionDict, ZstdCompressor, ZstdError, train_dictionary

from indexer.documents import TEXT_FIELD_NAMES
from indexer.engines.whoosh.format.arrays import BYTES, ArrayWriter, Numbers, distinct_sorted, narrow, ranges
from indexer.engines.whoosh.format.segment_builder import by_term, table_arrays
from indexer.engines.whoosh.format.segments import (
    COLUMNS,
    VALUE_FIELDS,
    Lexicon,
    Segment,
    Table,
    counts_of,
    run_lengths,
    to_text,
)

DICTIONARY: Final = 1 << 18  # bytes at most
SHARE: Final = 0.05  # of the documents is what a dictionary may take
SAMPLE: Final = 2_500  # documents that a dictionary is learned from
LEVEL: Final = 5
PIECE: Final = 1 << 20  # postings, or positions, that are put in order at a time

Integers = NDArray[np.int64]


def write_postings(writer: ArrayWriter, parts: Sequence[Segment]) -> None:
    """The postings of the parts as those of one segment."""
    _write_text(writer, parts)
    for name in VALUE_FIELDS:
        _write_values(writer, name, parts)


def write_documents(writer: ArrayWriter, parts: Sequence[Segment]) -> None:
    """The columns and lengths of the parts as those of one segment; documents are deflated anew, with a dictionary of their own."""
    _write_stored(writer, parts)
    for name in COLUMNS[1:]:
        rows = [row for part in parts for row in _living_rows(part, part.column(name))]
        _write_table(writer, f"{name}.rows", f"{name}.offsets", rows)
    for name in TEXT_FIELD_NAMES:
        lengths = [part.lengths(name) if part.live is None else part.lengths(name)[part.live] for part in parts]
        writer.add(f"{name}.lengths", _joined(lengths))


def _write_text(writer: ArrayWriter, parts: Sequence[Segment]) -> None:
    lexicon, numbers = _united([part.text.lexicon for part in parts])
    distinct = np.zeros(len(lexicon), dtype=np.int64)
    docs, occurrences, positions = [], [], []
    lengths, position_lengths = [], []  # postings and positions of each term of each part
    for part, own, base in zip(parts, numbers, _bases(parts), strict=True):
        text = part.text
        distinct += np.bincount(own, weights=_documents(part), minlength=len(lexicon)).astype(np.int64)
        alive, counted = _living(part, text.docs, text.starts)
        docs.append(_renumbered(part, text.docs, base)[alive])
        occurrences.append(text.occurrences[alive])
        lengths.append(counted)
        if isinstance(alive, slice):
            positions.append(text.positions)
            position_lengths.append(run_lengths(text.position_starts))
        else:
            counts = counts_of(text.occurrences).astype(np.int64)
            positions.append(text.positions[np.repeat(alive, counts)])
            position_lengths.append(run_lengths(_sums(counts * alive)[text.starts]))
    rows = _joined(numbers)
    order = np.argsort(narrow(rows), kind="stable")
    # A term that only deleted documents had is none any more.
    kept = np.flatnonzero(distinct)
    _write_table(writer, "text.terms", "text.offsets", [lexicon[row] for row in kept.tolist()])
    writer.add("text.documents", distinct[kept])
    of_terms, of_positions = _joined(lengths), _joined(position_lengths)
    writer.add("text.starts", _starts(rows, of_terms, kept))
    writer.add("text.docs", _taken(_joined(docs), of_terms, order))
    writer.add("text.occurrences", _taken(_joined(occurrences), of_terms, order))
    writer.add("text.position_starts", _starts(rows, of_positions, kept))
    writer.add("text.positions", _taken(_joined(positions), of_positions, order))


def _write_values(writer: ArrayWriter, name: str, parts: Sequence[Segment]) -> None:
    lexicon, numbers = _united([part.values(name).lexicon for part in parts])
    docs, lengths = [], []
    for part, base in zip(parts, _bases(parts), strict=True):
        postings = part.values(name)
        alive, counted = _living(part, postings.docs, postings.starts)
        docs.append(_renumbered(part, postings.docs, base)[alive])
        lengths.append(counted)
    rows, of_terms = _joined(numbers), _joined(lengths)
    kept = np.flatnonzero(np.bincount(rows, weights=of_terms, minlength=len(lexicon)))
    terms = [lexicon[row] for row in kept.tolist()]
    _write_table(writer, f"{name}.terms", f"{name}.offsets", terms)
    writer.add(f"{name}.starts", _starts(rows, of_terms, kept))
    writer.add(f"{name}.docs", _taken(_joined(docs), of_terms, np.argsort(narrow(rows), kind="stable")))
    if name == "word":
        writer.add("word.by_term", by_term([to_text(term) for term in terms]))


def _write_stored(writer: ArrayWriter, parts: Sequence[Segment]) -> None:
    dictionary = _learned(parts)
    deflate = ZstdCompressor(level=LEVEL, dict_data=ZstdCompressionDict(dictionary) if dictionary else None).compress
    lengths = []
    for row in _stored(parts):
        stored = deflate(row)
        writer.append(stored)
        lengths.append(len(stored))
    writer.end("document.rows", BYTES)
    writer.add("document.offsets", np.array(list(accumulate(lengths, initial=0)), dtype=np.int64))
    writer.add("dictionary", np.frombuffer(dictionary, dtype=np.uint8))


def _learned(parts: Sequence[Segment]) -> bytes:
    """A dictionary for the documents; empty where there is nothing to learn."""
    every = max(1, sum(part.living for part in parts) // SAMPLE)
    sample: list[bytes | bytearray | memoryview] = [*_stored(parts, every)]
    size = min(DICTIONARY, int(SHARE * every * sum(map(len, sample))))
    with suppress(ZstdError):
        return train_dictionary(size, sample, level=LEVEL).as_bytes()
    return b""


def _stored(parts: Sequence[Segment], every: int = 1) -> Iterator[bytes]:
    """The stored documents that live, or one in so many of them."""
    for part in parts:
        docs = np.arange(part.count) if part.live is None else np.flatnonzero(part.live)
        yield from part.stored_each(docs[::every].tolist())


def _living_rows(part: Segment, rows: Table) -> Iterator[bytes]:
    return (
        iter(rows) if part.live is None else (row for row, alive in zip(rows, part.live.tolist(), strict=True) if alive)
    )


def _bases(parts: Sequence[Segment]) -> list[int]:
    return list(accumulate((part.living for part in parts[:-1]), initial=0))


def _united(lexicons: Sequence[Lexicon]) -> tuple[list[bytes], list[Integers]]:
    """All terms in order, and the numbers that those of each lexicon have there."""
    united = sorted(set(chain.from_iterable(lexicons)))
    number_of = {term: number for number, term in enumerate(united)}
    # Each lexicon is gone through a second time: kept as lists, those of many parts would take more than all their postings.
    numbers = (map(number_of.__getitem__, lexicon) for lexicon in lexicons)
    return united, [
        np.fromiter(own, dtype=np.int64, count=len(each)) for own, each in zip(numbers, lexicons, strict=True)
    ]


def _documents(part: Segment) -> Integers:
    """How many living documents have each term in any text field."""
    text = part.text
    if part.live is None:
        return text.documents.astype(np.int64)
    alive = part.live[text.docs]
    rows = np.repeat(np.arange(len(text.lexicon)), run_lengths(text.starts))[alive]
    return np.bincount(distinct_sorted(rows << 32 | text.docs[alive]) >> 32, minlength=len(text.lexicon))


def _living(part: Segment, docs: Numbers, starts: Numbers) -> tuple[NDArray[np.bool_] | slice, Integers]:
    """Which of the postings are of living documents, and how many of them each term has."""
    if part.live is None:
        return slice(None), run_lengths(starts)
    alive = part.live[docs]
    return alive, run_lengths(_sums(alive)[starts])


def _renumbered(part: Segment, docs: Numbers, base: int) -> Numbers:
    """The numbers that documents have in the whole; those of deleted ones mean nothing."""
    own = docs if part.live is None else (np.cumsum(part.live) - 1)[docs]
    return own.astype(np.uint32) + np.uint32(base)


def _sums(counts: NDArray[Any]) -> Integers:
    """The sum of all before each, and of all, [counts + 1]."""
    return np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))


def _taken(elements: NDArray[Any], lengths: Integers, order: Integers) -> NDArray[Any]:
    """The elements of blocks, laid end to end, when the blocks are taken in that order."""
    starts = _sums(lengths)
    taken = np.empty_like(elements)
    end = 0
    # Piece by piece: the place of an element takes more memory than the element.
    for blocks in np.array_split(order, 1 + len(elements) // PIECE):
        piece = elements[ranges(starts[blocks], lengths[blocks])]
        taken[end : end + len(piece)] = piece
        end += len(piece)
    return taken


def _starts(rows: Integers, lengths: Integers, kept: Integers) -> Integers:
    """Where the elements of each kept term begin, and where the last end, [kept + 1]; the others have none."""
    return _sums(np.bincount(rows, weights=lengths, minlength=int(kept.max(initial=-1)) + 1)[kept])


def _joined(arrays: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate(arrays) if arrays else np.zeros(0, dtype=np.int64)


def _write_table(writer: ArrayWriter, rows_name: str, offsets_name: str, rows: Sequence[bytes]) -> None:
    blob, offsets = table_arrays(rows)
    writer.add(rows_name, blob)
    writer.add(offsets_name, offsets)
