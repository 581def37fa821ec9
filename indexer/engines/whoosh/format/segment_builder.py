"""Documents to a segment in memory, in any process: the slow part of indexing runs where an article is read.

Tokens are not sorted as objects: every term becomes its number in the sorted term dictionary, and one stable sort of
these numbers leaves the postings of each term together, in order of document and position. A document is let go of as
soon as its texts are numbers and its stored form is compressed.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from zstandard import ZstdCompressor

from indexer.documents import KEYWORD_FIELDS, Document
from indexer.engines.scoring.keys import FIELD_BITS, FIELD_NUMBERS, distinct_sorted, first_of_runs, to_bytes
from indexer.engines.stored import encode_document
from indexer.engines.tokenized_texts import Tokens, tokenize
from indexer.engines.whoosh.format.arrays import Numbers, narrow
from indexer.engines.whoosh.format.segments import (
    COLUMNS,
    MAX_POSTING_FREQUENCY,
    SEPARATOR,
    UNTOKENIZED_FIELDS,
    Arrays,
    Segment,
)
from indexer.knowledge import icd10
from indexer.text.analyzer import fold

LAST_CODE: Final = "\U0010ffff"  # sorts articles without a code after all others
_LEVEL: Final = 1  # of zstandard; when the segment is merged, its documents are compressed again, with a dictionary


class BuiltSegment(NamedTuple):
    """Documents as the arrays of a segment, small enough to be sent from one process to another."""

    ids: tuple[str, ...]
    documents: Arrays
    postings: Arrays

    @property
    def segment(self) -> Segment:
        """The arrays as a segment."""
        return Segment(len(self.ids), self.documents, self.postings)


def build_segment(documents: Iterable[Document]) -> BuiltSegment:
    """Build a segment of documents with different ids; each is asked for once, and not kept."""
    ids: list[str] = []
    columns: dict[str, list[bytes]] = {name: [] for name in COLUMNS}
    values: dict[str, list[Collection[str]]] = {name: [] for name in UNTOKENIZED_FIELDS if name != "word"}
    compress = ZstdCompressor(level=_LEVEL).compress

    def untokenized() -> Iterator[Document]:
        for document in documents:
            ids.append(document.id)
            for name, row in columns_of(document).items():
                columns[name].append(compress(row) if name == "document" else row)
            for field in KEYWORD_FIELDS:
                values[field.name].append(dict.fromkeys(field.values(document)))
            values["name"].append(dict.fromkeys(name_terms(document)))
            values["id"].append((document.id,))
            yield document

    tokens, lengths = tokenize(untokenized())
    arrays = _document_arrays(columns)
    arrays |= {f"{name}.lengths": narrow(lengths[:, number]) for name, number in FIELD_NUMBERS.items()}
    postings = _text_arrays(tokens) | _postings_arrays("word", _word_entries(tokens), *_with_word(tokens))
    for name, rows in values.items():
        postings |= _untokenized_arrays(name, rows)
    return BuiltSegment(tuple(ids), arrays, postings)


def _text_arrays(tokens: Tokens) -> dict[str, Numbers]:
    """The arrays of the text fields of a segment."""
    dictionary = sorted(set(tokens.terms))
    row_of_term = {term: row for row, term in enumerate(dictionary)}
    row_of = np.fromiter(map(row_of_term.__getitem__, tokens.terms), dtype=np.int64, count=len(tokens.terms))
    rows = row_of[tokens.numbers]
    # Small unsigned numbers are sorted in linear time.
    order = np.argsort(narrow(rows), kind="stable")
    rows, docs, fields = rows[order], tokens.docs[order], tokens.fields[order]
    doc_fields = np.flatnonzero(first_of_runs(rows << 40 | docs << FIELD_BITS | fields))  # where each begins
    in_doc_field = np.arange(len(rows)) - np.repeat(doc_fields, np.diff(doc_fields, append=len(rows)))
    first = np.flatnonzero(in_doc_field % MAX_POSTING_FREQUENCY == 0)
    ends = np.append(first, len(rows))
    of_postings = rows[first]
    starts = np.searchsorted(of_postings, np.arange(len(dictionary) + 1))
    with_term = distinct_sorted(of_postings << 32 | docs[first]) >> 32
    text, offsets = table_arrays([to_bytes(term) for term in dictionary])
    return {
        "text.terms": text,
        "text.offsets": offsets,
        "text.documents": narrow(np.bincount(with_term, minlength=len(dictionary))),
        "text.starts": narrow(starts),
        "text.docs": narrow(docs[first]),
        "text.occurrences": narrow(np.diff(ends) << FIELD_BITS | fields[first]),
        "text.position_starts": narrow(ends[starts]),
        "text.positions": narrow(tokens.positions[order]),
    }


def _word_entries(tokens: Tokens) -> list[str]:
    """The entry of the `word` field for each number of a word."""
    return [word + SEPARATOR + term for word, term in zip(tokens.words, tokens.terms, strict=True)]


def _with_word(tokens: Tokens) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The number of a word and the document of each, once for each document that has the word."""
    order = np.argsort(narrow(tokens.numbers), kind="stable")
    numbers, docs = tokens.numbers[order], tokens.docs[order]
    first = first_of_runs(numbers << 32 | docs)
    return numbers[first], docs[first]


