"""Documents to a segment in memory, in any process: what is slow about indexing is done where an article is read.

Nothing is sorted token by token: every term becomes its number in the sorted lexicon, and one stable sort of these numbers leaves
the postings of each term together, in order of document and position.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from zstandard import ZstdCompressor

from indexer.analysis import SENTENCE_GAP, fold, runs
from indexer.documents import KEYWORD_FIELDS, TEXT_FIELDS, Document, TextField
from indexer.engines.stored import encode_document
from indexer.engines.whoosh.arrays import Numbers, distinct_sorted, narrow
from indexer.engines.whoosh.segments import COLUMNS, SEPARATOR, Arrays, Segment, to_bytes
from indexer.knowledge import icd10

LAST_CODE = "\U0010ffff"  # sorts articles without a code after all others
_V = TypeVar("_V", bound=Hashable)
_LEVEL = 1  # a segment deflates its documents again, with a dictionary of their own


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
    words: list[set[tuple[str, str]]] = [set() for _ in documents]
    collected = [_collect(field, documents, words) for field in TEXT_FIELDS]
    postings = text_arrays(collected)
    values = {field.name: [dict.fromkeys(field.values(each)) for each in documents] for field in KEYWORD_FIELDS}
    values["name"] = [dict.fromkeys(name_terms(each)) for each in documents]
    values["id"] = [{each.id: None} for each in documents]
    postings |= value_arrays("word", words, lambda pair: pair[1] + SEPARATOR + pair[0])
    for name, rows in values.items():
        postings |= value_arrays(name, rows)
    columns = [columns_of(document) for document in documents]
    arrays = document_arrays({name: [row[name] for row in columns] for name in COLUMNS})
    arrays |= {f"{each.name}.lengths": narrow(np.bincount(each.docs, minlength=len(documents))) for each in collected}
    return Pack(tuple(each.id for each in documents), arrays, postings)


class FieldTokens(NamedTuple):
    """The tokens of one text field, [tokens]; those of a term in order of document and position."""

    name: str
    terms: list[str]
    docs: NDArray[np.int64]
    positions: NDArray[np.int64]


def _collect(field: TextField, documents: Iterable[Document], words: list[set[tuple[str, str]]]) -> FieldTokens:
    terms: list[str] = []
    positions: list[int] = []
    lengths: list[int] = []
    for document, own in zip(documents, words, strict=True):
        before = len(terms)
        offset = 0
        for text in field.texts(document):
            for first, pairs in runs(text):
                own.update(pairs)
                terms.extend([term for term, _ in pairs])
                positions.extend(range(offset + first, offset + first + len(pairs)))
            # As in `field_tokens`: the next text of the field goes on after a gap.
            offset = positions[-1] + SENTENCE_GAP if len(terms) > before else 0
        lengths.append(len(terms) - before)
    docs = np.repeat(np.arange(len(lengths)), np.array(lengths, dtype=np.int64))
    return FieldTokens(field.name, terms, docs, np.array(positions, dtype=np.int64))


def text_arrays(collected: Sequence[FieldTokens]) -> dict[str, Numbers]:
    """The arrays of the text fields of a segment."""
    lexicon = sorted({term for each in collected for term in each.terms})
    number_of = {term: number for number, term in enumerate(lexicon)}
    starts, position_starts, places = [], [], []
    arrays: dict[str, Numbers] = {}
    for each in collected:
        numbers = np.fromiter(map(number_of.__getitem__, each.terms), dtype=np.int64, count=len(each.terms))
        # Small unsigned numbers are sorted in linear time.
        order = np.argsort(narrow(numbers), kind="stable")
        keys = (numbers[order] << 32) | each.docs[order]
        first = np.flatnonzero(np.diff(keys, prepend=-1))
        places.append(keys[first])
        rows = np.arange(len(lexicon) + 1) << 32
        posting_starts = np.searchsorted(keys[first], rows)
        starts.append(posting_starts)
        position_starts.append(np.append(first, len(keys))[posting_starts])
        arrays[f"{each.name}.docs"] = narrow(keys[first] & 0xFFFFFFFF)
        arrays[f"{each.name}.counts"] = narrow(np.diff(first, append=len(keys)))
        arrays[f"{each.name}.positions"] = narrow(each.positions[order])
    distinct = distinct_sorted(np.sort(np.concatenate(places)))
    arrays["text.documents"] = narrow(np.bincount(distinct >> 32, minlength=len(lexicon)))
    arrays["text.starts"] = narrow(np.stack(starts, axis=1).ravel())
    arrays["text.position_starts"] = narrow(np.stack(position_starts, axis=1).ravel())
    arrays["text.terms"], arrays["text.offsets"] = table_arrays([to_bytes(term) for term in lexicon])
    return arrays


def value_arrays(name: str, rows: Sequence[Collection[_V]], written: Callable[[_V], str] = str) -> dict[str, Numbers]:
    """The arrays of a field of values; a row has the different values of a document, `written` is what is stored of a value."""
    number_of: dict[_V, int] = {}
    numbers = np.array([number_of.setdefault(value, len(number_of)) for row in rows for value in row], dtype=np.int64)
    docs = np.repeat(np.arange(len(rows)), np.fromiter(map(len, rows), dtype=np.int64, count=len(rows)))
    lexicon = [written(value) for value in number_of]
    order = sorted(range(len(lexicon)), key=lexicon.__getitem__)
    place_of = np.empty(len(lexicon), dtype=np.int64)
    place_of[order] = np.arange(len(lexicon))
    places = place_of[numbers]
    lexicon = [lexicon[number] for number in order]
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
