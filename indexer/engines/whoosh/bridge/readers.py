"""One segment's arrays as the readers that Whoosh knows: terms, matchers, columns, stored fields, deletes.

Our own searching does without them. They serve who opens the index with Whoosh, so they need only be right: the
postings of a field are laid out on first use. The methods are Whoosh's, and documented there.
"""

# ruff: noqa: D102

from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

import numpy as np

from indexer.documents import TEXT_FIELD_NAMES
from indexer.engines.scoring.keys import FIELD_NUMBERS, first_of_runs, to_bytes
from indexer.engines.stored import decode_document
from indexer.engines.whoosh.bridge.schema import stored_fields
from indexer.engines.whoosh.bridge.whoosh_modules import codec, columns, formats, matching, reading
from indexer.engines.whoosh.format.arrays import Numbers
from indexer.engines.whoosh.format.segments import (
    COLUMNS,
    SEPARATOR,
    UNTOKENIZED_FIELDS,
    Segment,
    fields_of,
    frequencies_of,
    run_lengths,
)


class DocumentReader(codec.PerDocumentReader):  # type: ignore[misc]
    """Columns, field lengths, stored fields and deletes for Whoosh."""

    def __init__(self, arrays: Segment, segment: Any) -> None:
        self._arrays = arrays
        self._segment = segment

    def doc_count(self) -> int:
        return int(self._segment.doc_count())

    def doc_count_all(self) -> int:
        return int(self._segment.doc_count_all())

    def has_deletions(self) -> bool:
        return bool(self._segment.has_deletions())

    def is_deleted(self, doc: int) -> bool:
        return bool(self._segment.is_deleted(doc))

    def deleted_docs(self) -> Iterator[int]:
        yield from self._segment.deleted_docs()

    def supports_columns(self) -> bool:
        return True

    def has_column(self, name: str) -> bool:
        return name in COLUMNS

    def list_columns(self) -> tuple[str, ...]:
        return COLUMNS

    def column_reader(self, name: str, column: Any) -> "ColumnReader":
        return ColumnReader(self._arrays, name)

    def doc_field_length(self, doc: int, field: str, default: int = 0) -> int:
        return int(self._arrays.field_lengths(field)[doc]) if field in TEXT_FIELD_NAMES else default

    def field_length(self, field: str) -> int:
        return int(self._arrays.field_lengths(field).sum()) if field in TEXT_FIELD_NAMES else 0

    def min_field_length(self, field: str) -> int:
        return int(self._arrays.field_lengths(field).min()) if field in TEXT_FIELD_NAMES else 0

    def max_field_length(self, field: str) -> int:
        return int(self._arrays.field_lengths(field).max()) if field in TEXT_FIELD_NAMES else 0

    def stored_fields(self, doc: int) -> dict[str, object]:
        return stored_fields(decode_document(self._arrays.stored(doc)))


class ColumnReader(columns.ColumnReader):  # type: ignore[misc]
    """The rows of one column."""

    def __init__(self, arrays: Segment, name: str) -> None:
        self._table = arrays.column(name)

    def __len__(self) -> int:
        return len(self._table)

    def __getitem__(self, doc: int) -> bytes:
        return self._table[doc]

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._table)


class FieldPostings:
    """The postings of one field, with a term dictionary of its own.

    The entries of the field `word` are shown to Whoosh without their terms: words are unique, and sort the same alone.
    """

    def __init__(self, arrays: Segment, name: str) -> None:
        self.has_positions = name in FIELD_NUMBERS
        if self.has_positions:
            text = arrays.text
            frequencies = frequencies_of(text.field_frequencies).astype(np.int64)
            own = fields_of(text.field_frequencies) == FIELD_NUMBERS[name]
            rows = np.repeat(np.arange(len(text.terms)), run_lengths(text.starts))[own]
            first = np.flatnonzero(first_of_runs(rows << 32 | text.docs[own]))  # a document may have several postings
            starts = np.flatnonzero(first_of_runs(rows[first]))
            self.terms = [text.terms[row] for row in rows[first][starts].tolist()]
            self._docs = text.docs[own][first]
            self._frequencies = np.add.reduceat(frequencies[own], first) if len(first) else frequencies[own]
            self._positions = text.positions[np.repeat(own, frequencies)]
            self._starts = np.append(starts, len(first))
            self._position_starts = np.append(0, np.cumsum(self._frequencies))
        else:
            values = arrays.untokenized(name)
            self.terms = list(values.terms)
            if name == "word":
                self.terms = [entry.partition(to_bytes(SEPARATOR))[0] for entry in self.terms]
            self._docs, self._starts = values.docs, values.starts.astype(np.int64)

    def find(self, term: bytes) -> int | None:
        """The row of the term."""
        row = bisect_left(self.terms, term)
        return row if row < len(self.terms) and self.terms[row] == term else None

    def docs_of(self, row: int) -> Numbers:
        """The documents that have the term, ascending."""
        docs: Numbers = self._docs[self._starts[row] : self._starts[row + 1]]
        return docs

    def frequencies_of(self, row: int) -> Numbers:
        """The term frequency in each of these documents; only of fields with positions."""
        frequencies: Numbers = self._frequencies[self._starts[row] : self._starts[row + 1]]
        return frequencies

    def positions_of(self, row: int) -> bytes:
        """The positions as the posting values of `schema.PositionsFormat`, one after the other."""
        start, end = self._position_starts[self._starts[row : row + 2]]
        positions: Numbers = self._positions[start:end]
        return positions.astype("<u4").tobytes()