def _untokenized_arrays(name: str, rows: Sequence[Collection[str]]) -> dict[str, Numbers]:
    """The arrays of an untokenized field; a row has the different values of a document."""
    number_of: dict[str, int] = {}
    numbers = np.array([number_of.setdefault(value, len(number_of)) for row in rows for value in row], dtype=np.int64)
    docs = np.repeat(np.arange(len(rows)), np.fromiter(map(len, rows), dtype=np.int64, count=len(rows)))
    return _postings_arrays(name, list(number_of), numbers, docs)


def _postings_arrays(
    name: str, values: Sequence[str], numbers: NDArray[np.int64], docs: NDArray[np.int64]
) -> dict[str, Numbers]:
    """The arrays of an untokenized field from its postings: the number of a value and the document of each, [postings].

    The values differ; the postings of a value ascend by document.
    """
    order = sorted(range(len(values)), key=values.__getitem__)
    row_of = np.empty(len(values), dtype=np.int64)
    row_of[order] = np.arange(len(values))
    rows = row_of[numbers]
    dictionary = [values[number] for number in order]
    terms, offsets = table_arrays([to_bytes(value) for value in dictionary])
    arrays = {
        f"{name}.terms": terms,
        f"{name}.offsets": offsets,
        f"{name}.starts": narrow(np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=len(dictionary)))))),
        f"{name}.docs": narrow(docs[np.argsort(narrow(rows), kind="stable")]),
    }
    return arrays | ({"word.by_term": rows_by_term(dictionary)} if name == "word" else {})


def rows_by_term(entries: Sequence[str]) -> Numbers:
    """The rows of the `word` field's entries (word, SEPARATOR, term) in the order of their terms, then of the words."""
    order = sorted(range(len(entries)), key=lambda row: entries[row].partition(SEPARATOR)[2])
    return narrow(np.array(order, dtype=np.int64))


def _document_arrays(columns: Mapping[str, Sequence[bytes]]) -> dict[str, Numbers]:
    """The arrays of the columns; documents are compressed without a dictionary."""
    arrays: dict[str, Numbers] = {"dictionary": np.zeros(0, dtype=np.uint8)}
    for name, rows in columns.items():
        arrays[f"{name}.rows"], arrays[f"{name}.offsets"] = table_arrays(rows)
    return arrays


def table_arrays(rows: Sequence[bytes]) -> tuple[Numbers, Numbers]:
    """The blob and the offsets of a `Table`."""
    lengths = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
    return np.frombuffer(b"".join(rows), dtype=np.uint8), narrow(np.concatenate(([0], np.cumsum(lengths))))


def columns_of(document: Document) -> dict[str, bytes]:
    """The row of a document in each column."""
    return {
        "document": encode_document(document),
        "id": to_bytes(document.id),
        "digest": to_bytes(document.digest),
        "source": to_bytes(document.source),
        "title_key": to_bytes(fold(document.title)),
        "code_key": to_bytes(icd10.term(document.code) if document.code else LAST_CODE),
    }


def name_terms(document: Document) -> Iterator[str]:
    """The terms of the `name` field: the condition, the other names, the codes."""
    yield SEPARATOR.join(("condition", document.condition_key, document.condition))
    for name in document.names:
        yield SEPARATOR.join(("name", document.condition_key, name))
    if document.code is not None:
        for code in (*(each.code for each in document.ancestors), document.code):
            yield SEPARATOR.join(("code", code, code))
