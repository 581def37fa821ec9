"""Where terms stand, as position keys (see `scoring.keys`): in all documents of a generation, or in a few of them.

In a few documents each term has few places, and an array operation takes as long for some as for none. So only what
finds them is done term by term; from then on the places of all terms in a segment are one array.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.caching import ENTRY_BYTES, BoundedCache
from indexer.engines.scoring.keys import FIELD_COUNT, FIELD_NUMBERS, POSITION_BITS, Ids, concatenate, ranges
from indexer.engines.whoosh.format.segments import Segment, frequencies_of
from indexer.engines.whoosh.searching.live_postings import matching_rows, to_doc_fields

ENDS_BYTES: Final = 4 << 20  # those of some thirty frequent words of 75,000 documents


class TermPositions:
    """The positions of the terms of one generation."""

    def __init__(self, segments: Sequence[Segment], bases: Sequence[int]) -> None:
        """`bases` are the numbers of the first documents of the segments, and that behind the last document."""
        self._segments = segments
        self._bases = bases
        self._starts = BoundedCache[tuple[int, int], NDArray[np.int32]](
            ENDS_BYTES, lambda _, starts: ENTRY_BYTES + starts.nbytes
        )

    def everywhere(self, rows: Iterable[tuple[Segment, int, int]], field: str | None) -> Ids:
        """The keys of one term in the field, or in any, ascending.

        `rows` are the segments that have it, each with the number of its first document and the row of the term.
        """
        parts = []
        for segment, base, row in rows:
            docs, field_frequencies = segment.text.postings(row)
            positions = segment.text.positions_of(row)
            starts = self._position_starts(segment, base, row)
            matching = matching_rows(segment, docs, field_frequencies, field)
            if matching is not None:
                docs, field_frequencies = docs[matching], field_frequencies[matching]
                positions = positions[ranges(starts[matching], starts[matching + 1] - starts[matching])]
            parts.append(_join(*to_doc_fields([(base, docs, field_frequencies)]), positions))
        return concatenate(parts)

    def within(self, docs: Ids, rows: Sequence[Sequence[int | None]], fields: Sequence[str | None]) -> list[Ids]:
        """The keys of several terms in live documents, ascending: of each in its field, or in any.

        `rows` are those of each term in the segments.
        """
        parts: list[list[Ids]] = [[] for _ in rows]
        for number, segment in enumerate(self._segments):
            base, end = self._bases[number : number + 2]
            first, last = docs.searchsorted((base, end)).tolist()
            own = docs[first:last] - base
            of_terms = [(place, row) for place, each in enumerate(rows) if (row := each[number]) is not None]
            if len(own) and of_terms:
                keys = self._within_segment(segment, base, [row for _, row in of_terms], own)
                for (place, _), part in zip(of_terms, keys, strict=True):
                    parts[place].append(part)
        return [_in_field(concatenate(part), field) for part, field in zip(parts, fields, strict=True)]

    def _within_segment(self, segment: Segment, base: int, rows: Sequence[int], docs: Ids) -> list[Ids]:
        text = segment.text
        # Numbers that the narrow type of the postings cannot hold must not be made to fit; equal types spare a copy.
        narrowed = docs[: docs.searchsorted(np.iinfo(text.docs.dtype).max, side="right")].astype(text.docs.dtype)
        # Where the postings and the positions of each document begin and end, [terms, documents].
        postings, positions = np.empty((2, 2, len(rows), len(narrowed)), dtype=np.int64)
        for place, row in enumerate(rows):
            having, _ = text.postings(row)
            starts = self._position_starts(segment, base, row)
            for side, found in enumerate((having.searchsorted(narrowed), having.searchsorted(narrowed, side="right"))):
                np.add(found, int(text.starts[row]), out=postings[side, place])
                np.add(starts[found], int(text.position_starts[row]), out=positions[side, place])
        chosen = _ranges_between(postings)
        keys = _join(
            *to_doc_fields([(base, text.docs[chosen], text.field_frequencies[chosen])]),
            text.positions[_ranges_between(positions)],
        )
        ends = (positions[1] - positions[0]).sum(axis=1).cumsum()
        return np.split(keys, ends[:-1])

    def _position_starts(self, segment: Segment, base: int, row: int) -> NDArray[np.int32]:
        """Where the positions of each posting of a term begin, and where the last end; searches ask again and again."""
        starts = self._starts.get((base, row))
        if starts is None:
            frequencies = frequencies_of(segment.text.postings(row)[1])
            starts = np.zeros(len(frequencies) + 1, dtype=np.int32)
            frequencies.cumsum(dtype=np.int32, out=starts[1:])
            if starts[-1] != len(segment.text.positions_of(row)):
                raise ValueError("the positions of a term are not as many as its frequency says")
            self._starts.put((base, row), starts)
        return starts


def _ranges_between(bounds: Ids) -> Ids:
    """The ranges from each number of the first row to that of the second, concatenated."""
    starts, ends = bounds.reshape(2, -1)
    return ranges(starts, ends - starts)


def _join(doc_fields: Ids, frequencies: NDArray[np.integer], positions: NDArray[np.integer]) -> Ids:
    """Position keys from postings and their positions; takes the doc fields for its own."""
    doc_fields <<= POSITION_BITS
    keys = doc_fields.repeat(frequencies)
    keys |= positions
    return keys


def _in_field(keys: Ids, field: str | None) -> Ids:
    return keys if field is None else keys[keys >> POSITION_BITS & FIELD_COUNT - 1 == FIELD_NUMBERS[field]]
