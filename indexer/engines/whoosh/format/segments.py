"""The arrays of one segment: term dictionaries, postings, positions, field lengths and stored documents.

A segment is two files. `.documents` has, for each column (`COLUMNS`), a table of byte strings with a row for each
document; the zstandard dictionary that the rows of `document` were compressed with; and for each text field the number
of its tokens in each document. `.postings` has

    text.terms            the term dictionary of all text fields: the terms in ascending order of their bytes, as one
    text.offsets          blob, and where each begins                                                  [terms + 1]
    text.documents        document frequency: how many documents have the term in any text field       [terms]
    text.starts           where the postings of each term begin                                        [terms + 1]
    text.docs             the document of each posting; those of a term ascend by document, by field   [postings]
    text.occurrences      term frequency in that document and field, times FIELD_COUNT, plus the       [postings], u1
                          number of the field; a frequency over MAX_POSTING_FREQUENCY takes several postings
    text.position_starts  where the positions of each term begin                                       [terms + 1]
    text.positions        ascending within a posting, as many as its frequency                         [tokens]

and for each untokenized field (`UNTOKENIZED_FIELDS`) .terms, .offsets, .starts [terms + 1] and .docs; besides,
`word.by_term` numbers the words in the order of their terms. Each array is as narrow as its numbers allow, so a segment
of at most MAX_SEGMENT_DOCS takes two bytes for a document. Documents are numbered from 0 in the order of writing;
deleted ones keep their number until the segment is merged.

A term has one posting for each document and field, and all of them side by side: a search for a term in any field reads
one slice of each array, instead of one for each field.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Final, Self, overload

import numpy as np
from numpy.typing import NDArray
from zstandard import ZstdCompressionDict, ZstdDecompressor, ZstdError

from indexer.documents import KEYWORD_FIELD_NAMES
from indexer.engines.scoring.keys import FIELD_BITS, FIELD_COUNT, to_bytes
from indexer.engines.whoosh.format.arrays import Bytes, FileChecksum, MappedArrays, Numbers
from indexer.engines.whoosh.format.manifest import SEGMENTS, SegmentEntry

COLUMNS: Final = ("document", "id", "digest", "source", "title_key", "code_key")
UNTOKENIZED_FIELDS: Final = (*KEYWORD_FIELD_NAMES, "word", "name", "id")
DOCUMENTS: Final = ".documents"
POSTINGS: Final = ".postings"
SEPARATOR: Final = "\0"  # between the parts of a term of the fields `word` and `name`
MAX_SEGMENT_DOCS: Final = 1 << 16
MAX_STORED_BYTES: Final = 1 << 28  # of one document; a row that claims more was not written here

SAMPLE_STEP: Final = 32  # terms of a dictionary, of which one is kept in memory to find the others
MAX_POSTING_FREQUENCY: Final = 255 >> FIELD_BITS
Arrays = Mapping[str, Numbers]


def run_lengths(starts: NDArray[np.integer]) -> NDArray[np.int64]:
    """The number of elements from each start to the next, [starts - 1]."""
    wide = starts.astype(np.int64)
    return wide[1:] - wide[:-1]


class Table:
    """Byte strings in one blob; row i is blob[offsets[i]:offsets[i + 1]]. A slice is of rows side by side."""

    __slots__ = ("_blob", "_offsets")

    def __init__(self, blob: Bytes, offsets: Numbers) -> None:
        # Memory views give Python's own integers and bytes, which costs a third of what NumPy's scalars do.
        self._blob = blob.data
        self._offsets = offsets.data

    def __len__(self) -> int:
        return len(self._offsets) - 1

    @overload
    def __getitem__(self, row: int) -> bytes: ...
    @overload
    def __getitem__(self, row: slice) -> list[bytes]: ...
    def __getitem__(self, row: int | slice) -> bytes | list[bytes]:
        if isinstance(row, slice):
            start, stop, _ = row.indices(len(self))
            # All at once: a row by itself takes twice as long.
            ends = self._offsets[start : max(start, stop) + 1].tolist()
            blob = self._blob[ends[0] : ends[-1]].tobytes()
            return [blob[first - ends[0] : end - ends[0]] for first, end in pairwise(ends)]
        if row < 0:
            raise IndexError(row)
        return self._blob[self._offsets[row] : self._offsets[row + 1]].tobytes()

    def __iter__(self) -> Iterator[bytes]:
        return iter(self[:])


class TermDictionary(Table):
    """The terms of a field in ascending order; the number of a term is its row."""

    __slots__ = ("_samples",)

    def __init__(self, blob: Bytes, offsets: Numbers) -> None:
        super().__init__(blob, offsets)
        self._samples: list[bytes] = []

    def first_from(self, term: bytes) -> int:
        """The row of the first term that is not less; their number where all are less."""
        # Most steps of a bisection are among Python's own objects: a row of a table takes ten times as long.
        samples = self._samples
        if not samples:
            samples = self._samples = [self[row] for row in range(0, len(self), SAMPLE_STEP)]
        above = bisect_left(samples, term)
        first = max((above - 1) * SAMPLE_STEP + 1, 0)
        return bisect_left(self, term, first, min(above * SAMPLE_STEP, len(self)))

    def find(self, term: bytes) -> int | None:
        """The row of the term; None where the dictionary lacks it."""
        row = self.first_from(term)
        return row if row < len(self) and self[row] == term else None

    def with_prefix(self, prefix: bytes) -> range:
        """The rows of the terms that begin with the prefix."""
        first = self.first_from(prefix)
        return range(first, bisect_left(self, True, first, key=lambda term: not term.startswith(prefix)))


class TextPostings:
    """The postings of the text fields, which share one term dictionary."""

    def __init__(self, arrays: Arrays) -> None:
        self.terms = TermDictionary(arrays["text.terms"], arrays["text.offsets"])
        self.doc_frequencies = arrays["text.documents"]
        self.starts = arrays["text.starts"]
        self.docs = arrays["text.docs"]
        self.field_frequencies = arrays["text.occurrences"]
        self._arrays = arrays

    def postings(self, row: int) -> tuple[Numbers, Numbers]:
        """The documents of a term's postings, deleted ones too, and the term frequency and field of each."""
        start, end = self.starts[row], self.starts[row + 1]
        return self.docs[start:end], self.field_frequencies[start:end]

    @cached_property
    def position_starts(self) -> Numbers:
        """Where the positions of each term begin, [terms + 1]."""
        return self._arrays["text.position_starts"]

    @cached_property
    def positions(self) -> Numbers:
        """The positions of all postings, [tokens]; the largest array, which many searches do without."""
        return self._arrays["text.positions"]

    def positions_of(self, row: int) -> Numbers:
        """The positions of a term, `frequencies_of` for each posting."""
        return self.positions[self.position_starts[row] : self.position_starts[row + 1]]


