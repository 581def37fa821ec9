"""Documents to what the index stores of each, in any process: most of the work of indexing."""

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
import numpy as np
import zstandard

from indexer.documents import (
    KEYWORD_FIELDS,
    LENGTH_FIELDS,
    TEXT_FIELD_NAMES,
    Document,
    field_tokens,
)
from indexer.engines.opensearch.mapping import (
    FILLER,
    HASH_SHIFT,
    LENGTH_NAMES,
    MAX_VALUE_BYTES,
    NEVER,
    POSITION_BITS,
    POSITIONS,
    TITLE_BAG,
    JsonObject,
    key_of,
    keyword,
    keyword_name,
    term_hash,
    text_name,
)
from indexer.engines.opensearch.tally import SEPARATOR, Tally
from indexer.engines.opensearch.title_bags import bag_hash
from indexer.engines.scoring.keys import FIELD_NUMBERS
from indexer.engines.stored import decode_document, encode_document
from indexer.knowledge import icd10
from indexer.text.analyzer import Token, fold

MAX_POSITION: Final = (1 << POSITION_BITS) - 1
NAME_BOOST: Final = 5  # times that a title and other names count in t_any

_ENCODER: Final = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """A document as the index stores it: its id, and the JSON of its fields, without its generations."""

    id: str
    source: bytes

    def at(self, number: int) -> str:
        """The JSON of the version that is born in the generation of that number."""
        return f'{self.source[:-1].decode()},"born":{number},"died":{NEVER}}}'


@dataclass(frozen=True, slots=True)
class EntrySegment:
    """Several documents with different ids, and all that is counted of them."""

    entries: tuple[DocumentEntry, ...]
    tally: Tally


def build_entries(documents: Iterable[Document]) -> EntrySegment:
    """The documents as the index stores them."""
    tally = Tally()
    entries = []
    for document in documents:
        by_field = field_tokens(document)
        tally.add(document, by_field)
        entries.append(DocumentEntry(document.id, _ENCODER.encode(index_source(document, by_field))))
    return EntrySegment(tuple(entries), tally)


def index_source(document: Document, by_field: Mapping[str, Sequence[Token]]) -> JsonObject:
    """The fields of a document in the index, without its generations."""
    source: JsonObject = {
        "key": key_of(document.id),
        "s_title": fold(document.title).encode()[: MAX_VALUE_BYTES // 2].hex(),
        "digest": document.digest,
        "source": key_of(document.source),
        "doc": encode_stored(document),
        TITLE_BAG: bag_hash(SEPARATOR.join(sorted({token.term for token in by_field["title"]}))),
    }
    if document.code:
        source["s_code"] = icd10.term(document.code)
    anywhere, positions = list[str](), list[int]()
    for field in TEXT_FIELD_NAMES:
        tokens = by_field[field]
        if tokens:
            text = " ".join(_terms_with_holes(tokens))
            source[text_name(field)] = text
            anywhere += [text] * (NAME_BOOST if field in ("title", "names") else 1)
            number = FIELD_NUMBERS[field] << POSITION_BITS
            positions += [
                term_hash(token.term) << HASH_SHIFT | number | min(token.position, MAX_POSITION) for token in tokens
            ]
        source[LENGTH_NAMES[field]] = sum(len(by_field[each]) for each in LENGTH_FIELDS[field])
    if anywhere:
        source[text_name(None)] = anywhere
        source[POSITIONS] = encode_positions(positions)
    for each in KEYWORD_FIELDS:
        source[keyword_name(each.name)] = [keyword(value) for value in dict.fromkeys(each.values(document))]
    return source


def encode_positions(positions: Sequence[int]) -> str:
    """The stored form of positions: ascending, in eight bytes each, the highest first."""
    return base64.b64encode(np.sort(np.array(positions, dtype=">i8")).tobytes()).decode("ascii")


def _terms_with_holes(tokens: Sequence[Token]) -> Iterator[str]:
    position = 0
    for token in tokens:
        yield from (FILLER,) * (token.position - position)
        yield token.term
        position = token.position + 1


def encode_stored(document: Document) -> str:
    """The stored form of a document, compressed, as text. Raises ValueError for a lone surrogate."""
    return base64.b64encode(zstandard.compress(encode_document(document), 3)).decode("ascii")


def decode_stored(stored: str) -> Document:
    """The document of a stored form. Raises ValueError for anything else."""
    try:
        return decode_document(zstandard.decompress(base64.b64decode(stored)))
    except zstandard.ZstdError as error:
        raise ValueError(f"not a stored document: {error}") from error


def version_id(id: str, number: int) -> str:
    """The server's id of the version of a document that is born in a generation."""
    return hashlib.sha1(f"{key_of(id)}#{number}".encode(), usedforsecurity=False).hexdigest()
