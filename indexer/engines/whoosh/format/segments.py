"""The arrays of one segment: terms, postings, positions, lengths and what is kept with each document.

A segment is two files. `.documents` has, for each column (`COLUMNS`), a table of byte strings with a row for each document; the
zstandard dictionary that the rows of `document` were deflated with; and for each text field its lengths. `.postings` has

    text.terms, text.offsets   the terms of all text fields in ascending order of their bytes, as one blob and where each begins
    text.documents             how many documents have the term in any text field                    [terms]
    text.starts                where the postings of each term begin                                 [terms + 1]
    text.docs                  the document of each posting; those of a term ascend by document, then by field   [postings]
    text.occurrences           how often the term stands there, times FIELD_COUNT, plus the number of the field  [postings], u1;
                               where it stands more often than MAX_COUNT, there are several postings
    text.position_starts       where the positions of each term begin                                [terms + 1]
    text.positions             ascending within a posting, as many as its count                      [tokens]

and for each field of values (`VALUE_FIELDS`) .terms, .offsets, .starts [terms + 1] and .docs; besides, `word.by_term` numbers the words in
the order of their terms. Each array is as narrow as its numbers allow, so a segment of at most MAX_DOCUMENTS takes two bytes for a
document. Documents are numbered from 0 in the order of writing; deleted ones keep their number until the segment is merged.

A term has one posting for each document and field, and all of them side by side: whatever looks at a term looks at one piece of each
array, instead of one for each field.
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

from indexer.documents import KEYWORD_FIELD_NAMES, TEXT_FIELD_NAMES
from indexer.engines.whoosh.format.arrays import Bytes, Numbers, Seal, read_arrays
from indexer.engines.whoosh.format.manifest import SEGMENTS, SegmentEntry

COLUMNS: Final = ("document", "id", "digest", "source", "title_key", "code_key")
VALUE_FIELDS: Final = (*KEYWORD_FIELD_NAMES, "word", "name", "id")
DOCUMENTS: Final = ".documents"
POSTINGS: Final = ".postings"
SEPARATOR: Final = "\0"  # between the parts of a term of the fields `word` and `name`
MAX_DOCUMENTS: Final = 1 << 16
MAX_STORED: Final = 1 << 28  # bytes of a document; what claims more was not written here

FIELD_BITS: Final = 3
FIELD_COUNT: Final = 1 << FIELD_BITS  # room for the text fields
MAX_COUNT: Final = 255 >> FIELD_BITS
FIELD_NUMBERS: Final = {name: number for number, name in enumerate(TEXT_FIELD_NAMES)}
Arrays = Mapping[str, Numbers]


def run_lengths(starts: NDArray[np.integer]) -> NDArray[np.int64]:
    """How many elements lie from each start to the next."""
    wide = starts.astype(np.int64)
    return wide[1:] - wide[:-1]


def to_bytes(text: str) -> bytes:
    """Text as it stands in an index; its order is that of the text, and any string survives."""
    return text.encode("utf-8", "surrogatepass")


def to_text(stored: bytes) -> str:
    """The text of `to_bytes`."""
    return stored.decode("utf-8", "surrogatepass")


class Table:
    """Byte strings in one blob; row i is blob[offsets[i]:offsets[i + 1]]."""

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
            return [self[each] for each in range(*row.indices(len(self)))]
        if row < 0:
            raise IndexError(row)
        return self._blob[self._offsets[row] : self._offsets[row + 1]].tobytes()

    def __iter__(self) -> Iterator[bytes]:
        blob = self._blob.tobytes()
        for start, end in pairwise(self._offsets.tolist()):
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


class TextPostings:
    """The postings of the text fields, which share one lexicon."""

    def __init__(self, arrays: Arrays) -> None:
        self.lexicon = Lexicon(arrays["text.terms"], arrays["text.offsets"])
        self.documents = arrays["text.documents"]
        self.starts = arrays["text.starts"]
        self.docs = arrays["text.docs"]
        self.occurrences = arrays["text.occurrences"]
        self.position_starts = arrays["text.position_starts"]
        self.positions = arrays["text.positions"]

    def of(self, row: int) -> tuple[Numbers, Numbers]:
        """The documents, deleted ones too, and the occurrences of the postings of a term."""
        start, end = self.starts[row], self.starts[row + 1]
        return self.docs[start:end], self.occurrences[start:end]

    def positions_of(self, row: int) -> Numbers:
        """The positions of a term, `counts_of` for each posting."""
        return self.positions[self.position_starts[row] : self.position_starts[row + 1]]


def fields_of(occurrences: Numbers) -> Numbers:
    """The number of the field of each posting."""
    return np.bitwise_and(occurrences, FIELD_COUNT - 1)


def counts_of(occurrences: Numbers) -> Numbers:
    """How often the term of each posting stands in its document and field."""
    return np.right_shift(occurrences, FIELD_BITS)


class ValuePostings:
    """The postings of one field of values."""

    def __init__(self, name: str, arrays: Arrays) -> None:
        self.lexicon = Lexicon(arrays[f"{name}.terms"], arrays[f"{name}.offsets"])
        self.starts = arrays[f"{name}.starts"]
        self.docs = arrays[f"{name}.docs"]

    def docs_of(self, row: int) -> Numbers:
        """The documents that have the value, ascending, deleted ones too."""
        return self.docs[self.starts[row] : self.starts[row + 1]]


class Segment:
    """One segment: its arrays, mapped or in memory, and which of its documents live. Immutable."""

    def __init__(self, count: int, documents: Arrays, postings: Arrays, deleted: tuple[int, ...] = ()) -> None:
        self.count = count
        self._documents = documents
        self._postings = postings
        self._values: dict[str, ValuePostings] = {}
        self._inflaters: list[ZstdDecompressor] = []
        self.live: NDArray[np.bool_] | None = None
        if deleted:
            self.live = np.ones(count, dtype=bool)
            self.live[list(deleted)] = False

    @classmethod
    def open(cls, location: Path, entry: SegmentEntry) -> Self:
        """Map the files. Raises ValueError or OSError where they are not what they were."""
        documents = _read(location, entry.id + DOCUMENTS, entry.files)
        postings = _read(location, entry.id + POSTINGS, entry.files)
        segment = cls(entry.documents, documents, postings, entry.deleted)
        if len(segment.column("id")) != entry.documents:
            raise ValueError(f"{len(segment.column('id'))} documents instead of {entry.documents}")
        return segment

    @property
    def living(self) -> int:
        """Documents that are not deleted."""
        return self.count if self.live is None else int(np.count_nonzero(self.live))

    def halves(self) -> "tuple[Segment, Segment]":
        """The same without postings, and without documents, so that either can be forgotten before the other."""
        documents, postings = Segment(self.count, self._documents, {}), Segment(self.count, {}, self._postings)
        documents.live = postings.live = self.live
        return documents, postings

    @cached_property
    def text(self) -> TextPostings:
        """The postings of the text fields."""
        return TextPostings(self._postings)

    def values(self, name: str) -> ValuePostings:
        """The postings of a field of values."""
        field = self._values.get(name)
        if field is None:
            field = self._values[name] = ValuePostings(name, self._postings)
        return field

    def term_of(self, word: bytes) -> bytes | None:
        """The term of an unstemmed word."""
        lexicon, beginning = self.values("word").lexicon, word + to_bytes(SEPARATOR)
        row = bisect_left(lexicon, beginning)
        found = lexicon[row] if row < len(lexicon) else b""
        return found[len(beginning) :] if found.startswith(beginning) else None

    def words_of(self, term: bytes) -> list[bytes]:
        """The unstemmed words of the term, ascending."""
        lexicon, order = self.values("word").lexicon, self._postings["word.by_term"].data
        separator = to_bytes(SEPARATOR)

        def term_of(row: int) -> bytes:
            return lexicon[row].partition(separator)[2]

        words = []
        for place in range(bisect_left(order, term, key=term_of), len(order)):
            word, _, own = lexicon[order[place]].partition(separator)
            if own != term:
                break
            words.append(word)
        return words

    def lengths(self, field: str) -> Numbers:
        """Tokens of each document in the field, [count]."""
        return self._documents[f"{field}.lengths"]

    def column(self, name: str) -> Table:
        """The byte string that each document has in the column."""
        return Table(self._documents[f"{name}.rows"], self._documents[f"{name}.offsets"])

    def stored(self, doc: int) -> bytes:
        """The stored form of a document; raises ValueError for bytes that are none."""
        (stored,) = self.stored_each((doc,))
        return stored

    def stored_each(self, docs: Iterable[int]) -> Iterator[bytes]:
        """The stored forms of documents."""
        column = self.column("document")
        try:
            inflater = self._inflater()
            for doc in docs:
                yield inflater.decompress(column[doc], max_output_size=MAX_STORED)
            self._inflaters.append(inflater)
        except ZstdError as error:
            raise ValueError(f"not a stored document: {error}") from error

    def _inflater(self) -> ZstdDecompressor:
        """One for each that asks: two threads must not share it, and to make it takes longer than to inflate a document."""
        try:
            return self._inflaters.pop()
        except IndexError:
            return ZstdDecompressor(dict_data=self._dictionary)

    @cached_property
    def _dictionary(self) -> ZstdCompressionDict | None:
        dictionary = self._documents["dictionary"].tobytes()
        return ZstdCompressionDict(dictionary) if dictionary else None

    def find(self, id: str) -> int | None:
        """The number of the living document of that id."""
        postings = self.values("id")
        row = postings.lexicon.find(to_bytes(id))
        if row is not None:
            for doc in postings.docs_of(row).tolist():
                if self.live is None or self.live[doc]:
                    return int(doc)
        return None


def _read(location: Path, name: str, files: Mapping[str, Seal]) -> Arrays:
    try:
        return read_arrays(location / SEGMENTS / name, files[name])
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error
