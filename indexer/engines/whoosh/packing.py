"""Documents to a segment in memory, in any process: what is slow about indexing is done where an article is read.

Nothing is sorted token by token: every term becomes its number in the sorted lexicon, and one stable sort of these numbers leaves
the postings of each term together, in order of document and position.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from zstandard import ZstdCompressor

from indexer.analysis import SENTENCE_GAP, analysed, fold, typed_sentences
from indexer.documents import KEYWORD_FIELDS, TEXT_FIELDS, Document, TextField
from indexer.engines.stored import encode_document
from indexer.engines.whoosh.arrays import Numbers, begin_anew, distinct_sorted, narrow
from indexer.engines.whoosh.segments import COLUMNS, SEPARATOR, Arrays, Segment, to_bytes
from indexer.knowledge import icd10

LAST_CODE: Final = "\U0010ffff"  # sorts articles without a code after all others
_NO_TOKEN: Final = -1
_LEVEL: Final = 1  # a segment deflates its documents again, with a dictionary of their own


class Pack(NamedTuple):
    """Documents as the arrays of a segment; small enough to be sent from one process to another."""

    ids: tuple[str, ...]
    documents: Arrays
    postings: Arrays

    @property
    def segment(self) -> Segment:
        """The pack as a segment."""
        return Segment(len(self.ids), self.documents, self.postings)


def pack(documents: Sequence[Document]) -> Pack:
    """Documents with different ids as a segment in memory."""
    vocabulary = _Vocabulary()
    collected = [_collect(field, documents, vocabulary) for field in TEXT_FIELDS]
    postings = text_arrays(collected, [term for term, _ in vocabulary.pairs])
    written = [word + SEPARATOR + term for term, word in vocabulary.pairs]
    keys = np.sort(np.concatenate([each.numbers << 32 | each.docs for each in collected]))
    postings |= _value_arrays("word", written, *_split(distinct_sorted(keys)))
    values = {field.name: [dict.fromkeys(field.values(each)) for each in documents] for field in KEYWORD_FIELDS}
    values["name"] = [dict.fromkeys(name_terms(each)) for each in documents]
    values["id"] = [{each.id: None} for each in documents]
    for name, rows in values.items():
        postings |= value_arrays(name, rows)
    columns = [columns_of(document) for document in documents]
    arrays = document_arrays({name: [row[name] for row in columns] for name in COLUMNS})
    arrays |= {f"{each.name}.lengths": narrow(np.bincount(each.docs, minlength=len(documents))) for each in collected}
    return Pack(tuple(each.id for each in documents), arrays, postings)


class FieldTokens(NamedTuple):
    """The tokens of one text field, [tokens]: the number of the term, document and position; those of a term in order."""

    name: str
    numbers: NDArray[np.int64]
    docs: NDArray[np.int64]
    positions: NDArray[np.int64]


class _Vocabulary(dict[str, int]):
    """What is typed to the number of its term and word among `pairs`; _NO_TOKEN for a function word."""

    def __init__(self) -> None:
        self.pairs: dict[tuple[str, str], int] = {}

    def __missing__(self, typed: str) -> int:
        pair = analysed(typed)
        number = self[typed] = self.pairs.setdefault(pair, len(self.pairs)) if pair[0] else _NO_TOKEN
        return number


def _collect(field: TextField, documents: Iterable[Document], vocabulary: _Vocabulary) -> FieldTokens:
    """The same tokens, and positions, as `field_tokens`, without an object for each."""
    number_of = vocabulary.__getitem__
    numbers: list[int] = []
    firsts, counts, lengths = [], [], []  # of each sentence its first position and tokens, of each document its tokens
    for document in documents:
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
    docs = np.repeat(np.arange(len(lengths)), np.array(lengths, dtype=np.int64))
    return FieldTokens(field.name, kept[kept != _NO_TOKEN], docs, places + np.arange(len(places)))


def text_arrays(collected: Sequence[FieldTokens], terms: Sequence[str]) -> dict[str, Numbers]:
    """The arrays of the text fields of a segment; `terms` are those that the numbers of tokens mean."""
    lexicon = sorted(set(terms))
    place_of_term = {term: place for place, term in enumerate(lexicon)}
    place_of = np.fromiter(map(place_of_term.__getitem__, terms), dtype=np.int64, count=len(terms))
    starts, position_starts, places = [], [], []
    arrays: dict[str, Numbers] = {}
    for each in collected:
        numbers = place_of[each.numbers]
        # Small unsigned numbers are sorted in linear time.
        order = np.argsort(narrow(numbers), kind="stable")
        keys = (numbers[order] << 32) | each.docs[order]
        first = np.flatnonzero(begin_anew(keys))
        places.append(keys[first])
        rows = np.arange(len(lexicon) + 1) << 32
        posting_starts = np.searchsorted(keys[first], rows)
        starts.append(posting_starts)
        position_starts.append(np.append(first, len(keys))[posting_starts])
        arrays[f"{each.name}.docs"] = narrow(keys[first] & 0xFFFFFFFF)
        arrays[f"{each.name}.counts"] = narrow(np.diff(first, append=len(keys)))
        arrays[f"{each.name}.positions"] = narrow(each.positions[order])
    rows, _ = _split(distinct_sorted(np.sort(np.concatenate(places))))
    arrays["text.documents"] = narrow(np.bincount(rows, minlength=len(lexicon)))
    arrays["text.starts"] = narrow(np.stack(starts, axis=1).ravel())
    arrays["text.position_starts"] = narrow(np.stack(position_starts, axis=1).ravel())
    arrays["text.terms"], arrays["text.offsets"] = table_arrays([to_bytes(term) for term in lexicon])
    return arrays


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