def fields_of(field_frequencies: Numbers) -> Numbers:
    """The number of the field of each posting."""
    return np.bitwise_and(field_frequencies, FIELD_COUNT - 1)


def frequencies_of(field_frequencies: Numbers) -> Numbers:
    """The term frequency of each posting in its document and field."""
    return np.right_shift(field_frequencies, FIELD_BITS)


class UntokenizedPostings:
    """The postings of one untokenized field."""

    def __init__(self, name: str, arrays: Arrays) -> None:
        self.terms = TermDictionary(arrays[f"{name}.terms"], arrays[f"{name}.offsets"])
        self.starts = arrays[f"{name}.starts"]
        self.docs = arrays[f"{name}.docs"]

    def docs_of(self, row: int) -> Numbers:
        """The documents that have the value, ascending, deleted ones too."""
        return self.docs[self.starts[row] : self.starts[row + 1]]


class Segment:
    """The arrays of one segment, mapped or in memory, and its live docs. Immutable.

    `live_docs` is a mask over the documents, None where none is deleted.
    """

    def __init__(self, doc_count: int, documents: Arrays, postings: Arrays, deleted: tuple[int, ...] = ()) -> None:
        self.doc_count = doc_count
        self._documents = documents
        self._postings = postings
        self._untokenized: dict[str, UntokenizedPostings] = {}
        self._decompressors: list[ZstdDecompressor] = []
        self.live_docs: NDArray[np.bool_] | None = None
        if deleted:
            self.live_docs = np.ones(doc_count, dtype=bool)
            self.live_docs[list(deleted)] = False

    @classmethod
    def open(cls, location: Path, entry: SegmentEntry) -> Self:
        """Map the files of a segment. Raises ValueError or OSError where they are not what was written."""
        documents = _map(location, entry.id + DOCUMENTS, entry.files)
        postings = _map(location, entry.id + POSTINGS, entry.files)
        segment = cls(entry.documents, documents, postings, entry.deleted)
        if len(segment.column("id")) != entry.documents:
            raise ValueError(f"{len(segment.column('id'))} documents instead of {entry.documents}")
        return segment

    def check_sizes(self) -> None:
        """Raise ValueError where a file of the segment was cut since it was opened."""
        for arrays in (self._documents, self._postings):
            if isinstance(arrays, MappedArrays):
                arrays.check_size()

    @property
    def live_count(self) -> int:
        """The number of documents that are not deleted."""
        return self.doc_count if self.live_docs is None else int(np.count_nonzero(self.live_docs))

    def split(self) -> "tuple[Segment, Segment]":
        """The segment without postings and the segment without documents; the memory of either can be freed first."""
        documents, postings = Segment(self.doc_count, self._documents, {}), Segment(self.doc_count, {}, self._postings)
        documents.live_docs = postings.live_docs = self.live_docs
        return documents, postings

    @cached_property
    def text(self) -> TextPostings:
        """The postings of the text fields."""
        return TextPostings(self._postings)

    def untokenized(self, name: str) -> UntokenizedPostings:
        """The postings of an untokenized field."""
        field = self._untokenized.get(name)
        if field is None:
            field = self._untokenized[name] = UntokenizedPostings(name, self._postings)
        return field

    def term_of(self, word: bytes) -> bytes | None:
        """The term of an unstemmed word."""
        entries, prefix = self.untokenized("word").terms, word + to_bytes(SEPARATOR)
        row = entries.first_from(prefix)
        entry = entries[row] if row < len(entries) else b""
        return entry[len(prefix) :] if entry.startswith(prefix) else None

    def words_of(self, term: bytes) -> list[bytes]:
        """The unstemmed words of the term, ascending."""
        entries, order = self.untokenized("word").terms, self._postings["word.by_term"].data
        separator = to_bytes(SEPARATOR)

        def term_of(row: int) -> bytes:
            return entries[row].partition(separator)[2]

        words = []
        for rank in range(bisect_left(order, term, key=term_of), len(order)):
            word, _, own = entries[order[rank]].partition(separator)
            if own != term:
                break
            words.append(word)
        return words

    def field_lengths(self, field: str) -> Numbers:
        """The number of tokens in the field of each document, [doc_count]."""
        return self._documents[f"{field}.lengths"]

    def column(self, name: str) -> Table:
        """The byte string of each document in the column."""
        return Table(self._documents[f"{name}.rows"], self._documents[f"{name}.offsets"])

    def stored(self, doc: int) -> bytes:
        """The stored form of a document. Raises ValueError for bytes that cannot be decompressed."""
        (stored,) = self.stored_each((doc,))
        return stored

    def stored_each(self, docs: Iterable[int]) -> Iterator[bytes]:
        """The stored forms of documents, one after the other. Raises ValueError as `stored` does."""
        column = self.column("document")
        try:
            decompressor = self._decompressor()
            for doc in docs:
                yield decompressor.decompress(column[doc], max_output_size=MAX_STORED_BYTES)
            self._decompressors.append(decompressor)
        except ZstdError as error:
            raise ValueError(f"not a stored document: {error}") from error

    def _decompressor(self) -> ZstdDecompressor:
        """A decompressor for one caller: threads must not share one, and making one takes longer than a document."""
        try:
            return self._decompressors.pop()
        except IndexError:
            return ZstdDecompressor(dict_data=self._compression_dictionary)

    @cached_property
    def _compression_dictionary(self) -> ZstdCompressionDict | None:
        dictionary = self._documents["dictionary"].tobytes()
        return ZstdCompressionDict(dictionary) if dictionary else None

    def find(self, id: str) -> int | None:
        """The number of the live document of that id."""
        postings = self.untokenized("id")
        row = postings.terms.find(to_bytes(id))
        if row is not None:
            for doc in postings.docs_of(row).tolist():
                if self.live_docs is None or self.live_docs[doc]:
                    return int(doc)
        return None


def _map(location: Path, name: str, files: Mapping[str, FileChecksum]) -> MappedArrays:
    try:
        return MappedArrays(location / SEGMENTS / name, files[name])
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error
