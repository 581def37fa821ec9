"""The arrays of one segment: terms, postings, positions, lengths and what is kept with each document.

A segment is two files. `.documents` has, for each column (`COLUMNS`), a table of byte strings with a row for each document, and for each text
field its lengths. `.postings` has, for each indexed field:

    terms, offsets     the terms in ascending order of their bytes, as one blob and where each begins   u1, i8 [terms + 1]
    starts             where the postings of each term begin                                           i8 [terms + 1]
    docs               the documents of each posting, ascending within a term                          u4 [postings]
    counts             how often the term stands in the document (fields with positions)               u4 [postings]
    position_starts    where the positions of each term begin (fields with positions)                  i8 [terms + 1]
    positions          ascending within a posting (fields with positions)                              u4 [tokens]

Documents are numbered from 0 in the order of writing; deleted ones keep their number until the segment is merged.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Final, overload

import numpy as np
from numpy.typing import NDArray

from indexer.engines.whoosh.arrays import Bytes, Numbers, Offsets, Seal, read_arrays
from indexer.engines.whoosh.manifest import SEGMENTS, SegmentEntry

COLUMNS: Final = ("document", "id", "digest", "source", "title_key", "code_key")
DOCUMENTS: Final = ".documents"
POSTINGS: Final = ".postings"
SEPARATOR: Final = "\0"  # between the parts of a term of the fields `word` and `name`


def to_bytes(text: str) -> bytes:
    """Text as it stands in an index; its order is that of the text, and any string survives."""
    return text.encode("utf-8", "surrogatepass")


def to_text(stored: bytes) -> str:
    """The text of `to_bytes`."""
    return stored.decode("utf-8", "surrogatepass")


class Table:
    """Byte strings in one blob; row i is blob[offsets[i]:offsets[i + 1]]."""

    __slots__ = ("_blob", "_offsets")

    def __init__(self, blob: Bytes, offsets: Offsets) -> None:
        self._blob = blob.data
        self._offsets = offsets

    def __len__(self) -> int:
        return len(self._offsets) - 1

    @overload
    def __getitem__(self, row: int) -> bytes: ...
    @overload
    def __getitem__(self, row: slice) -> list[bytes]: ...
    def __getitem__(self, row: int | slice) -> bytes | list[bytes]:
        if isinstance(row, slice):
            return [self[each] for each in range(*row.indices(len(self)))]
        if not 0 <= row < len(self):
            raise IndexError(row)
        return bytes(self._blob[self._offsets[row] : self._offsets[row + 1]])

    def __iter__(self) -> Iterator[bytes]:
        blob = bytes(self._blob)
        offsets = self._offsets.tolist()
        for start, end in pairwise(offsets):
            yield blob[start:end]


class Lexicon(Table):
    """The terms of a field in ascending order."""

    __slots__ = ()

    def find(self, term: bytes) -> int | None:
        """The number of the term."""
        row = bisect_left(self, term)
        return row if row < len(self) and self[row] == term else None

    def beginning_with(self, prefix: bytes) -> range:
        """The numbers of the terms that begin with the prefix."""
        first = bisect_left(self, prefix)
        return range(first, bisect_left(self, True, first, key=lambda term: not term.startswith(prefix)))


class FieldPostings:
    """The postings of one field of a segment, term by term."""

    def __init__(self, name: str, arrays: Mapping[str, NDArray[np.generic]]) -> None:
        self.lexicon = Lexicon(_bytes(arrays, f"{name}.terms"), _offsets(arrays, f"{name}.offsets"))
        self.starts = _offsets(arrays, f"{name}.starts")
        self.docs = _numbers(arrays, f"{name}.docs")
        self.has_positions = f"{name}.positions" in arrays
        if self.has_positions:
            self.counts = _numbers(arrays, f"{name}.counts")
            self.position_starts = _offsets(arrays, f"{name}.position_starts")
            self.positions = _numbers(arrays, f"{name}.positions")

    def docs_of(self, row: int) -> Numbers:
        """The documents that have the term, ascending, deleted ones too."""
        return self.docs[self.starts[row] : self.starts[row + 1]]

    def counts_of(self, row: int) -> Numbers:
        """How often each of these documents has the term."""
        return self.counts[self.starts[row] : self.starts[row + 1]]

    def positions_of(self, row: int) -> Numbers:
        """The positions of the term in each of these documents, `counts_of` for each."""
        return self.positions[self.position_starts[row] : self.position_starts[row + 1]]


class Segment:
    """One segment as it stands in a generation: its arrays and which of its documents live. Immutable."""

    def __init__(self, location: Path, entry: SegmentEntry) -> None:
        """Map the files. Raises ValueError or OSError where they are not what they were."""
        self.id = entry.id
        self.count = entry.documents
        self._documents = _read(location, entry.id + DOCUMENTS, entry.files)
        self._postings = _read(location, entry.id + POSTINGS, entry.files)
        self._fields: dict[str, FieldPostings] = {}
        self.live: NDArray[np.bool_] | None = None
        if entry.deleted:
            self.live = np.ones(self.count, dtype=bool)
            self.live[list(entry.deleted)] = False
        if len(self.column("id")) != self.count:
            raise ValueError(f"{len(self.column('id'))} documents instead of {self.count}")

    def field(self, name: str) -> FieldPostings:
        """The postings of a field that is indexed."""
        field = self._fields.get(name)
        if field is None:
            field = self._fields[name] = FieldPostings(name, self._postings)
        return field

    @cached_property
    def field_names(self) -> tuple[str, ...]:
        """Every field with postings, in order."""
        names = (name.removesuffix(".terms") for name in self._postings if name.endswith(".terms"))
        return tuple(sorted(names))

    def lengths(self, field: str) -> Numbers:
        """Tokens of each document in the field, [count]."""
        return _numbers(self._documents, f"{field}.lengths")

    def column(self, name: str) -> Table:
        """The byte string that each document has in the column."""
        return Table(_bytes(self._documents, f"{name}.rows"), _offsets(self._documents, f"{name}.offsets"))

    def find(self, id: str) -> int | None:
        """The number of the living document of that id."""
        postings = self.field("id")
        row = postings.lexicon.find(to_bytes(id))
        if row is not None:
            for doc in postings.docs_of(row).tolist():
                if self.live is None or self.live[doc]:
                    return int(doc)
        return None


def _read(location: Path, name: str, files: Mapping[str, Seal]) -> Mapping[str, NDArray[np.generic]]:
    try:
        return read_arrays(location / SEGMENTS / name, files[name])
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error


def _bytes(arrays: Mapping[str, NDArray[np.generic]], name: str) -> Bytes:
    return arrays[name].view(np.uint8)


def _numbers(arrays: Mapping[str, NDArray[np.generic]], name: str) -> Numbers:
    return arrays[name].view(np.uint32)


def _offsets(arrays: Mapping[str, NDArray[np.generic]], name: str) -> Offsets:
    return arrays[name].view(np.int64)
