"""The values of keyword fields by document (doc values), as ordinals to be counted.

Documents share few different sets of values: the sites of one condition are those of many others. So each document has
the ordinal of its set, and counting documents means counting sets, then adding up the sets that contain a value.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from indexer.engines.scoring.keys import Ids, ranges, to_text
from indexer.engines.whoosh.format.segments import Segment, run_lengths

ValueCounts: TypeAlias = tuple[tuple[str, int], ...]


class SetDocValues:
    """The set of values of each document in a keyword field that has few values, such as a facet."""

    def __init__(self, segments: Sequence[Segment], field: str) -> None:
        dictionaries = [segment.untokenized(field).terms for segment in segments]
        terms = sorted({term for dictionary in dictionaries for term in dictionary})
        number_of = {term: number for number, term in enumerate(terms)}
        self._values = [to_text(term) for term in terms]
        width = -(-len(terms) // 8) or 1
        sets: list[bytes] = []  # of each document, a bit for each value
        for segment, dictionary in zip(segments, dictionaries, strict=True):
            postings = segment.untokenized(field)
            has = np.zeros((segment.doc_count, 8 * width), dtype=bool)
            own = np.fromiter(map(number_of.__getitem__, dictionary), dtype=np.int64, count=len(dictionary))
            has[postings.docs, np.repeat(own, run_lengths(postings.starts))] = True
            sets += np.packbits(has, axis=1).view(f"V{width}").ravel().tolist()
        ordinal_of = {each: ordinal for ordinal, each in enumerate(dict.fromkeys(sets))}
        self._set_count = len(ordinal_of)
        self._ordinals: Ids = np.fromiter(map(ordinal_of.__getitem__, sets), dtype=np.int64, count=len(sets))  # [docs]
        bits = np.frombuffer(b"".join(ordinal_of), dtype=np.uint8).reshape(-1, width)
        of_sets, self._members = np.nonzero(np.unpackbits(bits, axis=1))  # each value of each set
        self._set_sizes = np.bincount(of_sets, minlength=self._set_count)
        self._set_starts = np.cumsum(self._set_sizes) - self._set_sizes
        self._sets_of_values = of_sets[np.argsort(self._members, kind="stable")]  # one set at least of each value
        sizes = np.bincount(self._members, minlength=len(terms))
        self._value_starts = np.cumsum(sizes) - sizes

    def count(self, ids: Ids) -> ValueCounts:
        """How many of the documents have each value; values that none has are left out."""
        (counts,) = self._count_values(np.bincount(self._ordinals.take(ids), minlength=self._set_count)[np.newaxis])
        return counts

    def count_by_group(self, ids: Ids, groups: Ids, size: int) -> list[ValueCounts]:
        """The counts for each of `size` groups; groups[i] is that of the document ids[i]."""
        of_sets = np.bincount(groups * self._set_count + self._ordinals[ids])
        present = of_sets.nonzero()[0]
        groups, sets = np.divmod(present, self._set_count)
        sizes, width = self._set_sizes[sets], len(self._values)
        # Each group counts in a row of its own, so that all are counted at once: an array operation costs more than
        # the few numbers of most groups.
        cells = np.repeat(groups * width, sizes) + self._members[ranges(self._set_starts[sets], sizes)]
        counts = np.bincount(cells, np.repeat(of_sets[present], sizes))
        counted = counts.nonzero()[0]
        result: list[list[tuple[str, int]]] = [[] for _ in range(size)]
        for cell, count in zip(counted.tolist(), counts[counted].tolist(), strict=True):
            group, value = divmod(cell, width)
            result[group].append((self._values[value], int(count)))
        return [tuple(each) for each in result]

    def grouped(self, groups: Ids) -> Ids:
        """The ordinals of all documents, each for its group, [docs]; for `count_grouped`."""
        return groups * self._set_count + self._ordinals

    def count_grouped(self, ordinals: Ids, size: int) -> list[ValueCounts]:
        """The counts for each of `size` groups, of documents by their ordinals of `grouped`."""
        counts = np.bincount(ordinals, minlength=size * self._set_count)
        return self._count_values(counts.reshape(size, self._set_count))

    def _count_values(self, set_counts: Ids) -> list[ValueCounts]:
        """The counts of values from those of sets, [groups, sets]."""
        if not self._values:
            return [()] * len(set_counts)
        counted = np.add.reduceat(set_counts.take(self._sets_of_values, axis=1), self._value_starts, axis=1)
        return [
            tuple([pair for pair in zip(self._values, counts, strict=True) if pair[1]]) for counts in counted.tolist()
        ]


def value_ordinals(segments: Sequence[Segment], field: str) -> Ids:
    """The ordinal of each document's value in a keyword field of which every document has exactly one, [docs]."""
    ordinal_of: dict[bytes, int] = {}
    parts = [np.zeros(0, dtype=np.int64)]
    for segment in segments:
        postings = segment.untokenized(field)
        own = np.array([ordinal_of.setdefault(term, len(ordinal_of)) for term in postings.terms], dtype=np.int64)
        ordinals = np.zeros(segment.doc_count, dtype=np.int64)
        ordinals[postings.docs] = np.repeat(own, run_lengths(postings.starts))
        parts.append(ordinals)
    return np.concatenate(parts)
