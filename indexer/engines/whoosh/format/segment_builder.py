"""Documents to a segment in memory, in any process: what is slow about indexing is done where an article is read.

Nothing is sorted token by token: every term becomes its number in the sorted lexicon, and one stable sort of these numbers leaves
the postings of each term together, in order of document and position.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from zstandard import ZstdCompressor

from indexer.documents import KEYWORD_FIELDS, TEXT_FIELDS, Document
from indexer.engines.stored import encode_document
from indexer.engines.whoosh.format.arrays import Numbers, begin_anew, distinct_sorted, narrow
from indexer.engines.whoosh.format.segments import (
    COLUMNS,
    FIELD_BITS,
    FIELD_NUMBERS,
    MAX_COUNT,
    SEPARATOR,
    Arrays,
    Segment,
    to_bytes,
)
from indexer.knowledge import icd10
from indexer.text.analyzer import analyze_word, fold, typed_sentences
from indexer.text.sentences import SENTENCE_GAP

LAST_CODE: Final = "\U0010ffff"  # sorts articles without a code after all others
_NO_TOKEN: Final = -1
_LEVEL: Final = 1  # a segment deflates its documents again, with a dictionary of their own


class BuiltSegment(NamedTuple):
    """Documents as the arrays of a segment; small enough to be sent from one process to another."""

    ids: tuple[str, ...]
    documents: Arrays
    postings: Arrays

    @property
    def segment(self) -> Segment:
        """The arrays as a segment."""
        return Segment(len(self.ids), self.documents, self.postings)


def build_segment(documents: Sequence[Document]) -> BuiltSegment:
    """Documents with different ids as a segment in memory."""
    vocabulary = _Vocabulary()
    tokens, lengths = _collect(documents, vocabulary)
    postings = text_arrays(tokens, [term for term, _ in vocabulary.pairs])
    written = [word + SEPARATOR + term for term, word in vocabulary.pairs]
    keys = np.sort(tokens.numbers << 32 | tokens.docs)
    postings |= _value_arrays("word", written, *_split(distinct_sorted(keys)))
    values = {field.name: [dict.fromkeys(field.values(each)) for each in documents] for field in KEYWORD_FIELDS}
    values["name"] = [dict.fromkeys(name_terms(each)) for each in documents]
    values["id"] = [{each.id: None} for each in documents]
    for name, rows in values.items():
        postings |= value_arrays(name, rows)
    columns = [columns_of(document) for document in documents]
    arrays = document_arrays({name: [row[name] for row in columns] for name in COLUMNS})
    arrays |= {f"{name}.lengths": narrow(lengths[:, number]) for name, number in FIELD_NUMBERS.items()}
    return BuiltSegment(tuple(each.id for each in documents), arrays, postings)


class Tokens(NamedTuple):
    """Tokens, [tokens]: the number of the term, document, field and position; those of a term in this order."""

    numbers: NDArray[np.int64]
    docs: NDArray[np.int64]
    fields: NDArray[np.int64]
    positions: NDArray[np.int64]


class _Vocabulary(dict[str, int]):
    """What is typed to the number of its term and word among `pairs`; _NO_TOKEN for a function word."""

    def __init__(self) -> None:
        self.pairs: dict[tuple[str, str], int] = {}

    def __missing__(self, typed: str) -> int:
        pair = analyze_word(typed)
        number = self[typed] = self.pairs.setdefault(pair, len(self.pairs)) if pair[0] else _NO_TOKEN
        return number


def _collect(documents: Sequence[Document], vocabulary: _Vocabulary) -> tuple[Tokens, NDArray[np.int64]]:
    """The same tokens, and positions, as `field_tokens`, without an object for each; the lengths, [documents, text fields]."""
    number_of = vocabulary.__getitem__
    numbers: list[int] = []
    firsts, counts, lengths = [], [], []  # of each sentence its first position and tokens, of each field its tokens
    for document in documents:
        for field in TEXT_FIELDS:
            length = position = 0
            for text in field.texts(document):
                next_text = position
                for words in typed_sentences(text):
                    found = [*map(number_of, words)]
                    count = len(found) - found.count(_NO_TOKEN)
                    if count:
                        numbers += found
                        firsts.append(position)
                        counts.append(count)
                        length += count
                        next_text = position + count - 1 + SENTENCE_GAP
                    position += count + SENTENCE_GAP
                position = next_text
            lengths.append(length)
    kept = np.array(numbers, dtype=np.int64)
    of_sentences = np.array(counts, dtype=np.int64)
    before = np.cumsum(of_sentences) - of_sentences
    places = np.repeat(np.array(firsts, dtype=np.int64) - before, of_sentences)
    of_fields = np.array(lengths, dtype=np.int64).reshape(len(documents), len(TEXT_FIELDS))
    docs, fields = np.divmod(np.repeat(np.arange(of_fields.size), of_fields.ravel()), len(TEXT_FIELDS))
    return Tokens(kept[kept != _NO_TOKEN], docs, fields, places + np.arange(len(places))), of_fields


def text_arrays(tokens: Tokens, terms: Sequence[str]) -> dict[str, Numbers]:
    """The arrays of the text fields of a segment; `terms` are those that the numbers of tokens mean."""
    lexicon = sorted(set(terms))
    place_of_term = {term: place for place, term in enumerate(lexicon)}
    place_of = np.fromiter(map(place_of_term.__getitem__, terms), dtype=np.int64, count=len(terms))
    numbers = place_of[tokens.numbers]
    # Small unsigned numbers are sorted in linear time.
    order = np.argsort(narrow(numbers), kind="stable")
    numbers, docs, fields = numbers[order], tokens.docs[order], tokens.fields[order]
    slots = np.flatnonzero(begin_anew(numbers << 40 | docs << FIELD_BITS | fields))
    in_slot = np.arange(len(numbers)) - np.repeat(slots, np.diff(slots, append=len(numbers)))
    first = np.flatnonzero(in_slot % MAX_COUNT == 0)
    ends = np.append(first, len(numbers))
    of_postings = numbers[first]
    starts = np.searchsorted(of_postings, np.arange(len(lexicon) + 1))
    with_term = distinct_sorted(of_postings << 32 | docs[first]) >> 32
    text, offsets = table_arrays([to_bytes(term) for term in lexicon])
    return {
        "text.terms": text,
        "text.offsets": offsets,
        "text.documents": narrow(np.bincount(with_term, minlength=len(lexicon))),
        "text.starts": narrow(starts),
        "text.docs": narrow(docs[first]),
        "text.occurrences": narrow(np.diff(ends) << FIELD_BITS | fields[first]),
        "text.position_starts": narrow(ends[starts]),
        "text.positions": narrow(tokens.positions[order]),
    }


def _split(keys: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return keys >> 32, keys & 0xFFFFFFFF


def value_arrays(name: str, rows: Sequence[Collection[str]]) -> dict[str, Numbers]:
    """The arrays of a field of values; a row has the different values of a document."""
    number_of: dict[str, int] = {}
    numbers = np.array([number_of.setdefault(value, len(number_of)) for row in rows for value in row], dtype=np.int64)
    docs = np.repeat(np.arange(len(rows)), np.fromiter(map(len, rows), dtype=np.int64, count=len(rows)))
    return _value_arrays(name, list(number_of), numbers, docs)


def _value_arrays(
    name: str, values: Sequence[str], numbers: NDArray[np.int64], docs: NDArray[np.int64]
) -> dict[str, Numbers]:
    """The arrays of postings, [postings]: the number of a value, all different, and the document; those of a value in order."""
    order = sorted(range(len(values)), key=values.__getitem__)
    place_of = np.empty(len(values), dtype=np.int64)
    place_of[order] = np.arange(len(values))
    places = place_of[numbers]
    lexicon = [values[number] for number in order]
    terms, offsets = table_arrays([to_bytes(value) for value in lexicon])
    arrays = {
        f"{name}.terms": terms,
        f"{name}.offsets": offsets,
        f"{name}.starts": narrow(np.concatenate(([0], np.cumsum(np.bincount(places, minlength=len(lexicon)))))),
        f"{name}.docs": narrow(docs[np.argsort(narrow(places), kind="stable")]),
    }
    return arrays | ({"word.by_term": by_term(lexicon)} if name == "word" else {})


def by_term(lexicon: Sequence[str]) -> Numbers:
    """The numbers of the words (word, SEPARATOR, term) in the order of their terms, then of the words."""
    order = sorted(range(len(lexicon)), key=lambda row: lexicon[row].partition(SEPARATOR)[2])
    return narrow(np.array(order, dtype=np.int64))


def document_arrays(columns: dict[str, list[bytes]]) -> dict[str, Numbers]:
    """The columns of documents that are stored without a dictionary."""
    deflate = ZstdCompressor(level=_LEVEL).compress
    arrays: dict[str, Numbers] = {"dictionary": np.zeros(0, dtype=np.uint8)}
    for name, rows in columns.items():
        stored = [deflate(row) for row in rows] if name == "document" else rows
        arrays[f"{name}.rows"], arrays[f"{name}.offsets"] = table_arrays(stored)
    return arrays


def table_arrays(rows: Sequence[bytes]) -> tuple[Numbers, Numbers]:
    """The blob and the offsets of a `Table`."""
    lengths = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
    return np.frombuffer(b"".join(rows), dtype=np.uint8), narrow(np.concatenate(([0], np.cumsum(lengths))))


def columns_of(document: Document) -> dict[str, bytes]:
    """What each column has for a document."""
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
