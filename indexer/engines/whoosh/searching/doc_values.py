"""The values that documents have in a keyword field, to be counted.

Few different sets of values are found in many documents: the sites of one condition are those of many others. So each document has the
number of its set, and counting documents means counting sets, then adding up those that have a value.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from indexer.engines.whoosh.format.segments import Segment, run_lengths, to_text
from indexer.engines.whoosh.searching.docsets import Ids

Counts: TypeAlias = tuple[tuple[str, int], ...]


class Values:
    """The values of one keyword field that has few of them, such as a facet."""

    def __init__(self, segments: Sequence[Segment], field: str) -> None:
        lexicons = [segment.values(field).lexicon for segment in segments]
        terms = sorted({term for lexicon in lexicons for term in lexicon})
        number_of = {term: number for number, term in enumerate(terms)}
        self._values = [to_text(term) for term in terms]
        width = -(-len(terms) // 8) or 1
        sets: list[bytes] = []  # of each document, a bit for each value
        for segment, lexicon in zip(segments, lexicons, strict=True):
            postings = segment.values(field)
            has = np.zeros((segment.count, 8 * width), dtype=bool)
            own = np.fromiter(map(number_of.__getitem__, lexicon), dtype=np.int64, count=len(lexicon))
            has[postings.docs, np.repeat(own, run_lengths(postings.starts))] = True
            sets += np.packbits(has, axis=1).view(f"V{width}").ravel().tolist()
        kinds = {each: number for number, each in enumerate(dict.fromkeys(sets))}
        self._kinds = len(kinds)
        self._set_of: Ids = np.fromiter(map(kinds.__getitem__, sets), dtype=np.int64, count=len(sets))  # [documents]
        bits = np.frombuffer(b"".join(kinds), dtype=np.uint8).reshape(-1, width)
        self._of_sets, self._members = np.nonzero(np.unpackbits(bits, axis=1))  # each value of each set

    def count(self, ids: Ids) -> Counts:
        """How many of the documents have each value; none zero."""
        return self._counted(np.bincount(self._set_of[ids], minlength=self._kinds))

    def count_each(self, ids: Ids, groups: Ids, size: int) -> list[Counts]:
        """The same for each of `size` groups; groups[i] is that of the document ids[i]."""
        kinds = self._kinds
        counts = np.bincount(groups * kinds + self._set_of[ids], minlength=size * kinds).reshape(size, kinds)
        return [self._counted(each) for each in counts]

    def _counted(self, sets: Ids) -> Counts:
        counts = np.bincount(self._members, weights=sets[self._of_sets], minlength=len(self._values))
        there = np.flatnonzero(counts)
        return tuple(
            (self._values[number], int(count))
            for number, count in zip(there.tolist(), counts[there].tolist(), strict=True)
        )


def number_values(segments: Sequence[Segment], field: str) -> Ids:
    """A number for the value that each document has in a keyword field of which every document has one, [documents]."""
    number_of: dict[bytes, int] = {}
    parts = [np.zeros(0, dtype=np.int64)]
    for segment in segments:
        postings = segment.values(field)
        own = np.array([number_of.setdefault(term, len(number_of)) for term in postings.lexicon], dtype=np.int64)
        numbers = np.zeros(segment.count, dtype=np.int64)
        numbers[postings.docs] = np.repeat(own, run_lengths(postings.starts))
        parts.append(numbers)
    return np.concatenate(parts)