class TermsReader(codec.TermsReader):  # type: ignore[misc]
    """Term dictionaries and matchers for Whoosh."""

    def __init__(self, arrays: Segment) -> None:
        self._arrays = arrays
        self._names = tuple(sorted((*FIELD_NUMBERS, *UNTOKENIZED_FIELDS)))
        self._fields: dict[str, FieldPostings] = {}

    def _field(self, name: str) -> FieldPostings:
        postings = self._fields.get(name)
        if postings is None:
            if name not in self._names:
                raise reading.TermNotFound(f"No field {name!r}")
            postings = self._fields[name] = FieldPostings(self._arrays, name)
        return postings

    def _row(self, field: str, term: bytes) -> tuple[FieldPostings, int]:
        postings = self._field(field)
        row = postings.find(term)
        if row is None:
            raise reading.TermNotFound(f"No term {field}:{term!r}")
        return postings, row

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        field, text = term
        return field in self._names and self._field(field).find(text) is not None

    def indexed_field_names(self) -> tuple[str, ...]:
        return self._names

    def terms(self) -> Iterator[tuple[str, bytes]]:
        return self.terms_from("", b"")

    def terms_from(self, field: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        for name in self._names:
            if name >= field:
                dictionary = self._field(name).terms
                first = bisect_left(dictionary, prefix) if name == field else 0
                yield from ((name, dictionary[row]) for row in range(first, len(dictionary)))

    def items(self) -> Iterator[tuple[tuple[str, bytes], Any]]:
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(self, field: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], Any]]:
        return ((term, self.term_info(*term)) for term in self.terms_from(field, prefix))

    def cursor(self, field: str, fieldobj: Any) -> "TermCursor":
        return TermCursor(self, self._field(field), field, fieldobj)

    def term_info(self, field: str, term: bytes) -> Any:
        postings, row = self._row(field, term)
        docs = postings.docs_of(row)
        extent = {"df": len(docs), "minid": int(docs[0]), "maxid": int(docs[-1])}
        if not postings.has_positions:
            return reading.TermInfo(weight=len(docs), maxweight=1, **extent)
        frequencies, lengths = postings.frequencies_of(row), self._arrays.field_lengths(field)[docs]
        return reading.TermInfo(
            weight=int(frequencies.sum()),
            maxweight=int(frequencies.max()),
            minlength=int(lengths.min()),
            maxlength=int(lengths.max()),
            **extent,
        )

    def frequency(self, field: str, term: bytes) -> int:
        if (field, term) not in self:
            raise KeyError(term)  # what Whoosh's readers catch here, where they let TermNotFound pass
        return int(self.term_info(field, term).weight())

    def doc_frequency(self, field: str, term: bytes) -> int:
        if (field, term) not in self:
            raise KeyError(term)
        return int(self.term_info(field, term).doc_frequency())

    def matcher(self, field: str, term: bytes, form: formats.Format, scorer: Any = None) -> Any:
        postings, row = self._row(field, term)
        docs = postings.docs_of(row).tolist()
        weights = values = None
        if postings.has_positions:
            frequencies = postings.frequencies_of(row).tolist()
            weights = [float(frequency) for frequency in frequencies]
            positions, start, values = postings.positions_of(row), 0, []
            for frequency in frequencies:
                values.append(positions[start : start + 4 * frequency])
                start += 4 * frequency
        return matching.ListMatcher(
            docs,
            weights,
            values or [b""] * len(docs),
            form,
            scorer=scorer,
            term=(field, term),
            terminfo=self.term_info(field, term),
        )


class TermCursor(codec.FieldCursor):  # type: ignore[misc]
    """Walks the terms of one field."""

    def __init__(self, terms: TermsReader, postings: FieldPostings, name: str, field: Any) -> None:
        self._terms = terms
        self._dictionary = postings.terms
        self._name = name
        self._field = field
        self._row = 0

    def first(self) -> str | None:
        self._row = 0
        return self.text()

    def find(self, text: str | bytes) -> str | None:
        self._row = bisect_left(self._dictionary, self._field.to_bytes(text))
        return self.text()

    def next(self) -> str | None:
        self._row += 1
        return self.text()

    def text(self) -> str | None:
        return self._field.from_bytes(self._dictionary[self._row]) if self.is_valid() else None

    def term_info(self) -> Any:
        return self._terms.term_info(self._name, self._dictionary[self._row]) if self.is_valid() else None

    def is_valid(self) -> bool:
        return self._row < len(self._dictionary)
