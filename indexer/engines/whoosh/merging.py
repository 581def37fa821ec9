"""Segments, mapped or in memory, to the files of one segment: array by array, without taking a posting in hand.

The terms of all parts become one lexicon. A part's postings of a term are a block; the blocks, in the order of the lexicon and within
a term in that of the parts, are the postings of the whole, since documents are numbered through the parts. What deleted documents
have is left out on the way.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import accumulate, chain
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from zstandard import ZstdCompressionDict, ZstdCompressor, ZstdError, train_dictionary

from indexer.documents import TEXT_FIELD_NAMES
from indexer.engines.whoosh.arrays import BYTES, ArrayWriter, distinct_sorted, narrow
from indexer.engines.whoosh.packing import by_term, table_arrays
from indexer.engines.whoosh.segments import (
    COLUMNS,
    FIELD_NUMBERS,
    VALUE_FIELDS,
    Lexicon,
    Segment,
    Table,
    run_lengths,
    to_text,
)

DICTIONARY: Final = 1 << 18  # bytes at most
SHARE: Final = 0.05  # of the documents is what a dictionary may take
SAMPLE: Final = 2_500  # documents that a dictionary is learned from
LEVEL: Final = 5

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


class _Blocks(NamedTuple):
    """The postings of one field of a part: block i, of term `rows[i]`, has the elements starts[i] to starts[i + 1]."""

    rows: Integers
    docs: Integers
    starts: Integers
    counts: Integers
    positions: NDArray[np.unsignedinteger]
    position_starts: Integers


def _write_text(writer: ArrayWriter, parts: Sequence[Segment]) -> None:
    lexicon, numbers = _united([part.text.lexicon for part in parts])
    starts, position_starts = [], []
    distinct = np.zeros(len(lexicon), dtype=np.int64)
    for part, own in zip(parts, numbers, strict=True):
        distinct += np.bincount(own, weights=_documents(part), minlength=len(lexicon)).astype(np.int64)
    # A term that only deleted documents had is none any more.
    kept = np.flatnonzero(distinct)
    renumbered = np.cumsum(distinct > 0) - 1
    _write_table(writer, "text.terms", "text.offsets", [lexicon[row] for row in kept.tolist()])
    writer.add("text.documents", distinct[kept])
    bases = _bases(parts)
    for name in TEXT_FIELD_NAMES:
        field = [
            _text_blocks(part, FIELD_NUMBERS[name], renumbered[own], base)
            for part, own, base in zip(parts, numbers, bases, strict=True)
        ]
        rows = _joined([each.rows for each in field])
        order = np.argsort(narrow(rows), kind="stable")
        lengths = _joined([np.diff(each.starts) for each in field])
        gathered = _gathering(lengths, order)
        writer.add(f"{name}.docs", _joined([each.docs for each in field])[gathered])
        writer.add(f"{name}.counts", _joined([each.counts for each in field])[gathered])
        starts.append(_starts(rows, lengths, len(kept)))
        lengths = _joined([np.diff(each.position_starts) for each in field])
        writer.add(f"{name}.positions", _joined([each.positions for each in field])[_gathering(lengths, order)])
        position_starts.append(_starts(rows, lengths, len(kept)))
    writer.add("text.starts", np.stack(starts, axis=1))
    writer.add("text.position_starts", np.stack(position_starts, axis=1))


def _write_values(writer: ArrayWriter, name: str, parts: Sequence[Segment]) -> None:
    lexicon, numbers = _united([part.values(name).lexicon for part in parts])
    field = [
        _value_blocks(part, name, own, base) for part, own, base in zip(parts, numbers, _bases(parts), strict=True)
    ]
    rows, lengths = _joined([each.rows for each in field]), _joined([np.diff(each.starts) for each in field])
    counts = np.bincount(rows, weights=lengths, minlength=len(lexicon)).astype(np.int64)
    kept = np.flatnonzero(counts)
    terms = [lexicon[row] for row in kept.tolist()]
    gathered = _gathering(lengths, np.argsort(narrow(rows), kind="stable"))
    _write_table(writer, f"{name}.terms", f"{name}.offsets", terms)
    writer.add(f"{name}.starts", np.cumsum(np.concatenate(([0], counts[kept]))))
    writer.add(f"{name}.docs", _joined([each.docs for each in field])[gathered])
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
    keys = []
    for field in range(len(TEXT_FIELD_NAMES)):
        rows = np.repeat(np.arange(len(text.lexicon)), run_lengths(text.starts[:, field]))
        alive = part.live[text.docs[field]]
        keys.append(rows[alive] << 32 | text.docs[field][alive].astype(np.int64))
    distinct = distinct_sorted(np.sort(np.concatenate(keys)))
    return np.bincount(distinct >> 32, minlength=len(text.lexicon))


def _text_blocks(part: Segment, field: int, rows: Integers, base: int) -> _Blocks:
    text = part.text
    starts, position_starts = text.starts[:, field].astype(np.int64), text.position_starts[:, field].astype(np.int64)
    docs, counts, positions = (
        text.docs[field].astype(np.int64),
        text.counts[field].astype(np.int64),
        text.positions[field],
    )
    if part.live is not None:
        alive = part.live[docs]
        positions = positions[np.repeat(alive, counts)]
        position_starts = np.concatenate(([0], np.cumsum(counts * alive)))[starts]
        docs, counts, starts = _renumber(part.live)[docs[alive]], counts[alive], _sums(alive)[starts]
    filled = np.flatnonzero(np.diff(starts))
    ends = len(docs), len(positions)
    return _Blocks(
        rows[filled],
        docs + base,
        np.append(starts[filled], ends[0]),
        counts,
        positions,
        np.append(position_starts[filled], ends[1]),
    )


def _value_blocks(part: Segment, name: str, rows: Integers, base: int) -> _Blocks:
    postings = part.values(name)
    starts, docs = postings.starts.astype(np.int64), postings.docs.astype(np.int64)
    if part.live is not None:
        alive = part.live[docs]
        docs, starts = _renumber(part.live)[docs[alive]], _sums(alive)[starts]
    none = np.zeros(0, dtype=np.int64)
    return _Blocks(rows, docs + base, starts, none, none.view(np.uint64), none)


def _renumber(live: NDArray[np.bool_]) -> Integers:
    return np.cumsum(live) - 1


def _sums(kept: NDArray[np.bool_]) -> Integers:
    """How many of the elements before each, and before the end, are kept."""
    return np.concatenate(([0], np.cumsum(kept)))


def _gathering(lengths: Integers, order: Integers) -> Integers:
    """Where the elements of blocks, laid end to end, stand when the blocks are taken in that order."""
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1])) if len(lengths) else lengths
    taken = lengths[order]
    ends = np.cumsum(taken)
    return np.repeat(starts[order] - (ends - taken), taken) + np.arange(int(ends[-1]) if len(ends) else 0)


def _starts(rows: Integers, lengths: Integers, terms: int) -> Integers:
    """Where the elements of each term begin, and where the last end, [terms + 1]."""
    return np.concatenate(([0], np.cumsum(np.bincount(rows, weights=lengths, minlength=terms).astype(np.int64))))


def _joined(arrays: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate(arrays) if arrays else np.zeros(0, dtype=np.int64)


def _write_table(writer: ArrayWriter, rows_name: str, offsets_name: str, rows: Sequence[bytes]) -> None:
    blob, offsets = table_arrays(rows)
    writer.add(rows_name, blob)
    writer.add(offsets_name, offsets)
